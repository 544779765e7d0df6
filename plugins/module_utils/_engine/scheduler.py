# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives many waits at once: each polls when it is due, and waits of one group share the requests.

The waits are the loops of ``waiting``; what they have in common is known to their ``Group``.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .answer import Answer
from .events import BeforeAttempt, BeforeSleep, Ended, Event
from .outcome import Ending, Outcome
from .pool import Done
from .schedule import LAST_REQUEST
from .waiting import Cancelled

JOINS_EARLY = 0.1
"""A wait joins a request of its group that is sent earlier by at most this part of its pause."""


class Group(Protocol):
    """Waits that one request may answer."""

    def ask(self, members: Sequence[int], budget: float | None) -> Mapping[int, Answer]:
        """The answer for each of these waits, by its number. ``budget``: seconds that this may take.

        Those that are left out ask again at once, and from then on in the groups that ``alone`` gives them.
        """

    def alone(self, number: int) -> Group:
        """A group of its own for a wait."""


class Workers(Protocol):
    """Where requests are sent from; see ``pool.Pool``."""

    def submit(self, key: Any, job: Callable[[], Any]) -> None: ...

    def wait(self, seconds: float | None) -> list[Done]: ...


@dataclass(frozen=True)
class Policy:
    """When all is over: ``required`` successes are enough; ``fail_fast`` ends it when they are out of reach."""

    required: int
    fail_fast: bool = True

    def is_over(self, succeeded: int, live: int) -> bool:
        return succeeded >= self.required or (self.fail_fast and succeeded + live < self.required)


@dataclass
class _Wait:
    """One wait in progress. ``pause``: the length of its present sleep; ``due``: when that ends, None while it asks.

    ``deadline``: when its requests are given up, None where it has no such bound.
    """

    loop: Generator[Event, Answer | None, None]
    group: Group
    due: float | None = None
    pause: float = 0.0
    last: bool = False
    deadline: float | None = None
    outcome: Outcome | None = None


@dataclass
class _Queue:
    """The waits of one group: all, those that sleep, those that are due, and whether a request is under way."""

    members: list[int] = field(default_factory=list)
    sleeping: set[int] = field(default_factory=set)
    ready: list[int] = field(default_factory=list)
    asking: bool = False


class Scheduler:
    """Runs waits to their ends. Each is a loop and the group that asks for it; the numbers are their places."""

    def __init__(
        self,
        waits: Sequence[tuple[Generator[Event, Answer | None, None], Group]],
        clock: Callable[[], float],
        workers: Workers,
        policy: Policy,
        listeners: Sequence[Callable[[int, Event], None]] = (),
    ) -> None:
        self._clock, self._workers, self._policy, self._listeners = clock, workers, policy, tuple(listeners)
        self._waits = [_Wait(loop, group) for loop, group in waits]
        self._queues: dict[Group, _Queue] = {wait.group: _Queue() for wait in self._waits}
        for number, wait in enumerate(self._waits):
            self._queues[wait.group].members.append(number)
        self._heap: list[tuple[float, int]] = []
        self._live = len(self._waits)
        self._succeeded = 0

    def run(self) -> list[Outcome]:
        """The outcomes, in the order of the waits."""
        for number, wait in enumerate(self._waits):
            self._go_on(number, next(wait.loop))
        while self._live and not self._policy.is_over(self._succeeded, self._live):
            self._wake()
            for group, line in self._queues.items():
                if line.ready and not line.asking:
                    self._ask(group, line)
            for done in self._workers.wait(self._pause()):
                self._take(done)
        return self.cancel()

    def cancel(self) -> list[Outcome]:
        """End what hasn't ended yet; the outcomes of all."""
        for number, wait in enumerate(self._waits):
            if wait.outcome is None:
                self._go_on(number, wait.loop.throw(Cancelled()))
        return [wait.outcome for wait in self._waits if wait.outcome is not None]

    def _go_on(self, number: int, event: Event) -> None:
        """Follow a wait until it sleeps, asks or has ended."""
        wait = self._waits[number]
        while True:
            for listener in self._listeners:
                listener(number, event)
            if isinstance(event, BeforeSleep):
                wait.pause, wait.last, wait.due = event.seconds, event.last, self._clock() + event.seconds
                self._queues[wait.group].sleeping.add(number)
                heapq.heappush(self._heap, (wait.due, number))
                return
            if isinstance(event, BeforeAttempt):
                wait.due = None
                wait.deadline = None if event.budget is None else self._clock() + event.budget
                self._queues[wait.group].ready.append(number)
                return
            if isinstance(event, Ended):
                wait.due, wait.outcome = None, event.outcome
                self._live -= 1
                self._succeeded += event.outcome.ending is Ending.SUCCESS
                return
            event = wait.loop.send(None)

    def _wake(self) -> None:
        """Let those go on whose sleep is over."""
        now = self._clock()
        while self._heap and self._heap[0][0] <= now:
            due, number = heapq.heappop(self._heap)
            if self._waits[number].due == due:  # else it has joined others meanwhile
                self._rise(number)

    def _rise(self, number: int) -> None:
        wait = self._waits[number]
        wait.due = None
        self._queues[wait.group].sleeping.discard(number)
        self._go_on(number, wait.loop.send(None))

    def _ask(self, group: Group, line: _Queue) -> None:
        """Send what is due in a group, with all who may join."""
        now = self._clock()
        for number in sorted(line.sleeping):
            wait = self._waits[number]
            if not wait.last and wait.due is not None and wait.due - now <= JOINS_EARLY * wait.pause:
                self._rise(number)
        members, line.ready, line.asking = line.ready, [], True
        budget = self._budget(line.members, now)
        self._workers.submit((group, members), lambda: group.ask(members, budget))

    def _budget(self, members: Iterable[int], now: float) -> float | None:
        """How long a request of a group may take: nobody of the group may be kept beyond his deadline by it."""
        live = [self._waits[number] for number in members if self._waits[number].outcome is None]
        deadlines = [wait.deadline for wait in live if wait.deadline is not None]
        return max(min(deadlines) - now, LAST_REQUEST) if deadlines else None

    def _take(self, done: Done) -> None:
        group, members = done.key
        answers: Mapping[int, Answer] = done.result
        self._queues[group].asking = False
        for number in members:
            wait = self._waits[number]
            if wait.outcome is not None:
                continue
            if number in answers:
                self._go_on(number, wait.loop.send(answers[number]))
            else:
                wait.group = group.alone(number)
                self._queues[group].members.remove(number)
                self._queues.setdefault(wait.group, _Queue([number])).ready.append(number)

    def _pause(self) -> float | None:
        """How long nothing can happen but the end of a request."""
        while self._heap and self._waits[self._heap[0][1]].due != self._heap[0][0]:
            heapq.heappop(self._heap)
        if any(line.ready and not line.asking for line in self._queues.values()):
            return 0.0
        return max(0.0, self._heap[0][0] - self._clock()) if self._heap else None
