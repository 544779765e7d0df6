# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation polled for many waits: what they ask for is put together, and each gets its own part of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

from .._engine.answer import Answer, ErrorKind, ServiceError
from .._engine.identity import Identity, Resource, Share
from .binding import MANY, Binding
from .blame import names
from .identities import FOLDS_CASE, IdParam
from .looks import Looks
from .operation import Operation

Polled = Callable[[Binding], Operation]
"""Makes the operation of a binding, ready to be polled."""

# Operations that take a single id, and can list many all the same: by a filter that takes several values, or (None) all
# that there are, page by page. Sources: the API references of the operations.
_LISTS = {
    ("cloudformation", "DescribeStacks"): ("StackName", None),
    ("docdb", "DescribeDBClusters"): ("DBClusterIdentifier", "db-cluster-id"),
    ("docdb", "DescribeDBInstances"): ("DBInstanceIdentifier", "db-instance-id"),
    ("efs", "DescribeFileSystems"): ("FileSystemId", None),
    ("elasticache", "DescribeCacheClusters"): ("CacheClusterId", None),
    ("elasticache", "DescribeReplicationGroups"): ("ReplicationGroupId", None),
    ("neptune", "DescribeDBClusters"): ("DBClusterIdentifier", "db-cluster-id"),
    ("rds", "DescribeDBClusters"): ("DBClusterIdentifier", "db-cluster-id"),
    ("rds", "DescribeDBClusterSnapshots"): ("DBClusterSnapshotIdentifier", "db-cluster-snapshot-id"),
    ("rds", "DescribeDBInstances"): ("DBInstanceIdentifier", "db-instance-id"),
    ("rds", "DescribeDBSnapshots"): ("DBSnapshotIdentifier", "db-snapshot-id"),
    ("redshift", "DescribeClusters"): ("ClusterIdentifier", None),
}
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
        "NotAuthorized",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "SubscriptionRequiredException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)
LARGEST = 400
"""Resources in one request at most: an answer with 1,000 instances would take 25 MB to be parsed."""
LEAST_TO_LIST = 3
"""Fewer waits than this ask by themselves."""


def shares_by(binding: Binding, tells_apart: bool) -> Hashable:
    """What two waits with one client must have in common to share requests.

    The operation and the parameters; where the answer tells the requested resources apart, all parameters but the ids.
    """
    params = dict(binding.params)
    ids: Hashable = None
    name = _id_name(binding) if tells_apart else None
    if name is not None and binding.identity is not None:
        del params[name]
        # where an answer echoes ARNs alone, one that is asked for hides the same resource asked for by name
        by_arn = any(resource.label.startswith("arn:") for resource in binding.identity.resources)
        ids = (name, binding.identity.lists, binding.identity.folds_case, by_arn)
    return binding.definition.operation, json.dumps(params, sort_keys=True, default=repr), ids, tells_apart


class SharedOperation:
    """The waits of one group, known by their numbers. Whoever uses it asks once at a time."""

    def __init__(
        self, members: Mapping[int, Binding], polled: Polled, tells_apart: bool, keeps_whole: bool = True
    ) -> None:
        """``keeps_whole``: of a wait that has ended the whole answer is to be had, for which all that came is kept."""
        self._members, self._polled, self._keeps_whole = members, polled, keeps_whole
        first = next(iter(members.values()))
        self._by_id = tells_apart and _id_name(first) is not None
        self._is_list = first.identity is not None and first.identity.lone
        self._filter = _LISTS.get((first.service, first.definition.operation), (None, None))[1]
        self._common = polled(_common(first, self._by_id, self._is_list))
        if len(members) > 1:
            self._common.prune(self._looks, at_once=len(members) >= MANY)
        self._alone: dict[int, SharedOperation] = {}

    @property
    def calls(self) -> int:
        """The requests sent so far."""
        return self._common.calls + sum(operation.calls for operation in self._alone.values())

    def alone(self, number: int) -> SharedOperation:
        """A group of its own for a member that this one can't answer for."""
        if number not in self._alone:
            member = {number: self._members[number]}
            self._alone[number] = SharedOperation(member, self._polled, False, self._keeps_whole)
        return self._alone[number]

    def ask(self, members: Sequence[int]) -> Mapping[int, Answer]:
        """The answer for each of these members, as a request of its own would have brought it.

        Those are left out that have to ask alone: nothing in the answer can be told to be theirs.
        """
        if not self._by_id:
            return dict.fromkeys(members, self._poll())
        if self._is_list and len(members) < LEAST_TO_LIST:
            return {}
        wanted = {number: self._identity(number).resources for number in members}
        union = tuple({resource.label: resource for resources in wanted.values() for resource in resources}.values())
        before = self._common.calls
        answer = self._poll(self._ids(union))
        if answer.error is not None and not answer.refused:
            if self._is_list and not answer.error.kind.is_weather:
                return {}  # to list is another permission than to look at one
            return self._sort_out(members, answer, answer.error)
        first = self._identity(members[0])
        places = {resource.label: place for place, resource in enumerate(union)}
        groups = [[places[resource.label] for resource in resources] for resources in wanted.values()]
        identity = Identity(union, first.lists, first.folds_case)
        shares = identity.shares(answer.response, groups)
        if shares is None or (self._is_list and self._common.calls - before > len(members)):
            return {}

        @cache
        def wholes() -> Sequence[Share]:
            return identity.shares(answer.whole, groups) or ()

        return {
            number: _own(answer, share.response, resources, partial(_response, wholes, place))
            for place, ((number, resources), share) in enumerate(zip(wanted.items(), shares, strict=True))
            if share.is_whole or not self._is_list
        }

    def _sort_out(self, members: Sequence[int], answer: Answer, error: ServiceError) -> Mapping[int, Answer]:
        """Whose an error is that came instead of an answer: theirs whom it names, else theirs who get it alone."""
        if error.kind is not ErrorKind.REFUSED or error.code in _OF_THE_CALLER or len(members) == 1:
            return dict.fromkeys(members, answer)
        named = {n for n in members if any(names(error.message, item.given) for item in self._identity(n).resources)}
        if named and len(named) < len(members):
            rest = [number for number in members if number not in named]
            return {**dict.fromkeys(named, answer), **self.ask(rest)}
        half = len(members) // 2
        return {**self.ask(members[:half]), **self.ask(members[half:])}

    def _poll(self, ids: Sequence[Any] | None = None) -> Answer:
        answer = self._common.poll(ids=ids)
        return answer if self._keeps_whole else replace(answer, read_whole=None)

    def _looks(self) -> list[Looks]:
        """What any member looks at; most have all of it in common."""
        different = {
            (id(binding.definition), binding.show, binding.identity and binding.identity.lists): binding
            for binding in self._members.values()
        }
        return [binding.looks for binding in different.values()]

    def _ids(self, union: Sequence[Resource]) -> Sequence[Any] | None:
        """What takes the place of the ids in the common parameters."""
        given = [resource.given for resource in union]
        if not self._is_list:
            return given
        return [{"Name": self._filter, "Values": given}] if self._filter is not None else None

    def _identity(self, number: int) -> Identity:
        binding = self._members[number]
        if binding.identity is None:
            raise ValueError("a wait without ids is in a group that goes by ids")
        folds_case = binding.service in FOLDS_CASE
        same = binding.identity.folds_case == folds_case
        return binding.identity if same else replace(binding.identity, folds_case=folds_case)


def _id_name(binding: Binding) -> str | None:
    """The parameter by which the waits of a group may differ; None where they may not."""
    if binding.identity is None:
        return None
    if not binding.identity.lone:
        return binding.id_param.name if binding.id_param is not None else None
    name, filter_name = _LISTS.get((binding.service, binding.definition.operation), (None, None))
    if name not in binding.params or (filter_name is not None and "Filters" in binding.params):
        return None
    return name


def _common(binding: Binding, by_id: bool, is_list: bool) -> Binding:
    """The binding of the request that is sent for all."""
    if by_id and is_list:
        params = {name: value for name, value in binding.params.items() if name != _id_name(binding)}
        filtered = _LISTS[binding.service, binding.definition.operation][1] is not None
        return binding._replace(params=params, id_param=IdParam("Filters", (), None) if filtered else None)
    id_param = binding.id_param
    if not by_id or id_param is None:
        return binding
    return binding._replace(id_param=id_param._replace(limit=min(id_param.limit or LARGEST, LARGEST)))


def _response(shares: Callable[[], Sequence[Share]], place: int) -> Mapping[str, Any]:
    return shares()[place].response


def _own(
    answer: Answer, share: Mapping[str, Any], resources: Sequence[Resource], read_whole: Callable[[], Mapping[str, Any]]
) -> Answer:
    """One wait's part: an error where AWS refused each of its ids, as it would have refused the request."""
    refused = {r.label: answer.refused[r.label] for r in resources if r.label in answer.refused}
    errors = list(refused.values())
    if errors and len(refused) == len(resources) and len({error.code for error in errors}) == 1:
        return Answer({}, errors[0].status, errors[0], refused if len(errors) > 1 else {})
    return Answer(share, answer.status, refused=refused, read_whole=read_whole if answer.read_whole else None)
