# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters of the catalogue and of botocore, run by the engine on scripted responses."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from tests.support.members import Names, Reads
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.waits import MODELS, answered

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import find
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import Identity
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule


@cache
def service_model(service: str) -> Any:
    return MODELS.service_model(service)


@cache
def waiter(service: str, name: str, corrections: bool = True) -> Definition:
    found, _problems = find(MODELS, service, name, corrections)
    assert found is not None
    return found.definition


def member(argument: Expression) -> tuple[Names, ...]:
    """What an expression selects, whichever items a filter leaves out."""
    return tuple(Reads(argument.tree).ends)


class End(NamedTuple):
    ending: str
    polls: int


def end(definition: Definition, *answers: PollResult, identity: Identity | None = None) -> End:
    """How the wait ends on these responses, of which the last one repeats."""
    clock, script = Clock(), list(answers)
    schedule = Schedule(delay=definition.delay or 0, max_attempts=definition.max_attempts)

    def poll(_budget: float | None) -> PollResult:
        return script.pop(0) if len(script) > 1 else script[0]

    outcome = run_wait(poll_loop(Judge(definition, identity), schedule, clock), poll, clock.sleep)
    return End(outcome.ending.value, outcome.attempts)


def sat_out(definition: Definition) -> End:
    """The end of a wait that uses up its attempts."""
    assert definition.max_attempts is not None
    return End("timeout", definition.max_attempts)


def response(path: str, *values: Any) -> dict[str, Any]:
    """What an operation answers with where the path selects these values, each of an item of its own."""
    head, _dot, rest = path.partition(".")
    if head == "*":
        return {f"key-{index}": response(rest, value) for index, value in enumerate(values)}
    if head.endswith("[]"):
        return {head[:-2]: [response(rest, value) if rest else value for value in values]}
    return {head: response(rest, *values) if rest else values[0]}


def holds(path: str, *values: Any) -> PollResult:
    """A response in which the path selects these values."""
    found = response(path, *values)
    assert Expression(path).search(found) == (list(values) if "[]" in path or "*" in path else values[0])
    return answered(**found)
