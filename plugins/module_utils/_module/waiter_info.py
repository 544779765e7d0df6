# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module ``waiter_info``: what waiters wait for, and what is wrong with them, without asking AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from .._aws.builtins import builtin, builtins, snake_case
from .._aws.check import check_definition
from .._aws.identities import id_params
from .._aws.models import Models
from .._definition.model import Acceptor, Definition
from .._definition.problem import BadInput, Problem, Severity, cite, nearest
from .._definition.read import Reading, read_definition, read_definitions
from .._definition.words import describe
from .connection import make_module
from .options import DEFAULT_DELAY, DEFAULT_MAX_ATTEMPTS
from .wait import problems as as_rows

FORM_ALONE = Problem(
    "service", "is not given, so the form alone was checked, not the names and values", severity=Severity.WARNING
)

ServiceModels = Callable[[str], Any]


@dataclass(frozen=True)
class _Found:
    """One waiter. ``service``: None where nobody said it; ``definition``: None where nothing could be read."""

    service: str | None
    definition: Definition | None
    source: str
    problems: tuple[Problem, ...] = ()

    def is_called(self, name: str) -> bool:
        own = self.definition.name if self.definition is not None else None
        return own is not None and name in (own, snake_case(own))


def waiter_info_spec() -> dict[str, dict[str, Any]]:
    """The argument specification, without the connection options."""
    return {
        "service": {"type": "str"},
        "waiter": {"type": "str"},
        "definition": {"type": "dict"},
        "definitions": {"type": "dict"},
    }


def main() -> None:
    """Run the module ``waiter_info``."""
    module = make_module(argument_spec=waiter_info_spec())
    try:
        found = waiter_info(module.params, Models())
    except BadInput as bad:
        module.fail_json(msg=str(bad), problems=as_rows(bad))
    module.exit_json(changed=False, **found)


def waiter_info(args: Mapping[str, Any], models: Models) -> dict[str, Any]:
    """The result for the arguments; BadInput where they name a service or a waiter that isn't there."""
    service, waiter = args["service"], args["waiter"]
    if service is not None:
        models.require_service(service)
    services = models.services() if service is None else [service]
    service_models = cache(models.service_model)
    own = list(_own(args, models, service_models))
    if waiter is not None:
        shown = [found for found in own if found.is_called(waiter)] or _builtins_called(models, services, waiter)
    elif args["definition"] is not None or args["definitions"] is not None:
        shown = own
    else:
        shown = [_Found(name, definition, "builtin") for name in services for definition in builtins(models, name)]
    problems = dict.fromkeys(problem for found in own for problem in found.problems)
    return {
        "services": {name: len(models.waiters(name)) for name in services},
        "waiters": [_row(found, found.definition, service_models) for found in shown if found.definition is not None],
        "problems": as_rows(BadInput(problems)),
    }


def _builtins_called(models: Models, services: Sequence[str], name: str) -> list[_Found]:
    """The built-in waiters of that name, in either spelling."""
    if len(services) == 1:
        return [_Found(services[0], builtin(models, services[0], name), "builtin")]
    everywhere = [_Found(service, found, "builtin") for service in services for found in builtins(models, service)]
    called = [found for found in everywhere if found.is_called(name)]
    if not called:
        names = {found.definition.name for found in everywhere if found.definition and found.definition.name}
        spellings = names if name != name.lower() else {snake_case(found) for found in names}
        raise BadInput([Problem("waiter", f"no service has a waiter {name!r}", nearest(name, sorted(spellings)))])
    return called


def _own(args: Mapping[str, Any], models: Models, service_models: ServiceModels) -> Iterator[_Found]:
    """What the user wrote, checked."""
    if args["definition"] is not None:
        reading = read_definition(args["definition"])
        yield _checked(reading, "inline", args["service"], service_models)
    if args["definitions"] is not None:
        services, entries = _take_services(args["definitions"])
        for name, reading in read_definitions(entries).items():
            service, mistakes = _service(services[name], models) if name in services else (args["service"], [])
            if mistakes:
                found = _Found(None, reading.definition, "definitions", (*mistakes, *reading.problems))
            else:
                found = _checked(reading, "definitions", service, service_models)
            yield replace(found, problems=_under(name, found.problems))


def _checked(reading: Reading, source: str, service: str | None, service_models: ServiceModels) -> _Found:
    problems = list(reading.problems)
    if service is None:
        problems.append(FORM_ALONE)
    elif reading.definition is not None:
        problems.extend(check_definition(reading.definition, service_models(service), reading.complete))
    return _Found(service, reading.definition, source, tuple(problems))


def _under(name: str, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    # that a task names no service is said once, and not of each entry
    return tuple(problem if problem is FORM_ALONE else problem.under(name) for problem in problems)


def _take_services(raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The ``service`` that entries carry, by their names; and the entries without it, a whole document still one."""
    if set(raw) <= {"version", "waiters"} and isinstance(raw.get("waiters"), Mapping):
        services, entries = _take_services(raw["waiters"])
        return services, {**raw, "waiters": entries}
    services, entries = {}, dict(raw)
    for name, entry in raw.items():
        if isinstance(entry, Mapping) and "service" in entry:
            services[name] = entry["service"]
            entries[name] = {key: value for key, value in entry.items() if key != "service"}
    return services, entries


def _service(service: Any, models: Models) -> tuple[str | None, list[Problem]]:
    """The service that an entry of ``definitions`` carries, if it is one."""
    if not isinstance(service, str):
        return None, [Problem("service", f"must be a text, not {cite(service)}")]
    try:
        models.require_service(service)
    except BadInput as bad:
        return None, list(bad.problems)
    return service, []


def _row(found: _Found, definition: Definition, service_models: ServiceModels) -> dict[str, Any]:
    delay = DEFAULT_DELAY if definition.delay is None else definition.delay
    max_attempts = definition.max_attempts or DEFAULT_MAX_ATTEMPTS
    return {
        "service": found.service,
        "name": snake_case(definition.name) if definition.name else None,
        "model_name": definition.name,
        "operation": definition.operation,
        "description": definition.description,
        "source": found.source,
        "delay": delay,
        "max_attempts": max_attempts,
        "max_wait": delay * max_attempts,
        **_of_operation(found.service, definition.operation, service_models),
        "acceptors": [_acceptor(acceptor) for acceptor in definition.acceptors],
        "corrections": [],
    }


def _of_operation(service: str | None, operation: str, service_models: ServiceModels) -> dict[str, Any]:
    """What the service model says of the operation's parameters; nothing where the operation isn't known."""
    row: dict[str, Any] = {"required_params": [], "id_param": None, "id_limit": None}
    if service is None or operation not in service_models(service).operation_names:
        return row
    model = service_models(service).operation_model(operation)
    if model.input_shape is not None:
        row["required_params"] = list(model.input_shape.required_members)
    for id_param in id_params(service, model)[:1]:
        row["id_param"], row["id_limit"] = id_param.name, id_param.limit
    return row


def _acceptor(acceptor: Acceptor) -> dict[str, Any]:
    return {
        "state": acceptor.state.value,
        "matcher": acceptor.matcher.value,
        "argument": acceptor.argument.text if acceptor.argument is not None else None,
        "expected": acceptor.wire_expected,
        **({"negated": True} if acceptor.negated else {}),
        "text": describe(acceptor),
    }
