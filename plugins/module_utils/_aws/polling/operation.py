# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation with its parameters: each poll brings one answer, whatever requests it takes to get it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._engine.mentions import named
from ..._engine.poll_result import ErrorKind, PollResult, ServiceError
from ..._engine.schedule import LONGEST_REQUEST
from ..id_params import FOLDS_CASE, IdParam, stem_of
from .id_limit import IdLimit
from .pages import Paging, join_chunk
from .rejected_ids import find_rejected
from .transport import Request, TooLate, Transport, within

if TYPE_CHECKING:
    from .listing import Listing

MOST_PAGES = 1000
MOST_KEPT = 16
"""Polls that transient errors have interrupted, to be gone on with."""
# What a code for something that isn't there begins with: Cluster, of ClusterNotFoundException.
_NOUN = re.compile(r"\.?_?(not_?found|does_?not_?exist)", re.IGNORECASE)


class _Part(NamedTuple):
    """What is asked for next. ``is_later_page``: by a token, which may expire."""

    params: Mapping[str, Any]
    is_later_page: bool = False


_Parts = Generator[_Part, PollResult, PollResult]


class _Interrupted(NamedTuple):
    """A poll to be gone on with: what it is for, what it has brought so far, and what it is to ask for next."""

    ids: frozenset[str]
    parts: _Parts
    part: _Part


class Operation:
    """Polls one operation: pages and parts of long id lists are put together, ids that AWS rejects are told apart."""

    def __init__(
        self,
        transport: Transport,
        params: Mapping[str, Any],
        id_param: IdParam | None = None,
        paging: Paging | None = None,
        split_by_id: bool = True,
        prunes_at_once: bool = False,
        asks_halves: bool = True,
    ) -> None:
        """``split_by_id``: an id that AWS rejects is told from the others, which are asked for again without it.

        ``asks_halves``: halves of the ids are asked for where the error names none; else it is the answer.

        ``prunes_at_once``: parse only what is used from the first poll on, and not from the second. To find out what
        that is costs more than it spares a wait that ends at its first poll.
        """
        self._transport, self._params = transport, dict(params)
        self._id_name = id_param.name if id_param is not None else ""
        self._limit = IdLimit(id_param.limit if id_param is not None else None)
        self._split_by_id = split_by_id and id_param is not None
        self._folds_case = transport.model.service_model.service_name in FOLDS_CASE
        self._paging = None if paging is None or paging.asks_for_one_page(params) else paging
        self._prunes, self._asks_halves = prunes_at_once, asks_halves
        self._interrupted: dict[str, _Interrupted] = {}
        self._rejected: set[str] = set()

    @property
    def calls(self) -> int:
        """How many requests were sent, pages, parts of id lists and retries among them."""
        return self._transport.calls

    def poll(self, budget: float | None = None) -> PollResult:
        """Ask once and give the answer, an error too. ``budget``: seconds after which the poll is given up."""
        if budget is None:
            return self._poll(lambda request: self._within(LONGEST_REQUEST, request.send))
        return self._within(budget, lambda: self._poll(Request.send))

    def _within(self, seconds: float, work: Callable[[], PollResult]) -> PollResult:
        try:
            return within(seconds, work)
        except TooLate:
            return self._transport.no_answer(seconds)

    def _poll(self, send: Callable[[Request], PollResult]) -> PollResult:
        requests = self.requests()
        request = next(requests)
        try:
            while True:
                request = requests.send(send(request))
        except StopIteration as end:
            answer: PollResult = end.value
            return answer

    def requests(
        self, ids: Sequence[Any] | None = None, listing: Listing | None = None
    ) -> Generator[Request, PollResult, PollResult]:
        """One poll: yields each request, is sent its answer, returns all put together.

        ``ids`` takes the place of the ids that the parameters list. Where a transient error comes, that is the answer,
        and the next poll for the same ids goes on there; not so with a ``listing``.
        """
        if self._prunes:
            self._transport.prune()
        self._prunes = True
        key = _key(ids)
        wanted = frozenset(map(_key, ids or ()))
        kept = self._interrupted.pop(key, None)
        # what another poll has brought of these ids is older than what is asked for now
        self._interrupted = {k: other for k, other in self._interrupted.items() if wanted.isdisjoint(other.ids)}
        parts, part = (kept.parts, kept.part) if kept is not None else self._begin(ids, listing)
        is_resumed, made_progress = part.is_later_page, False
        while True:
            limit = listing.time_limit() if listing is not None else None
            answer = yield Request(self._transport, part.params, limit)
            if answer.error is not None and answer.error.kind.is_transient:
                if listing is None:
                    self._keep(key, _Interrupted(wanted, parts, part))
                return replace(answer, made_progress=made_progress)
            made_progress = True
            try:
                part = parts.send(answer)
            except StopIteration as end:
                whole: PollResult = end.value
                if whole.error is None or not is_resumed:
                    return whole
                # a page token may have expired meanwhile: not what the wait is about
                parts, part = self._begin(ids, listing)
                is_resumed = False

    def _begin(self, ids: Sequence[Any] | None, listing: Listing | None) -> tuple[_Parts, _Part]:
        params = self._params if ids is None else {**self._params, self._id_name: list(ids)}
        parts = self._parts(params, listing)
        return parts, next(parts)

    def _keep(self, key: str, interrupted: _Interrupted) -> None:
        while len(self._interrupted) >= MOST_KEPT:
            self._interrupted.pop(next(iter(self._interrupted)))
        self._interrupted[key] = interrupted

    def _parts(self, whole: Mapping[str, Any], listing: Listing | None) -> _Parts:
        """All that one poll asks for, put together."""
        answers: list[PollResult] = []
        refused: dict[str, ServiceError] = {}
        pending = self._chunks(whole)
        while pending:
            params, *pending = pending
            ids = params.get(self._id_name, ())
            answer = yield from self._pages(params, listing)
            if answer.error is None:
                self._rejected.difference_update(map(_key, ids))
                answers.append(answer)
                continue
            if self._limit.learns_from(answer.error, ids, params):
                pending = self._chunks({**params, self._id_name: [*ids, *self._ids_in(pending)]})
                continue
            tells = self._split_by_id and not self.is_about_another(answer.error, ids)
            labels, rest = find_rejected(answer.error, ids, self._folds_case) if tells else ([], None)
            if rest is None or not (labels or self._asks_halves):
                return replace(answer, refused=refused)
            if len(ids) == 1:
                self._rejected.add(_key(ids[0]))
            refused.update(dict.fromkeys(labels, answer.error))
            pending = [*({**params, self._id_name: part} for part in rest), *pending]
        errors = list(refused.values())
        if not answers and len({error.code for error in errors}) == 1:
            return PollResult({}, errors[0].status, errors[0], refused if len(errors) > 1 else {})
        return _together(answers, _join_chunks, refused)

    def _pages(self, params: Mapping[str, Any], listing: Listing | None) -> _Parts:
        """All pages of one request as one answer, or the first error among them."""
        pages: list[PollResult] = []
        token: dict[str, Any] = {}
        used: list[dict[str, Any]] = []
        while True:
            answer = yield _Part({**params, **token}, is_later_page=bool(token))
            if answer.error is not None:
                return answer
            pages.append(answer)
            following = self._paging.next(answer.response) if self._paging is not None else {}
            if not following or (listing is not None and listing.is_enough(answer)):
                return self.join(pages)
            used.append(token)
            if following in used or len(pages) == MOST_PAGES:
                return PollResult(error=self._endless(following in used))
            token = following

    def _endless(self, turns_back: bool) -> ServiceError:
        if turns_back:
            text = f"{self._transport.endpoint} gave the same page token twice"
            return ServiceError("RepeatedPageToken", text, ErrorKind.SERVER)
        return ServiceError("TooManyPages", f"there are more than {MOST_PAGES:,} pages; narrow them down by params")

    def join(self, pages: Sequence[PollResult]) -> PollResult:
        """The pages of one answer, put together."""
        return _together(pages, self._join_pages)

    def _join_pages(self, pages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        total = dict(pages[0])
        for page in pages[1:]:
            if self._paging is not None:
                self._paging.join(total, page)
        if self._paging is not None:
            self._paging.end(total)
        return total

    def is_about_another(self, error: ServiceError, ids: Sequence[Any]) -> bool:
        """Whether the error is about what another parameter names: ClusterNotFoundException, and ids of services.

        By its code, which is called like the parameter, unless the message names an id and not the parameter's value;
        by its message, where the code isn't about the ids.
        """
        shape, noun = self._transport.model.input_shape, _NOUN.split(error.code)[0].casefold()
        if not error.is_not_found or shape is None:
            return False
        # what takes a list (LoadBalancerArns beside Names) is another way to give the ids
        others = [n for n, member in shape.members.items() if n != self._id_name and member.type_name == "string"]
        given = [name for name in others if name in self._params]
        values = [self._params[name] for name in given if isinstance(self._params[name], str)]
        names_other = bool(named(error.message, values))
        names_id = bool(named(error.message, ids, self._folds_case))
        own = stem_of(self._id_name).casefold()
        if noun != own and noun in {name.casefold() for name in (*others, *map(stem_of, given)) if name}:
            return names_other or not names_id
        return bool(own) and own not in noun and names_other and not names_id

    def _chunks(self, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The parts in which the ids are asked for: those that were found to be rejected apart from the others."""
        ids = params.get(self._id_name)
        if not ids or not self._id_name:
            return [params]
        good = [item for item in ids if _key(item) not in self._rejected]
        bad = [item for item in ids if _key(item) in self._rejected]
        size = self._limit.size or len(ids)
        parts = [of[start : start + size] for of in (good, bad) for start in range(0, len(of), size)]
        return [{**params, self._id_name: part} for part in parts]

    def _ids_in(self, parts: Sequence[Mapping[str, Any]]) -> list[Any]:
        return [item for part in parts for item in part[self._id_name]]


def _key(value: Any) -> str:
    """What stands for ids, or for one of them, among others."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=repr)


def _join_chunks(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for chunk in chunks:
        join_chunk(total, chunk)
    return total


def _together(
    answers: Sequence[PollResult],
    join: Callable[[Sequence[Mapping[str, Any]]], dict[str, Any]],
    refused: Mapping[str, ServiceError] | None = None,
) -> PollResult:
    """Several answers as one."""

    @cache
    def read_whole() -> Mapping[str, Any]:
        return join([answer.whole for answer in answers])

    pruned = any(answer.read_whole is not None for answer in answers)
    return PollResult(
        join([answer.response for answer in answers]),
        answers[-1].status if answers else None,
        refused=refused or {},
        read_whole=read_whole if pruned else None,
    )
