# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives many waits at once: each is polled when it is due, and waits of one group share requests.

The waits are loops of ``poll_loop``; what they have in common is known to their ``Group``. All time is kept here:
threads do nothing but send one request each.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from .dispatcher import Dispatcher
from .events import BeforeAttempt, BeforeSleep, Ended, Event
from .groups import Figures, Group, Listener, Policy, Poll, Reply, Request, Workers
from .outcome import Ending, Outcome
from .poll_loop import Cancelled
from .poll_result import NOT_SENT, ErrorKind, PollResult, ServiceError
from .pool import Done
from .schedule import LONGEST_REQUEST

MAY_BE_LATE = 0.1
"""Without a deadline, an attempt may come later than it is due by this part of the pause before it, to share a request.

With one it may not: the last attempts before the deadline could be too late.
"""
NO_ANSWER = ServiceError("NoAnswer", "there was no answer by the deadline", ErrorKind.CONNECTION)


@dataclass(eq=False)
class _Wait:
    """One wait in progress. ``pause``: the length of its last sleep; ``due``: when that ends, None while it is polled.

    ``limit``: when the poll is given up, None where there is no deadline; ``is_watched``: there is an alarm for that.
    ``turn``: the poll that it takes part in, if any.
    """

    loop: Generator[Event, PollResult | None, None]
    group: Group
    due: float | None = None
    pause: float = 0.0
    limit: float | None = None
    is_watched: bool = False
    turn: _Turn | None = None
    outcome: Outcome | None = None


@dataclass(eq=False)
class _Queue:
    """The waits of one group: those that sleep and those that are due.

    ``at_latest``: when those that are due must be asked for; ``joins_at``: when others are due that they wait for.
    ``under_way``: the polls that have not ended; ``is_put``: the dispatcher has been told that some are to be asked.
    """

    group: Group
    sleeping: set[int] = field(default_factory=set)
    ready: list[int] = field(default_factory=list)
    at_latest: float = 0.0
    joins_at: float | None = None
    under_way: int = 0
    is_put: bool = False


@dataclass(eq=False)
class _Turn:
    """One poll for some waits. ``waiting``: who has not given up; ``request``: the one that is to be sent or under way.

    ``deadline``: when the request under way is given up, None where none is; ``seconds``: the time that it has.
    ``has_begun``: a request was sent. ``calls``: how many were.
    """

    members: Sequence[int]
    queue: _Queue
    waiting: set[int]
    poll: Poll | None = None
    request: Request | None = None
    deadline: float | None = None
    seconds: float = 0.0
    has_begun: bool = False
    calls: int = 0


class Scheduler:
    """Runs waits to their ends. Each is a loop and the group that asks for it; the numbers are their places."""

    def __init__(
        self,
        waits: Sequence[tuple[Generator[Event, PollResult | None, None], Group]],
        clock: Callable[[], float],
        workers: Workers,
        policy: Policy,
        listeners: Sequence[Listener] = (),
        concurrency: int = 16,
        after_batch: Callable[[], None] | None = None,
    ) -> None:
        """``concurrency``: requests under way at most; see ``Dispatcher``.

        ``after_batch`` is called when the events that follow a response have been handed to the listeners.
        """
        self._clock, self._workers, self._policy, self._listeners = clock, workers, policy, tuple(listeners)
        self._after_batch = after_batch
        self._waits = [_Wait(loop, group) for loop, group in waits]
        self._queues = {group: _Queue(group) for group in dict.fromkeys(group for _loop, group in waits)}
        self._dispatcher = Dispatcher(concurrency, [group.quota for group in self._queues])
        self._alarms: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._under_way: dict[_Turn, None] = {}
        self._changed: dict[_Queue, None] = {}
        self._answered_at: float | None = None
        """When the answer came that is being handed out: waits that share it sleep from then on and stay together."""
        self._live = self._possible = len(self._waits)
        self._succeeded = 0
        self.figures = Figures(len(self._waits))

    def run(self) -> list[Outcome]:
        """The outcomes, in the order of the waits."""
        for number, wait in enumerate(self._waits):
            self._go_on(number, next(wait.loop))
        self._send()
        while not self._is_over():
            # what has come is handed out before anything is given up
            for done in self._workers.wait(self._pause()):
                self._take(done)
                if self._after_batch is not None:
                    self._after_batch()
            self._ring()
            self._send()
        return self.cancel()

    def _is_over(self) -> bool:
        return not self._live or self._policy.is_over(self._succeeded, self._possible)

    def cancel(self) -> list[Outcome]:
        """End what hasn't ended yet; the outcomes of all."""
        for turn in list(self._under_way):
            self._count(turn)
        for number, wait in enumerate(self._waits):
            if wait.outcome is None:
                self._go_on(number, wait.loop.throw(Cancelled()))
        if self._after_batch is not None:
            self._after_batch()
        return [wait.outcome for wait in self._waits if wait.outcome is not None]

    def _go_on(self, number: int, event: Event) -> None:
        """Follow a wait until it sleeps, is to be polled or has ended."""
        wait = self._waits[number]
        while True:
            for listener in self._listeners:
                listener(number, event)
            if isinstance(event, BeforeSleep):
                since = self._clock() if event.last or self._answered_at is None else self._answered_at
                wait.pause, wait.due = event.seconds, since + event.seconds
                self._queues[wait.group].sleeping.add(number)
                self._at(wait.due, lambda: self._rise(number))
                return
            if isinstance(event, BeforeAttempt):
                if event.budget is not None:
                    wait.limit = self._clock() + event.budget
                    self._watch(number)
                self._line_up(number)
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

    # --- alarms

    def _at(self, time: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._alarms, (time, next(self._numbers), action))

    def _ring(self) -> None:
        """Do what has become due, and give up the requests that take too long."""
        now = self._clock()
        while self._alarms and self._alarms[0][0] <= now:
            heapq.heappop(self._alarms)[2]()
        for turn in [turn for turn in self._under_way if turn.deadline is not None and turn.deadline <= now]:
            self._too_late(turn)

    def _pause(self) -> float | None:
        """How long nothing can happen but the end of a request."""
        now = self._clock()
        times = [self._dispatcher.next_at(now), *(turn.deadline for turn in self._under_way)]
        times += [self._alarms[0][0]] if self._alarms else []
        known = [time for time in times if time is not None]
        return max(0.0, min(known) - now) if known else None

    # --- who asks with whom, and when

    def _rise(self, number: int) -> None:
        """The sleep of a wait is over."""
        wait = self._waits[number]
        if wait.outcome is None and wait.due is not None:
            wait.due = None
            self._queues[wait.group].sleeping.discard(number)
            self._go_on(number, wait.loop.send(None))

    def _line_up(self, number: int) -> None:
        """Let a wait be part of the next poll of its group."""
        wait = self._waits[number]
        queue = self._queues[wait.group]
        at_latest = self._clock() + (MAY_BE_LATE * wait.pause if wait.limit is None else 0.0)
        queue.at_latest = min(queue.at_latest, at_latest) if queue.ready else at_latest
        queue.ready.append(number)
        wait.pause = 0.0
        self._changed[queue] = None

    def _decide(self, queue: _Queue) -> None:
        """Poll for those that are due, unless they can still wait for an answer that is to come, or for others."""
        now = self._clock()
        if queue.is_put or not queue.ready:
            return
        if queue.at_latest > now:
            until = queue.at_latest if queue.under_way else min(queue.at_latest, self._joins_at(queue, now))
            if until > now:
                self._at(until, lambda: self._change(queue))
                return
        queue.joins_at, queue.is_put = None, True
        self._dispatcher.put(queue.group.quota, queue)

    def _joins_at(self, queue: _Queue, now: float) -> float:
        """When the last of those is due for whom the others can wait."""
        if queue.joins_at is None:
            due = (self._waits[number].due for number in queue.sleeping)
            queue.joins_at = max((at for at in due if at is not None and at <= queue.at_latest), default=now)
        return queue.joins_at

    def _change(self, queue: _Queue) -> None:
        self._changed[queue] = None

    def _send(self) -> None:
        """Send all that may be sent now."""
        while True:
            changed, self._changed = self._changed, {}
            for queue in changed:
                self._decide(queue)
            now = self._clock()
            taken = self._dispatcher.take(now)
            if taken is None:
                if not self._changed:
                    return
                continue
            _quota, item = taken
            if isinstance(item, _Queue):
                self._begin(item)
            elif item.waiting:
                self._submit(item, now)
            else:
                self._end(item)

    def _begin(self, queue: _Queue) -> None:
        """Start the polls for those of a group that are due. In order, so that the same ids make the same requests."""
        members, queue.ready, queue.is_put = sorted(queue.ready), [], False
        for part in reversed(queue.group.plan(members) if members else ()):
            self._start(queue, part, first=True)

    def _start(self, queue: _Queue, members: Sequence[int], first: bool = False) -> None:
        """Start a poll for these waits. ``first``: its request goes before the others of its quota."""
        if not members:
            return
        now = self._clock()
        limits = [limit for number in members if (limit := self._waits[number].limit) is not None]
        turn = _Turn(members, queue, set(members))
        turn.poll = queue.group.ask(members, min(limits) - now if limits else None)
        queue.under_way += 1
        for number in members:
            self._waits[number].turn = turn
        self._step(turn, None, first)

    def _step(self, turn: _Turn, answer: PollResult | None, first: bool = False) -> None:
        """Go on with a poll: to its next request, or to its end."""
        if turn.poll is None:
            return
        try:
            turn.request = next(turn.poll) if answer is None else turn.poll.send(answer)
        except StopIteration as end:
            self._end(turn, end.value)
            return
        self._dispatcher.put(turn.queue.group.quota, turn, first)

    def _submit(self, turn: _Turn, now: float) -> None:
        request = turn.request
        if request is None:
            return
        bounds = [LONGEST_REQUEST, *([request.time_limit] if request.time_limit is not None else [])]
        limits = [limit for number in turn.waiting if (limit := self._waits[number].limit) is not None]
        if len(limits) == len(turn.waiting):
            bounds.append(max(limits) - now)
        turn.seconds, turn.has_begun = min(bounds), True
        turn.deadline = now + turn.seconds
        self._under_way[turn] = None
        self._dispatcher.sent(turn.queue.group.quota, request, now)
        self._workers.submit((turn, request), request.send)

    # --- what comes back

    def _take(self, done: Done) -> None:
        turn, request = done.key
        if turn.request is not request:
            return  # it was given up
        answer: PollResult = done.result
        limiter, now = turn.queue.group.quota.limiter, self._clock()
        if answer.error is not None and answer.error.kind is ErrorKind.THROTTLED:
            limiter.throttled(now)
        else:
            limiter.answered(now)
        self._count(turn)
        self._step(turn, answer)

    def _too_late(self, turn: _Turn) -> None:
        """Give up a request that takes too long. It holds no place from now on, and its answer is nobody's."""
        self._count(turn)
        if turn.waiting:
            text = f"there was no answer within {turn.seconds:.3g} s"
            self._step(turn, PollResult(error=NO_ANSWER._replace(message=text)))
        else:
            self._end(turn)

    def _count(self, turn: _Turn) -> None:
        """A request is no longer under way."""
        if turn.request is None:
            return
        self._dispatcher.ended(turn.request)
        self._under_way.pop(turn, None)
        turn.calls += turn.request.sent
        self.figures.total += turn.request.sent
        whose = turn.queue.group.whose(turn.request, turn.members)
        if len(whose) == 1:
            self.figures.own[whose[0]] += turn.request.sent
        turn.request = turn.deadline = None

    def _watch(self, number: int) -> None:
        wait = self._waits[number]
        if wait.limit is not None and not wait.is_watched:
            wait.is_watched = True
            self._at(wait.limit, lambda: self._give_up(number))

    def _give_up(self, number: int) -> None:
        """Let a wait go on without an answer if its time is over. For others the answer may be in time."""
        wait, now = self._waits[number], self._clock()
        wait.is_watched = False
        if wait.outcome is not None or wait.limit is None:
            return
        if wait.limit > now:
            self._watch(number)
            return
        turn, ready = wait.turn, self._queues[wait.group].ready
        if turn is not None:
            turn.waiting.discard(number)
        elif number in ready:
            ready.remove(number)
        self._answer(number, PollResult(error=NO_ANSWER if turn is not None and turn.has_begun else NOT_SENT))
        if turn is not None and not turn.waiting and turn.deadline is not None:
            self._too_late(turn)

    def _end(self, turn: _Turn, reply: Reply | None = None) -> None:
        """A poll has ended: hand out its answers, and start the polls that it asks for."""
        turn.poll = None
        queue, is_alone = turn.queue, len(turn.members) == 1
        queue.under_way -= 1
        self._changed[queue] = None
        if reply is None:
            return
        for part in reply.again:
            self._start(queue, [number for number in part if number in turn.waiting])
        self._answered_at = self._clock()
        for number, answer in reply.answers.items():
            if number in turn.waiting:
                self.figures.separate[number] += turn.calls if is_alone else queue.group.requests(number)
                self._answer(number, answer)
        self._answered_at = None

    def _answer(self, number: int, answer: PollResult) -> None:
        wait = self._waits[number]
        wait.limit = wait.turn = None
        self._go_on(number, wait.loop.send(answer))
