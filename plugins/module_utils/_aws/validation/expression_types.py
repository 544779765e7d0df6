# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Determines the type of a JMESPath expression from an operation's output shape, and the mistakes in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from ..._definition.expression import Expression
from ..._definition.problem import cite, nearest, short
from .value_types import UNKNOWN, Kind, Mistake, Type, any_of, below, choice, either, of_literal

Node = dict[str, Any]

# Every response has it, though no model declares it. Its other members depend on the protocol.
_METADATA = Type(
    Kind.MAP,
    "ResponseMetadata",
    inner=UNKNOWN,
    fields={
        "HTTPHeaders": Type(Kind.MAP, "ResponseMetadata.HTTPHeaders", inner=Type(Kind.STRING)),
        "HTTPStatusCode": Type(Kind.INTEGER, "ResponseMetadata.HTTPStatusCode"),
        "HostId": Type(Kind.STRING, "ResponseMetadata.HostId"),
        "RequestId": Type(Kind.STRING, "ResponseMetadata.RequestId"),
        "RetryAttempts": Type(Kind.INTEGER, "ResponseMetadata.RetryAttempts"),
    },
)


class Ending(NamedTuple):
    """The type of an expression and its mistakes. After a mistake the type is unknown, as one report is enough."""

    type: Type
    mistakes: tuple[Mistake, ...]


class Output:
    """An operation's response, as its model describes it. Results are cached by expression."""

    def __init__(self, operation_model: Any, root: Type | None = None) -> None:
        self.model = operation_model
        answer = Type(Kind.STRUCTURE, shape=operation_model.output_shape, fields={"ResponseMetadata": _METADATA})
        self._root = root or answer
        self._endings: dict[str, Ending] = {}

    @cached_property
    def with_input(self) -> Output:
        """The root of Smithy's ``inputOutput`` expressions: the request and the response, as two members."""
        request = Type(Kind.STRUCTURE, "input", shape=self.model.input_shape, fields={})
        both = {"input": request, "output": self._root._replace(name="output")}
        return Output(self.model, Type(Kind.STRUCTURE, fields=both))

    def ending(self, expression: Expression) -> Ending:
        ending = self._endings.get(expression.text)
        if ending is None:
            walk = _Walk(self.model.name)
            end = walk.to(expression.tree, self._root)
            ending = self._endings[expression.text] = Ending(end, tuple(dict.fromkeys(walk.mistakes)))
        return ending


class _Walk:
    """One walk through an expression. The current type is an argument; mistakes are collected."""

    def __init__(self, operation: str) -> None:
        self.operation = operation
        self.mistakes: list[Mistake] = []

    def to(self, node: Node, here: Type) -> Type:
        """The type of ``node`` evaluated on ``here``."""
        step = _STEPS.get(node["type"])
        return step(self, node, here) if step is not None else UNKNOWN

    def mistake(self, text: str, suggestion: str | None = None) -> Type:
        self.mistakes.append(Mistake(text, suggestion))
        return UNKNOWN

    def items(self, here: Type, sign: str) -> Type:
        """The items of the list before ``sign`` (``[]``, ``[0]``)."""
        if here.kind is Kind.LIST:
            return here.item
        if here.kind in (Kind.UNKNOWN, Kind.NULL):
            return here
        every = below(here.name, "*") if here.kind is Kind.MAP else None
        return self.mistake(f"{here.label} is {here.kind.value}, not a list: {sign} selects nothing", every)


def _field(walk: _Walk, node: Node, here: Type) -> Type:
    name: str = node["value"]
    if here.kind in (Kind.UNKNOWN, Kind.NULL):
        return here
    if here.kind is Kind.LIST:
        item = here.item
        found = item.kind is Kind.UNKNOWN or (item.kind in _NAMED and item.member(name) is not None)
        meant = below(item.name, name)
        text = f"{here.label} is a list and has no member {cite(name)}: use [] to reach its items"
        return walk.mistake(text, meant if found else None)
    if here.kind not in _NAMED:
        return walk.mistake(f"{here.label} is {here.kind.value} and has no member {cite(name)}")
    member = here.member(name)
    if member is not None:
        return member
    place = f" in {here.name}" if here.name else ""
    names = here.names
    near = nearest(name, names)
    what = "key" if here.kind is Kind.MAP else "member"
    return walk.mistake(f"the {walk.operation} response has no {what} {cite(name)}{place}{choice(names, near)}", near)


def _chain(walk: _Walk, node: Node, here: Type) -> Type:
    for child in node["children"]:
        here = walk.to(child, here)
    return here


def _index(walk: _Walk, node: Node, here: Type) -> Type:
    return walk.items(here, f"[{node['value']}]")


def _slice(walk: _Walk, node: Node, here: Type) -> Type:
    if node["children"][2] == 0:
        walk.mistake("the step of a slice can't be 0")
    walk.items(here, "[:]")
    return here if here.kind is Kind.LIST else UNKNOWN


def _flatten(walk: _Walk, node: Node, here: Type) -> Type:
    base = walk.to(node["children"][0], here)
    item = walk.items(base, "[]")
    if base.kind is not Kind.LIST:
        return UNKNOWN
    return item if item.kind is Kind.LIST else base


def _projection(walk: _Walk, node: Node, here: Type) -> Type:
    left, right = node["children"]
    return _projected(walk.to(right, walk.items(walk.to(left, here), "[*]")))


def _filter(walk: _Walk, node: Node, here: Type) -> Type:
    left, right, condition = node["children"]
    item = walk.items(walk.to(left, here), "[?…]")
    walk.to(condition, item)
    return _projected(walk.to(right, item))


def _value_projection(walk: _Walk, node: Node, here: Type) -> Type:
    from .functions import values_of

    left, right = node["children"]
    base = walk.to(left, here)
    if base.kind in _NAMED:
        item = values_of(base)
    elif base.kind in (Kind.UNKNOWN, Kind.NULL):
        item = base
    else:
        items = base.item.name if base.kind is Kind.LIST else None
        item = walk.mistake(f"{base.label} is {base.kind.value}: .* selects nothing", items)
    return _projected(walk.to(right, item))


def _projected(item: Type) -> Type:
    return Type(Kind.LIST, item.name, inner=item)


def _select_list(walk: _Walk, node: Node, here: Type) -> Type:
    return Type(Kind.LIST, "[…]", inner=any_of([walk.to(child, here) for child in node["children"]]))


def _select_dict(walk: _Walk, node: Node, here: Type) -> Type:
    return Type(Kind.STRUCTURE, "{…}", fields={pair["value"]: walk.to(pair, here) for pair in node["children"]})


def _or(walk: _Walk, node: Node, here: Type) -> Type:
    left, right = (walk.to(child, here) for child in node["children"])
    return either(left, right)


def _and(walk: _Walk, node: Node, here: Type) -> Type:
    left, right = (walk.to(child, here) for child in node["children"])
    # the left side is the result only if it is empty or false
    return either(left, right) if left.kind in (Kind.BOOLEAN, Kind.UNKNOWN) else right


def _not(walk: _Walk, node: Node, here: Type) -> Type:
    walk.to(node["children"][0], here)
    return Type(Kind.BOOLEAN, "the negation")


def _comparator(walk: _Walk, node: Node, here: Type) -> Type:
    from . import comparisons

    left, right = (walk.to(child, here) for child in node["children"])
    walk.mistakes.extend(comparisons.mistakes(node["value"], left, right))
    return Type(Kind.BOOLEAN, "the comparison")


def _function(walk: _Walk, node: Node, here: Type) -> Type:
    from .functions import FUNCTIONS  # most expressions are paths, which don't need it

    name: str = node["value"]
    arguments = [walk.to(child, here) for child in node["children"]]
    function = FUNCTIONS.get(name)
    if function is None:
        return walk.mistake(f"JMESPath has no function {short(name)}()", nearest(name, FUNCTIONS))
    mistake = function.mistake(name, arguments)
    if mistake is not None:
        return walk.mistake(mistake.text, mistake.suggestion)
    if function.each is not None:
        of, body = function.each
        inner = walk.to(node["children"][body]["children"][0], arguments[of].item)
        arguments[body] = Type(Kind.EXPRESSION, inner.name, inner=inner)
    return function.gives(name, arguments)


_NAMED = (Kind.STRUCTURE, Kind.MAP)
_STEPS: Mapping[str, Callable[[_Walk, Node, Type], Type]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "key_val_pair": _chain,
    "index": _index,
    "slice": _slice,
    "flatten": _flatten,
    "projection": _projection,
    "value_projection": _value_projection,
    "filter_projection": _filter,
    "multi_select_list": _select_list,
    "multi_select_dict": _select_dict,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "comparator": _comparator,
    "function_expression": _function,
    "expref": lambda _walk, _node, _here: Type(Kind.EXPRESSION, "&…"),
    "literal": lambda _walk, node, _here: of_literal(node["value"]),
    "identity": lambda _walk, _node, here: here,
    "current": lambda _walk, _node, here: here,
}
