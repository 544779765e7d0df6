# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task options in ``params`` or in a definition, and parameters among the options. Imported only for mistakes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .._aws.lookup.waiter_lookup import WaiterLookup
from .._aws.models import Models
from .._definition.problem import Problem, cite
from .argument_check import BELONGS, NOT_AN_OPTION
from .options import wait_spec

_ENTRY = re.compile(r"waits\[(\d+)\](?: \(.*\))?\.")
_NOT_A = {"is not a parameter of the operation": "parameter of the operation"}
_NOT_A["is not a valid key here"] = "key of a definition"
_CONFIG = "WaiterConfig"
_TIMING = {"Delay": "delay", "MaxAttempts": "max_attempts"}
"""The keys of boto3's ``WaiterConfig``, and the options that correspond to them."""
_WORDS_OF_AWS = frozenset({"definition", "definitions", "params", "profile", "region", "service", "waiter"})
"""Options whose names resemble parameters: if the model has a similar name, that is suggested instead."""


def reworded(problem: Problem, params: Any) -> Problem:
    """The problem, reworded if its unknown name is an option of the task."""
    name = problem.path.rpartition(".")[2]
    place = _NOT_A.get(problem.problem)
    if place is None:
        return problem
    if name == _CONFIG:
        given = params.get(name) if isinstance(params, Mapping) else None
        return problem._replace(problem=f"is boto3's way to set {_as_options(given)}", suggestion=None)
    if name not in _options() or (problem.suggestion is not None and name in _WORDS_OF_AWS):
        return problem
    return problem._replace(problem=f"is an option of the task, not a {place}", suggestion=None)


def belonging(mistakes: Sequence[Problem], args: Mapping[str, Any], models: Models) -> list[Problem]:
    """The mistakes; of unknown options, those that are parameters of the waiter's operation are said to be that."""
    return [_in_params(problem, args, models) if problem.problem == NOT_AN_OPTION else problem for problem in mistakes]


def _in_params(problem: Problem, args: Mapping[str, Any], models: Models) -> Problem:
    entry = _ENTRY.match(problem.path)
    if "params" not in args:  # waiter_info
        return problem
    if entry and problem.path[entry.end() :] in args:
        return problem._replace(problem="applies to all entries; it belongs beside waits", suggestion=None)
    wait = {**args, **_given(args["waits"][int(entry[1])])} if entry else args
    name = problem.path[entry.end() :] if entry else problem.path
    if name == "wait":  # the option of many other modules
        return problem._replace(problem=f"{NOT_AN_OPTION}, which always waits", suggestion=None)
    member = next((member for member in _members(wait, models) if _fold(member) == _fold(name)), None)
    if member is not None:
        return problem._replace(problem=f"{BELONGS} {member}", suggestion=None)
    if problem.suggestion is None:
        return problem._replace(problem=f"{NOT_AN_OPTION}; the operation's parameters belong in params")
    return problem


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}


def _members(args: Mapping[str, Any], models: Models) -> Sequence[str]:
    """The parameters of the operation that a wait polls; empty if it isn't known."""
    service, waiter, definition = (args.get(name) for name in ("service", "waiter", "definition"))
    if service is None or models.service_problems(service):
        return ()
    reading = WaiterLookup(models, args.get("definitions"), "", service)
    found = reading.inline(definition, "") if definition is not None else reading.named(waiter or "")
    operation = found.definition.operation if found.definition is not None else None
    model = models.service_model(service)
    shape = model.operation_model(operation).input_shape if operation in model.operation_names else None
    return () if shape is None else list(shape.members)


def _fold(name: str) -> str:
    return name.replace("_", "").casefold()


def _as_options(given: Any) -> str:
    """``delay and max_attempts, which are options of the task``, with the given values."""
    text = "delay and max_attempts, which are options of the task"
    values = given if isinstance(given, Mapping) else {}
    said = [f"{option}: {cite(values[name])}" for name, option in _TIMING.items() if name in values]
    return f"{text}: {', '.join(said)}" if said else text


def _options() -> set[str]:
    spec = wait_spec()
    names = {*spec, "profile", "region", *(alias for option in spec.values() for alias in option.get("aliases", ()))}
    return {name for name in names if not name.startswith("_")}
