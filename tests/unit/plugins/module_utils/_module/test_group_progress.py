# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress of many waits: one line for each waiter, and never one for each resource."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.unit.plugins.module_utils._module.waits import (
    BROKEN,
    BUCKET,
    THROTTLED,
    answered,
    end,
    instances,
    request,
    running,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import Event
from ansible_collections.cloudwait.aws.plugins.module_utils._module.group_progress import GroupProgress


def made(waits: Sequence[dict[str, Any]], lines: list[bytes], conceal: Any = str) -> GroupProgress:
    requests = [request(**given) for given in waits]
    return GroupProgress(requests, [made.binding.label for made in requests], "web1", lines.append, conceal)


def told(*waits: tuple[dict[str, Any], list[Any]], conceal: Any = str) -> list[dict[str, Any]]:
    """The lines of waits that end one after the other, with lines written after each."""
    lines: list[bytes] = []
    together = made([given for given, _answers in waits], lines, conceal)
    for number, (given, answers) in enumerate(waits):

        def listen(_request: Any, _schedule: Any, number: int = number) -> Any:
            def hear(event: Event) -> None:
                together(number, event)

            return hear

        end(given, *answers, listen=listen)
        together.write_lines()
    return [json.loads(line) for line in lines]


def test_a_line_counts_the_waits_in_each_state() -> None:
    first, second = told((running("i-1"), [instances(i_1="running")]), (running("i-2"), [instances(i_2="terminated")]))
    assert (first["summary"], second["summary"]) == (
        "i-2: not polled yet · 1 of 2 done",
        "i-2: terminated · 2 of 2 done, 1 failed",
    )
    assert (first["verdict"], second["verdict"]) == ("not yet", "failure")
    assert first["wait"] == second["wait"]
    assert {key: second[key] for key in ("host", "service", "waiter", "event", "attempt", "changed")} == {
        "host": "web1",
        "service": "ec2",
        "waiter": "instance_running",
        "event": "after_attempt",
        "attempt": 1,
        "changed": True,
    }


def test_each_waiter_has_lines_of_its_own() -> None:
    lines = told((running("i-1"), [instances(i_1="running")]), (BUCKET, [answered()]))
    assert [(line["service"], line["verdict"]) for line in lines] == [("ec2", "success"), ("s3", "success")]


def test_what_has_not_changed_is_marked_so() -> None:
    lines = told(
        (running("i-1", "i-2"), [instances(i_1="running", i_2="running")]),
        (running("i-1", "i-2"), [instances(i_1="running", i_2="running")]),
    )
    assert [line["summary"] for line in lines] == [
        "i-1 and i-2: not polled yet · 1 of 2 done",
        "running ×4 · 2 of 2 done",
    ]


def test_no_events_are_no_lines() -> None:
    lines: list[bytes] = []
    together = made([running("i-1")], lines)
    together.write_lines()
    assert lines == []


def test_secrets_are_masked() -> None:
    masked = told((running("i-1"), [instances(i_1="running")]), conceal=lambda text: text.replace("running", "***"))
    assert masked[0]["summary"] == "***"


def test_order_is_no_change() -> None:
    """A line about many doesn't say which wait is in which state, and states have a fixed order."""
    lines: list[bytes] = []
    together = made([running("i-1")] * 4, lines)
    for states in (("pending", "stopping") * 2, ("stopping", "pending") * 2):
        for number, state in enumerate(states):
            end(
                running("i-1", max_attempts=1),
                instances(i_1=state),
                listen=lambda _request, _schedule, number=number: lambda event: together(number, event),
            )
        together.write_lines()
    assert [(line["summary"], line["changed"]) for line in map(json.loads, lines)] == [
        ("pending ×2, stopping ×2 · 2 of 4 done, 2 failed", True),
        ("pending ×2, stopping ×2 · 2 of 4 done, 2 failed", False),
    ]


def test_the_last_that_are_left_are_named() -> None:
    dump = {**running("i-9"), "max_attempts": 1}
    lines = told(*[(running("i-1"), [instances(i_1="running")])] * 3, (dump, [instances(i_8="running")]))
    assert lines[-1]["summary"] == "i-9: not there · 3 of 4 done"


def test_check_mode_says_that_a_real_run_would_wait() -> None:
    lines: list[bytes] = []
    waits, answers = [running("i-1"), running("i-2"), running("i-3")], [instances(i_1="running"), instances(), BROKEN]
    together = made(waits, lines)
    for number, (given, answer) in enumerate(zip(waits, answers, strict=True)):
        end(
            given,
            answer,
            check_mode=True,
            listen=lambda _request, _schedule, number=number: lambda event: together(number, event),
        )
    together.write_lines()
    assert (
        json.loads(lines[-1])["summary"]
        == "i-2: not there, i-3: not polled yet · 1 of 3 done · pending: a real run would wait"
    )


def test_a_transient_error_of_several_waits_is_one_line() -> None:
    lines: list[bytes] = []
    waits = [running("i-1", timeout=40.0), running("i-2", timeout=2.0)]
    together = made(waits, lines)
    for number, (given, answer) in enumerate(zip(waits, (BROKEN, THROTTLED), strict=True)):
        end(given, answer, listen=lambda _request, _schedule, number=number: lambda event: together(number, event))
    together.write_lines()
    together.write_lines()
    [line] = map(json.loads, lines)
    assert {key: line[key] for key in ("event", "waiter", "kind", "code", "message")} == {
        "event": "faulted",
        "waiter": "instance_running",
        "kind": "server",
        "code": "InternalError",
        "message": "An internal error has occurred.",
    }
    assert line["in_a_row"] >= 3
