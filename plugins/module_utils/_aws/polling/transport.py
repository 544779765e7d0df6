# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends the requests of one operation: by a client that is renewed when its credentials expire, counted, in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from ..._definition.problem import BadInput
from ..._engine.poll_result import ErrorKind, PollResult, ServiceError
from ..._engine.thread import start
from ..botocore_imports import as_waiter, botocore
from .bodies import require_answer, require_own_error, require_shallow
from .errors import from_answer, from_credentials, from_exception, is_for_credentials, may_have_run_out

if TYPE_CHECKING:
    from .pages import Paging
    from .used_members import UsedMembers

_Gives = TypeVar("_Gives")
_SENDING = threading.local()
"""``request``: what ``request_being_sent`` gives."""


class Request:
    """One request of an operation. ``time_limit``: seconds that it may take, None for no bound of its own."""

    def __init__(self, transport: Transport, params: Mapping[str, Any], time_limit: float | None = None) -> None:
        self._transport, self.params, self.time_limit = transport, params, time_limit
        self.sent = 0
        """How many HTTP requests were sent for it: a second one where the credentials had expired."""
        self.secrets: Sequence[str] = ()
        """What its last HTTP request was signed with; an error may repeat it."""
        self.headers: Mapping[str, str] | None = None
        """Those of the response to its last HTTP request; None while there is none."""

    def send(self) -> PollResult:
        """Send it, in any thread, and come back with the answer, an error too."""
        return self._transport.send(self)


class Transport:
    """Sends requests of one operation. ``calls`` counts those that were sent."""

    def __init__(
        self,
        connect: Callable[[], Any],
        client: Any,
        method: str,
        paging: Paging | None = None,
        used: Callable[[], Iterable[UsedMembers]] | None = None,
    ) -> None:
        """``connect`` makes a new client, for when the credentials of ``client`` have expired.

        ``used``: what is used of the answers; None where nothing is left out (see ``prune``).
        """
        self._connect, self._method, self._paging, self._used = connect, method, paging, used
        self._renewing = threading.Lock()
        self._is_renewed = self._is_pruned = False
        self.calls = self._clients = 0
        self._use(client)

    def send(self, request: Request) -> PollResult:
        """Send a request; once more with a new client where the credentials have expired."""
        clients = self._clients
        answer = self._send(request)
        error = answer.error
        if error is not None and may_have_run_out(error, self.model):
            self._renew(clients)
            if self._clients > clients:
                answer = self._send(request)
                error = answer.error
        if error is None or (error.kind is ErrorKind.REFUSED and not may_have_run_out(error, self.model)):
            self._is_renewed = False  # AWS knew who asked
        return answer

    def prune(self) -> None:
        """From now on parse only what is used of the answers."""
        if self._used is None or self._is_pruned:
            return
        from .pruning import pruning_client  # a wait that ends at its first poll does without

        client = pruning_client(self._client, self.model, self._used(), self._paging)
        if client is not None:
            self._call = as_waiter(getattr(client, self._method))
        self._is_pruned = True

    def no_answer(self, seconds: float) -> PollResult:
        """What to say of a request that took too long."""
        text = f"{self.endpoint} gave no answer within {seconds:.3g} s"
        return PollResult(error=ServiceError("NoAnswer", text, ErrorKind.CONNECTION))

    def _renew(self, clients: int) -> None:
        """Make a new client, once until AWS knows again who asks.

        ``clients``: how many there were when the request was sent. Another request may have made one since.
        """
        with self._renewing:
            if self._clients > clients or self._is_renewed:
                return
            self._is_renewed = True
            with suppress(BadInput):  # there are no better credentials: those have expired, and that is the cause
                self._use(self._connect())

    def _send(self, request: Request) -> PollResult:
        _SENDING.request = request
        request.headers = None
        try:
            response = self._call(**request.params)
            require_shallow(response, self.model.output_shape)
        except botocore.exceptions.ClientError as error:
            if is_for_credentials(error):
                return PollResult(error=from_credentials(error, self.model))
            found = from_answer(error.response, self.model)
            return PollResult({}, found.status, found)
        except Exception as error:  # whatever the parser throws at an answer that makes no sense
            return PollResult(error=from_exception(error, self.endpoint, request.headers))
        finally:
            _SENDING.request = None
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return PollResult(response, status, read_whole=getattr(response, "whole", None))  # as only a Pruned has

    def count(self, request: Request) -> None:
        """An HTTP request is sent."""
        request.sent += 1
        self.calls += 1

    def _use(self, client: Any) -> None:
        self._client, self._is_pruned = client, False
        self._call = as_waiter(getattr(client, self._method))
        self.endpoint: str = client.meta.endpoint_url
        operation = client.meta.method_to_api_mapping[self._method]
        self._clients += 1
        self.model: Any = client.meta.service_model.operation_model(operation)
        # by names, for once: a client may serve a thousand operations, side by side
        client.meta.events.register("before-send", _count, unique_id="cloudwait-calls")
        # the parser makes what it can of an error that isn't AWS's; older botocores tell of it only afterwards
        client.meta.events.register("before-parse", _require_own_error, unique_id="cloudwait-errors")
        client.meta.events.register("response-received", _require_answer, unique_id="cloudwait-answers")

    def require_answer(self, response: Mapping[str, Any]) -> None:
        """ValueError where the response can't be one of the operation's."""
        require_own_error(response, self.model)
        require_answer(response, self.model)


def request_being_sent() -> Request | None:
    """The request that this thread is sending, for the handlers of botocore's events; None outside of ``Transport``."""
    return getattr(_SENDING, "request", None)


def _count(**_event: Any) -> None:
    request = request_being_sent()
    if request is not None:
        request._transport.count(request)


def _require_own_error(response_dict: Mapping[str, Any], operation_model: Any, **_event: Any) -> None:
    request = request_being_sent()
    if request is not None:
        request.headers = response_dict["headers"]
        require_own_error(response_dict, operation_model)


def _require_answer(response_dict: Mapping[str, Any] | None = None, **_event: Any) -> None:
    request = request_being_sent()
    if request is not None and response_dict is not None:
        request._transport.require_answer(response_dict)


class TooLate(Exception):
    """Something took longer than it may."""


def within(seconds: float, work: Callable[[], _Gives]) -> _Gives:
    """What the work gives; TooLate where it takes longer.

    It is left behind in its thread then: neither name resolution nor a slow trickle of bytes can be bounded by
    botocore's time-outs. Nobody may depend any more on what is left behind.
    """
    results: list[_Gives] = []
    mistakes: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            mistakes.append(error)

    start(run, "cloudwait-poll").join(seconds)
    if mistakes:
        raise mistakes.pop()  # or its traceback, and the answer in that, would hold on to themselves
    if not results:
        raise TooLate
    return results[0]
