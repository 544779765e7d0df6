# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of many waits: its outcome, its counts, and the order of its message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module import many
from tests.unit.plugins.module_utils._module.ec2_waits import RUNS, Instances, result_for, wait_for_instances
from tests.unit.plugins.module_utils._module.many import Task, fake_client

from ansible_collections.cloudwait.aws.plugins.module_utils._module.summary import summary


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings of a test's tasks."""
    warned: list[str] = []

    def listen(*args: Any) -> Any:
        made, found = summary(*args)
        warned.extend(found)
        return made, found

    monkeypatch.setattr(many, "summary", listen)
    return warned


@pytest.mark.parametrize(
    ("ids", "more", "outcome", "summary"),
    [
        (["i-run-1", "i-run-2"], {}, "success", {"success": 2}),
        (["i-run-1", "i-pend-1"], {}, "timeout", {"timeout": 1, "success": 1}),
        (["i-run-1", "i-pend-1", "i-dead-1"], {}, "failure", {"failure": 1, "timeout": 1, "success": 1}),
        (
            ["i-run-1", "i-pend-1", "i-dead-1"],
            {"require": "any"},
            "success",
            {"failure": 1, "cancelled": 1, "success": 1},
        ),
        (["i-pend-1", "i-dead-1"], {"fail_fast": True}, "failure", {"failure": 1, "cancelled": 1}),
        (["i-run-1", "i-pend-1"], {"check_mode": True}, "pending", {"pending": 1, "success": 1}),
        (["i-none", "i-pend-1"], {"waiter": None, "definition": RUNS}, "error", {"error": 1, "timeout": 1}),
    ],
)
def test_the_outcome_is_success_if_enough_succeeded_and_else_the_worst(
    ids: list[str], more: dict[str, Any], outcome: str, summary: dict[str, int]
) -> None:
    got = result_for(*ids, **more)
    assert (got["outcome"], got["summary"]) == (outcome, summary)
    assert list(got["summary"]) == list(summary), "the worst is counted first"
    assert sum(got["summary"].values()) == len(ids)


def test_results_come_in_the_order_of_the_waits_with_their_names() -> None:
    ids = ["i-run-1", "i-dead-1", "i-pend-1", "i-run-2"]
    got = result_for(*ids)
    assert [entry["name"] for entry in got["results"]] == ids
    assert [entry["outcome"] for entry in got["results"]] == ["success", "failure", "timeout", "success"]
    assert got["changed"] is False
    json.dumps(got)


def test_the_message_lists_the_worst_first_and_ten_at_most() -> None:
    dead = [f"i-dead-{number}" for number in range(7)]
    pending = [f"i-pend-{number}" for number in range(8)]
    message = result_for("i-run-1", *pending, *dead)["msg"]
    assert message.startswith("1 of 16 waits succeeded in 20 s (3 requests, ")
    told = [name for name in (*dead, *pending) if f"{name}: ec2 instance_running" in message]
    assert told == [*dead, *pending[:3]]
    assert message.index("i-dead-6:") < message.index("i-pend-0:")
    assert message.endswith("And 5 more.")


def test_the_message_says_how_many_were_cancelled_and_how_many_had_to_succeed() -> None:
    message = result_for("i-dead-1", "i-dead-2", "i-pend-1", "i-run-1", require="3", fail_fast=True)["msg"]
    assert message.startswith("1 of 4 waits succeeded (3 required) in ")
    assert message.endswith("1 cancelled.")


def test_a_success_says_nothing_but_the_count() -> None:
    assert result_for("i-run-1", "i-run-2")["msg"] == "2 of 2 waits succeeded in 0 s (1 request, 1 saved)."


def test_what_is_saved_is_what_a_waiter_for_each_would_have_sent() -> None:
    """One of three polls, 4 that succeed at the first: 7 requests, and 3 were sent."""
    got = result_for("i-pend-1", *(f"i-run-{number}" for number in range(4)))
    assert (got["calls"], got["calls_saved"]) == (3, 4)
    assert [entry["calls"] for entry in got["results"]] == [2, 0, 0, 0, 0], "the first request was for all of them"


def test_nothing_saved_is_not_less_than_nothing() -> None:
    got = result_for("i-none", "i-run-1", waiter=None, definition=RUNS)
    assert (got["calls"], got["calls_saved"]) == (2, 0)
    assert "saved" not in got["msg"]


def test_responses_are_omitted_unless_requested() -> None:
    assert result_for("i-run-1")["results"][0]["response"] is None
    [first, second] = result_for("i-run-1", "i-run-2", return_response=True)["results"]
    assert first["response"] == {
        "Reservations": [{"Instances": [{"InstanceId": "i-run-1", "State": {"Name": "running"}}]}]
    }
    assert "i-run-1" not in json.dumps(second["response"]), "each has its own part"


def test_all_responses_together_are_bounded_and_the_rest_is_counted(
    monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    monkeypatch.setattr(f"{summary.__module__}.LARGEST_RESPONSES", 300)
    clock = Clock()
    ids = [f"i-run-{number}" for number in range(20)]
    client = fake_client("ec2", clock, Instances(clock, dict.fromkeys(ids, 0.0)))
    task = Task(wait_for_instances(*ids, return_response=True), lambda *_account: client, clock)
    got = task.result
    there = [entry["response"] for entry in got["results"] if entry["response"] is not None]
    assert 0 < len(there) < 20
    assert len(json.dumps(there)) <= 300 + 2 * len(there)
    assert warnings == [
        f"The responses of {20 - len(there)} waits are omitted, because together they would exceed 300 characters."
    ]


def test_all_that_is_observed_by_many_is_bounded(monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> None:
    """A thousand waits whose resource brings 100 kB each would make a result of 300 MB."""
    clock = Clock()
    ids = [f"i-run-{number}" for number in range(1000)]
    large = "x" * 100_000
    monkeypatch.setattr(Instances, "_state", lambda _self, name: f"{name} {large}")
    client = fake_client("ec2", clock, Instances(clock, dict.fromkeys(ids, 0.0)))
    task = Task(wait_for_instances(*ids, max_attempts=1), lambda *_account: client, clock)
    assert len(json.dumps(task.result)) < 15_000_000
    assert [entry["outcome"] for entry in task.result["results"]] == ["timeout"] * 1000
    assert warnings == ["Observed values are cut, because the whole result would exceed 10,000,000 characters."]
