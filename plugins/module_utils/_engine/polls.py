# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The polls in progress: their requests are sent, in time, and their answers handed to whom they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .dispatcher import Dispatcher, Quota
from .group_queue import GroupQueue
from .groups import Figures, Poll, Reply, Request, Workers
from .poll_result import NOT_SENT, ErrorKind, PollResult, ServiceError
from .pool import Done
from .schedule import LONGEST_REQUEST

NO_ANSWER = ServiceError("NoAnswer", "there was no answer by the deadline", ErrorKind.CONNECTION)


class SharedPoll:
    """One poll for some waits. ``waiting``: who has not given up.

    ``request``: the one that is to be sent or under way; ``deadline``: when the one under way is given up, None where
    none is; ``seconds``: the time that it has. ``has_begun``: a request was sent. ``calls``: how many were.
    """

    def __init__(self, queue: GroupQueue, limits: Mapping[int, float | None], steps: Poll) -> None:
        self.queue, self.steps = queue, steps
        self.members = limits.keys()
        self.waiting = set(limits)
        known = [limit for limit in limits.values() if limit is not None]
        self.limit = max(known) if len(known) == len(limits) else None
        """When the last of the waits gives up; None where one never does."""
        self.request: Request | None = None
        self.deadline: float | None = None
        self.seconds = 0.0
        self.has_begun = self.is_over = False
        self.calls = 0


class Polls:
    """Polls from their start to their replies, side by side. ``figures`` counts their requests."""

    def __init__(
        self,
        clock: Callable[[], float],
        workers: Workers,
        dispatcher: Dispatcher,
        figures: Figures,
        ended: Callable[[SharedPoll, Reply | None], None],
    ) -> None:
        """``ended`` is told of each poll that ends: with its reply, or without one where nobody waits for it."""
        self._clock, self._workers, self._dispatcher, self._figures = clock, workers, dispatcher, figures
        self._ended = ended
        self._under_way: dict[SharedPoll, None] = {}
        self._of: dict[int, SharedPoll] = {}

    def start(self, queue: GroupQueue, limits: Mapping[int, float | None], first: bool = False) -> None:
        """Start a poll for the waits that have these limits. ``first``: it goes before the others of its quota."""
        known = [limit for limit in limits.values() if limit is not None]
        steps = queue.group.ask(list(limits), min(known) - self._clock() if known else None)
        poll = SharedPoll(queue, limits, steps)
        queue.under_way += 1
        self._of.update(dict.fromkeys(limits, poll))
        self._step(poll, None, first)

    def send(self, poll: SharedPoll) -> None:
        """Send the next request of a poll, whose turn it is."""
        request, now = poll.request, self._clock()
        if request is None:
            return
        if not poll.waiting:
            self._end(poll, None)
            return
        bounds = [LONGEST_REQUEST, *([request.time_limit] if request.time_limit is not None else [])]
        poll.seconds = min([*bounds, *([poll.limit - now] if poll.limit is not None else [])])
        poll.deadline, poll.has_begun = now + poll.seconds, True
        self._under_way[poll] = None
        self._dispatcher.sent(poll.queue.group.quota, request, now)
        self._workers.submit((poll, request), request.send)

    def take(self, done: Done) -> None:
        """Take in an answer; one that was given up is nobody's."""
        poll, request = done.key
        if poll.request is not request:
            return
        answer: PollResult = done.result
        limiter, now = poll.queue.group.quota.limiter, self._clock()
        if answer.error is not None and answer.error.kind is ErrorKind.THROTTLED:
            limiter.throttled(now)
        else:
            limiter.answered(now)
        self._count(poll)
        self._step(poll, answer)

    def give_up(self, now: float) -> None:
        """Give up the requests that take too long."""
        for poll in [poll for poll in self._under_way if poll.deadline is not None and poll.deadline <= now]:
            self._too_late(poll)

    @property
    def next_deadline(self) -> float | None:
        """When the next request is given up."""
        return min((poll.deadline for poll in self._under_way if poll.deadline is not None), default=None)

    def leave(self, number: int) -> SharedPoll | None:
        """A wait takes part in its poll no more: the poll, None where there is none. For others it goes on."""
        poll = self._of.pop(number, None)
        if poll is not None:
            poll.waiting.discard(number)
            if not poll.waiting and poll.deadline is not None:
                self._too_late(poll)
        return poll

    def stop(self) -> None:
        """Count what is under way, as nobody waits for it any more."""
        for poll in list(self._under_way):
            self._count(poll)

    def _step(self, poll: SharedPoll, answer: PollResult | None, first: bool = False) -> None:
        """Go on with a poll: to its next request, or to its end."""
        if poll.is_over:
            return
        try:
            poll.request = next(poll.steps) if answer is None else poll.steps.send(answer)
        except StopIteration as end:
            self._end(poll, end.value)
            return
        self._dispatcher.put(poll.queue.group.quota, poll, first)

    def _too_late(self, poll: SharedPoll) -> None:
        """Give up a request. It holds no place from now on, and its answer is nobody's."""
        self._count(poll)
        if poll.waiting:
            text = f"there was no answer within {poll.seconds:.3g} s"
            self._step(poll, PollResult(error=NO_ANSWER._replace(message=text)))
        else:
            self._end(poll, None)

    def _count(self, poll: SharedPoll) -> None:
        """A request is no longer under way."""
        if poll.request is None:
            return
        self._dispatcher.ended(poll.request)
        self._under_way.pop(poll, None)
        poll.calls += poll.request.sent
        self._figures.total += poll.request.sent
        whose = poll.queue.group.whose(poll.request, poll.members)
        if len(whose) == 1:
            self._figures.own[next(iter(whose))] += poll.request.sent
        poll.request = poll.deadline = None

    def _end(self, poll: SharedPoll, reply: Reply | None) -> None:
        poll.is_over, poll.request = True, None
        poll.queue.under_way -= 1
        for number in poll.waiting:
            self._of.pop(number, None)
        self._ended(poll, reply)


def not_sent(quota: Quota) -> ServiceError:
    """That no request was sent in time, and what has kept it back."""
    rate = quota.limiter.max_rate
    return NOT_SENT if rate is None else NOT_SENT._replace(message=f"{NOT_SENT.message}, as max_rate is {rate:g}")
