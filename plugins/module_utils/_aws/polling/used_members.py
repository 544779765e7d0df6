# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which members of an answer are looked at: the syntax trees of expressions, followed through the model.

When in doubt a member is kept with all that is below it. An expression must find in the part of an answer that is kept
just what it finds in the whole, also where it asks whether something is there, is empty, or how many there are of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..._definition.expression import Expression
from ..._engine.response_split import ItemList
from ..shapes import is_nested, members_of
from .pages import Paging

Tree = dict[str, Any]

HANDFUL = 5


class UsedMembers(NamedTuple):
    """What a wait looks at. ``exchanged``: expressions on ``{input, output}``; ``lists``: where it finds its ids."""

    expressions: frozenset[Expression] = frozenset()
    exchanged: frozenset[Expression] = frozenset()
    lists: frozenset[ItemList] = frozenset()


class MemberNode:
    """A place in an answer that is looked at, with the places below it that are. Lists are seen through."""

    def __init__(self, shape: Any) -> None:
        self.is_list = shape.type_name == "list"
        while shape.type_name == "list":
            shape = shape.member
        self._shape = shape
        self._below: dict[str, MemberNode] = {}
        # of a document the model knows no members, and of a union any member says that it isn't one of the others
        self.is_kept = self._is_structure and bool(shape.is_document_type or shape.is_tagged_union)

    @property
    def _is_structure(self) -> bool:
        return bool(self._shape.type_name == "structure")

    def member(self, name: str) -> MemberNode | None:
        """Look at a member, which is one for all keys of a mapping; None where there is none."""
        if self._shape.type_name == "map":
            return self.values()
        member = members_of(self._shape).get(name)
        return None if member is None else self._below.setdefault(name, MemberNode(member))

    def values(self) -> MemberNode | None:
        """Look at the values of a mapping; of a structure that means all there is."""
        if self._shape.type_name == "map":
            return self._below.setdefault("", MemberNode(self._shape.value))
        self.keep()
        return None

    def keep(self) -> None:
        """Look at all there is."""
        self.is_kept = True

    def keep_emptiness(self) -> None:
        """Look at whether there is anything."""
        if self._is_structure:
            self.is_kept = True

    def keep_lists_but(self, names: Iterable[str]) -> None:
        """Look at all there is in the members that are lists, as far as these are looked at, but those."""
        for name, node in self._below.items():
            if node.is_list and name not in names:
                node.keep()

    @property
    def dropped(self) -> int:
        """How much nobody looks at: plain members count once, those that have members or items as a handful."""
        if self.is_kept:
            return 0
        unseen = [member for name, member in members_of(self._shape).items() if name not in self._below]
        here = sum(HANDFUL if is_nested(member) else 1 for member in unseen)
        return here + sum(node.dropped for node in self._below.values())

    @property
    def below(self) -> Mapping[str, MemberNode]:
        """The members that are looked at by their names; the values of a mapping by an empty one."""
        return self._below


class _Exchange(MemberNode):
    """``{input: the request, output: the answer}``."""

    def __init__(self, answer: MemberNode) -> None:
        self.is_list = self.is_kept = False
        self._answer = answer

    def member(self, name: str) -> MemberNode | None:
        return self._answer if name == "output" else None

    def values(self) -> None:
        self._answer.keep()

    keep = values

    def keep_emptiness(self) -> None:
        pass  # it never is


class _Found(NamedTuple):
    """Where a value comes from. ``is_list``: it is a list of these, for sure, if it is there at all."""

    nodes: Sequence[MemberNode] = ()
    is_list: bool = False

    @property
    def items(self) -> _Found:
        return _Found(self.nodes)

    def keep(self) -> _Found:
        for node in self.nodes:
            node.keep()
        return _Found()  # what stands below is kept anyhow

    def keep_emptiness(self) -> None:
        for node in () if self.is_list else self.nodes:
            node.keep_emptiness()


def find_used_members(output: Any, looks: Iterable[UsedMembers], paging: Paging | None) -> MemberNode:
    """The answer, with what is looked at in it. ``output``: its shape."""
    root = MemberNode(output)
    for look in looks:
        for expression in look.expressions:
            _mark_used(expression.tree, _Found([root])).keep()
        for expression in look.exchanged:
            _mark_used(expression.tree, _Found([_Exchange(root)])).keep()
        for item_list in look.lists:
            _mark_ids(root, item_list)
    if paging is not None:
        for expression in (*paging.tokens.values(), *([paging.more] if paging.more else [])):
            _mark_used(expression.tree, _Found([root])).keep()
        # whether these go on from page to page is told by what is in them
        root.keep_lists_but(path[0] for path in paging.result_keys if len(path) == 1)
    return root


def _mark_ids(root: MemberNode, item_list: ItemList) -> None:
    item = _follow(root, item_list.path)
    for _member, path in item_list.keys:
        key = _follow(item, path)
        if key is not None:
            key.keep()


def _follow(node: MemberNode | None, path: Sequence[str]) -> MemberNode | None:
    for name in path:
        node = node.member(name) if node is not None else None
    return node


def _mark_used(node: Tree, here: _Found) -> _Found:
    """Look at what the expression looks at; where its value comes from is left for others to look at or to keep."""
    step = _STEPS.get(node["type"])
    return here.keep() if step is None else step(node, here)


def _field(node: Tree, here: _Found) -> _Found:
    found = [node for node in (holder.member(node["value"]) for holder in here.nodes) if node is not None]
    return _Found(found, all(node.is_list for node in found))


def _chain(node: Tree, here: _Found) -> _Found:
    for child in node["children"]:
        here = _mark_used(child, here)
    return here


def _flatten(node: Tree, here: _Found) -> _Found:
    return _Found(_mark_used(node["children"][0], here).nodes, is_list=True)


def _projection(node: Tree, here: _Found) -> _Found:
    left, right = node["children"]
    return _Found(_mark_used(right, _mark_used(left, here).items).nodes, is_list=True)


def _filter(node: Tree, here: _Found) -> _Found:
    left, right, condition = node["children"]
    items = _mark_used(left, here).items
    _mark_used(condition, items).keep_emptiness()
    return _Found(_mark_used(right, items).nodes, is_list=True)


def _value_projection(node: Tree, here: _Found) -> _Found:
    left, right = node["children"]
    values = [node.values() for node in _mark_used(left, here).nodes]
    return _Found(_mark_used(right, _Found([node for node in values if node is not None])).nodes, is_list=True)


def _either(node: Tree, here: _Found) -> _Found:
    left, right = (_mark_used(child, here) for child in node["children"])
    left.keep_emptiness()
    return _Found(_different([left, right]), left.is_list and right.is_list)


def _not(node: Tree, here: _Found) -> _Found:
    _mark_used(node["children"][0], here).keep_emptiness()
    return _Found()


def _keep_each(node: Tree, here: _Found) -> _Found:
    for child in node["children"]:
        _mark_used(child, here).keep()
    return _Found()


def _function(node: Tree, here: _Found) -> _Found:
    return _FUNCTIONS.get(node["value"], _keep_each)(node, here)


def _length(node: Tree, here: _Found) -> _Found:
    counted = [_mark_used(child, here) for child in node["children"]]
    for found in counted:
        if not found.is_list:
            found.keep()
    return _Found()


def _by(node: Tree, here: _Found) -> _Found:
    """``sort_by``, ``max_by``, ``min_by``: items, or one, of the first argument."""
    if len(node["children"]) != 2:
        return _keep_each(node, here)
    of, key = node["children"]
    items = _mark_used(of, here).items
    _mark_used(key, items).keep()
    return items


def _not_null(node: Tree, here: _Found) -> _Found:
    return _Found(_different([_mark_used(child, here) for child in node["children"]]))


def _different(found: Sequence[_Found]) -> list[MemberNode]:
    """The nodes of all, each once: ``@ || @`` finds the same on both sides, and piped on it would find ever more."""
    return list(dict.fromkeys(node for each in found for node in each.nodes))


_FUNCTIONS: Mapping[str, Callable[[Tree, _Found], _Found]] = {
    "length": _length,
    "max_by": _by,
    "min_by": _by,
    "not_null": _not_null,
    "sort_by": _by,
}
_STEPS: Mapping[str, Callable[[Tree, _Found], _Found]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "key_val_pair": _chain,
    "expref": _chain,
    "index": lambda _node, here: here.items,
    "slice": lambda _node, here: _Found(here.nodes, is_list=True),
    "flatten": _flatten,
    "projection": _projection,
    "value_projection": _value_projection,
    "filter_projection": _filter,
    "multi_select_list": _keep_each,
    "multi_select_dict": _keep_each,
    "or_expression": _either,
    "and_expression": _either,
    "not_expression": _not,
    "comparator": _keep_each,
    "function_expression": _function,
    "literal": lambda _node, _here: _Found(),
    "identity": lambda _node, here: here,
    "current": lambda _node, here: here,
}
