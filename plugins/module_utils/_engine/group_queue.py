# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits of one group between two polls: who asks with whom, and when."""

from __future__ import annotations

from .groups import Group

MAY_BE_LATE = 0.1
"""Without a deadline, an attempt may come later than it is due by this part of the pause before it, to share a request,
and by one delay at most.

With one it may not: the last attempts before the deadline could be too late.
"""


class GroupQueue:
    """The waits of one group that sleep, and those that are due.

    ``under_way``: the polls that have not ended; ``is_put``: the dispatcher has been told that some are to be asked.
    """

    def __init__(self, group: Group) -> None:
        self.group = group
        self.under_way = 0
        self.is_put = False
        self._sleeping: dict[int, float] = {}
        self._due: dict[int, None] = {}
        self._at_latest = 0.0
        self._joins_at: float | None = None

    def sleep(self, number: int, until: float) -> None:
        """A wait sleeps until then."""
        self._sleeping[number] = until

    def line_up(self, number: int, now: float, patience: float) -> None:
        """A wait is to be part of the next poll. ``patience``: seconds that it may wait for others."""
        at_latest = now + patience
        self._at_latest = min(self._at_latest, at_latest) if self._due else at_latest
        self._due[number] = None

    def leave(self, number: int) -> None:
        """A wait sleeps no more, or is part of the next poll no more."""
        self._sleeping.pop(number, None)
        self._due.pop(number, None)

    def asks_at(self, now: float) -> float | None:
        """When those that are due ask, unless something changes before; None where nobody is, or where they may.

        They wait a little for an answer that is to come, or for others that are due soon.
        """
        if self.is_put or not self._due:
            return None
        return self._at_latest if self.under_way else min(self._at_latest, self._last_to_join(now))

    def put(self) -> None:
        """Those that are due may ask as soon as the dispatcher lets them."""
        self._joins_at, self.is_put = None, True

    def take(self) -> list[int]:
        """Those that ask now. In order, so that the same ids make the same requests."""
        members, self._due, self.is_put = sorted(self._due), {}, False
        return members

    def _last_to_join(self, now: float) -> float:
        """When the last of those is due for whom the others can wait."""
        if self._joins_at is None:
            self._joins_at = max((at for at in self._sleeping.values() if at <= self._at_latest), default=now)
        return self._joins_at
