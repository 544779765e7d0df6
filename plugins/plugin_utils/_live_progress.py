# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the progress of a wait that runs in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from ._events import read_event
from ._progress import HEARTBEAT, Line, Progress
from ._screen import show


class LiveProgress:
    """``progress``: None if nothing is printed. A problem with the display never fails the wait."""

    def __init__(
        self,
        progress: Progress | None,
        show: Callable[[Line], None] = show,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._progress, self._show, self._clock, self._sleep = progress, show, clock, sleep

    def handle(self, line: bytes) -> None:
        """Print what an event, given as its line, is worth."""
        event = read_event(line)
        if event is not None and self._progress is not None:
            self._print(self._progress.handle(event, self._clock()))

    def sleep(self, seconds: float) -> None:
        """Sleep, and print a line now and then."""
        end = self._clock() + seconds
        while (left := end - self._clock()) > 0:
            self._sleep(min(left, HEARTBEAT))
            if self._progress is not None:
                self._print(self._progress.tick(self._clock()))

    def _print(self, lines: Iterable[Line]) -> None:
        try:
            for line in lines:
                self._show(line)
        except Exception:  # a problem with the display must not fail the wait
            self._progress = None
