# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that select resources by their ids (``instance-id``, ``InstanceIds``): ids like those in plain parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from .._engine.response_split import Identity, ItemList
from .id_params import FILLERS, IdParam, as_id, id_params, identity_of, item_lists, words_of
from .id_table import FILTERS_BY_HAND
from .names import noun_of, singular
from .shapes import item_of, members_of

_NAMES, _VALUES = ("name", "key", "filterkey"), ("values", "valueset", "filtervalues", "value")
_EQUALS = frozenset({"eq", "equal", "equals", "in"})
_WILDCARDS = re.compile(r"[*?]")
_ENDINGS = {"Identifier": ("Identifier", "Id"), "Id": ("Id", "Identifier"), "Arn": ("Arn",)}
"""A filter by name may match a part of it, one by id or ARN doesn't. RDS spells out what a filter abbreviates."""


class IdFilter(NamedTuple):
    """A filter by ids. ``at``: where its values are in the parameters, ``lists``: the lists that repeat them."""

    at: str
    name: str
    ids: Sequence[str]
    lists: tuple[ItemList, ...]


def id_filters(service: str, operation_model: Any, params: Mapping[str, Any]) -> list[IdFilter]:
    """The filters by ids among valid parameters. A pattern is no id, and the filter that has one lists none."""
    found = []
    for param, value in params.items():
        if "filter" in param.casefold():
            for at, name, values in _filters(operation_model.input_shape.members[param], value, f"params.{param}"):
                lists = lists_of_filter(service, operation_model, name)
                if lists and not any(_WILDCARDS.search(text) for text in values):
                    found.append(IdFilter(at, name, values, lists))
    return found


def filter_identity(
    service: str, operation_model: Any, params: Mapping[str, Any], roots: frozenset[str]
) -> Identity | None:
    """The identity of a wait whose filters list ids; ``roots``: see ``identity_of``.

    That the items echo them is a guess: if none of them does, AWS has filtered by what they don't show.
    """
    lists: dict[str, tuple[ItemList, ...]] = {}
    ids: dict[str, dict[str, None]] = {}
    for found in id_filters(service, operation_model, params):
        lists[found.name] = tuple(item_list._replace(is_guess=True) for item_list in found.lists)
        ids.setdefault(found.name, {}).update(dict.fromkeys(found.ids))
    listed = [IdParam(name, own, None) for name, own in lists.items()]
    return identity_of(listed, {name: list(own) for name, own in ids.items()}, service, roots)


@lru_cache(maxsize=256)
def lists_of_filter(service: str, operation_model: Any, name: str) -> tuple[ItemList, ...]:
    """The lists of the response whose items a filter selects by their own id; empty for any other filter."""
    by_hand = FILTERS_BY_HAND.get((service, operation_model.name, name))
    if by_hand is not None:
        return by_hand
    if operation_model.output_shape is None or not re.fullmatch(r"[\w-]+", name):  # "attachment.instance-id", "tag:x"
        return ()
    own = "".join(word[:1].upper() + word[1:] for word in re.split("[-_]", name.lower() if name.isupper() else name))
    own = as_id(singular(own))
    for id_param in id_params(service, operation_model):
        if as_id(singular(id_param.name)).casefold() == own.casefold():
            return id_param.lists
    end = next((end for end in _ENDINGS if own.endswith(end)), None)
    return tuple(_own_lists(operation_model, own.removesuffix(end), end)) if end else ()


def _own_lists(operation_model: Any, stem: str, end: str) -> Iterator[ItemList]:
    """The lists of what the filter names, whose items have a member with the filter's name."""
    taken: set[str] = set()
    for path, shape in item_lists(operation_model.output_shape, ()):
        kinds = [words_of(name) - FILLERS for name in (path[-1], shape.name, noun_of(operation_model.name))]
        if path[0] in taken or (words_of(stem) not in kinds if stem else len(path) > 1):
            continue
        called = {member.casefold(): member for member in shape.members}
        keys = [called.get(f"{stem}{ending}".casefold()) for ending in _ENDINGS[end]]
        if not any(keys) and len(path) == 1:
            keys = [called.get(end.casefold())]
        if any(keys):
            taken.add(path[0])
            keys.append(called.get(f"{stem}Arn".casefold()))
            yield ItemList(path, tuple((key, (key,)) for key in dict.fromkeys(keys) if key))


def _filters(shape: Any, value: Any, at: str) -> Iterator[tuple[str, str, list[str]]]:
    """The filters in a parameter: where the values of each are, its name, and the values."""
    item = item_of(shape)
    if item is not None:
        members = {member.casefold(): member for member in members_of(item)}
        name = next((members[own] for own in _NAMES if own in members), None)
        values = next((members[own] for own in _VALUES if own in members), None)
        for index, given in enumerate(value if name and values and _lists_texts(item.members[values]) else ()):
            operators = [str(given[other]).casefold() for other in given if other not in (name, values)]
            if name in given and values in given and _EQUALS.issuperset(operators):
                yield f"{at}[{index}].{values}", given[name], given[values]
    elif shape.type_name == "map" and _lists_texts(shape.value):
        yield from ((f"{at}.{name}", name, values) for name, values in value.items())
    else:
        texts = {name for name, member in members_of(shape).items() if _lists_texts(member)}
        yield from ((f"{at}.{name}", name, value[name]) for name in value if name in texts)


def _lists_texts(shape: Any) -> bool:
    return getattr(item_of(shape), "type_name", None) == "string"
