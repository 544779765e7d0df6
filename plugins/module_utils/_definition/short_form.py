# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short form: one path, and lists of the values that end the wait or let it go on."""

from __future__ import annotations

from .fields import Fields
from .model import Acceptor, Matcher, State
from .problem import Problem

_ERRORS = (
    ("success_errors", State.SUCCESS),
    ("failure_errors", State.FAILURE),
    ("retry_errors", State.RETRY),
)
_VALUES = ("success", "failure", "pending")
KEYS = {key: key for key in ("path", *_VALUES, *(key for key, _state in _ERRORS))}


def read_acceptors(fields: Fields) -> tuple[Acceptor, ...]:
    """The acceptors in the order in which the short form is judged: errors, failure, success, pending.

    On a projection success means that all items match, failure that any does. Where ``pending`` is given, a value in
    none of the lists is a failure, asked before ``pending`` so that one item on its way doesn't hide another's end.
    """
    acceptors = []
    for key, state in _ERRORS:
        codes = fields.scalars(key)
        if codes:
            acceptors.append(Acceptor(state, Matcher.ERROR, codes, expected_at=fields.path(key)))
    if not any(key in fields for key in _VALUES):
        if "path" in fields:
            fields.problems.append(
                Problem(
                    fields.path("path"),
                    "has no list of values (success, failure, pending)",
                )
            )
        return tuple(acceptors)
    path = fields.expression("path", required=True)
    success, failure, pending = (fields.scalars(key) for key in _VALUES)
    if path is None:
        return tuple(acceptors)
    any_item, all_items = (Matcher.PATH_ANY, Matcher.PATH_ALL) if path.is_projection else (Matcher.PATH, Matcher.PATH)

    def add(state: State, matcher: Matcher, values: tuple[object, ...], key: str, negated: bool = False) -> None:
        if values:
            acceptors.append(Acceptor(state, matcher, values, path, negated, fields.path("path"), fields.path(key)))

    add(State.FAILURE, any_item, failure, "failure")
    add(State.SUCCESS, all_items, success, "success")
    if pending:
        add(State.FAILURE, any_item, (*success, *failure, *pending), "pending", negated=True)
    add(State.RETRY, any_item, pending, "pending")
    return tuple(acceptors)
