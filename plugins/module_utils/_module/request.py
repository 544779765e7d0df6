# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From task arguments to a request. Everything is read and checked, and all problems are reported together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
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

MOST_OF_UNUSED = 5


class Request(NamedTuple):
    """One wait, ready to start, with the warnings for the user."""

    binding: Binding
    settings: Settings
    client: Any
    warnings: tuple[str, ...]

    def prepare(self, models: Models, renew: Callable[[], Any], once: bool = False) -> PreparedWait:
        """Prepare the wait to run. ``renew`` makes a new client; ``once``: poll once and never sleep."""
        binding, settings = self.binding, self.settings
        schedule = settings.schedule(binding.definition, once)
        judge = judge_of(binding, settings.missing, settings.retry_errors)
        return PreparedWait(binding, schedule, judge, models, self.client, renew)


Connect = Callable[[str, str], Any]
"""Makes a client for a service; it may lack operations other than the second argument, which may be unknown."""

Memo = dict[Any, Any]
"""What has already been read and checked, for waits that share a definition."""


def read_request(args: Mapping[str, Any], models: Models, connect: Connect, memo: Memo | None = None) -> Request:
    """Read the arguments of one wait; BadInput with every problem found. Sends nothing to AWS.

    ``connect`` raises BadInput if there can be no client.
    """
    memo = {} if memo is None else memo
    service = args["service"]
    settings, problems = read_settings(args)
    unknown = models.service_problems(service)
    # for an unknown service, only the form of the definitions can be checked
    reading = _once(memo, _what(args), lambda: _find(args, models, None if unknown else service, memo))
    problems += unknown
    warnings: list[Problem] = []
    for problem in reading.problems:
        (warnings if problem.severity is Severity.WARNING else problems).append(problem)
    client = binding = None
    if not unknown:
        operation = reading.definition.operation if reading.definition is not None else ""
        client, found = _connected(connect, service, operation)
        problems += found
        if client is not None:  # it has the model already; without a client, the rest is still checked
            service_model = client.meta.service_model
        else:
            service_model = _once(memo, ("model", service), lambda: models.service_model(service))
        has_operation = operation in service_model.operation_names
        operation_model = service_model.operation_model(operation) if has_operation else None
        if client is not None:
            problems += missing_credentials(client, operation_model, args.get("profile"))
        if reading.definition is not None:
            binding, found = _check(args, reading, models, service_model, client, settings, memo)
            problems += [problem for problem in found if problem.severity is Severity.ERROR]
            warnings += [problem for problem in found if problem.severity is Severity.WARNING]
    if binding is None or problems:
        from .misplaced_options import reworded

        raise BadInput(in_order(reworded(problem, args["params"]) for problem in problems))
    return Request(binding, settings, client, tuple(warning.sentence for warning in dict.fromkeys(warnings)))


def _connected(connect: Connect, service: str, operation: str) -> Checked[Any]:
    """A client for the service; None if the connection options are invalid."""
    try:
        return connect(service, operation), []
    except BadInput as bad:
        return None, list(bad.problems)


def _find(args: Mapping[str, Any], models: Models, service: str | None, memo: Memo) -> Reading:
    """The definition that the task names or contains; the paths of its problems start at the task."""
    waiter, inline = args["waiter"], args["definition"]
    lookup, of_entries = _once(
        memo,
        ("definitions", id(args["definitions"]), service, args["corrections"]),
        lambda: _lookup(args, models, service),
    )
    if waiter is not None and inline is not None:
        found = Reading(None, (Problem("waiter", "can't be used together with definition"),))
    elif inline is not None:
        found = lookup.inline(inline, "definition")
    elif waiter is not None:
        found = lookup.named(waiter)
    else:
        text = "is missing; name a waiter of the service, or write your own as definition"
        found = Reading(None, (Problem("waiter", text),))
    if found.definition is not None:  # else any of them may be meant
        of_entries = _of_unused(problem for problem in of_entries if problem not in found.problems)
    return found._replace(problems=(*found.problems, *lookup.own.problems, *of_entries))


def _lookup(args: Mapping[str, Any], models: Models, service: str | None) -> Checked[WaiterLookup]:
    """The waiters that the task can name, and the problems in the form of those that it defines."""
    lookup = WaiterLookup(models, args["definitions"], "definitions", service, args["corrections"])
    return lookup, lookup.problems_of_entries()


def _of_unused(problems: Iterable[Problem]) -> list[Problem]:
    """One warning about the definitions that the wait doesn't use."""
    found = [problem.sentence for problem in problems]
    if not found:
        return []
    count = "a problem" if len(found) == 1 else f"{len(found)} problems"
    more = [f"and {len(found) - MOST_OF_UNUSED} more"] if len(found) > MOST_OF_UNUSED else []
    told = "; ".join([*found[:MOST_OF_UNUSED], *more])
    return [Problem("definitions", f"{count} in entries that aren't used here: {told}").as_warning()]


def _what(args: Mapping[str, Any]) -> tuple[Any, ...]:
    """The key that is equal for waits on the same definition."""
    inline = json.dumps(args["definition"], sort_keys=True, default=repr)
    return args["service"], args["waiter"], inline, id(args["definitions"]), args["corrections"]


def _once(memo: Memo, key: Any, read: Callable[[], Any]) -> Any:
    if key not in memo:
        memo[key] = read()
    return memo[key]


def _check(
    args: Mapping[str, Any],
    reading: Reading,
    models: Models,
    service_model: Any,
    client: Any,
    settings: Settings,
    memo: Memo,
) -> Checked[Binding | None]:
    """Check the definition and the parameters against the service model."""
    definition = reading.definition or Definition("", ())
    key = (id(reading), id(service_model))
    findings = list(_once(memo, key, lambda: check_reading(reading, service_model)))
    if definition.operation not in service_model.operation_names:
        return None, findings
    operation_model = service_model.operation_model(definition.operation)
    if settings.show is not None:
        findings.extend(check_expression(settings.show, "show", operation_model))
    if definition.diagnosis:
        from .._aws.validation.diagnosis_check import check_diagnosis

        findings.extend(check_diagnosis(definition.diagnosis, operation_model, models))
    findings = _with_severity(findings, settings.validate)
    definition = on_the_wire(definition, operation_model)
    service, params = service_model.service_name, args["params"]
    binding, problems = bind(service, definition, params, operation_model, settings.show, client)
    problems.extend(_contradictions(settings, definition))
    return binding, [*problems, *findings]


def _contradictions(settings: Settings, definition: Definition) -> Iterator[Problem]:
    """Settings that contradict the waiter, or probably do so by mistake."""
    schedule = settings.schedule(definition, once=False)
    attempts, consecutive = schedule.max_attempts, schedule.consecutive
    if attempts is not None and 1 <= attempts < consecutive:
        if settings.consecutive is None:
            text = f"{attempts} can't reach the {consecutive} successes in a row that the waiter requires"
            yield Problem("max_attempts", text)
        elif settings.max_attempts is None:  # if both are the task's, read_settings reports it
            yield Problem("consecutive", f"{consecutive} can't be reached within the waiter's {attempts} attempts")
    for code in definition.error_codes(State.SUCCESS):
        if code in settings.retry_errors:
            yield Problem("retry_errors", f"{code} means success for this waiter, but now means 'not yet'").as_warning()


def _with_severity(findings: list[Problem], validate: Validate) -> list[Problem]:
    """The findings of the definition check, treated as ``validate`` says."""
    if validate is Validate.OFF:
        return []
    return [problem.as_warning() for problem in findings] if validate is Validate.WARN else findings
