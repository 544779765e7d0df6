# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No orphans: a wait whose task was killed ends, whether it sleeps or waits for an answer."""

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
    """Nobody waits for this wait any more. What rides out every Exception of a request doesn't ride out this."""


class Watch:
    """Sleeps and polls for a wait, and raises Abandoned out of either as soon as the task was killed.

    It was where one of ``signs`` says so, which are looked at twice a second, and where SIGTERM or its like comes. In
    between (when a line is written, say) a signal is kept for the next sleep or poll. For the main thread alone.
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
            # who ignores a hang-up (nohup) or Ctrl-C (a shell's background jobs) means to live on
            if number is signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN:
                self._handlers[number] = signal.signal(number, self._on_signal)
        if self._signs:
            start(self._patrol, "cloudwait-watch")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        for number, handler in self._handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def sleep(self, seconds: float) -> None:
        self._guard(self._sleep, seconds)

    def polls(self, poll: Callable[[float | None], PollResult]) -> Callable[[float | None], PollResult]:
        """The same, watched over. A request that is under way is left behind."""
        return lambda budget: self._guard(poll, budget)

    def workers(self, workers: Workers) -> Workers:
        """The same, watched over while it is waited for."""
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

    def _patrol(self) -> None:
        """Look after the main thread while it can't do so itself: it hangs in a request, or it sleeps."""
        main = threading.main_thread().ident
        while not self._over.wait(self._every):
            if main is not None and self._is_abandoned():
                # only a signal gets it out of a system call, and only one that is sent to this very thread
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
    """By what a killed task is known: its file of ``progress`` was removed, or nobody reads what it prints."""
    found = (file_is_gone(progress) if progress else None, reader_is_gone())
    return [sign for sign in found if sign is not None]


def file_is_gone(path: str) -> Sign:
    """Whether the file has been removed; one that can't be looked at is there."""

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
    """Whether nobody holds the other end of a pipe or a socket; None where it is neither."""
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return None
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return None

    def gone() -> bool:
        poll = select.poll()  # one of its own for each look, as two threads must not share one
        poll.register(descriptor, 0)  # what is looked for is told unasked
        return any(happened & (select.POLLERR | select.POLLHUP) for _descriptor, happened in poll.poll(0))

    return gone
