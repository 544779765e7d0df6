# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scheduler takes new waits and cancels others while it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.poll_results import JUDGE, PENDING, READY
from tests.unit.plugins.module_utils._engine.shared_requests import Group, Says, always
from tests.unit.plugins.module_utils._engine.workers import AtOnce, Lanes

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.dispatcher import Quota
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import BeforeAttempt, Ended, Event
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Loop, Policy
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.limiter import Limiter
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.pool import Pool
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.scheduler import Scheduler

NEVER_OVER = Policy(10**9, fail_fast=False)


@dataclass
class Run:
    """Waits of one group, and what is done at the first attempt that begins at some time or later."""

    says: Says
    schedules: list[Schedule]
    at: dict[float, Callable[[Scheduler], None]]
    lanes: int = 0
    took: float = 0.0
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        workers = Lanes(self.clock, self.lanes) if self.lanes else AtOnce(self.clock)
        sleep = workers.sleep if isinstance(workers, Lanes) else self.clock.sleep
        self.group = Group(self.clock, self.says, sleep, self.took, quota=Quota("lane", Limiter()))
        waits = [self.wait(schedule) for schedule in self.schedules]
        self.scheduler = Scheduler(
            waits, self.clock, workers, NEVER_OVER, [self], self.lanes or 16, None, stays_open=True
        )

    def wait(self, schedule: Schedule) -> tuple[Loop, Group]:
        return poll_loop(JUDGE, schedule, self.clock), self.group

    def __call__(self, _number: int, event: Event) -> None:
        if isinstance(event, BeforeAttempt):
            for due in [at for at in self.at if at <= self.clock.elapsed()]:
                self.at.pop(due)(self.scheduler)

    def outcomes(self) -> list[Outcome]:
        return self.scheduler.run()

    @property
    def endings(self) -> list[tuple[str, int, float]]:
        return [(outcome.ending.value, outcome.attempts, outcome.elapsed) for outcome in self.outcomes()]


def test_a_wait_that_is_added_joins_the_requests_of_the_others() -> None:
    """It has its first attempt when it comes, at 20 s, and the next at 30 s, as the other one."""
    schedule = Schedule(delay=10, max_attempts=4)

    def add(scheduler: Scheduler) -> None:
        assert scheduler.add(lambda _number: run.wait(schedule)) == 1
        scheduler.close()

    run = Run(always(PENDING), [schedule], {20: add})
    assert run.endings == [("timeout", 4, 30), ("timeout", 4, 30)]
    assert run.group.asked == [(0, [0]), (10, [0]), (20, [0, 1]), (30, [0, 1]), (40, [1]), (50, [1])]


def test_a_wait_that_is_cancelled_ends_at_once_wherever_it_is() -> None:
    """One sleeps, one is polled by itself, one together with another, which goes on."""
    asleep, polled, other = Schedule(initial_delay=50), Schedule(initial_delay=3), Schedule(initial_delay=4)

    def cancel(scheduler: Scheduler) -> None:
        for number in (0, 1, 2):
            scheduler.cancel(number)
        scheduler.close()

    run = Run(always(READY), [asleep, polled, other, other, Schedule(initial_delay=6)], {6: cancel}, 16, 5)
    outcomes = run.outcomes()
    assert [outcome.ending.value for outcome in outcomes] == ["cancelled"] * 3 + ["success"] * 2
    assert [outcome.elapsed for outcome in outcomes[:3]] == [6] * 3
    assert run.group.asked[1][1] == [2, 3]


def test_a_wait_that_is_cancelled_holds_no_place() -> None:
    """There is one place. The request that holds it hangs; when it is cancelled at 3 s the next is sent."""
    hangs = Schedule(max_attempts=1)
    run = Run(always(READY), [], {})
    clock = run.clock
    lanes = Lanes(clock, 1)
    quota = Quota("lane", Limiter())
    first = Group(clock, always(READY), lanes.sleep, 1000, quota=quota)
    second = Group(clock, always(READY), lanes.sleep, 1, quota=quota)
    third = Group(clock, always(READY), quota=Quota("other", Limiter()))

    def listen(number: int, event: Event) -> None:
        if number == 2 and isinstance(event, BeforeAttempt):
            scheduler.cancel(0)
            scheduler.close()

    schedules = [hangs, Schedule(max_attempts=1), Schedule(initial_delay=3, max_attempts=1)]
    waits = [
        (poll_loop(JUDGE, schedule, clock), group)
        for schedule, group in zip(schedules, (first, second, third), strict=True)
    ]
    scheduler = Scheduler(waits, clock, lanes, NEVER_OVER, [listen], 1, None, stays_open=True)
    assert [outcome.ending.value for outcome in scheduler.run()] == ["cancelled", "success", "success"]
    assert second.asked == [(3, [1])]


def test_one_that_has_ended_can_not_be_cancelled_any_more() -> None:
    def cancel(scheduler: Scheduler) -> None:
        scheduler.cancel(0)
        scheduler.close()

    schedules = [Schedule(max_attempts=1), Schedule(initial_delay=5, max_attempts=1)]
    assert Run(always(READY), schedules, {5: cancel}).endings == [("success", 1, 0), ("success", 1, 5)]


def test_one_that_is_cancelled_before_it_begins_has_polled_never() -> None:
    def add(scheduler: Scheduler) -> None:
        scheduler.cancel(scheduler.add(lambda _number: run.wait(Schedule())))
        scheduler.close()

    run = Run(always(READY), [Schedule(max_attempts=1)], {0: add})
    assert run.endings[1] == ("cancelled", 0, 0)


def test_a_lane_that_comes_later_finds_a_place() -> None:
    """All places but one are taken by what hangs as soon as it is known that there are several lanes."""
    clock = Clock()
    lanes = Lanes(clock, 4)
    slow = Quota("slow", Limiter())
    groups = [Group(clock, always(READY), lanes.sleep, 1e6, quota=slow) for _wait in range(8)]
    late = Group(clock, always(READY), quota=Quota("late", Limiter()))
    waits = [
        (poll_loop(JUDGE, Schedule(initial_delay=2.0 * (n > 3), timeout=20), clock), group)
        for n, group in enumerate(groups)
    ]

    def listen(number: int, event: Event) -> None:
        if number == 4 and isinstance(event, BeforeAttempt) and event.attempt == 1 and not late.asked:
            scheduler.add(lambda _number: (poll_loop(JUDGE, Schedule(timeout=20), clock), late))
            scheduler.close()

    scheduler = Scheduler(waits, clock, lanes, NEVER_OVER, [listen], 4, None, stays_open=True)
    assert scheduler.run()[-1].ending.value == "success"
    assert late.asked[0][0] <= 3


def test_it_is_over_when_it_is_closed_and_all_have_ended() -> None:
    run = Run(always(READY), [Schedule(max_attempts=1)], {0: Scheduler.close})
    assert run.endings == [("success", 1, 0)]
    with pytest.raises(RuntimeError, match="closed"):
        run.scheduler.add(lambda _number: run.wait(Schedule()))


def test_a_scheduler_that_does_not_stay_open_takes_none() -> None:
    scheduler = Scheduler([], Clock(), AtOnce(Clock()), NEVER_OVER)
    assert scheduler.run() == []
    with pytest.raises(RuntimeError, match="closed"):
        scheduler.add(lambda _number: (poll_loop(JUDGE, Schedule(), Clock()), Group(Clock(), always(READY))))


def test_other_threads_may_add_and_cancel() -> None:
    """Half of 200 waits are cancelled; nothing is asked of those before, and their places in the result are theirs."""
    ended: dict[int, str] = {}
    all_ended = threading.Event()

    def listen(number: int, event: Event) -> None:
        if isinstance(event, Ended):
            ended[number] = event.outcome.ending.value
            if len(ended) == 200:
                all_ended.set()

    group = Group(Clock(), always(READY))
    never = Schedule(initial_delay=1e6)
    scheduler = Scheduler([], time.monotonic, Pool(), NEVER_OVER, [listen], 16, None, stays_open=True)
    outcomes: list[Outcome] = []
    running = threading.Thread(target=lambda: outcomes.extend(scheduler.run()), daemon=True)
    running.start()

    def add() -> None:
        for _wait in range(25):
            scheduler.add(lambda _number: (poll_loop(JUDGE, Schedule(), time.monotonic), group))
            scheduler.cancel(scheduler.add(lambda _number: (poll_loop(JUDGE, never, time.monotonic), group)))

    adding = [threading.Thread(target=add) for _thread in range(4)]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    assert all_ended.wait(60)
    scheduler.close()
    running.join(60)
    assert not running.is_alive()
    assert sorted(ended) == list(range(200))
    assert sorted(ended.values()) == ["cancelled"] * 100 + ["success"] * 100
    assert [outcome.ending.value for outcome in outcomes] == [ended[number] for number in range(200)]
