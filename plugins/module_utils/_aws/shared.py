# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation polled for many waits: what they ask for is put together, and each gets its own part of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from .._engine.answer import Answer
from .._engine.identity import Identity, Resource
from .binding import Binding
from .operation import Operation

Polled = Callable[[Binding], Operation]
"""Makes the operation of a binding, ready to be polled."""


def shares_by(binding: Binding, tells_apart: bool) -> Hashable:
    """What two waits with one client must have in common to share requests.

    The operation and the parameters; where the requested ids can be told apart in the answer, all parameters but those.
    """
    params = dict(binding.params)
    ids: Hashable = None
    if _is_listed(binding) and tells_apart and binding.id_param is not None and binding.identity is not None:
        del params[binding.id_param.name]
        ids = (binding.id_param.name, binding.identity.lists, binding.identity.folds_case)
    return binding.definition.operation, json.dumps(params, sort_keys=True, default=repr), ids, tells_apart


class SharedOperation:
    """The waits of one group, known by their numbers. Whoever uses it asks once at a time."""

    def __init__(self, members: Mapping[int, Binding], polled: Polled, tells_apart: bool) -> None:
        self._members, self._polled = members, polled
        first = next(iter(members.values()))
        self._by_id = tells_apart and _is_listed(first)
        self._common = polled(first)
        self._alone: dict[int, Operation] = {}

    @property
    def calls(self) -> int:
        """The requests sent so far."""
        return self._common.calls + sum(operation.calls for operation in self._alone.values())

    def ask(self, members: Sequence[int], budget: float | None) -> Mapping[int, Answer]:
        """The answer for each of these members, as a request of its own would have brought it."""
        if not self._by_id:
            return dict.fromkeys(members, self._common.poll(budget))
        wanted = {number: self._identity(number).resources for number in members}
        union = tuple({resource.label: resource for resources in wanted.values() for resource in resources}.values())
        answer = self._common.poll(budget, [resource.given for resource in union])
        if answer.error is not None and not answer.refused:
            return dict.fromkeys(members, answer)
        first = self._identity(members[0])
        places = {resource.label: place for place, resource in enumerate(union)}
        groups = [[places[resource.label] for resource in resources] for resources in wanted.values()]
        shares = Identity(union, first.lists, first.folds_case).shares(answer.response, groups)
        if shares is None:  # the ids can't be found in the answer: nobody knows whose the items are
            return {number: self._ask_alone(number, budget) for number in members}
        return {
            number: _own(answer, share, resources)
            for (number, resources), share in zip(wanted.items(), shares, strict=True)
        }

    def _identity(self, number: int) -> Identity:
        identity = self._members[number].identity
        if identity is None:
            raise ValueError("a wait without ids is in a group that goes by ids")
        return identity

    def _ask_alone(self, number: int, budget: float | None) -> Answer:
        if number not in self._alone:
            self._alone[number] = self._polled(self._members[number])
        return self._alone[number].poll(budget)


def _is_listed(binding: Binding) -> bool:
    return binding.id_param is not None and binding.identity is not None and not binding.identity.lone


def _own(answer: Answer, share: Mapping[str, Any], resources: Sequence[Resource]) -> Answer:
    """One wait's part: an error where AWS refused each of its ids, as it would have refused the request."""
    refused = {r.label: answer.refused[r.label] for r in resources if r.label in answer.refused}
    errors = list(refused.values())
    if errors and len(refused) == len(resources) and len({error.code for error in errors}) == 1:
        return Answer({}, errors[0].status, errors[0], refused)
    return Answer(share, answer.status, refused=refused)
