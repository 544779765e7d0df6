# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every waiter of the catalogue run through all that its acceptors know, on answers made of its operation's shapes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from tests.oracle.ours import Ours, waiters_of
from tests.support.catalog import CATALOG, every
from tests.support.members import Reads
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.waits import refused

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Acceptor, Matcher, Source, State
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Decision
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule

WAITERS = [(service, name) for service in CATALOG.names for name in CATALOG.names_of(service)]
every_waiter = every(WAITERS)


class Step(NamedTuple):
    """What one acceptor takes, and an answer that it decides by this value."""

    acceptor: Acceptor
    value: Any
    answer: PollResult


def waiter(service: str, name: str) -> Ours:
    return next(ours for ours in waiters_of(service) if ours.name == name and ours.waiter.source is Source.CATALOG)


@cache
def steps(ours: Ours) -> list[Step]:
    """An answer for each value of each acceptor."""
    found = []
    for acceptor in ours.definition.acceptors:
        for value in acceptor.expected:
            answer = next((found for found in answers(ours, acceptor, value) if decides(ours, acceptor, found)), None)
            assert answer is not None, f"no answer could be made for {acceptor.as_data()}, {value!r}"
            found.append(Step(acceptor, value, answer))
    return found


def answers(ours: Ours, acceptor: Acceptor, value: Any) -> Iterator[PollResult]:
    """Answers in which the acceptor may find the value."""
    if acceptor.matcher is Matcher.ERROR:
        yield refused(value if isinstance(value, str) else "AnyError")
    elif acceptor.matcher is Matcher.STATUS:
        yield PollResult({}, value)
    if acceptor.argument is None:
        return
    reads = Reads(acceptor.argument.tree)
    for of in (reads.compared, ours.reads):
        for names in [] if isinstance(value, bool) else reads.ends:
            for others in ours.answers(leave_out=names, of=of):
                yield ours.answer({**others, names: value})
        for members in ours.answers(of=of):
            yield ours.answer(members)


def decides(ours: Ours, acceptor: Acceptor, answer: PollResult) -> bool:
    return ours.judge.judge(answer).acceptor is acceptor


def end(ours: Ours, *answers: PollResult) -> tuple[str, int]:
    """How the wait ends on these answers, the last of which repeats, and after how many attempts; three at most."""
    clock, script = Clock(), list(answers)
    definition = ours.definition
    schedule = Schedule(delay=definition.delay or 0, max_attempts=3, consecutive=definition.consecutive or 1)

    def poll(_budget: float | None) -> PollResult:
        return script.pop(0) if len(script) > 1 else script[0]

    outcome = run_wait(poll_loop(ours.judge, schedule, clock), poll, clock.sleep)
    return outcome.ending.value, outcome.attempts


@every_waiter
def test_each_value_ends_the_wait_or_lets_it_go_on(service: str, name: str) -> None:
    ours = waiter(service, name)
    in_a_row = ours.definition.consecutive or 1
    found = steps(ours)
    done = [step.answer for step in found if step.acceptor.state is State.SUCCESS]
    assert done
    for step in found:
        if step.acceptor.state is State.SUCCESS:
            assert end(ours, step.answer) == ("success", in_a_row), step.value
        elif step.acceptor.state is State.FAILURE:
            assert end(ours, step.answer) == ("failure", 1), step.value
        else:
            assert end(ours, step.answer) == ("timeout", 3), step.value
            assert end(ours, step.answer, done[0]) == ("success", 1 + in_a_row), step.value


@every_waiter
def test_an_item_that_is_on_its_way_is_waited_for_beside_one_that_is_done(service: str, name: str) -> None:
    ours = waiter(service, name)
    of_lists = [step for step in steps(ours) if step.acceptor.matcher in (Matcher.PATH_ALL, Matcher.PATH_ANY)]
    for done, other in product(of_lists, repeat=2):
        states = done.acceptor.state, other.acceptor.state
        if states == (State.SUCCESS, State.RETRY) and done.acceptor.argument == other.acceptor.argument:
            both = PollResult(merged(done.answer.response, other.answer.response), 200)
            assert ours.judge.judge(both).decision is Decision.NOT_YET, both.response


def merged(one: Any, other: Any) -> Any:
    """The two answers as one: their lists one after the other."""
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    if isinstance(one, dict) and isinstance(other, dict):
        both = {name: merged(one[name], other[name]) for name in one.keys() & other.keys()}
        return {**one, **other, **both}
    return other
