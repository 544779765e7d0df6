# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation with its parameters, bound to a client: each poll brings one answer, whatever it takes to get it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from .._definition.problem import BadInput
from .._engine.answer import Answer, ErrorKind, ServiceError
from .faults import from_answer, from_exception
from .identities import IdParam
from .pages import Paging, join_chunk
from .sdk import as_waiter, botocore

# What one round of requests asks for next, and what it brought in the end.
_Round = Generator[dict[str, Any], dict[str, Any], dict[str, Any]]


class Operation:
    """Polls one operation. ``calls`` counts the requests sent, pages, parts of id lists and retries among them."""

    def __init__(
        self,
        connect: Callable[[], Any],
        client: Any,
        method: str,
        params: Mapping[str, Any],
        id_param: IdParam | None = None,
        paging: Paging | None = None,
    ) -> None:
        """``connect`` makes a new client, for when the credentials of ``client`` have run out."""
        self._connect, self._method, self._params = connect, method, dict(params)
        self._id_param = id_param
        self._paging = None if paging is None or paging.asks_for_one_page(params) else paging
        self.calls = 0
        self._renewed = False
        self._round: _Round | None = None
        self._next: dict[str, Any] = {}
        self._use(client)

    def poll(self, budget: float | None = None) -> Answer:
        """Ask once and give the answer, an error too. ``budget``: seconds after which the answer is given up.

        Pages and parts of long id lists are put together. Where one of them meets weather, the next poll goes on there.
        """
        if budget is None:
            return self._poll()
        return _within(budget, self._poll, self._endpoint)

    def _poll(self) -> Answer:
        if self._round is None:
            self._round = self._ask()
            self._next = next(self._round)
        while True:
            answer = self._request(self._next)
            if answer.error is not None:
                if not answer.error.kind.is_weather:
                    self._round = None
                return answer
            try:
                self._next = self._round.send(dict(answer.response))
            except StopIteration as end:
                self._round = None
                return Answer(end.value, answer.status)

    def _ask(self) -> _Round:
        """One round: yields the parameters of each request, is sent its answer, returns all put together."""
        total: dict[str, Any] = {}
        for params in self._chunks():
            pages: dict[str, Any] = {}
            token: dict[str, Any] = {}
            while True:
                page = yield {**params, **token}
                if not pages:
                    pages = dict(page)
                elif self._paging is not None:
                    self._paging.join(pages, page)
                following = self._paging.next(page) if self._paging is not None else {}
                if not following or following == token:
                    break
                token = following
            if total:
                join_chunk(total, pages)
            else:
                total = pages
        return total

    def _chunks(self) -> Sequence[dict[str, Any]]:
        id_param = self._id_param
        if id_param is None or not id_param.limit:
            return [self._params]
        ids = self._params[id_param.name]
        starts = range(0, len(ids), id_param.limit)
        return [{**self._params, id_param.name: ids[start : start + id_param.limit]} for start in starts]

    def _request(self, params: Mapping[str, Any]) -> Answer:
        answer = self._send(params)
        if answer.error is None:
            self._renewed = False
        elif answer.error.kind is ErrorKind.CREDENTIALS and not self._renewed:
            self._renewed = True
            self._use(self._connect())
            return self._send(params)
        return answer

    def _send(self, params: Mapping[str, Any]) -> Answer:
        try:
            response = self._call(**params)
        except botocore.exceptions.ClientError as error:
            found = from_answer(error.response, self._model)
            return Answer({}, found.status, found)
        except BadInput:
            raise
        except Exception as error:  # whatever the parser throws at an answer that makes no sense
            return Answer(error=from_exception(error, self._endpoint))
        return Answer(response, response.get("ResponseMetadata", {}).get("HTTPStatusCode"))

    def _use(self, client: Any) -> None:
        self._call = as_waiter(getattr(client, self._method))
        self._endpoint = client.meta.endpoint_url
        operation = client.meta.method_to_api_mapping[self._method]
        self._model = client.meta.service_model.operation_model(operation)
        client.meta.events.register("before-send", self._count)

    def _count(self, **_event: Any) -> None:
        self.calls += 1


def _within(budget: float, poll: Callable[[], Answer], endpoint: str) -> Answer:
    """The poll's answer, or a broken connection where it takes longer than its budget.

    The request is left behind in its thread: neither name resolution nor a slow trickle of bytes can be bounded by
    botocore's time-outs, and after a budget has run out no poll follows.
    """
    answers: list[Answer] = []
    mistakes: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(poll())
        except BaseException as error:
            mistakes.append(error)

    thread = threading.Thread(target=run, name="cloudwait-poll", daemon=True)
    thread.start()
    thread.join(budget)
    if mistakes:
        raise mistakes[0]
    if answers:
        return answers[0]
    text = f"{endpoint} gave no answer within {budget:g} s"
    return Answer(error=ServiceError("NoAnswer", text, ErrorKind.CONNECTION))
