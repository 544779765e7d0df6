# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short form: one path, and lists of the values that end the wait or let it continue."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from .expression import Expression
from .fields import Fields
from .model import Acceptor, Fragment, Matcher, State

_ERRORS = {
    "success_errors": State.SUCCESS,
    "failure_errors": State.FAILURE,
    "retry_errors": State.RETRY,
}
_VALUES = ("success", "failure", "pending", "retry")
KEYS = {key: key for key in ("path", *_VALUES, *_ERRORS)}

Listed = list[tuple[Any, str]]
"""Values, each with its path."""


def read_acceptors(layers: Sequence[Fields]) -> list[Acceptor | Fragment]:
    """The acceptors in the order in which the short form is evaluated: errors, failure, success, pending.

    On a projection, success means that all items match, failure that any item does. If ``pending`` is given, a value
    in none of the lists is a failure. This is evaluated before ``pending``, so that one pending item doesn't hide the
    failure of another. ``retry`` is ``pending`` without that rule. A layer adds to the lists of the layers that it
    extends, and takes precedence over them; layers with different paths are evaluated one after the other.
    """
    acceptors: list[Acceptor | Fragment] = []
    codes = _merged(layers, tuple(_ERRORS))
    for key, state in _ERRORS.items():
        if codes[key]:
            acceptors.append(_acceptor(state, Matcher.ERROR, codes[key]))
    paths = [_path(layers[index:]) for index in range(len(layers))]
    for _path_text, group in groupby(zip(paths, layers, strict=True), key=lambda pair: pair[0] and pair[0][0]):
        alike = list(group)
        acceptors.extend(_of_path(alike[0][0], [fields for _same, fields in alike]))
    return acceptors


def _path(layers: Sequence[Fields]) -> tuple[Expression, str] | None:
    """The expression that the first layer's lists apply to, its own or inherited, and its path in the input."""
    for fields in layers:
        if "path" in fields:
            found = fields.expression("path", required=True)
            return (found, fields.path("path")) if found is not None else None
    return None


def _of_path(path: tuple[Expression, str] | None, layers: Sequence[Fields]) -> list[Acceptor | Fragment]:
    if not any(key in fields for fields in layers for key in _VALUES):
        if "path" in layers[0]:  # an inherited path may be unused
            layers[0].lack("path", "has no list of values (success, failure, pending)")
            return [Fragment(argument=path[0], argument_at=path[1])] if path is not None else []
        return []
    values = _merged(layers, _VALUES)
    if path is None:
        if not any("path" in fields for fields in layers):
            layers[0].miss("path")
        return []
    argument, argument_at = path
    any_item, all_items = (
        (Matcher.PATH_ANY, Matcher.PATH_ALL) if argument.is_projection else (Matcher.PATH, Matcher.PATH)
    )
    found: list[Acceptor | Fragment] = []
    if values["failure"]:
        found.append(_acceptor(State.FAILURE, any_item, values["failure"], argument, argument_at))
    if values["success"]:
        found.append(_acceptor(State.SUCCESS, all_items, values["success"], argument, argument_at))
    if values["pending"]:
        every = [listed for key in _VALUES for listed in values[key]]
        found.append(_acceptor(State.FAILURE, any_item, every, argument, argument_at, negated=True))
        found.append(_acceptor(State.RETRY, any_item, values["pending"], argument, argument_at))
    if values["retry"]:
        found.append(_acceptor(State.RETRY, any_item, values["retry"], argument, argument_at))
    return found or [Fragment(argument=argument, argument_at=argument_at)]


def _merged(layers: Sequence[Fields], keys: Sequence[str]) -> dict[str, Listed]:
    """The lists ``keys`` of all layers combined; a value in a nearer layer is ignored in all others."""
    merged: dict[str, Listed] = {key: [] for key in keys}
    claimed: set[Any] = set()
    for fields in layers:
        own = {key: fields.listed(key) for key in keys}
        for key, listed in own.items():
            merged[key].extend((value, at) for value, at in listed if (type(value), value) not in claimed)
        claimed.update((type(value), value) for listed in own.values() for value, _at in listed)
    return merged


def _acceptor(
    state: State,
    matcher: Matcher,
    listed: Listed,
    argument: Expression | None = None,
    argument_at: str = "",
    negated: bool = False,
) -> Acceptor:
    values, places = zip(*listed, strict=True)
    return Acceptor(state, matcher, values, argument, negated, argument_at=argument_at, expected_at=places)
