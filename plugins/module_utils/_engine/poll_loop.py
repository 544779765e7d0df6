# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One wait from its first poll to its end: the poll loop, without the polls and without the sleeps.

The loop is a generator. It yields events; after ``BeforeAttempt`` it is sent the answer, ``BeforeSleep`` asks whoever
drives it to come back later. So one driver can run a single wait and another thousands, and tests need no time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from typing import Any

from .checkpoint import Checkpoint
from .events import AfterAttempt, BeforeAttempt, BeforeSleep, Ended, Event, Faulted
from .jitter import Draw
from .judge import Judge
from .outcome import Bound, Ending, Outcome
from .poll_result import NOT_SENT, ErrorKind, PollResult, ServiceError
from .progress_options import MANY_IN_A_ROW
from .schedule import Pause, Schedule
from .timeline import Timeline
from .verdict import Decision, Verdict

_ENDINGS = {Decision.SUCCESS: Ending.SUCCESS, Decision.FAILURE: Ending.FAILURE, Decision.ERROR: Ending.ERROR}
# transient errors of every kind is counted as one of the three that results show
_COUNTED_AS = {ErrorKind.UNREACHABLE: ErrorKind.CONNECTION}
MOST_NOTES = 20


class Cancelled(Exception):
    """Thrown into a wait that nobody needs any more; it then ends at once."""


def poll_loop(
    judge: Judge,
    schedule: Schedule,
    clock: Callable[[], float],
    draw: Draw = lambda: 1.0,
    checkpoint: Checkpoint | None = None,
) -> Generator[Event, PollResult | None, None]:
    """Run one wait. ``clock`` gives monotonic seconds. The last event is ``Ended``, also when Cancelled is thrown.

    ``draw``: for a schedule with jitter; without it, backoffs are as long as they may be. ``checkpoint``: where the
    wait goes on; it is kept up to date.
    """
    record = _Record(judge, schedule, clock, draw, checkpoint or Checkpoint())
    try:
        yield from _polling(record, schedule, draw)
    except Cancelled:
        record.ending = Ending.TIMEOUT if schedule.is_nearly_over(record.elapsed) else Ending.CANCELLED
    yield Ended(record.elapsed, record.outcome())


def _polling(record: _Record, schedule: Schedule, draw: Draw) -> Generator[Event, PollResult | None, None]:
    at = record.checkpoint
    pause: Pause | None = schedule.first() if at.due is None else schedule.resume(at.due, at.elapsed)
    while pause is not None:
        at.due = record.elapsed + pause.seconds
        if pause.seconds > 0:
            yield BeforeSleep(record.elapsed, pause.seconds, pause.last, schedule.delay)
        asked_at = record.elapsed
        answer = yield BeforeAttempt(at.attempts + 1, asked_at, schedule.budget(asked_at))
        verdict = record.judge(answer or PollResult())
        if verdict.decision is Decision.TRANSIENT and verdict.error is not None:
            yield Faulted(at.attempts + 1, record.elapsed, verdict.error, record.alike(verdict.error))
            following = record.transient_error(
                verdict.error, asked_at, pause.last, answer is not None and answer.made_progress
            )
        else:
            changed = record.attempt(verdict, answer or PollResult())
            yield AfterAttempt(at.attempts, record.elapsed, verdict, answer or PollResult(), changed)
            following = None if record.ending else schedule.after(at.attempts, record.elapsed, draw())
        pause = None if pause.last else following


class _Record:
    """What has happened so far in one wait."""

    def __init__(
        self, judge: Judge, schedule: Schedule, clock: Callable[[], float], draw: Draw, checkpoint: Checkpoint
    ) -> None:
        self._judge, self._schedule, self._clock, self._draw = judge, schedule, clock, draw
        self.checkpoint = checkpoint
        self._began = clock() - checkpoint.elapsed
        if schedule.max_attempts is not None:  # the last attempt is made again where its result was lost
            checkpoint.attempts = min(checkpoint.attempts, schedule.max_attempts - 1)
        self.ending: Ending | None = None
        self._reached = checkpoint.attempts > 0
        self._set_up_tries = 0
        self._faults_in_a_row = 0
        self._verdict: Verdict | None = None
        self._answer: PollResult | None = None
        self._judged_with: frozenset[str] = frozenset()
        self._fault: ServiceError | None = None
        self._alike_in_a_row = 0
        self._transient: Counter[ErrorKind] = Counter()
        self._timeline = Timeline(judge.show)
        for change in checkpoint.changes:
            self._timeline.take(*change)
        self._notes: dict[str, None] = {}

    @property
    def elapsed(self) -> float:
        return self._clock() - self._began

    def judge(self, answer: PollResult) -> Verdict:
        """The verdict on an answer. Most say what the last one said, and then so does the verdict."""
        last, verdict = self._answer, self._verdict
        may_repeat = self._judge.is_steady and self._judged_with == self.checkpoint.seen
        if may_repeat and last is not None and verdict is not None and _say_the_same(answer, last):
            return verdict
        self._judged_with = self.checkpoint.seen
        return self._judge.judge(answer, self.checkpoint.seen)

    def attempt(self, verdict: Verdict, answer: PollResult) -> bool:
        """Take in an answer that was no transient error, and say whether what is observed has changed by it."""
        so_far = self.checkpoint
        so_far.attempts += 1
        self._reached = self._reached or answer.error is None or answer.error.status is not None
        self._faults_in_a_row, self._fault = 0, None
        previous, self._verdict, self._answer = self._verdict, verdict, answer
        so_far.seen |= verdict.present
        for note in verdict.notes:
            if len(self._notes) < MOST_NOTES:
                self._notes[note] = None
        # the timeline looks closely, and most polls show just what the last one did
        is_equal = previous is not None and previous.observed == verdict.observed
        changed = not is_equal and self._timeline.take(self.elapsed, so_far.attempts, verdict.observed)
        so_far.successes = so_far.successes + 1 if verdict.decision is Decision.SUCCESS else 0
        needed = 1 if self._schedule.once else self._schedule.consecutive
        if verdict.decision is not Decision.SUCCESS or so_far.successes >= needed:
            self.ending = _ENDINGS.get(verdict.decision)
        return changed

    def alike(self, error: ServiceError) -> int:
        """How many tries in a row have met an error with this code, this one counted."""
        last = self._fault
        self._alike_in_a_row = self._alike_in_a_row + 1 if last is not None and last.code == error.code else 1
        return self._alike_in_a_row

    def transient_error(self, error: ServiceError, asked_at: float, last: bool, made_progress: bool) -> Pause | None:
        """Take in a fault, and say when to try again. ``last``: no further try follows whatever is said.

        ``made_progress``: a part of the poll was answered before, and that isn't asked for again.
        """
        is_sent = error.code != NOT_SENT.code
        if is_sent or self._fault is None:
            self._fault = error
        if made_progress:
            self._reached, self._faults_in_a_row = True, 0
        self._faults_in_a_row += 1
        if is_sent:
            self._transient[_COUNTED_AS.get(error.kind, error.kind)] += 1
        elapsed = self.elapsed
        if error.kind is ErrorKind.UNREACHABLE and not self._reached:
            self._set_up_tries += 1
            pause = self._schedule.after_set_up_fault(self._set_up_tries, elapsed)
            if (pause is None or last) and not self._schedule.once:
                self._fail_to_reach(error)
            return pause
        self._reached = self._reached or error.status is not None or error.kind is ErrorKind.SERVER
        so_far = self.checkpoint
        so_far.transient_spent += 0.0 if made_progress else elapsed - asked_at
        pause = self._schedule.after_transient_error(
            self._faults_in_a_row, so_far.transient_spent, elapsed, self._draw(), error.retry_after
        )
        so_far.transient_spent += pause.seconds if pause else 0.0
        return pause

    def outcome(self) -> Outcome:
        """How the wait ended, now that no poll follows."""
        ending, bound = self.ending, None
        if ending is None and self._schedule.once:
            ending = Ending.PENDING
        if ending is None:
            ending, bound = Ending.TIMEOUT, self._bound_met()
        verdict = self._verdict
        if verdict is not None and self._answer is not None:
            verdict = self._judge.explain(verdict, self._answer)
        return Outcome(
            ending,
            self.checkpoint.attempts,
            self.elapsed,
            verdict,
            self._answer,
            self._fault,
            bound,
            dict(self._transient),
            self._timeline.sightings,
            tuple(self._all_notes()),
        )

    def _all_notes(self) -> Iterator[str]:
        yield from self._notes
        if self._timeline.left_out:
            yield f"Of the timeline, {self._timeline.left_out:,} changes in the middle are left out."
        if self._fault is not None and self._alike_in_a_row >= MANY_IN_A_ROW:
            yield f"The last {self._alike_in_a_row} requests in a row ended with {self._fault.text}"

    def _fail_to_reach(self, error: ServiceError) -> None:
        self.ending = Ending.ERROR
        self._verdict = Verdict(Decision.ERROR, error=error)

    def _bound_met(self) -> Bound:
        schedule = self._schedule
        if schedule.max_attempts is not None and self.checkpoint.attempts >= schedule.max_attempts:
            return Bound.ATTEMPTS
        return Bound.TRANSIENT if schedule.timeout is None else Bound.DEADLINE


def _say_the_same(one: PollResult, other: PollResult) -> bool:
    return (
        one.status == other.status
        and one.error == other.error
        and one.refused == other.refused
        and _said(one) == _said(other)
    )


def _said(answer: PollResult) -> dict[str, Any]:
    return {name: value for name, value in answer.response.items() if name != "ResponseMetadata"}
