# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits under one scheduler: when they ask, who asks with whom, and when all is over."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.test_waiting import (
    BROKEN,
    CUT_OFF,
    JUDGE,
    PENDING,
    READY,
    REFUSED,
    THROTTLED,
)
from tests.unit.plugins.module_utils._engine.workers import AtOnce, Lanes

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.answer import Answer
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import Event
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Bound, Ending, Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.scheduler import Policy, Scheduler, Workers
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.waiting import waiting

Says = Callable[[int, float], Answer]
"""What a wait, known by its number, is answered at a time."""


def always(answer: Answer) -> Says:
    return lambda _number, _at: answer


def ready_at(*times: float) -> Says:
    return lambda number, at: READY if at >= times[number] else PENDING


@dataclass(eq=False)
class Group:
    """Waits that are answered together, each by itself for the ``loners``; ``took``: seconds that a request takes."""

    clock: Clock
    says: Says
    sleep: Callable[[float], None] = lambda _seconds: None
    took: float = 0.0
    loners: frozenset[int] = frozenset()
    asked: list[tuple[float, list[int]]] = field(default_factory=list)
    lone_groups: dict[int, Group] = field(default_factory=dict)

    def ask(self, members: Sequence[int]) -> Mapping[int, Answer]:
        self.asked.append((self.clock.now - 1000, list(members)))
        if self.took:
            self.sleep(self.took)
        at = self.clock.now - 1000
        return {number: self.says(number, at) for number in members if number not in self.loners}

    def alone(self, number: int) -> Group:
        return self.lone_groups.setdefault(number, Group(self.clock, self.says, self.sleep, self.took))


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

    def outcomes(self) -> list[Outcome]:
        workers: Workers = Lanes(self.clock, self.lanes) if self.lanes else AtOnce(self.clock)
        sleep = workers.sleep if isinstance(workers, Lanes) else self.clock.sleep
        waits = []
        for number, schedule in enumerate(self.schedules):
            group = self.groups.setdefault(
                self.grouped(number), Group(self.clock, self.says, sleep, self.took, self.loners)
            )
            waits.append((waiting(JUDGE, schedule, self.clock), group))
        policy = self.policy or Policy(len(waits), fail_fast=False)
        return Scheduler(waits, self.clock, workers, policy, [self]).run()

    def __call__(self, number: int, event: Event) -> None:
        self.events.append((number, event))

    def tell(self) -> None:
        """Nothing is kept back."""

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
        (10.9, [(0, [0, 1]), (10, [0, 1])]),
        (11.2, [(0, [0, 1]), (10, [0]), (11.2, [1])]),
    ],
    ids=["within a tenth of its delay", "not within a tenth"],
)
def test_a_wait_joins_a_request_that_is_a_little_early_for_it(
    delay: float, asked: list[tuple[float, list[int]]]
) -> None:
    run = Run([TWICE, Schedule(delay=delay, max_attempts=2)])
    run.outcomes()
    assert run.asked == [(pytest.approx(at), members) for at, members in asked]


def test_the_poll_on_the_deadline_is_not_made_early_by_joining_others() -> None:
    run = Run([Schedule(delay=10, max_attempts=3), Schedule(delay=100, timeout=10.5)], ready_at(99, 10.4))
    assert run.endings == ["timeout", "success"]
    assert run.asked == [(0, [0, 1]), (10, [0]), (10.5, [1]), (20, [0])]


def test_joining_takes_at_most_a_tenth_off_any_pause_and_adds_nothing() -> None:
    rnd = random.Random("pauses")
    for _trial in range(30):
        delays = [rnd.choice((1, 2, 5, 7, 15, 16, 60)) + rnd.random() * 2 for _wait in range(20)]
        run = Run([Schedule(delay=delay, max_attempts=8, initial_delay=rnd.random() * 30) for delay in delays])
        assert set(run.endings) == {"timeout"}
        for number, delay in enumerate(delays):
            times = [at for at, members in run.asked if number in members]
            pauses = [later - earlier for earlier, later in pairwise(times)]
            assert len(times) == 8
            assert all(0.9 * delay - 1e-6 <= pause <= delay + 1e-6 for pause in pauses)
        assert len(run.asked) < 8 * 20


def test_a_group_asks_once_at_a_time_and_collects_meanwhile() -> None:
    initial = (0.0, 3.0, 7.0)
    run = Run([Schedule(delay=50, max_attempts=1, initial_delay=delay) for delay in initial], lanes=4, took=20)
    assert run.endings == ["timeout"] * 3
    assert run.asked == [(0, [0]), (20, [1, 2])]


def test_requests_of_different_groups_are_under_way_together_as_far_as_there_are_workers() -> None:
    run = Run([Schedule(delay=50, max_attempts=1)] * 4, lanes=2, took=20, grouped=lambda number: number)
    run.outcomes()
    assert [group.asked[0][0] for group in run.groups.values()] == [0, 0, 20, 20]


def test_those_that_a_group_leaves_out_ask_alone_at_once_and_ever_after() -> None:
    run = Run([TWICE] * 3, loners=frozenset({1}))
    assert [o.attempts for o in run.outcomes()] == [2, 2, 2]
    assert run.asked == [(0, [0, 1, 2]), (10, [0, 2])]
    assert run.groups[0].lone_groups[1].asked == [(0, [1]), (10, [1])]


def test_members_are_asked_for_in_their_order() -> None:
    """A round that weather has cut short goes on only where the same ids are asked for again."""
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
    waits = [(waiting(JUDGE, LONG, run.clock), group) for group in groups]
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
    def broken(_number: int, _at: float) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Run([LONG] * 2, broken, lanes=1).outcomes()


# --- nobody waits for ever


@pytest.mark.parametrize("answer", [THROTTLED, CUT_OFF])
@pytest.mark.parametrize("lanes", [0, 3])
def test_weather_that_does_not_end_ends_every_wait_at_its_bound(answer: Answer, lanes: int) -> None:
    schedules = [Schedule(delay=delay, max_attempts=9, weather_bound=300) for delay in (1, 5, 15, 40)] * 5
    run = Run(schedules, always(answer), lanes=lanes, took=0.1 if lanes else 0.0, grouped=lambda number: number % 6)
    assert {(o.ending, o.bound, o.attempts) for o in run.outcomes()} == {(Ending.TIMEOUT, Bound.WEATHER, 0)}
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
