# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an outcome to the task's result: the keys that ``wait`` documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from .._aws.lookup.library_waiters import waiter_name
from .._aws.prepared_wait import judge_of
from .._aws.response import plain, size_at_most
from .._definition.text import LONGEST_TEXT, Room, clean, cut, for_people
from .._engine.absence import Missing
from .._engine.outcome import Ending, Outcome
from .._engine.poll_result import ErrorKind, ServiceError
from .._engine.response_split import Resource, found_in
from .._engine.schedule import Schedule
from .._engine.verdict import Decision, ResourceVerdict
from .messages import message
from .request import Request

if TYPE_CHECKING:
    from .diagnose import Why

LARGEST_RESPONSE = 1_000_000
LARGEST_UNASKED = 2_000
"""Characters of the response to a failed wait that is returned without being asked for: the red line shows it."""
MOST_FOUND = 100
"""Resources in a response to a wait that names none."""
LARGEST_RESULT = 2_000_000
"""Characters of the observed values and texts in one result, without the response."""
LONGEST_MSG = 20_000
TOO_LARGE = "Observed values are cut, because the whole result would exceed {:,} characters."
FORBIDDEN = 403


class Shares(NamedTuple):
    """The characters left for all results together: for observed values and texts, and for responses."""

    observed: Room
    responses: Room


def result(
    request: Request,
    schedule: Schedule,
    outcome: Outcome,
    calls: int,
    shares: Shares | None = None,
    why: Why | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """The result of a wait, and warnings. ``shares``: given if it is one of many. ``why``: the causes of its end."""
    room = Room(LARGEST_RESULT) if shares is None else shares.observed
    warnings = [*request.warnings, *outcome.notes]
    binding, verdict = request.binding, outcome.verdict
    definition = binding.definition
    response, left_out = _response(request, outcome, shares)
    if left_out:
        warnings.append(left_out)
    if outcome.ending is Ending.SUCCESS and outcome.answer is not None and outcome.answer.status == FORBIDDEN:
        warnings.append(f"The waiter treats HTTP status {FORBIDDEN} as success, which wrong credentials also cause.")
    text = message(request, schedule, outcome)
    if why is not None:
        text = why.added_to(text)
    acceptor = verdict.acceptor if verdict else None
    ended_by_error = verdict.error if verdict and outcome.ending is not Ending.SUCCESS else None
    made = {
        "changed": False,
        "outcome": outcome.ending.value,
        "msg": room.text(clean(text), LONGEST_MSG),
        "service": binding.service,
        "waiter": waiter_name(definition),
        "operation": definition.operation,
        "source": definition.source.value,
        "attempts": outcome.attempts,
        "calls": calls + (why.calls if why is not None else 0),
        "elapsed": round(outcome.elapsed, 3),
        "delay": schedule.delay,
        "max_attempts": schedule.max_attempts,
        "timeout": schedule.timeout,
        "observed": plain(room.value(verdict.observed)) if verdict else None,
        "resources": [_resource(entry, outcome.ending, room) for entry in _resources(request, outcome)],
        "diagnosis": [{**row, "text": room.text(row["text"])} for row in why.rows()] if why is not None else [],
        "timeline": [
            {"elapsed": round(seen.elapsed, 3), "attempt": seen.attempt, "observed": plain(room.value(seen.observed))}
            for seen in outcome.timeline
        ],
        "matched": plain(acceptor.as_data()) if acceptor is not None else None,
        "error": _error(ended_by_error or outcome.fault),
        "transient": {
            kind.value: outcome.transient.get(kind, 0)
            for kind in (ErrorKind.THROTTLED, ErrorKind.SERVER, ErrorKind.CONNECTION)
        },
        "response": response,
    }
    if room.was_short and shares is None:
        warnings.append(TOO_LARGE.format(LARGEST_RESULT))
    return made, warnings


def _response(request: Request, outcome: Outcome, shares: Shares | None) -> tuple[dict[str, Any] | None, str | None]:
    """The response, or the reason why it is omitted."""
    if outcome.answer is None or request.settings.return_response is False:
        return None, None
    largest = LARGEST_RESPONSE
    if request.settings.return_response is None and outcome.ending is not Ending.SUCCESS:
        largest = LARGEST_UNASKED
    room = Room(LARGEST_RESPONSE) if shares is None else shares.responses
    whole = outcome.answer.whole
    # don't copy a response that is far too large
    response = request.binding.json_safe(whole) if size_at_most(whole, largest) <= largest else None
    size = largest + 1 if response is None else len(json.dumps(response))
    if size > largest:
        if largest < LARGEST_RESPONSE:
            return None, None
        return None, "The response is larger than 1 MB and is omitted from the result."
    if size > room.left:
        room.was_short = True
        return None, None
    room.left -= size
    return response, None


def _resources(request: Request, outcome: Outcome) -> Sequence[ResourceVerdict]:
    """What was decided for each requested resource, or if the parameters name none for those in the response."""
    verdict, answer, binding = outcome.verdict, outcome.answer, request.binding
    if verdict is None or verdict.resources:
        return verdict.resources if verdict is not None else ()
    if binding.identity is None and answer is not None and answer.error is None:
        lists = [item_list for id_param in binding.id_params for item_list in id_param.lists]
        identity = found_in(answer.whole, lists, MOST_FOUND)
        if identity is not None:
            found = judge_of(binding._replace(identity=identity), Missing.AUTO, request.settings.retry_errors)
            return found.judge(replace(answer, response=answer.whole, read_whole=None)).resources
    if binding.subject is None:
        return ()
    observed = verdict.observed
    if isinstance(observed, list) and len(observed) == 1:
        [observed] = observed
    lone = Resource(binding.subject, binding.subject)
    return (ResourceVerdict(lone, verdict.decision, observed, verdict.reason, verdict.acceptor, verdict.absent),)


def _resource(entry: ResourceVerdict, ending: Ending, room: Room) -> dict[str, Any]:
    """One resource: its own success or failure, else the outcome of the whole wait."""
    if entry.decision in (Decision.SUCCESS, Decision.FAILURE):
        outcome = entry.decision.value
    else:
        outcome = ending.value if ending in (Ending.TIMEOUT, Ending.ERROR, Ending.CANCELLED) else Ending.PENDING.value
    return {
        "id": plain(entry.resource.given),
        "outcome": outcome,
        "observed": plain(room.value(entry.observed)),
        "reason": None if entry.reason is None else room.text(for_people(entry.reason)),
    }


def _error(error: ServiceError | None) -> dict[str, Any] | None:
    return (
        None
        if error is None
        else {"code": error.code, "message": cut(error.message, LONGEST_TEXT), "status": error.status}
    )
