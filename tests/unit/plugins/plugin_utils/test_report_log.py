# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What event logs add to a report."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.support.waits import SOURCE, result

from ansible_collections.cloudwait.aws.plugins.plugin_utils import _report_log as report_log
from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_log import with_logs
from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_waits import Fault, State, Wait, waits_of

BEFORE, SINCE, NOW = "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z", "2026-01-01T00:00:02.000Z"


def event(wait: str, event: str, elapsed: float, time: str = NOW, **more: Any) -> str:
    names = {"host": "web1", "service": "ec2", "waiter": "instance_running", "operation": "DescribeInstances"}
    return json.dumps({"time": time, "wait": wait, **names, "event": event, "elapsed": elapsed, **more})


def logged(
    wait: str, code: str = "Throttling", msg: str | None = None, elapsed: float = 31.0, **more: Any
) -> list[str]:
    text = result()["msg"] if msg is None else msg
    return [
        event(wait, "after_attempt", 0.0, changed=True, summary="pending", **more),
        event(wait, "faulted", 2.0, kind="throttled", code=code, message="Slow\u202e down", **more),
        event(wait, "after_attempt", 15.0, changed=False, summary="pending", **more),
        event(wait, "ended", elapsed, outcome="success", attempts=7, msg=text, **more),
    ]


def written(folder: Path, *lines: str) -> str:
    path = folder / "log"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def waits(path: str, *results: dict[str, Any]) -> list[Wait]:
    found = [wait for each in results or [result()] for wait in waits_of(SOURCE._replace(log=path), each)]
    return list(with_logs(found, SINCE))


def test_a_log_tells_when_errors_happened_and_what_was_shown(tmp_path: Path) -> None:
    [wait] = waits(written(tmp_path, *logged("w1")))
    assert wait.faults == (Fault(2.0, "throttled", "Throttling: Slow down"),)
    assert wait.states == (State(0.0, "pending"),)
    assert wait.polls == 7


def test_waits_that_differ_in_their_messages_alone_are_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path, *logged("w1", "A", "first"), *logged("w2", "B", "second"))
    one, two = waits(path, result(msg="second Why: because"), result(msg="first"))
    assert [one.faults[0].text[:1], two.faults[0].text[:1]] == ["B", "A"]


def test_the_log_may_be_written_a_little_earlier_than_the_result(tmp_path: Path) -> None:
    lines = [*logged("w1", "A", elapsed=30.998), *logged("w2", "B", elapsed=31.002)]
    one, two, longer = waits(written(tmp_path, *lines), result(elapsed=31.003), result(), result(elapsed=33.0))
    assert [one.faults[0].text[:1], two.faults[0].text[:1]] == ["B", "A"]
    assert longer.faults == ()


def test_each_logged_wait_is_taken_once(tmp_path: Path) -> None:
    one, two = waits(written(tmp_path, *logged("w1")), result(), result())
    assert (len(one.faults), len(two.faults)) == (1, 0)


@pytest.mark.parametrize(
    "lines",
    [
        logged("w1", time=BEFORE),
        logged("w1", host="web2"),
        ["", "5", "[]", "{}", '{"time": 7}', "\x00", event("w1", "ended", 31.0)],
        logged("w1")[:-1],
    ],
    ids=["of an earlier run", "of another host", "no events", "not ended"],
)
def test_other_lines_are_no_use(tmp_path: Path, lines: list[str]) -> None:
    [wait] = waits(written(tmp_path, *lines))
    assert (wait.faults, wait.polls) == ((), 3)


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, *logged("w0", "Old"), *logged("w1", "New"))
    monkeypatch.setattr(report_log, "LARGEST_READ", sum(len(line) + 1 for line in logged("w1", "New")) + 20)
    [wait] = waits(path)
    assert wait.faults[0].text.startswith("New")


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    [wait] = waits(str(tmp_path / "pipe"))
    assert wait.faults == ()


def test_a_log_on_another_machine_is_done_without(tmp_path: Path) -> None:
    [wait] = waits(str(tmp_path / "nowhere"))
    assert wait.states
