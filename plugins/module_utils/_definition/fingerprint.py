# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two responses have the same values. AWS guarantees no order, so its lists are compared as multisets.

This applies to lists in a response and to projections, at any depth. A list that the expression itself builds, such as
``[DesiredCount, RunningCount]``, keeps its order.
"""

from __future__ import annotations

from typing import Any, Optional

from .expression import PROJECTIONS, Expression, walk

Node = Optional[dict[str, Any]]  # noqa: UP045  # ansible-test mistakes the other form for an operation
_CHAINS = ("subexpression", "pipe")


def fingerprint(value: Any, expression: Expression | None) -> int:
    """A number that is equal for values that differ only in the order of AWS's lists.

    ``expression``: what selected the value, None for a value that AWS returned unchanged.
    """
    return _of(value, None if expression is None else expression.tree)


def _of(value: Any, node: Node) -> int:
    """``node``: the part of the expression that built the value; None for data."""
    while node is not None and node["type"] in _CHAINS:
        node = node["children"][-1]
    if isinstance(value, (list, tuple)):
        return _of_list(value, node)
    if isinstance(value, dict):
        members: dict[str, Node] = {}
        if node is not None and node["type"] == "multi_select_dict":
            members = {child["value"]: child["children"][0] for child in node["children"]}
        return hash(frozenset((name, _of(item, members.get(name))) for name, item in value.items()))
    return hash(f"{type(value).__name__} {value!r}")  # Python's hash is the same for 1, 1.0 and true, and for -1 and -2


def _of_list(items: Any, node: Node) -> int:
    if node is None:
        return _of_multiset(items, None)
    kind, children = node["type"], node["children"]
    if kind == "multi_select_list" and len(children) == len(items):
        return hash(("list", *map(_of, items, children)))
    if kind in PROJECTIONS and not _writes_lists(children[0]):
        return _of_multiset(items, children[1])
    if kind == "function_expression" and node["value"] == "map" and not _writes_lists(children[1]):
        return _of_multiset(items, children[0]["children"][0])
    if _writes_lists(node):
        return hash(("list", *(_of(item, None) for item in items)))
    return _of_multiset(items, None)


def _of_multiset(items: Any, node: Node) -> int:
    return hash(("multiset", *sorted(_of(item, node) for item in items)))


def _writes_lists(node: dict[str, Any]) -> bool:
    """Whether the expression builds lists of several items, whose order has a meaning."""
    return any(inner["type"] == "multi_select_list" and len(inner["children"]) > 1 for inner in walk(node))
