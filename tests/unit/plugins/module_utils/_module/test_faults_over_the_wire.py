# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole waits in every protocol over real HTTP, with each fault in between: it costs time, but changes no outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import pytest
from tests.reliability.waits import CASES, Case, World, ours
from tests.support.faults import FAULTS, LATE, TRANSIENT, Fault, Kind, at_random

LARGE = FAULTS["50 MB"]
# faults that take half a second are tried once or twice
QUICK = [fault for fault in TRANSIENT if fault not in (LATE, LARGE)]
BY_SERVICE = {case.service: case for case in CASES}
EACH = list(BY_SERVICE.values())
"""One waiter of each service; a deletion if there is one, as more responses mean success for it."""
JSON, XML, HEAD = BY_SERVICE["eks"], BY_SERVICE["ec2"], BY_SERVICE["s3"]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as world:
        yield world


def end(world: World, case: Case, plan: Sequence[Fault | None] | Iterator[Fault | None], **given: Any) -> Any:
    """The result of a wait for a resource that is ready at the second response."""

    def answer(_request: Any) -> Any:
        return case.before if world.proxy.passed < 2 else case.after

    connect = world.begin(case, plan, late=LATE in (plan if isinstance(plan, list) else ()), answers=[answer])
    returned = ours(case, connect, world, delay=1, **given)
    assert not world.aws.problems
    assert returned["calls"] == world.proxy.requests
    return returned


def befalling(faults: Sequence[Fault], cases: Sequence[Case] | None = None) -> Any:
    pairs = [
        (case, fault)
        for case in (EACH if cases is None else cases)
        for fault in faults
        if not (fault.in_body and case.service == "s3")
    ]
    return pytest.mark.parametrize(("case", "fault"), pairs, ids=[f"{case}-{fault.name}" for case, fault in pairs])


def of_kind(kind: Kind) -> list[Fault]:
    return [fault for fault in FAULTS.values() if fault.kind is kind]


@befalling(QUICK)
def test_a_fault_that_passes_is_retried_and_counted(world: World, case: Case, fault: Fault) -> None:
    """Before the first response, and three times in a row after it."""
    returned = end(world, case, [fault, None, fault, fault, fault])
    assert (returned["outcome"], returned["attempts"]) == ("success", 2)
    assert sum(returned["transient"].values()) == 4
    assert fault.counted is None or returned["transient"][fault.counted] == 4


@pytest.mark.parametrize("case", [JSON, XML, HEAD], ids=str)
def test_responses_after_the_read_timeout_are_retried(world: World, case: Case) -> None:
    returned = end(world, case, [None, LATE])
    assert returned["outcome"] == "success"
    assert returned["transient"]["connection"] >= 1  # on a busy machine others may be late as well


@pytest.mark.parametrize("case", [JSON, XML], ids=str)
def test_fifty_megabytes_of_nothing_are_retried(world: World, case: Case) -> None:
    returned = end(world, case, [None, LARGE])
    assert (returned["outcome"], returned["transient"]["server"]) == ("success", 1)


@befalling([FAULTS["throttle"], FAULTS["429"]], [case for case in EACH if case.service != "s3"])
def test_a_throttle_is_counted_as_one(world: World, case: Case, fault: Fault) -> None:
    returned = end(world, case, [fault])
    assert returned["transient"] == {"throttled": 1, "server": 0, "connection": 0}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_faults_at_random_do_not_change_the_outcome(world: World, case: Case) -> None:
    """A third of all requests fail in some way."""
    for seed in range(2):
        returned = end(world, case, at_random(QUICK, 0.33, seed), consecutive=3)
        assert (returned["outcome"], returned["attempts"]) == ("success", 4)
        assert sum(returned["transient"].values()) == sum(world.proxy.injected.values())


@befalling([FAULTS[name] for name in ("throttle", "503", "connection refused", "body cut short")], [JSON, XML, HEAD])
def test_what_does_not_pass_is_a_time_out_that_names_it(world: World, case: Case, fault: Fault) -> None:
    returned = end(world, case, _after_one(fault))
    assert returned["outcome"] == "timeout"
    assert (returned["attempts"], returned["observed"]) == (1, returned["timeline"][0]["observed"])
    assert "timed out" in returned["msg"]
    assert "The last request ended with" in returned["msg"]
    assert "failed" not in returned["msg"].split("The last request ended with")[0]


@befalling(of_kind(Kind.PERMANENT))
def test_what_aws_means_ends_a_wait_at_the_first_answer(world: World, case: Case, fault: Fault) -> None:
    returned = end(world, case, _after_one(fault))
    assert (returned["outcome"], returned["attempts"], returned["calls"]) == ("error", 2, 2)
    assert returned["error"]["code"] == fault.name
    assert fault.name in returned["msg"]


@befalling(of_kind(Kind.EXPIRED))
def test_an_expired_session_is_replaced_by_a_new_client(world: World, case: Case, fault: Fault) -> None:
    returned = end(world, case, [None, fault])
    assert (returned["outcome"], returned["attempts"], returned["calls"]) == ("success", 2, 3)
    assert sum(returned["transient"].values()) == 0


@befalling(of_kind(Kind.EXPIRED))
def test_a_session_that_stays_expired_is_the_end(world: World, case: Case, fault: Fault) -> None:
    returned = end(world, case, _after_one(fault))
    assert (returned["outcome"], returned["calls"]) == ("error", 3)
    assert returned["error"]["code"] == fault.name
    assert "Renew them" in returned["msg"]


@befalling(of_kind(Kind.FOREIGN))
def test_a_refusal_that_is_not_from_aws_is_a_wrong_set_up_at_first(world: World, case: Case, fault: Fault) -> None:
    """Whatever 403, 404 or 301 mean for the waiter, this response doesn't come from AWS."""
    returned = end(world, case, repeat(fault))
    assert (returned["outcome"], returned["calls"]) == ("error", 3)
    assert returned["elapsed"] <= 10
    assert world.proxy.url in returned["msg"]
    assert "AWS says" not in returned["msg"]
    assert "Check endpoint_url" in returned["msg"]


@befalling(of_kind(Kind.FOREIGN))
def test_a_foreign_response_is_retried_once_aws_has_answered(world: World, case: Case, fault: Fault) -> None:
    returned = end(world, case, [None, fault, fault, fault, fault])
    assert (returned["outcome"], returned["attempts"]) == ("success", 2)
    assert returned["transient"]["connection"] == 4


@pytest.mark.parametrize("name", ["HTML page, 403", "redirect by a page"])
def test_a_bucket_does_not_exist_because_a_proxy_says_403(world: World, name: str) -> None:
    """S3's own 403 and 301 mean that it exists."""
    case = Case("s3", "bucket_exists", {"Bucket": "logs"}, {"error": "404", "status": 404}, {"data": {}})
    assert end(world, case, repeat(FAULTS[name]))["outcome"] == "error"
    assert end(world, case, [None, *[FAULTS[name]] * 2])["attempts"] == 2


def _after_one(fault: Fault) -> Iterator[Fault | None]:
    yield None
    yield from repeat(fault)
