# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the members of a response that look like the state of a resource, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .names import noun_of, singular
from .shapes import item_or_self

_STATE = re.compile(r"(status|state|phase)(code|value)?$|^life_?cycle(stage)?$|^stage$", re.IGNORECASE)
_THE_STATE = re.compile(r"(life_?cycle)?(status|state)(value)?$|^life_?cycle$|^stage$", re.IGNORECASE)
_FREE_TEXT = re.compile(r"(status|state)$", re.IGNORECASE)
"""Stricter, for members without an enum: many have the name of a state without being one."""
_WITHIN = frozenset({"code", "name", "value"})
"""The names of the state within a structure (``State.Name``)."""
_ADDRESS = frozenset({"city", "country", "countrycode", "postalcode", "zipcode"})
"""Members next to a state that is part of a postal address."""
_DEEPEST = 5


@dataclass(frozen=True)
class StateMember:
    """A state-like member: the expression that selects it and the values of its enum, none for free text."""

    path: str
    values: tuple[str, ...]
    name: str = field(compare=False)
    """The word for the state: the member's name, or its structure's (``State`` for ``State.Name``)."""
    depth: int = field(compare=False)


def state_members(operation_model: Any, known: Iterable[str] = ()) -> list[StateMember]:
    """The state-like members of the response, best first.

    A state is likely to be waited for if it is near the root, has an enum and is named after the operation's noun; or
    if other waiters wait for it: ``known`` has their paths, the more important first.
    """
    output = operation_model.output_shape
    if output is None:
        return []
    noun = singular(noun_of(operation_model.name))
    ranks = {path: rank for rank, path in enumerate(known)}

    def oddity(member: StateMember) -> tuple[int, int, bool]:
        strange = 0 if member.path in ranks else 2 * (not _is_state_of(noun, member.name)) + (not member.values)
        return member.depth + strange, ranks.get(member.path, len(ranks)), member.name != noun

    found = {member.path: member for member in _Walk().members(output, "", 1)}
    return sorted(found.values(), key=oddity)


def is_state_name(name: str) -> bool:
    """Whether a member or shape of that name counts as a state."""
    return _STATE.search(name) is not None


class _Walk:
    """One walk over a shape, which may contain itself."""

    def __init__(self) -> None:
        self._within: list[str] = []

    def members(self, structure: Any, prefix: str, depth: int, state: str | None = None) -> Iterator[StateMember]:
        """``state``: the name of the structure, if it looks like a state itself."""
        if depth > _DEEPEST or structure.name in self._within:
            return
        self._within.append(structure.name)
        in_address = not _ADDRESS.isdisjoint(map(str.casefold, structure.members))
        for name, shape in structure.members.items():
            if not name.isidentifier() or not name.isascii():
                continue
            if shape.type_name == "string":
                yield from _state(name, shape, f"{prefix}{name}", depth, state, in_address)
                continue
            inner = item_or_self(shape)
            if inner.type_name == "structure" and _is_open(inner):
                is_list = inner is not shape
                own_state = name if not is_list and is_state_name(name) else None
                yield from self.members(inner, f"{prefix}{name}{'[]' if is_list else ''}.", depth + 1, own_state)
        self._within.pop()


def _state(
    name: str, shape: Any, path: str, depth: int, structure: str | None, in_address: bool
) -> Iterator[StateMember]:
    values = tuple(dict.fromkeys(shape.enum))
    if structure is not None and (name.casefold() in _WITHIN or is_state_name(name)):
        yield StateMember(path, values, structure, depth - 1)
    elif is_state_name(name) and (values or (_FREE_TEXT.search(name) and not in_address)):
        yield StateMember(path, values, name, depth)


def _is_open(structure: Any) -> bool:
    """Whether its members are known: not for a document or an event stream."""
    return not structure.metadata.get("document") and not structure.serialization.get("eventstream")


def _is_state_of(noun: str, name: str) -> bool:
    """Whether the member is named Status or State, or so after the noun (``DBInstanceStatus`` of ``DBInstances``)."""
    stem = _THE_STATE.sub("", name).casefold()
    noun = _THE_STATE.sub("", noun).casefold()
    return bool(_THE_STATE.search(name)) and noun.endswith(stem)
