# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a definition against the service model, so that a typo is found before the first request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..._definition.expression import Expression
from ..._definition.model import Acceptor, Definition, Fragment, Matcher
from ..._definition.problem import Problem, Severity, cite, nearest, quoted
from ..._definition.read import Reading, can_succeed
from ..._definition.shadows import shadowed
from ..._engine.poll_result import ErrorKind
from ..polling import errors
from .codes import declared_codes
from .expression_types import Output
from .value_types import Kind, Type

# Any service may return these; hardly any model declares them. polling/errors.py has the transient ones.
_COMMON = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAction",
        "InvalidClientTokenId",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "InvalidSignatureException",
        "MalformedQueryString",
        "MissingAuthenticationToken",
        "MissingParameter",
        "NotAuthorized",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
        "ValidationError",
        "ValidationException",
    }
)
# The verbs of read operations, which the models don't mark. All operations of built-in waiters have one of them.
_READS = re.compile(
    r"(BatchCheck|BatchDescribe|BatchGet|BatchList|Check|Compare|Count|Describe|Detect|Discover|Estimate|Filter|Get|Has"
    r"|Head|Is|List|Lookup|Preview|Query|Read|Resolve|Retrieve|Scan|Search|Select|Simulate|Test|Validate|Verify|View)"
    r"(?![a-z])"
)


def check_definition(
    definition: Definition, service_model: Any, complete: bool = True, fragments: Sequence[Fragment] = ()
) -> list[Problem]:
    """All mistakes in the definition, each once, with the nearest valid name.

    The reader has already reported what it couldn't read (a missing ``operation``, an expression that doesn't parse);
    ``fragments`` are the readable parts of such acceptors. ``complete``: none of these may lead to success.
    """
    problems: list[Problem] = []
    output = None
    if definition.operation in service_model.operation_names:
        model = service_model.operation_model(definition.operation)
        output = Output(model)
        if not is_read(definition.operation):
            problems.append(changing_operation(definition.operation, definition.operation_at))
    elif definition.operation:
        problems.append(unknown_operation(definition.operation, service_model, definition.operation_at))
    elsewhere = {at for acceptor in definition.acceptors if not acceptor.negated for at in acceptor.expected_at}
    for acceptor in definition.acceptors:
        # the short form's allow-list repeats the values of its other lists, which are checked there
        if acceptor.negated and elsewhere.issuperset(acceptor.expected_at):
            continue
        found = _CHECKS[acceptor.matcher](acceptor, output)
        problems.extend(_of_borrowed(found, acceptor, definition) if acceptor.borrowed else found)
    for fragment in fragments:
        # without a matcher, treat the argument as that of a path matcher
        problems.extend((_CHECKS[fragment.matcher] if fragment.matcher is not None else _check_path)(fragment, output))
    if definition.message is not None and output is not None:
        problems.extend(_mistakes(definition.message, definition.message_at, output))
    known = output.model if output is not None else None
    problems.extend(shadowed(definition.acceptors, lambda code: known is None or _is_transient(code, known), complete))
    if complete and not can_succeed(definition):
        at = f"{definition.at}.acceptors" if definition.at else "acceptors"
        problems.append(Problem(at, "no acceptor leads to success, so the wait could never succeed"))
    return list(dict.fromkeys(problems))


def check_reading(reading: Reading, service_model: Any) -> list[Problem]:
    """``check_definition`` for what could be read."""
    definition = reading.definition or Definition("", ())
    return check_definition(definition, service_model, reading.complete, reading.fragments)


def _of_borrowed(found: Iterable[Problem], acceptor: Acceptor, definition: Definition) -> Iterator[Problem]:
    """The errors in a borrowed acceptor, as warnings, because the user can't fix it. Its warnings are dropped.

    The values of corrected waiters are right: if the model doesn't have one, it is newer than this botocore.
    """
    for problem in found:
        is_newer = definition.corrections and problem.path != acceptor.argument_at
        if problem.severity is Severity.ERROR and not is_newer:
            yield problem.as_warning()


def check_expression(expression: Expression, at: str, operation_model: Any) -> list[Problem]:
    """The mistakes in an expression that is only shown (``show``, ``message``); ``at``: its path."""
    return list(_mistakes(expression, at, Output(operation_model)))


def is_read(operation: str) -> bool:
    """Whether the operation only reads, judged by its name."""
    return _READS.match(operation) is not None


def changing_operation(operation: str, at: str = "operation") -> Problem:
    """The problem that the operation shouldn't be sent repeatedly."""
    return Problem(at, f"{operation} may change something, and a wait sends it repeatedly")


def unknown_operation(operation: str, service_model: Any, at: str = "operation") -> Problem:
    """The problem that the service has no such operation, with the nearest name."""
    if not operation.strip():
        return Problem(at, f"is empty; name an operation of {service_model.service_name}")
    text = f"{service_model.service_name} has no operation {cite(operation)}"
    return Problem(at, text, nearest(operation, service_model.operation_names))


def _mistakes(expression: Expression, at: str, output: Output) -> Iterator[Problem]:
    for mistake in output.ending(expression).mistakes:
        yield Problem(at, f"{quoted(expression.text)}: {mistake.text}", mistake.suggestion)


def _check_path(acceptor: Acceptor | Fragment, output: Output | None) -> Iterator[Problem]:
    expression = acceptor.argument
    if expression is None or output is None:
        return
    if acceptor.with_input:
        output = output.with_input
    yield from _mistakes(expression, acceptor.argument_at, output)
    end = output.ending(expression).type
    if end.kind is Kind.UNKNOWN:
        return
    misfit = _misfit(acceptor.matcher, acceptor.argument_at, expression, end) if acceptor.matcher is not None else None
    if misfit is not None:
        yield misfit
        return
    is_of_items = end.kind is Kind.LIST if acceptor.matcher is None else acceptor.matcher is not Matcher.PATH
    tested = end.item if is_of_items else end
    if tested.kind in _NEVER_EXPECTED:
        yield _not_a_state(acceptor, expression, tested)
        return
    for at, value in _expected(acceptor):
        refusal = tested.refusal(value)
        if refusal is not None:
            yield Problem(at, refusal.text, refusal.suggestion)


_NEVER_EXPECTED = (Kind.LIST, Kind.STRUCTURE, Kind.MAP, Kind.EXPRESSION, Kind.NULL)
"""An expected value is a string, a number or a boolean, and never equals one of these."""


def _misfit(matcher: Matcher, at: str, expression: Expression, end: Type) -> Problem | None:
    """A list for a matcher that needs one value, or vice versa."""
    text = quoted(expression.text)
    if matcher is Matcher.PATH and end.kind is Kind.LIST:
        if expression.is_projection:
            problem = f"{text} returns a list, which never equals one value: use the matcher pathAll or pathAny"
            return Problem(at, problem)
        problem = f"{text} returns a list, which never equals one value: append [] and use pathAll or pathAny"
        return Problem(at, problem, f"{expression.text}[]")
    if matcher is not Matcher.PATH and end.kind is not Kind.LIST:
        wrong = f"{end.kind.value}, not a list, so {matcher.value} never matches"
        return Problem(at, f"{text} returns {wrong}: use the matcher path")
    return None


def _not_a_state(acceptor: Acceptor | Fragment, expression: Expression, tested: Type) -> Problem:
    """The expression ends at a structure; the member of it that has the value is suggested."""
    problem = f"{quoted(expression.text)} ends in {tested.kind.value}, which never equals a value"
    near = _state_in(tested, acceptor.expected) if tested.kind is Kind.STRUCTURE else None
    return Problem(acceptor.argument_at, problem, near and f"{expression.text}.{near}")


def _state_in(structure: Type, expected: tuple[Any, ...]) -> str | None:
    members = [(name, structure.member(name)) for name in structure.names]
    enums = [(name, member.values) for name, member in members if member is not None and member.values]
    fitting = [name for name, values in enums if any(value in values for value in expected)]
    return fitting[0] if fitting else enums[0][0] if len(enums) == 1 else None


def _check_status(acceptor: Acceptor | Fragment, _output: Output | None) -> Iterator[Problem]:
    for at, value in _expected(acceptor):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value not in range(100, 600):
            yield Problem(at, f"must be an HTTP status from 100 to 599, not {cite(value)}")


def _check_error(acceptor: Acceptor | Fragment, output: Output | None) -> Iterator[Problem]:
    for at, value in _expected(acceptor):
        if isinstance(value, bool):
            continue
        if not isinstance(value, str) or not value:
            meant = str(value) if isinstance(value, int) else None
            yield Problem(at, f"must be an error code, true (any error) or false (no error), not {cite(value)}", meant)
        elif output is not None:
            yield from _undeclared(value, at, output.model)


def _undeclared(code: str, at: str, model: Any) -> Iterator[Problem]:
    """A warning if the operation declares errors, but not this one. It may exist, as models omit many."""
    codes = declared_codes(model)
    declared = {*codes, *codes.values()}
    if not declared or code in declared or code in _COMMON or code.isdigit() or _is_transient(code, model):
        return
    text = f"{model.name} declares errors, but none with the code {cite(code)}"
    yield Problem(at, text, nearest(code, sorted(codes.values())), Severity.WARNING)


def _is_transient(code: str, model: Any) -> bool:
    return errors.from_answer({"Error": {"Code": code}}, model).kind is not ErrorKind.REFUSED


def _expected(acceptor: Acceptor | Fragment) -> Iterator[tuple[str, Any]]:
    """Each expected value and its path."""
    return zip(acceptor.expected_at, acceptor.expected, strict=True)


_CHECKS: Mapping[Matcher, Callable[[Acceptor | Fragment, Output | None], Iterator[Problem]]] = {
    Matcher.PATH: _check_path,
    Matcher.PATH_ALL: _check_path,
    Matcher.PATH_ANY: _check_path,
    Matcher.STATUS: _check_status,
    Matcher.ERROR: _check_error,
}
