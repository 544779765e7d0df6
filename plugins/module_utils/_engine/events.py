# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens during a wait, as values: before and after each attempt, before each sleep, and the end."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from .outcome import Outcome
from .poll_result import PollResult, ServiceError
from .verdict import Verdict


class BeforeAttempt(NamedTuple):
    """A poll is due; whoever drives the wait makes it and sends back its result. ``budget``: seconds it may take."""

    attempt: int
    elapsed: float
    budget: float | None


class AfterAttempt(NamedTuple):
    """A poll was answered. The ``answer`` may hold secrets, the ``verdict`` holds none that the model marks.

    ``changed``: whether what is observed differs from the poll before; the order of AWS's lists is no difference.
    """

    attempt: int
    elapsed: float
    verdict: Verdict
    answer: PollResult
    changed: bool = True


class Faulted(NamedTuple):
    """A transient error came instead of an answer; the attempt is not used up.

    ``in_a_row``: how many tries in a row have met an error with the same code.
    """

    attempt: int
    elapsed: float
    error: ServiceError
    in_a_row: int = 1


class BeforeSleep(NamedTuple):
    """``last``: the sleep ends on the deadline, and the poll that follows is the last. ``delay``: the wait's own."""

    elapsed: float
    seconds: float
    last: bool
    delay: float


class Ended(NamedTuple):
    elapsed: float
    outcome: Outcome


Event: TypeAlias = "BeforeAttempt | AfterAttempt | Faulted | BeforeSleep | Ended"
"""One thing that happened. ``elapsed``, which all have, is in seconds since the wait began."""
