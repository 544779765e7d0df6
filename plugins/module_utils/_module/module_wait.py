# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of ``wait_for_module``: a wait whose polls are runs of an Ansible module. It needs no botocore."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._aws.binding import Binding
from .._aws.display_expressions import reasons_of, show_of
from .._aws.response import plain
from .._definition.expression import Expression
from .._definition.model import Acceptor, Definition, Fragment, Matcher, State
from .._definition.problem import BadInput, Checked, Problem, in_order, nearest
from .._definition.read import Layer, Reading, can_succeed, read_layers
from .._definition.text import for_people
from .._engine.events import Event
from .._engine.judge import Judge
from .._engine.outcome import Ending
from .._engine.poll_loop import poll_loop
from .._engine.poll_result import ErrorKind, PollResult, ServiceError
from .._engine.run_wait import run_wait
from .._engine.schedule import Schedule
from .argument_check import checked
from .event_formatter import EventFormatter
from .event_log import EventLog, event_log_problems, open_event_log
from .exit import FINE, FINE_IN_CHECK_MODE, problem_rows, readable, sentence
from .options import Settings, read_settings, wait_spec
from .request import Request
from .result import result

UNSENT = "the module didn't run"
NO_ACTION_PLUGIN = (
    "wait_for_module needs its action plugin, which runs the module; call it as cloudwait.aws.wait_for_module"
)
UNREACHABLE = "Unreachable"
INVALID_ARGS = "InvalidArguments"
_SHARED = (
    "definition",
    "delay",
    "max_attempts",
    "timeout",
    "initial_delay",
    "backoff",
    "max_delay",
    "consecutive",
    "show",
    "progress",
    "event_log",
    "return_response",
)
"""The options of ``wait`` that aren't AWS's."""
_NOT_HERE = {
    "operation": "module says what is polled",
    "extends": "there are no waiters to extend here",
    "settle": "use initial_delay and consecutive",
    "diagnose": "it is only for API operations",
}
"""Keys of a definition that mean nothing for a module, and why."""
_SHOW = "skipped && 'skipped' || failed && 'failed' || 'ok'"
_REASON = "(skipped || failed) && [msg, module_stderr || stderr][?@]"
# what AnsibleModule says of arguments that no later run will accept
_REJECTED = re.compile(r"Unsupported parameters for \(|missing required arguments: ")
_OF_PYTHON = re.compile(r": <class .*")
"""The end of Ansible's message about a value of the wrong type, which names Python's types."""
_RESULT_KEYS = (
    "changed",
    "outcome",
    "msg",
    "attempts",
    "elapsed",
    "delay",
    "max_attempts",
    "timeout",
    "observed",
    "timeline",
    "matched",
    "error",
    "transient",
    "response",
)


class Runner(NamedTuple):
    """What the action plugin provides.

    ``run`` runs the module once: its result, or ServiceError if the connection broke. ``show`` is told the lines of the
    event log, for the screen.
    """

    run: Callable[[], Mapping[str, Any] | ServiceError]
    sleep: Callable[[float], None]
    show: Callable[[bytes], None]
    host: str
    check_mode: bool = False
    no_log: bool = False
    clock: Callable[[], float] = time.monotonic


def _succeeded() -> Acceptor:
    """The module's success is the wait's."""
    return Acceptor(State.SUCCESS, Matcher.PATH, (False,), Expression("failed"))


def _skipped() -> Acceptor:
    """What was skipped says nothing."""
    return Acceptor(State.RETRY, Matcher.PATH, (True,), Expression("skipped"))


def module_wait_spec() -> dict[str, dict[str, Any]]:
    """The argument specification."""
    every = wait_spec()
    return {
        "module": {"type": "str", "required": True},
        "args": {"type": "dict", "default": {}},
        "success_when_ok": {"type": "bool", "default": True},
        **{name: every[name] for name in _SHARED},
    }


def read_module_wait(given: Mapping[str, Any], problem_of: Callable[[str], str | None]) -> tuple[Request, Any]:
    """The wait and its options; BadInput with every problem. ``problem_of``: why the module can't be run, if so."""
    problems = list(_unknown(given))
    spec = module_wait_spec()
    names = _names(spec)
    fitting, mistakes = checked({name: given[name] for name in given if name in names}, spec)
    validated = ArgumentSpecValidator(spec).validate(fitting)
    problems += [*mistakes, *(Problem("", _OF_PYTHON.sub("", message)) for message in validated.error_messages)]
    options = validated.validated_parameters
    module = options.get("module")
    if isinstance(module, str) and (text := problem_of(module)):
        problems.append(Problem("module", text))
    raw, fallback = options.get("definition"), options.get("success_when_ok") is not False
    definition, found = _definition(str(module), raw if isinstance(raw, Mapping) else None, fallback)
    problems += found
    settings: Settings | None = None
    if not validated.error_messages:
        rest = {name: option.get("default") for name, option in wait_spec().items()}
        settings, found = read_settings({**rest, **options})
        problems += [*found, *_contradictions(settings, definition)]
        if options["event_log"]:
            problems += event_log_problems(options["event_log"])
    if problems or settings is None:
        raise BadInput(in_order(problems))
    return Request(_bind(str(module), options["args"], definition, settings.show), settings, None, ()), options


def run_module_wait(request: Request, options: Mapping[str, Any], runner: Runner) -> dict[str, Any]:
    """Run the wait and return the task's result."""
    try:
        log = open_event_log(options["event_log"]) if options["event_log"] and not runner.check_mode else None
    except BadInput as bad:
        return rejected(bad)
    binding, schedule = request.binding, request.settings.schedule(request.binding.definition, runner.check_mode)
    judge = Judge(binding.definition, show=binding.show, reasons=binding.reasons, request=binding.given)
    loop = poll_loop(judge, schedule, runner.clock)
    listeners = list(_listeners(request, schedule, log, runner))
    outcome = run_wait(loop, lambda _budget: poll_result(runner.run()), runner.sleep, listeners)
    made, warnings = result(request, schedule, outcome, 0)
    if log is not None:
        log.close()
        warnings += [log.warning] if log.warning else []
    returned = {**{key: made[key] for key in _RESULT_KEYS}, "module": binding.definition.operation}
    if returned["outcome"] not in (FINE_IN_CHECK_MODE if runner.check_mode else FINE):
        returned["failed"] = True
        if runner.no_log:
            # ansible-core 2.19 prints the message of a failed task regardless of no_log
            returned["msg"] = "the reason is hidden because the task sets no_log"
    if warnings and not runner.no_log:
        returned["warnings"] = [for_people(warning) for warning in dict.fromkeys(plain(warnings))]
    return readable(plain(returned))


def rejected(bad: BadInput) -> dict[str, Any]:
    """The result of a task whose input is invalid."""
    made = {"outcome": Ending.ERROR.value, "msg": sentence(bad, UNSENT), "problems": problem_rows(bad)}
    return {"failed": True, **readable(made)}


def poll_result(found: Mapping[str, Any] | ServiceError) -> PollResult:
    """A module's result as a response. ``failed`` is always a member.

    A broken connection is a transient error; arguments that the module rejects will never be accepted.
    """
    if isinstance(found, ServiceError):
        return PollResult(error=found)
    message = str(found.get("msg", ""))
    if found.get("unreachable") is True:
        return PollResult(error=unreachable(message))
    if found.get("failed") is True and _REJECTED.match(message):
        return PollResult(error=ServiceError(INVALID_ARGS, message))
    failed = found["failed"] is True if "failed" in found else found.get("rc", 0) not in (0, None)
    return PollResult({**found, "failed": failed})


def unreachable(message: str) -> ServiceError:
    """The error of a poll whose connection couldn't be made or broke."""
    return ServiceError(UNREACHABLE, message, ErrorKind.CONNECTION)


def _names(spec: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {*spec, *(alias for option in spec.values() for alias in option.get("aliases", ()))}


def _unknown(given: Mapping[str, Any]) -> Iterator[Problem]:
    names = _names(module_wait_spec())
    for name in given:
        if name not in names:
            near = nearest(str(name), names)
            hint = "" if near else "; options of the module belong in args"
            yield Problem(str(name), f"is not an option of wait_for_module{hint}", near)


def _definition(module: str, raw: Mapping[Any, Any] | None, fallback: bool) -> Checked[Definition]:
    """The definition of the task, or the default. ``fallback``: the module's success is the wait's."""
    own = {key: value for key, value in (raw or {}).items() if key not in _NOT_HERE}
    problems = [
        Problem(f"definition.{key}", f"can't be used here; {_NOT_HERE[key]}") for key in raw or {} if key in _NOT_HERE
    ]
    base: dict[str, Any] = {"operation": module}
    if fallback:
        base["acceptors"] = [_succeeded().as_data()]
    elif not own:
        problems.append(Problem("definition", "is missing; without success_when_ok it must say what success is"))
    reading = read_layers([Layer(own, "definition"), Layer(base)] if own else [Layer(base)])
    problems += reading.problems if own else ()
    definition = reading.definition or Definition(module, ())
    problems += _matcher_problems(reading)
    users = definition.acceptors[: -1 if fallback else None]
    accepted = users if any(acceptor.state is State.SUCCESS for acceptor in users) else definition.acceptors
    definition = replace(definition, acceptors=(_skipped(), *accepted))
    if not can_succeed(definition) and not problems:
        text = "can never succeed; it needs success, or set success_when_ok to true"
        problems.append(Problem("definition", text))
    return definition, problems


def _matcher_problems(reading: Reading) -> Iterator[Problem]:
    """The acceptors that compare what only the response to an API request has."""
    parts: list[Acceptor | Fragment] = [
        *(reading.definition.acceptors if reading.definition else ()),
        *reading.fragments,
    ]
    for part in parts:
        if part.matcher in (Matcher.STATUS, Matcher.ERROR):
            at = re.sub(r"\[\d+\]$", "", (*part.expected_at, "definition")[0])
            text = f"a module's result has no {part.matcher.value}; compare failed, rc or msg with the matcher path"
            yield Problem(at, text)


def _contradictions(settings: Settings, definition: Definition) -> Iterator[Problem]:
    schedule = settings.schedule(definition, once=False)
    if schedule.max_attempts is not None and 1 <= schedule.max_attempts < schedule.consecutive:
        at = "consecutive" if settings.max_attempts is None else "max_attempts"
        if settings.consecutive is None or settings.max_attempts is None:
            yield Problem(
                at, f"{schedule.consecutive} in a row can't be reached within {schedule.max_attempts} attempts"
            )


def _bind(module: str, args: Mapping[str, Any], definition: Definition, show: Expression | None) -> Binding:
    own = [acceptor for acceptor in definition.acceptors if acceptor not in (_skipped(), _succeeded())]
    seen = show or show_of(replace(definition, acceptors=tuple(own)), "") or Expression(_SHOW)
    reasons = reasons_of(definition, "", None) or [Expression(_REASON)]
    speaker = module.rpartition(".")[2]
    return Binding("", definition, args, args, None, None, None, seen, reasons, None, speaker)


def _listeners(
    request: Request, schedule: Schedule, log: EventLog | None, runner: Runner
) -> Iterator[Callable[[Event], None]]:
    if log is not None:
        yield EventFormatter(request, schedule, runner.host, [log.write], runner.no_log)
    yield EventFormatter(request, schedule, runner.host, [runner.show])
