# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any sequence of responses: each wait ends correctly, alone and among many, and counts only responses as attempts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.fuzz.long_run import ending, examples
from tests.unit.fuzz.worlds import KINDS, NAMES, PERMANENT, THROTTLE, TRANSIENT, Kind, World, worlds
from tests.unit.plugins.module_utils._engine.fakes import Clock, full
from tests.unit.plugins.module_utils._engine.workers import AtOnce
from tests.unit.plugins.module_utils._module.many import args, told
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import (
    AfterAttempt,
    BeforeAttempt,
    Ended,
    Event,
    Faulted,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Bound, Ending, Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import read_entries
from ansible_collections.cloudwait.aws.plugins.module_utils._module.grouped_waits import GroupedWaits
from ansible_collections.cloudwait.aws.plugins.module_utils._module.summary import summary

DELAY = 5.0


class Wait(NamedTuple):
    """The condition and the timing of one entry."""

    names: Sequence[str]
    given: dict[str, Any]


class Heard:
    """A listener that records its events."""

    def __init__(self) -> None:
        self.events: dict[int, list[Event]] = {}

    def __call__(self, number: int, event: Event) -> None:
        self.events.setdefault(number, []).append(event)


class Ran(NamedTuple):
    outcomes: list[Outcome]
    returned: dict[str, Any]
    heard: Heard
    asked: int


def waits_for(kind: Kind) -> st.SearchStrategy[list[Wait]]:
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=1 if kind.takes_one else 3, unique=True)
    bounds = st.one_of(
        st.fixed_dictionaries({"max_attempts": st.integers(1, 12)}),
        st.fixed_dictionaries({"timeout": st.sampled_from((0.0, 4.0, 31.0))}),
    )
    given_options = st.builds(
        lambda bound, more: {**bound, **more},
        bounds,
        st.fixed_dictionaries(
            {}, optional={"missing": st.sampled_from(("wait", "fail")), "return_response": st.just(True)}
        ),
    )
    return st.lists(st.builds(Wait, names, given_options), min_size=1, max_size=6)


def ran(world: World, waits: Sequence[Wait]) -> Ran:
    """Run the waits together until the last one has ended."""
    clock, heard = Clock(), Heard()
    client = world.client(clock)
    entry = {"service": world.kind.service, "waiter": world.kind.waiter, "delay": DELAY}
    rows = [{**entry, "params": world.kind.params(wait.names), **wait.given} for wait in waits]
    entries = read_entries(args(waits=rows), MODELS, lambda *_place: client)
    policy = Policy(len(waits), fail_fast=False)
    many = GroupedWaits(entries, MODELS, lambda _account, _service: client, full, None, clock)
    outcomes, figures = many.run(AtOnce(clock), policy, [heard])
    returned, _warnings = summary(entries, many.schedules, outcomes, policy, figures, clock.now - 1000)
    return Ran(outcomes, returned, heard, len(client.asked))


def require_consistent(done: Ran) -> None:
    """Attempts, polls and calls add up, and transient errors don't count as attempts."""
    json.dumps(done.returned, allow_nan=False)
    assert done.returned["calls"] == done.asked
    for number, outcome in enumerate(done.outcomes):
        events = done.heard.events[number]
        counted = Counter(type(event) for event in events)
        assert counted[Ended] == 1
        assert isinstance(events[-1], Ended)
        assert outcome.attempts == counted[AfterAttempt]
        assert sum(outcome.transient.values()) == counted[Faulted]
        assert counted[BeforeAttempt] == outcome.attempts + counted[Faulted]
        returned = done.returned["results"][number]
        assert len(returned["msg"].splitlines()) == 1
        assert outcome.ending in (Ending.SUCCESS, Ending.FAILURE, Ending.TIMEOUT, Ending.ERROR)
        most = returned["max_attempts"]
        assert most is None or outcome.attempts <= most
        if outcome.bound is Bound.ATTEMPTS:
            assert outcome.attempts == most


def require_true(world: World, waits: Sequence[Wait], done: Ran) -> None:
    """A successful wait has last seen each of its resources in a wanted state."""
    for wait, outcome in zip(waits, done.outcomes, strict=True):
        if outcome.ending is Ending.SUCCESS:
            states = world.states(outcome.elapsed)
            assert {states[name] for name in wait.names} <= world.kind.wanted


@pytest.mark.parametrize("name", KINDS)
@examples(9)
@given(data=st.data())
def test_waits_end_alone_as_they_end_among_many(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    world = data.draw(worlds(kind, {**TRANSIENT, **PERMANENT}), "world")
    waits = data.draw(waits_for(kind), "waits")
    with ending():
        together = ran(world, waits)
        require_consistent(together)
        require_true(world, waits, together)
        for wait, outcome in zip(waits, together.outcomes, strict=True):
            alone = ran(world, [wait])
            require_consistent(alone)
            assert told(outcome) == told(alone.outcomes[0]), wait


@pytest.mark.parametrize("name", KINDS)
@examples(6)
@given(data=st.data())
def test_throttling_costs_time_and_no_truth(name: str, data: st.DataObject) -> None:
    """Requests that are held back come at other times for many than for one, and so may end otherwise; but rightly."""
    kind = KINDS[name]
    world = data.draw(worlds(kind, {**TRANSIENT, **THROTTLE}), "world")
    waits = data.draw(waits_for(kind), "waits")
    with ending():
        done = ran(world, waits)
    require_consistent(done)
    for wait, outcome in zip(waits, done.outcomes, strict=True):
        if outcome.ending is Ending.SUCCESS:
            seen = [world.states(time) for time in _times(world, outcome.elapsed)]
            assert any({states[name] for name in wait.names} <= kind.wanted for states in seen)
        # nothing in these worlds but a state, or an id that nobody knows, ends a wait for good
        if outcome.ending is Ending.ERROR:
            assert outcome.verdict is not None
            assert outcome.verdict.error is not None
            assert outcome.verdict.error.is_not_found


def _times(world: World, until: float) -> list[float]:
    """When something was different for the first time, up to then."""
    return [time for time in (0.0, *(at for life in world.lives.values() for at, _s in life)) if time <= until]
