# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the events of a module while it runs, and ends the module if the controller dies."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator

from ..module_utils._engine.thread import start
from ._events import Tail
from ._liveness_file import LivenessFile
from ._progress import Line, Progress

PAUSE = 0.2
LONGEST_LAST_PRINT = 5.0
"""Seconds that printing may take once the module has ended."""


class Follower:
    """Follows one run of a module in a thread. ``progress``: None if nothing is printed."""

    def __init__(self, liveness_file: LivenessFile, progress: Progress | None, show: Callable[[Line], None]) -> None:
        self._liveness_file, self._progress, self._show = liveness_file, progress, show
        self._tail = Tail(liveness_file.path)
        self._over = threading.Event()
        self.has_events = False

    @contextlib.contextmanager
    def following(self) -> Iterator[None]:
        """Follow while the block runs; print the last lines before it is left."""
        thread = None
        with contextlib.suppress(RuntimeError):  # the system can't start another thread
            thread = start(self._follow, "cloudwait-progress")
        try:
            yield
        finally:
            self._over.set()
            if thread is not None:
                thread.join(LONGEST_LAST_PRINT)

    def _follow(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._over.wait(PAUSE)
            if self._liveness_file.is_orphaned():
                self._liveness_file.remove()
                break
            try:
                self._print()
            except Exception:  # a problem with the display must not fail the wait
                self._progress = None
        self._tail.close()

    def _print(self) -> None:
        now = time.monotonic()
        events = self._tail.read()
        self.has_events = self.has_events or bool(events)
        if self._progress is not None:
            for event in events:
                self._print_all(self._progress.handle(event, now))
            self._print_all(self._progress.tick(now))

    def _print_all(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self._show(line)
