# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From task arguments to a request: everything is read and checked, and all that is wrong is said at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .._aws.binding import Binding, bind
from .._aws.credentials import missing_credentials
from .._aws.lookup.waiter_lookup import WaiterLookup
from .._aws.models import Models
from .._aws.prepared_wait import PreparedWait, judge_of
from .._aws.validation.codes import on_the_wire
from .._aws.validation.definition_check import check_expression, check_reading
from .._definition.model import Definition, State
from .._definition.problem import BadInput, Checked, Problem, Severity, in_order
from .._definition.read import Reading
from .options import Settings, Validate, read_settings


class Request(NamedTuple):
    """One wait, ready to begin. ``warnings``: what the user should know of it."""

    binding: Binding
    settings: Settings
    client: Any
    warnings: tuple[str, ...]

    def prepare(self, models: Models, renew: Callable[[], Any], once: bool = False) -> PreparedWait:
        """All that runs the wait. ``renew`` makes a new client; ``once``: it polls once and never sleeps."""
        binding, settings = self.binding, self.settings
        schedule = settings.schedule(binding.definition, once)
        judge = judge_of(binding, settings.missing, settings.retry_errors)
        return PreparedWait(binding, schedule, judge, models, self.client, renew)


Memo = dict[Any, Any]
"""What has been read and checked already, for waits that have a definition in common."""


def read_request(
    args: Mapping[str, Any], models: Models, connect: Callable[[str], Any], memo: Memo | None = None
) -> Request:
    """Read the arguments of one wait; BadInput with every problem found. Nothing has been sent to AWS then.

    ``connect`` makes a client for a service, or raises BadInput.
    """
    memo = {} if memo is None else memo
    service = args["service"]
    settings, problems = read_settings(args)
    unknown = models.service_problems(service)
    # of a service that isn't there nothing more can be said than whether the definitions are some
    reading = _once(memo, _what(args), lambda: _find(args, models, None if unknown else service, memo))
    problems += [*unknown, *reading.problems]
    warnings: list[Problem] = []
    client = binding = None
    if not unknown:
        client, found = _connected(connect, service)
        problems += found
        if client is not None:  # it holds the model already; without a client the rest is checked all the same
            service_model = client.meta.service_model
        else:
            service_model = _once(memo, ("model", service), lambda: models.service_model(service))
        operation = reading.definition.operation if reading.definition is not None else ""
        has_operation = operation in service_model.operation_names
        operation_model = service_model.operation_model(operation) if has_operation else None
        if client is not None:
            problems += missing_credentials(client, operation_model, args.get("profile"))
        if reading.definition is not None:
            binding, found = _check(args, reading, service_model, client, settings, memo)
            problems += [problem for problem in found if problem.severity is Severity.ERROR]
            warnings += [problem for problem in found if problem.severity is Severity.WARNING]
    if binding is None or problems:
        from .misplaced_options import pointed

        raise BadInput(in_order(pointed(problem, args["params"]) for problem in problems))
    return Request(binding, settings, client, tuple(warning.sentence for warning in dict.fromkeys(warnings)))


def _connected(connect: Callable[[str], Any], service: str) -> Checked[Any]:
    """A client for the service; None where the connection options can't be used."""
    try:
        return connect(service), []
    except BadInput as bad:
        return None, list(bad.problems)


def _find(args: Mapping[str, Any], models: Models, service: str | None, memo: Memo) -> Reading:
    """The definition that the task names or holds, the problems seen from the task."""
    waiter, inline = args["waiter"], args["definition"]
    lookup, mistakes = _once(
        memo,
        ("definitions", id(args["definitions"]), service, args["corrections"]),
        lambda: _lookup(args, models, service),
    )
    if waiter is not None and inline is not None:
        found = Reading(None, (Problem("waiter", "can't be given together with definition"),))
    elif inline is not None:
        found = lookup.inline(inline, "definition")
    elif waiter is not None:
        found = lookup.named(waiter)
    else:
        text = "is missing; name a waiter of the service, or write one as definition"
        found = Reading(None, (Problem("waiter", text),))
    return found._replace(problems=(*found.problems, *mistakes))


def _lookup(args: Mapping[str, Any], models: Models, service: str | None) -> Checked[WaiterLookup]:
    """The waiters that the task can name, and what is wrong with the form of those that it defines."""
    lookup = WaiterLookup(models, args["definitions"], "definitions", service, args["corrections"])
    return lookup, lookup.problems()


def _what(args: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two waits ones on the same definition."""
    inline = json.dumps(args["definition"], sort_keys=True, default=repr)
    return args["service"], args["waiter"], inline, id(args["definitions"]), args["corrections"]


def _once(memo: Memo, key: Any, read: Callable[[], Any]) -> Any:
    if key not in memo:
        memo[key] = read()
    return memo[key]


def _check(
    args: Mapping[str, Any], reading: Reading, service_model: Any, client: Any, settings: Settings, memo: Memo
) -> Checked[Binding | None]:
    """Hold the definition and the parameters against the service model."""
    definition = reading.definition or Definition("", ())
    key = (id(reading), id(service_model))
    findings = list(_once(memo, key, lambda: check_reading(reading, service_model)))
    if definition.operation not in service_model.operation_names:
        return None, findings
    operation_model = service_model.operation_model(definition.operation)
    if settings.show is not None:
        findings.extend(check_expression(settings.show, "show", operation_model))
    findings = _weighed(findings, settings.validate)
    definition = on_the_wire(definition, operation_model)
    service, params = service_model.service_name, args["params"]
    binding, problems = bind(service, definition, params, operation_model, settings.show, client)
    problems.extend(_contradictions(settings, definition))
    return binding, [*problems, *findings]


def _contradictions(settings: Settings, definition: Definition) -> Iterator[Problem]:
    """Where the task's settings and the waiter can't go together, or hardly are meant to."""
    attempts = settings.schedule(definition, once=False).max_attempts
    if settings.max_attempts is None and attempts is not None and settings.consecutive > attempts:
        yield Problem("consecutive", f"{settings.consecutive} can't be reached in the waiter's {attempts} attempts")
    for code in definition.error_codes(State.SUCCESS):
        if code in settings.retry_errors:
            yield Problem("retry_errors", f"{code} is a success for this waiter, and now means 'not yet'").as_warning()


def _weighed(findings: list[Problem], validate: Validate) -> list[Problem]:
    """The findings of the definition check with the weight that the task gives them."""
    if validate is Validate.OFF:
        return []
    return [problem.as_warning() for problem in findings] if validate is Validate.WARN else findings
