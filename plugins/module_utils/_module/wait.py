# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module ``wait``: request, engine, outcome, result."""

from __future__ import annotations

import gc
import time
from typing import Any

from .._aws.models import Models
from .._definition.problem import BadInput
from .._engine.drive import drive
from .._engine.judge import Judge, Missing
from .._engine.outcome import Ending
from .._engine.waiting import waiting
from .connection import connect, make_module
from .options import wait_spec
from .request import read_request
from .result import result

FINE = (Ending.SUCCESS.value,)
FINE_IN_CHECK_MODE = tuple(ending.value for ending in Ending)


def main() -> None:
    """Run the module ``wait``."""
    gc.disable()  # start-up makes many objects and little garbage: looking for it was a sixth of the whole
    module = make_module(argument_spec=wait_spec())
    models = Models()
    try:
        outcome, warnings = _wait(module, models)
    except BadInput as bad:
        _fail(module, {"msg": sentence(bad), "problems": problems(bad)})
    for warning in warnings:
        module.warn(warning)
    if outcome["outcome"] in (FINE_IN_CHECK_MODE if module.check_mode else FINE):
        module.exit_json(**outcome)
    _fail(module, outcome)


def _fail(module: Any, returned: dict[str, Any]) -> None:
    if module.no_log:
        # ansible-core 2.19 prints the message of a failed task whatever its no_log says
        returned = {**returned, "msg": "the reason is hidden, as the task says no_log"}
    module.fail_json(**returned)


def _wait(module: Any, models: Models) -> tuple[dict[str, Any], list[str]]:
    request = read_request(module.params, models, lambda service: connect(module, service))
    binding, settings = request.binding, request.settings
    schedule = settings.schedule(binding.definition, once=module.check_mode)
    judge = Judge(
        binding.definition,
        binding.identity,
        settings.missing,
        settings.retry_errors,
        binding.show,
        binding.reasons,
        binding.json_safe if binding.holds_secrets else None,
    )
    operation = binding.operation(
        models,
        lambda: connect(module, binding.service),
        request.client,
        tells_apart=settings.missing is not Missing.IGNORE,
    )
    gc.freeze()  # what is loaded stays, and no later collection looks at it again
    gc.enable()
    outcome = drive(waiting(judge, schedule, time.monotonic), operation.poll, time.sleep)
    return result(request, schedule, outcome, operation.calls)


def sentence(bad: BadInput) -> str:
    """What is wrong, as the task's message."""
    found = [problem.sentence for problem in bad.problems]
    if len(found) == 1:
        return f"{found[0]} (nothing was sent to AWS)"
    return f"{len(found)} problems, nothing was sent to AWS: {'; '.join(found)}"


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
