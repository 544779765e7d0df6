# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a wait makes of an exact sequence of answers: how often it asks, when, and how it ends."""

from __future__ import annotations

import base64
import contextlib
import json
import socketserver
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.support.playbook import Ansible, Batch, Case, Done
from tests.support.scripted import Request, ScriptedEndpoint

EARLY = 0.02  # what the clocks of two processes may disagree by


def instances(*, token: str | None = None, more: Mapping[str, Any] | None = None, **states: str) -> dict[str, Any]:
    """An answer of DescribeInstances: ``i_1="running"``."""
    found = [
        {"InstanceId": name.replace("_", "-"), "State": {"Name": state}, **(more or {})}
        for name, state in states.items()
    ]
    return {"data": {"Reservations": [{"Instances": found}], **({"NextToken": token} if token else {})}}


def running(*answers: Any, ids: tuple[str, ...] = ("i-1",), **args: Any) -> Case:
    """A wait for instances to run, asking 0.2 s apart unless told otherwise."""
    check_mode = args.pop("check_mode", False)
    task = {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": list(ids)}, "delay": 0.2, **args}
    return Case(task, answers or None, check_mode=check_mode)


def database(*answers: Any, waiter: str = "db_instance_available", **args: Any) -> Case:
    task = {"service": "rds", "waiter": waiter, "params": {"DBInstanceIdentifier": "orders"}, "delay": 0.2}
    return Case({**task, **args}, answers, service="rds")


def item(*answers: Any, **args: Any) -> Case:
    definition = {"operation": "GetItem", "path": "Item.state.S", "success": ["ready"]}
    params = {"TableName": "jobs", "Key": {"id": {"S": "1"}}}
    return Case({"service": "dynamodb", "definition": definition, "params": params, "delay": 0.2, **args}, answers)


PENDING, RUNNING = instances(i_1="pending"), instances(i_1="running")
TERMINATED = instances(
    i_1="terminated",
    more={"StateReason": {"Code": "Server.InsufficientInstanceCapacity", "Message": "Insufficient capacity."}},
)
THROTTLED = {"error": "RequestLimitExceeded", "message": "Request limit exceeded.", "status": 503}
BROKEN = {"error": "InternalError", "message": "An internal error has occurred.", "status": 500}
FAULTS = [
    THROTTLED,
    BROKEN,
    {"error": "Whatever", "status": 502},
    {"raw": "<html>what?"},
    {"reset": True},
    {"hang": 0},
    {"hang": 9},
]
EXPIRED = {"error": "RequestExpired", "message": "Request has expired.", "status": 400}
DENIED = {"error": "UnauthorizedOperation", "message": "You may not DescribeInstances.", "status": 403}
NO_DATABASE = {"error": "DBInstanceNotFound", "message": "DBInstance orders not found.", "status": 404}
AVAILABLE = {"data": {"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceStatus": "available"}]}}
MODIFYING = {"data": {"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceStatus": "modifying"}]}}
DELETING = {"data": {"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceStatus": "deleting"}]}}
IN_SERVICE = {"state": {"S": "ready"}, "blob": {"B": b"\xff\x00\xfe"}, "word": {"B": b"text"}, "cut": {"S": "\ud83d"}}
SECRET_STRING = "correct horse battery staple"
PASSWORD = {"data": {"Name": "db", "SecretString": SECRET_STRING, "VersionStages": ["AWSCURRENT"]}}
READ_SECRET = {"operation": "GetSecretValue", "path": "VersionStages[]", "success": ["AWSCURRENT"]}

SERVICES = [f"web-{number:02}" for number in range(23)]


def services(request: Request) -> dict[str, Any]:
    """Answers as ECS does: no more than ten at once, and ``web-07`` never gets steady."""
    names = request.params["services"]
    if len(names) > 10:
        return {"error": "InvalidParameterException", "message": "Services cannot have more than 10 elements"}
    restless = [name for name in names if name == "web-07" and request.params["cluster"] == "restless"]
    found = [
        {
            "serviceName": name,
            "serviceArn": f"arn:aws:ecs:us-east-1:123456789012:service/prod/{name}",
            "status": "ACTIVE",
            "desiredCount": 2,
            "runningCount": 1 if name in restless else 2,
            "deployments": [{"status": "PRIMARY"}],
        }
        for name in names
    ]
    return {"data": {"services": found, "failures": []}}


def stable(cluster: str, **args: Any) -> Case:
    params = {"cluster": cluster, "services": SERVICES}
    return Case({"service": "ecs", "waiter": "services_stable", "params": params, "delay": 0.2, **args}, [services])


CASES: dict[str, Case] = {
    # the plain course of things
    "success": running(PENDING, PENDING, RUNNING, delay=0.5),
    "at once": running(RUNNING, delay=60),
    "initial delay": running(RUNNING, initial_delay=0.7),
    "failure": running(PENDING, TERMINATED, delay=0.2),
    "failure of one of three": running(
        instances(i_1="running", i_2="terminated", i_3="pending"), ids=("i-1", "i-2", "i-3")
    ),
    "out of attempts": running(PENDING, max_attempts=4),
    "out of time": running(PENDING, timeout=1.5, delay=0.6),
    "the last poll on the deadline": Case(
        {
            "service": "ec2",
            "waiter": "instance_running",
            "params": {"InstanceIds": ["i-1"]},
            "timeout": 1.5,
            "delay": 60,
        },
        [PENDING, RUNNING],
    ),
    "timeout zero": running(PENDING, timeout=0),
    "attempts within time": running(PENDING, timeout=30, max_attempts=2),
    "consecutive": running(RUNNING, PENDING, RUNNING, RUNNING, consecutive=2),
    "consecutive never": running(RUNNING, PENDING, RUNNING, consecutive=2, max_attempts=3),
    "exponential": running(PENDING, PENDING, PENDING, RUNNING, delay=0.3, backoff="exponential"),
    "exponential with a ceiling": running(
        PENDING, PENDING, PENDING, RUNNING, delay=0.3, backoff="exponential", max_delay=0.4
    ),
    # transient errors
    "transient errors of every kind": running(
        *(answer for fault in FAULTS for answer in (fault, PENDING)),
        RUNNING,
        max_attempts=len(FAULTS) + 1,
        aws_config={"read_timeout": 1},
    ),
    "transient errors in a row": running(THROTTLED, THROTTLED, THROTTLED, RUNNING, max_attempts=1),
    "transient errors to the end": running({**THROTTLED}, timeout=1.2),
    "transient errors at the last poll": running(PENDING, BROKEN, timeout=1, delay=0.7),
    "a hanging server": running({"hang": 60}, timeout=2),
    "a hanging server later on": running(PENDING, {"hang": 60}, timeout=2),
    "an answer cut short": running({"raw": "<Descr", "headers": {"Content-Length": "4000"}}, RUNNING, max_attempts=1),
    # errors
    "denied": running(DENIED),
    "denied after a while": running(PENDING, DENIED, RUNNING),
    "denied but told to wait": running(DENIED, DENIED, RUNNING, retry_errors=["UnauthorizedOperation"]),
    "credentials expired once": running(PENDING, EXPIRED, RUNNING, max_attempts=2),
    "credentials expired for good": running(PENDING, EXPIRED),
    "an error that is a success": database(DELETING, NO_DATABASE, waiter="db_instance_deleted"),
    "retry_errors before success": database(
        NO_DATABASE, NO_DATABASE, waiter="db_instance_deleted", retry_errors=["DBInstanceNotFound"], max_attempts=2
    ),
    # what isn't there
    "missing, auto": database(NO_DATABASE, AVAILABLE),
    "missing, wait": database(NO_DATABASE, AVAILABLE, missing="wait"),
    "missing, success": database(MODIFYING, NO_DATABASE, missing="success"),
    "missing, fail": database(DELETING, NO_DATABASE, waiter="db_instance_deleted", missing="fail"),
    "an absent id": running(RUNNING, ids=("i-1", "i-2"), max_attempts=2),
    "an absent id that comes": running(RUNNING, instances(i_1="running", i_2="running"), ids=("i-1", "i-2")),
    "an absent id, wait": running(RUNNING, ids=("i-1", "i-2"), missing="wait", max_attempts=2),
    "an absent id, success": running(RUNNING, ids=("i-1", "i-2"), missing="success"),
    "an absent id, fail": running(RUNNING, ids=("i-1", "i-2"), missing="fail"),
    "an absent id, ignore": running(RUNNING, ids=("i-1", "i-2"), missing="ignore"),
    "nothing in the answer": running({"data": {"Reservations": []}}, max_attempts=2),
    # requests put together
    "pages": Case(
        {
            "service": "ec2",
            "waiter": "instance_running",
            "params": {"Filters": [{"Name": "tag:app", "Values": ["x"]}]},
            "delay": 0.2,
        },
        [
            instances(i_1="running", token="more"),
            instances(i_2="pending"),
            instances(i_1="running", token="more"),
            instances(i_2="running"),
        ],
    ),
    "a failed page": Case(
        {
            "service": "ec2",
            "waiter": "instance_running",
            "params": {"Filters": [{"Name": "tag:app", "Values": ["x"]}]},
            "delay": 0.2,
        },
        [instances(i_1="running", token="more"), THROTTLED, instances(i_2="running")],
    ),
    "one page by wish": Case(
        {"service": "ec2", "waiter": "instance_running", "params": {"MaxResults": 5}, "delay": 0.2},
        [instances(i_1="running", token="more")],
    ),
    "23 services": stable("prod"),
    "23 services, one restless": stable("restless", max_attempts=2),
    # check mode
    "check mode, pending": running(PENDING, check_mode=True),
    "check mode, success": running(RUNNING, check_mode=True, consecutive=3),
    "check mode, failure": running(TERMINATED, check_mode=True),
    "check mode, denied": running(DENIED, check_mode=True),
    "check mode, transient errors": running(THROTTLED, check_mode=True),
    # what comes back
    "binary members": item({"data": {"Item": IN_SERVICE}}),
    "datetime members": Case(
        {"service": "dynamodb", "waiter": "table_exists", "params": {"TableName": "jobs"}, "delay": 0.2},
        [{"data": {"Table": {"TableStatus": "ACTIVE", "CreationDateTime": "2026-01-02T03:04:05Z"}}}],
    ),
    "sensitive members": Case(
        {"service": "secretsmanager", "definition": READ_SECRET, "params": {"SecretId": "db"}, "max_attempts": 1},
        [PASSWORD],
    ),
    "sensitive members shown": Case(
        {
            "service": "secretsmanager",
            "definition": READ_SECRET,
            "params": {"SecretId": "db"},
            "max_attempts": 1,
            "show": "SecretString",
        },
        [PASSWORD],
    ),
    "sensitive members awaited": Case(
        {
            "service": "secretsmanager",
            "definition": {**READ_SECRET, "path": "SecretString", "success": ["something else"]},
            "params": {"SecretId": "db"},
            "max_attempts": 1,
        },
        [PASSWORD],
    ),
    "no response": running(RUNNING, return_response=False),
    "a large response": running(
        instances(i_1="running", more={"Tags": [{"Key": "essay", "Value": "x" * 1_100_000}]}), ids=("i-1",)
    ),
    "show": running(PENDING, RUNNING, show="Reservations[].Instances[].State | [0]"),
}


class Trickle(socketserver.BaseRequestHandler):
    """A byte now and then: no time-out of a socket ever strikes."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for count in range(1000):
                self.request.sendall(b"<" if count == 0 else b" ")
                time.sleep(0.1)


@pytest.fixture(scope="module")
def trickle() -> Iterator[int]:
    """The port of a server that begins to speak HTTP as soon as it is called, and never comes to an end."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Trickle) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def batch(ansible: Ansible, aws: ScriptedEndpoint, trickle: int) -> Batch:
    elsewhere = {
        "a refused connection": running(endpoint_url="http://127.0.0.1:1"),
        "TLS where there is none": running(endpoint_url=f"https://127.0.0.1:{trickle}"),
        "a server that trickles": running(endpoint_url=f"http://127.0.0.1:{trickle}", timeout=2),
    }
    return ansible.batch({**CASES, **elsewhere}, aws)


def ended(done: Done, outcome: str, attempts: int, calls: int | None = None, /) -> dict[str, Any]:
    """The result, after a look at what every result has to hold."""
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


# case → outcome, polls, and requests where they are more than the polls
ENDINGS: dict[str, tuple[Any, ...]] = {
    "success": ("success", 3),
    "at once": ("success", 1),
    "initial delay": ("success", 1),
    "failure": ("failure", 2),
    "failure of one of three": ("failure", 1),
    "out of attempts": ("timeout", 4),
    "the last poll on the deadline": ("success", 2),
    "timeout zero": ("timeout", 1),
    "attempts within time": ("timeout", 2),
    "consecutive": ("success", 4),
    "consecutive never": ("timeout", 3),
    "exponential": ("success", 4),
    "exponential with a ceiling": ("success", 4),
    "transient errors of every kind": ("success", 8, 15),
    "transient errors in a row": ("success", 1, 4),
    "a hanging server": ("timeout", 0, 1),
    "a hanging server later on": ("timeout", 1, 2),
    "an answer cut short": ("success", 1, 2),
    "denied": ("error", 1),
    "denied after a while": ("error", 2),
    "denied but told to wait": ("success", 3),
    "credentials expired once": ("success", 2, 3),
    "credentials expired for good": ("error", 2, 3),
    "an error that is a success": ("success", 2),
    "retry_errors before success": ("timeout", 2),
    "missing, auto": ("error", 1),
    "missing, wait": ("success", 2),
    "missing, success": ("success", 2),
    "missing, fail": ("failure", 2),
    "an absent id": ("timeout", 2),
    "an absent id that comes": ("success", 2),
    "an absent id, wait": ("timeout", 2),
    "an absent id, success": ("success", 1),
    "an absent id, fail": ("failure", 1),
    "an absent id, ignore": ("success", 1),
    "nothing in the answer": ("timeout", 2),
    "pages": ("success", 2, 4),
    "a failed page": ("success", 1, 3),
    "one page by wish": ("success", 1),
    "23 services": ("success", 1, 3),
    "23 services, one restless": ("timeout", 2, 6),
    "check mode, success": ("success", 1),
    "binary members": ("success", 1),
    "datetime members": ("success", 1),
    "sensitive members": ("success", 1),
    "sensitive members shown": ("success", 1),
    "sensitive members awaited": ("timeout", 1),
    "no response": ("success", 1),
    "a large response": ("success", 1),
    "show": ("success", 2),
}

# case → pieces of its message, each of which the reader needs
MESSAGES: dict[str, list[str]] = {
    "failure": [
        "ec2 instance_running failed after 2 polls",
        "i-1 is 'terminated' (wanted 'running')",
        "AWS says: Server.InsufficientInstanceCapacity: Insufficient capacity.",
    ],
    "failure of one of three": ["i-2 is 'terminated'", "1 of 3 is running"],
    "out of attempts": [
        "ec2 instance_running timed out after 4 polls",
        "i-1 is still 'pending'",
        "max_attempts (now 4)",
    ],
    "out of time": ["timed out", "i-1 is still 'pending'", "Raise timeout (now 1.5 s)"],
    "consecutive never": ["not 2 times in a row"],
    "transient errors of every kind": ["throttled once", "server faults", "cut off"],
    "transient errors to the end": ["no answer came", "RequestLimitExceeded"],
    "transient errors at the last poll": ["i-1 is still 'pending'", "InternalError"],
    "denied": ["ended with an error after 1 poll", "i-1", "UnauthorizedOperation", "You may not DescribeInstances."],
    "credentials expired for good": ["RequestExpired", "Renew"],
    "missing, auto": ["orders", "DBInstanceNotFound"],
    "missing, fail": ["failed", "orders", "DBInstanceNotFound"],
    "an absent id": ["i-2 is not there yet"],
    "an absent id, fail": ["i-2 is not there"],
    "23 services, one restless": ["web-07", "22 of 23"],
    "check mode, pending": ["i-1 is still 'pending'"],
    "a refused connection": ["http://127.0.0.1:1", "endpoint_url"],
    "TLS where there is none": ["https://127.0.0.1:", "SSL"],
}


@pytest.mark.parametrize("name", ENDINGS)
def test_ends_after_so_many_polls(batch: Batch, name: str) -> None:
    ended(batch[name], *ENDINGS[name])


@pytest.mark.parametrize("name", MESSAGES)
def test_says_what_one_needs_to_know(batch: Batch, name: str) -> None:
    message = batch[name].result["msg"]
    for piece in MESSAGES[name]:
        assert piece in message


def test_the_cases_are_all_looked_at() -> None:
    elsewhere = {"out of time", "transient errors to the end", "transient errors at the last poll"}
    assert {name for name in CASES if not name.startswith("check mode")} - ENDINGS.keys() == elsewhere


@pytest.mark.parametrize(
    ("name", "least"),
    {
        "success": [0.5, 0.5],
        "out of attempts": [0.2, 0.2, 0.2],
        "the last poll on the deadline": [1.0],
        "exponential": [0.3, 0.6, 1.2],
        "exponential with a ceiling": [0.3, 0.4, 0.4],
        "transient errors in a row": [0.5, 1, 2],
        "credentials expired once": [0.2, 0],
        "pages": [0, 0.2, 0],
        "23 services, one restless": [0, 0, 0.2, 0, 0],
        "check mode, pending": [],
    }.items(),
)
def test_asks_no_sooner_than_the_delay_allows(batch: Batch, name: str, least: list[float]) -> None:
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


def test_a_transient_error_is_counted_by_kind_and_uses_up_no_attempt(batch: Batch) -> None:
    result = batch["transient errors of every kind"].result
    assert result["transient"] == {"throttled": 1, "server": 3, "connection": 3}
    assert result["max_attempts"] == result["attempts"] == len(FAULTS) + 1


@pytest.mark.parametrize("name", ["transient errors to the end", "transient errors at the last poll"])
def test_a_transient_error_ends_with_the_time(batch: Batch, name: str) -> None:
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


def test_pages_are_asked_for_with_their_token(batch: Batch) -> None:
    tokens = [request.params.get("NextToken") for request in batch["pages"].requests]
    assert tokens == [None, "more", None, "more"]
    found = batch["pages"].result["response"]["Reservations"]
    assert [instance["InstanceId"] for held in found for instance in held["Instances"]] == ["i-1", "i-2"]


def test_a_failed_page_is_asked_again_and_not_the_poll(batch: Batch) -> None:
    tokens = [request.params.get("NextToken") for request in batch["a failed page"].requests]
    assert tokens == [None, "more", "more"]


def test_services_are_asked_for_ten_at_a_time(batch: Batch) -> None:
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


def test_the_reason_stands_at_its_resource(batch: Batch) -> None:
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


def test_an_error_that_is_a_success_and_is_retried_earns_a_warning(batch: Batch) -> None:
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
def test_check_mode_asks_once_and_never_fails(batch: Batch, name: str, outcome: str) -> None:
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
    """JSON can bring it, and Ansible refuses to read it."""
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
