# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an outcome to the task's result: the keys of DESIGN section 2.1."""

from __future__ import annotations

import json
from typing import Any

from .._aws.response import plain
from .._aws.waiters import snake_case
from .._engine.answer import ErrorKind, ServiceError
from .._engine.judge import ResourceVerdict, Ruling
from .._engine.outcome import Ending, Outcome
from .._engine.schedule import Schedule
from .messages import message
from .request import Request

LARGEST_RESPONSE = 1_000_000
FORBIDDEN = 403


def result(request: Request, schedule: Schedule, outcome: Outcome, calls: int) -> tuple[dict[str, Any], list[str]]:
    """The result of a wait, and what to warn of."""
    warnings = [*request.warnings, *outcome.notes]
    binding, verdict = request.binding, outcome.verdict
    definition = binding.definition
    response = None
    if outcome.answer is not None and request.settings.return_response:
        response = binding.json_safe(outcome.answer.whole)
    if response is not None and len(json.dumps(response)) > LARGEST_RESPONSE:
        response = None
        warnings.append("The response is larger than 1 MB and is left out of the result.")
    if outcome.ending is Ending.SUCCESS and outcome.answer is not None and outcome.answer.status == FORBIDDEN:
        warnings.append(
            f"The waiter takes HTTP status {FORBIDDEN} for success. Wrong credentials are answered so, too."
        )
    acceptor = verdict.acceptor if verdict else None
    ended_by_error = verdict.error if verdict and outcome.ending is not Ending.SUCCESS else None
    return {
        "changed": False,
        "outcome": outcome.ending.value,
        "msg": message(request, schedule, outcome),
        "service": binding.service,
        "waiter": snake_case(definition.name) if definition.name else None,
        "operation": definition.operation,
        "source": definition.source.value,
        "attempts": outcome.attempts,
        "calls": calls,
        "elapsed": round(outcome.elapsed, 3),
        "delay": schedule.delay,
        "max_attempts": schedule.max_attempts,
        "timeout": schedule.timeout,
        "observed": plain(verdict.observed) if verdict else None,
        "resources": [_resource(entry, outcome.ending) for entry in verdict.resources] if verdict else [],
        "timeline": [
            {"elapsed": round(seen.elapsed, 3), "attempt": seen.attempt, "observed": plain(seen.observed)}
            for seen in outcome.timeline
        ],
        "matched": acceptor
        and {
            "state": acceptor.state.value,
            "matcher": acceptor.matcher.value,
            "argument": acceptor.argument.text if acceptor.argument else None,
            "expected": plain(acceptor.wire_expected),
            **({"negated": True} if acceptor.negated else {}),
        },
        "error": _error(ended_by_error or outcome.fault),
        "transient": {
            kind.value: outcome.transient.get(kind, 0)
            for kind in (ErrorKind.THROTTLED, ErrorKind.SERVER, ErrorKind.CONNECTION)
        },
        "response": response,
    }, warnings


def _resource(entry: ResourceVerdict, ending: Ending) -> dict[str, Any]:
    """One resource's end: its own success or failure, else how the wait as a whole ended for it."""
    if entry.ruling in (Ruling.SUCCESS, Ruling.FAILURE):
        outcome = entry.ruling.value
    else:
        outcome = ending.value if ending in (Ending.TIMEOUT, Ending.ERROR, Ending.CANCELLED) else Ending.PENDING.value
    return {
        "id": plain(entry.resource.given),
        "outcome": outcome,
        "observed": plain(entry.observed),
        "reason": entry.reason,
    }


def _error(error: ServiceError | None) -> dict[str, Any] | None:
    return None if error is None else {"code": error.code, "message": error.message, "status": error.status}
