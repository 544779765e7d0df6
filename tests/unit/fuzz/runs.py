# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a wait on given responses, and checks its result, its message and its event log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.support.fake_client import FakeClient, Script, Step
from tests.unit.plugins.module_utils._engine.botocore_waiters import TolerantConfig
from tests.unit.plugins.module_utils._engine.fakes import Clock, full
from tests.unit.plugins.module_utils._module.waits import MODELS, args

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import Binding, bind
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.id_params import id_params
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Source
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Severity
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Ending, Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult, ServiceError
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import Identity
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.verdict import Verdict
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_formatter import LONGEST_LINE, EventFormatter
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import read_settings
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import Request
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import result

Raw = Mapping[str, Any]

MOST_REQUESTS = 5000
"""More than any of these waits needs: up to a thousand pages, and retries for minutes."""


class Endless(BaseException):
    """A wait sent more requests than it needs. A BaseException, because request errors are retried."""


class Bounded(Script):
    """A script with a limited number of responses."""

    def __init__(self, steps: Iterable[Step]) -> None:
        super().__init__(steps)
        self._count = 0

    def __call__(self, operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        self._count += 1
        if self._count > MOST_REQUESTS:
            raise Endless
        return super().__call__(operation, params)


@dataclass(frozen=True)
class Run:
    """A wait that has ended: its request, how it ended, what the task returns, and the lines of its event log."""

    request: Request
    schedule: Schedule
    outcome: Outcome
    returned: dict[str, Any]
    warnings: list[str]
    lines: list[bytes]

    @property
    def succeeded(self) -> bool:
        return self.outcome.ending is Ending.SUCCESS


def request_for(binding: Binding, **given: Any) -> Request:
    """A wait that starts with the binding, and the other options as given."""
    settings, problems = read_settings(args(**given))
    assert not problems
    return Request(binding, settings, None, ())


def run(request: Request, script: Sequence[Step], client: Any = None, check_mode: bool = False) -> Run:
    """Run the wait against a script, or a client with its own responses, and check how it ended."""
    clock = Clock()
    client = client or FakeClient(request.binding.operation_model.service_model, Bounded(script))
    wait = request._replace(client=client).prepare(MODELS, lambda: client, check_mode)
    schedule, operation = wait.schedule, wait.operation()
    lines: list[bytes] = []
    formatter = EventFormatter(request, schedule, "web1", [lines.append])
    outcome = run_wait(wait.loop(clock, full), lambda _budget: operation.poll(), clock.sleep, [formatter])
    returned, warnings = result(request, schedule, outcome, operation.calls)
    done = Run(request, schedule, outcome, returned, warnings, lines)
    _require_sound(done)
    if isinstance(client, FakeClient):
        assert returned["calls"] == len(client.asked)
    return done


def _require_sound(done: Run) -> None:
    """What is true for every wait, however it ended."""
    outcome, returned = done.outcome, done.returned
    json.dumps(returned, allow_nan=False)
    assert len(returned["msg"].splitlines()) == 1, returned["msg"]
    assert "Traceback" not in returned["msg"]
    assert all(isinstance(warning, str) for warning in done.warnings)
    if outcome.ending in (Ending.FAILURE, Ending.ERROR):
        assert done.schedule.max_attempts is None or outcome.attempts <= done.schedule.max_attempts
    events = []
    for line in done.lines:
        assert len(line) <= LONGEST_LINE
        text = line.decode("utf-8")
        assert text.splitlines() == [text[:-1]]
        events.append(json.loads(text))
    told = [event["event"] for event in events]
    assert told[-1] == "ended"
    assert told.count("ended") == 1
    assert told.count("after_attempt") == outcome.attempts
    assert told.count("faulted") == sum(outcome.transient.values())
    assert told.count("before_attempt") == outcome.attempts + sum(outcome.transient.values())


# --- the start of a wait -----------------------------------------------------------------------------------------


def builtin(service: str, name: str, ids: int = 1) -> Binding:
    """A built-in waiter as botocore ships it, with the parameters that it requires, and so many ids where it lists."""
    raw = MODELS.waiters(service)[name]
    operation_model = MODELS.service_model(service).operation_model(raw["operation"])
    definition = read_definition(raw, name, Source.BUILTIN).definition
    assert definition is not None
    shape = operation_model.input_shape
    params = {} if shape is None else {member: value(shape.members[member], 1) for member in shape.required_members}
    # one list of ids at a time: EC2 has several for some operations, ELB one beside another
    for id_param in id_params(service, operation_model)[:1]:
        params[id_param.name] = [value(shape.members[id_param.name].member, number) for number in range(1, ids + 1)]
    binding, problems = bind(service, definition, params, operation_model, None)
    assert all(problem.severity is Severity.WARNING for problem in problems), problems  # it may name no resource
    return binding


def value(shape: Any, number: int) -> Any:
    """A possible value of a parameter with the shape."""
    if shape.type_name == "structure":
        names = shape.required_members or list(shape.members)[:1]
        return {name: value(shape.members[name], number) for name in names}
    if shape.type_name == "list":
        return [value(shape.member, number)]
    if shape.type_name == "map":
        return {"key": value(shape.value, number)}
    plain = {"boolean": True, "blob": b"bytes", "timestamp": "2026-11-21T00:00:00Z"}
    if shape.type_name in plain:
        return plain[shape.type_name]
    if shape.type_name != "string":
        return number
    return f"thing-number-{number}".ljust(shape.metadata.get("min", 0), "x")


# --- botocore's verdict on the same response -----------------------------------------------------------------------


@cache
def _acceptors(service: str, name: str) -> list[Any]:
    acceptors: list[Any] = TolerantConfig(MODELS.waiters(service)[name]).acceptors
    return acceptors


def acceptors_of(binding: Binding) -> list[Any]:
    """botocore's own acceptors for a built-in; an expression that fails on a response doesn't match."""
    assert binding.definition.name is not None
    return _acceptors(binding.service, binding.definition.name)


def theirs(acceptors: Sequence[Any], response: Mapping[str, Any]) -> Any:
    """The first of botocore's acceptors that matches, or None."""
    return next((acceptor for acceptor in acceptors if acceptor.matcher_func(response)), None)


def as_theirs(answer: PollResult, response: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A response, or a part of it, as botocore's waiters get it."""
    metadata = {"HTTPStatusCode": answer.status}
    if answer.error is not None:
        return _error_as_theirs(answer.error)
    members = dict(answer.response if response is None else response)
    # a member that happens to be called so makes no error of it
    members.pop("Error", None)
    return {**members, "ResponseMetadata": metadata}


def _error_as_theirs(error: ServiceError) -> dict[str, Any]:
    return {"Error": {"Code": error.code}, "ResponseMetadata": {"HTTPStatusCode": error.status}}


def awaits_absence(acceptors: Sequence[Any]) -> bool:
    """Whether a waiter waits for absence: its success is an error, or a count of zero."""
    return any(
        acceptor.state == "success"
        and (
            (acceptor.matcher == "error" and acceptor.expected is not False)
            or (acceptor.matcher == "path" and acceptor.expected is True and "== `0`" in acceptor.argument)
        )
        for acceptor in acceptors
    )


def warned(verdict: Verdict) -> bool:
    """Whether there is a warning that no requested id was found, so that the response was judged as a whole."""
    return any("judged as a whole" in note for note in verdict.notes)


def require_deserved(binding: Binding, answer: PollResult, as_a_whole: bool) -> None:
    """A success that botocore's matchers give too: on the whole answer, or on each requested resource's part of it.

    One resource, or an answer that can't be told apart (``as_a_whole``): on the whole. Several: each that is there is a
    success by its own part, with no failure before that, or one ``pathAny`` success speaks for all; each that isn't
    there is awaited to be gone.
    """
    acceptors, identity = acceptors_of(binding), binding.identity
    first = theirs(acceptors, as_theirs(answer))
    if identity is None or identity.lone or as_a_whole or answer.error is not None:
        assert first is not None, "none of botocore's acceptors matches"
        assert first.state == "success"
        return
    if first is not None and first.state == "success" and first.matcher == "pathAny":
        return
    for resource, part, present in identity.split(answer.response).by_resource:
        refused = answer.refused.get(resource.label)
        if refused is not None:
            found = theirs(acceptors, _error_as_theirs(refused))
            assert found is not None, resource
            assert found.state == "success", resource
        elif present:
            require_echo(identity, resource.given, answer.response)
            require_deserved_by_part(acceptors, answer, part)
        else:
            assert awaits_absence(acceptors), resource


def require_deserved_by_part(acceptors: Sequence[Any], answer: PollResult, part: Mapping[str, Any]) -> None:
    """A success acceptor matches the part, or (one that counts) the whole; no failure before it matches the part."""
    whole, own = as_theirs(answer), as_theirs(answer, part)
    for acceptor in acceptors:
        if acceptor.state == "success" and (acceptor.matcher_func(own) or acceptor.matcher_func(whole)):
            return
        assert not (acceptor.state == "failure" and acceptor.matcher_func(own)), acceptor.explanation
    raise AssertionError("none of botocore's acceptors matches")


def require_echo(identity: Identity, given: Any, response: Mapping[str, Any]) -> None:
    """A resource that counts as present is at least named in the response."""
    names = list(given.values()) if isinstance(given, Mapping) else [given]
    said = repr(response).casefold() if identity.folds_case else repr(response)
    for name in map(str, names):
        tail = name.rpartition("/")[2].rpartition(":")[2]
        assert (tail.casefold() if identity.folds_case else tail) in said, given
