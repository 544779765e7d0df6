# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers on a clock that moves when told to: one that does each job at once, and several side by side."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from tests.unit.plugins.module_utils._engine.fakes import Clock

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.pool import Done

Job = Callable[[], Any]


def do(key: Any, job: Job) -> Done:
    try:
        return Done(key, job())
    except BaseException as error:
        return Done(key, error=error)


class AtOnce:
    """Does each job when it is submitted. Time passes where nothing is left to be done, and where a job sleeps."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._done: list[Done] = []
        self._is_woken = False

    def submit(self, key: Any, job: Job) -> None:
        self._done.append(do(key, job))

    def wake(self) -> None:
        self._is_woken = True

    def wait(self, seconds: float | None) -> list[Done]:
        found, self._done = self._done, []
        is_woken, self._is_woken = self._is_woken, False
        if not found and not is_woken:
            assert seconds is not None, "nothing is under way, and nothing will ever be due"
            self._clock.now += seconds
        return found


class Lanes:
    """So many workers side by side. Each job has a thread, of which one at a time runs, until it sleeps or is done."""

    def __init__(self, clock: Clock, size: int) -> None:
        """``size``: the ``concurrency`` of the task; how many jobs run at once is up to whoever submits them."""
        self._clock, self.size = clock, size
        self._jobs: deque[tuple[Any, Job]] = deque()
        self._done: list[Done] = []
        self._asleep: list[tuple[float, int, threading.Semaphore]] = []
        self._places = itertools.count()
        self._paused = threading.Semaphore(0)
        self._is_woken = False

    def wake(self) -> None:
        self._is_woken = True

    def sleep(self, seconds: float) -> None:
        """What a job does to pass time."""
        lane = threading.Semaphore(0)
        heapq.heappush(self._asleep, (self._clock.now + seconds, next(self._places), lane))
        self._paused.release()
        lane.acquire()

    def submit(self, key: Any, job: Job) -> None:
        self._jobs.append((key, job))

    def wait(self, seconds: float | None) -> list[Done]:
        until = None if seconds is None else self._clock.now + seconds
        while True:
            while self._jobs:
                self._start(*self._jobs.popleft())
            if self._done or self._is_woken:
                self._is_woken = False
                break
            if self._asleep and (until is None or self._asleep[0][0] <= until):
                self._clock.now, _place, lane = heapq.heappop(self._asleep)
                lane.release()
                self._paused.acquire()
                continue
            assert until is not None, "nothing is under way, and nothing will ever be due"
            self._clock.now = until
            break
        found, self._done = self._done, []
        return found

    def _start(self, key: Any, job: Job) -> None:
        def run() -> None:
            done = do(key, job)
            self._done.append(done)
            self._paused.release()

        threading.Thread(target=run, daemon=True).start()
        self._paused.acquire()
