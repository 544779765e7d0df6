# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks possible secrets in the arguments of a task that failed before they were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._aws.botocore_imports import HAS_BOTOCORE
from .._aws.models import Models
from .._aws.response import MASK
from .._aws.shapes import children, members_of


def concealed(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a task that haven't been read yet, with the possible secrets in ``params`` masked.

    A value is masked if the services' models mark its name as sensitive, or don't know the name.
    """
    waits = args.get("waits")
    entries = waits if isinstance(waits, list) else []
    named = [task.get("service") for task in (args, *entries) if isinstance(task, Mapping)]
    plain = _plain_names(dict.fromkeys(service for service in named if isinstance(service, str)))

    def without(task: Any) -> Any:
        if not isinstance(task, Mapping):
            return MASK
        return {**task, **({"params": _concealed(task["params"], plain)} if task.get("params") else {})}

    return {**without(args), **({"waits": [without(entry) for entry in entries] or MASK} if waits else {})}


def _concealed(value: Any, plain: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _concealed_items(item, plain) if name in plain else MASK for name, item in value.items()}
    return MASK


def _concealed_items(value: Any, plain: frozenset[str]) -> Any:
    """The value of a name that isn't sensitive: strings are shown; the members of mappings are masked by name."""
    if isinstance(value, list):
        return [_concealed_items(item, plain) for item in value]
    return _concealed(value, plain) if isinstance(value, Mapping) else value


def _plain_names(services: Iterable[str]) -> frozenset[str]:
    """The names of members that none of these services' models marks as sensitive; none for unknown services."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    models = Models()
    for service in services if HAS_BOTOCORE else ():
        if models.service_problems(service):
            continue
        model = models.service_model(service)
        for shape in map(model.shape_for, model.shape_names):
            for name, member in members_of(shape).items():
                found[_is_sensitive(member)].add(name)
    return frozenset(found[False] - found[True])


def _is_sensitive(shape: Any) -> bool:
    """Whether the values, or the items in them, are marked as sensitive."""
    while shape.type_name in ("list", "map") and not shape.metadata.get("sensitive"):
        *_keys, shape = children(shape)
    return bool(shape.metadata.get("sensitive"))
