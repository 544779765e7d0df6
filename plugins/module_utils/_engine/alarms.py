# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done at a time."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class Alarms:
    """Actions by the times at which they are due, in monotonic seconds; those of one time in the order of setting."""

    def __init__(self) -> None:
        self._set: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def at(self, time: float, action: Callable[[], None]) -> None:
        """Do something at that time."""
        heapq.heappush(self._set, (time, next(self._numbers), action))

    def ring(self, now: float) -> None:
        """Do what has become due."""
        while self._set and self._set[0][0] <= now:
            heapq.heappop(self._set)[2]()

    @property
    def next_at(self) -> float | None:
        """When the next action is due, None where there is none."""
        return self._set[0][0] if self._set else None
