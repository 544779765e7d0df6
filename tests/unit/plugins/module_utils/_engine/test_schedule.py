# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll, as timetables: pairs of the pause before a poll and the time at which it begins."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Backoff
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Pause, Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import read_settings, wait_spec


def timetable(schedule: Schedule, most: int = 20, took: float = 0.0) -> list[tuple[float, float]]:
    """(pause, time) of each poll; ``took``: what a poll takes."""
    polls: list[tuple[float, float]] = []
    elapsed, pause = 0.0, schedule.first()
    while len(polls) < most:
        elapsed += pause.seconds
        polls.append((round(pause.seconds, 6), round(elapsed, 6)))
        elapsed += took
        following = None if pause.last else schedule.after(len(polls), elapsed)
        if following is None:
            break
        pause = following
    return polls


EXPONENTIAL = {"backoff": Backoff.EXPONENTIAL}


@pytest.mark.parametrize(
    ("schedule", "polls"),
    [
        pytest.param({"max_attempts": 3}, [(0, 0), (5, 5), (5, 10)], id="N attempts are N-1 sleeps"),
        pytest.param({"max_attempts": 1}, [(0, 0)], id="one attempt needs no sleep"),
        pytest.param({"max_attempts": 0}, [(0, 0)], id="no attempts are one all the same"),
        pytest.param({"max_attempts": 2, "delay": 0}, [(0, 0), (0, 0)], id="no delay"),
        pytest.param({"max_attempts": 2, "initial_delay": 3}, [(3, 3), (5, 8)], id="the initial delay is before all"),
        pytest.param({"timeout": 12}, [(0, 0), (5, 5), (5, 10), (2, 12)], id="the last poll is on the deadline"),
        pytest.param({"timeout": 10}, [(0, 0), (5, 5), (5, 10)], id="a poll due on the deadline is the last"),
        pytest.param({"timeout": 3}, [(0, 0), (3, 3)], id="a timeout shorter than the delay is two polls"),
        pytest.param({"timeout": 0}, [(0, 0)], id="timeout 0 looks once"),
        pytest.param({"timeout": 0, "initial_delay": 9}, [(0, 0)], id="timeout 0 looks once and at once"),
        pytest.param({"timeout": 8, "initial_delay": 5}, [(5, 5), (3, 8)], id="the clock starts before initial_delay"),
        pytest.param({"timeout": 4, "initial_delay": 9}, [(4, 4)], id="initial_delay ends on the deadline"),
        pytest.param({"timeout": 60, "max_attempts": 2}, [(0, 0), (5, 5)], id="attempts run out before the time"),
        pytest.param({"timeout": 7, "max_attempts": 9}, [(0, 0), (5, 5), (2, 7)], id="time runs out before attempts"),
        pytest.param({"timeout": 7, "max_attempts": 2}, [(0, 0), (5, 5)], id="no poll on the deadline beyond attempts"),
        pytest.param(
            {"delay": 2, "max_delay": 10, "max_attempts": 6, **EXPONENTIAL},
            [(0, 0), (2, 2), (4, 6), (8, 14), (10, 24), (10, 34)],
            id="exponential doubles up to max_delay",
        ),
        pytest.param(
            {"delay": 2, "timeout": 15, **EXPONENTIAL},
            [(0, 0), (2, 2), (4, 6), (8, 14), (1, 15)],
            id="exponential ends on the deadline too",
        ),
        pytest.param(
            {"delay": 2, "max_delay": 3, "max_attempts": 3}, [(0, 0), (2, 2), (2, 4)], id="fixed takes no max_delay"
        ),
        pytest.param({"once": True, "initial_delay": 9, "timeout": 60}, [(0, 0)], id="once is one look, and no sleep"),
    ],
)
def test_polls_come_when_the_schedule_says(schedule: dict[str, Any], polls: list[tuple[float, float]]) -> None:
    assert timetable(Schedule(**schedule)) == polls


def test_the_delay_is_counted_from_the_end_of_a_poll() -> None:
    assert timetable(Schedule(max_attempts=3), took=2) == [(0, 0), (5, 7), (5, 14)]


def test_no_poll_follows_one_that_ends_after_the_deadline() -> None:
    assert timetable(Schedule(timeout=6), took=6.5) == [(0, 0)]
    assert Schedule(timeout=6).after(1, 6.0) is None


def test_without_bounds_a_wait_goes_on() -> None:
    assert len(timetable(Schedule(), most=500)) == 500


def test_exponential_reaches_its_ceiling_however_many_attempts_there_were() -> None:
    assert Schedule(**EXPONENTIAL).after(100_000, 0) == Pause(120)


def transient_pauses(schedule: Schedule, faults: int) -> list[float | None]:
    """The pauses after so many transient errors in a row, each request failing at once. None: it is given up."""
    pauses: list[float | None] = []
    elapsed = 0.0
    for in_a_row in range(1, faults + 1):
        pause = schedule.after_transient_error(in_a_row, elapsed, elapsed)
        pauses.append(pause and pause.seconds)
        if pause is None or pause.last:
            break
        elapsed += pause.seconds
    return pauses


@pytest.mark.parametrize(
    ("schedule", "pauses"),
    [
        pytest.param({"delay": 0}, [0.5, 1, 2, 4, 8, 10, 10], id="from half a second to ten"),
        pytest.param({"delay": 0.2}, [0.5, 1, 2, 4, 8, 10, 10], id="a shorter delay starts at half a second too"),
        pytest.param({"delay": 3}, [3, 6, 10, 10], id="from the delay, where that is longer"),
        pytest.param({"delay": 30}, [30, 30, 30], id="a delay above ten seconds is kept"),
        pytest.param({"delay": 2, **EXPONENTIAL}, [2, 4, 8, 10, 10], id="whatever the backoff of the wait is"),
        pytest.param({"delay": 5, "timeout": 22}, [5, 10, 7], id="the deadline cuts it"),
        pytest.param({"delay": 5, "once": True}, [None], id="once tries once"),
        pytest.param({"delay": 5, "transient_bound": 18}, [5, 10, 3, None], id="the bound is used to its last second"),
        pytest.param({"delay": 5, "transient_bound": 9, "timeout": 16}, [5, 10, 1], id="a timeout is the only bound"),
    ],
)
def test_retries_after_transient_errors_back_off_as_the_schedule_says(
    schedule: dict[str, Any], pauses: list[float | None]
) -> None:
    assert transient_pauses(Schedule(**schedule), len(pauses)) == pauses


JITTER = {"jitter": True}


@pytest.mark.parametrize(
    ("delay", "in_a_row", "drawn", "pause"),
    [
        pytest.param(5, 1, 0.5, 2.5, id="a part of the delay"),
        pytest.param(5, 2, 0.5, 5, id="of twice the delay"),
        pytest.param(0, 1, 0.5, 0.25, id="of half a second"),
        pytest.param(5, 9, 0.25, 2.5, id="of ten seconds"),
        pytest.param(30, 9, 0.5, 15, id="of a delay above ten seconds"),
        pytest.param(5, 1, 1.0, 5, id="all of it"),
        pytest.param(5, 1, 0.0, 0.05, id="but not at once"),
    ],
)
def test_with_jitter_a_retry_comes_at_a_random_time_up_to_the_backoff(
    delay: float, in_a_row: int, drawn: float, pause: float
) -> None:
    assert Schedule(delay=delay, **JITTER).after_transient_error(in_a_row, 0, 0, drawn) == Pause(pause)


@pytest.mark.parametrize(
    ("attempt", "drawn", "pause"), [(1, 0.5, 2), (2, 0.5, 3), (3, 0.0, 2), (3, 0.25, 3.5), (9, 0.5, 61), (9, 1.0, 120)]
)
def test_with_jitter_an_exponential_delay_is_a_random_time_from_the_delay_on(
    attempt: int, drawn: float, pause: float
) -> None:
    """Smithy's rule."""
    assert Schedule(delay=2, **EXPONENTIAL, **JITTER).after(attempt, 0, drawn) == Pause(pause)


def test_a_fixed_delay_has_no_jitter() -> None:
    assert Schedule(delay=2, **JITTER).after(3, 0, 0.0) == Pause(2)


@pytest.mark.parametrize(
    ("schedule", "retry_after", "pause"),
    [
        pytest.param({}, 7, Pause(7), id="longer than the backoff"),
        pytest.param({}, 3, Pause(5), id="shorter than the backoff"),
        pytest.param(JITTER, 7, Pause(8), id="followed by the backoff with jitter"),
        pytest.param({"timeout": 6}, 7, Pause(6, last=True), id="the deadline is nearer"),
        pytest.param({"timeout": 6, **JITTER}, 7, Pause(6, last=True), id="the deadline is nearer, with jitter"),
        pytest.param({"transient_bound": 20}, 3600, Pause(20), id="the bound on transient errors is nearer"),
    ],
)
def test_a_retry_waits_as_long_as_aws_asks(schedule: dict[str, Any], retry_after: float, pause: Pause) -> None:
    assert Schedule(**schedule).after_transient_error(1, 0.0, 0.0, 0.2, retry_after) == pause


def backoffs() -> Iterator[tuple[dict[str, Any], int]]:
    bounds = ({}, {"timeout": 40.0}, {"transient_bound": 25.0})
    for delay, bound, number in product((0.0, 0.3, 5.0, 45.0), bounds, (1, 2, 3, 6, 500)):
        yield {"delay": delay, **bound}, number


@pytest.mark.parametrize(("given", "number"), list(backoffs()))
def test_no_pause_is_longer_than_without_jitter_and_none_shorter_than_aws_asks(
    given: dict[str, Any], number: int
) -> None:
    draws = random.Random(number)
    schedule, plain = Schedule(**given, **JITTER), Schedule(**given)
    longest = plain.after_transient_error(number, 0.0, 10.0)
    assert longest is not None
    for _draw in range(200):
        pause = schedule.after_transient_error(number, 0.0, 10.0, draws.random())
        assert pause is not None
        assert 0.05 <= pause.seconds <= longest.seconds
        assert pause.last <= longest.last
        asked = draws.choice((0.5, 3.0, 29.0, 90.0))
        pause = schedule.after_transient_error(number, 0.0, 10.0, draws.random(), asked)
        assert pause is not None
        left = 30.0 if schedule.timeout else schedule.transient_bound
        assert min(asked, left) <= pause.seconds <= min(asked + max(0.5, 10.0, schedule.delay), left)
        exponential = schedule._replace(backoff=Backoff.EXPONENTIAL)
        following = exponential.after(number, 10.0, draws.random())
        computed = exponential._replace(jitter=False).after(number, 10.0)
        assert following is not None
        assert computed is not None
        assert min(schedule.delay, computed.seconds) <= following.seconds <= computed.seconds


def test_after_the_deadline_a_transient_error_is_not_tried_again() -> None:
    assert Schedule(timeout=10).after_transient_error(1, 0.0, 10.0) is None


def test_the_bound_on_transient_errors_counts_their_own_time_and_not_that_of_the_wait() -> None:
    """Ten hours into a wait, a first transient error has the whole bound before it."""
    assert Schedule(transient_bound=300).after_transient_error(1, 0.2, 36_000.0) == Pause(5)


def test_the_thousandth_transient_error_backs_off_like_the_tenth() -> None:
    assert Schedule(timeout=86_400).after_transient_error(5000, 0.0, 0.0) == Pause(10)


@pytest.mark.parametrize(
    ("definition", "task", "bound"),
    [
        pytest.param({"delay": 30, "maxAttempts": 40}, {}, 1200, id="the definition's own budget"),
        pytest.param({"delay": 5, "maxAttempts": 10}, {}, 300, id="at least 300 s"),
        pytest.param({}, {}, 600, id="the budget of a definition without timing"),
        pytest.param({"delay": 30, "maxAttempts": 40}, {"delay": 1.0, "max_attempts": 2}, 1200, id="not the task's"),
    ],
)
def test_transient_errors_are_retried_for_the_time_that_the_definition_allows(
    definition: dict[str, Any], task: dict[str, Any], bound: float
) -> None:
    acceptor = {"state": "success", "matcher": "status", "expected": 200}
    read = read_definition({"operation": "Get", "acceptors": [acceptor], **definition}).definition
    settings, problems = read_settings({**{name: row.get("default") for name, row in wait_spec().items()}, **task})
    assert not problems
    assert read is not None
    assert settings.schedule(read, once=False).transient_bound == bound


def test_an_endpoint_that_never_answered_is_tried_three_times_within_ten_seconds() -> None:
    pauses = [Schedule(delay=60).after_set_up_fault(tries, 0.0) for tries in (1, 2, 3)]
    assert pauses == [Pause(2), Pause(5), None]


@pytest.mark.parametrize(
    ("schedule", "elapsed", "pause"),
    [
        ({"timeout": 30}, 0, Pause(2)),
        ({"timeout": 1.5}, 0, Pause(1.5, last=True)),
        ({"timeout": 1.5}, 1.5, None),
        ({"once": True}, 0, None),
    ],
)
def test_the_set_up_tries_keep_to_the_deadline(schedule: dict[str, Any], elapsed: float, pause: Pause | None) -> None:
    assert Schedule(**schedule).after_set_up_fault(1, elapsed) == pause


@pytest.mark.parametrize(
    ("timeout", "elapsed", "budget"),
    [(None, 3, None), (0, 0, 5), (10, 0, 11), (10, 4, 7), (10, 10, 1), (10, 12, 1)],
)
def test_a_request_may_take_until_a_second_after_the_deadline(
    timeout: float | None, elapsed: float, budget: float | None
) -> None:
    assert Schedule(timeout=timeout).budget(elapsed) == budget
