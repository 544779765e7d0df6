# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that a module depends on: removed at the end of the task, the worker or the controller."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible import constants

from ansible_collections.cloudwait.aws.plugins.plugin_utils import _liveness_file
from ansible_collections.cloudwait.aws.plugins.plugin_utils._follower import Follower
from ansible_collections.cloudwait.aws.plugins.plugin_utils._liveness_file import LivenessFile
from ansible_collections.cloudwait.aws.plugins.plugin_utils._progress import Line, Progress

EVENT = (
    b'{"event": "after_attempt", "wait": "w", "service": "ec2", "waiter": "x", "operation": "X", "elapsed": 1,'
    b' "attempt": 1, "verdict": "not yet", "changed": true, "summary": "pending"}\n'
)


@pytest.fixture
def liveness_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LivenessFile:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    return LivenessFile()


def test_other_users_cannot_read_the_file(liveness_file: LivenessFile) -> None:
    assert stat.S_IMODE(liveness_file.path.stat().st_mode) == 0o600


def test_the_file_is_gone_after_the_task(liveness_file: LivenessFile) -> None:
    with liveness_file.removed_at_end():
        assert liveness_file.path.exists()
    assert not liveness_file.path.exists()


def test_the_file_is_gone_after_a_task_that_was_broken_off(liveness_file: LivenessFile) -> None:
    with pytest.raises(KeyboardInterrupt), liveness_file.removed_at_end():
        raise KeyboardInterrupt
    assert not liveness_file.path.exists()


def test_a_file_that_is_already_removed_is_no_error(liveness_file: LivenessFile) -> None:
    with liveness_file.removed_at_end():
        liveness_file.path.unlink()


@pytest.fixture
def handlers() -> Iterator[list[Any]]:
    """A new handler for each signal, so that it can't be one from an earlier test."""
    before = [(number, signal.getsignal(number)) for number in _liveness_file.DEADLY]
    made = [lambda _number, _frame: None for _signal in before]
    for (number, _handler), own in zip(before, made, strict=True):
        signal.signal(number, own)
    yield made
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.parametrize(
    "ends", [contextlib.nullcontext(), pytest.raises(KeyboardInterrupt)], ids=["well", "broken off"]
)
def test_signals_are_as_before_after_the_task(liveness_file: LivenessFile, handlers: list[Any], ends: Any) -> None:
    with ends, liveness_file.removed_at_end():
        assert not set(handlers).intersection(map(signal.getsignal, _liveness_file.DEADLY))
        if not isinstance(ends, contextlib.nullcontext):
            raise KeyboardInterrupt
    assert [signal.getsignal(number) for number in _liveness_file.DEADLY] == handlers


@pytest.mark.parametrize("number", _liveness_file.DEADLY)
def test_a_signal_removes_the_file_and_ends_the_process(number: signal.Signals, tmp_path: Path) -> None:
    script = f"""
import os, signal, time
from ansible import constants
constants.DEFAULT_LOCAL_TMP = {str(tmp_path)!r}
from ansible_collections.cloudwait.aws.plugins.plugin_utils._liveness_file import LivenessFile
signal.signal({number.value}, signal.SIG_DFL)  # a shell may ignore it
with LivenessFile().removed_at_end():
    os.kill(os.getpid(), {number.value})
    time.sleep(60)
"""
    command, environment = [sys.executable, "-c", script], {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert process.returncode == -number, process.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_handler_that_was_there_before_still_gets_the_signal(liveness_file: LivenessFile) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        with liveness_file.removed_at_end():
            os.kill(os.getpid(), signal.SIGTERM)
            assert not liveness_file.path.exists()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


def test_outside_the_main_thread_signals_are_left_alone(liveness_file: LivenessFile) -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen: list[bool] = []

    def run() -> None:
        with liveness_file.removed_at_end():
            seen.append(signal.getsignal(signal.SIGTERM) == before)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [True]
    assert not liveness_file.path.exists()


class Parent:
    """os.getppid for a process whose parent dies on request."""

    def __init__(self) -> None:
        self.number = 4711

    def __call__(self) -> int:
        return self.number


def follow(liveness_file: LivenessFile, show: Callable[[Line], None], during: Callable[[], None]) -> Follower:
    follower = Follower(liveness_file, Progress("web1", False, 120), show)
    with follower.following():
        during()
    return follower


def test_what_comes_last_is_printed_before_the_task_is_over(liveness_file: LivenessFile) -> None:
    lines: list[Line] = []
    follower = follow(liveness_file, lines.append, lambda: liveness_file.path.write_bytes(EVENT) and None)
    assert [line.text for line in lines] == ["web1: ec2 x: pending (attempt 1, 1 s)"]
    assert follower.has_events


def test_a_module_that_stopped_writing_has_had_events(liveness_file: LivenessFile) -> None:
    has_printed = threading.Event()

    def fall_silent() -> None:
        liveness_file.path.write_bytes(EVENT)
        assert has_printed.wait(30)

    assert follow(liveness_file, lambda _line: has_printed.set(), fall_silent).has_events


def test_a_module_without_events_is_noticed(liveness_file: LivenessFile) -> None:
    assert not follow(liveness_file, print, lambda: None).has_events


def test_without_a_thread_to_spare_the_task_runs_without_lines(
    liveness_file: LivenessFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_args: object) -> threading.Thread:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(f"{Follower.__module__}.start", none_left)
    has_run: list[bool] = []
    assert not follow(liveness_file, print, lambda: has_run.append(True)).has_events
    assert has_run == [True]


def test_the_thread_ends_with_a_task_that_was_broken_off(liveness_file: LivenessFile) -> None:
    def break_off() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(liveness_file, print, break_off)
    assert "cloudwait-progress" not in [thread.name for thread in threading.enumerate()]


def test_an_error_in_printing_fails_nothing_and_the_file_is_still_removed_when_the_controller_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, has_failed = Parent(), threading.Event()
    liveness_file = watched_by(parent, tmp_path, monkeypatch)

    def fails(_line: Line) -> None:
        has_failed.set()
        raise BrokenPipeError

    def print_and_die() -> None:
        liveness_file.path.write_bytes(EVENT)
        assert has_failed.wait(30)
        parent.number = 1

    follower = follow(liveness_file, fails, print_and_die)
    assert follower.has_events
    assert not liveness_file.path.exists()


def test_nothing_more_is_printed_after_an_error_in_printing(liveness_file: LivenessFile) -> None:
    """Ansible's display may be broken; the wait continues without progress lines."""
    lines: list[Line] = []
    has_failed = threading.Event()

    def fails(line: Line) -> None:
        lines.append(line)
        has_failed.set()
        raise BrokenPipeError

    def print_twice() -> None:
        liveness_file.path.write_bytes(EVENT)
        assert has_failed.wait(30)
        liveness_file.path.write_bytes(EVENT + EVENT.replace(b"pending", b"running"))

    follow(liveness_file, fails, print_twice)
    assert len(lines) == 1


def test_the_file_is_removed_when_the_controller_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = Parent()
    liveness_file = watched_by(parent, tmp_path, monkeypatch)

    def die() -> None:
        parent.number = 1

    follow(liveness_file, print, die)
    assert not liveness_file.path.exists()


def watched_by(parent: Parent, folder: Path, monkeypatch: pytest.MonkeyPatch) -> LivenessFile:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(folder))
    monkeypatch.setattr(os, "getppid", parent)
    return LivenessFile()
