# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives many waits at once: each polls when it is due, and waits of one group share the requests.

The waits are the loops of ``waiting``; what they have in common is known to their ``Group``.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .answer import Answer, ErrorKind, ServiceError
from .events import BeforeAttempt, BeforeSleep, Ended, Event
from .outcome import Ending, Outcome
from .pool import Done
from .waiting import Cancelled

JOINS_EARLY = 0.1
"""A wait joins a request of its group that is sent earlier by at most this part of its pause."""
NO_ANSWER = ServiceError("NoAnswer", "there was no answer by the deadline", ErrorKind.CONNECTION)


class Group(Protocol):
    """Waits that one request may answer."""

    def ask(self, members: Sequence[int]) -> Mapping[int, Answer]:
        """The answer for each of these waits, by its number.

        Those that are left out ask again at once, and from then on in the groups that ``alone`` gives them.
        """

    def alone(self, number: int) -> Group:
        """A group of its own for a wait."""


class Listener(Protocol):
    """Who is told of what happens."""

    def __call__(self, number: int, event: Event) -> None:
        """Take an event of the wait of that number."""

    def tell(self) -> None:
        """For now that was all: some waits have had their answers."""


class Workers(Protocol):
    """Where requests are sent from; see ``pool.Pool``."""

    def submit(self, key: Any, job: Callable[[], Any]) -> None:
        """Do the job, when there is a hand free for it."""

    def wait(self, seconds: float | None) -> list[Done]:
        """What is done, as soon as there is any; nothing when the time is over."""


@dataclass(frozen=True)
class Policy:
    """When all is over: ``required`` successes are enough; ``fail_fast`` ends it when they are out of reach."""

    required: int
    fail_fast: bool = True

    def is_over(self, succeeded: int, possible: int) -> bool:
        """``possible``: how many have succeeded or may still do so."""
        return succeeded >= self.required or (self.fail_fast and possible < self.required)


@dataclass
class _Wait:
    """One wait in progress. ``pause``: the length of its present sleep; ``due``: when that ends, None while it asks.

    ``limit``: when the request that it waits for is given up, None where it waits for none or as long as it takes;
    ``watched``: there is an alarm for that.
    """

    loop: Generator[Event, Answer | None, None]
    group: Group
    due: float | None = None
    pause: float = 0.0
    last: bool = False
    limit: float | None = None
    watched: bool = False
    outcome: Outcome | None = None


@dataclass
class _Queue:
    """The waits of one group: those that sleep, those that are due, and whether a request is under way."""

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
        listeners: Sequence[Listener] = (),
    ) -> None:
        self._clock, self._workers, self._policy, self._listeners = clock, workers, policy, tuple(listeners)
        self._waits = [_Wait(loop, group) for loop, group in waits]
        self._queues: dict[Group, _Queue] = {wait.group: _Queue() for wait in self._waits}
        self._due: dict[Group, _Queue] = {}
        self._alarms: list[tuple[float, int, bool]] = []  # when, for which wait, and whether for its limit
        self._live = self._possible = len(self._waits)
        self._succeeded = 0

    def run(self) -> list[Outcome]:
        """The outcomes, in the order of the waits."""
        for number, wait in enumerate(self._waits):
            self._go_on(number, next(wait.loop))
        while self._live and not self._policy.is_over(self._succeeded, self._possible):
            while self._due:
                self._ask(next(iter(self._due)))
            for done in self._workers.wait(self._pause()):
                self._take(done)
                for listener in self._listeners:
                    listener.tell()
            self._wake()
        return self.cancel()

    def cancel(self) -> list[Outcome]:
        """End what hasn't ended yet; the outcomes of all."""
        for number, wait in enumerate(self._waits):
            if wait.outcome is None:
                self._go_on(number, wait.loop.throw(Cancelled()))
        for listener in self._listeners:
            listener.tell()
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
                heapq.heappush(self._alarms, (wait.due, number, False))
                return
            if isinstance(event, BeforeAttempt):
                if event.budget is not None:
                    wait.limit = self._clock() + event.budget
                    self._watch(number)
                self._line_up(number)
                return
            if isinstance(event, Ended):
                wait.outcome = event.outcome
                self._live -= 1
                self._possible -= event.outcome.ending not in (Ending.SUCCESS, Ending.PENDING)
                self._succeeded += event.outcome.ending is Ending.SUCCESS
                return
            event = wait.loop.send(None)

    def _line_up(self, number: int) -> None:
        """Let a wait be part of the next request of its group."""
        group = self._waits[number].group
        line = self._queues.setdefault(group, _Queue())
        line.ready.append(number)
        if not line.asking:
            self._due[group] = line

    def _watch(self, number: int) -> None:
        wait = self._waits[number]
        if wait.limit is not None and not wait.watched:
            wait.watched = True
            heapq.heappush(self._alarms, (wait.limit, number, True))

    def _wake(self) -> None:
        """Let those go on whose sleep is over, and those whose request takes too long."""
        now = self._clock()
        while self._alarms and self._alarms[0][0] <= now:
            at, number, is_limit = heapq.heappop(self._alarms)
            if is_limit:
                self._give_up(number, now)
            elif self._waits[number].due == at:  # else it has joined others meanwhile
                self._rise(number)

    def _give_up(self, number: int, now: float) -> None:
        """Let a wait go on without an answer if its time is over. The request goes on: for others it may be in time."""
        wait = self._waits[number]
        wait.watched = False
        if wait.limit is not None and wait.limit > now:
            self._watch(number)
        elif wait.limit is not None:
            self._answer(number, Answer(error=NO_ANSWER))

    def _answer(self, number: int, answer: Answer) -> None:
        self._waits[number].limit = None
        self._go_on(number, self._waits[number].loop.send(answer))

    def _rise(self, number: int) -> None:
        wait = self._waits[number]
        wait.due = None
        self._queues[wait.group].sleeping.discard(number)
        self._go_on(number, wait.loop.send(None))

    def _ask(self, group: Group) -> None:
        """Send what is due in a group, with all who may join."""
        now, line = self._clock(), self._due.pop(group)
        line.asking = True
        for number in sorted(line.sleeping):
            wait = self._waits[number]
            if not wait.last and wait.due is not None and wait.due - now <= JOINS_EARLY * wait.pause:
                self._rise(number)
        # in order, so that a round that weather has cut short finds the same ids again
        members, line.ready = sorted(number for number in line.ready if self._waits[number].outcome is None), []
        if members:
            self._workers.submit((group, members), lambda: group.ask(members))
        else:
            line.asking = False

    def _take(self, done: Done) -> None:
        group, members = done.key
        answers: Mapping[int, Answer] = done.result
        line = self._queues[group]
        line.asking = False
        if line.ready:
            self._due[group] = line
        for number in members:
            wait = self._waits[number]
            if wait.outcome is not None:
                continue
            if number in answers:
                self._answer(number, answers[number])
            else:
                wait.group = group.alone(number)
                self._line_up(number)

    def _pause(self) -> float | None:
        """How long nothing can happen but the end of a request."""
        while self._alarms and self._is_stale(*self._alarms[0]):
            heapq.heappop(self._alarms)
        return max(0.0, self._alarms[0][0] - self._clock()) if self._alarms else None

    def _is_stale(self, at: float, number: int, is_limit: bool) -> bool:
        wait = self._waits[number]
        return wait.outcome is not None if is_limit else wait.due != at
