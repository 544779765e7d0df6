# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath expressions: the one file that knows the jmespath library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from math import prod
from typing import Any, cast

try:
    import jmespath
    import jmespath.visitor
    from jmespath.exceptions import JMESPathError
except ImportError:  # the doors report a missing boto3, which brings jmespath
    jmespath = None  # type: ignore[assignment]

    class JMESPathError(ValueError):  # type: ignore[no-redef]
        """Stands in where jmespath is missing, so that this file can be imported."""


_PROJECTIONS = frozenset({"projection", "value_projection", "filter_projection"})
# An expression made of these alone says the same of one resource's part as of the whole answer.
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

# Whoever walks the tree does so by recursion, and Python stops that at 1,000 calls.
_DEEPEST = 200
_LONGEST = 10_000
_MOST_GROWTH = 1_000
_LONGEST_LINE = 300
_SELECTING = frozenset({"field", "identity", "subexpression", "projection", "flatten", "filter_projection"})
_CHAINS = _PROJECTIONS | {"subexpression", "index_expression", "flatten", "pipe", "expref", "key_val_pair"}


class ExpressionError(ValueError):
    """The expression doesn't parse, or can't be evaluated on this value."""


class Expression:
    """A parsed JMESPath expression; equal to any other of the same text."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > _LONGEST:
            raise ExpressionError(f"is {len(text):,} characters long, and {_LONGEST:,} are enough")
        try:
            self._compiled = jmespath.compile(text)
        except RecursionError:
            raise ExpressionError("is nested too deeply") from None
        except (JMESPathError, ValueError) as error:
            raise ExpressionError(_first_line(error)) from None
        if _depth(self.tree) > _DEEPEST:
            raise ExpressionError("is nested too deeply")
        if _growth(self.tree) > _MOST_GROWTH:
            raise ExpressionError(f"could make more than {_MOST_GROWTH:,} copies of an answer")
        # the compiled expression would make one for each search, and that is two fifths of what a search costs
        self._interpreter = jmespath.visitor.TreeInterpreter()

    def search(self, value: Any) -> Any:
        """The value that the expression selects; ExpressionError where a function refuses its argument."""
        return self.evaluate(self._compiled.parsed, value)

    def evaluate(self, node: Any, value: Any) -> Any:
        """As ``search``, for a node of a syntax tree."""
        try:
            return self._interpreter.visit(node, value)
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
        return node["type"] in _PROJECTIONS

    @cached_property
    def is_distributive(self) -> bool:
        """Whether it may be asked of each resource alone: no function, filter or comparison counts or compares."""
        return all(node["type"] in _DISTRIBUTIVE for node in walk(self.tree))

    @cached_property
    def is_selection(self) -> bool:
        """Whether it gives of many items what it gives of each, put together: members, projections and filters."""
        return _selects(self.tree)

    @cached_property
    def counts_none(self) -> bool:
        """Whether it is ``length(X) == `0```, which holds of the whole when it holds of each part."""
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
        """Whether it is ``length(X) == `0``` over a plain list: true because nothing is there at all."""
        return self.counts_none and all(node["type"] != "filter_projection" for node in walk(self.tree))

    @cached_property
    def plain_path(self) -> tuple[str, ...] | None:
        """The member names, where the expression is members and projections only (``A[].B.C`` → A, B, C)."""
        return _plain_path(self.tree)

    @cached_property
    def denied(self) -> tuple[str, ...] | None:
        """The member names of X, where the expression is ``!X`` and X members and projections only."""
        return _plain_path(self.tree["children"][0]) if self.tree["type"] == "not_expression" else None

    @cached_property
    def roots(self) -> frozenset[str]:
        """The answer's top-level members that the expression looks at."""
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
    # a filter asks its condition, whatever that is, of each item alone
    parts = node["children"][:2] if node["type"] == "filter_projection" else node["children"]
    return node["type"] in _SELECTING and all(_selects(part) for part in parts)


def _plain_path(tree: dict[str, Any]) -> tuple[str, ...] | None:
    names: list[str] = []
    for node in walk(tree):
        if node["type"] == "field":
            names.append(node["value"])
        elif node["type"] not in ("subexpression", "projection", "flatten", "identity"):
            return None
    return tuple(names)


def _depth(tree: dict[str, Any]) -> int:
    """How deep the tree and the literals in it are nested; by a loop, as it may be too deep for anything else."""
    depth = 0
    level: list[Any] = [tree]
    while level:
        depth += 1
        level = [child for node in level for child in _inside(node)]
    return depth


def _growth(node: dict[str, Any]) -> int:
    """How many times larger than the answer the value may be: ``[@, @]`` doubles it, ``[@, @] | [@, @]`` once more."""
    kind = node["type"]
    if kind == "literal":
        return max(1, _length(node))
    inner = [_growth(child) for child in node["children"] if isinstance(child, dict)]
    if kind == "filter_projection":
        return prod(inner[:2])  # what the condition gives is asked and thrown away
    if kind in _CHAINS:
        return prod(inner)
    if kind == "function_expression":
        return _growth_of_call(node, inner)
    if kind in ("multi_select_list", "multi_select_dict"):
        return sum(inner)
    return 1 if kind in ("comparator", "not_expression") else max(inner, default=1)


def _growth_of_call(node: dict[str, Any], inner: list[int]) -> int:
    name, arguments = node["value"], node["children"]
    if name == "join" and len(arguments) == 2:
        glue, items = arguments
        if glue["type"] == "literal":
            return inner[1] * (1 + _length(glue))
        # a long text of the answer between each two of its many items
        return inner[1] * (1 + inner[0] if items["type"] == "multi_select_list" else _MOST_GROWTH + 1)
    # to_string doubles each backslash; an expression (map) is evaluated on what the other arguments give
    own = 2 if name == "to_string" else 1
    return own * (prod(inner) if any(child["type"] == "expref" for child in arguments) else sum(inner))


def _length(literal: dict[str, Any]) -> int:
    """A literal's length in items: the shortest that an answer may have takes two letters (``0,``)."""
    return len(str(literal["value"])) // 2


def _inside(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return [inner for inner in node.values() if isinstance(inner, (dict, list))]
    return [inner for inner in node if isinstance(inner, (dict, list))]


def _roots(node: dict[str, Any]) -> Iterator[str]:
    if node["type"] == "field":
        yield node["value"]
    elif node["type"] in ("subexpression", "index_expression", "pipe", "flatten") or node["type"] in _PROJECTIONS:
        # only the left side starts at the answer itself; the rest starts where the left side ends
        yield from _roots(node["children"][0])
    else:
        for child in node["children"]:
            if isinstance(child, dict):
                yield from _roots(child)


def _first_line(error: Exception) -> str:
    """What jmespath says, without the drawing under it and the words that lead to the drawing."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = lines[0].removesuffix("for expression:").strip(" ,:")
    line = line.removeprefix("Invalid jmespath expression: ").removeprefix("Bad jmespath expression: ")
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"  # it may cite a token, or a value
