# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll: a pure timetable of attempts, pauses and the deadline."""

from __future__ import annotations

from typing import NamedTuple

from .._definition.model import Backoff

LEAST_PAUSE = 0.05
"""Seconds before a retry, however small the number that was drawn."""
FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 10.0
LEAST_TRANSIENT_BOUND = 300.0
SET_UP_PAUSES = (2.0, 5.0)
"""Between the tries to reach an endpoint that has never answered: three tries within about 10 s."""
SLIVER = 1e-6
LAST_REQUEST = 1.0
ONLY_REQUEST = 5.0
SAME_MOMENT = 1.0
LONGEST_REQUEST = 300.0
"""Seconds for a request where there is no other bound: a trickle of bytes keeps every read within its time-out."""


class Pause(NamedTuple):
    """A sleep of ``seconds``; ``last``: it ends on the deadline, and one poll follows."""

    seconds: float
    last: bool = False


class Schedule(NamedTuple):
    """The timing of one wait, times in seconds. ``max_attempts`` and ``timeout``: None where there is no such bound.

    ``transient_bound`` is how long transient errors may last in all where there is no ``timeout``.
    ``once``: look once and never sleep (check mode). ``jitter``: backoffs are random; where it is set, ``drawn`` is a
    random number from 0 to 1, and 1 the longest delay.
    """

    delay: float = 5.0
    max_attempts: int | None = None
    timeout: float | None = None
    initial_delay: float = 0.0
    backoff: Backoff = Backoff.FIXED
    max_delay: float = 120.0
    consecutive: int = 1
    transient_bound: float = LEAST_TRANSIENT_BOUND
    once: bool = False
    jitter: bool = False

    def first(self) -> Pause:
        """The pause before the first poll."""
        if self.once:
            return Pause(0.0)
        return self._until(self.initial_delay, 0.0) or Pause(0.0, last=True)

    def is_nearly_over(self, elapsed: float) -> bool:
        """Whether the deadline falls in the same second. A wait that is cancelled then has timed out."""
        return self.timeout is not None and elapsed >= self.timeout - SAME_MOMENT

    def resume(self, due: float, elapsed: float) -> Pause:
        """The pause before the next poll of a wait that goes on. After its deadline there is one more."""
        return self._until(max(0.0, due - elapsed), elapsed) or Pause(0.0, last=True)

    def after(self, attempt: int, elapsed: float, drawn: float = 1.0) -> Pause | None:
        """The pause after an attempt that didn't end the wait; None where it was the last one.

        Exponential: ``min(max_delay, delay · 2^(attempt-1))``, with jitter a random time between ``delay`` and that
        (Smithy's waiter specification).
        """
        if self.once or (self.max_attempts is not None and attempt >= self.max_attempts):
            return None
        pause = self.delay
        if self.backoff is Backoff.EXPONENTIAL:
            pause = min(self.max_delay, self.delay * 2.0 ** min(attempt - 1, 60))
            if self.jitter:
                least = min(self.delay, pause)
                pause = least + drawn * (pause - least)
        return self._until(pause, elapsed)

    def after_transient_error(
        self, in_a_row: int, spent: float, elapsed: float, drawn: float = 1.0, retry_after: float = 0.0
    ) -> Pause | None:
        """The pause after the ``in_a_row``-th fault in a row; None where transient errors has outlasted its bound.

        ``spent``: what transient errors has cost so far in the whole wait. ``retry_after``: seconds that AWS asks for.
        With jitter the backoff is random from 0 on and follows that time, which AWS may have given to many.
        """
        if self.once:
            return None
        first = max(self.delay, FIRST_BACKOFF)
        backoff = min(first * 2.0 ** min(in_a_row - 1, 60), max(LONGEST_BACKOFF, self.delay))
        pause = retry_after + max(LEAST_PAUSE, drawn * backoff) if self.jitter else max(retry_after, backoff)
        if self.timeout is not None:
            return self._until(pause, elapsed)
        left = self.transient_bound - spent
        # sums of fractions stop a sliver short of their bound
        return Pause(min(pause, left)) if left > SLIVER else None

    def after_set_up_fault(self, tries: int, elapsed: float) -> Pause | None:
        """The pause after the ``tries``-th time that an endpoint which never answered could not be reached."""
        if self.once or tries > len(SET_UP_PAUSES):
            return None
        return self._until(SET_UP_PAUSES[tries - 1], elapsed)

    def budget(self, elapsed: float) -> float | None:
        """How many seconds a poll that begins now may take: until shortly after the deadline."""
        if self.timeout is None:
            return None
        if self.timeout == 0:
            return ONLY_REQUEST
        return max(0.0, self.timeout - elapsed) + LAST_REQUEST

    def _until(self, pause: float, elapsed: float) -> Pause | None:
        """The pause, cut short at the deadline; None where the deadline has passed."""
        if self.timeout is None:
            return Pause(pause)
        left = self.timeout - elapsed
        if left <= 0:
            return None
        return Pause(left, last=True) if pause >= left else Pause(pause)
