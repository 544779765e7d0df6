# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does jobs side by side in threads, and says which are done."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any

from .thread import start

Job = Callable[[], Any]


class Done:
    """A job that is done: what it was for, and what came of it."""

    def __init__(self, key: Any, result: Any = None, error: BaseException | None = None) -> None:
        self.key, self._result, self._error = key, result, error

    @property
    def result(self) -> Any:
        """What the job returned; raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._result


class Pool:
    """A thread for each job, used again for later ones. How many run at once is up to whoever submits them.

    The threads are daemons: a request that hangs keeps no process alive.
    """

    def __init__(self) -> None:
        self._threads = self._under_way = 0
        self._jobs: queue.SimpleQueue[tuple[Any, Job] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done | None] = queue.SimpleQueue()

    def submit(self, key: Any, job: Job) -> None:
        """Do the job. RuntimeError where the system has no thread for it."""
        self._under_way += 1
        self._jobs.put((key, job))
        if self._threads < self._under_way:
            try:
                start(self._work, f"cloudwait-{self._threads + 1}")
            except RuntimeError:
                if not self._threads:
                    raise
                return  # one of the others takes it when it is free
            self._threads += 1

    def wait(self, seconds: float | None) -> list[Done]:
        """The jobs that are done by now; where none is, come back when one is, the time has passed or it is woken.

        ``seconds``: None for any time; there must be a job under way then, or somebody who wakes it.
        """
        found: list[Done | None] = []
        try:
            found.append(self._done.get(timeout=seconds))
            while True:
                found.append(self._done.get_nowait())
        except queue.Empty:
            pass
        done = [job for job in found if job is not None]
        self._under_way -= len(done)
        return done

    def wake(self) -> None:
        """Let ``wait`` come back at once. From any thread."""
        self._done.put(None)

    def close(self) -> None:
        """Let the threads end, each when its job is done. Nothing more is submitted."""
        for _thread in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while (given := self._jobs.get()) is not None:
            key, job = given
            try:
                done = Done(key, job())
            except BaseException as error:
                done = Done(key, error=error)
            self._done.put(done)
