# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast requests of one kind may be sent: a rate that throttling lowers and good answers raise again."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

LOWERED = 0.7
"""What is left of the rate after a throttle."""
RAISED = 2.0
"""Requests per second that a second without throttles adds."""
LEAST, FREE = 0.5, 100.0
"""Requests per second: never slower than the one; from the other on there is no need to hold back."""
ONE_SIGN = 0.5
"""Seconds: throttles closer together than this are of requests that were on their way together."""


class Limiter:
    """Paces the requests that share one quota. Safe to be used by several threads.

    Additive increase, multiplicative decrease: until the first throttle nothing is held back.
    """

    def __init__(
        self, clock: Callable[[], float], sleep: Callable[[float], None], max_rate: float | None = None
    ) -> None:
        """``max_rate``: requests per second that are never exceeded, None for no such bound."""
        self._clock, self._sleep, self._ceiling = clock, sleep, max_rate
        self._rate = max_rate
        self._next = self._raised_at = clock()
        self._lowered_at: float | None = None
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Come back when the next request may be sent."""
        with self._lock:
            now = self._clock()
            at = max(now, self._next)
            if self._rate is not None:
                self._next = at + 1 / self._rate
            self._recent.append(at)
            while self._recent[0] < at - 1:
                self._recent.popleft()
        if at > now:
            self._sleep(at - now)

    def throttled(self) -> None:
        """AWS has asked to slow down."""
        with self._lock:
            now = self._clock()
            if self._lowered_at is not None and now - self._lowered_at < ONE_SIGN:
                return
            self._raise()
            rate = self._rate if self._rate is not None else float(len(self._recent) or 1)
            self._rate = max(min(LEAST, rate), rate * LOWERED)
            self._lowered_at = now
            self._next = max(self._next, now + 1 / self._rate)

    def answered(self) -> None:
        """A request went through."""
        with self._lock:
            self._raise()

    def _raise(self) -> None:
        now = self._clock()
        if self._rate is not None and self._rate != self._ceiling:
            self._rate += RAISED * (now - self._raised_at)
            if self._ceiling is not None:
                self._rate = min(self._rate, self._ceiling)
            elif self._rate >= FREE:
                self._rate = None
        self._raised_at = now
