# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives many waits at once: each is polled when it is due, and waits of one group share requests.

The waits are loops of ``poll_loop``; what they have in common is known to their ``Group``. All time is kept here:
threads do nothing but send one request each.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from .alarms import Alarms
from .dispatcher import Dispatcher
from .events import BeforeAttempt, BeforeSleep, Ended, Event
from .group_queue import MAY_BE_LATE, GroupQueue
from .groups import Figures, Group, Listener, Loop, Policy, Reply, Workers
from .outcome import Ending, Outcome
from .poll_loop import Cancelled
from .poll_result import PollResult
from .polls import NO_ANSWER, Polls, SharedPoll, not_sent

Join = Callable[[int], "tuple[Loop, Group]"]
"""Makes a wait of that number part of its group; called in the scheduler's thread."""


@dataclass(eq=False)
class _Wait:
    """One wait in progress. ``due``: when its sleep ends, None while it is polled; ``patience``: how late it may poll.

    ``limit``: when the poll is given up, None where there is no deadline; ``is_watched``: there is an alarm for that.
    """

    loop: Loop
    queue: GroupQueue
    due: float | None = None
    patience: float = 0.0
    limit: float | None = None
    is_watched: bool = False
    outcome: Outcome | None = None


class Scheduler:
    """Runs waits to their ends. Each is a loop and the group that asks for it; the numbers are their places.

    While it runs, other threads may add waits and cancel them, where it ``stays_open`` for that.
    """

    def __init__(
        self,
        waits: Sequence[tuple[Loop, Group]],
        clock: Callable[[], float],
        workers: Workers,
        policy: Policy,
        listeners: Sequence[Listener] = (),
        concurrency: int = 16,
        after_batch: Callable[[], None] | None = None,
        stays_open: bool = False,
    ) -> None:
        """``concurrency``: requests under way at most; see ``Dispatcher``.

        ``after_batch`` is called when the events that follow a response have been handed to the listeners.
        ``stays_open``: it goes on when all waits have ended, until ``close`` is called.
        """
        self._clock, self._workers, self._policy, self._listeners = clock, workers, policy, tuple(listeners)
        self._after_batch, self._is_closed = after_batch, not stays_open
        self._waits: list[_Wait] = []
        self._queues: dict[Group, GroupQueue] = {}
        self._dispatcher = Dispatcher(concurrency)
        self.figures = Figures()
        self._polls = Polls(clock, workers, self._dispatcher, self.figures, self._end)
        self._alarms = Alarms()
        self._changed: dict[GroupQueue, None] = {}
        self._answered_at: float | None = None
        """When the answer came that is being handed out: waits that share it sleep from then on and stay together."""
        self._live = self._possible = self._succeeded = 0
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._handing_over = threading.Lock()
        self._handed_over = len(waits)
        for loop, group in waits:
            self._join(loop, group)

    # --- for other threads

    def add(self, join: Join) -> int:
        """Take in a wait while others run, and give its number. RuntimeError where it is closed."""
        with self._handing_over:
            if self._is_closed:
                raise RuntimeError("a scheduler that is closed takes no waits")
            number = self._handed_over
            self._handed_over += 1
            self._inbox.put(lambda: self._begin_wait(self._join(*join(number))))
        self._workers.wake()
        return number

    def cancel(self, number: int) -> None:
        """End a wait that nobody needs any more."""
        self._inbox.put(lambda: self._cancel(number))
        self._workers.wake()

    def close(self) -> None:
        """Take no more waits: it is over when those that are there have ended."""
        with self._handing_over:
            self._is_closed = True
        self._workers.wake()

    # --- from the start to the end

    def run(self) -> list[Outcome]:
        """The outcomes, in the order of the waits."""
        for number in range(len(self._waits)):
            self._begin_wait(number)
        self._look_into_inbox()
        self._send()
        while not self._is_over():
            # what has come is handed out before anything is given up
            for done in self._workers.wait(self._pause()):
                self._polls.take(done)
                self._tell_batch()
            self._alarms.ring(self._clock())
            self._polls.give_up(self._clock())
            self._look_into_inbox()
            self._send()
        return self.cancel_all()

    def cancel_all(self) -> list[Outcome]:
        """End what hasn't ended yet; the outcomes of all."""
        self._look_into_inbox()
        self._polls.stop()
        for number in range(len(self._waits)):
            self._cancel(number)
        self._tell_batch()
        return [wait.outcome for wait in self._waits if wait.outcome is not None]

    def _join(self, loop: Loop, group: Group) -> int:
        if group not in self._queues:
            self._queues[group] = GroupQueue(group)
            self._dispatcher.expect(group.quota)
        self._waits.append(_Wait(loop, self._queues[group]))
        self.figures.add()
        self._live += 1
        self._possible += 1
        return len(self._waits) - 1

    def _begin_wait(self, number: int) -> None:
        self._go_on(number, next(self._waits[number].loop))

    def _cancel(self, number: int) -> None:
        wait = self._waits[number]
        if wait.outcome is None:
            wait.queue.leave(number)
            self._polls.leave(number)
            self._go_on(number, wait.loop.throw(Cancelled()))

    def _look_into_inbox(self) -> None:
        if self._inbox.empty():
            return
        while not self._inbox.empty():
            self._inbox.get()()
        self._tell_batch()

    def _tell_batch(self) -> None:
        if self._after_batch is not None:
            self._after_batch()

    def _is_over(self) -> bool:
        has_waits = self._live or not self._is_closed or not self._inbox.empty()
        return not has_waits or self._policy.is_over(self._succeeded, self._possible)

    def _pause(self) -> float | None:
        """How long nothing can happen but the end of a request."""
        now = self._clock()
        times = (self._dispatcher.next_at(now), self._polls.next_deadline, self._alarms.next_at)
        known = [time for time in times if time is not None]
        return max(0.0, min(known) - now) if known else None

    # --- one wait

    def _go_on(self, number: int, event: Event) -> None:
        """Follow a wait until it sleeps, is to be polled or has ended."""
        wait = self._waits[number]
        while True:
            for listener in self._listeners:
                listener(number, event)
            if isinstance(event, BeforeSleep):
                since = self._clock() if event.last or self._answered_at is None else self._answered_at
                wait.patience, wait.due = min(MAY_BE_LATE * event.seconds, event.delay), since + event.seconds
                wait.queue.sleep(number, wait.due)
                self._alarms.at(wait.due, partial(self._wake, number))
                return
            if isinstance(event, BeforeAttempt):
                if event.budget is not None:
                    wait.limit = self._clock() + event.budget
                    self._watch(number)
                is_patient = wait.limit is None and not wait.queue.group.asks_alone(number)
                wait.queue.line_up(number, self._clock(), wait.patience if is_patient else 0.0)
                wait.patience = 0.0
                self._change(wait.queue)
                return
            if isinstance(event, Ended):
                wait.outcome = event.outcome.settled()
                self._live -= 1
                if event.outcome.ending is Ending.SUCCESS:
                    self._succeeded += 1
                elif event.outcome.ending is not Ending.PENDING:
                    self._possible -= 1
                return
            event = wait.loop.send(None)

    def _wake(self, number: int) -> None:
        """The sleep of a wait is over."""
        wait = self._waits[number]
        if wait.outcome is None and wait.due is not None:
            wait.due = None
            wait.queue.leave(number)
            self._go_on(number, wait.loop.send(None))

    def _watch(self, number: int) -> None:
        wait = self._waits[number]
        if wait.limit is not None and not wait.is_watched:
            wait.is_watched = True
            self._alarms.at(wait.limit, partial(self._give_up, number))

    def _give_up(self, number: int) -> None:
        """Let a wait go on without an answer if its time is over. For others the answer may be in time."""
        wait = self._waits[number]
        wait.is_watched = False
        if wait.outcome is not None or wait.limit is None:
            return
        if wait.limit > self._clock():
            self._watch(number)
            return
        wait.queue.leave(number)
        poll = self._polls.leave(number)
        is_sent = poll is not None and poll.has_begun
        self._answer(number, PollResult(error=NO_ANSWER if is_sent else not_sent(wait.queue.group.quota)))

    def _answer(self, number: int, answer: PollResult) -> None:
        wait = self._waits[number]
        wait.limit = None
        self._go_on(number, wait.loop.send(answer))

    # --- those that ask together

    def _change(self, changed: GroupQueue) -> None:
        self._changed[changed] = None

    def _send(self) -> None:
        """Send all that may be sent now."""
        while True:
            changed, self._changed = self._changed, {}
            for group_queue in changed:
                self._decide(group_queue)
            taken = self._dispatcher.take(self._clock())
            if taken is None:
                if not self._changed:
                    return
                continue
            _quota, item = taken
            if isinstance(item, GroupQueue):
                self._ask(item)
            else:
                self._polls.send(item)

    def _decide(self, group_queue: GroupQueue) -> None:
        """Let those of a group ask that are due, or come back to them when they are."""
        now = self._clock()
        at = group_queue.asks_at(now)
        if at is None:
            return
        if at > now:
            self._alarms.at(at, partial(self._change, group_queue))
            return
        group_queue.put()
        self._dispatcher.put(group_queue.group.quota, group_queue)

    def _ask(self, group_queue: GroupQueue) -> None:
        """Start the polls for those of a group that are due."""
        members = group_queue.take()
        for part in reversed(group_queue.group.plan(members) if members else ()):
            self._polls.start(group_queue, self._limits(part), first=True)

    def _limits(self, members: Sequence[int]) -> dict[int, float | None]:
        return {number: self._waits[number].limit for number in members}

    def _end(self, poll: SharedPoll, reply: Reply | None) -> None:
        """A poll has ended: hand out its answers, and start the polls that it asks for."""
        self._change(poll.queue)
        if reply is None:
            return
        for part in reply.again:
            if limits := self._limits([number for number in part if number in poll.waiting]):
                self._polls.start(poll.queue, limits)
        self._answered_at = self._clock()
        for number, answer in reply.answers.items():
            if number in poll.waiting:
                is_alone = len(poll.members) == 1
                self.figures.separate[number] += poll.calls if is_alone else poll.queue.group.requests(number)
                self._answer(number, answer)
        self._answered_at = None
