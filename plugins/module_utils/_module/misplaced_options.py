# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task options that were written into ``params`` or into a definition. Imported only for mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._definition.problem import Problem, cite
from .options import wait_spec

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
