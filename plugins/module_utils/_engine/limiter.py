# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the requests that share one quota may be sent: throttling lowers the rate, good answers raise it again."""

from __future__ import annotations

from collections import deque

LOWERED = 0.7
"""What is left of the rate after a throttled request."""
RAISED = 2.0
"""Requests per second that a second without throttling adds."""
LEAST, FREE = 0.5, 100.0
"""Requests per second: the lowest rate, and the one from which on nothing is held back."""
ONE_SIGN = 0.5
"""Seconds: requests that are throttled closer together than this were under way together and count once."""


class Limiter:
    """Additive increase, multiplicative decrease; nothing is held back before the first throttled request.

    It keeps no time and never sleeps: ``now`` is in monotonic seconds and never goes back.
    """

    def __init__(self, max_rate: float | None = None) -> None:
        """``max_rate``: requests per second that are never exceeded, None for no such bound."""
        self.max_rate = self._rate = max_rate
        self._next: float | None = None
        self._raised_at: float | None = None
        self._lowered_at: float | None = None
        self._recent: deque[float] = deque()

    def ready_at(self, now: float) -> float:
        """When the next request may be sent: ``now`` or later."""
        return now if self._next is None else max(now, self._next)

    def sent(self, now: float) -> None:
        """A request is sent."""
        if self._rate is not None:
            self._next = max(now, self._next or now) + 1 / self._rate
        self._recent.append(now)
        while self._recent[0] < now - 1:
            self._recent.popleft()

    def throttled(self, now: float) -> None:
        """AWS has throttled a request."""
        if self._lowered_at is not None and now - self._lowered_at < ONE_SIGN:
            return
        self._raise(now)
        rate = self._rate if self._rate is not None else float(len(self._recent) or 1)
        self._rate = max(min(LEAST, rate), rate * LOWERED)
        self._lowered_at = now
        self._next = max(self._next or now, now + 1 / self._rate)

    def answered(self, now: float) -> None:
        """A request was not throttled."""
        self._raise(now)

    def _raise(self, now: float) -> None:
        since = now if self._raised_at is None else self._raised_at
        if self._rate is not None and self._rate != self.max_rate:
            self._rate += RAISED * (now - since)
            if self.max_rate is not None:
                self._rate = min(self._rate, self.max_rate)
            elif self._rate >= FREE:
                self._rate = None
        self._raised_at = now
