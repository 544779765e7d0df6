# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a wait's events; docs/event_log.md documents every key in them."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from tests.unit.plugins.module_utils._module.waits import (
    BROKEN,
    BUCKET,
    CERTIFICATE,
    CUT_OFF,
    KILLED,
    THROTTLED,
    answered,
    certificate,
    end,
    instances,
    refused,
    running,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import ErrorKind, PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_formatter import LONGEST_LINE, EventFormatter
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import Request

PAGE = Path(__file__).parents[5] / "docs" / "event_log.md"
NOW = datetime(2026, 11, 21, 7, 45, 12, 345678, timezone.utc)
SECRET = "correct horse battery staple"
UNREACHABLE = refused("EndpointConnectionError", "Could not connect.", None, ErrorKind.UNREACHABLE)
SNAPSHOTS = {"service": "ec2", "waiter": "snapshot_completed", "params": {"SnapshotIds": ["snap-1"]}}
READ_SECRET = {
    "service": "secretsmanager",
    "definition": {"operation": "GetSecretValue", "path": "SecretString", "success": [SECRET]},
    "params": {"SecretId": "db"},
}

Entry = dict[str, Any]


def raw(given: dict[str, Any], *answers: PollResult, host: str = "web1", **how: Any) -> list[bytes]:
    """The lines that a wait writes."""
    lines: list[bytes] = []

    def listen(made: Request, schedule: Schedule) -> EventFormatter:
        return EventFormatter(made, schedule, host, [lines.append], now=lambda: NOW, **how)

    end(given, *answers, listen=listen)
    return lines


def entries(given: dict[str, Any], *answers: PollResult, **how: Any) -> list[Entry]:
    return [json.loads(line) for line in raw(given, *answers, **how)]


def of(event: str, found: list[Entry]) -> list[Entry]:
    return [entry for entry in found if entry["event"] == event]


def snapshots(*progress: str) -> PollResult:
    items = [
        {"SnapshotId": f"snap-{number}", "State": "pending", "Progress": p} for number, p in enumerate(progress, 1)
    ]
    return answered(Snapshots=items)


EVERYTHING: tuple[dict[str, Any], list[PollResult]] = (
    running("i-1", "i-2", "i-3", delay=2.0),
    [
        instances(i_1="pending", i_2="running", i_3="pending"),
        THROTTLED,
        instances(i_1="running", i_2="running", i_3="running"),
    ],
)


def test_every_event_is_one_line() -> None:
    given, answers = EVERYTHING
    found = entries(given, *answers)
    common = {
        "version": 1,
        "time": "2026-11-21T07:45:12.345Z",
        "host": "web1",
        "wait": found[0]["wait"],
        "service": "ec2",
        "waiter": "instance_running",
        "operation": "DescribeInstances",
        "timeout": None,
    }
    said = "ec2 instance_running: 3 of 3 running after 2 polls in 4 s (throttled once)."
    assert [{key: value for key, value in entry.items() if key not in common} for entry in found] == [
        {"elapsed": 0.0, "event": "before_attempt", "attempt": 1},
        {
            "elapsed": 0.0,
            "event": "after_attempt",
            "attempt": 1,
            "verdict": "not yet",
            "changed": True,
            "observed": ["pending", "running", "pending"],
            "summary": "pending ×2, running ×1 (i-1, i-3)",
            "progress": None,
        },
        {"elapsed": 0.0, "event": "before_sleep", "seconds": 2.0},
        {"elapsed": 2.0, "event": "before_attempt", "attempt": 2},
        {
            "elapsed": 2.0,
            "event": "faulted",
            "attempt": 2,
            "kind": "throttled",
            "code": "RequestLimitExceeded",
            "message": "Request limit exceeded.",
            "in_a_row": 1,
        },
        {"elapsed": 2.0, "event": "before_sleep", "seconds": 2.0},
        {"elapsed": 4.0, "event": "before_attempt", "attempt": 2},
        {
            "elapsed": 4.0,
            "event": "after_attempt",
            "attempt": 2,
            "verdict": "success",
            "changed": True,
            "observed": ["running"] * 3,
            "summary": "running ×3",
            "progress": None,
        },
        {"elapsed": 4.0, "event": "ended", "outcome": "success", "attempts": 2, "msg": said},
    ]
    assert all(common.items() <= entry.items() for entry in found)


def test_the_page_documents_every_key_and_no_other() -> None:
    given, answers = EVERYTHING
    text = PAGE.read_text()
    first, second = text.split("## Keys of every line")[1].split("## Keys of each event")
    told = set(re.findall(r"^\| `(\w+)` \|", first, re.MULTILINE))
    told |= set(re.findall(r"^\| (?:`\w+` )?\| `(\w+)` \|", second.split("## The file")[0], re.MULTILINE))
    assert told == {key for entry in entries(given, *answers) for key in entry}


def test_each_wait_has_a_name_of_its_own() -> None:
    first, second = entries(BUCKET, answered()), entries(BUCKET, answered())
    assert len({entry["wait"] for entry in first}) == 1
    assert first[0]["wait"] != second[0]["wait"]
    assert re.fullmatch(r"[0-9a-f]{16}", first[0]["wait"])


def test_an_inline_waiter_has_no_name() -> None:
    found = entries(CERTIFICATE, certificate("ISSUED"))
    assert {(entry["waiter"], entry["operation"]) for entry in found} == {(None, "DescribeCertificate")}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(THROTTLED, "throttled"), (BROKEN, "server"), (CUT_OFF, "connection"), (UNREACHABLE, "connection")],
)
def test_a_fault_is_of_one_of_three_kinds(fault: PollResult, kind: str) -> None:
    [faulted] = of("faulted", entries(BUCKET, fault, answered()))
    assert faulted["kind"] == kind


@pytest.mark.parametrize(
    ("given", "answer", "outcome", "verdict"),
    [
        (running("i-1"), instances(i_1="terminated"), "failure", "failure"),
        (running("i-1", timeout=0.0), instances(i_1="pending"), "timeout", "not yet"),
        (running("i-1"), refused("UnauthorizedOperation", "No.", 403), "error", "error"),
    ],
)
def test_the_end_has_the_message_of_the_result(given: Entry, answer: PollResult, outcome: str, verdict: str) -> None:
    found = entries(given, answer)
    assert of("after_attempt", found)[-1]["verdict"] == verdict
    assert (found[-1]["event"], found[-1]["outcome"]) == ("ended", outcome)
    assert found[-1]["msg"] == end(given, answer).message


def test_a_change_is_marked() -> None:
    states = ["pending", "pending", "stopping", "pending"]
    found = of("after_attempt", entries(running("i-1", max_attempts=4, corrections=False), *map(state, states)))
    assert [entry["changed"] for entry in found] == [True, False, True, True][: len(found)]


def state(name: str) -> PollResult:
    return instances(i_1=name)


def test_the_progress_is_read_from_the_answer() -> None:
    found = of("after_attempt", entries({**SNAPSHOTS, "max_attempts": 2}, snapshots("12%"), snapshots("45%")))
    assert [entry["progress"] for entry in found] == ["12%", "45%"]


def test_show_takes_the_place_of_the_progress() -> None:
    given = {**SNAPSHOTS, "max_attempts": 1, "show": "Snapshots[].Progress"}
    [seen] = of("after_attempt", entries(given, snapshots("12%")))
    assert (seen["summary"], seen["progress"]) == ("12%", None)


def test_an_error_has_no_progress() -> None:
    found = entries(SNAPSHOTS, refused("UnauthorizedOperation", "No.", 403))
    [seen] = of("after_attempt", found)
    assert (seen["summary"], seen["progress"]) == ("UnauthorizedOperation", None)


def test_under_no_log_there_are_names_and_states_alone() -> None:
    given, answers = EVERYTHING
    secret = refused("Throttling", SECRET, 400, ErrorKind.THROTTLED)
    lines = raw(given, *answers[:1], secret, *answers[2:], quiet=True)
    found = [json.loads(line) for line in lines]
    assert SECRET not in b"".join(lines).decode()
    assert not {"observed", "summary", "progress", "message", "msg"} & {key for entry in found for key in entry}
    assert [entry["verdict"] for entry in of("after_attempt", found)] == ["not yet", "success"]
    assert of("faulted", found)[0]["code"] == "Throttling"
    assert found[-1]["outcome"] == "success"


def test_what_the_model_marks_as_sensitive_appears_nowhere() -> None:
    for show in (None, "SecretString", "@"):
        lines = raw({**READ_SECRET, "show": show}, answered(Name="db", SecretString=SECRET))
        assert len(lines) == 3
        assert SECRET not in b"".join(lines).decode()


def test_what_is_not_shown_appears_nowhere() -> None:
    answer = answered(
        Reservations=[{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}, "Key": SECRET}]}]
    )
    assert SECRET not in b"".join(raw(running("i-1"), answer)).decode()


def test_the_credentials_are_masked_where_aws_repeats_them() -> None:
    def conceal(entry: Entry) -> Entry:
        return {key: str(value).replace(SECRET, "********") for key, value in entry.items()}

    lines = raw(running("i-1"), refused("UnauthorizedOperation", f"What is {SECRET}?", 403), conceal=conceal)
    assert SECRET not in b"".join(lines).decode()
    assert json.loads(lines[-1])["attempts"] == 1


@pytest.mark.parametrize(
    "text", ["a\nb\r\n", "\u2028\u2029\x85", "\x1b[31m\x9b1m", "\ud800", "東京 ×", '"\\', "\x00", "😀"]
)
def test_every_line_is_a_line_of_json(text: str) -> None:
    given = {**CERTIFICATE, "max_attempts": 1}
    lines = raw(given, certificate(text), host=text)
    for line in lines:
        assert line.decode().splitlines(keepends=True) == [line.decode()]
        assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", line)
        assert json.loads(line)["host"] == text
    assert json.loads(lines[1])["observed"] == text.replace("\ud800", "?")


def test_no_line_is_longer_than_one_write_to_a_pipe() -> None:
    many = {f"i_{number}": f"pending{number}" for number in range(900)}
    ids = tuple(name.replace("_", "-") for name in many)
    wait = running(*ids, max_attempts=1)
    lines = raw(wait, instances(**many), host="h" * 5000)
    lines += raw(running("i-1"), refused("UnauthorizedOperation", "😀" * 9000, 403), host="😀" * 9000)
    assert max(map(len, lines)) <= LONGEST_LINE
    seen = json.loads(lines[1])
    assert seen["observed"] is None
    assert seen["summary"] == "pending0 ×1, pending1 ×1, pending10 ×1, pending100 ×1, 896 more"
    assert seen["changed"] is True
    assert all("…" in json.loads(line)["host"][-50:] for line in lines)


def test_a_long_observation_stays_whole_as_long_as_it_fits() -> None:
    many = {f"i_{number}": "pending" for number in range(200)}
    lines = raw(running(*(name.replace("_", "-") for name in many), max_attempts=1), instances(**many))
    assert json.loads(lines[1])["observed"] == ["pending"] * 200


def test_a_wait_whose_task_was_killed_ends_with_that() -> None:
    ended = json.loads(raw(running("i-1"), instances(i_1="pending"), KILLED)[-1])
    assert {key: ended[key] for key in ("elapsed", "event", "outcome", "attempts")} == {
        "elapsed": 15.0,
        "event": "ended",
        "outcome": "cancelled",
        "attempts": 1,
    }
    assert ended["time"] == "2026-11-21T07:45:12.345Z"


def test_every_sink_gets_every_line() -> None:
    first: list[bytes] = []
    second: list[bytes] = []
    end(
        BUCKET,
        answered(),
        listen=lambda made, schedule: EventFormatter(made, schedule, "h", [first.append, second.append]),
    )
    assert first == second
    assert len(first) == 3
