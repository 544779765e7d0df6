# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Waits on exact sequences of responses: the number and times of polls, and the outcome."""

from __future__ import annotations

import base64
import contextlib
import json
import socketserver
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.sequences import FAULTS, IN_SERVICE, SECRET_STRING, SEQUENCES, SERVICES
from tests.support.playbook import Ansible, Batch, Case, Done
from tests.support.scripted import ScriptedEndpoint

EARLY = 0.02  # the maximum difference between the clocks of two processes


class Trickle(socketserver.BaseRequestHandler):
    """A byte now and then, so that no socket timeout occurs."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for count in range(1000):
                self.request.sendall(b"<" if count == 0 else b" ")
                time.sleep(0.1)


@pytest.fixture(scope="module")
def trickle() -> Iterator[int]:
    """The port of a server that starts an HTTP response and never ends it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Trickle) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def batch(ansible: Ansible, aws: ScriptedEndpoint, trickle: int) -> Batch:
    cases = {name: row.case if isinstance(row.case, Case) else row.case(trickle) for name, row in SEQUENCES.items()}
    return ansible.batch(cases, aws)


def ended(done: Done, outcome: str, attempts: int, calls: int | None = None, /) -> dict[str, Any]:
    """The result, checked for what every result must have."""
    result = done.result
    assert "outcome" in result, result
    assert (result["outcome"], result["attempts"], result["calls"]) == (
        outcome,
        attempts,
        attempts if calls is None else calls,
    ), result["msg"]
    assert len(done.requests) == result["calls"]
    assert result["changed"] is False
    assert done.failed is (outcome in ("failure", "timeout", "error"))
    assert "Traceback" not in json.dumps(result)
    assert "\n" not in result["msg"]
    words = {"failure": "timed out", "timeout": "failed"}
    if outcome in words:
        assert words[outcome] not in result["msg"]
    return result


@pytest.mark.parametrize("name", [name for name, row in SEQUENCES.items() if row.ends])
def test_ends_after_so_many_polls(batch: Batch, name: str) -> None:
    ended(batch[name], *SEQUENCES[name].ends)


@pytest.mark.parametrize("name", [name for name, row in SEQUENCES.items() if row.says])
def test_says_what_one_needs_to_know(batch: Batch, name: str) -> None:
    message = batch[name].result["msg"]
    for piece in SEQUENCES[name].says:
        assert piece in message


def test_the_end_of_every_sequence_is_looked_at() -> None:
    elsewhere = {"out of time", "transient errors to the end", "transient errors at the last poll"}
    never_answered = {"a refused connection", "TLS where there is none", "a server that trickles"}
    without = {name for name, row in SEQUENCES.items() if not row.ends and not name.startswith("check mode")}
    assert without == elsewhere | never_answered


@pytest.mark.parametrize(
    ("name", "least"),
    {
        "success": [0.5, 0.5],
        "out of attempts": [0.2, 0.2, 0.2],
        "the last poll on the deadline": [1.0],
        "exponential": [0.3, 0.6, 1.2],
        "exponential with a ceiling": [0.3, 0.4, 0.4],
        "transient errors in a row": [0.5, 1, 2],
        "retries when AWS asks for them": [1, 0.7],
        "credentials expired once": [0.2, 0],
        "pages": [0, 0.2, 0],
        "23 services, one restless": [0, 0, 0.2, 0, 0],
        "check mode, pending": [],
    }.items(),
)
def test_no_poll_comes_before_the_delay_is_over(batch: Batch, name: str, least: list[float]) -> None:
    gaps = batch[name].gaps
    assert len(gaps) == len(least)
    for gap, delay in zip(gaps, least, strict=True):
        assert gap >= delay - EARLY


def test_the_first_poll_waits_for_the_initial_delay(batch: Batch) -> None:
    assert batch["initial delay"].result["elapsed"] >= 0.7


def test_the_first_poll_comes_at_once(batch: Batch) -> None:
    assert batch["at once"].result["elapsed"] < 5


def test_the_last_poll_falls_on_the_deadline(batch: Batch) -> None:
    result = batch["out of time"].result
    assert result["outcome"] == "timeout"
    assert result["timeout"] == 1.5
    assert result["max_attempts"] is None
    assert 1.5 <= result["elapsed"] < 2.5 + 0.5
    assert batch["out of time"].requests[-1].at - batch["out of time"].requests[0].at > 0.6


def test_transient_errors_are_counted_by_kind_and_use_up_no_attempt(batch: Batch) -> None:
    result = batch["transient errors of every kind"].result
    assert result["transient"] == {"throttled": 1, "server": 3, "connection": 3}
    assert result["max_attempts"] == result["attempts"] == len(FAULTS) + 1


@pytest.mark.parametrize("name", ["transient errors to the end", "transient errors at the last poll"])
def test_transient_errors_are_retried_until_the_time_is_up(batch: Batch, name: str) -> None:
    result = batch[name].result
    assert result["outcome"] == "timeout"
    assert result["error"]["code"] in ("RequestLimitExceeded", "InternalError")
    assert result["elapsed"] < result["timeout"] + 1.5


@pytest.mark.parametrize("name", ["a hanging server", "a hanging server later on", "a server that trickles"])
def test_a_server_that_hangs_stretches_no_timeout(batch: Batch, name: str) -> None:
    result = batch[name].result
    assert result["elapsed"] < 5  # the server hangs for much longer
    assert result["transient"]["connection"] == 1
    assert "gave no answer" in result["msg"]


@pytest.mark.parametrize("name", ["a refused connection", "TLS where there is none"])
def test_an_endpoint_that_never_answers_is_given_up_after_three_tries(batch: Batch, name: str) -> None:
    result = batch[name].result
    assert batch[name].failed
    assert result["outcome"] == "error"
    assert 7 <= result["elapsed"] < 15
    assert result["transient"]["connection"] == 3
    assert result["error"]["status"] is None


def test_nothing_cuts_off_a_case_that_is_to_end(batch: Batch, aws: ScriptedEndpoint) -> None:
    assert not aws.problems


def test_pages_are_requested_with_their_token(batch: Batch) -> None:
    tokens = [request.params.get("NextToken") for request in batch["pages"].requests]
    assert tokens == [None, "more", None, "more"]
    found = batch["pages"].result["response"]["Reservations"]
    assert [instance["InstanceId"] for held in found for instance in held["Instances"]] == ["i-1", "i-2"]


def test_a_failed_page_is_retried_and_not_the_poll(batch: Batch) -> None:
    tokens = [request.params.get("NextToken") for request in batch["a failed page"].requests]
    assert tokens == [None, "more", "more"]


def test_services_are_requested_ten_at_a_time(batch: Batch) -> None:
    asked = [request.params["services"] for request in batch["23 services"].requests]
    assert [len(names) for names in asked] == [10, 10, 3]
    assert [name for names in asked for name in names] == SERVICES


def test_each_service_has_an_outcome_of_its_own(batch: Batch) -> None:
    result = batch["23 services, one restless"].result
    assert [entry["id"] for entry in result["resources"]] == SERVICES
    assert {entry["id"]: entry["outcome"] for entry in result["resources"] if entry["outcome"] != "success"} == {
        "web-07": "timeout"
    }
    steady = batch["23 services"].result["resources"]
    assert {entry["outcome"] for entry in steady} == {"success"}
    assert len(steady) == 23


@pytest.mark.parametrize(
    ("name", "outcomes"),
    {
        "failure of one of three": ["success", "failure", "pending"],
        "an absent id": ["success", "timeout"],
        "an absent id that comes": ["success", "success"],
        "an absent id, wait": ["success", "timeout"],
        "an absent id, success": ["success", "success"],
        "an absent id, fail": ["success", "failure"],
        "an absent id, ignore": ["success", "success"],
        "nothing in the answer": ["timeout"],
        "denied": ["error"],
        "check mode, pending": ["pending"],
    }.items(),
)
def test_each_id_has_an_outcome_of_its_own(batch: Batch, name: str, outcomes: list[str]) -> None:
    resources = batch[name].result["resources"]
    assert [entry["id"] for entry in resources] == [f"i-{number}" for number in range(1, len(outcomes) + 1)]
    assert [entry["outcome"] for entry in resources] == outcomes


def test_the_reason_is_with_its_resource(batch: Batch) -> None:
    [resource] = batch["failure"].result["resources"]
    assert resource["reason"] == "Server.InsufficientInstanceCapacity: Insufficient capacity."
    assert resource["observed"] == "terminated"


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("denied", "UnauthorizedOperation", 403),
        ("denied after a while", "UnauthorizedOperation", 403),
        ("credentials expired for good", "RequestExpired", 400),
        ("missing, auto", "DBInstanceNotFound", 404),
    ],
)
def test_the_error_that_ended_the_wait_is_returned(batch: Batch, name: str, code: str, status: int) -> None:
    error = batch[name].result["error"]
    assert (error["code"], error["status"]) == (code, status)
    assert error["message"]


@pytest.mark.parametrize(
    "name", ["success", "an error that is a success", "denied but told to wait", "out of attempts"]
)
def test_a_wait_that_no_error_ended_returns_none(batch: Batch, name: str) -> None:
    assert batch[name].result["error"] is None


def test_an_error_that_means_success_and_is_retried_is_warned_of(batch: Batch) -> None:
    warnings = " ".join(batch["retry_errors before success"].result["warnings"])
    assert "retry_errors" in warnings
    assert "DBInstanceNotFound" in warnings


@pytest.mark.parametrize(
    ("name", "outcome"),
    {
        "check mode, pending": "pending",
        "check mode, success": "success",
        "check mode, failure": "failure",
        "check mode, denied": "error",
        "check mode, transient errors": "pending",
    }.items(),
)
def test_check_mode_polls_once_and_never_fails(batch: Batch, name: str, outcome: str) -> None:
    done = batch[name]
    assert not done.failed
    assert done.result["outcome"] == outcome
    assert done.result["changed"] is False
    assert len(done.requests) == done.result["calls"] == 1


def test_the_acceptor_that_decided_is_returned(batch: Batch) -> None:
    assert batch["success"].result["matched"] == {
        "state": "success",
        "matcher": "pathAll",
        "argument": "Reservations[].Instances[].State.Name",
        "expected": "running",
    }
    assert batch["out of attempts"].result["matched"] is None


def test_the_timeline_holds_each_change_once(batch: Batch) -> None:
    timeline = batch["success"].result["timeline"]
    assert [(seen["attempt"], seen["observed"]) for seen in timeline] == [(1, ["pending"]), (3, ["running"])]
    assert [seen["elapsed"] for seen in timeline] == sorted(seen["elapsed"] for seen in timeline)


def test_show_selects_what_is_observed(batch: Batch) -> None:
    assert batch["show"].result["observed"] == {"Name": "running"}


def test_the_values_in_force_are_returned(batch: Batch) -> None:
    result = batch["at once"].result
    assert (result["delay"], result["max_attempts"], result["timeout"]) == (60, 40, None)
    named = {key: result[key] for key in ("service", "waiter", "operation", "source")}
    assert named == {
        "service": "ec2",
        "waiter": "instance_running",
        "operation": "DescribeInstances",
        "source": "builtin",
    }
    inline = batch["binary members"].result
    assert (inline["waiter"], inline["source"], inline["operation"]) == (None, "inline", "GetItem")


def test_binary_members_come_back_as_text_or_base64(batch: Batch) -> None:
    found = batch["binary members"].result["response"]["Item"]
    assert base64.b64decode(found["blob"]["B"]) == IN_SERVICE["blob"]["B"]
    assert found["word"]["B"] == "text"


def test_half_a_surrogate_pair_costs_no_result(batch: Batch) -> None:
    """JSON may contain it, but Ansible rejects it."""
    assert batch["binary members"].result["response"]["Item"]["cut"]["S"] == "?"


def test_datetimes_come_back_in_iso_8601(batch: Batch) -> None:
    created = batch["datetime members"].result["response"]["Table"]["CreationDateTime"]
    assert created.startswith("2026-01-02T")


def test_the_response_has_no_metadata(batch: Batch) -> None:
    assert batch["success"].result["response"].keys() == {"Reservations"}


@pytest.mark.parametrize("name", ["sensitive members", "sensitive members shown", "sensitive members awaited"])
def test_what_the_model_marks_as_sensitive_is_masked(batch: Batch, name: str) -> None:
    assert SECRET_STRING not in json.dumps(batch[name].result)
    response = batch[name].result["response"]
    assert response["Name"] == "db"
    assert set(response["SecretString"]) == {"*"}


def test_the_response_can_be_left_out(batch: Batch) -> None:
    assert batch["no response"].result["response"] is None


def test_a_large_response_is_left_out_with_a_warning(batch: Batch) -> None:
    result = batch["a large response"].result
    assert result["response"] is None
    assert any("1 MB" in warning for warning in result["warnings"])


@pytest.mark.parametrize("name", ["success", "failure", "out of attempts", "denied", "check mode, pending"])
def test_an_ordinary_wait_warns_of_nothing(batch: Batch, name: str) -> None:
    assert not batch[name].result.get("warnings")


def test_nothing_printed_is_a_traceback(batch: Batch) -> None:
    assert "Traceback" not in batch.output
