# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which part of an answer speaks of which requested resource."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from .id_index import Index

Path = tuple[str, ...]


class ItemList(NamedTuple):
    """A list of items in the response.

    ``path``: the members that lead to it, through lists where there are any (``Reservations``, ``Instances``).
    ``keys``: where in an item its identifiers stand, each with the member of a compound id that it echoes (``Id``:
    ``Target``, ``Id``), else with any name. ``arn_segment``: the id is that part, counted from 0, of the ARN's path.
    ``is_map``: a mapping whose keys are the identifiers. ``echoes_only``: a list of remarks about resources (ECS
    ``failures``); an item in it doesn't make the resource present. ``is_guess``: the names in the model hardly tell
    that the items echo the ids. ``param``: the parameter whose ids they echo, where a request gives ids in several.
    """

    path: Path
    keys: tuple[tuple[str, Path], ...] = ()
    arn_segment: int | None = None
    is_map: bool = False
    echoes_only: bool = False
    is_guess: bool = False
    param: str = ""


class Resource(NamedTuple):
    """A requested id: as it was given (a text, or a mapping of members for a compound one), and how people name it.

    ``param``: the parameter that gives it, where a request gives ids in several.
    """

    given: Any
    label: str
    param: str = ""


class Parts(NamedTuple):
    """A response taken apart. ``by_resource``: each resource's part; ``present``: whether it has an item in it."""

    by_resource: tuple[tuple[Resource, Mapping[str, Any], bool], ...]
    unmatched: bool
    """Items came back, none of them is a requested one's, and that they would echo the ids was a guess."""


class Share(NamedTuple):
    """The part of a response that speaks of some resources; ``is_whole``: of all of them."""

    response: Mapping[str, Any]
    is_whole: bool


class _Item(NamedTuple):
    """An item of the response, and the indices (of a mapping, the key) that lead to it along the list's path."""

    place: tuple[Any, ...]
    value: Any


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
        """Whether the lists hold nothing at all."""
        return not any(True for item_list in self.lists for _item in _items(response, item_list))

    def split(self, response: Mapping[str, Any]) -> Parts:
        """Take the response apart: each part is the response that a request for that resource alone would have had."""
        sorting = self._sort(response)
        parts = tuple(
            (resource, sorting.part([index]), index in sorting.present) for index, resource in enumerate(self.resources)
        )
        return Parts(parts, sorting.unmatched)

    def shares(
        self, response: Mapping[str, Any], groups: Iterable[Sequence[int]], once: bool = False
    ) -> list[Share] | None:
        """For each group of resources (their places) the response that a request for these alone would have had.

        None where items came back, none of them is a requested one's, and that they echo the ids was a guess. Members
        beside the lists (``Count``) are as they came: they speak of all; but of ids in a list (``InvalidParameters``)
        each group has its own. ``once``: a resource has one item; of several, from pages that have shifted, the last.
        """
        sorting = self._sort(response)
        if sorting.unmatched:
            return None
        if once:
            sorting.keep_last()
        plain = self._plain_lists(response)
        return [
            Share(
                {**sorting.part(group), **{name: _those_of(group, texts) for name, texts in plain.items()}},
                sorting.present.issuperset(group),
            )
            for group in groups
        ]

    def _plain_lists(self, response: Mapping[str, Any]) -> dict[str, list[tuple[str, set[int]]]]:
        """The lists of texts some of which are requested ids: each text with whose it is."""
        index, found = self._index(self.resources[0].param if self.resources else ""), {}
        for name, value in response.items():
            if isinstance(value, list) and value and all(isinstance(text, str) for text in value):
                owned = [(text, index.exact(self._fold(text))) for text in value]
                if any(owners for _text, owners in owned):
                    found[name] = owned
        return found

    def present(self, response: Mapping[str, Any]) -> frozenset[int]:
        """Which of the resources, by their places, have an item in the response."""
        return frozenset(self._sort(response).present)

    def _sort(self, response: Mapping[str, Any]) -> _Sorting:
        """Find the owners of each item."""
        by_path: dict[Path, list[ItemList]] = {}
        for item_list in self.lists:
            by_path.setdefault(item_list.path, []).append(item_list)
        sorting = _Sorting(response, [{} for _resource in self.resources])
        for path, lists in by_path.items():
            items = list(_items(response, lists[0]))
            sorting.lists.append((path, items))
            for item_list in lists:
                for number, item in enumerate(items):
                    for owner in self._owners(item_list, item):
                        sorting.owned[owner].setdefault(path, set()).add(number)
                        if not item_list.echoes_only:
                            sorting.present.add(owner)
            if lists[0].echoes_only:
                self._tell_remarks_apart(sorting, lists[0], items)
            if len(path) == 1:
                sorting.merge_copies(path, items)
        items_seen = any(items and not by_path[path][0].echoes_only for path, items in sorting.lists)
        guessed = any(item_list.is_guess for item_list in self.lists)
        sorting.unmatched = items_seen and guessed and not sorting.present
        return sorting

    def _tell_remarks_apart(self, sorting: _Sorting, item_list: ItemList, items: Sequence[_Item]) -> None:
        """A remark that echoes one id as it was given isn't also about another spelling of it that has a remark."""
        index = self._index(item_list.param)
        exact = [set[int]().union(*map(index.exact, self._names(item_list, item))) for item in items]
        for owner, owned in enumerate(sorting.owned):
            own = {n for n in owned.get(item_list.path, ()) if not exact[n] or owner in exact[n]}
            if own:
                owned[item_list.path] = own

    def _names(self, item_list: ItemList, item: _Item) -> list[str]:
        """What an item calls itself."""
        found = [item.place[0]] if item_list.is_map else [_dig(item.value, path) for _member, path in item_list.keys]
        if item_list.arn_segment is not None:
            found = [_arn_segment(name, item_list.arn_segment) for name in found]
        return [self._fold(name) for name in found if isinstance(name, str)]

    def _owners(self, item_list: ItemList, item: _Item) -> set[int]:
        index = self._index(item_list.param)
        if index.compound:
            echoes = {member: _dig(item.value, path) for member, path in item_list.keys}
            return {
                owner
                for owner, given in index.compound
                if all(echoes.get(member) == value for member, value in given.items())
            }
        return index.owners(self._names(item_list, item))

    def _index(self, param: str) -> Index:
        if param not in self._indices:
            own = [(place, r.given) for place, r in enumerate(self.resources) if r.param == param]
            self._indices[param] = Index(own, self._fold)
        return self._indices[param]

    @cached_property
    def _indices(self) -> dict[str, Index]:
        return {}

    def _fold(self, name: str) -> str:
        return name.casefold() if self.folds_case else name


@dataclass(eq=False)
class _Sorting:
    """The items of a response by their owners. ``lists``: the items of each list in the order of the response."""

    response: Mapping[str, Any]
    owned: list[dict[Path, set[int]]]
    lists: list[tuple[Path, list[_Item]]] = field(default_factory=list)
    present: set[int] = field(default_factory=set)
    unmatched: bool = False

    def keep_last(self) -> None:
        """Of several items of one owner keep the last."""
        for owned in self.owned:
            owned.update({path: {max(numbers)} for path, numbers in owned.items()})

    def merge_copies(self, path: Path, items: Sequence[_Item]) -> None:
        """One thing that was asked for in several spellings, and came once for each, is there once."""
        copies: dict[tuple[int, ...], list[set[int]]] = {}
        for numbers in (owned[path] for owned in self.owned if len(owned.get(path, ())) > 1):
            copies.setdefault(tuple(sorted(numbers)), []).append(numbers)
        for (first, *others), owned in copies.items():
            if len(owned) > 1 and all(items[number].value == items[first].value for number in others):
                for numbers in owned:
                    numbers.intersection_update([first])

    def part(self, group: Sequence[int]) -> dict[str, Any]:
        """The response with the items of these owners alone, each once, in its place; holders without any are gone."""
        part = dict(self.response)
        for path, items in self.lists:
            if path[0] in part:
                numbers = set[int]().union(*(self.owned[owner].get(path, ()) for owner in group))
                part[path[0]] = _select(part[path[0]], path[1:], [items[number].place for number in sorted(numbers)])
        return part


def _those_of(group: Sequence[int], texts: Sequence[tuple[str, set[int]]]) -> list[str]:
    """The texts but for those that are others' ids."""
    return [text for text, owners in texts if not owners or not owners.isdisjoint(group)]


def _arn_segment(name: Any, segment: int) -> str | None:
    path = str(name).split(":", 5)[-1].split("/")
    return path[segment] if segment < len(path) else None


def found_in(response: Mapping[str, Any], lists: Iterable[ItemList], most: int) -> Identity | None:
    """The resources that the items of a response are about, each by its first identifier; None if there are none."""
    held = [one for one in dict.fromkeys(lists) if not one.echoes_only and not one.is_guess]
    names: dict[str, None] = {}
    for item_list in held:
        for item in _items(response, item_list):
            own = [item.place[0]] if item_list.is_map else [_dig(item.value, path) for _member, path in item_list.keys]
            name = next((name for name in own if isinstance(name, str)), None)
            if name is not None and len(names) < most:
                names[name] = None
    return Identity(tuple(Resource(name, name) for name in names), tuple(held)) if names else None


def _items(response: Mapping[str, Any], item_list: ItemList) -> Iterator[_Item]:
    top, *rest = item_list.path
    node = response.get(top)
    if not item_list.is_map:
        yield from _descend(node, rest, ())
    elif isinstance(node, Mapping):
        yield from (_Item((key,), item) for key, item in node.items())


def _descend(node: Any, rest: Sequence[str], place: tuple[int, ...]) -> Iterator[_Item]:
    for index, item in enumerate(node if isinstance(node, list) else ()):
        if not rest:
            yield _Item((*place, index), item)
        elif isinstance(item, Mapping):
            yield from _descend(item.get(rest[0]), rest[1:], (*place, index))


def _select(node: Any, rest: Sequence[str], places: Sequence[tuple[Any, ...]]) -> Any:
    """The list, or mapping, with the items at these places alone, which are in the order of the list."""
    if isinstance(node, Mapping):
        return {key: node[key] for key, *_further in places}
    if not rest:
        return [node[index] for index, *_further in places]
    return [
        {**node[index], rest[0]: _select(node[index][rest[0]], rest[1:], [place[1:] for place in within])}
        for index, within in itertools.groupby(places, key=lambda place: place[0])
    ]


def _dig(item: Any, path: Path) -> Any:
    for name in path:
        item = item.get(name) if isinstance(item, Mapping) else None
    return item


def label(given: Any) -> str:
    """How people name a requested id: itself, or a compound one's values (``i-0ab1:80``)."""
    if isinstance(given, Mapping):
        return ":".join(str(value) for value in itertools.islice(given.values(), 4))
    return str(given)
