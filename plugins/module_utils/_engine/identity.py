# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which part of an answer speaks of which requested resource."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

LONGEST_ARN = 2048
"""What is longer than AWS lets an ARN be has so many tails that they could fill the memory."""

Path = tuple[str, ...]
Owned = dict[Path, list[Any]]


class ItemList(NamedTuple):
    """A list of items in the response.

    ``path``: the members that lead to it, through lists where there are any (``Reservations``, ``Instances``).
    ``keys``: where in an item its identifiers stand, each with the member of a compound id that it echoes (``Id``:
    ``Target``, ``Id``), else with any name. ``arn_segment``: the id is that part, counted from 0, of the ARN's path.
    ``is_map``: a mapping whose keys are the identifiers. ``echoes_only``: a list of remarks about resources (ECS
    ``failures``); an item in it doesn't make the resource present.
    """

    path: Path
    keys: tuple[tuple[str, Path], ...] = ()
    arn_segment: int | None = None
    is_map: bool = False
    echoes_only: bool = False


class Resource(NamedTuple):
    """A requested id: as it was given (a text, or a mapping of members for a compound one), and how people name it."""

    given: Any
    label: str


class Parts(NamedTuple):
    """A response taken apart. ``by_resource``: each resource's part; ``present``: whether it has an item in it."""

    by_resource: tuple[tuple[Resource, Mapping[str, Any], bool], ...]
    unmatched: bool
    """Items came back and none of them could be told to be a requested one's."""


class Share(NamedTuple):
    """The part of a response that speaks of some resources; ``is_whole``: of all of them."""

    response: Mapping[str, Any]
    is_whole: bool


@dataclass(frozen=True)
class Identity:
    """The requested resources and the lists of the response that speak of them.

    ``lone``: one resource, asked for by a parameter that takes no list; the whole answer is about it.
    """

    resources: tuple[Resource, ...]
    lists: tuple[ItemList, ...]
    folds_case: bool = False
    lone: bool = False

    def is_empty(self, response: Mapping[str, Any]) -> bool:
        """Whether the response speaks of nothing at all."""
        return not any(True for item_list in self.lists for _found in _occurrences(response, item_list))

    def split(self, response: Mapping[str, Any]) -> Parts:
        """Take the response apart: each part is the response that a request for that resource alone would have had."""
        owned, present, unmatched = self._sort(response)
        parts = tuple(
            (resource, self._part(response, [owned[index]]), index in present)
            for index, resource in enumerate(self.resources)
        )
        return Parts(parts, unmatched)

    def shares(self, response: Mapping[str, Any], groups: Iterable[Sequence[int]]) -> list[Share] | None:
        """For each group of resources (their places) the response that a request for these alone would have had.

        None where items came back and none of them could be told to be a requested one's.
        """
        owned, present, unmatched = self._sort(response)
        if unmatched:
            return None
        return [
            Share(self._part(response, [owned[index] for index in group]), present.issuperset(group))
            for group in groups
        ]

    def present(self, response: Mapping[str, Any]) -> frozenset[int]:
        """Which of the resources, by their places, have an item in the response."""
        return frozenset(self._sort(response)[1])

    def _sort(self, response: Mapping[str, Any]) -> tuple[list[Owned], set[int], bool]:
        """The items of each resource by the list that they stand in, who is present, and whether nobody's came back."""
        owned: list[Owned] = [{} for _resource in self.resources]
        present: set[int] = set()
        items_seen = False
        for item_list in self.lists:
            for wrapped, item, key in _occurrences(response, item_list):
                items_seen = items_seen or not item_list.echoes_only
                for owner in self._owners(item_list, item, key):
                    owned[owner].setdefault(item_list.path, []).append(wrapped)
                    if not item_list.echoes_only:
                        present.add(owner)
        return owned, present, items_seen and not present

    def _part(self, response: Mapping[str, Any], owned: Sequence[Owned]) -> Mapping[str, Any]:
        part = dict(response)
        for item_list in self.lists:
            found = [item for items in owned for item in items.get(item_list.path, ())]
            top = item_list.path[0]
            if top not in response:
                continue
            part[top] = (
                {key: value for mapping in found for key, value in mapping.items()} if item_list.is_map else found
            )
        return part

    def _owners(self, item_list: ItemList, item: Any, key: str | None) -> Sequence[int]:
        if self._is_compound:
            echoes = {member: _dig(item, path) for member, path in item_list.keys}
            return [
                index
                for index, resource in enumerate(self.resources)
                if all(echoes.get(member) == value for member, value in resource.given.items())
            ]
        names = [key] if key is not None else [_dig(item, path) for _member, path in item_list.keys]
        if item_list.arn_segment is not None:
            names = [_arn_segment(name, item_list.arn_segment) for name in names]
        found = {index for name in names if isinstance(name, str) for index in self._lookup(name)}
        return sorted(found)

    @property
    def _is_compound(self) -> bool:
        return bool(self.resources) and isinstance(self.resources[0].given, Mapping)

    def _lookup(self, name: str) -> Sequence[int]:
        exact, tails = self._index
        folded = self._fold(name)
        if folded in exact:
            return exact[folded]
        if name.startswith("arn:"):
            # asked for by name, echoed by ARN
            return next((exact[tail] for tail in map(self._fold, arn_tails(name)) if tail in exact), ())
        # asked for by ARN, echoed by name
        return tails.get(folded, ())

    @cached_property
    def _index(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        exact: dict[str, list[int]] = {}
        tails: dict[str, list[int]] = {}
        for index, resource in enumerate(self.resources):
            given = str(resource.given)
            exact.setdefault(self._fold(given), []).append(index)
            for tail in arn_tails(given):
                tails.setdefault(self._fold(tail), []).append(index)
        return exact, tails

    def _fold(self, name: str) -> str:
        return name.casefold() if self.folds_case else name


def arn_tails(name: str) -> tuple[str, ...]:
    """What the last part of an ARN may be called by: after the fifth colon, then after each slash or colon."""
    pieces = name.split(":", 5) if len(name) <= LONGEST_ARN else []
    if len(pieces) < 6 or pieces[0] != "arn":
        return ()
    resource = pieces[5]
    cuts = [index + 1 for index, letter in enumerate(resource) if letter in "/:"]
    return (resource, *(resource[cut:] for cut in cuts if resource[cut:]))


def _arn_segment(name: Any, segment: int) -> str | None:
    path = str(name).split(":", 5)[-1].split("/")
    return path[segment] if segment < len(path) else None


def _occurrences(response: Mapping[str, Any], item_list: ItemList) -> Iterator[tuple[Any, Any, str | None]]:
    """Each item with the wrapping that the rest of its path gives it, and its key where the list is a mapping."""
    top, *rest = item_list.path
    node = response.get(top)
    if item_list.is_map:
        if isinstance(node, Mapping):
            for key, item in node.items():
                yield {key: item}, item, key
        return
    yield from ((wrapped, item, None) for wrapped, item in _descend(node, rest))


def _descend(node: Any, rest: Sequence[str]) -> Iterator[tuple[Any, Any]]:
    if not isinstance(node, list):
        return
    if not rest:
        yield from ((item, item) for item in node)
        return
    for holder in node:
        if isinstance(holder, Mapping):
            for wrapped, item in _descend(holder.get(rest[0]), rest[1:]):
                yield {**holder, rest[0]: [wrapped]}, item


def _dig(item: Any, path: Path) -> Any:
    for name in path:
        item = item.get(name) if isinstance(item, Mapping) else None
    return item


def label(given: Any) -> str:
    """How people name a requested id: itself, or a compound one's values (``i-0ab1:80``)."""
    if isinstance(given, Mapping):
        return ":".join(str(value) for value in itertools.islice(given.values(), 4))
    return str(given)
