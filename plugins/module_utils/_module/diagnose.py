# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a wait failed or timed out: which of its resources are diagnosed, and what is said of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, NamedTuple

from .._aws.binding import Binding
from .._aws.diagnosis import MOST_SECONDS, Asker, Cause, Diagnosis, Refused, diagnose
from .._aws.lookup.diagnoses import steps_of
from .._aws.models import Models
from .._aws.response import plain
from .._definition.diagnosis import Step
from .._definition.problem import BadInput
from .._definition.text import for_people
from .._engine.outcome import Ending, Outcome
from .._engine.poll_result import ErrorKind, PollResult
from .._engine.thread import start
from .._engine.verdict import Decision
from .messages import DENIED
from .request import Request

MOST_DIAGNOSES = 5
MOST_SAID = 3
LONGEST_CAUSE = 500
LOOK_BACK = timedelta(hours=1)
"""The cause may be older than the wait, which often begins after the change that it waits for."""

ClientOf = Callable[[str], Any]
"""Makes a client for a service, or raises BadInput."""


class Why(NamedTuple):
    """What was found for a wait: for each resource its label and diagnosis. ``began``: when the wait did."""

    found: tuple[tuple[str, Diagnosis], ...] = ()
    began: datetime = datetime.min
    calls: int = 0

    @property
    def causes(self) -> tuple[Cause, ...]:
        return tuple(cause for _label, diagnosis in self.found for cause in diagnosis.causes)

    def added_to(self, message: str) -> str:
        """The message with the sentence that says why, without what it says already."""
        return " ".join(filter(None, [message, _sentence(self.found, self.began, message)]))

    def rows(self) -> list[dict[str, Any]]:
        """The causes as the result has them."""
        return [
            {
                "resource": plain(cause.resource),
                "operation": cause.operation,
                "time": cause.time.isoformat() if cause.time is not None else None,
                "name": cause.name,
                "type": cause.type,
                "text": cause.text,
            }
            for cause in self.causes
        ]


NOTHING = Why()


def is_due(request: Request, outcome: Outcome) -> bool:
    """Whether the cause is to be looked for: the wait failed or timed out, and AWS has responded."""
    has_ended = outcome.ending in (Ending.FAILURE, Ending.TIMEOUT)
    return request.settings.diagnose and has_ended and outcome.answer is not None and outcome.answer.error is None


def find_causes(
    request: Request,
    outcome: Outcome,
    models: Models,
    client_of: ClientOf,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
) -> Why:
    """Look for the causes of one wait's end. It never fails, and takes ``MOST_SECONDS`` at most."""
    binding = request.binding
    steps: tuple[Step, ...] = ()
    if is_due(request, outcome):
        steps = steps_of(models, binding.service, binding.definition, binding.operation_model)
    if not steps:
        return NOTHING
    began = now() - timedelta(seconds=outcome.elapsed)
    asker = Asker(models, client_of, clock)
    found: list[tuple[str, Diagnosis]] = []
    for resource, label, part in _subjects(binding, outcome):
        variables = {
            "input": binding.given,
            "output": binding.json_safe(part),
            "resource": resource,
            "since": (began - LOOK_BACK).isoformat(),
        }
        try:
            found.append((label, diagnose(steps, binding.service, binding.definition.operation, variables, asker)))
        except BadInput:  # there is no connection to another service
            continue
    return Why(tuple(found), began, asker.calls)


def find_causes_of_many(
    requests: Sequence[Request],
    outcomes: Sequence[Outcome],
    models: Models,
    client_of: Callable[[int, str], Any],
) -> dict[int, Why]:
    """The causes of the first waits that failed, then of those that timed out, by their places; side by side.

    ``client_of`` makes a client for the account of the wait at that place, and a service.
    """
    pairs = enumerate(zip(requests, outcomes, strict=True))
    due = [number for number, (request, outcome) in pairs if is_due(request, outcome)]
    due.sort(key=lambda number: outcomes[number].ending is not Ending.FAILURE)
    found: dict[int, Why] = {}

    def look(number: int) -> None:
        found[number] = find_causes(requests[number], outcomes[number], models, partial(client_of, number))

    threads = [start(partial(look, number), "cloudwait-diagnosis") for number in due[:MOST_DIAGNOSES]]
    for thread in threads:
        thread.join(2 * MOST_SECONDS)
    return dict(found)


def _subjects(binding: Binding, outcome: Outcome) -> Iterator[tuple[Any, str, Mapping[str, Any]]]:
    """The resources to diagnose, with label and part of the last response; one without an id for the whole."""
    verdict, answer = outcome.verdict, outcome.answer or PollResult()
    decision = Decision.FAILURE if outcome.ending is Ending.FAILURE else Decision.NOT_YET
    labels = [entry.resource.label for entry in verdict.resources if entry.decision is decision] if verdict else []
    if binding.identity is None or not labels:
        yield binding.subject, str(binding.subject or ""), answer.whole
        return
    parts = binding.identity.split(answer.whole).by_resource
    chosen = [(resource.given, resource.label, part) for resource, part, _there in parts if resource.label in labels]
    yield from chosen[:MOST_DIAGNOSES]


def _sentence(found: Sequence[tuple[str, Diagnosis]], began: datetime, message: str) -> str | None:
    """What ``message`` doesn't say yet: the first cause of each resource, or which permission would show it."""
    heads = [(f"Why ({label})" if label and len(found) > 1 else "Why", diagnosis) for label, diagnosis in found]
    said = list(dict.fromkeys(_why(head, diagnosis, began, message) for head, diagnosis in heads if diagnosis.causes))
    if said:
        told = list(filter(None, said))
        more = [f"And {len(told) - MOST_SAID} more"] if len(told) > MOST_SAID else []
        return " ".join(f"{sentence.rstrip('.')}." for sentence in [*told[:MOST_SAID], *more])
    refused = list(dict.fromkeys(_refusal(one) for _label, diagnosis in found for one in diagnosis.refused))
    return f"{refused[0]}." if refused else None


def _told(diagnosis: Diagnosis) -> list[Cause]:
    """The first cause; if it has no time, all of that response: none of them is the first."""
    found = [cause for cause in diagnosis.causes if not cause.is_line]
    if not found or found[0].time is not None:
        return found[:1]
    return [cause for cause in found if cause.time is None and cause.operation == found[0].operation]


def _why(head: str, diagnosis: Diagnosis, began: datetime, message: str) -> str:
    told = _told(diagnosis)
    lines = [cause for cause in diagnosis.causes if cause.is_line]
    log = f"the log ends: {for_people(lines[-1].text, LONGEST_CAUSE)}" if lines else ""
    clauses = list(dict.fromkeys(filter(None, (_clause(cause, began, message) for cause in told))))
    if not clauses:
        return f"{head}: {log}" if log else ""
    more = [f"and {len(clauses) - MOST_SAID} more"] if len(clauses) > MOST_SAID else []
    left_out = diagnosis.left_out
    of = "resource" if left_out == 1 else "resources"
    consequences = f"{left_out} {of} cancelled because of it {'is' if left_out == 1 else 'are'} left out"
    source = f"from {told[0].operation}" + (f"; {consequences}" if left_out else "")
    return f"{head}: {'; '.join(filter(None, [*clauses[:MOST_SAID], *more, log]))} ({source})"


def _clause(cause: Cause, began: datetime, message: str) -> str:
    name = cause.name if cause.type or cause.name != cause.resource else None
    if name is not None and name.startswith("arn:"):
        name = re.split("[:/]", name)[-1]
    text = " ".join(for_people(cause.text, LONGEST_CAUSE).rstrip(".").split())
    is_told = text in message
    if is_told and (name is None or name in message):
        return ""
    who = [word for word in (name, f"({cause.type})" if name and cause.type else cause.type, cause.state) if word]
    passed = (cause.time - began).total_seconds() if cause.time is not None else -1.0
    when = [f"{duration(passed)} in"] if passed >= 1 and who else []
    return ": ".join(filter(None, [" ".join([*who, *when]), "" if is_told else text]))


def _refusal(refused: Refused) -> str:
    if refused.error.code in DENIED:
        return f"Allow {refused.permission} to see why"
    if refused.error.kind is ErrorKind.THROTTLED:
        return f"{refused.operation} may say why, but was throttled"
    return f"{refused.operation} may say why, but answered {refused.error.code}"


def duration(value: float) -> str:
    """A length of time in the two largest units: ``31 s``, ``3 min 2 s``, ``2 h 5 min``."""
    whole = int(value)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min {whole % 60} s" if whole % 60 else f"{minutes} min"
