# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps the parameters that list ids to the lists in the response that repeat them, derived from names in the model.

``InstanceIds`` → ``Reservations[].Instances[]``, ``InstanceId``. ``id_table`` has what the names don't tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from .._engine.response_split import Identity, ItemList, Path, Resource, label
from .id_table import BY_HAND
from .names import ID_SUFFIXES, noun_of, singular
from .shapes import item_of

# Lists of remarks about resources, next to the list of resources.
_ECHOES = {"ecs": ItemList(("failures",), (("arn", ("arn",)),), echoes_only=True)}
_IS_REMARK = re.compile(r"^(unprocessed|unsuccessful|failed)|(errors|errordetails|errormap|failures)$", re.IGNORECASE)
"""Such a list says why a resource isn't in the other lists."""
# How many ids a request accepts. Most models don't say; sources: the API references of the operations.
_LIMITS = {
    ("ecs", "DescribeServices", "services"): 10,
    ("ecs", "DescribeTasks", "tasks"): 100,
    ("ecs", "DescribeClusters", "clusters"): 100,
    ("ecs", "DescribeContainerInstances", "containerInstances"): 100,
    ("ec2", "DescribeInstanceStatus", "InstanceIds"): 100,
    ("elbv2", "DescribeLoadBalancers", "LoadBalancerArns"): 20,
    ("elbv2", "DescribeLoadBalancers", "Names"): 20,
    ("cloudwatch", "DescribeAlarms", "AlarmNames"): 100,
    ("ses", "GetIdentityVerificationAttributes", "Identities"): 100,
    ("rekognition", "DescribeProjectVersions", "VersionNames"): 10,
}
_EC2_LIMIT = 1000  # "we recommend that you use pagination to ensure that the operation returns quickly"
FOLDS_CASE = frozenset({"dax", "dms", "docdb", "elasticache", "memorydb", "neptune", "rds", "redshift", "ses"})
# The members that identify an item, by the ending of the parameter: a name isn't an id, nor is a tag (EFS's Name).
# Plain nouns (ECS services, Batch jobs) and names with "Resource" match all.
_ECHOED_AS = {
    "": ID_SUFFIXES,
    "Identifier": ("Identifier", "Id", "Arn"),
    "Name": ("Name", "Arn"),
    "Arn": ("Arn",),
    "Id": ("Id", "Arn"),
}
FILLERS = frozenset({"description", "detail", "info", "information", "list", "set", "status", "summary"})
"""Words in the name of a list that don't say what it lists."""


class IdParam(NamedTuple):
    """A parameter that is a list of ids. ``limit``: how many of them a request accepts, None: any number."""

    name: str
    lists: tuple[ItemList, ...]
    limit: int | None


@lru_cache(maxsize=256)
def id_params(service: str, operation_model: Any) -> list[IdParam]:
    """The parameters of an operation that list ids which its response repeats."""
    shape, output = operation_model.input_shape, operation_model.output_shape
    if shape is None or output is None:
        return []
    found = []
    for name, member in shape.members.items():
        item = item_of(member)
        lists = _lists_for(service, operation_model, name, item) if item is not None else ()
        if lists:
            found.append(IdParam(name, lists, _limit(service, operation_model.name, name, member)))
    return found


def subject(operation_model: Any, params: Mapping[str, Any]) -> str | None:
    """The name of what is waited for if there is no id list: the parameters that identify it (``bucket/key``)."""
    given = [name for name, value in params.items() if isinstance(value, str) and _is_id_name(name)]
    required = [name for name in operation_model.input_shape.required_members if name in given] if given else []
    return "/".join(params[name] for name in required or given) or None


def identity_of(
    listed: Sequence[IdParam], params: Mapping[str, Any], service: str, roots: frozenset[str]
) -> Identity | None:
    """The identity of one wait, or None if its parameters list no ids.

    ``listed``: the id parameters that are given; ``roots``: the members of the response that the acceptors read. If the
    response has several lists of such items (alarms), only those that the acceptors read show which ids exist.
    """
    if not listed:
        return None
    of_several = len(listed) > 1
    lists = tuple(
        item_list._replace(param=id_param.name) if of_several else item_list
        for id_param in listed
        for item_list in id_param.lists
    )
    read_lists = tuple(item_list for item_list in lists if item_list.path[0] in roots and not item_list.echoes_only)
    if read_lists:
        lists = tuple(item_list for item_list in lists if item_list in read_lists or item_list.echoes_only)
    resources = tuple(
        Resource(item, label(item), id_param.name if of_several else "")
        for id_param in listed
        for item in params[id_param.name]
    )
    return Identity(resources, lists, service in FOLDS_CASE)


def lone_identity(
    service: str, operation_model: Any, params: Mapping[str, Any], roots: frozenset[str]
) -> Identity | None:
    """The identity of a wait for one resource that a plain parameter names, if the response lists such resources.

    ``roots``: the members of the response that the acceptors read, empty if they read only errors. Only a list of the
    resource's own kind shows that it is absent: ``Clusters`` for a ``ClusterIdentifier``, but not tags or snapshots.
    """
    if operation_model.output_shape is None:
        return None
    for name, value in params.items():
        if isinstance(value, str) and value and _is_id_name(name):
            lists = tuple(
                item_list
                for item_list in _lists_for(service, operation_model, name, operation_model.input_shape.members[name])
                if (not roots or item_list.path[0] in roots) and _is_own_kind(name, operation_model.name, item_list)
            )
            if lists:
                return Identity((Resource(value, value),), lists, service in FOLDS_CASE, lone=True)
    return None


def narrows(service: str, operation_model: Any, name: str) -> bool:
    """Whether a plain parameter selects one resource, so that without it the response lists all of them."""
    if operation_model.output_shape is None or not _is_id_name(name):
        return False
    return bool(_lists_for(service, operation_model, name, operation_model.input_shape.members[name]))


def _is_own_kind(name: str, operation: str, item_list: ItemList) -> bool:
    """Whether the list has the kind of resource that the parameter, or else the operation, names."""
    kind = words_of(stem_of(name)) or words_of(noun_of(operation))
    words = words_of(item_list.path[0])
    return not item_list.is_map and len(item_list.path) == 1 and kind in (words, words - FILLERS)


def _lists_for(service: str, operation_model: Any, name: str, item: Any) -> tuple[ItemList, ...]:
    by_hand = BY_HAND.get((service, operation_model.name, name))
    if by_hand is not None:
        return by_hand
    derive = {"string": _by_name, "structure": _by_structure}.get(item.type_name)
    if derive is None or getattr(item, "enum", None):
        return ()
    lists = tuple(
        item_list._replace(echoes_only=_IS_REMARK.search(item_list.path[-1]) is not None)
        for item_list in derive(name, item, operation_model.output_shape)
    )
    if all(item_list.echoes_only for item_list in lists):
        return ()
    echoes = _ECHOES.get(service)
    if echoes is not None and echoes.path[0] in operation_model.output_shape.members:
        return (*lists, echoes)
    return lists


def _by_name(name: str, item: Any, output: Any) -> Iterator[ItemList]:
    """Lists of what the parameter names, whose items have a member with the parameter's name."""
    one, stem = as_id(singular(name)), stem_of(name)
    taken: set[str] = set()
    for path, shape in item_lists(output, ()):
        kind = words_of(shape.name if path == ("items",) else path[-1])
        if path[0] in taken or not words_of(stem) <= kind:
            continue
        called = {member.casefold(): member for member in shape.members}
        exact = called.get(one.casefold())
        keys, is_guess = {exact} if exact else set(), not exact
        for end in _ECHOED_AS[one[len(stem) :]]:
            own = called.get(f"{stem or singular(path[-1])}{end}".casefold())
            keys.add(own or called.get(end.casefold()))
            is_guess = is_guess and own is None
        keys.discard(None)
        if exact or (keys and (stem in ("", one) or (len(path) == 1 and words_of(stem) == kind - FILLERS))):
            taken.add(path[0])
            members = [member for member in shape.members if member in keys]
            yield ItemList(path, tuple((member, (member,)) for member in members), is_guess=is_guess)
    for member, shape in output.members.items():
        if shape.type_name == "map" and shape.key.name == item.name and shape.key.name.strip("_").lower() != "string":
            yield ItemList((member,), is_map=True)


def _by_structure(_name: str, item: Any, output: Any) -> Iterator[ItemList]:
    """Lists whose items have the requested structure as a member, or its members under the same names."""
    taken: set[str] = set()
    for path, shape in item_lists(output, ()):
        holder = next((member for member, inner in shape.members.items() if inner.name == item.name), None)
        if holder is None and (len(path) > 1 or not item.members or not item.members.keys() <= shape.members.keys()):
            continue
        if path[0] not in taken:
            taken.add(path[0])
            where = (holder,) if holder is not None else ()
            yield ItemList(path, tuple((member, (*where, member)) for member in item.members))


def item_lists(shape: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Each list of structures in the response, within at most one outer list, with the shape of its items."""
    for name, member in shape.members.items():
        item = item_of(member)
        if item is not None and item.type_name == "structure":
            here = (*path, name)
            yield here, item
            if not path:
                yield from item_lists(item, here)


def _limit(service: str, operation: str, name: str, member: Any) -> int | None:
    limit = _LIMITS.get((service, operation, name))
    if limit is None and service == "ec2":
        return _EC2_LIMIT
    modelled = member.metadata.get("max")
    return limit or (int(modelled) if modelled else None)


def words_of(name: str) -> frozenset[str]:
    return frozenset(singular(word.casefold()) for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name))


def stem_of(name: str) -> str:
    """What the parameter names: ``Instance`` of ``InstanceIds``."""
    one = as_id(singular(name))
    return next((one.removesuffix(end) for end in ID_SUFFIXES if one.endswith(end)), one)


def as_id(name: str) -> str:
    """The name with its ending as most models spell it: ``jobId`` of ``jobID``, ``Id`` of ``id``."""
    if name in ("id", "name", "arn"):
        return name.capitalize()
    return next((name.removesuffix(end) + end.capitalize() for end in ("ID", "ARN") if name.endswith(end)), name)


def _is_id_name(name: str) -> bool:
    return name[:1].upper() + name[1:] in ("Bucket", "Key", *ID_SUFFIXES) or name.endswith(ID_SUFFIXES)
