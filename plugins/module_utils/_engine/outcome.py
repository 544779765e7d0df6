# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a wait ended, as a value: every ending carries its last answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from .poll_result import ErrorKind, PollResult, ServiceError
from .verdict import Verdict


class Ending(str, Enum):
    """The outcome of a wait. ``pending`` is check mode's alone, ``cancelled`` that of one among many."""

    SUCCESS = "success"
    FAILURE = "failure"
    TIMEOUT = "timeout"
    ERROR = "error"
    PENDING = "pending"
    CANCELLED = "cancelled"


class Bound(str, Enum):
    """Which bound ended a wait that timed out."""

    ATTEMPTS = "max_attempts"
    DEADLINE = "timeout"
    TRANSIENT = "transient"


class StateChange(NamedTuple):
    """What was observed, and when it was first so: one entry of the timeline."""

    elapsed: float
    attempt: int
    observed: Any


class Outcome(NamedTuple):
    """The end of a wait. ``verdict`` and ``answer`` are the last poll's, None where none was answered.

    ``fault`` is the last transient error, where it ended the wait or came at the last try; ``transient`` counts them.
    """

    ending: Ending
    attempts: int
    elapsed: float
    verdict: Verdict | None = None
    answer: PollResult | None = None
    fault: ServiceError | None = None
    bound: Bound | None = None
    transient: Mapping[ErrorKind, int] = MappingProxyType({})
    timeline: tuple[StateChange, ...] = ()
    notes: tuple[str, ...] = ()

    def settled(self) -> Outcome:
        """The same with the whole response, so that nothing is kept of an answer that was shared with other waits."""
        if self.answer is None or self.answer.read_whole is None:
            return self
        return self._replace(answer=replace(self.answer, response=self.answer.whole, read_whole=None))
