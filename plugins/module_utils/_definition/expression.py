# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath expressions. Only this file and interpreter.py use the jmespath library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, cast

from .text import bounded, cut

try:
    import jmespath
    from jmespath.exceptions import JMESPathError

    from .interpreter import Interpreter
except ImportError:  # the modules report a missing boto3, which includes jmespath
    jmespath = None  # type: ignore[assignment]

    class JMESPathError(ValueError):  # type: ignore[no-redef]
        """Replaces jmespath's class if that is missing, so that this file can be imported."""


PROJECTIONS = frozenset({"projection", "value_projection", "filter_projection"})
# An expression of only these gives the same for one resource's part as for the whole response.
_DISTRIBUTIVE = frozenset(
    {
        "field",
        "subexpression",
        "index_expression",
        "index",
        "flatten",
        "projection",
        "value_projection",
        "identity",
        "current",
        "pipe",
    }
)

# Walking the tree is recursive, and Python limits recursion to 1,000 calls.
_DEEPEST = 200
_LONGEST = 10_000
_LONGEST_LINE = 300
_SELECTING = frozenset({"field", "identity", "subexpression", "projection", "flatten", "filter_projection"})


class ExpressionError(ValueError):
    """The expression doesn't parse, or can't be evaluated on this value."""


class Expression:
    """A parsed JMESPath expression; equal to any other with the same text."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > _LONGEST:
            raise ExpressionError(f"it is {len(text):,} characters long; the limit is {_LONGEST:,}")
        try:
            self._compiled = jmespath.compile(text)
        except RecursionError:
            raise ExpressionError("it is nested too deeply") from None
        except (JMESPathError, ValueError) as error:
            raise ExpressionError(_first_line(error)) from None
        if _depth(self.tree) > _DEEPEST:
            raise ExpressionError("it is nested too deeply")
        # the compiled expression would make one for each search, which takes two fifths of the time
        self._interpreter = Interpreter(self.tree)

    def search(self, value: Any) -> Any:
        """The value that the expression selects.

        ExpressionError if a function rejects its argument, or if the value is too large to build.
        """
        return self.evaluate(self.tree, value)

    def evaluate(self, node: dict[str, Any], value: Any) -> Any:
        """Like ``search``, for a node of a syntax tree."""
        try:
            return self._interpreter.search(node, value)
        except (JMESPathError, TypeError, ValueError, RecursionError, ArithmeticError) as error:
            raise ExpressionError(_first_line(error)) from None

    @property
    def tree(self) -> dict[str, Any]:
        """jmespath's syntax tree: nodes ``{type, children, value?}``."""
        return cast("dict[str, Any]", self._compiled.parsed)

    @cached_property
    def is_projection(self) -> bool:
        """Whether the expression ranges over items (``[]``, ``[*]``, ``.*``, slices, filters) and so gives a list."""
        node = self.tree
        while node["type"] == "pipe":
            node = node["children"][1]
        return node["type"] in PROJECTIONS

    @cached_property
    def is_distributive(self) -> bool:
        """Whether it may be evaluated for each resource alone: it has no function, filter or comparison."""
        return all(node["type"] in _DISTRIBUTIVE for node in walk(self.tree))

    @cached_property
    def is_selection(self) -> bool:
        """Whether its result for many items is that for each, concatenated: it goes through items and filters them.

        Any expression may be evaluated for each item.
        """
        return _selects(self.tree)

    @cached_property
    def filters(self) -> bool:
        """Whether a selection may leave items out by a condition."""
        return any(node["type"] == "filter_projection" for node in _spine(self.tree))

    @cached_property
    def finds_in_selection(self) -> bool:
        """Whether it is ``contains(X, literal)``, and X a selection."""
        node = self.tree
        if node["type"] != "function_expression" or node["value"] != "contains" or len(node["children"]) != 2:
            return False
        items, wanted = node["children"]
        return wanted["type"] == "literal" and items["type"] in PROJECTIONS and _selects(items)

    @cached_property
    def counts_none(self) -> bool:
        """Whether it is ``length(X) == `0```, which is true for the whole if it is true for each part."""
        node = self.tree
        if node["type"] != "comparator" or node["value"] != "eq":
            return False
        left, right = node["children"]
        return bool(
            left["type"] == "function_expression"
            and left["value"] == "length"
            and right["type"] == "literal"
            and right["value"] == 0
        )

    @cached_property
    def counts_absence(self) -> bool:
        """Whether it is ``length(X) == `0``` over a plain list, which is true if there are no items at all."""
        return self.counts_none and all(node["type"] != "filter_projection" for node in walk(self.tree))

    @cached_property
    def plain_path(self) -> tuple[str, ...] | None:
        """The member names if the expression has only members and projections (``A[].B.C`` → A, B, C)."""
        return _plain_path(self.tree)

    @cached_property
    def gives_rows(self) -> bool:
        """Whether it selects several values of each item, which belong together (``A[].[B, C]``)."""
        node = self.tree
        while node["type"] in PROJECTIONS or node["type"] in ("subexpression", "pipe", "index_expression", "flatten"):
            node = node["children"][1 if node["type"] != "flatten" and len(node["children"]) > 1 else 0]
        return node["type"] in ("multi_select_list", "multi_select_dict")

    @cached_property
    def member_path(self) -> tuple[str, ...] | None:
        """``plain_path``, whichever items filters leave out (``A[?X].B`` → A, B)."""
        return _member_path(self.tree)

    @cached_property
    def denied(self) -> tuple[str, ...] | None:
        """The member names of X if the expression is ``!X`` and X has only members and projections."""
        return _plain_path(self.tree["children"][0]) if self.tree["type"] == "not_expression" else None

    @cached_property
    def roots(self) -> frozenset[str]:
        """The response's top-level members that the expression reads."""
        return frozenset(_roots(self.tree))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a syntax tree, a parent before its children, left before right."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(child for child in reversed(node["children"]) if isinstance(child, dict))


def _selects(node: dict[str, Any]) -> bool:
    return all(part["type"] in _SELECTING for part in _spine(node))


def _spine(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes that are asked of the answer itself: what a projection goes on with is asked of each item alone."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(node["children"][:1] if node["type"] in PROJECTIONS else node["children"])


def _plain_path(tree: dict[str, Any]) -> tuple[str, ...] | None:
    names: list[str] = []
    for node in walk(tree):
        if node["type"] == "field":
            names.append(node["value"])
        elif node["type"] not in ("subexpression", "projection", "flatten", "identity"):
            return None
    return tuple(names)


def _member_path(tree: dict[str, Any]) -> tuple[str, ...] | None:
    names: list[str] = []
    pending = [tree]
    while pending:
        node = pending.pop()
        if node["type"] == "field":
            names.append(node["value"])
        elif node["type"] not in ("subexpression", "projection", "filter_projection", "flatten", "identity"):
            return None
        of_items = node["children"][:2] if node["type"] == "filter_projection" else node["children"]
        pending.extend(reversed(of_items))
    return tuple(names)


def _depth(tree: dict[str, Any]) -> int:
    """The depth of the tree and its literals; computed in a loop, as it may be too deep for recursion."""
    depth = 0
    level: list[Any] = [tree]
    while level:
        depth += 1
        level = [child for node in level for child in _inside(node)]
    return depth


def _inside(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return [inner for inner in node.values() if isinstance(inner, (dict, list))]
    return [inner for inner in node if isinstance(inner, (dict, list))]


def _roots(node: dict[str, Any]) -> Iterator[str]:
    if node["type"] == "field":
        yield node["value"]
    elif node["type"] in ("subexpression", "index_expression", "pipe", "flatten") or node["type"] in PROJECTIONS:
        # only the left side starts at the response itself; the right side starts where the left side ends
        yield from _roots(node["children"][0])
    else:
        for child in node["children"]:
            if isinstance(child, dict):
                yield from _roots(child)


def _first_line(error: Exception) -> str:
    """jmespath's message without the drawing below it and the words that introduce it."""
    if hasattr(error, "current_value"):  # the rejected argument, which jmespath includes in its message as a whole
        error.current_value = bounded(error.current_value, _LONGEST_LINE)[0]
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = lines[0].removesuffix("for expression:").strip(" ,:")
    line = line.removeprefix("Invalid jmespath expression: ").removeprefix("Bad jmespath expression: ")
    return cut(line, _LONGEST_LINE)  # it may quote a token or a value
