# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A quota of AWS's on a clock that moves when told to."""

from __future__ import annotations

from tests.unit.plugins.module_utils._engine.fakes import Clock


class Bucket:
    """EC2's for describes: so many requests at once, so many per second."""

    def __init__(self, clock: Clock, burst: float = 100.0, refill: float = 20.0) -> None:
        self._clock, self._burst, self._refill = clock, burst, refill
        self._tokens, self._filled_at = burst, clock.now
        self.taken = self.denied = 0

    def take(self) -> bool:
        """Whether the request is let through."""
        gained = (self._clock.now - self._filled_at) * self._refill
        self._tokens, self._filled_at = min(self._burst, self._tokens + gained), self._clock.now
        if self._tokens < 1:
            self.denied += 1
            return False
        self._tokens -= 1
        self.taken += 1
        return True
