# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which request is sent next, and when: a place must be free for it, and its quota must allow it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable
from typing import Any, NamedTuple

from .limiter import Limiter

SLOW = 1.0
"""Seconds after which a request no longer keeps the requests of other quotas waiting for its place."""
HUNG = 10.0
"""Seconds after which a request holds no place at all: an answer so late hardly ever comes."""


class Quota(NamedTuple):
    """What requests have in common. ``lane``: their service, region and account; ``limiter``: their rate."""

    lane: Hashable
    limiter: Limiter


class Dispatcher:
    """Holds what is to be sent until it may be. At most ``places`` requests are under way, slow ones not counted.

    Lanes take turns, the one with the fewest requests under way first, and no lane gets all places where there are
    several; what is slow counts for its own quota alone. Within a quota it is first come, first served.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._lanes: set[Hashable] = set()
        self._waiting: dict[Quota, deque[Any]] = {}
        self._under_way: dict[Any, tuple[Quota, float]] = {}

    def expect(self, quota: Quota) -> None:
        """Requests of this quota are to come: other lanes leave it a place."""
        self._lanes.add(quota.lane)

    @property
    def _most_of_lane(self) -> int:
        return max(1, self._places - 1) if len(self._lanes) > 1 else self._places

    def put(self, quota: Quota, item: Any, first: bool = False) -> None:
        """Add what is to be sent. ``first``: before the others of its quota."""
        queue = self._waiting.setdefault(quota, deque())
        (queue.appendleft if first else queue.append)(item)

    def take(self, now: float) -> tuple[Quota, Any] | None:
        """Remove what may be sent now and is next; None where nothing may."""
        if not self._waiting:
            return None
        quick = [quota for quota, sent_at in self._under_way.values() if now - sent_at < SLOW]
        if len(quick) >= self._places:
            return None
        held = [quota for quota, sent_at in self._under_way.values() if now - sent_at < HUNG]
        quick_of_lane, of_quota = Counter(quota.lane for quota in quick), Counter(held)
        most = self._most_of_lane
        free = [
            quota
            for quota in self._waiting
            if max(quick_of_lane[quota.lane], of_quota[quota]) < most and quota.limiter.ready_at(now) <= now
        ]
        if not free:
            return None
        of_lane = Counter(quota.lane for quota in held)
        quota = min(free, key=lambda quota: of_lane[quota.lane])
        queue = self._waiting.pop(quota)
        item = queue.popleft()
        if queue:
            self._waiting[quota] = queue  # behind the others: they take turns
        return quota, item

    def next_at(self, now: float) -> float | None:
        """When to try again, if no request ends before; None where nothing waits or only such an end can help."""
        if not self._waiting:
            return None
        times = [quota.limiter.ready_at(now) for quota in self._waiting]
        times += [sent_at + bound for _quota, sent_at in self._under_way.values() for bound in (SLOW, HUNG)]
        return min((at for at in times if at > now), default=None)

    def sent(self, quota: Quota, key: Any, now: float) -> None:
        """A request, known by its key, is under way."""
        quota.limiter.sent(now)
        self._under_way[key] = (quota, now)

    def ended(self, key: Any) -> None:
        """A request has been answered or given up."""
        self._under_way.pop(key, None)
