# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scheduler works with: groups of waits and their requests, workers, listeners, and when all is over."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence, Set
from typing import Any, NamedTuple, Protocol

from .dispatcher import Quota
from .events import Event
from .poll_result import PollResult
from .pool import Done


class Request(Protocol):
    """One request, to be sent in any thread. ``time_limit``: seconds it may take, None for no bound of its own."""

    time_limit: float | None
    sent: int
    """How many HTTP requests have been sent for it so far."""

    def send(self) -> PollResult:
        """Send it and come back with the answer, an error too."""


class Reply(NamedTuple):
    """What a poll brought: the answers by the numbers of the waits, and who is to be polled anew, together with whom.

    Each member of the poll is in one of the two.
    """

    answers: Mapping[int, PollResult]
    again: Sequence[Sequence[int]] = ()


Poll = Generator[Request, PollResult, Reply]
"""One poll for some waits: yields each request, is sent its answer."""


class Group(Protocol):
    """Waits that one request may answer, known by their numbers. ``quota``: what all its requests count for."""

    quota: Quota

    def asks_alone(self, number: int) -> bool:
        """Whether this wait is asked for by itself, and so need not wait for others."""

    def plan(self, members: Sequence[int]) -> Sequence[Sequence[int]]:
        """Which of these waits are asked for together."""

    def ask(self, members: Sequence[int], seconds: float | None) -> Poll:
        """Poll for these waits. ``seconds``: how soon the first of them gives up, None where none does."""

    def whose(self, request: Any, members: Set[int]) -> Set[int]:
        """For which of the members of a poll one of its requests is."""

    def requests(self, number: int) -> int:
        """How many requests a poll for this wait alone takes."""


Loop = Generator[Event, Any, None]
"""A wait in progress: yields events, is sent the answer to its poll; see ``poll_loop``."""
Listener = Callable[[int, Event], None]
"""Takes an event of the wait of that number."""


class Workers(Protocol):
    """Where requests are sent from; see ``pool.Pool``."""

    def submit(self, key: Any, job: Callable[[], Any]) -> None:
        """Do the job in a thread of its own."""

    def wait(self, seconds: float | None) -> list[Done]:
        """What is done, as soon as there is any; nothing when the time is over, or when it is woken."""

    def wake(self) -> None:
        """Let ``wait`` come back at once, or the next one where none is under way. From any thread."""


class Policy(NamedTuple):
    """When all is over: ``required`` successes are enough; ``fail_fast`` ends it when they are out of reach."""

    required: int
    fail_fast: bool = True

    def is_over(self, succeeded: int, possible: int) -> bool:
        """``possible``: how many have succeeded or may still do so."""
        return succeeded >= self.required or (self.fail_fast and possible < self.required)


class Figures:
    """Counts requests. ``total``: all that were sent. By the waits' numbers, ``own``: those that were sent for one wait
    alone, and ``separate``: those that a task of its own would have sent for it.
    """

    def __init__(self) -> None:
        self.total = 0
        self.own: list[int] = []
        self.separate: list[int] = []

    def add(self) -> None:
        """Count for one wait more."""
        self.own.append(0)
        self.separate.append(0)
