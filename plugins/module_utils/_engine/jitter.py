# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Randomness in delays, so that waits that were throttled together don't retry together."""

from __future__ import annotations

from collections.abc import Callable

Draw = Callable[[], float]
"""Gives a random number from 0 to 1."""
RENEWED_AFTER = 1.0
"""Seconds: waits of one group that sleep from about the same time on have the same number."""


class SharedDraw:
    """One random number for all waits that share requests, so that those that sleep together also wake together."""

    def __init__(self, draw: Draw, clock: Callable[[], float]) -> None:
        self._draw, self._clock = draw, clock
        self._drawn, self._drawn_at = draw(), clock()

    def __call__(self) -> float:
        return self._drawn

    def renew(self) -> None:
        """Draw another number before responses are handed out, unless the last one is recent."""
        now = self._clock()
        if now - self._drawn_at >= RENEWED_AFTER:
            self._drawn, self._drawn_at = self._draw(), now
