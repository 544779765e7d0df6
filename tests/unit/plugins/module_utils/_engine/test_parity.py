# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every built-in waiter ends as botocore's own Waiter ends it, but for the improvements that are named here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from tests.support.aws_responses import answered, instances, refused
from tests.support.fake_client import Step, scripted
from tests.support.services import services_with_waiters
from tests.unit.plugins.module_utils._engine.botocore_waiters import (
    MODELS,
    End,
    Waiter,
    botocores,
    builtin_waiter,
    builtin_waiters,
    improved,
)
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.random_answers import Answers

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.operation import Operation
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.transport import Transport
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.absence import Missing
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule

SCRIPTS_PER_WAITER = 30


def ours(waiter: Waiter, script: Sequence[Step], max_attempts: int) -> End:
    client, clock = scripted(waiter.operation_model, script), Clock()
    operation = Operation(Transport(lambda: client, client, waiter.raw["operation"]), {})
    schedule = Schedule(delay=waiter.raw["delay"], max_attempts=max_attempts)
    judge = Judge(waiter.definition, missing=Missing.IGNORE)
    outcome = run_wait(poll_loop(judge, schedule, clock), operation.poll, clock.sleep)
    return End(outcome.ending.value, outcome.attempts, tuple(clock.slept))


# --- the improvements ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Improvement:
    """Where botocore's waiters are left behind on purpose, with a script on which the two part."""

    waiter: Callable[[], Waiter]
    script: Sequence[Step]
    botocore: End
    ours: End


def _own(*acceptors: tuple[str, str, Any]) -> Callable[[], Waiter]:
    """A waiter that a user wrote on ec2 DescribeInstances: its acceptors as state, matcher or path, and expected."""

    def make() -> Waiter:
        raw = [
            {"state": state, "matcher": look, "expected": expected}
            if look in ("error", "status")
            else {"state": state, "matcher": "path", "argument": look, "expected": expected}
            for state, look, expected in acceptors
        ]
        operation_model = MODELS.service_model("ec2").operation_model("DescribeInstances")
        return Waiter(
            "Own", {"operation": "DescribeInstances", "delay": 5, "maxAttempts": 40, "acceptors": raw}, operation_model
        )

    return make


def _instance_running() -> Waiter:
    return builtin_waiter("ec2", "InstanceRunning")


def _instances(state: str) -> dict[str, Any]:
    return answered(**instances(i_1=state))


PENDING, RUNNING = _instances("pending"), _instances("running")
NO_ANSWER = ReadTimeoutError(endpoint_url="https://ec2.example")
NOBODY = EndpointConnectionError(endpoint_url="https://ec2.example")
CRASH = End("error", 1, crashed=True)
ONE_POLL, TWO_POLLS = End("success", 1), End("success", 2)

IMPROVEMENTS = {
    "throttling is a transient error": Improvement(
        _instance_running, [refused("RequestLimitExceeded", 503), RUNNING], End("error", 1), ONE_POLL
    ),
    "a server's fault is a transient error": Improvement(
        _instance_running, [refused("InternalError", 500), RUNNING], End("error", 1), ONE_POLL
    ),
    "any status from 500 on is a transient error": Improvement(
        _instance_running, [refused("Odd", 599), RUNNING], End("error", 1), ONE_POLL
    ),
    "the status 429 is a transient error": Improvement(
        _instance_running, [refused("Odd", 429), RUNNING], End("error", 1), ONE_POLL
    ),
    "a request that times out is a transient error": Improvement(
        _instance_running, [NO_ANSWER, RUNNING], CRASH, ONE_POLL
    ),
    "an answer that can't be parsed is a transient error": Improvement(
        _instance_running, [ResponseParserError("not XML"), RUNNING], CRASH, ONE_POLL
    ),
    "an endpoint that can't be reached is tried three times": Improvement(
        _instance_running, [NOBODY, NOBODY, RUNNING], CRASH, ONE_POLL
    ),
    "an expired token gets a new client": Improvement(
        _instance_running, [PENDING, refused("RequestExpired"), RUNNING], End("error", 2), TWO_POLLS
    ),
    "an acceptor of any error takes no transient error": Improvement(
        _own(("success", "error", True)),
        [refused("Throttling"), refused("InvalidInstanceID.NotFound")],
        ONE_POLL,
        ONE_POLL,
    ),
    "an acceptor of any error takes no expired token": Improvement(
        _own(("success", "error", True)), [refused("RequestExpired")], ONE_POLL, End("error", 1)
    ),
    "a modelled member called Error is no error": Improvement(
        lambda: builtin_waiter("location", "JobCompleted"),
        [answered(Status="Failed", Error={"Code": "ValidationError", "Messages": ["no such file"]})],
        End("error", 1),
        End("failure", 1),
    ),
    "an expression that fails on a response is no match": Improvement(
        lambda: builtin_waiter("ec2", "InstanceExists"), [answered(), RUNNING], CRASH, TWO_POLLS
    ),
    "1 is not true": Improvement(
        _own(("success", "Reservations[0].Instances[0].AmiLaunchIndex", True)),
        [answered(Reservations=[{"Instances": [{"AmiLaunchIndex": 1}]}])],
        ONE_POLL,
        End("timeout", 5),
    ),
}


@pytest.mark.parametrize("name", IMPROVEMENTS)
def test_an_improvement_parts_from_botocore_as_written(name: str, slept: list[float]) -> None:
    """Both sides are pinned: botocore may change, and then the row may go."""
    row = IMPROVEMENTS[name]
    theirs = botocores(row.waiter(), row.script, 5, slept)
    assert replace(theirs, slept=()) == row.botocore
    assert replace(ours(row.waiter(), row.script, 5), slept=()) == row.ours


# --- the scripts --------------------------------------------------------------------------------------------------


def scripts(waiter: Waiter) -> Iterator[tuple[str, list[Step], int]]:
    """The waiter's scripts, each with the seed that makes it again."""
    for number in range(SCRIPTS_PER_WAITER):
        seed = f"{waiter.operation_model.service_model.service_name} {waiter.name} {number}"
        steps, polls = Answers(waiter, seed).script()
        yield seed, steps, polls
    # and the last answer for as long as botocore would look at it
    yield f"{seed}, to the end", steps[-1:], waiter.raw["maxAttempts"]


@pytest.mark.parametrize("service", services_with_waiters())
def test_every_builtin_waiter_ends_as_botocore_ends_it(service: str, slept: list[float]) -> None:
    """Ending and number of polls agree on every script, with the improvements put into botocore; sleeps without."""
    for waiter in builtin_waiters(service):
        met: Counter[str] = Counter()
        for seed, script, max_attempts in scripts(waiter):
            theirs, improvements = improved(waiter, script, max_attempts, slept)
            got = ours(waiter, script, max_attempts)
            assert (got.ending, got.polls) == (theirs.ending, theirs.polls), f"{seed}: {written(script)}"
            if not improvements - {"an expression that fails on a response is no match"}:
                assert got.slept == theirs.slept, seed
            assert improvements <= IMPROVEMENTS.keys()
            met[theirs.ending] += 1
        # the scripts would be worth little if they never got there
        assert met["success"], f"no script of {waiter.name} succeeds: {met}"
        assert len(met) > 1, f"all scripts of {waiter.name} end alike: {met}"


def written(script: Sequence[Step]) -> str:
    """A script as a failed test shows it."""
    return json.dumps([step.response if isinstance(step, ClientError) else step for step in script], default=str)
