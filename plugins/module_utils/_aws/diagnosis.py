# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for the cause of a failure where AWS keeps it, see ``_definition/diagnosis.py``; only after a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from typing import Any, NamedTuple

from .._definition.diagnosis import First, Step
from .._definition.expression import Expression, ExpressionError
from .._definition.text import for_people
from .._engine.poll_result import PollResult, ServiceError
from .models import Models
from .permissions import permission
from .polling.pages import paging_of
from .polling.transport import Request, TooLate, Transport, within
from .response import json_safe
from .validation.params import read_params

MOST_REQUESTS = 3
MOST_SECONDS = 5.0
"""For all diagnoses of a wait together."""
MOST_CAUSES = 20
MOST_LINES, LONGEST_LINE = 20, 300
"""Of a log."""
_MILLISECONDS = 1e11
"""A larger number counts milliseconds since 1970, as CloudWatch Logs does, a smaller one seconds."""


class Cause(NamedTuple):
    """What AWS says of a failure. ``is_line``: it is one of the last lines of a log."""

    resource: Any
    operation: str
    time: datetime | None
    name: str | None
    type: str | None
    state: str | None
    text: str
    is_line: bool = False


class Refused(NamedTuple):
    """A request that found nothing because it failed. ``permission``: the IAM action that it needs."""

    operation: str
    permission: str
    error: ServiceError


class Diagnosis(NamedTuple):
    """What was found for one resource, the first cause first; ``left_out`` counts those that only follow from it."""

    causes: tuple[Cause, ...] = ()
    left_out: int = 0
    refused: tuple[Refused, ...] = ()


class Asker:
    """Sends the requests of a wait's diagnoses, as many and for as long as they may take in all."""

    def __init__(
        self,
        models: Models,
        client_of: Callable[[str], Any],
        clock: Callable[[], float],
        most_requests: int = MOST_REQUESTS,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        """``client_of`` makes a client for a service, or raises BadInput."""
        self._models, self._connect, self._clock = models, client_of, clock
        self._client_of = cache(client_of)
        self._most_requests, self._until = most_requests, clock() + most_seconds
        self.calls = 0
        """How many requests were sent."""

    def ask(
        self, service: str, step: Step, variables: Mapping[str, Any], kept: int
    ) -> tuple[dict[str, Any] | None, Refused | None]:
        """The response to a step, without secrets; None if it wasn't or can't be asked, or the error.

        ``kept``: the number of requests to leave for later steps.
        """
        if self._left(0) <= 0:
            return None, None
        client = self._client_of(service)
        name = step.operation or ""
        model = client.meta.service_model.operation_model(name)
        given = dict(_params(step, variables))
        unknown = [name for name, value in step.params.items() if name not in given and not _is_input(value)]
        params, wrong = read_params(given, model, client)
        if unknown or wrong:
            return None, None
        methods = client.meta.method_to_api_mapping.items()
        method = next(method for method, operation in methods if operation == name)
        paging = paging_of(self._models.paginator(service, name), model)
        if paging is not None and paging.asks_for_one_page(params):
            paging = None
        transport = Transport(lambda: self._connect(service), client, method)
        total: dict[str, Any] = {}
        token: dict[str, Any] = {}
        while self._left(kept if total else 0) > 0:
            answer = self._send(transport, {**params, **token})
            self.calls += 1
            if answer.error is not None:
                refused = Refused(name, permission(model), answer.error)
                return (json_safe(total, model.output_shape), None) if total else (None, refused)
            if paging is None:
                return json_safe(answer.response, model.output_shape), None
            page = dict(answer.response)
            token = paging.next(page)
            paging.join(total, page)
            if not token:
                break
        return json_safe(total, model.output_shape), None

    def _send(self, transport: Transport, params: Mapping[str, Any]) -> PollResult:
        seconds = max(0.0, self._until - self._clock())
        try:
            return within(seconds, Request(transport, params).send)
        except TooLate:
            return transport.no_answer(seconds)

    def _left(self, kept: int) -> int:
        """How many requests may still be sent, ``kept`` apart."""
        return self._most_requests - self.calls - kept if self._clock() < self._until else 0


def diagnose(
    steps: Sequence[Step],
    service: str,
    operation: str,
    variables: Mapping[str, Any],
    asker: Asker,
) -> Diagnosis:
    """What the steps find for one resource.

    ``service`` and ``operation``: those of the wait. ``variables``: ``input``, ``output``, ``resource`` and ``since``.
    The first cause is that of the last step that found one, the lines of a log apart: steps lead to the origin.
    """
    known = {**variables, "previous": None, "cause": None}
    first: Cause | None = None
    others: list[Cause] = []
    lines: list[Cause] = []
    refused: list[Refused] = []
    left_out = 0
    for number, step in enumerate(steps):
        if step.when is not None and not _search(step.when, known):
            continue
        answer, error = known["output"], None
        if step.operation is not None:
            kept = sum(later.operation is not None for later in steps[number + 1 :])
            answer, error = asker.ask(step.service or service, step, known, kept)
        if error is not None:
            refused.append(error)
            known.update(previous=None, cause=None)
            continue
        if answer is None:
            break
        found = _found(step, answer, known, step.operation or operation)
        left_out += found.left_out
        if step.tail:
            lines.extend(found.causes)
        elif found.causes:
            others = [*([first] if first is not None else []), *others, *found.causes[1:]]
            first = found.causes[0]
        known.update(previous=answer, cause=found.item)
    ordered = sorted(others, key=lambda cause: cause.time or datetime.max.replace(tzinfo=timezone.utc))
    causes = [*([first] if first is not None else []), *ordered][:MOST_CAUSES]
    return Diagnosis((*causes, *lines[-MOST_LINES:]), left_out, tuple(refused))


class _Found(NamedTuple):
    """What a step found, its first cause first, and the item with that."""

    causes: tuple[Cause, ...]
    item: Any
    left_out: int


def _found(step: Step, answer: Mapping[str, Any], known: Mapping[str, Any], operation: str) -> _Found:
    items = [answer] if step.items is None else _as_list(_search(step.items, answer))
    times = [_time(_search(step.time, item)) for item in items]
    since = _beginning(step, items, times, known["since"])
    recent = [
        (item, time) for item, time in zip(items, times, strict=True) if since is None or time is None or time >= since
    ]
    if step.texts is None:
        return _Found((), recent[0][0] if recent else None, 0)
    causes: list[tuple[Cause, Any]] = []
    left_out = 0
    for item, time in recent:
        text = _text(_search(step.texts, item), LONGEST_LINE if step.tail else None)
        if step.leave_out is not None and _search(step.leave_out, item):
            left_out += 1
        elif text:
            name, kind, state = (_word(_search(asked, item)) for asked in (step.name, step.type, step.state))
            causes.append((Cause(known["resource"], operation, time, name, kind, state, text, step.tail), item))
    if all(cause.time is not None for cause, _item in causes):
        known_times = [time for time in times if time is not None]
        if known_times and known_times[0] > known_times[-1]:
            causes.reverse()  # the newest comes first, also among those of the same time
        causes.sort(key=lambda pair: pair[0].time.timestamp() if pair[0].time is not None else 0.0)
    if step.first is First.NEWEST and not step.tail:
        causes.reverse()
    return _Found(tuple(cause for cause, _item in causes), causes[0][1] if causes else None, left_out)


def _beginning(step: Step, items: Iterable[Any], times: Iterable[datetime | None], since: str) -> datetime | None:
    """When the awaited change began; None if nothing tells it."""
    if step.tail:
        return None  # a log that the response names is about this run
    if step.start is None:
        return _time(since)
    begun = [time for item, time in zip(items, times, strict=True) if time is not None and _search(step.start, item)]
    return max(begun, default=None)


def _params(step: Step, variables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, expression in step.params.items():
        value = _search(expression, variables)
        if value is not None:
            yield name, value


def _is_input(expression: Expression | None) -> bool:
    """Whether the value is one of the wait's own parameters, which may be optional."""
    return expression is not None and expression.roots == {"input"}


def _search(expression: Expression | None, value: Any) -> Any:
    if expression is None:
        return None
    try:
        return expression.search(value)
    except ExpressionError:  # a function refuses what is there: there is nothing to be found in it
        return None


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any, longest: int | None) -> str:
    """The texts that were selected, each once; empty if there are none."""
    words = [
        str(word).strip()
        for word in _as_list(value)
        if isinstance(word, (str, int, float)) and not isinstance(word, bool)
    ]
    *earlier, last = dict.fromkeys(word for word in words if word) or [""]
    text = "; ".join([*(word.removesuffix(".") for word in earlier), last])
    return for_people(text) if longest is None else for_people(text, longest)


def _word(value: Any) -> str | None:
    is_word = isinstance(value, (str, int)) and not isinstance(value, bool) and str(value)
    return for_people(str(value), LONGEST_LINE) if is_word else None


def _time(value: Any) -> datetime | None:
    """A time out of a response as JSON has it: ISO 8601, or a number of seconds or milliseconds since 1970."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS else value, timezone.utc)
        if isinstance(value, str):
            found = datetime.fromisoformat(value.replace("Z", "+00:00"))
            return found if found.tzinfo is not None else found.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    return None
