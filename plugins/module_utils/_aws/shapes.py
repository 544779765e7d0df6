# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members, items, keys and values of botocore's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def children(shape: Any) -> list[Any]:
    """The shapes within a shape: a structure's members, a list's items, a map's keys and values."""
    if shape.type_name == "structure":
        return list(shape.members.values())
    if shape.type_name == "list":
        return [shape.member]
    return [shape.key, shape.value] if shape.type_name == "map" else []


def is_nested(shape: Any) -> bool:
    """Whether its values contain others."""
    return shape.type_name in ("structure", "list", "map")


def members_of(shape: Any) -> Mapping[str, Any]:
    """The members of a structure; empty for any other shape."""
    members: Mapping[str, Any] = shape.members if shape.type_name == "structure" else {}
    return members


def value_of(shape: Any, name: Any) -> Any:
    """The shape of a structure's member or a map's value; None if that isn't known."""
    kind = getattr(shape, "type_name", None)
    return shape.value if kind == "map" else shape.members.get(name) if kind == "structure" else None


def item_of(shape: Any) -> Any:
    """The shape of a list's items; None for anything else."""
    return shape.member if getattr(shape, "type_name", None) == "list" else None


def item_or_self(shape: Any) -> Any:
    """The shape of a list's items; any other shape itself."""
    return item_of(shape) or shape
