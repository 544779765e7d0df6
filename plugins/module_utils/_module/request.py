# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From task arguments to a request: everything is read and checked, and all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._aws.binding import Binding, bind
from .._aws.builtins import builtin
from .._aws.check import check_definition, check_expression
from .._aws.models import Models
from .._definition.model import Definition, Source, State
from .._definition.problem import BadInput, Problem, Severity
from .._definition.read import read_definition
from .options import Settings, Validate, read_settings


@dataclass(frozen=True)
class Request:
    """One wait, ready to begin. ``warnings``: what the user should know of it."""

    binding: Binding
    settings: Settings
    client: Any
    warnings: tuple[str, ...]


def read_request(args: Mapping[str, Any], models: Models, connect: Callable[[str], Any]) -> Request:
    """Read the arguments of one wait; BadInput with every problem found. Nothing has been sent to AWS then.

    ``connect`` makes a client for a service, or raises BadInput.
    """
    service = args["service"]
    settings, problems = read_settings(args)
    warnings: list[Problem] = []
    definition = client = binding = None
    try:
        models.require_service(service)
    except BadInput as bad:
        problems.extend(bad.problems)
        # nothing more can be said than whether the definition is one
        problems.extend(_find(args, None, service)[1])
    else:
        try:
            client = connect(service)
        except BadInput as bad:
            problems.extend(bad.problems)
        definition, found = _find(args, models, service)
        problems.extend(found)
    if definition is not None:
        # a client holds the model already; without one the rest is checked all the same
        service_model = models.service_model(service) if client is None else client.meta.service_model
        binding, found = _check(args, definition, service_model, settings)
        problems.extend(problem for problem in found if problem.severity is Severity.ERROR)
        warnings.extend(problem for problem in found if problem.severity is Severity.WARNING)
    if binding is None or problems:
        raise BadInput(dict.fromkeys(problems))
    return Request(binding, settings, client, tuple(warning.sentence for warning in dict.fromkeys(warnings)))


def _find(args: Mapping[str, Any], models: Models | None, service: str) -> tuple[Definition | None, list[Problem]]:
    """The definition that the task names or holds."""
    waiter, inline = args["waiter"], args["definition"]
    if waiter is not None and inline is not None:
        return None, [Problem("waiter", "can't be given together with definition")]
    if inline is not None:
        reading = read_definition(inline)
        return reading.definition, [problem.under("definition") for problem in reading.problems]
    if waiter is None:
        return None, [Problem("waiter", "is missing; name a waiter of the service, or write one as definition")]
    if models is None:
        return None, []
    try:
        return builtin(models, service, waiter), []
    except BadInput as bad:
        return None, list(bad.problems)


def _check(
    args: Mapping[str, Any], definition: Definition, service_model: Any, settings: Settings
) -> tuple[Binding | None, list[Problem]]:
    """Hold the definition and the parameters against the service model."""
    findings = check_definition(definition, service_model)
    if definition.operation not in service_model.operation_names:
        return None, [problem.under("definition") for problem in findings]
    operation_model = service_model.operation_model(definition.operation)
    own = [] if settings.show is None else check_expression(settings.show, "show", operation_model)
    binding, problems = bind(service_model.service_name, definition, args["params"], operation_model, settings.show)
    problems.extend(_weighed(findings, definition, settings.validate))
    problems.extend(_weighed(own, None, settings.validate))
    problems.extend(
        Problem("retry_errors", f"{code} is a success for this waiter, and now means 'not yet'").as_warning()
        for code in definition.error_codes(State.SUCCESS)
        if code in settings.retry_errors
    )
    return binding, problems


def _weighed(findings: list[Problem], definition: Definition | None, validate: Validate) -> list[Problem]:
    """The findings of the definition check with the weight that they have for this task."""
    if validate is Validate.OFF:
        return []
    builtin_findings = definition is not None and definition.source is Source.BUILTIN
    if definition is not None:
        prefix = definition.name if definition.source is Source.BUILTIN and definition.name else "definition"
        findings = [problem.under(prefix) for problem in findings]
    if builtin_findings or validate is Validate.WARN:
        return [problem.as_warning() for problem in findings]
    return findings
