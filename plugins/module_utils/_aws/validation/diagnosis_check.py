# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of a diagnosis against the service model: operations, parameters and the members that it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..._definition.diagnosis import OF_ITEM, Step
from ..._definition.expression import Expression
from ..._definition.problem import Checked, Problem, nearest, path_to, quoted
from ..models import Models
from .definition_check import changing_operation, is_read, unknown_operation
from .expression_types import Output
from .value_types import UNKNOWN, Kind, Type

_TEXT = Type(Kind.STRING)


def check_diagnosis(steps: Sequence[Step], operation_model: Any, models: Models) -> list[Problem]:
    """All mistakes in the steps. ``operation_model``: of the operation that the wait polls."""
    problems: list[Problem] = []
    variables = {
        "input": Type(Kind.STRUCTURE, "input", shape=operation_model.input_shape, fields={}),
        "output": _answer(operation_model, "output"),
        "resource": UNKNOWN,
        "since": _TEXT,
        "previous": UNKNOWN,
        "cause": UNKNOWN,
    }
    for step in steps:
        model = operation_model
        if step.operation is not None:
            model, found = _model(step, operation_model.service_model, models)
            problems.extend(found)
            if model is None:
                return problems
            known = Output(operation_model, Type(Kind.STRUCTURE, fields=variables))
            problems.extend(_of_params(step, model, known))
        if step.when is not None:
            known = Output(operation_model, Type(Kind.STRUCTURE, fields=variables))
            problems.extend(_of_step(step, "when", known))
        answer = _answer(model, "")
        item = answer
        if step.items is not None:
            problems.extend(_of_step(step, "items", Output(model, answer)))
            selected = Output(model, answer).ending(step.items).type
            item = selected.item if selected.kind is Kind.LIST else UNKNOWN
        problems.extend(problem for key in OF_ITEM for problem in _of_step(step, key, Output(model, item)))
        variables.update(previous=_answer(model, "previous"), cause=item._replace(name="cause"))
    return list(dict.fromkeys(problems))


def _model(step: Step, own_service: Any, models: Models) -> Checked[Any]:
    """The model of the step's operation; None if there is none."""
    operation = step.operation or ""
    at = path_to(step.at, "operation")
    service_model = own_service
    if step.service is not None or operation not in own_service.operation_names:
        service = own_service.service_name if step.service is None else step.service
        if unknown := models.service_problems(service):
            return None, [problem._replace(path=path_to(step.at, "service")) for problem in unknown]
        service_model = models.service_model(service, operation)
    if operation not in service_model.operation_names:
        return None, [unknown_operation(operation, service_model, at)]
    wrong = [] if is_read(operation) else [changing_operation(operation, at)]
    return service_model.operation_model(operation), wrong


def _of_params(step: Step, model: Any, known: Output) -> Iterator[Problem]:
    members = model.input_shape.members if model.input_shape is not None else {}
    for name, expression in step.params.items():
        at = path_to(path_to(step.at, "params"), name)
        if name not in members:
            yield Problem(at, f"{model.name} has no parameter {name!r}", nearest(name, members))
        if expression is not None:
            yield from _mistakes(expression, at, known)
    required = model.input_shape.required_members if model.input_shape is not None else []
    for name in required:
        if name not in step.params:
            yield Problem(path_to(step.at, "params"), f"{model.name} needs the parameter {name!r}")


def _of_step(step: Step, key: str, output: Output) -> Iterator[Problem]:
    expression: Expression | None = getattr(step, key)
    if expression is not None:
        yield from _mistakes(expression, path_to(step.at, key), output)


def _mistakes(expression: Expression, at: str, output: Output) -> Iterator[Problem]:
    for mistake in output.ending(expression).mistakes:
        yield Problem(at, f"{quoted(expression.text)}: {mistake.text}", mistake.suggestion)


def _answer(model: Any, name: str) -> Type:
    return Type(Kind.STRUCTURE, name, shape=model.output_shape, fields={})
