# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The types that a value in a response can have, as far as the service model says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import reduce
from typing import Any, NamedTuple

from ..._definition.problem import cite, nearest
from ..shapes import value_of

_FEW = 12
"""More names than these aren't listed in a message."""


class Kind(str, Enum):
    """The kinds of values, with their names in messages."""

    UNKNOWN = "anything"
    NULL = "nothing"
    BOOLEAN = "a boolean"
    INTEGER = "an integer"
    NUMBER = "a number"
    STRING = "a string"
    TIME = "a time"
    LIST = "a list"
    STRUCTURE = "a structure"
    MAP = "a mapping"
    EXPRESSION = "an expression"


class Mistake(NamedTuple):
    """A mistake, and what was probably meant."""

    text: str
    suggestion: str | None = None


class Type(NamedTuple):
    """The type of a value. ``name``: its path in the response (``Certificate.Status``); "" is the response itself.

    Members and items are either given (``fields``, ``inner``: lists, mappings and literals in the expression) or read
    from the model's ``shape`` on demand, because models are large and shapes may be recursive. ``values``: the only
    possible ones (None: any of its kind). ``literal``: the value is part of the expression.
    """

    kind: Kind
    name: str = ""
    shape: Any = None
    fields: Mapping[str, Type] | None = None
    inner: Type | None = None
    values: tuple[Any, ...] | None = None
    literal: bool = False

    @property
    def label(self) -> str:
        return self.name or "the response"

    @property
    def item(self) -> Type:
        """The items of a list, or the values of a mapping."""
        if self.inner is not None:
            return self.inner
        if self.shape is None:
            return UNKNOWN
        if self.kind is Kind.MAP:
            return of_shape(self.shape.value, below(self.name, "*"))
        return of_shape(self.shape.member, f"{self.name}[]")

    @property
    def names(self) -> list[str]:
        """The members of a structure, or the known keys of a mapping."""
        written = list(self.fields or ())
        if self.kind is Kind.MAP:
            return written + (list(getattr(self.shape.key, "enum", ())) if self.shape is not None else [])
        return (list(self.shape.members) if self.shape is not None else []) + written

    def member(self, name: str) -> Type | None:
        """The member of exactly that name, or None."""
        if self.fields is not None and name in self.fields:
            return self.fields[name]
        if self.kind is Kind.MAP:
            keys = self.names if self.shape is not None else None
            return None if keys and name not in keys else self.item
        found = value_of(self.shape, name)
        return of_shape(found, below(self.name, name)) if found is not None else None

    def refusal(self, value: Any) -> Mistake | None:
        """Why no value of this type equals the scalar ``value``; None if one may."""
        kind = kind_of(value)
        if kind not in _EQUALS.get(self.kind, _EVERYTHING):
            return Mistake(f"{cite(value)} is {kind.value}, but {self.label} is {self.kind.value}")
        # in Python 1 == True, but the kinds have been compared above
        if self.values is None or value in self.values:
            return None
        near = nearest(value, map(str, self.values)) if isinstance(value, str) else None
        return Mistake(f"{cite(value)} is not a value of {self.label}{choice(self.values, near)}", near)


UNKNOWN = Type(Kind.UNKNOWN)
NULL = Type(Kind.NULL, "null")

_EVERYTHING = frozenset(Kind)
_EQUALS: Mapping[Kind, frozenset[Kind]] = {
    Kind.BOOLEAN: frozenset({Kind.BOOLEAN}),
    Kind.INTEGER: frozenset({Kind.INTEGER}),
    Kind.NUMBER: frozenset({Kind.INTEGER, Kind.NUMBER}),
    Kind.STRING: frozenset({Kind.STRING}),
    # seconds since 1970 or a date as a string: both may equal a time
    Kind.TIME: frozenset({Kind.INTEGER, Kind.NUMBER, Kind.STRING}),
    Kind.LIST: frozenset({Kind.LIST}),
    Kind.STRUCTURE: frozenset({Kind.STRUCTURE}),
    Kind.MAP: frozenset({Kind.STRUCTURE}),
}
_BY_SHAPE = {
    "boolean": Kind.BOOLEAN,
    "integer": Kind.INTEGER,
    "long": Kind.INTEGER,
    "float": Kind.NUMBER,
    "double": Kind.NUMBER,
    "string": Kind.STRING,
    "character": Kind.STRING,
    "timestamp": Kind.TIME,
    "list": Kind.LIST,
    "structure": Kind.STRUCTURE,
    "map": Kind.MAP,
}
_BY_PYTHON = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    str: Kind.STRING,
    list: Kind.LIST,
    dict: Kind.STRUCTURE,
}


def of_shape(shape: Any, name: str) -> Type:
    """The type of a botocore shape; unknown for documents, streams and JSON in headers, which may have anything."""
    kind = _BY_SHAPE.get(shape.type_name)
    special = shape.metadata.get("document") or {"streaming", "eventstream", "jsonvalue"} & shape.serialization.keys()
    if kind is None or special:
        return Type(Kind.UNKNOWN, name)
    if kind is Kind.STRING:
        return Type(kind, name, values=tuple(shape.enum) or None)
    return Type(kind, name, shape)


def of_literal(value: Any, name: str = "the literal") -> Type:
    """The type of a literal in an expression."""
    kind = kind_of(value)
    if kind is Kind.LIST:
        return Type(kind, name, literal=True, inner=any_of([of_literal(item, f"{name}[]") for item in value]))
    if kind is Kind.STRUCTURE:
        fields = {key: of_literal(item, below(name, key)) for key, item in value.items()}
        return Type(kind, name, fields=fields, literal=True)
    return Type(kind, name, values=None if kind is Kind.NULL else (value,), literal=True)


def kind_of(value: Any) -> Kind:
    """The kind of a Python value; a whole float counts as an integer, as it equals one."""
    if isinstance(value, float):
        return Kind.INTEGER if value.is_integer() else Kind.NUMBER
    return _BY_PYTHON.get(type(value), Kind.UNKNOWN)


def any_of(types: Iterable[Type]) -> Type:
    """The type of a value that is one of ``types``; unknown if they differ too much."""
    return reduce(either, types, NULL)


def either(first: Type, second: Type) -> Type:
    if first.kind is Kind.NULL or second.kind is Kind.NULL:
        return second if first.kind is Kind.NULL else first
    if {first.kind, second.kind} == {Kind.INTEGER, Kind.NUMBER}:
        return Type(Kind.NUMBER, first.name)
    if first.kind is not second.kind:
        return UNKNOWN
    if first.shape is not None and second.shape is not None and first.shape.name == second.shape.name:
        return first
    if first.kind is Kind.LIST:
        return Type(Kind.LIST, first.name, inner=either(first.item, second.item))
    if first.kind in (Kind.STRUCTURE, Kind.MAP):
        return UNKNOWN
    if first.values is None or second.values is None:
        return Type(first.kind, first.name)
    return Type(first.kind, first.name, values=tuple(dict.fromkeys((*first.values, *second.values))))


def below(name: str, member: str) -> str:
    return f"{name}.{member}" if name else member


def choice(names: Iterable[object], near: str | None) -> str:
    """Lists the valid names in parentheses if none is near and there are only a few."""
    listed = list(dict.fromkeys(map(str, names)))
    if near is not None or not 0 < len(listed) <= _FEW:
        return ""
    return f" (valid: {', '.join(listed)})"
