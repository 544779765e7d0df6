# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds every waiter against other people's waits for the same thing, and finds where the two contradict each other.

A wait and a waiter are for the same thing if they poll the same operation, read the same member, and await the same:
one of the wait's targets makes the waiter succeed, or both await a deletion. An unlike verdict on a state is a finding,
unless the waiter's ``because`` names the state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from tests.oracle.ours import Members, Ours, members_at, waiters_of
from tests.oracle.waits import CHANGES, ENDED, LEAVES, Wait, events
from tests.support.members import Names, item_at

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Decision

TELLS_CHANGE = re.compile(rf"{CHANGES.pattern}|pending|progress|appl|processing|action", re.IGNORECASE)
"""What a member or its value is called that tells of a change which goes on."""

Shipped = Callable[[str], Sequence[Ours]]


class Kind(str, Enum):
    """How a waiter can differ from the waits of others."""

    FAILS_EARLY = "fails in a state that others wait through"
    SUCCEEDS_EARLY = "succeeds in a state that others wait through"
    FAILS_AT_GOAL = "fails in the state that others wait for"
    SUCCEEDS_AT_FAILURE = "succeeds in a state that others take for a failure"
    BUDGET = "waits less than half as long as others"
    SETTLE = "succeeds at the first look after a change, which others don't trust"


class Finding(NamedTuple):
    """One difference. ``what``: the state or the figures; ``wait``: where others say so."""

    kind: Kind
    ours: Ours
    what: str
    wait: Wait

    def __str__(self) -> str:
        return f"{self.ours}: {self.what} ({self.wait})"


class Match(NamedTuple):
    """A waiter and somebody's wait for the same thing.

    ``names``: the member that both read, or that has the state of what is deleted. ``target``: makes the waiter succeed
    beside the members in ``others``; empty for a deletion.
    """

    ours: Ours
    wait: Wait
    names: Names
    target: str
    others: Members
    is_deletion: bool

    @property
    def is_exact(self) -> bool:
        """Whether the targets are just the states in which the waiter succeeds."""
        states = {*self.ours.values_of(self.names), *self.wait.target}
        successes = {state for state in states if self.decision(state) is Decision.SUCCESS}
        return not self.is_deletion and successes == set(self.wait.target)

    def decision(self, state: str) -> Decision:
        """What the waiter makes of a state, where all else is as it is at the goal."""
        if self.names not in self.ours.reads:
            return Decision.NOT_YET
        return self.ours.decision({**self.others, self.names: state})


def findings(waits: Iterable[Wait], shipped: Shipped = waiters_of) -> list[Finding]:
    """All differences by kind and waiter. A state, or a time, is told once: where the others wait longest."""
    found: dict[tuple[Kind, str, str], Finding] = {}
    everything = [match for wait in waits for match in matches(wait, shipped)]
    by_member = groupby(sorted(everything, key=_member), key=_member)
    for finding in (finding for _member, group in by_member for finding in _differences_of(list(group))):
        state = "" if finding.kind in (Kind.BUDGET, Kind.SETTLE) else finding.what
        alike = finding.kind, str(finding.ours), state
        found[alike] = max(found.get(alike, finding), finding, key=_patience)
    return sorted(found.values(), key=lambda one: (list(Kind).index(one.kind), str(one.ours)))


def _member(match: Match) -> tuple[str, Names]:
    return str(match.ours), match.names


def _differences_of(matches: Sequence[Match]) -> Iterator[Finding]:
    """The differences of one waiter and of what others wait for in one member, each of them perhaps another goal.

    A state that some wait for may be one that others wait through. How long others wait is best said by those, if any,
    who wait for all that the waiter does and for nothing else.
    """
    alike = [match for match in matches if match.is_exact]
    for match in matches:
        goals = {state for other in matches if other is not match for state in other.wait.target}
        for finding in _differences(match):
            if finding.kind in (Kind.SUCCEEDS_EARLY, Kind.SUCCEEDS_AT_FAILURE) and finding.what in goals:
                continue
            if finding.kind is Kind.BUDGET and alike and match not in alike:
                continue
            yield finding


def _patience(finding: Finding) -> float:
    wait = finding.wait
    return wait.delay * wait.continuous_target if finding.kind is Kind.SETTLE else wait.timeout or 0


def matches(wait: Wait, shipped: Shipped = waiters_of) -> Iterator[Match]:
    """The waiters for the same thing, of all that ``shipped`` has for the service."""
    polled = [ours for ours in shipped(wait.service) if ours.definition.operation in wait.operations]
    for names in members(wait, polled):
        for ours in polled:
            match = _match(ours, wait, names)
            if match is not None:
                yield match


def members(wait: Wait, polled: Sequence[Ours]) -> list[Names]:
    """The members of the answer in which the wait finds its states.

    ``polled``: the waiters that poll the same. A path that the answer lacks, or where none of the states can be, was
    made up; then it is the one member that these waiters read where all of the states can be, if there is just one.
    """
    if not polled:
        return []
    states = {*wait.pending, *wait.target}
    given = dict.fromkeys(names for path in wait.paths for names in members_at(path))
    found = [names for names in given if _can_hold(polled[0], names, states)]
    if found or len(states) < 2:
        return found
    read = dict.fromkeys(names for ours in polled for names in ours.reads)
    known = [names for names in read if states <= set().union(*(ours.values_of(names) for ours in polled))]
    return known if len(known) == 1 else []


def _can_hold(ours: Ours, names: Names, states: set[str]) -> bool:
    shape = item_at(ours.output, names)
    if shape is None or shape.type_name in ("structure", "map"):
        return False
    values = getattr(shape, "enum", ())
    return not values or not states or not states.isdisjoint(values)


def _match(ours: Ours, wait: Wait, names: Names) -> Match | None:
    awaited = events(ours.name), events(wait.function)
    if all(awaited) and awaited[0].isdisjoint(awaited[1]):
        return None
    if wait.awaits_deletion and ours.tells_deletion_of(names):
        return Match(ours, wait, names, "", {}, True)
    if names not in ours.reads:
        return None
    for target in wait.goals:
        others = ours.succeeds_only(names, target)
        if others is not None:
            return Match(ours, wait, names, target, others, False)
    return None


def _differences(match: Match) -> Iterator[Finding]:
    ours, wait = match.ours, match.wait
    for kind, state in _unlike(match):
        if state not in ours.because:
            yield Finding(kind, ours, state, wait)
    if wait.timeout is not None and ours.budget < wait.timeout / 2 and "budget" not in ours.because:
        figures = f"{ours.budget / 60:.3g} min, others {wait.timeout / 60:.3g} min"
        yield Finding(Kind.BUDGET, ours, figures, wait)
    if not match.is_deletion and wait.awaits_change and wait.distrusts_first_look and not _takes_care(match):
        times = f"others wait {wait.delay:g} s, and for {wait.continuous_target} in a row"
        yield Finding(Kind.SETTLE, ours, times, wait)


def _unlike(match: Match) -> Iterator[tuple[Kind, str]]:
    """The states of which the two say different things."""
    wait = match.wait
    is_change = "update" in events(wait.function)
    tells_targets_apart = any(match.decision(state) is not Decision.SUCCESS for state in wait.target)
    for state in wait.pending:
        if state in wait.target:  # whoever calls it says which of the two it is
            continue
        decision = match.decision(state)
        # of several targets a state leads to one, which need not be ours; a change in place leads back to any
        is_on_our_way = match.is_deletion or not tells_targets_apart or is_change or CHANGES.search(state)
        leaves = not match.is_deletion and LEAVES.search(state)
        if decision is Decision.FAILURE and is_on_our_way and not leaves:
            yield Kind.FAILS_EARLY, state
        if decision is Decision.SUCCESS and not (match.is_deletion and ENDED.search(state)):
            yield Kind.SUCCEEDS_EARLY, state
    if not wait.awaits_any_end:
        for state in wait.target:
            if match.decision(state) is Decision.FAILURE:
                yield Kind.FAILS_AT_GOAL, state
    for state in wait.failure:
        if match.decision(state) is Decision.SUCCESS:
            yield Kind.SUCCEEDS_AT_FAILURE, state


def _takes_care(match: Match) -> bool:
    """Whether it looks late or more than once itself, sees the change in the answer, or says why it needn't."""
    ours, definition = match.ours, match.ours.definition
    if definition.settle or definition.initial_delay or (definition.consecutive or 1) > 1 or "settle" in ours.because:
        return True
    at_goal = {**match.others, match.names: match.target}
    return any(
        TELLS_CHANGE.search(f"{names[-1]} {value}") and ours.decision({**at_goal, names: value}) is Decision.NOT_YET
        for names, value in ours.single_members(leave_out=match.names)
    )
