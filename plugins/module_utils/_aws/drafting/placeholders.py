# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of an operation that a user must fill in: the required ones, and the one that names a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..id_params import id_params, narrows
from ..names import ID_SUFFIXES, noun_of, singular

CHANGE_ME = "CHANGE_ME"
_DEEPEST = 8


def placeholders(service: str, operation_model: Any) -> dict[str, Any]:
    """Parameters of the operation, each with a placeholder of the right type."""
    shape = operation_model.input_shape
    if shape is None:
        return {}
    required = list(shape.required_members)
    naming = [id_param.name for id_param in id_params(service, operation_model)]
    if not naming and not required:
        naming = list(_lone(service, operation_model))
    # one is enough, and several usually exclude one another
    added = naming[:1] if set(naming).isdisjoint(required) else []
    return {name: _placeholder(shape.members[name]) for name in (*required, *added)}


def _lone(service: str, operation_model: Any) -> Iterator[str]:
    """The plain parameters that name one resource, those named after the operation's noun first."""
    members = operation_model.input_shape.members
    noun = singular(noun_of(operation_model.name)).casefold()
    texts = [name for name, member in members.items() if member.type_name == "string" and not member.enum]
    for end in (*ID_SUFFIXES, ""):
        yield from (name for name in texts if name.casefold() in (f"{noun}{end}".casefold(), end.casefold()))
    yield from (name for name in texts if narrows(service, operation_model, name))


def _placeholder(shape: Any, depth: int = 0) -> Any:
    if shape.metadata.get("document"):
        return {}
    fill = _FILL.get(shape.type_name)
    return fill(shape, depth) if fill is not None else CHANGE_ME


def _text(shape: Any, _depth: int) -> str:
    return CHANGE_ME.ljust(_least(shape), "_")


def _number(shape: Any, _depth: int) -> int:
    return max(0, _least(shape))


def _list(shape: Any, depth: int) -> list[Any]:
    return [_placeholder(shape.member, depth + 1) for _index in range(_count(shape, depth))]


def _map(shape: Any, depth: int) -> dict[str, Any]:
    keys = getattr(shape.key, "enum", None) or [f"{_text(shape.key, depth)}{index or ''}" for index in range(99)]
    return {key: _placeholder(shape.value, depth + 1) for key in keys[: _count(shape, depth)]}


def _structure(shape: Any, depth: int) -> dict[str, Any]:
    names = list(shape.members)[:1] if getattr(shape, "is_tagged_union", False) else shape.required_members
    return {name: _placeholder(shape.members[name], depth + 1) for name in names}


def _count(shape: Any, depth: int) -> int:
    """The number of items: one to copy, or the model's minimum; none at the maximum depth, as shapes may recurse."""
    return max(1 if depth < _DEEPEST else 0, _least(shape))


def _least(shape: Any) -> int:
    return int(shape.metadata.get("min", 0))


_FILL: Mapping[str, Callable[[Any, int], Any]] = {
    "string": _text,
    "character": _text,
    "integer": _number,
    "long": _number,
    "float": _number,
    "double": _number,
    "boolean": lambda _shape, _depth: False,
    "timestamp": lambda _shape, _depth: "2030-01-01T00:00:00Z",
    "list": _list,
    "map": _map,
    "structure": _structure,
}
