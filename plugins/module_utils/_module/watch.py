# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a wait whose task was killed, even while it sleeps or waits for a response."""

from __future__ import annotations

import os
import select
import signal
import stat
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .._engine.poll_result import PollResult
from .._engine.thread import start

if TYPE_CHECKING:
    from .._engine.groups import Workers
    from .._engine.pool import Done

EVERY = 0.5
STDOUT = 1

Sign = Callable[[], bool]
Given = TypeVar("Given")
Gives = TypeVar("Gives")


class Abandoned(BaseException):
    """The task of this wait was killed. A BaseException, because request errors of the type Exception are retried."""


class Watch:
    """Sleeps and polls for a wait, and raises Abandoned from either as soon as the task is killed.

    The task counts as killed if one of ``signs`` is true (checked twice a second), or on SIGTERM, SIGHUP or SIGINT.
    A signal that arrives at another time, such as while a line is written, takes effect at the next sleep or poll.
    Only for the main thread.
    """

    def __init__(
        self, signs: Sequence[Sign] = (), sleep: Callable[[float], None] = time.sleep, every: float = EVERY
    ) -> None:
        self._signs, self._sleep, self._every = signs, sleep, every
        self._over = threading.Event()
        self._abandoned = self._may_raise = False
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Watch:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            # keep ignoring SIGHUP (nohup) and SIGINT (background jobs of a shell)
            if number is signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN:
                self._handlers[number] = signal.signal(number, self._on_signal)
        if self._signs:
            start(self._watch, "cloudwait-watch")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        for number, handler in self._handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def sleep(self, seconds: float) -> None:
        self._guard(self._sleep, seconds)

    def polls(self, poll: Callable[[float | None], PollResult]) -> Callable[[float | None], PollResult]:
        """``poll``, interrupted when the task is killed. A request in flight is abandoned."""
        return lambda budget: self._guard(poll, budget)

    def workers(self, workers: Workers) -> Workers:
        """``workers``, whose ``wait`` is interrupted when the task is killed."""
        return _Watched(workers.submit, lambda seconds: self._guard(workers.wait, seconds), workers.wake)

    def _guard(self, work: Callable[[Given], Gives], given: Given) -> Gives:
        self._may_raise = True
        try:
            if self._abandoned or self._is_abandoned():
                raise Abandoned
            return work(given)
        finally:
            self._may_raise = False

    def _is_abandoned(self) -> bool:
        return any(sign() for sign in self._signs)

    def _watch(self) -> None:
        """Interrupt the main thread while it is blocked in a request or a sleep."""
        main = threading.main_thread().ident
        while not self._over.wait(self._every):
            if main is not None and self._is_abandoned():
                # only a signal to this very thread interrupts its system call
                signal.pthread_kill(main, signal.SIGTERM)
                return

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._abandoned = True
        if self._may_raise:
            raise Abandoned


class _Watched(NamedTuple):
    submit: Callable[[Any, Callable[[], Any]], None]
    wait: Callable[[float | None], list[Done]]
    wake: Callable[[], None]


def signs_of_end(progress: str | None) -> list[Sign]:
    """The signs of a killed task: its ``progress`` file was removed, or the reader of its output is gone."""
    found = (file_is_gone(progress) if progress else None, reader_is_gone())
    return [sign for sign in found if sign is not None]


def file_is_gone(path: str) -> Sign:
    """Whether the file has been removed; a file that can't be inspected counts as present."""

    def gone() -> bool:
        try:
            os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except (OSError, ValueError):
            return False
        return False

    return gone


def reader_is_gone(descriptor: int = STDOUT) -> Sign | None:
    """Whether the other end of a pipe or a socket is closed; None if it is neither."""
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return None
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return None

    def gone() -> bool:
        poll = select.poll()  # a new one for each check, as two threads must not share it
        poll.register(descriptor, 0)  # POLLERR and POLLHUP are always reported
        return any(happened & (select.POLLERR | select.POLLHUP) for _descriptor, happened in poll.poll(0))

    return gone
