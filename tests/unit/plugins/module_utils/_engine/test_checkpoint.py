# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait that goes on from a checkpoint ends as one that was never interrupted, and no later."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.poll_results import (
    BROKEN,
    JUDGE,
    MOVING,
    PENDING,
    READY,
    SERVER,
    THROTTLED,
    UNREACHABLE,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.checkpoint import Checkpoint
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import AfterAttempt, BeforeSleep
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Ending, Outcome, StateChange
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule

Took = tuple[list[float], Outcome]


class _Interrupted(Exception):
    pass


def run(script: Sequence[PollResult], schedule: Schedule, interrupted_at: Sequence[int] = (), down: float = 0) -> Took:
    """When a wait polls and how it ends, where it is interrupted before some of its sleeps, for ``down`` seconds."""
    clock, polled_at = Clock(), list[float]()
    checkpoint, changes, pauses = Checkpoint(), list[StateChange](), 0

    def poll(_budget: float | None) -> PollResult:
        polled_at.append(clock.elapsed())
        return script[min(len(polled_at), len(script)) - 1]

    def listen(event: Any) -> None:
        nonlocal pauses
        if isinstance(event, AfterAttempt) and event.changed:
            changes.append(StateChange(event.elapsed, event.attempt, event.verdict.observed))
        if isinstance(event, BeforeSleep):
            pauses += 1
            if pauses in interrupted_at:
                raise _Interrupted

    while True:
        with suppress(_Interrupted):
            loop = poll_loop(JUDGE, schedule, clock, checkpoint=checkpoint)
            return polled_at, run_wait(loop, poll, clock.sleep, [listen])
        clock.now += down
        checkpoint.elapsed, checkpoint.changes = clock.elapsed(), tuple(changes)


SITUATIONS = [
    ([PENDING, MOVING, PENDING, READY], {"delay": 10, "max_attempts": 9}),
    ([PENDING], {"delay": 10, "max_attempts": 5}),
    ([PENDING], {"delay": 10, "timeout": 47}),
    ([PENDING], {"delay": 10, "timeout": 47, "initial_delay": 20}),
    ([PENDING], {"delay": 3, "max_attempts": 7, "backoff": "exponential", "max_delay": 20}),
    ([PENDING, SERVER, PENDING, THROTTLED, PENDING, BROKEN], {"delay": 4, "max_attempts": 5}),
    ([SERVER], {"delay": 50, "max_attempts": 2, "transient_bound": 400}),
    ([PENDING, READY, READY, READY], {"delay": 10, "max_attempts": 9, "consecutive": 3}),
]


@pytest.mark.parametrize(("script", "schedule"), SITUATIONS)
@pytest.mark.parametrize("interrupted_at", [[1], [2], [3, 4], [1, 3, 5, 7, 9, 11]])
def test_an_interruption_that_takes_no_time_changes_nothing(
    script: list[PollResult], schedule: dict[str, Any], interrupted_at: list[int]
) -> None:
    polled_at, outcome = run(script, Schedule(**schedule))
    again_at, again = run(script, Schedule(**schedule), interrupted_at)
    assert (again_at, again.ending, again.attempts, again.elapsed, again.bound, again.timeline) == (
        polled_at,
        outcome.ending,
        outcome.attempts,
        outcome.elapsed,
        outcome.bound,
        outcome.timeline,
    )


@pytest.mark.parametrize("down", [1.0, 9.0, 30.0, 1e6])
@pytest.mark.parametrize("interrupted_at", [[1], [2], [3], [1, 2, 3]])
def test_no_interruption_extends_a_deadline(interrupted_at: list[int], down: float) -> None:
    """What is due by then is polled at once; after the deadline there is one more poll, which may be a success."""
    polled_at, outcome = run([PENDING], Schedule(delay=10, timeout=47), interrupted_at, down)
    assert outcome.ending is Ending.TIMEOUT
    assert [at for at in polled_at if at > 47] in ([], [polled_at[-1]])
    assert outcome.elapsed == max(47, polled_at[-1])


def test_one_that_was_ready_meanwhile_is_a_success_after_its_deadline() -> None:
    polled_at, outcome = run([PENDING, READY], Schedule(delay=10, timeout=47), [1], 1000)
    assert (polled_at, outcome.ending) == ([0, 1000], Ending.SUCCESS)


@pytest.mark.parametrize("attempts", [3, 4, 99])
def test_the_last_attempt_is_made_again_where_its_result_was_lost(attempts: int) -> None:
    clock = Clock()
    loop = poll_loop(JUDGE, Schedule(max_attempts=3), clock, checkpoint=Checkpoint(50, 10, attempts))
    outcome = run_wait(loop, lambda _budget: PENDING, clock.sleep)
    assert (outcome.ending, outcome.attempts, outcome.elapsed) == (Ending.TIMEOUT, 3, 50)


def test_an_endpoint_that_has_answered_before_is_not_taken_for_a_wrong_one() -> None:
    clock = Clock()
    loop = poll_loop(JUDGE, Schedule(delay=10, timeout=60), clock, checkpoint=Checkpoint(20, 30, 2))
    assert run_wait(loop, lambda _budget: UNREACHABLE, clock.sleep).ending is Ending.TIMEOUT
