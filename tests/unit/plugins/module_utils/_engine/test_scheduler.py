# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits under one scheduler: when they ask, who asks with whom, and when all is over."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.poll_results import (
    BROKEN,
    CUT_OFF,
    JUDGE,
    PENDING,
    READY,
    REFUSED,
    THROTTLED,
)
from tests.unit.plugins.module_utils._engine.shared_requests import Group, Says, always
from tests.unit.plugins.module_utils._engine.workers import AtOnce, Lanes

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.dispatcher import HUNG, SLOW, Quota
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import Event
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy, Workers
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.limiter import Limiter
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Bound, Ending, Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import NOT_SENT, ErrorKind, PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.scheduler import Scheduler


def ready_at(*times: float) -> Says:
    return lambda number, at: READY if at >= times[number] else PENDING


@dataclass
class Run:
    """Waits by their schedules, all of one group where no others are given."""

    schedules: Sequence[Schedule]
    says: Says = lambda _number, _at: PENDING
    policy: Policy | None = None
    lanes: int = 0
    took: float = 0.0
    loners: frozenset[int] = frozenset()
    grouped: Callable[[int], int] = lambda _number: 0
    clock: Clock = field(default_factory=Clock)
    events: list[tuple[int, Event]] = field(default_factory=list)
    groups: dict[int, Group] = field(default_factory=dict)
    quota: Quota | None = None

    def outcomes(self) -> list[Outcome]:
        workers: Workers = Lanes(self.clock, self.lanes) if self.lanes else AtOnce(self.clock)
        sleep = workers.sleep if isinstance(workers, Lanes) else self.clock.sleep
        waits = []
        for number, schedule in enumerate(self.schedules):
            quota = self.quota or Quota("lane", Limiter())
            group = self.groups.setdefault(
                self.grouped(number), Group(self.clock, self.says, sleep, self.took, self.loners, quota)
            )
            waits.append((poll_loop(JUDGE, schedule, self.clock), group))
        policy = self.policy or Policy(len(waits), fail_fast=False)
        return Scheduler(waits, self.clock, workers, policy, [self], self.lanes or 16).run()

    def __call__(self, number: int, event: Event) -> None:
        self.events.append((number, event))

    @property
    def endings(self) -> list[str]:
        return [outcome.ending.value for outcome in self.outcomes()]

    @property
    def asked(self) -> list[tuple[float, list[int]]]:
        return self.groups[0].asked

    @property
    def elapsed(self) -> float:
        return self.clock.now - 1000


TWICE = Schedule(delay=10, max_attempts=2)

# --- who asks with whom


def test_waits_of_one_group_ask_together_and_those_that_have_ended_no_more() -> None:
    run = Run([Schedule(delay=10, max_attempts=9)] * 3, ready_at(10, 0, 20))
    outcomes = run.outcomes()
    assert run.asked == [(0, [0, 1, 2]), (10, [0, 2]), (20, [2])]
    assert [(o.ending, o.attempts, o.elapsed) for o in outcomes] == [
        (Ending.SUCCESS, 2, 10),
        (Ending.SUCCESS, 1, 0),
        (Ending.SUCCESS, 3, 20),
    ]


def test_waits_of_different_groups_ask_apart() -> None:
    run = Run([TWICE] * 4, grouped=lambda number: number % 2)
    run.outcomes()
    assert [group.asked for group in run.groups.values()] == [[(0, [0, 2]), (10, [0, 2])], [(0, [1, 3]), (10, [1, 3])]]


@pytest.mark.parametrize(
    ("delay", "asked"),
    [
        (10.9, [(0, [0, 1]), (10.9, [0, 1])]),
        (11.2, [(0, [0, 1]), (10, [0]), (11.2, [1])]),
    ],
    ids=["within a tenth of its delay", "not within a tenth"],
)
def test_a_wait_waits_a_little_for_others_that_are_due_soon(delay: float, asked: list[tuple[float, list[int]]]) -> None:
    run = Run([TWICE, Schedule(delay=delay, max_attempts=2)])
    run.outcomes()
    assert run.asked == [(pytest.approx(at), members) for at, members in asked]


def test_the_poll_on_the_deadline_is_neither_early_nor_late() -> None:
    """Another wait is due at 10 and waits for it, but it does not wait for a third that is due at 10.6."""
    schedules = [
        Schedule(delay=10, max_attempts=3),
        Schedule(delay=100, timeout=10.5),
        Schedule(initial_delay=10.6, max_attempts=1),
    ]
    run = Run(schedules, ready_at(99, 10.5, 99))
    assert run.endings == ["timeout", "success", "timeout"]
    assert run.asked[:3] == [(0, [0, 1]), (10.5, [0, 1]), (pytest.approx(10.6), [2])]


def test_nobody_polls_before_its_time_and_at_most_a_tenth_of_its_pause_later() -> None:
    rnd = random.Random("pauses")
    for _trial in range(30):
        delays = [rnd.choice((1, 2, 5, 7, 15, 16, 60)) + rnd.random() * 2 for _wait in range(20)]
        initial = [rnd.random() * 30 for _wait in delays]
        run = Run([Schedule(delay=d, max_attempts=8, initial_delay=i) for d, i in zip(delays, initial, strict=True)])
        assert set(run.endings) == {"timeout"}
        for number, delay in enumerate(delays):
            times = [at for at, members in run.asked if number in members]
            pauses = [later - earlier for earlier, later in pairwise(times)]
            assert len(times) == 8
            assert all(delay - 1e-6 <= pause <= 1.1 * delay + 1e-6 for pause in pauses)
            assert initial[number] - 1e-6 <= times[0] <= 1.1 * initial[number] + 1e-6
        assert len(run.asked) < 8 * 20


def test_a_wait_with_a_long_delay_keeps_its_time_beside_one_with_a_short_one() -> None:
    """By itself it would succeed at its 29th attempt, at 280 s."""
    run = Run([Schedule(delay=10, max_attempts=30), Schedule(delay=1, timeout=400)], ready_at(275, 390))
    first, _second = run.outcomes()
    assert (first.ending, first.attempts, first.elapsed) == (Ending.SUCCESS, 29, 280)


def test_a_wait_that_is_due_while_its_group_is_asking_waits_a_little_for_that() -> None:
    """Not longer than a tenth of its pause: what is under way may take for ever."""
    initial = (0.0, 3.0, 3.25, 7.0)
    run = Run([Schedule(delay=50, max_attempts=1, initial_delay=delay) for delay in initial], lanes=4, took=20)
    assert run.endings == ["timeout"] * 4
    assert run.asked == [(0, [0]), (pytest.approx(3.3), [1, 2]), (pytest.approx(7.7), [3])]


def test_the_last_poll_has_its_second_though_the_group_is_asking() -> None:
    """Answers take 0.8 s. By itself the wait would succeed at 30.8 s."""
    schedules = [Schedule(delay=7, timeout=30), Schedule(delay=0.3, timeout=40)]
    run = Run(schedules, ready_at(30.7, 99), lanes=16, took=0.8)
    first, _second = run.outcomes()
    assert (first.ending, first.elapsed) == (Ending.SUCCESS, pytest.approx(30.8))


def test_requests_are_under_way_together_as_far_as_they_may() -> None:
    schedules, quota = [Schedule(delay=50, max_attempts=1)] * 4, Quota("lane", Limiter())
    run = Run(schedules, lanes=2, took=8, grouped=lambda number: number, quota=quota)
    run.outcomes()
    assert [group.asked[0][0] for group in run.groups.values()] == [0, 0, 8, 8]


def test_a_request_without_an_answer_holds_its_place_for_a_while_only() -> None:
    schedules, quota = [Schedule(delay=50, max_attempts=1)] * 4, Quota("lane", Limiter())
    run = Run(schedules, lanes=2, took=200, grouped=lambda number: number, quota=quota)
    run.outcomes()
    assert [group.asked[0][0] for group in run.groups.values()] == [0, 0, HUNG, HUNG]


def test_a_slow_request_holds_no_place_of_another_operation() -> None:
    """Each group has a quota of its own here, as operations have."""
    run = Run([Schedule(delay=50, max_attempts=1)] * 4, lanes=2, took=200, grouped=lambda number: number)
    run.outcomes()
    assert [group.asked[0][0] for group in run.groups.values()] == [0, 0, SLOW, SLOW]


def test_those_that_a_group_names_ask_again_at_once_in_a_poll_of_their_own() -> None:
    run = Run([TWICE] * 3, loners=frozenset({1}))
    assert [o.attempts for o in run.outcomes()] == [2, 2, 2]
    assert run.asked == [(0, [0, 1, 2]), (0, [1]), (10, [0, 1, 2]), (10, [1])]


@pytest.mark.parametrize("concurrency", [1, 2, 16])
@pytest.mark.parametrize("others", ["hang", "hang for ever", "slow", "throttled", "many pages"])
def test_a_healthy_wait_is_polled_within_one_delay_of_its_time_whatever_others_do(
    others: str, concurrency: int
) -> None:
    """40 waits of other services, each in a group of its own, beside one whose service answers at once."""
    clock = Clock()
    lanes = Lanes(clock, concurrency)
    delay = 1.5
    healthy = Group(clock, lambda _number, at: READY if at >= 60 else PENDING, quota=Quota("healthy", Limiter()))
    bad_quota = Quota("bad", Limiter(0.1 if others == "throttled" else None))
    kinds: dict[str, dict[str, Any]] = {
        "hang": {"took": 1000.0},
        "hang for ever": {"took": 1e6},
        "slow": {"took": 5.0},
        "throttled": {},
        "many pages": {"pages": 5000, "took": 0.2},
    }
    timeout = None if others == "hang for ever" else 12.0
    bad = Schedule(delay=1, timeout=timeout, max_attempts=3)
    answer = THROTTLED if others == "throttled" else PENDING
    groups = [Group(clock, always(answer), lanes.sleep, quota=bad_quota, **kinds[others]) for _wait in range(40)]
    waits = [(poll_loop(JUDGE, bad, clock), group) for group in groups]
    waits.append((poll_loop(JUDGE, Schedule(delay=delay, max_attempts=99), clock), healthy))
    outcome = Scheduler(waits, clock, lanes, Policy(41, fail_fast=False), concurrency=concurrency).run()[-1]
    assert outcome.ending is Ending.SUCCESS
    times = [at for at, _members in healthy.asked]
    assert times[0] <= delay
    assert all(delay - 1e-9 <= later - earlier <= 2 * delay for earlier, later in pairwise(times))


def test_a_wait_for_which_nothing_was_sent_says_so() -> None:
    """One request a minute may be sent, and the deadline is sooner."""
    run = Run([Schedule(timeout=10)] * 2, always(READY), lanes=4, grouped=lambda number: number)
    quota = Quota("slow", Limiter(1 / 60))
    run.groups = {number: Group(run.clock, run.says, quota=quota) for number in range(2)}
    first, second = run.outcomes()
    assert first.ending is Ending.SUCCESS
    assert (second.ending, second.attempts, second.transient, second.elapsed) == (Ending.TIMEOUT, 0, {}, 11)
    assert second.fault is not None
    assert (second.fault.code, second.fault.message) == (NOT_SENT.code, f"{NOT_SENT.message}, as max_rate is 0.0166667")


def test_a_request_with_a_time_limit_is_given_up_then_and_its_group_goes_on() -> None:
    run = Run([Schedule(delay=5, max_attempts=2)], always(READY), lanes=1, took=100)
    run.groups[0] = Group(run.clock, run.says, Lanes(run.clock, 1).sleep, 100, time_limit=3)
    lanes = Lanes(run.clock, 1)
    run.groups[0].sleep = lanes.sleep
    waits = [(poll_loop(JUDGE, run.schedules[0], run.clock), run.groups[0])]
    scheduler = Scheduler(waits, run.clock, lanes, Policy(1))
    outcome = scheduler.run()[0]
    assert outcome.transient == {ErrorKind.CONNECTION: len(run.asked)}
    assert run.asked[1][0] == 3 + 5
    assert scheduler.figures.total == len(run.asked)


def test_the_figures_add_up() -> None:
    """Two waits share, one asks alone, and one of those that share has to ask again by itself."""
    clock = Clock()
    shared = Group(clock, always(PENDING), loners=frozenset({1}))
    alone = Group(clock, always(PENDING), pages=3)
    waits = [(poll_loop(JUDGE, TWICE, clock), group) for group in (shared, shared, alone)]
    scheduler = Scheduler(waits, clock, AtOnce(clock), Policy(3, fail_fast=False))
    scheduler.run()
    figures = scheduler.figures
    assert (figures.total, figures.own, figures.separate) == (2 + 2 + 6, [0, 2, 6], [2, 2, 6])


def test_members_are_asked_for_in_their_order() -> None:
    """A round that transient errors have cut short goes on only where the same ids are asked for again."""
    run = Run([Schedule(delay=10, max_attempts=2, initial_delay=delay) for delay in (5, 4.8, 4.9, 5)])
    run.outcomes()
    assert all(members == sorted(members) for _at, members in run.asked)


# --- when all is over

LONG = Schedule(delay=10, max_attempts=5)


@pytest.mark.parametrize(
    ("required", "fail_fast", "says", "endings", "elapsed"),
    [
        (3, True, ready_at(0, 10, 20), ["success"] * 3, 20),
        (1, True, ready_at(99, 10, 20), ["cancelled", "success", "cancelled"], 10),
        (2, True, ready_at(0, 99, 20), ["success", "cancelled", "success"], 20),
        (3, True, lambda n, at: [READY, BROKEN, PENDING][n], ["success", "failure", "cancelled"], 0),
        (2, True, lambda n, at: [READY, BROKEN, PENDING][n], ["success", "failure", "timeout"], 40),
        (3, False, lambda n, at: [READY, BROKEN, PENDING][n], ["success", "failure", "timeout"], 40),
        (1, True, lambda n, at: [REFUSED, BROKEN, REFUSED][n], ["error", "failure", "error"], 0),
        (2, False, lambda n, at: [BROKEN, BROKEN, READY][n], ["failure", "failure", "success"], 0),
    ],
)
def test_it_is_over_when_enough_have_succeeded_or_too_few_can(
    required: int, fail_fast: bool, says: Says, endings: list[str], elapsed: float
) -> None:
    run = Run([LONG] * 3, says, Policy(required, fail_fast))
    assert (run.endings, run.elapsed) == (endings, elapsed)


def test_a_time_out_puts_success_out_of_reach_as_well() -> None:
    run = Run([Schedule(delay=10, max_attempts=1), LONG], policy=Policy(2))
    assert (run.endings, run.elapsed) == (["timeout", "cancelled"], 0)


def test_each_cancelled_wait_says_what_it_has_seen() -> None:
    first, second = Run([LONG] * 2, ready_at(20, 99), Policy(1)).outcomes()
    assert first.ending is Ending.SUCCESS
    assert (second.ending, second.attempts, second.elapsed) == (Ending.CANCELLED, 3, 20)
    assert second.verdict is not None
    assert second.verdict.observed == "pending"


def test_requests_that_are_under_way_do_not_hold_up_the_end() -> None:
    """The one that hangs would take 1,000 s."""
    run = Run([LONG] * 2, always(READY), Policy(1), lanes=2, grouped=lambda number: number)
    lanes = Lanes(run.clock, 2)
    groups = [Group(run.clock, run.says, lanes.sleep, 3), Group(run.clock, run.says, lanes.sleep, 1000)]
    waits = [(poll_loop(JUDGE, LONG, run.clock), group) for group in groups]
    outcomes = Scheduler(waits, run.clock, lanes, Policy(1)).run()
    assert [outcome.ending.value for outcome in outcomes] == ["success", "cancelled"]
    assert run.elapsed == 3


def test_check_mode_looks_at_each_though_not_all_are_ready() -> None:
    """``pending`` is no failure: it doesn't end the task before the others have been looked at."""
    schedule = Schedule(once=True)
    run = Run([schedule] * 3, ready_at(99, 0, 0), Policy(3), lanes=1, took=1, grouped=lambda number: number)
    assert run.endings == ["pending", "success", "success"]


def test_outcomes_come_in_the_order_of_the_waits() -> None:
    rnd = random.Random("order")
    times = [rnd.random() * 30 for _wait in range(50)]
    run = Run([Schedule(delay=1, max_attempts=99)] * 50, ready_at(*times), grouped=lambda number: number % 7)
    assert [o.elapsed >= time > o.elapsed - 1.001 for o, time in zip(run.outcomes(), times, strict=True)] == [True] * 50


def test_what_a_request_can_not_explain_comes_out() -> None:
    def broken(_number: int, _at: float) -> PollResult:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Run([LONG] * 2, broken, lanes=1).outcomes()


# --- nobody waits for ever


@pytest.mark.parametrize("answer", [THROTTLED, CUT_OFF])
@pytest.mark.parametrize("lanes", [0, 3])
def test_transient_errors_without_end_end_every_wait_at_its_bound(answer: PollResult, lanes: int) -> None:
    schedules = [Schedule(delay=delay, max_attempts=9, transient_bound=300) for delay in (1, 5, 15, 40)] * 5
    run = Run(schedules, always(answer), lanes=lanes, took=0.1 if lanes else 0.0, grouped=lambda number: number % 6)
    assert {(o.ending, o.bound, o.attempts) for o in run.outcomes()} == {(Ending.TIMEOUT, Bound.TRANSIENT, 0)}
    assert 270 <= run.elapsed < 345


def test_refusals_end_every_wait_at_once() -> None:
    run = Run([LONG] * 20, always(REFUSED), lanes=3, took=0.1, grouped=lambda number: number % 6)
    assert set(run.endings) == {"error"}
    assert run.elapsed == pytest.approx(0.2)


def test_waits_that_never_pause_end_too() -> None:
    run = Run([Schedule(delay=0, max_attempts=50)] * 3)
    assert run.endings == ["timeout"] * 3
    assert run.elapsed == 0


# --- deadlines


def test_a_request_that_hangs_keeps_nobody_beyond_the_deadline() -> None:
    """Each wait gives up a second after its own, and the one that has none goes on."""
    schedules = [Schedule(delay=5, timeout=10), Schedule(delay=5, timeout=30), Schedule(delay=5, max_attempts=2)]
    run = Run(schedules, always(READY), lanes=4, took=100)
    short, longer, patient = run.outcomes()
    assert [(o.ending, o.elapsed) for o in (short, longer)] == [(Ending.TIMEOUT, 11), (Ending.TIMEOUT, 31)]
    assert short.fault is not None
    assert "no answer" in short.fault.message
    assert (patient.ending, patient.elapsed, patient.transient) == (Ending.SUCCESS, 100, {})


def test_a_wait_that_stands_in_line_behind_a_request_keeps_its_deadline() -> None:
    """Behind one of its own group, and behind others where all workers are taken."""
    schedules = [Schedule(delay=5, max_attempts=1), Schedule(initial_delay=2, timeout=10), Schedule(timeout=20)]
    run = Run(schedules, always(READY), lanes=1, took=100, grouped=lambda number: number // 2)
    outcomes = run.outcomes()
    assert [(o.ending.value, o.elapsed) for o in outcomes] == [("success", 100), ("timeout", 11), ("timeout", 21)]
    assert run.elapsed == 100


def test_the_answer_that_comes_too_late_is_nobodys() -> None:
    run = Run([Schedule(timeout=3), Schedule(delay=5, max_attempts=9)], ready_at(0, 15), lanes=1, took=10)
    early, other = run.outcomes()
    assert (early.ending, early.elapsed) == (Ending.TIMEOUT, 4)
    assert (other.ending, other.attempts, other.elapsed) == (Ending.SUCCESS, 2, 25)


def test_a_single_look_has_five_seconds() -> None:
    run = Run([Schedule(timeout=0)] * 2, always(READY), lanes=1, took=6, grouped=lambda number: number)
    assert (run.endings, run.elapsed) == (["timeout", "timeout"], 5)


def test_a_wait_whose_deadline_falls_in_the_same_second_has_timed_out() -> None:
    """The first to time out ends all; who would have timed out in the same moment is no victim of that."""
    schedules = [Schedule(delay=5, timeout=timeout) for timeout in (20, 20.5, 21, 22, 60)]
    endings = [outcome.ending for outcome in Run(schedules, policy=Policy(5)).outcomes()]
    assert endings == [Ending.TIMEOUT, Ending.TIMEOUT, Ending.TIMEOUT, Ending.CANCELLED, Ending.CANCELLED]
