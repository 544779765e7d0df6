# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members that an expression compares, counts or filters by, as paths, and their values in a response."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

from .expression import Expression, ExpressionError

Node = dict[str, Any]

_CHAINS = frozenset({"subexpression", "index_expression", "pipe"})
_OVER_ITEMS = frozenset({"projection", "value_projection", "filter_projection"})


def compared_path(expression: Expression) -> Expression | None:
    """The path that the expression compares with a literal: ``status != 'DELETING'`` → ``status``; else None."""
    if expression.tree["type"] != "comparator":
        return None
    literals = [child for child in expression.tree["children"] if child["type"] == "literal"]
    paths = [text for child in expression.tree["children"] if (text := _path(child)) and not _has_filter(child)]
    if len(literals) != 1 or len(paths) != 1:
        return None
    path = Expression(paths[0])
    return path if path.plain_path else None


def counted_path(expression: Expression) -> Expression | None:
    """X if the expression is ``length(X) > `0``` and X is a path without filters; else None."""
    node = expression.tree
    if node["type"] != "comparator" or node["value"] != "gt" or node["children"][1].get("value") != 0:
        return None
    length = node["children"][0]
    if length["type"] != "function_expression" or length["value"] != "length" or _has_filter(length):
        return None
    path = _path(length["children"][0])
    return Expression(path) if path else None


def values_behind(expression: Expression, answer: Any) -> dict[str, list[Any]]:
    """The values that decided the expression's result, by the path of a member: ``tasks[].containers[].exitCode``.

    For a filter, these are values in the items that match: of the members that are selected, else of those that its
    condition reads. A missing value is None.
    """
    found: dict[str, list[Any]] = {}
    try:
        for path, value in _behind(expression, expression.tree, answer, ""):
            values = found.setdefault(path, [])
            values += value if isinstance(value, list) else [value]
    except ExpressionError:
        return {}
    return found


def _behind(expression: Expression, node: Node, value: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    kind, children = node["type"], [child for child in node["children"] if isinstance(child, dict)]
    path = _path(node)
    if path and not _has_filter(node):
        yield _below(prefix, path), expression.evaluate(node, value)
    elif kind in _OVER_ITEMS:
        yield from _behind_items(expression, node, value, prefix)
    elif kind in _CHAINS:
        for child in children[:-1]:
            value, prefix = expression.evaluate(child, value), _below(prefix, _path(child) or "")
        yield from _behind(expression, children[-1], value, prefix)
    elif kind != "expref":
        for child in children:
            yield from _behind(expression, child, value, prefix)


def _behind_items(expression: Expression, node: Node, value: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    left, right, *condition = node["children"]
    if right["type"] == "identity" and not condition:
        yield from _behind(expression, left, value, prefix)
        return
    here = _below(prefix, _items(left, node["type"]))
    base = expression.evaluate({**node, "children": [left, {"type": "identity", "children": []}, *condition]}, value)
    for item in base if isinstance(base, list) else []:
        for part in [right] if right["type"] != "identity" else condition:
            yield from _behind(expression, part, item, here)


def _path(node: Node) -> str | None:
    """A node as a path without filters; None if it isn't a path."""
    kind, children = node["type"], node["children"]
    if kind == "field":
        return str(node["value"])
    if kind in ("identity", "current"):
        return ""
    if kind == "index":
        return f"[{node['value']}]"
    if kind in _OVER_ITEMS:
        right = _path(children[1])
        return None if right is None or _path(children[0]) is None else _below(_items(children[0], kind), right)
    if kind == "flatten":
        return None if _path(children[0]) is None else _items(children[0], kind)
    paths = [_path(child) for child in children] if kind in _CHAINS else [None]
    return None if None in paths else reduce(_below, filter(None, paths), "")


def _items(node: Node, kind: str) -> str:
    path = _path(node) or ""
    if kind == "value_projection":
        return _below(path, "*")
    return path if path.endswith("[]") else f"{path}[]"


def _below(path: str, name: str) -> str:
    if path.endswith("[]"):
        name = name.removeprefix("[]").removeprefix(".")
    return f"{path}.{name}" if path and name and not name.startswith("[") else f"{path}{name}"


def _has_filter(node: Node) -> bool:
    return node["type"] == "filter_projection" or any(
        _has_filter(child) for child in node["children"] if isinstance(child, dict)
    )
