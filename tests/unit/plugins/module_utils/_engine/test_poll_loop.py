# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The poll loop: when it polls, what it counts and how it ends, on a clock that moves only when told to."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.unit.plugins.module_utils._engine.fakes import Clock, full
from tests.unit.plugins.module_utils._engine.poll_results import (
    BROKEN,
    CUT_OFF,
    JUDGE,
    MOVING,
    NO_CREDENTIALS,
    PENDING,
    READY,
    REFUSED,
    SERVER,
    THROTTLED,
    UNPARSABLE,
    UNREACHABLE,
    state,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Backoff
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import AfterAttempt, Ended, Event, Faulted
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Bound, Ending, Outcome, StateChange
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import MOST_NOTES, poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    NOT_SENT,
    ErrorKind,
    PollResult,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.timeline import LARGEST_TIMELINE, MOST_SIGHTINGS
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.verdict import Verdict


@dataclass
class Run:
    """A wait over a script of answers, an answer that takes its time as (seconds, answer). The last one repeats."""

    script: Sequence[PollResult | tuple[float, PollResult]]
    schedule: Schedule
    judge: Judge = JUDGE
    clock: Clock = field(default_factory=Clock)
    polled_at: list[float] = field(default_factory=list)
    budgets: list[float | None] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    draw: Callable[[], float] = full

    def poll(self, budget: float | None) -> PollResult:
        self.polled_at.append(self.clock.now - 1000)
        self.budgets.append(budget)
        step = self.script[min(len(self.polled_at), len(self.script)) - 1]
        took, answer = step if isinstance(step, tuple) else (0.0, step)
        self.clock.now += took
        return answer

    def outcome(self) -> Outcome:
        wait = poll_loop(self.judge, self.schedule, self.clock, self.draw)
        return run_wait(wait, self.poll, self.clock.sleep, [self.events.append])


def run(*script: PollResult | tuple[float, PollResult], judge: Judge = JUDGE, **schedule: Any) -> tuple[Run, Outcome]:
    made = Run(script, Schedule(**schedule), judge)
    return made, made.outcome()


@pytest.mark.parametrize(
    ("script", "schedule", "polled_at", "ending"),
    [
        pytest.param([READY], {}, [0], Ending.SUCCESS, id="the first poll is at once"),
        pytest.param([READY], {"initial_delay": 7}, [7], Ending.SUCCESS, id="after initial_delay where one is given"),
        pytest.param([PENDING, READY], {}, [0, 5], Ending.SUCCESS, id="success ends it"),
        pytest.param([PENDING, BROKEN, READY], {}, [0, 5], Ending.FAILURE, id="failure ends it"),
        pytest.param([PENDING, REFUSED, READY], {}, [0, 5], Ending.ERROR, id="an error that nobody took ends it"),
        pytest.param([NO_CREDENTIALS, READY], {}, [0], Ending.ERROR, id="credentials that can't be had end it"),
        pytest.param([PENDING], {"max_attempts": 3}, [0, 5, 10], Ending.TIMEOUT, id="N attempts are N-1 sleeps"),
        pytest.param([PENDING], {"timeout": 12}, [0, 5, 10, 12], Ending.TIMEOUT, id="once more on the deadline"),
        pytest.param([PENDING] * 3 + [READY], {"timeout": 12}, [0, 5, 10, 12], Ending.SUCCESS, id="which may succeed"),
        pytest.param([PENDING], {"timeout": 0}, [0], Ending.TIMEOUT, id="timeout 0 looks once"),
        pytest.param([READY], {"timeout": 0}, [0], Ending.SUCCESS, id="timeout 0 may succeed"),
        pytest.param([(4, PENDING), READY], {}, [0, 9], Ending.SUCCESS, id="the delay follows the answer"),
        pytest.param([(14, PENDING), READY], {"timeout": 12}, [0], Ending.TIMEOUT, id="none after a late answer"),
        pytest.param([(14, READY)], {"timeout": 12}, [0], Ending.SUCCESS, id="a late answer counts"),
    ],
)
def test_polls_when_the_schedule_says(
    script: Sequence[PollResult], schedule: dict[str, Any], polled_at: list[float], ending: Ending
) -> None:
    made, outcome = run(*script, **schedule)
    assert (made.polled_at, outcome.ending) == (polled_at, ending)
    # no sleep after the last poll: what was slept stands before some poll
    assert sum(made.clock.slept) <= polled_at[-1]
    assert outcome.attempts == len(polled_at)
    assert outcome.elapsed == made.clock.now - 1000


@pytest.mark.parametrize(
    ("schedule", "budgets"),
    [
        ({"max_attempts": 2}, [None, None]),
        ({"timeout": 0}, [5]),
        ({"timeout": 12}, [13, 8, 3, 1]),
        ({"timeout": 6, "initial_delay": 4}, [3, 1]),
    ],
)
def test_each_request_has_what_is_left_and_one_second(schedule: dict[str, Any], budgets: list[float | None]) -> None:
    made, _outcome = run(PENDING, **schedule)
    assert made.budgets == budgets


@pytest.mark.parametrize(
    ("schedule", "bound"),
    [
        ({"max_attempts": 2}, Bound.ATTEMPTS),
        ({"timeout": 7}, Bound.DEADLINE),
        ({"timeout": 70, "max_attempts": 2}, Bound.ATTEMPTS),
        ({"timeout": 7, "max_attempts": 20}, Bound.DEADLINE),
    ],
)
def test_a_time_out_says_which_bound_was_met(schedule: dict[str, Any], bound: Bound) -> None:
    _made, outcome = run(PENDING, **schedule)
    assert (outcome.ending, outcome.bound) == (Ending.TIMEOUT, bound)


class WakesEarly(Clock):
    """Its sleeps end a hair before their time, as real ones may."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds - 0.001)


@pytest.mark.parametrize("answer", [PENDING, THROTTLED, UNREACHABLE], ids=["pending", "transient error", "unreachable"])
def test_nothing_follows_the_poll_on_the_deadline_even_where_it_comes_early(answer: PollResult) -> None:
    made = Run([answer], Schedule(timeout=1), clock=WakesEarly())
    outcome = made.outcome()
    assert len(made.polled_at) == 2
    assert outcome.ending is (Ending.ERROR if answer is UNREACHABLE else Ending.TIMEOUT)


# --- consecutive successes


@pytest.mark.parametrize(
    ("script", "attempts"),
    [
        pytest.param([READY] * 3, 3, id="three in a row"),
        pytest.param([READY, PENDING, READY, READY, READY], 5, id="not yet starts the count again"),
        pytest.param(
            [READY, THROTTLED, READY, CUT_OFF, SERVER, READY], 3, id="transient errors neither count nor reset"
        ),
    ],
)
def test_consecutive_successes(script: Sequence[PollResult], attempts: int) -> None:
    made, outcome = run(*script, consecutive=3)
    assert (outcome.ending, outcome.attempts) == (Ending.SUCCESS, attempts)
    assert len(made.polled_at) == len(script)


def test_a_failure_between_successes_ends_the_wait() -> None:
    assert run(READY, BROKEN, READY, consecutive=2)[1].ending is Ending.FAILURE


def test_a_success_too_few_times_in_a_row_times_out() -> None:
    _made, outcome = run(PENDING, READY, consecutive=3, max_attempts=3)
    assert (outcome.ending, outcome.bound, outcome.attempts) == (Ending.TIMEOUT, Bound.ATTEMPTS, 3)
    assert outcome.verdict is not None
    assert outcome.verdict.decision.value == "success"


# --- transient errors


@pytest.mark.parametrize("error", [THROTTLED, SERVER, UNPARSABLE, CUT_OFF], ids=lambda answer: answer.error.kind.value)
def test_transient_errors_use_up_no_attempt(error: PollResult) -> None:
    made, outcome = run(error, PENDING, error, error, READY, max_attempts=2)
    assert (outcome.ending, outcome.attempts) == (Ending.SUCCESS, 2)
    assert made.polled_at == [0, 5, 10, 15, 25]
    assert dict(outcome.transient) == {error.error and error.error.kind: 3}


def test_throttling_is_never_success() -> None:
    """The neighbour's defect: a waiter that took a throttle for its end."""
    _made, outcome = run(THROTTLED, delay=15, transient_bound=300)
    assert (outcome.ending, outcome.bound, outcome.attempts) == (Ending.TIMEOUT, Bound.TRANSIENT, 0)
    assert outcome.fault == THROTTLED.error
    assert outcome.elapsed == 300


def test_the_backoff_starts_over_after_a_good_answer() -> None:
    made, _outcome = run(THROTTLED, THROTTLED, THROTTLED, PENDING, THROTTLED, THROTTLED, READY, delay=1)
    assert made.clock.slept == [1, 2, 4, 1, 1, 2]


HALF_WAY = replace(THROTTLED, made_progress=True)


def test_the_backoff_starts_over_after_a_good_part_of_an_answer() -> None:
    """A poll of many pages or parts meets a transient error every so often, and makes progress all the same."""
    made, outcome = run(HALF_WAY, HALF_WAY, THROTTLED, THROTTLED, HALF_WAY, READY, delay=1)
    assert made.clock.slept == [1, 1, 2, 4, 1]
    assert (outcome.ending, outcome.transient) == (Ending.SUCCESS, {ErrorKind.THROTTLED: 5})


def test_the_time_of_the_good_part_of_an_answer_does_not_count() -> None:
    _made, outcome = run(PENDING, *[(200.0, HALF_WAY)] * 20, READY, delay=1, transient_bound=300.0)
    assert outcome.ending is Ending.SUCCESS


def test_an_endpoint_that_answered_in_part_is_there() -> None:
    _made, outcome = run(replace(UNREACHABLE, made_progress=True), *[UNREACHABLE] * 5, READY, delay=1)
    assert outcome.ending is Ending.SUCCESS


def test_the_time_of_transient_errors_is_added_up_over_the_whole_wait() -> None:
    """A good answer starts the back-off over, not the sum; that of good polls doesn't count."""
    script = [(3.0, CUT_OFF), PENDING, *[PENDING] * 50, (3.0, CUT_OFF), PENDING, (3.0, CUT_OFF), CUT_OFF]
    made, outcome = run(*script, delay=5, transient_bound=20)
    # 3+5, 3+5, 3 and the last second of the bound, and one more try
    assert outcome.bound is Bound.TRANSIENT
    assert outcome.transient == {ErrorKind.CONNECTION: 4}
    assert made.clock.slept[-1] == 1


def test_with_a_timeout_transient_errors_are_retried_until_the_deadline() -> None:
    made, outcome = run(THROTTLED, timeout=22, transient_bound=1)
    assert made.polled_at == [0, 5, 15, 22]
    assert (outcome.ending, outcome.bound, outcome.fault) == (Ending.TIMEOUT, Bound.DEADLINE, THROTTLED.error)


def test_a_transient_error_at_the_deadline_is_not_retried() -> None:
    made, outcome = run(PENDING, THROTTLED, timeout=4)
    assert made.polled_at == [0, 4]
    assert outcome.ending is Ending.TIMEOUT
    assert outcome.verdict is not None
    assert outcome.verdict.observed == "pending"


def test_transient_errors_that_passed_are_counted_but_do_not_explain_a_timeout() -> None:
    _made, outcome = run(THROTTLED, SERVER, PENDING, max_attempts=1)
    assert outcome.transient == {ErrorKind.THROTTLED: 1, ErrorKind.SERVER: 1}
    assert outcome.fault is None


# --- an endpoint that can't be reached


@pytest.mark.parametrize("error", [THROTTLED, SERVER, CUT_OFF], ids=["throttled", "server", "connection"])
def test_a_request_that_could_not_be_sent_does_not_hide_the_error_before_it(error: PollResult) -> None:
    outcome = Run([error, PollResult(error=NOT_SENT)], Schedule(timeout=30)).outcome()
    assert (outcome.ending, outcome.fault) == (Ending.TIMEOUT, error.error)


def test_a_request_that_could_not_be_sent_is_the_fault_where_nothing_else_was() -> None:
    assert Run([PENDING, PollResult(error=NOT_SENT)], Schedule(timeout=30)).outcome().fault == NOT_SENT


def test_an_endpoint_that_never_answered_ends_the_wait_after_three_tries() -> None:
    made, outcome = run(UNREACHABLE, delay=60, max_attempts=10)
    assert made.polled_at == [0, 2, 7]
    assert (outcome.ending, outcome.attempts) == (Ending.ERROR, 0)
    assert outcome.verdict is not None
    assert outcome.verdict.error == UNREACHABLE.error
    assert outcome.transient == {ErrorKind.CONNECTION: 3}


@pytest.mark.parametrize("timeout", [0, 1, 4])
def test_an_endpoint_that_was_not_reached_by_the_deadline_is_an_error_too(timeout: float) -> None:
    made, outcome = run(UNREACHABLE, timeout=timeout)
    assert outcome.ending is Ending.ERROR
    assert made.polled_at[-1] == timeout


@pytest.mark.parametrize("first", [PENDING, THROTTLED, SERVER, UNPARSABLE, REFUSED])
def test_once_the_endpoint_has_answered_unreachable_is_a_transient_error(first: PollResult) -> None:
    judge = Judge(JUDGE.definition, retry_errors=frozenset({"refused code"}))
    made, outcome = run(first, *[UNREACHABLE] * 6, READY, judge=judge, delay=1)
    assert outcome.ending is Ending.SUCCESS
    assert outcome.transient[ErrorKind.CONNECTION] == 6
    assert len(made.polled_at) == 8


def test_a_broken_connection_is_a_transient_error_from_the_start_but_proves_no_endpoint() -> None:
    """A reset may come from a proxy: what can't be reached afterwards is still a matter of set-up."""
    made, outcome = run(CUT_OFF, UNREACHABLE, delay=1)
    assert outcome.ending is Ending.ERROR
    assert made.polled_at == [0, 1, 3, 8]


def test_an_endpoint_that_comes_up_between_the_tries_is_waited_on() -> None:
    made, outcome = run(UNREACHABLE, UNREACHABLE, PENDING, READY)
    assert (made.polled_at, outcome.ending) == ([0, 2, 7, 12], Ending.SUCCESS)


# --- check mode


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (READY, Ending.SUCCESS),
        (BROKEN, Ending.FAILURE),
        (PENDING, Ending.PENDING),
        (THROTTLED, Ending.PENDING),
        (CUT_OFF, Ending.PENDING),
        (UNREACHABLE, Ending.PENDING),
        (REFUSED, Ending.ERROR),
    ],
)
def test_check_mode_looks_once_and_never_sleeps(answer: PollResult, ending: Ending) -> None:
    made, outcome = run(answer, once=True, consecutive=3, initial_delay=9, timeout=60)
    assert (made.polled_at, made.clock.slept, outcome.ending) == ([0], [], ending)


# --- what is told


def test_the_timeline_has_an_entry_for_each_change() -> None:
    _made, outcome = run(PENDING, PENDING, MOVING, THROTTLED, MOVING, PENDING, READY)
    assert outcome.timeline == (
        StateChange(0, 1, "pending"),
        StateChange(10, 3, "moving"),
        StateChange(25, 5, "pending"),
        StateChange(30, 6, "ready"),
    )


ALL_STATES = replace(JUDGE, show=Expression("States"))


def changes(made: Run) -> list[bool]:
    return [event.changed for event in made.events if isinstance(event, AfterAttempt)]


def test_order_is_no_change() -> None:
    """AWS promises none: the same states in another order are neither in the timeline nor an event that changed."""
    states = [f"state-{number}" for number in range(20)]
    orders = [random.Random(seed).sample(states, 20) for seed in range(99)]
    script = [PollResult({"State": "pending", "States": order}, 200) for order in orders]
    made, outcome = run(*script, READY, judge=ALL_STATES)
    assert [(seen.attempt, seen.observed) for seen in outcome.timeline] == [(1, orders[0]), (100, None)]
    assert changes(made) == [True, *[False] * 98, True]


def test_a_timeline_holds_the_first_and_the_last_of_many_changes() -> None:
    script = [PollResult({"State": f"step {number}"}, 200) for number in range(1, 2001)]
    made, outcome = run(*script, READY, max_attempts=3000)
    assert all(changes(made))
    assert len(outcome.timeline) == MOST_SIGHTINGS
    half = MOST_SIGHTINGS // 2
    assert [seen.attempt for seen in outcome.timeline] == [*range(1, half + 1), *range(2002 - half, 2002)]
    assert outcome.notes == (f"Of the timeline, {2001 - MOST_SIGHTINGS:,} changes in the middle are left out.",)


def test_a_timeline_is_bounded_in_size_and_says_what_was_cut() -> None:
    script = [PollResult({"State": f"{number}", "States": [f"{number}", "x" * 500_000]}, 200) for number in range(100)]
    made, outcome = run(*script, READY, judge=ALL_STATES)
    assert changes(made) == [True] * 101
    assert len(repr(outcome.timeline)) < 1.2 * LARGEST_TIMELINE
    assert "(cut, 500,000 characters in all)" in repr(outcome.timeline[0].observed)
    assert "changes in the middle are left out" in outcome.notes[0]


def test_a_change_behind_what_is_kept_is_one() -> None:
    script = [PollResult({"States": ["x" * 500_000, f"{number}"]}, 200) for number in range(3)]
    _made, outcome = run(*script, READY, judge=ALL_STATES)
    assert len(outcome.timeline) == 4


def test_notes_are_no_more_than_some() -> None:
    """Each cites another value of the answer."""
    judge = replace(JUDGE, show=Expression("abs(State)"))
    _made, outcome = run(*(state(f"step {number}") for number in range(200)), READY, judge=judge, max_attempts=300)
    assert len(outcome.notes) == MOST_NOTES


def test_an_event_says_how_many_transient_errors_of_a_kind_have_come_in_a_row() -> None:
    made, _outcome = run(THROTTLED, SERVER, SERVER, SERVER, SERVER, PENDING, SERVER, CUT_OFF, CUT_OFF, CUT_OFF, READY)
    assert [event.in_a_row for event in made.events if isinstance(event, Faulted)] == [1, 1, 2, 3, 4, 1, 1, 2, 3]


@pytest.mark.parametrize(
    ("script", "notes"),
    [
        ([PENDING, SERVER], ("The last 4 requests in a row ended with server code: some words",)),
        ([SERVER, SERVER, SERVER, PENDING], ()),
    ],
)
def test_a_wait_that_ends_after_transient_errors_in_a_row_warns_of_them(
    script: list[PollResult], notes: tuple[str, ...]
) -> None:
    _made, outcome = run(*script, timeout=30, delay=5)
    assert outcome.notes == notes


def test_the_events_come_in_order() -> None:
    made, outcome = run(PENDING, THROTTLED, READY, initial_delay=2)
    told = [(type(event).__name__, event.elapsed, getattr(event, "attempt", None)) for event in made.events]
    assert told == [
        ("BeforeSleep", 0, None),
        ("BeforeAttempt", 2, 1),
        ("AfterAttempt", 2, 1),
        ("BeforeSleep", 2, None),
        ("BeforeAttempt", 7, 2),
        ("Faulted", 7, 2),
        ("BeforeSleep", 7, None),
        ("BeforeAttempt", 12, 2),
        ("AfterAttempt", 12, 2),
        ("Ended", 12, None),
    ]
    assert made.events[-1] == Ended(12, outcome)


def test_an_ending_carries_its_last_answer_with_the_reason() -> None:
    _made, outcome = run(PENDING, BROKEN)
    assert outcome.answer is BROKEN
    assert outcome.verdict is not None
    assert (outcome.verdict.observed, outcome.verdict.reason) == ("broken", "because broken")


def test_a_time_out_explains_the_last_poll_that_was_answered() -> None:
    _made, outcome = run(PENDING, MOVING, THROTTLED, timeout=12)
    assert outcome.answer is MOVING
    assert outcome.verdict is not None
    assert (outcome.verdict.observed, outcome.verdict.reason) == ("moving", "because moving")


def test_a_note_is_told_once() -> None:
    judge = Judge(JUDGE.definition, show=Expression("length(Nothing)"))
    _made, outcome = run(PENDING, PENDING, READY, judge=judge)
    assert len(outcome.notes) == 1
    assert outcome.notes[0].startswith("show: could not be evaluated")


# --- answers that say nothing new


class Counting(Judge):
    """Counts its judgements."""

    def judge(self, answer: PollResult, seen: Set[str] = frozenset()) -> Verdict:
        self.__dict__["judged"] = self.__dict__.get("judged", 0) + 1
        return super().judge(answer, seen)


@pytest.mark.parametrize(
    ("show", "judged"), [("State", 3), ("ResponseMetadata.RequestId", 6), ("@", 6)], ids=["a member", "metadata", "all"]
)
def test_an_answer_that_differs_in_its_metadata_alone_is_judged_again_only_if_that_is_looked_at(
    show: str, judged: int
) -> None:
    judge = Counting(JUDGE.definition, show=Expression(show))
    script = [
        PollResult({"State": "ready" if poll == 5 else "pending", "ResponseMetadata": {"RequestId": str(poll)}}, 200)
        for poll in range(6)
    ]
    run = Run(script, Schedule(delay=5, max_attempts=9), judge)
    outcome = run.outcome()
    assert (outcome.ending, outcome.attempts, judge.__dict__["judged"]) == (Ending.SUCCESS, 6, judged)
    assert outcome.answer is script[-1]


# --- jitter, and what AWS asks for


def asking(seconds: float, answer: PollResult = THROTTLED) -> PollResult:
    """An error with which AWS asks to wait."""
    assert answer.error is not None
    return replace(answer, error=answer.error._replace(retry_after=seconds))


@pytest.mark.parametrize("answer", [THROTTLED, SERVER, UNPARSABLE])
def test_what_aws_asks_for_is_waited_for_after_each_transient_error(answer: PollResult) -> None:
    made, outcome = run(asking(20, answer), answer, asking(12, answer), READY)
    assert (made.polled_at, outcome.ending) == ([0, 20, 30, 42], Ending.SUCCESS)


def test_what_aws_asks_for_moves_no_deadline_and_no_bound() -> None:
    assert run(asking(3600), timeout=30)[0].polled_at == [0, 30]
    made, outcome = run(asking(3600), transient_bound=300)
    assert (made.polled_at, outcome.bound) == ([0, 300], Bound.TRANSIENT)


def test_an_endpoint_that_was_never_reached_is_tried_three_times_in_ten_seconds_whatever_it_asks() -> None:
    assert run(asking(60, UNREACHABLE), jitter=True)[0].polled_at == [0, 2, 7]


def test_with_jitter_every_pause_is_drawn() -> None:
    draws = iter([0.5, 0.1, 0.9, 0.3])
    script = [THROTTLED, THROTTLED, PENDING, SERVER, READY]
    made = Run(script, Schedule(delay=4, jitter=True), draw=lambda: next(draws))
    assert made.outcome().ending is Ending.SUCCESS
    # 0.5 of 4 s, 0.1 of 8 s, the delay, and from the start again 0.3 of 4 s
    assert made.polled_at == pytest.approx([0, 2, 2.8, 6.8, 8.0])


@pytest.mark.parametrize("seed", range(20))
def test_with_jitter_the_last_poll_is_on_the_deadline_all_the_same(seed: int) -> None:
    for script in ([THROTTLED], [PENDING], [PENDING, THROTTLED, SERVER], [asking(2)]):
        schedule = Schedule(delay=2, timeout=60, jitter=True, backoff=Backoff.EXPONENTIAL)
        made = Run(script, schedule, draw=random.Random(seed).random)
        assert made.outcome().bound is Bound.DEADLINE
        assert made.polled_at[-1] == pytest.approx(60)
        assert len(made.polled_at) < 60


@pytest.mark.parametrize("asked", [0.0, 3.0])
def test_forty_waits_that_are_throttled_together_come_back_spread(asked: float) -> None:
    """Each in a process of its own. Without jitter all forty would be back in the same moment."""
    throttled, schedule = asking(asked), Schedule(delay=5, jitter=True)
    forks = [Run([throttled, throttled, READY], schedule, draw=random.Random(seed).random) for seed in range(40)]
    for fork in forks:
        assert fork.outcome().ending is Ending.SUCCESS
    for retry in (1, 2):
        back = sorted(fork.polled_at[retry] for fork in forks)
        assert back[0] >= retry * asked
        assert max(sum(at <= other < at + 0.5 for other in back) for at in back) <= 12
