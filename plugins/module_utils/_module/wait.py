# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module ``wait``: request, engine, outcome, result."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._aws.models import Models
from .._aws.response import plain
from .._definition.problem import BadInput
from .._definition.text import for_people
from .._engine.judge import Missing
from .._engine.outcome import Ending
from .._engine.poll_loop import poll_loop
from .._engine.run_wait import cancel, run_wait
from .connection import connect, make_module
from .options import progress_file, wait_spec
from .request import Request, read_request
from .result import result
from .secrets import sensitive
from .watch import Abandoned, Sign, Watch, file_is_gone, reader_is_gone

if TYPE_CHECKING:
    from .reports import Reports

MOST_TOLD = 50
MOST_WARNINGS = 100
LONGEST_MSG = 100_000
"""Characters of the message of a task, which may be that of many waits."""
FINE = (Ending.SUCCESS.value,)
FINE_IN_CHECK_MODE = tuple(ending.value for ending in Ending if ending is not Ending.CANCELLED)


def main() -> None:
    """Run the module ``wait``."""
    gc.disable()  # start-up makes many objects and little garbage: looking for it was a sixth of the whole
    module = make_module(argument_spec=wait_spec())
    models = Models()
    try:
        outcome, warnings = _wait(module, models)
    except BadInput as bad:
        fail(module, {"msg": sentence(bad), "problems": problems(bad)})
    tell(module, outcome, warnings)


def tell(module: Any, returned: dict[str, Any], warnings: Sequence[str]) -> None:
    """End the module with what came of its wait or waits."""
    warn(module, warnings)
    if returned["outcome"] == Ending.CANCELLED.value and nobody_reads():
        raise SystemExit(1)
    returned = plain(returned)
    if returned["outcome"] in (FINE_IN_CHECK_MODE if module.check_mode else FINE):
        module.exit_json(**readable(returned))
    fail(module, returned)


def warn(module: Any, warnings: Sequence[str]) -> None:
    """Pass on what to warn of, each once."""
    if module.no_log and warnings:
        # ansible-core 2.19 prints warnings whatever the task's no_log says, and the module itself would log them
        warnings = ["there is something to warn of, which is hidden, as the task says no_log"]
    different = list(dict.fromkeys(for_people(warning) for warning in plain(warnings)))
    more = [f"There are {len(different) - MOST_WARNINGS:,} warnings more."] if len(different) > MOST_WARNINGS else []
    for warning in [*different[:MOST_WARNINGS], *more]:
        module.warn(warning)


def fail(module: Any, returned: dict[str, Any]) -> None:
    if module.no_log:
        # ansible-core 2.19 prints the message of a failed task whatever its no_log says
        returned = {**returned, "msg": "the reason is hidden, as the task says no_log"}
    module.fail_json(**readable(returned))


def readable(returned: dict[str, Any]) -> dict[str, Any]:
    """A result with its texts fit for people: nothing leaves a module but through here. Data stay as they are."""
    texts = {name: for_people(returned[name], LONGEST_MSG) for name in ("msg", "reason") if returned.get(name)}
    rows = {name: [readable(row) for row in returned[name]] for name in ("results", "resources") if returned.get(name)}
    if returned.get("problems"):
        rows["problems"] = [
            {name: for_people(text) if isinstance(text, str) else text for name, text in row.items()}
            for row in returned["problems"]
        ]
    return {**returned, **texts, **rows}


def _wait(module: Any, models: Models) -> tuple[dict[str, Any], list[str]]:
    request, reports = _read(module, models)
    hide_sensitive(module, request)
    binding, settings = request.binding, request.settings
    schedule = settings.schedule(binding.definition, once=module.check_mode)
    judge = binding.judge(settings.missing, settings.retry_errors)
    operation = binding.operation(
        models,
        lambda: connect(module, binding.service),
        request.client,
        split_by_id=settings.missing is not Missing.IGNORE,
    )
    gc.freeze()  # what is loaded stays, and no later collection looks at it again
    gc.enable()
    formatter = reports.formatter(request, schedule) if reports is not None else None
    listeners = [formatter] if formatter is not None else []
    wait = poll_loop(judge, schedule, time.monotonic)
    with Watch(signs(module)) as watch:
        try:
            outcome = run_wait(wait, watch.polls(operation.poll), watch.sleep, listeners)
        except Abandoned:
            outcome = cancel(wait, listeners)
    returned, warnings = result(request, schedule, outcome, operation.calls)
    return returned, [*warnings, *(reports.close() if reports is not None else [])]


def _read(module: Any, models: Models) -> tuple[Request, Reports | None]:
    """The request, and who is told of what becomes of it, if anybody: who isn't told of anything costs nothing."""
    try:
        request = read_request(module.params, models, lambda service: connect(module, service))
    except BadInput as bad:
        if not module.params["event_log"]:
            raise
        from .event_log import event_log_problems

        raise BadInput([*bad.problems, *event_log_problems(module.params["event_log"])]) from None
    if not (module.params["event_log"] or progress_file(module)):
        return request, None
    from .reports import Reports

    return request, Reports(module)


def hide_sensitive(module: Any, *requests: Request) -> None:
    """Have Ansible mask what the service model marks as sensitive in the parameters, as it masks the credentials."""
    for binding in (request.binding for request in requests):
        module.no_log_values.update(sensitive(binding.params, binding.operation_model.input_shape))
    module.log_invocation()


def signs(module: Any) -> list[Sign]:
    """By what a killed task is known."""
    path = module.params["_progress"]
    return [sign for sign in (file_is_gone(path) if path else None, reader_is_gone()) if sign is not None]


def nobody_reads() -> bool:
    gone = reader_is_gone()
    return gone is not None and gone()


def sentence(bad: BadInput) -> str:
    """What is wrong, as the task's message."""
    found = [problem.sentence for problem in bad.problems]
    if len(found) == 1:
        return f"{found[0]} (nothing was sent to AWS)"
    more = [f"and {len(found) - MOST_TOLD} more, see problems"] if len(found) > MOST_TOLD else []
    return f"{len(found)} problems, nothing was sent to AWS: {'; '.join([*found[:MOST_TOLD], *more])}"


def problems(bad: BadInput) -> list[dict[str, Any]]:
    """The problems as data, one row each."""
    return [
        {
            "severity": problem.severity.value,
            "path": problem.path,
            "problem": problem.problem,
            "suggestion": problem.suggestion,
        }
        for problem in bad.problems
    ]
