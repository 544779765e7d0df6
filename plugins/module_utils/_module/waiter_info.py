# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module ``waiter_info``: describes and checks waiters without sending requests to AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from .._aws.drafting.draft import draft, known_values, operation_to_draft
from .._aws.id_params import id_params
from .._aws.lookup.diagnoses import steps_of
from .._aws.lookup.library_waiters import find, shipped, snake_case, waiter_name
from .._aws.lookup.waiter_lookup import WaiterLookup
from .._aws.models import Models
from .._aws.permissions import permission
from .._aws.validation.definition_check import check_reading
from .._definition.describe import describe
from .._definition.model import Definition, State
from .._definition.problem import BadInput, Problem, Severity, cite, nearest
from .._definition.read import Reading
from .argument_check import with_mistakes
from .connection import make_module, mistakes_of
from .exit import fail, problem_rows, readable
from .options import DEFAULT_DELAY, DEFAULT_MAX_ATTEMPTS
from .start import started

FORM_ALONE = Problem(
    "service", "is not set, so only the form was checked, not the names and values", severity=Severity.WARNING
)

_NO_CHANGE = {"was": None, "now": None, "gone": False}

ServiceModels = Callable[[str], Any]


class _Found(NamedTuple):
    """One waiter. ``service``: None if it isn't known; ``definition``: None if it couldn't be read."""

    service: str | None
    definition: Definition | None
    problems: tuple[Problem, ...] = ()

    def is_called(self, name: str) -> bool:
        own = self.definition.name if self.definition is not None else None
        return own is not None and snake_case(name) == snake_case(own)


def waiter_info_spec() -> dict[str, dict[str, Any]]:
    """The argument specification, without the connection options."""
    return {
        "service": {"type": "str"},
        "waiter": {"type": "str"},
        "definition": {"type": "dict"},
        "definitions": {"type": "dict"},
        "operation": {"type": "str"},
        "details": {"type": "bool", "default": False},
    }


def main() -> None:
    """Run the module ``waiter_info``."""
    module, catalog = make_module(argument_spec=waiter_info_spec())
    module.log_invocation()  # its options have no secrets
    started()
    try:
        models = Models(catalog)
        found = with_mistakes(mistakes_of(module, models), lambda: waiter_info(module.params, models))
    except BadInput as bad:
        fail(module, {"msg": str(bad), "problems": problem_rows(bad)})
    module.exit_json(changed=False, **readable(found))


def waiter_info(args: Mapping[str, Any], models: Models) -> dict[str, Any]:
    """The result for the arguments; BadInput if they name a service, a waiter or an operation that doesn't exist."""
    service, waiter, operation = args["service"], args["waiter"], args["operation"]
    if service is not None and (unknown := models.service_problems(service)):
        raise BadInput(unknown)
    services = models.services() if service is None else [service]
    service_models = cache(models.service_model)
    drafted = {} if operation is None else _draft(operation, service, models, service_models)
    own = list(_own(args, models, service_models))
    if waiter is not None:
        shown = [found for found in own if found.is_called(waiter)] or _shipped_called(models, services, waiter)
    elif args["definition"] is not None or args["definitions"] is not None:
        shown = own
    else:
        shown = [found for name in services for found in _shipped(models, name, operation)]
    problems = dict.fromkeys(problem for found in own for problem in found.problems)
    return {
        "services": {name: len(models.waiters(name)) + len(models.catalog.names_of(name)) for name in services},
        "waiters": [
            {
                **_row(found, found.definition),
                **(_details(found.service, found.definition, models, service_models) if args["details"] else {}),
            }
            for found in shown
            if found.definition is not None
        ],
        "problems": problem_rows(BadInput(problems)),
        **drafted,
    }


def _shipped(models: Models, service: str, operation: str | None) -> Iterator[_Found]:
    """The library's waiters of a service, or only those that poll an operation."""
    for waiter in shipped(models, service):
        if operation is None or operation == waiter.definition.operation:
            yield _Found(service, waiter.definition)


def _shipped_called(models: Models, services: Sequence[str], name: str) -> list[_Found]:
    """The library's waiters of that name, in either spelling."""
    looked_up = [(service, find(models, service, name)) for service in services]
    called = [_Found(service, found.definition) for service, (found, _problems) in looked_up if found is not None]
    if called:
        return called
    [(_service, (_found, problems)), *more] = looked_up
    if not more:
        raise BadInput(problem.under("waiter") for problem in problems)
    names = {waiter.name for service in services for waiter in shipped(models, service)}
    spellings = names if name != name.lower() else {snake_case(found) for found in names}
    raise BadInput([Problem("waiter", f"no service has a waiter {cite(name)}", nearest(name, sorted(spellings)))])


def _own(args: Mapping[str, Any], models: Models, service_models: ServiceModels) -> Iterator[_Found]:
    """The user's own definitions, checked."""

    def lookup(service: str | None) -> WaiterLookup:
        return WaiterLookup(models, args["definitions"], "", service)

    service, everything = args["service"], lookup(None)
    if args["definition"] is not None:
        yield _checked(lookup(service).inline(args["definition"], ""), service, service_models)
    for name in everything.own.names:
        carried = everything.own.service_of(name)
        its_own = service if carried is None else carried
        if its_own is None or (isinstance(its_own, str) and its_own in models.services()):
            yield _checked(lookup(its_own).named(name), its_own, service_models)
    yield _Found(None, None, tuple(everything.problems()))


def _checked(reading: Reading, service: str | None, service_models: ServiceModels) -> _Found:
    problems = list(reading.problems)
    if service is None:
        problems.append(FORM_ALONE)
    elif reading.definition is not None:
        problems.extend(check_reading(reading, service_models(service)))
    return _Found(service, reading.definition if reading.whole else None, tuple(problems))


def _draft(operation: str, service: str | None, models: Models, service_models: ServiceModels) -> dict[str, Any]:
    """Draft a definition for an operation; BadInput if the operation can't be polled."""
    if service is None:
        raise BadInput([Problem("service", "is needed to draft a definition for an operation")])
    operation_model, problems = operation_to_draft(service_models(service), operation)
    if problems:
        raise BadInput(problems)
    known = known_values((waiter.definition for waiter in shipped(models, service)), operation)
    found = draft(operation_model, service, known)
    return {"draft": found.definition, "draft_params": found.params, "draft_states": found.states}


def _row(found: _Found, definition: Definition) -> dict[str, Any]:
    """What is returned of every waiter."""
    delay = DEFAULT_DELAY if definition.delay is None else definition.delay
    max_attempts = definition.max_attempts or DEFAULT_MAX_ATTEMPTS
    return {
        "service": found.service,
        "name": waiter_name(definition),
        "model_name": definition.name,
        "operation": definition.operation,
        "description": definition.description,
        "source": definition.source.value,
        "states": {state.value: _expected(definition, state) for state in State},
        "delay": delay,
        "max_attempts": max_attempts,
        "max_wait": delay * max_attempts,
    }


def _expected(definition: Definition, state: State) -> list[Any]:
    """What the acceptors of a state expect, without duplicates. Unlike Python, JSON distinguishes 1 from true."""
    found = [acceptor.expected for acceptor in definition.acceptors if acceptor.state is state]
    values = [value for expected in found for value in (expected if isinstance(expected, list | tuple) else [expected])]
    return list({json.dumps(value, default=str): value for value in values}.values())


def _details(
    service: str | None, definition: Definition, models: Models, service_models: ServiceModels
) -> dict[str, Any]:
    """What is returned on request only."""
    return {
        **_of_operation(service, definition, models, service_models),
        "acceptors": [{**acceptor.as_data(), "text": describe(acceptor)} for acceptor in definition.acceptors],
        "corrections": [{**_NO_CHANGE, **change} for change in definition.corrections],
        "initial_delay": definition.initial_delay or 0.0,
        "consecutive": definition.consecutive or 1,
        "settle": definition.settle and definition.settle._asdict(),
        "evidence": list(dict.fromkeys([*definition.evidence, *_evidence(definition.corrections)])),
    }


def _evidence(changes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Where the authors of the corrections know the states from."""
    for change in changes:
        found = change.get("evidence", [])
        yield from [found] if isinstance(found, str) else found


def _of_operation(
    service: str | None, definition: Definition, models: Models, service_models: ServiceModels
) -> dict[str, Any]:
    """What the service models say about the operations; empty if the operation isn't known."""
    row: dict[str, Any] = {
        "required_params": [],
        "id_param": None,
        "id_limit": None,
        "permissions": [],
        "diagnosis": [],
    }
    operation = definition.operation
    if service is None or operation not in service_models(service).operation_names:
        return row
    model = service_models(service).operation_model(operation)
    steps = steps_of(models, service, definition, model)
    asked = [(step.service or service, step.operation) for step in steps if step.operation is not None]
    row["diagnosis"] = [permission(service_models(name).operation_model(polled)) for name, polled in asked]
    row["diagnosis"] = list(dict.fromkeys(row["diagnosis"]))
    row["permissions"] = list(dict.fromkeys([permission(model), *row["diagnosis"]]))
    if model.input_shape is not None:
        row["required_params"] = list(model.input_shape.required_members)
    for id_param in id_params(service, model)[:1]:
        row["id_param"], row["id_limit"] = id_param.name, id_param.limit
    return row
