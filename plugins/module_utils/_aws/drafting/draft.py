# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts a waiter for an operation from the service model, for users to edit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from ..._definition.model import Acceptor, Definition, Matcher, State
from ..._definition.problem import Checked, Problem, nearest
from ..._definition.read import read_definition
from ..._engine.poll_result import is_not_found_code
from ..display_expressions import reasons_of
from ..names import noun_of
from ..state_members import StateMember, is_state_name, state_members
from ..validation.codes import declared_codes
from ..validation.definition_check import changing_operation, is_read, unknown_operation
from .placeholders import placeholders
from .state_values import StateValues, means_gone, verdicts

_DELAY = 15
_MAX_ATTEMPTS = 40
_LONGEST_MESSAGE = 160
_GOOD = re.compile(r"active|available|ready", re.IGNORECASE)
_OF_FAILURE = re.compile(r"fail|error|stat(e|us)", re.IGNORECASE)


class Known(NamedTuple):
    """What an operation's waiters show: the values that they expect, by path, and their timing."""

    values: Mapping[str, StateValues] = MappingProxyType({})
    delay: float | None = None
    max_attempts: int | None = None


class Draft(NamedTuple):
    """A waiter to edit, as plain data.

    ``params``: placeholders for the task's parameters. ``states``: every path to a state-like member, best first, with
    its values as ``success``, ``failure`` and ``pending``; ``definition`` uses the first.
    """

    definition: dict[str, Any]
    params: dict[str, Any]
    states: list[dict[str, Any]]


def operation_to_draft(service_model: Any, operation: str) -> Checked[Any]:
    """The model of the operation of that name; None if there is none, or if it isn't a read operation."""
    if operation not in service_model.operation_names:
        return None, [unknown_operation(operation, service_model)]
    if not is_read(operation):
        return None, [_changes_something(operation, service_model)]
    return service_model.operation_model(operation), []


def known_values(definitions: Iterable[Definition], operation: str) -> Known:
    """What the waiters on the operation show. If several expect values at a path, the first with a success wins.

    Waiters for the absence of a resource are ignored, because a good state is a failure for them.
    """
    values: dict[str, StateValues] = {}
    timing: list[Definition] = []
    for definition in definitions:
        if definition.operation != operation or _awaits_absence(definition):
            continue
        timing.append(definition)
        for path, found in _tested(definition).items():
            if path not in values or (found.success and not values[path].success):
                values[path] = found
    return Known(values, timing[0].delay, timing[0].max_attempts) if timing else Known()


def draft(operation_model: Any, service: str, known: Known) -> Draft:
    """A waiter on a read operation, for the likeliest of its states."""
    members = state_members(operation_model, known.values)
    guess = cache(partial(_usual_good, operation_model.service_model))
    states = [(member, _verdicts(member, known, guess)) for member in members]
    codes = _not_found_codes(operation_model)
    rules = _short_form(*states[0], codes) if states else _long_form(codes)
    delay = known.delay or _DELAY
    timing = {
        "delay": int(delay) if delay == int(delay) else delay,
        "max_attempts": known.max_attempts or _MAX_ATTEMPTS,
    }
    definition = {"operation": operation_model.name, **rules, **timing}
    return Draft(
        definition={**definition, **_message(definition, service, operation_model)},
        params=placeholders(service, operation_model),
        states=[{"path": member.path, **_lists(values)} for member, values in states],
    )


def _changes_something(operation: str, service_model: Any) -> Problem:
    """The operation may change something. The suggestion is a read operation on the same resource."""
    reads = [name for name in service_model.operation_names if is_read(name)]
    # of several with the same noun, the last one wins
    reads.sort(key=lambda name: (name.startswith("Describe"), name.startswith("Get")))
    by_noun = {noun_of(name): name for name in reads}
    near = nearest(noun_of(operation), by_noun)
    return changing_operation(operation)._replace(suggestion=near and by_noun[near])


def _awaits_absence(definition: Definition) -> bool:
    return definition.gone_once_seen or any(
        acceptor.state is State.SUCCESS and _is_absence(acceptor) for acceptor in definition.acceptors
    )


def _is_absence(acceptor: Acceptor) -> bool:
    if acceptor.matcher is Matcher.ERROR:
        return any(value is not False for value in acceptor.expected)
    if acceptor.argument is not None and acceptor.argument.counts_absence:
        return True
    return all(isinstance(value, str) and means_gone(value) for value in acceptor.expected)


def _tested(definition: Definition) -> dict[str, StateValues]:
    """The strings that the definition expects at each plain path, by the state that they lead to."""
    found: dict[str, dict[State, list[str]]] = {}
    for acceptor in definition.acceptors:
        if acceptor.argument is not None and acceptor.argument.plain_path and not acceptor.negated:
            texts = [value for value in acceptor.expected if isinstance(value, str)]
            found.setdefault(acceptor.argument.text, {}).setdefault(acceptor.state, []).extend(texts)
    return {
        path: StateValues(*(tuple(dict.fromkeys(by_state.get(state, ()))) for state in _IN_ORDER))
        for path, by_state in found.items()
    }


_IN_ORDER = (State.SUCCESS, State.FAILURE, State.RETRY)


def _verdicts(member: StateMember, known: Known, guess: Callable[[], str]) -> StateValues:
    if member.values:
        return verdicts(member.values)
    found = known.values.get(member.path, StateValues())
    return found if found.success else found._replace(success=(guess(),))


def _usual_good(service_model: Any) -> str:
    """The service's most frequent spelling of "available": a guess for a state without an enum."""
    shapes = map(service_model.shape_for, filter(is_state_name, service_model.shape_names))
    values = (value for shape in shapes if shape.type_name == "string" for value in shape.enum)
    spellings = Counter(value for value in values if _GOOD.fullmatch(value))
    return max(spellings, key=lambda value: spellings[value], default="AVAILABLE")


def _lists(values: StateValues) -> dict[str, list[str]]:
    return {"success": list(values.success), "failure": list(values.failure), "pending": list(values.pending)}


def _short_form(member: StateMember, values: StateValues, codes: list[str]) -> dict[str, Any]:
    rules = {"path": member.path, **_lists(values), "failure_errors": codes}
    if not member.values:
        # pending makes the lists exhaustive, but without an enum not all values are known
        del rules["pending"]
    return {key: value for key, value in rules.items() if value}


def _long_form(codes: list[str]) -> dict[str, Any]:
    not_yet = [{"state": "retry", "matcher": "error", "expected": codes}] if codes else []
    return {"acceptors": [*not_yet, {"state": "success", "matcher": "error", "expected": False}]}


def _not_found_codes(operation_model: Any) -> list[str]:
    codes = [code for code in declared_codes(operation_model).values() if is_not_found_code(code)]
    if operation_model.http.get("method") == "HEAD" and codes:
        codes.append("404")  # a response to HEAD has no body with the code
    return list(dict.fromkeys(codes))


def _message(raw: Mapping[str, Any], service: str, operation_model: Any) -> dict[str, str]:
    """The likeliest member for the reason of the state, in the same part of the response, if there is one."""
    definition = read_definition(raw).definition
    if definition is None or "path" not in raw:
        return {}
    root, dot, _rest = raw["path"].partition(".")
    part = root + dot if dot else ""
    reasons = [reason.text for reason in reasons_of(definition, service, operation_model.output_shape)]
    beside = [reason for reason in reasons if reason.startswith(part)]
    beside.sort(key=lambda reason: not _OF_FAILURE.search(reason.removeprefix(part)))
    # a combination of several members is used anyway, and is hard to edit
    return {"message": beside[0]} if beside and len(beside[0]) <= _LONGEST_MESSAGE else {}
