# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiters as they are shipped, and what their own judge says of an answer that is made for a state."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, cached_property
from itertools import combinations, islice, product
from typing import Any

from tests.oracle.waits import ENDED
from tests.support.catalog import CATALOG
from tests.support.members import Literals, Names, Reads, answer, item_at, list_above, shape_at, some

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import (
    LibraryWaiter,
    shipped,
    snake_case,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.correct import in_full
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression, ExpressionError
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import State
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Decision, Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult

MODELS = Models(CATALOG)
MOST_ANSWERS = 3000
_NO_STATE = "a state that nobody knows"
_HOLDS_STATE = re.compile(r"status|state", re.IGNORECASE)

Members = Mapping[Names, Any]


class Ours:
    """A built-in, as corrected, or a waiter of the catalogue."""

    def __init__(self, service: str, waiter: LibraryWaiter) -> None:
        self.service = service
        self.waiter = waiter
        self.name = snake_case(waiter.name)
        self.definition = waiter.definition
        self.judge = Judge(self.definition)

    def __str__(self) -> str:
        return f"{self.service} {self.name}"

    @cached_property
    def output(self) -> Any:
        """The shape of the operation's answer."""
        return service_model(self.service).operation_model(self.definition.operation).output_shape

    @cached_property
    def reads(self) -> dict[Names, Literals]:
        """The members that the acceptors read → the values that they know of them."""
        found: dict[Names, Literals] = {}
        for acceptor in self.definition.acceptors:
            if acceptor.argument is None or acceptor.with_input:
                continue
            reads = Reads(acceptor.argument.tree)
            for names, literals in reads.compared.items():
                found.setdefault(names, {}).update(literals)
            for names in reads.ends:
                found[names].update(dict.fromkeys(acceptor.expected))
        return {names: values for names, values in found.items() if names and shape_at(self.output, names) is not None}

    @property
    def budget(self) -> float:
        """How long it waits at most, in seconds."""
        return (self.definition.delay or 0) * (self.definition.max_attempts or 0)

    @cached_property
    def because(self) -> dict[str, str]:
        """Why it judges against others: a state, ``budget`` or ``settle`` → the reason. A text counts for all it names.

        It stands in the waiter, in what that extends, or in a correction.
        """
        texts = [layer.raw.get("because") for layer in self.waiter.layers]
        texts += [change.get("because") for change in self.changes]
        found: dict[str, str] = {}
        for text in texts:
            if isinstance(text, Mapping):
                found.update({str(key): str(value) for key, value in text.items()})
            elif isinstance(text, str):
                found.update(dict.fromkeys(re.findall(r"[\w.:-]*\w", text), text))
        return found

    @property
    def changes(self) -> list[Mapping[str, Any]]:
        """The corrections of the built-in, its own or one that it extends."""
        names = [layer.at.removeprefix(f"{self.service} ") for layer in self.waiter.layers]
        return [change for name in names for change in CATALOG.corrections_of(self.service, name)]

    @property
    def states(self) -> set[Any]:
        """All values of the members that it reads, or read before it was corrected."""
        removed = [in_full(change).get("was") for change in self.changes]
        known = {acceptor["expected"] for acceptor in removed if acceptor and isinstance(acceptor["expected"], str)}
        return known.union(*(self.values_of(names) for names in self.reads))

    def values_of(self, names: Names) -> set[Any]:
        """The values that a member is known to have: its enum's, and those that the waiter knows."""
        return {*self.reads.get(names, ()), *getattr(item_at(self.output, names), "enum", ())}

    # --- what the judge says

    def answer(self, members: Members) -> PollResult:
        """An answer with these members."""
        return PollResult(answer(self.output, members) if members else {}, 200)

    def decision(self, members: Members) -> Decision:
        """The verdict on such an answer."""
        return self.judge.judge(self.answer(members)).decision

    def succeeds_only(self, names: Names, value: Any) -> Members | None:
        """Other members beside which the value of this member is what makes it succeed; None: there are none."""
        for others in self.answers(leave_out=names):
            if self.decision({**others, names: value}) is not Decision.SUCCESS:
                continue
            if self.decision({**others, names: _NO_STATE}) is not Decision.SUCCESS:
                return others
        return None

    def single_members(self, leave_out: Names) -> Iterator[tuple[Names, Any]]:
        """Each member that it reads but one, with each value that may make a difference."""
        for members in self.answers(leave_out):
            if len(members) > 1:
                return
            yield from members.items()

    def answers(self, leave_out: Names = (), of: Collection[Names] | None = None) -> Iterator[Members]:
        """Values for the members that it reads, the fewest first: answers that may make a difference to it.

        ``of``: for these alone.
        """
        wanted = [names for names in self.reads if of is None or names in of]
        open_members = [names for names in wanted if names != leave_out and not _is_within(leave_out, names)]
        return islice(self._answers(open_members), MOST_ANSWERS)

    def _answers(self, members: list[Names]) -> Iterator[Members]:
        values = {names: _values(shape_at(self.output, names), self.reads[names]) for names in members}
        for count in range(len(members) + 1):
            for chosen in combinations(members, count):
                for mixed in product(*(values[names] for names in chosen)):
                    yield dict(zip(chosen, mixed, strict=True))

    # --- deletions

    @cached_property
    def awaits_deletion(self) -> bool:
        """Whether it succeeds because something is gone."""
        if self.definition.gone_once_seen or self.definition.error_codes(State.SUCCESS):
            return True
        if self.decision({}) is Decision.SUCCESS:
            return True
        known = [{names: value} for names in self.reads for value in self.values_of(names)]
        successes = [value for one in known if self.decision(one) is Decision.SUCCESS for value in one.values()]
        return bool(successes) and all(isinstance(value, str) and ENDED.search(value) for value in successes)

    def tells_deletion_of(self, names: Names) -> bool:
        """Whether it awaits the deletion of the very thing that has this state, not of one around it or in it."""
        if not self.awaits_deletion:
            return False
        if names in self.reads:
            return True
        holder = list_above(self.output, names)
        states = [own for own in self.reads if own != holder and shape_at(self.output, own).type_name != "list"]
        if states:
            return False
        if self.reads:
            return holder in self.reads
        depth = len(names) - len(holder)
        return len(holder) <= 1 and (depth <= 2 or _HOLDS_STATE.search(names[-2]) is not None)


def _is_within(names: Names, outer: Names) -> bool:
    """Whether the member stands in the other one, so that it can't have a value beside that."""
    return bool(names) and names[: len(outer)] == outer


def _values(shape: Any, known: Literals) -> list[Any]:
    """Values that a member may have, the known ones first; also what it holds where nothing is in it."""
    kind = shape.type_name
    if kind == "list":
        return [*_values(shape.member, known)[:-1], []]
    return [*_some_values(shape, known), None]


def _some_values(shape: Any, known: Literals) -> list[Any]:
    kind = shape.type_name
    if kind in ("structure", "map"):
        return [some(shape)]
    if kind == "boolean":
        return [True, False]
    if kind in ("integer", "long", "float", "double"):
        numbers = [value for value in known if isinstance(value, (int, float)) and not isinstance(value, bool)]
        return list(dict.fromkeys([*numbers, 0, 1, 2]))
    texts = [value for value in known if isinstance(value, str)]
    return list(dict.fromkeys([*texts, *getattr(shape, "enum", ())])) or ["any"]


@cache
def service_model(service: str) -> Any:
    return MODELS.service_model(service)


@cache
def waiters_of(service: str) -> tuple[Ours, ...]:
    """All waiters of a service; none where botocore knows no such service."""
    if MODELS.service_problems(service):
        return ()
    return tuple(Ours(service, waiter) for waiter in shipped(MODELS, service))


def members_at(path: str) -> list[Names]:
    """The members that somebody's path ends in; none where it can't be read or compares."""
    try:
        return Reads(Expression(path).tree).ends
    except ExpressionError:
        return []


def every() -> list[Ours]:
    """The waiters of all services."""
    return [ours for service in MODELS.services() for ours in waiters_of(service)]
