# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of an answer by their names, without regard to lists: what an expression reads, and answers made of them.

``Reservations[].Instances[0].State.Name`` is ``("Reservations", "Instances", "State", "Name")``; ``*`` is any key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Names = tuple[str, ...]
Literals = dict[Any, None]
_GIVE_WHAT_THEY_TAKE = {"not_null", "to_string", "to_number", "sort_by", "max_by", "min_by", "map", "reverse", "sort"}
"""Functions whose result is what their argument was, or is made of it."""


class Reads:
    """What an expression reads.

    ``ends``: the members that it ends in, none for a comparison. ``compared``: every member that it reads, also in
    filters and conditions → the values that it is compared with there.
    """

    def __init__(self, tree: dict[str, Any]) -> None:
        self.compared: dict[Names, Literals] = {}
        self.ends = self._ends(tree, ())
        self._note(self.ends)

    def _note(self, members: Iterator[Names] | list[Names], literals: Sequence[Any] = ()) -> None:
        for names in members:
            self.compared.setdefault(names, {}).update(dict.fromkeys(literals))

    def _all(self, nodes: list[dict[str, Any]], here: Names) -> list[Names]:
        return list(dict.fromkeys(end for node in nodes for end in self._ends(node, here)))

    def _ends(self, node: dict[str, Any], here: Names) -> list[Names]:
        """The members that the node ends in when it is asked of ``here``; those that it asks besides are noted."""
        kind, children = node["type"], [child for child in node["children"] if isinstance(child, dict)]
        if kind == "field":
            return [(*here, node["value"])]
        if kind in ("index", "slice", "current", "identity", "literal"):
            return [] if kind == "literal" else [here]
        if kind in ("subexpression", "index_expression", "pipe", "projection"):
            return self._chain(children, here)
        if kind == "value_projection":
            return [end for base in self._ends(children[0], here) for end in self._ends(children[1], (*base, "*"))]
        if kind == "filter_projection":
            bases = self._ends(children[0], here)
            self._note([end for base in bases for end in self._ends(children[2], base)])
            return [end for base in bases for end in self._ends(children[1], base)]
        if kind == "comparator":
            self._note(self._all(children, here), _literals(children))
            return []
        if kind == "function_expression":
            return self._function(node["value"], children, here)
        if kind == "not_expression":
            self._note(self._all(children, here))
            return []
        return self._all(children, here)  # flatten, lists and mappings of expressions, and, or

    def _chain(self, nodes: list[dict[str, Any]], here: Names) -> list[Names]:
        ends = [here]
        for node in nodes:
            ends = [end for base in ends for end in self._ends(node, base)]
        return ends

    def _function(self, name: str, arguments: list[dict[str, Any]], here: Names) -> list[Names]:
        plain = [node for node in arguments if node["type"] != "expref"]
        ends = self._all(plain, here)
        for node in arguments:
            if node["type"] == "expref":  # asked of each item of the other argument
                inner = [end for base in ends for end in self._ends(node["children"][0], base)]
                self._note(inner)
                ends = inner if name == "map" else ends
        if name in _GIVE_WHAT_THEY_TAKE:
            return ends
        self._note(ends, _literals(plain))
        return []


def _literals(nodes: list[dict[str, Any]]) -> list[Any]:
    """The literals among these nodes, of lists their items."""
    inner = [child for node in nodes if node["type"] == "multi_select_list" for child in node["children"]]
    values = [node["value"] for node in (*nodes, *inner) if node["type"] == "literal"]
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return [value for value in flat if isinstance(value, (str, bool, int, float))]


def shape_at(shape: Any, names: Names) -> Any:
    """The shape of a member, None where there is no such one. It may be a list: then it is the list's own."""
    for name in names:
        shape = _inner(shape)
        if shape is None or shape.type_name not in ("structure", "map"):
            return None
        shape = shape.value if shape.type_name == "map" else shape.members.get(name)
    return shape


def item_at(shape: Any, names: Names) -> Any:
    """As ``shape_at``, of a list its item."""
    return _inner(shape_at(shape, names))


def list_above(shape: Any, names: Names) -> Names:
    """The innermost list in which the member stands; empty where it stands in none."""
    inner = [names[:end] for end in range(1, len(names)) if shape_at(shape, names[:end]).type_name == "list"]
    return inner[-1] if inner else ()


def _inner(shape: Any) -> Any:
    while shape is not None and shape.type_name == "list":
        shape = shape.member
    return shape


def answer(shape: Any, members: Mapping[Names, Any]) -> dict[str, Any]:
    """An answer with these members, one item in each list.

    A member that is a list itself has the value as its item, and none for ``[]``.
    ``shape``: the operation's output.
    """
    made: dict[str, Any] = {}
    for names, value in members.items():
        _put(made, shape, names, value)
    return made


def some(shape: Any) -> Any:
    """Any value that the shape may have which JMESPath doesn't take for false, as small as can be."""
    kind = shape.type_name
    if kind == "structure":
        return {name: some(member) for name, member in list(shape.members.items())[:1]}
    if kind == "map":
        return {"key": some(shape.value)}
    if kind == "list":
        return [some(shape.member)]
    if kind in ("integer", "long", "float", "double"):
        return 1
    return True if kind == "boolean" else next(iter(getattr(shape, "enum", ())), "any")


def _put(node: dict[str, Any], shape: Any, names: Names, value: Any) -> None:
    name, rest = names[0], names[1:]
    inner = shape.value if shape.type_name == "map" else shape.members[name]
    key = "key" if shape.type_name == "map" else name
    if not rest and value == []:
        node.setdefault(key, value)
        return
    holder: Any = node
    while inner.type_name == "list":
        holder[key] = holder[key] if _has(holder, key) else [None]
        holder, key, inner = holder[key], 0, inner.member
    if not rest:
        if not (isinstance(value, dict) and _has(holder, key)):
            holder[key] = value
        return
    if not _has(holder, key):
        holder[key] = {}
    _put(holder[key], inner, rest, value)


def _has(holder: Any, key: Any) -> bool:
    """Whether something is there already that more can be put into."""
    found = holder[key] if isinstance(holder, list) else holder.get(key)
    return bool(found) or isinstance(found, dict)
