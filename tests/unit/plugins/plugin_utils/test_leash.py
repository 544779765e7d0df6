# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file without which a module ends: gone with the task, with the worker and with the controller."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible import constants

from ansible_collections.cloudwait.aws.plugins.plugin_utils import _leash
from ansible_collections.cloudwait.aws.plugins.plugin_utils._follower import Follower
from ansible_collections.cloudwait.aws.plugins.plugin_utils._leash import Leash
from ansible_collections.cloudwait.aws.plugins.plugin_utils._progress import Line, Progress

EVENT = (
    b'{"event": "after_attempt", "wait": "w", "service": "ec2", "waiter": "x", "operation": "X", "elapsed": 1,'
    b' "attempt": 1, "verdict": "not yet", "changed": true, "summary": "pending"}\n'
)


@pytest.fixture
def leash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Leash:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    return Leash()


def test_nobody_else_can_read_the_file(leash: Leash) -> None:
    assert stat.S_IMODE(leash.path.stat().st_mode) == 0o600


def test_the_file_is_gone_after_the_task(leash: Leash) -> None:
    with leash.held():
        assert leash.path.exists()
    assert not leash.path.exists()


def test_the_file_is_gone_after_a_task_that_was_broken_off(leash: Leash) -> None:
    with pytest.raises(KeyboardInterrupt), leash.held():
        raise KeyboardInterrupt
    assert not leash.path.exists()


def test_a_file_that_somebody_else_removed_is_no_error(leash: Leash) -> None:
    with leash.held():
        leash.path.unlink()


def test_signals_are_as_before_after_the_task(leash: Leash) -> None:
    before = [signal.getsignal(number) for number in _leash.DEADLY]
    with leash.held():
        assert [signal.getsignal(number) for number in _leash.DEADLY] != before
    assert [signal.getsignal(number) for number in _leash.DEADLY] == before


@pytest.mark.parametrize("number", _leash.DEADLY)
def test_a_signal_cuts_the_leash_and_ends_the_process(number: signal.Signals, tmp_path: Path) -> None:
    script = f"""
import os, signal, time
from ansible import constants
constants.DEFAULT_LOCAL_TMP = {str(tmp_path)!r}
from ansible_collections.cloudwait.aws.plugins.plugin_utils._leash import Leash
signal.signal({number.value}, signal.SIG_DFL)  # a shell may have had it ignored
with Leash().held():
    os.kill(os.getpid(), {number.value})
    time.sleep(60)
"""
    command, environment = [sys.executable, "-c", script], {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert process.returncode == -number, process.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_handler_that_was_there_before_still_gets_the_signal(leash: Leash) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        with leash.held():
            os.kill(os.getpid(), signal.SIGTERM)
            assert not leash.path.exists()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


def test_outside_the_main_thread_signals_are_left_alone(leash: Leash) -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen: list[bool] = []

    def run() -> None:
        with leash.held():
            seen.append(signal.getsignal(signal.SIGTERM) == before)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [True]
    assert not leash.path.exists()


class Parent:
    """os.getppid, for a process whose parent dies when told to."""

    def __init__(self) -> None:
        self.number = 4711

    def __call__(self) -> int:
        return self.number


def follow(leash: Leash, show: Callable[[Line], None], during: Callable[[], None]) -> Follower:
    follower = Follower(leash, Progress("web1", False, 120), show)
    with follower.following():
        during()
    return follower


def test_what_comes_last_is_printed_before_the_task_is_over(leash: Leash) -> None:
    lines: list[Line] = []
    follower = follow(leash, lines.append, lambda: leash.path.write_bytes(EVENT) and None)
    assert [line.text for line in lines] == ["web1: ec2 x: pending (attempt 1, 1 s)"]
    assert follower.has_heard


def test_a_module_that_tells_nothing_is_noticed(leash: Leash) -> None:
    assert not follow(leash, print, lambda: None).has_heard


def test_an_error_in_printing_is_nobodys_failure(leash: Leash) -> None:
    def fails(_line: Line) -> None:
        raise BrokenPipeError

    follow(leash, fails, lambda: leash.path.write_bytes(EVENT) and None)


def test_the_leash_is_cut_when_the_controller_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = Parent()
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(os, "getppid", parent)
    leash = Leash()

    def die() -> None:
        parent.number = 1

    follow(leash, print, die)
    assert not leash.path.exists()
