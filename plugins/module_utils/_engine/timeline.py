# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When what is observed has changed, and what it was then: the first and the last changes, where there are many."""

from __future__ import annotations

from collections import deque
from typing import Any

from .._definition.expression import Expression
from .._definition.fingerprint import fingerprint
from .._definition.text import LARGEST_SIGHTING, bounded
from .outcome import StateChange

MOST_SIGHTINGS = 500
LARGEST_TIMELINE = 250_000
"""Characters of all that a timeline holds."""


class Timeline:
    """The changes of what is observed in one wait. ``show`` selects that from an answer."""

    def __init__(self, show: Expression | None) -> None:
        self._show = show
        self._last_seen: int | None = None
        self._first: list[StateChange] = []
        self._last: deque[tuple[StateChange, int]] = deque()
        self._size_of_first = self._size_of_last = 0
        self.left_out = 0

    def take(self, elapsed: float, attempt: int, observed: Any) -> bool:
        """Whether this differs from what was observed before; if so it is kept."""
        seen = fingerprint(observed, self._show)
        if seen == self._last_seen:
            return False
        self._last_seen = seen
        kept, size = bounded(observed, LARGEST_SIGHTING)
        self._keep(StateChange(elapsed, attempt, kept), size)
        return True

    def _keep(self, sighting: StateChange, size: int) -> None:
        most, largest = MOST_SIGHTINGS // 2, LARGEST_TIMELINE // 2
        if not self._last and len(self._first) < most and self._size_of_first + size <= largest:
            self._first.append(sighting)
            self._size_of_first += size
            return
        self._last.append((sighting, size))
        self._size_of_last += size
        while len(self._last) > most or self._size_of_last > largest:
            _sighting, dropped = self._last.popleft()
            self._size_of_last -= dropped
            self.left_out += 1

    @property
    def sightings(self) -> tuple[StateChange, ...]:
        return (*self._first, *(sighting for sighting, _size in self._last))
