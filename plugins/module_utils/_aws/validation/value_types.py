# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a value in an answer can be, as far as the service model tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import reduce
from typing import Any, NamedTuple

from ..._definition.problem import cite, nearest
from ..shapes import value_of

_FEW = 12
"""So many names are worth reading in a message; more are left out."""


class Kind(str, Enum):
    """The kinds of values; each value is the word for it in messages."""

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
    """Something that can't be right, and what was probably meant."""

    text: str
    suggestion: str | None = None


class Type(NamedTuple):
    """What is known of a value. ``name`` says where it comes from (``Certificate.Status``); "" is the answer itself.

    Members and items are either written here (``fields``, ``inner``: the author's own lists, mappings and literals) or
    read from the model's ``shape`` when asked for: models are large, and shapes may contain themselves.
    ``values`` are the only ones possible (None: any of its kind). A ``literal`` is what the author wrote, not AWS.
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
        """What stands in a list, or behind any key of a mapping."""
        if self.inner is not None:
            return self.inner
        if self.shape is None:
            return UNKNOWN
        if self.kind is Kind.MAP:
            return of_shape(self.shape.value, below(self.name, "*"))
        return of_shape(self.shape.member, f"{self.name}[]")

    @property
    def names(self) -> list[str]:
        """The members of a structure, the known keys of a mapping."""
        written = list(self.fields or ())
        if self.kind is Kind.MAP:
            return written + (list(getattr(self.shape.key, "enum", ())) if self.shape is not None else [])
        return (list(self.shape.members) if self.shape is not None else []) + written

    def member(self, name: str) -> Type | None:
        """The member of that very name, or None where there is none."""
        if self.fields is not None and name in self.fields:
            return self.fields[name]
        if self.kind is Kind.MAP:
            keys = self.names if self.shape is not None else None
            return None if keys and name not in keys else self.item
        found = value_of(self.shape, name)
        return of_shape(found, below(self.name, name)) if found is not None else None

    def refusal(self, value: Any) -> Mistake | None:
        """Why nothing of this type ever equals the scalar ``value``; None where something may."""
        kind = kind_of(value)
        if kind not in _EQUALS.get(self.kind, _EVERYTHING):
            return Mistake(f"{cite(value)} is {kind.value}, but {self.label} is {self.kind.value}")
        # 1 is true for Python, not for AWS; but kinds have been compared above
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
    # seconds since 1970 or the text of a date: who waits for one exact time knows which
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
    """The type of a botocore shape. Documents, streams and JSON in headers are unknown: anything may be in them."""
    kind = _BY_SHAPE.get(shape.type_name)
    special = shape.metadata.get("document") or {"streaming", "eventstream", "jsonvalue"} & shape.serialization.keys()
    if kind is None or special:
        return Type(Kind.UNKNOWN, name)
    if kind is Kind.STRING:
        return Type(kind, name, values=tuple(shape.enum) or None)
    return Type(kind, name, shape)


def of_literal(value: Any, name: str = "the literal") -> Type:
    """The type of a value that stands in the expression itself."""
    kind = kind_of(value)
    if kind is Kind.LIST:
        return Type(kind, name, literal=True, inner=any_of([of_literal(item, f"{name}[]") for item in value]))
    if kind is Kind.STRUCTURE:
        fields = {key: of_literal(item, below(name, key)) for key, item in value.items()}
        return Type(kind, name, fields=fields, literal=True)
    return Type(kind, name, values=None if kind is Kind.NULL else (value,), literal=True)


def kind_of(value: Any) -> Kind:
    """The kind of a Python value; a whole float is an integer, as it equals one."""
    if isinstance(value, float):
        return Kind.INTEGER if value.is_integer() else Kind.NUMBER
    return _BY_PYTHON.get(type(value), Kind.UNKNOWN)


def any_of(types: Iterable[Type]) -> Type:
    """The type of a value that is one of ``types``; unknown where they have too little in common."""
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
    """The end of a sentence that lists what there is, where nothing is near and the list is short enough to read."""
    listed = list(dict.fromkeys(map(str, names)))
    if near is not None or not 0 < len(listed) <= _FEW:
        return ""
    return f" (valid: {', '.join(listed)})"
