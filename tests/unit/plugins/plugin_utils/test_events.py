# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events read from a file that is still being written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.plugin_utils._events import Event, Kind, Tail, read_event

TOLD: dict[str, Any] = {
    "version": 1,
    "time": "2026-11-21T07:45:12.345Z",
    "host": "web1",
    "wait": "5f0c3a",
    "service": "ec2",
    "waiter": "instance_running",
    "operation": "DescribeInstances",
    "elapsed": 31.2,
    "event": "after_attempt",
    "attempt": 3,
    "verdict": "not yet",
    "changed": True,
    "observed": ["pending"],
    "summary": "pending",
    "progress": "45%",
}


def line(**told: Any) -> bytes:
    return json.dumps({**TOLD, **told}).encode() + b"\n"


def test_a_line_is_read_into_an_event() -> None:
    assert read_event(line()) == Event(
        Kind.AFTER_ATTEMPT, "5f0c3a", "ec2 instance_running", 31.2, 3, "not yet", True, "pending", "45%"
    )


def test_a_wait_without_a_name_goes_by_its_operation() -> None:
    event = read_event(line(waiter=None))
    assert event is not None
    assert event.about == "ec2 DescribeInstances"


def test_the_kind_of_a_fault_is_kept_apart_from_the_kind_of_event() -> None:
    event = read_event(line(event="faulted", kind="throttled", code="RequestLimitExceeded"))
    assert event is not None
    assert (event.kind, event.fault, event.code) == (Kind.FAULTED, "throttled", "RequestLimitExceeded")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"null",
        b"\xff\xfe",
        b"{}",
        line(event="of tomorrow"),
        line(elapsed="soon"),
        line(elapsed=None),
    ],
)
def test_what_is_no_event_is_passed_over(text: bytes) -> None:
    assert read_event(text) is None


def test_half_a_line_waits_for_its_rest(tmp_path: Path) -> None:
    file = tmp_path / "events"
    file.write_bytes(b"")
    tail = Tail(file)
    assert tail.read() == []
    whole = line(summary="×")
    for part, events in ((whole + whole[:50], 1), (b"", 0), (whole[50:-1], 0), (b"\n", 1), (whole * 3, 3)):
        with file.open("ab") as writer:
            writer.write(part)
        assert [event.summary for event in tail.read()] == ["×"] * events
    tail.close()


def test_what_was_written_can_be_read_after_the_file_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "events"
    file.write_bytes(line())
    tail = Tail(file)
    file.unlink()
    assert len(tail.read()) == 1
    tail.close()
