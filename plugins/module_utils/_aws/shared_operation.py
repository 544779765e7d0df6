# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation polled for many waits: what they ask for is put together, and each gets its own part of the answer.

A poll for N waits sends at most twice the requests of N separate waits: after a request that fails for several, two or
more parts of them ask again, down to single waits, which makes a tree with N leaves; a listing has at most N pages,
then each asks once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Hashable, Mapping, Sequence, Set
from dataclasses import replace
from functools import cache, partial
from typing import Any

from .._engine.dispatcher import Quota
from .._engine.groups import Reply
from .._engine.jitter import SharedDraw
from .._engine.mentions import named
from .._engine.poll_result import ErrorKind, PollResult, ServiceError
from .._engine.response_split import Identity, Resource, Share
from .binding import Binding
from .fault_search import MAY_BE_OF_ONE, FaultSearch, halves
from .id_params import FOLDS_CASE
from .polling.listing import LEAST_TO_LIST, ById, Listing, filters, find_list
from .polling.operation import Operation
from .polling.transport import Request
from .prepared_wait import PreparedWait, used_members
from .sharing import shared_binding, shared_id_param

# What is wrong with the caller, whatever is asked for; another refusal may be about one resource alone. Sources: the
# services' "common errors" pages, EC2's list of client error codes.
_OF_THE_CALLER = frozenset(
    {
        "AuthFailure",
        "Blocked",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "SubscriptionRequiredException",
        "UnrecognizedClientException",
    }
)
# Permissions that EC2 and its like give for an operation as a whole.
_NOT_ALLOWED = frozenset({"NotAuthorized", "UnauthorizedOperation"})
MOST_THROTTLED = 2
"""Listings that are throttled one after the other before each wait asks alone: mostly that would be throttled too."""
MOST_SKIPPED = 64
"""Polls without a listing after one that failed, at most; they double with each failure."""


class SharedOperation:
    """The waits of one group, known by their numbers: a ``Group`` of the scheduler's."""

    def __init__(self, first: PreparedWait, quota: Quota, clock: Callable[[], float], draw: SharedDraw) -> None:
        """``first``: one of the waits, which share what ``shares_by`` gives of it. All are then added.

        ``draw``: what the waits draw from; it is renewed with each response.
        """
        self.quota, self.draw, self._clock, self._first = quota, draw, clock, first
        self._id_name = shared_id_param(first.binding) or ""
        self._by_id = first.split_by_id and bool(self._id_name)
        self._folds_case = first.binding.service in FOLDS_CASE
        self._list = _list_of(first.binding)
        self._common: Operation | None = None
        self._own: dict[int, Operation] = {}
        self._apart: set[int] = set()
        """Who is asked for alone, until AWS answers that without an error."""
        self._never_listed: set[int] = set()
        """Who was not found in a listing that was not read to its end."""
        self._faults = FaultSearch(clock)
        self._failed_listings = self._throttled_listings = self._to_skip = 0
        self._waits: dict[int, PreparedWait] = {}
        self._keeps_whole = False
        self._used: dict[Hashable, Binding] = {}
        """What the waits use of the answers; most have all of it in common."""
        self._askers: dict[str, set[int]] = {}
        """Who asks for a resource."""

    def add(self, number: int, wait: PreparedWait, keeps_whole: bool) -> None:
        """Take a wait into the group. ``keeps_whole``: when it has ended, the whole answer is to be had."""
        self._waits[number] = wait
        binding = wait.binding
        uses = (id(binding.definition), binding.show, binding.identity and binding.identity.lists)
        if uses not in self._used:
            self._used[uses] = binding
            self._common = None  # it may leave out what this one uses
        self._keeps_whole = self._keeps_whole or keeps_whole
        for resource in self._identity(number).resources if self._by_id else ():
            self._askers.setdefault(_key(resource.given), set()).add(number)

    def requests(self, number: int) -> int:
        """How many requests a poll for this wait alone takes, as far as its parameters tell."""
        return self._waits[number].binding.requests

    def whose(self, request: Request, members: Set[int]) -> Set[int]:
        """For which of these waits a request is: a part of a long list may hold the ids of one alone."""
        ids = request.params.get(self._id_name) if self._by_id and self._list is None else None
        if ids is None or len(members) == 1:
            return members
        return set[int]().union(*(self._askers[_key(item)] for item in ids)) & members

    def asks_alone(self, number: int) -> bool:
        """Whether this wait is asked for by itself, and so need not wait for others."""
        return number in self._apart or number in self._never_listed

    def plan(self, members: Sequence[int]) -> Sequence[Sequence[int]]:
        """Which of these waits are asked for together."""
        if not self._by_id:
            return [members]
        self._faults.forget(members)
        rest = [number for number in members if not self.asks_alone(number)]
        if self._list is not None and (len(rest) < LEAST_TO_LIST or self._skips_listing()):
            return [[number] for number in members]
        return [*([rest] if rest else []), *([number] for number in members if self.asks_alone(number))]

    def ask(self, members: Sequence[int], seconds: float | None) -> Generator[Request, PollResult, Reply]:
        """Poll for these waits: each gets the answer that its own request would have brought, or is to ask again."""
        reply = yield from self._reply(members, seconds)
        self.draw.renew()
        return reply

    def _reply(self, members: Sequence[int], seconds: float | None) -> Generator[Request, PollResult, Reply]:
        if not self._by_id:
            answer = yield from self._shared().requests()
            return Reply(dict.fromkeys(members, self._kept(answer)))
        if len(members) == 1:
            return Reply({members[0]: (yield from self._ask_alone(members[0]))})
        resources = self._union(members)
        if self._list is not None:
            return (yield from self._look_up(members, resources, seconds))
        until = None if seconds is None else self._clock() + seconds
        answer = yield from self._shared().requests([resource.given for resource in resources])
        error = answer.error
        if error is None or len(answer.refused) == len(resources):
            self._faults.forget(members)
            return self._divided(members, resources, answer)
        if error.kind not in MAY_BE_OF_ONE or len(resources) == 1:
            return self._failed(members, resources, answer, error)
        reply = yield from self._faults.go_on(members, answer, until, self._ask_alone)
        self._apart.update(n for n, own in reply.answers.items() if own is not answer and own.error is not None)
        return reply

    def _ask_alone(self, number: int) -> Generator[Request, PollResult, PollResult]:
        if number not in self._own:
            self._own[number] = self._waits[number].operation()
        answer = yield from self._own[number].requests()
        if self._spoils_others(number, answer):
            self._apart.add(number)
        elif answer.error is None:
            self._apart.discard(number)
        self._faults.forget([number])
        return self._kept(answer)

    def _spoils_others(self, number: int, answer: PollResult) -> bool:
        """Whether a request for this wait and others would fail, by an answer to it alone."""
        if answer.error is not None:
            return answer.error.kind is ErrorKind.REFUSED or self._faults.is_suspect(number)
        ids = [resource.given for resource in self._identity(number).resources]
        return any(not named(error.message, ids, self._folds_case) for error in answer.refused.values())

    # --- the ids of several waits in one request

    def _failed(
        self, members: Sequence[int], resources: Sequence[Resource], answer: PollResult, error: ServiceError
    ) -> Reply:
        """Whose an error is that came instead of an answer: everybody's, or theirs who get it when they ask alone."""
        refusals = ((number, _refusal(answer, self._identity(number).resources)) for number in members)
        told = {number: refusal for number, refusal in refusals if refusal is not None}
        members, answer = [number for number in members if number not in told], replace(answer, refused={})
        ids = [resource.given for resource in resources]
        is_everybodys = error.code in _OF_THE_CALLER or error.code in _NOT_ALLOWED or len(ids) == 1
        if error.kind is not ErrorKind.REFUSED or is_everybodys or self._shared().is_about_another(error, ids):
            return Reply({**told, **dict.fromkeys(members, answer)})
        named_ids = {_key(item) for item in named(error.message, ids, self._folds_case)}
        suspects = [n for n in members if any(_key(item.given) in named_ids for item in self._identity(n).resources)]
        rest = [number for number in members if number not in suspects]
        return Reply(told, [*([number] for number in suspects), *halves(rest)])

    def _divided(self, members: Sequence[int], resources: Sequence[Resource], answer: PollResult) -> Reply:
        """Each wait's part of an answer for all of them."""
        answer = self._kept(answer)
        places = {_key(resource.given): place for place, resource in enumerate(resources)}
        groups = [[places[_key(resource.given)] for resource in self._identity(n).resources] for n in members]
        identity = self._identity_of(members, resources)
        is_listed = self._list is not None
        shares = identity.shares(answer.response, groups, is_listed)
        if shares is None:  # nothing in it can be told to be anybody's
            self._apart.update(members)
            return Reply({}, [[number] for number in members])

        @cache
        def wholes() -> Sequence[Share]:
            return identity.shares(answer.whole, groups, is_listed) or ()

        answers = {
            number: _part(answer, share.response, self._identity(number).resources, partial(_response, wholes, place))
            for place, (number, share) in enumerate(zip(members, shares, strict=True))
            if share.is_whole or not is_listed
        }
        return Reply(answers, [[number] for number in members if number not in answers])

    # --- a list in which several waits find their one resource each

    def _skips_listing(self) -> bool:
        self._to_skip = max(0, self._to_skip - 1)
        return self._to_skip > 0

    def _look_up(
        self, members: Sequence[int], resources: Sequence[Resource], seconds: float | None
    ) -> Generator[Request, PollResult, Reply]:
        """Find the waits' resources in a list. Those that aren't found within its bounds ask alone."""
        if self._list is None:
            raise ValueError("a group that has no list")
        identity = self._identity_of(members, resources)
        listing = Listing(len(resources), self._clock, seconds, lambda page: identity.present(page.response))
        common = self._shared()
        answer = yield from common.requests(filters(self._list, [resource.given for resource in resources]), listing)
        error = answer.error
        if error is not None and (error.kind is ErrorKind.CREDENTIALS or error.code in _OF_THE_CALLER):
            return Reply(dict.fromkeys(members, answer))
        is_throttled = error is not None and error.kind is ErrorKind.THROTTLED
        self._throttled_listings = self._throttled_listings + 1 if is_throttled else 0
        if is_throttled and self._throttled_listings < MOST_THROTTLED:
            return Reply(dict.fromkeys(members, answer))
        if error is None:
            self._failed_listings = 0
        else:  # to list is another permission than to look at one, and may fail by itself
            self._failed_listings += 1
            self._to_skip = min(2**self._failed_listings, MOST_SKIPPED)
            if not listing.pages:
                return Reply({}, [[number] for number in members])
            answer = common.join(listing.pages)
        reply = self._divided(members, resources, answer)
        alone = self._never_listed if listing.is_cut else self._apart
        alone.update(number for part in reply.again for number in part)
        return reply

    # --- what all have in common

    def _shared(self) -> Operation:
        """The operation that is polled for all."""
        if self._common is None:
            first = self._first.binding
            binding = shared_binding(first) if self._by_id else first
            self._common = self._first.shared_operation(
                binding, lambda: map(used_members, self._used.values()), len(self._waits), not self._by_id
            )
        return self._common

    def _kept(self, answer: PollResult) -> PollResult:
        return answer if self._keeps_whole else replace(answer, read_whole=None)

    def _union(self, members: Sequence[int]) -> list[Resource]:
        """The resources of these waits, each once."""
        every = (resource for number in members for resource in self._identity(number).resources)
        return list({_key(resource.given): resource for resource in every}.values())

    def _identity_of(self, members: Sequence[int], resources: Sequence[Resource]) -> Identity:
        return replace(self._identity(members[0]), resources=tuple(resources), lone=False)

    def _identity(self, number: int) -> Identity:
        binding = self._waits[number].binding
        if binding.identity is None:
            raise ValueError("a wait without ids is in a group that goes by ids")
        same = binding.identity.folds_case == self._folds_case
        return binding.identity if same else replace(binding.identity, folds_case=self._folds_case)


def _list_of(binding: Binding) -> ById | None:
    """The list in which waits for one resource each find theirs."""
    is_lone = binding.identity is not None and binding.identity.lone
    return find_list(binding.service, binding.definition.operation, binding.params) if is_lone else None


def _key(given: Any) -> str:
    return json.dumps(given, sort_keys=True, default=repr)


def _response(shares: Callable[[], Sequence[Share]], place: int) -> Mapping[str, Any]:
    return shares()[place].response


def _part(
    answer: PollResult,
    share: Mapping[str, Any],
    resources: Sequence[Resource],
    read_whole: Callable[[], Mapping[str, Any]],
) -> PollResult:
    """One wait's part."""
    refused = {r.label: answer.refused[r.label] for r in resources if r.label in answer.refused}
    part = PollResult(share, answer.status, refused=refused, read_whole=read_whole if answer.read_whole else None)
    return _refusal(answer, resources) or part


def _refusal(answer: PollResult, resources: Sequence[Resource]) -> PollResult | None:
    """The error where AWS refused each of these ids, as it would have refused the request for them; None else."""
    errors = {r.label: answer.refused[r.label] for r in resources if r.label in answer.refused}
    if len(errors) < len(resources) or len({error.code for error in errors.values()}) != 1:
        return None
    first = next(iter(errors.values()))
    return PollResult({}, first.status, first, errors if len(errors) > 1 else {})
