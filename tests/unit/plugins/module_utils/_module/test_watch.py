# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait whose task was killed ends immediately, whatever it is doing."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._module.watch import (
    Abandoned,
    Watch,
    file_is_gone,
    reader_is_gone,
)

OFTEN = 0.01  # seconds between two checks, so that no test takes long
HANGS = 60.0  # the duration of a request or sleep that nothing interrupts


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Every test restores the signal handlers and leaves no thread behind.

    A shell may have had one ignored (nohup, a job in the background), and that is left alone.
    """
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    callers = [signal.signal(number, signal.SIG_DFL) for number in numbers]
    yield
    found = [signal.signal(number, handler) for number, handler in zip(numbers, callers, strict=True)]
    assert found == [signal.SIG_DFL] * len(numbers)
    for thread in threading.enumerate():
        if thread.name == "cloudwait-watch":
            thread.join(HANGS)


def hang(_seconds: float | None) -> Any:
    time.sleep(HANGS)


def hang_in_a_thread(_budget: float | None) -> PollResult:
    thread = threading.Thread(target=hang, args=[None], daemon=True)
    thread.start()
    thread.join(HANGS)
    return PollResult()


def ride_out(_budget: float | None) -> PollResult:
    """A request that turns any Exception into a transient error."""
    try:
        time.sleep(HANGS)
    except Exception:
        return PollResult()
    return PollResult()


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def soon(do: Callable[[], Any]) -> None:
    timer = threading.Timer(OFTEN, do)
    timer.daemon = True
    timer.start()


STUCK = {
    "asleep": lambda watch: watch.sleep(HANGS),
    "in a request": lambda watch: watch.polls(hang)(None),
    "in a request that rides out errors": lambda watch: watch.polls(ride_out)(None),
    "in a request with a budget": lambda watch: watch.polls(hang_in_a_thread)(HANGS),
}
stuck = pytest.mark.parametrize("wait", STUCK.values(), ids=STUCK.keys())


@stuck
def test_a_wait_ends_when_its_file_is_removed(wait: Callable[[Watch], None], tmp_path: Path) -> None:
    (tmp_path / "progress").touch()
    soon((tmp_path / "progress").unlink)
    with pytest.raises(Abandoned), Watch([file_is_gone(str(tmp_path / "progress"))], every=OFTEN) as watch:
        wait(watch)


@stuck
def test_a_wait_ends_when_the_reader_of_its_output_is_gone(wait: Callable[[Watch], None]) -> None:
    reader, writer = os.pipe()
    sign = reader_is_gone(writer)
    assert sign is not None
    soon(lambda: os.close(reader))
    with pytest.raises(Abandoned), Watch([sign], every=OFTEN) as watch:
        wait(watch)
    os.close(writer)


@stuck
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_wait_ends_on_a_signal(wait: Callable[[Watch], None], number: signal.Signals) -> None:
    with Watch() as watch:
        soon(lambda: os.kill(os.getpid(), number))
        with pytest.raises(Abandoned):
            wait(watch)


def test_a_signal_in_between_is_kept_for_the_next_sleep_or_poll() -> None:
    """A write in progress is completed."""
    asked: list[float | None] = []
    slept: list[float] = []
    with Watch(sleep=slept.append) as watch:
        terminate()
        with pytest.raises(Abandoned):
            watch.sleep(5)
        with pytest.raises(Abandoned):
            watch.polls(lambda budget: asked.append(budget) or PollResult())(None)
    assert (slept, asked) == ([], [])


def test_an_abandoned_wait_sends_no_more_requests() -> None:
    """Even if nothing has checked for a while."""
    asked: list[float | None] = []
    gone: list[bool] = []
    with Watch([lambda: bool(gone)], every=HANGS) as watch:
        poll = watch.polls(lambda budget: asked.append(budget) or PollResult())
        poll(None)
        gone.append(True)
        with pytest.raises(Abandoned):
            poll(None)
    assert asked == [None]


def test_a_wait_that_is_not_abandoned_continues() -> None:
    looks = threading.Semaphore(0)

    def is_there() -> bool:
        looks.release()
        return False

    def poll(_budget: float | None) -> PollResult:
        for _look in range(4):
            assert looks.acquire(timeout=30)
        return PollResult()

    with Watch([is_there], every=OFTEN) as watch:
        assert watch.polls(poll)(None) == PollResult()


def test_sigterm_ends_a_wait_that_was_started_with_it_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with Watch() as watch:
            terminate()
            with pytest.raises(Abandoned):
                watch.sleep(0)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_second_signal_changes_nothing() -> None:
    with Watch() as watch:
        soon(terminate)
        with pytest.raises(Abandoned):
            watch.sleep(HANGS)
        terminate()


def test_sleeps_and_polls_are_those_that_were_handed_in() -> None:
    slept: list[float] = []
    with Watch(sleep=slept.append) as watch:
        watch.sleep(3600)
        assert watch.polls(lambda budget: PollResult(status=int(budget or 0)))(7.0) == PollResult(status=7)
    assert slept == [3600]


def test_what_a_poll_raises_comes_through() -> None:
    def fail(_budget: float | None) -> PollResult:
        raise KeyError("x")

    with Watch() as watch, pytest.raises(KeyError):
        watch.polls(fail)(None)


def test_without_a_sign_there_is_no_thread() -> None:
    before = threading.active_count()
    with Watch():
        assert threading.active_count() == before


def test_a_hang_up_that_is_ignored_stays_ignored() -> None:
    """That is what nohup does."""
    slept: list[float] = []
    handler = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Watch(sleep=slept.append) as watch:
            os.kill(os.getpid(), signal.SIGHUP)
            watch.sleep(1)
    finally:
        signal.signal(signal.SIGHUP, handler)
    assert slept == [1]


def test_a_file_is_gone_only_when_it_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not file_is_gone(str(tmp_path / "file"))()
    assert file_is_gone(str(tmp_path / "other"))()
    assert file_is_gone(str(tmp_path / "no" / "folder"))()
    assert not file_is_gone(str(tmp_path / ("x" * 300)))(), "what can't be looked at may well be there"
    (tmp_path / "file").unlink()
    assert file_is_gone(str(tmp_path / "file"))()


def test_a_pipe_and_a_socket_tell_when_their_reader_is_gone() -> None:
    reader, writer = os.pipe()
    ours, theirs = socket.socketpair()
    signs = [reader_is_gone(writer), reader_is_gone(ours.fileno())]
    assert [sign is not None and sign() for sign in signs] == [False, False]
    os.write(writer, b"x" * 4096)  # unread data is no sign
    theirs.shutdown(socket.SHUT_WR)  # neither is the end of the input
    assert [sign is not None and sign() for sign in signs] == [False, False]
    os.close(reader)
    theirs.close()
    assert [sign is not None and sign() for sign in signs] == [True, True]
    os.close(writer)
    ours.close()


def test_a_file_as_output_has_no_reader_to_go(tmp_path: Path) -> None:
    with (tmp_path / "output").open("w") as file:
        assert reader_is_gone(file.fileno()) is None
        number = file.fileno()
    assert reader_is_gone(number) is None
    with open(os.devnull, "w") as nowhere:
        assert reader_is_gone(nowhere.fileno()) is None
