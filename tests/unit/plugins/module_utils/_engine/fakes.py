# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that moves when told to, and randomness that is none."""

from __future__ import annotations


class Clock:
    """Seconds that pass only by ``sleep``, which is all that a wait may do to pass them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def elapsed(self) -> float:
        """Seconds since the clock was made."""
        return self.now - 1000


def full() -> float:
    """The number that makes backoffs with jitter as long as those without."""
    return 1.0
