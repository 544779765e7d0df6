# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation with its parameters, bound to a client: each poll brings one answer, whatever it takes to get it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from .._definition.problem import BadInput
from .._engine.answer import Answer, ErrorKind, ServiceError
from .._engine.thread import start
from .blame import blame
from .bodies import require_answer, require_own_error, require_shallow
from .faults import from_answer, from_credentials, from_exception, is_for_credentials, may_have_run_out
from .identities import IdParam
from .pages import Paging, join_chunk
from .sdk import as_waiter, botocore

if TYPE_CHECKING:
    from .._engine.limiter import Limiter
    from .looks import Looks

# What one round of requests asks for next, and what it brought in the end.
_Round = Generator[dict[str, Any], Answer, Answer]
_Gives = TypeVar("_Gives")


# "can have at most 20 items", "cannot have more than 10 elements", "Member must have length less than or equal to 10",
# "The maximum number of … is 100", "Too many …": whatever services say where a list of ids is too long.
_TOO_MANY = re.compile(
    r"at most|(no|not have|exceeds?|fewer|less) (more )?than|less than or equal to|max(imum)?( number)?|too many|up to",
    re.IGNORECASE,
)


MOST_PAGES = 1000
LONGEST_REQUEST = 300.0
"""Seconds for a request where there is no other bound: a trickle of bytes keeps every read within its time-out."""
_SENDING = threading.local()
"""Whose request a thread is sending."""


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
        tells_apart: bool = True,
        limiter: Limiter | None = None,
    ) -> None:
        """``connect`` makes a new client, for when the credentials of ``client`` have run out.

        ``tells_apart``: an id that AWS refuses is told from the others, which are asked for again without it.
        ``limiter``: says when each request may be sent.
        """
        self._connect, self._method, self._params = connect, method, dict(params)
        self._id_name = id_param.name if id_param is not None else ""
        self._limit = id_param.limit if id_param is not None else None
        self._limiter = limiter
        self._tells_apart = tells_apart and id_param is not None
        self._paging = None if paging is None or paging.asks_for_one_page(params) else paging
        self.calls = 0
        self._renewed = self._was_answered = self._is_bounded = False
        self._round: _Round | None = None
        self._next: dict[str, Any] = {}
        self._among_pages = self._resumes = False
        self._looks: Callable[[], Iterable[Looks]] | None = None
        self._prunes = self._is_pruned = False
        self._use(client)

    def prune(self, looks: Callable[[], Iterable[Looks]], at_once: bool = False) -> None:
        """Parse of the answers only what is looked at, ``at_once`` or from the second poll on.

        To find out what that is costs more than it spares a wait that ends at the first poll.
        """
        self._looks, self._prunes = looks, at_once

    def poll(self, budget: float | None = None, ids: Sequence[Any] | None = None) -> Answer:
        """Ask once and give the answer, an error too. ``budget``: seconds after which the answer is given up.

        ``ids`` takes the place of the ids that the parameters list. Pages and parts of long id lists are put together.
        Where one of them meets weather, the next poll goes on there, if it is for the same ids.
        """
        if ids is not None and list(ids) != self._params.get(self._id_name):
            self._params[self._id_name], self._round = list(ids), None
        self._is_bounded = budget is not None
        if budget is None:
            return self._poll()
        try:
            return _within(budget, self._poll)
        except _TooLate:
            return self._no_answer(budget)

    def _poll(self) -> Answer:
        if self._round is None:
            if self._prunes and not self._is_pruned:
                self._prune()
            self._prunes = True
            self._round = self._ask()
            self._next = next(self._round)
        got_on = False
        while True:
            answer = self._request(self._next)
            if answer.error is not None and answer.error.kind.is_weather:
                self._resumes = self._among_pages
                return replace(answer, got_on=got_on)
            got_on = True
            try:
                self._next = self._round.send(answer)
            except StopIteration as end:
                self._round = None
                whole: Answer = end.value
                resumed, self._resumes = self._resumes, False
                # a page token may have run out during the weather: not what the wait is about
                return self._poll() if whole.error is not None and resumed else whole

    def _ask(self) -> _Round:
        """One round: yields the parameters of each request, is sent its answer, returns all put together."""
        parts: list[Answer] = []
        refused: dict[str, ServiceError] = {}
        pending = self._chunks()
        while pending:
            params, *pending = pending
            answer = yield from self._pages(params)
            if answer.error is None:
                parts.append(answer)
                continue
            if self._learns_limit(answer.error, len(params.get(self._id_name, ()))):
                pending = self._chunks(
                    [*params[self._id_name], *(item for more in pending for item in more[self._id_name])]
                )
                continue
            named, rest = blame(answer.error, params.get(self._id_name, ())) if self._tells_apart else ([], None)
            if rest is None:
                return answer
            refused.update(dict.fromkeys(named, answer.error))
            pending = [*({**params, self._id_name: ids} for ids in rest), *pending]
        errors = list(refused.values())
        if not parts and len({error.code for error in errors}) == 1:
            return Answer({}, errors[0].status, errors[0], refused if len(errors) > 1 else {})
        return _together(parts, _join_chunks, refused)

    def _pages(self, params: Mapping[str, Any]) -> Generator[dict[str, Any], Answer, Answer]:
        """All pages of one request as one answer, or the first error among them."""
        pages: list[Answer] = []
        token: dict[str, Any] = {}
        used: list[dict[str, Any]] = []
        while True:
            self._among_pages = bool(token)
            answer = yield {**params, **token}
            if answer.error is not None:
                return answer
            pages.append(answer)
            following = self._paging.next(answer.response) if self._paging is not None else {}
            if not following or following == token:
                return _together(pages, self._join_pages)
            if following in used or len(pages) == MOST_PAGES:
                return Answer(error=self._endless(following in used))
            used.append(token)
            token = following

    def _endless(self, turns_back: bool) -> ServiceError:
        if turns_back:
            text = f"{self._endpoint} led from its last page back to an earlier one"
            return ServiceError("PagesWithoutEnd", text, ErrorKind.SERVER)
        return ServiceError("TooManyPages", f"there are more than {MOST_PAGES:,} pages; narrow them down by params")

    def _join_pages(self, pages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        total = dict(pages[0])
        for page in pages[1:]:
            if self._paging is not None:
                self._paging.join(total, page)
        return total

    def _learns_limit(self, error: ServiceError, asked: int) -> bool:
        """Whether the error says that fewer ids must be asked for at once. It may say how many, else half is tried."""
        if error.kind is not ErrorKind.REFUSED or asked < 2 or not _TOO_MANY.search(error.message):
            return False
        named = [int(number) for number in re.findall(r"\b\d{1,9}\b", error.message) if 0 < int(number) < asked]
        self._limit = max(named, default=asked // 2)
        return True

    def _chunks(self, of: Sequence[Any] | None = None) -> list[dict[str, Any]]:
        if not self._limit:
            return [self._params]
        ids = self._params[self._id_name] if of is None else of
        starts = range(0, len(ids), self._limit)
        return [{**self._params, self._id_name: ids[start : start + self._limit]} for start in starts]

    def _request(self, params: Mapping[str, Any]) -> Answer:
        if self._limiter is None:
            return self._send_renewed(params)
        self._limiter.wait()
        answer = self._send_renewed(params)
        if answer.error is not None and answer.error.kind is ErrorKind.THROTTLED:
            self._limiter.throttled()
        else:
            self._limiter.answered()
        return answer

    def _send_renewed(self, params: Mapping[str, Any]) -> Answer:
        """Send a request; once more with a new client where the credentials have run out."""
        answer = self._send(params)
        if answer.error is not None and not self._renewed and may_have_run_out(answer.error, self.model):
            self._renewed = True
            with suppress(BadInput):  # no better credentials are to be had: those have run out, and that is the cause
                self._use(self._connect())
                answer = self._send(params)
        error = answer.error
        if error is None or (error.kind is ErrorKind.REFUSED and not may_have_run_out(error, self.model)):
            self._renewed = False  # AWS knew who asked
        return answer

    def _send(self, params: Mapping[str, Any]) -> Answer:
        try:
            # a budget bounds the poll as a whole already
            work = partial(self._call_here, params)
            response = work() if self._is_bounded else _within(LONGEST_REQUEST, work)
            require_shallow(response, self.model.output_shape)
        except _TooLate:
            return self._no_answer(LONGEST_REQUEST)
        except botocore.exceptions.ClientError as error:
            if is_for_credentials(error):
                return Answer(error=from_credentials(error, self.model))
            self._was_answered = True
            found = from_answer(error.response, self.model)
            return Answer({}, found.status, found)
        except Exception as error:  # whatever the parser throws at an answer that makes no sense
            return Answer(error=from_exception(error, self._endpoint))
        self._was_answered = True
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return Answer(response, status, read_whole=getattr(response, "whole", None))  # as only a Pruned has

    def _call_here(self, params: Mapping[str, Any]) -> Any:
        _SENDING.operation = self
        return self._call(**params)

    def _no_answer(self, seconds: float) -> Answer:
        text = f"{self._endpoint} gave no answer within {seconds:.3g} s"
        return Answer(error=ServiceError("NoAnswer", text, ErrorKind.CONNECTION))

    def _prune(self) -> None:
        from .pruning import pruning_client  # a wait that ends at its first poll does without

        looks = self._looks() if self._looks is not None else None
        client = pruning_client(self._client, self.model, looks, self._paging) if looks is not None else None
        if client is not None:
            self._call = as_waiter(getattr(client, self._method))
        self._is_pruned = True

    def _use(self, client: Any) -> None:
        self._client, self._is_pruned = client, False
        self._call = as_waiter(getattr(client, self._method))
        self._endpoint = client.meta.endpoint_url
        operation = client.meta.method_to_api_mapping[self._method]
        self.model: Any = client.meta.service_model.operation_model(operation)
        # by names, for once: a client may serve a thousand operations, side by side
        client.meta.events.register("before-send", _count, unique_id="cloudwait-calls")
        # the parser makes what it can of an error that isn't AWS's; older botocores tell of it only afterwards
        client.meta.events.register("before-parse", _require_own_error, unique_id="cloudwait-errors")
        client.meta.events.register("response-received", _require_answer, unique_id="cloudwait-answers")


def _join_chunks(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for chunk in chunks:
        join_chunk(total, chunk)
    return total


def _together(
    answers: Sequence[Answer],
    join: Callable[[Sequence[Mapping[str, Any]]], dict[str, Any]],
    refused: Mapping[str, ServiceError] | None = None,
) -> Answer:
    """Several answers as one."""

    @cache
    def read_whole() -> Mapping[str, Any]:
        return join([answer.whole for answer in answers])

    pruned = any(answer.read_whole is not None for answer in answers)
    return Answer(
        join([answer.response for answer in answers]),
        answers[-1].status if answers else None,
        refused=refused or {},
        read_whole=read_whole if pruned else None,
    )


def _count(**_event: Any) -> None:
    operation: Operation | None = getattr(_SENDING, "operation", None)
    if operation is not None:
        operation.calls += 1


def _require_own_error(response_dict: Mapping[str, Any], operation_model: Any, **_event: Any) -> None:
    if getattr(_SENDING, "operation", None) is not None:
        require_own_error(response_dict, operation_model)


def _require_answer(response_dict: Mapping[str, Any] | None = None, **_event: Any) -> None:
    operation: Operation | None = getattr(_SENDING, "operation", None)
    if operation is not None and response_dict is not None:
        require_own_error(response_dict, operation.model)
        require_answer(response_dict, operation.model)


class _TooLate(Exception):
    """Something took longer than it may."""


def _within(seconds: float, work: Callable[[], _Gives]) -> _Gives:
    """What the work gives; _TooLate where it takes longer.

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
        raise _TooLate
    return results[0]
