# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument and result types of JMESPath's functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..._definition.text import listed
from .value_types import UNKNOWN, Kind, Mistake, Type, any_of


class Function(NamedTuple):
    """``takes``: the names of JMESPath's types for each argument (none: any). ``gives``: the type of the result.

    ``variadic``: the last argument may be repeated. ``each``: the positions of the list and of the ``&expression`` that
    is evaluated on its items. ``seeks``: the second argument is searched for among the items of the first.
    """

    takes: tuple[tuple[str, ...], ...]
    gives: Callable[[str, Sequence[Type]], Type]
    variadic: bool = False
    each: tuple[int, int] | None = None
    seeks: bool = False

    def mistake(self, name: str, arguments: Sequence[Type]) -> Mistake | None:
        """Why the call fails for every response; None if it may succeed."""
        wanted, given = len(self.takes), len(arguments)
        if given < wanted or (given > wanted and not self.variadic):
            least = "at least " if self.variadic else ""
            return Mistake(f"{name}() takes {least}{wanted} argument{'s' if wanted > 1 else ''}, not {given}")
        for place, (argument, words) in enumerate(zip(arguments, self.takes, strict=False), 1):
            if words and not any(_fits(argument, word) for word in words):
                takes = listed([_WORDS[word] for word in words], "or")
                return Mistake(f"{name}() takes {takes} as argument {place}{_as_seen(argument)}")
        if self.seeks and arguments[0].kind is Kind.LIST and arguments[1].literal and arguments[1].values:
            return arguments[0].item.refusal(arguments[1].values[0])
        return None


_FITS = {
    "number": {Kind.INTEGER, Kind.NUMBER, Kind.TIME, Kind.UNKNOWN},
    "string": {Kind.STRING, Kind.TIME, Kind.UNKNOWN},
    "array": {Kind.LIST, Kind.UNKNOWN},
    "object": {Kind.STRUCTURE, Kind.MAP, Kind.UNKNOWN},
    "expref": {Kind.EXPRESSION},
}
_WORDS = {
    "number": "a number",
    "string": "a string",
    "array": "a list",
    "object": "a mapping",
    "expref": "an expression (&…)",
    "array-number": "a list of numbers",
    "array-string": "a list of strings",
}


def _fits(argument: Type, word: str) -> bool:
    outer, _dash, inner = word.partition("-")
    if argument.kind not in _FITS[outer]:
        return False
    return not inner or argument.kind is Kind.UNKNOWN or argument.item.kind in _FITS[inner] | {Kind.NULL}


def _as_seen(argument: Type) -> str:
    if argument.kind is Kind.UNKNOWN:
        return ""
    each = f" in which each item is {argument.item.kind.value}" if argument.kind is Kind.LIST else ""
    return f", but {argument.label} is {argument.kind.value}{each}"


def _gives(kind: Kind, *values: str) -> Callable[[str, Sequence[Type]], Type]:
    return lambda name, _arguments: Type(kind, f"{name}()", values=values or None)


def _same(_name: str, arguments: Sequence[Type]) -> Type:
    return arguments[0]


def _item(_name: str, arguments: Sequence[Type]) -> Type:
    return arguments[0].item


def _list_of(name: str, item: Type) -> Type:
    return Type(Kind.LIST, item.name or f"{name}()", inner=item)


def _as_list(name: str, arguments: Sequence[Type]) -> Type:
    return arguments[0] if arguments[0].kind is Kind.LIST else _list_of(name, arguments[0])


def _reversed(_name: str, arguments: Sequence[Type]) -> Type:
    return arguments[0] if arguments[0].kind is Kind.LIST else arguments[0]._replace(values=None)


def _values(name: str, arguments: Sequence[Type]) -> Type:
    return _list_of(name, values_of(arguments[0]))


def values_of(mapping: Type) -> Type:
    """The common type of a structure's members or a mapping's values."""
    if mapping.kind is Kind.STRUCTURE:
        return any_of(mapping.member(name) or UNKNOWN for name in mapping.names)
    return mapping.item


_NUMBER, _STRING, _ARRAY, _OBJECT, _EXPREF = (("number",), ("string",), ("array",), ("object",), ("expref",))
_NUMBERS, _SORTABLE, _ANY = ("array-number",), ("array-number", "array-string"), ()
_A_NUMBER, _A_TEXT, _A_BOOLEAN = _gives(Kind.NUMBER), _gives(Kind.STRING), _gives(Kind.BOOLEAN)

FUNCTIONS: Mapping[str, Function] = {
    "abs": Function((_NUMBER,), _same),
    "avg": Function((_NUMBERS,), _A_NUMBER),
    "ceil": Function((_NUMBER,), _gives(Kind.INTEGER)),
    "contains": Function((("array", "string"), _ANY), _A_BOOLEAN, seeks=True),
    "ends_with": Function((_STRING, _STRING), _A_BOOLEAN),
    "floor": Function((_NUMBER,), _gives(Kind.INTEGER)),
    "join": Function((_STRING, ("array-string",)), _A_TEXT),
    "keys": Function((_OBJECT,), lambda name, _: _list_of(name, Type(Kind.STRING, f"{name}()"))),
    "length": Function((("string", "array", "object"),), _gives(Kind.INTEGER)),
    "map": Function((_EXPREF, _ARRAY), lambda name, given: _list_of(name, given[0].item), each=(1, 0)),
    "max": Function((_SORTABLE,), _item),
    "max_by": Function((_ARRAY, _EXPREF), _item, each=(0, 1)),
    "merge": Function((_OBJECT,), lambda _name, _given: UNKNOWN, variadic=True),
    "min": Function((_SORTABLE,), _item),
    "min_by": Function((_ARRAY, _EXPREF), _item, each=(0, 1)),
    "not_null": Function((_ANY,), lambda _name, given: any_of(given), variadic=True),
    "reverse": Function((("array", "string"),), _reversed),
    "sort": Function((_SORTABLE,), _same),
    "sort_by": Function((_ARRAY, _EXPREF), _same, each=(0, 1)),
    "starts_with": Function((_STRING, _STRING), _A_BOOLEAN),
    "sum": Function((_NUMBERS,), _A_NUMBER),
    "to_array": Function((_ANY,), _as_list),
    "to_number": Function((_ANY,), _A_NUMBER),
    "to_string": Function((_ANY,), _A_TEXT),
    "type": Function((_ANY,), _gives(Kind.STRING, "array", "boolean", "null", "number", "object", "string")),
    "values": Function((_OBJECT,), _values),
}
