# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Smithy: an entry of the trait ``smithy.waiters#waitable`` (smithy.io, "Waiters"), with its operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from .fields import Fields
from .long_form import read_each
from .model import Acceptor, Fragment, Matcher, State
from .problem import cite

KEYS = {
    "minDelay": "delay",
    "min_delay": "delay",
    "documentation": "description",
    "deprecated": "deprecated",
    "tags": "tags",
}
MIN_DELAY, MAX_DELAY = 2.0, 120.0
"""The specification's defaults, in seconds."""
_MATCHER_KEYS = {
    "output": "output",
    "inputOutput": "inputOutput",
    "input_output": "inputOutput",
    "errorType": "errorType",
    "error_type": "errorType",
    "success": "success",
}
_PATH_KEYS = {"path": "path", "expected": "expected", "comparator": "comparator"}


class Comparator(str, Enum):
    STRING_EQUALS = "stringEquals"
    BOOLEAN_EQUALS = "booleanEquals"
    ALL_STRING_EQUALS = "allStringEquals"
    ANY_STRING_EQUALS = "anyStringEquals"


_MATCHERS = {
    Comparator.STRING_EQUALS: Matcher.PATH,
    Comparator.BOOLEAN_EQUALS: Matcher.PATH,
    Comparator.ALL_STRING_EQUALS: Matcher.PATH_ALL,
    Comparator.ANY_STRING_EQUALS: Matcher.PATH_ANY,
}
_BOOLEANS = {"true": True, "false": False}


def is_smithy(acceptors: Any) -> bool:
    """Whether these acceptors are Smithy's: their matchers are mappings, while botocore's are names."""
    return isinstance(acceptors, (list, tuple)) and any(
        isinstance(item, Mapping) and isinstance(item.get("matcher"), Mapping) for item in acceptors
    )


def read_acceptors(layers: Sequence[Fields]) -> list[Acceptor | Fragment]:
    """The acceptors of the nearest layer, then those of the next."""
    return list(read_each(layers, _read_acceptor))


def _read_acceptor(fields: Fields) -> Acceptor | Fragment:
    for key in fields.given(("argument", "expected")):
        fields.note(key, "belongs in the matcher, where Smithy has path and expected")
    state = fields.choice("state", State, required=True)
    raw, at = fields.raw("matcher"), fields.path("matcher")
    if not isinstance(raw, Mapping):
        text = f"must be a mapping as in the other acceptors ({', '.join(_KINDS)}), not {cite(raw)}"
        fields.note("matcher", text)
        return Fragment(state)
    matcher = Fields(raw, _MATCHER_KEYS, at)
    kinds = [kind for kind in _KINDS if kind in matcher]
    part = Fragment(state)
    if len(kinds) == 1:
        part = _KINDS[kinds[0]](state, matcher)
    elif kinds or not matcher.problems:
        text = f"must have exactly one of {', '.join(_KINDS)}, not {', '.join(kinds) or 'none'}"
        fields.note("matcher", text)
    fields.problems.extend(matcher.problems)
    return (part.whole() if not matcher.problems else None) or part


def _read_path(state: State | None, matcher: Fields, kind: str) -> Fragment:
    raw, at = matcher.raw(kind), matcher.path(kind)
    if not isinstance(raw, Mapping):
        matcher.note(kind, f"must be a mapping with path, expected and comparator, not {cite(raw)}")
        return Fragment(state)
    fields = Fields(raw, _PATH_KEYS, at)
    argument = fields.expression("path", required=True)
    comparator = fields.choice("comparator", Comparator, required=True)
    if fields.raw("expected") is None:
        fields.miss("expected")
    listed = fields.listed("expected")
    if comparator is Comparator.BOOLEAN_EQUALS:
        listed = [(_boolean(fields, value), place) for value, place in listed]
    elif comparator is None:  # a string may stand for a boolean
        listed = [(value, place) for value, place in listed if value not in _BOOLEANS]
    elif any(not isinstance(value, str) for value, _place in listed):
        fields.note("expected", f"must be a string for {comparator.value}, not {cite(fields.raw('expected'))}")
        listed = []
    matcher.problems.extend(fields.problems)
    return Fragment(
        state,
        _MATCHERS[comparator] if comparator is not None else None,
        tuple(value for value, _place in listed if value is not None),
        argument,
        with_input=kind == "inputOutput",
        argument_at=fields.path("path"),
        expected_at=tuple(place for value, place in listed if value is not None),
    )


def _boolean(fields: Fields, value: Any) -> Any:
    found = value if isinstance(value, bool) else _BOOLEANS.get(value) if isinstance(value, str) else None
    if found is None:
        fields.note("expected", f"must be true or false for booleanEquals, not {cite(value)}")
    return found


def _read_error_type(state: State | None, matcher: Fields) -> Fragment:
    listed = matcher.listed("errorType")
    codes = [(code, at) for code, at in listed if isinstance(code, str) and code]
    if not codes or len(codes) < len(listed):
        matcher.note("errorType", f"must be the name of an error, not {cite(matcher.raw('errorType'))}")
    # a shape id may be absolute: com.amazonaws.s3#NoSuchBucket
    names = tuple(code.rsplit("#", 1)[-1] for code, _at in codes)
    return Fragment(state, Matcher.ERROR, names, expected_at=tuple(at for _code, at in codes))


def _read_success(state: State | None, matcher: Fields) -> Fragment:
    raw = matcher.raw("success")
    if not isinstance(raw, bool):
        matcher.note("success", f"must be true or false, not {cite(raw)}")
        return Fragment(state)
    return Fragment(state, Matcher.ERROR, (not raw,), expected_at=(matcher.path("success"),))


_KINDS: Mapping[str, Callable[[State | None, Fields], Fragment]] = {
    "output": lambda state, matcher: _read_path(state, matcher, "output"),
    "inputOutput": lambda state, matcher: _read_path(state, matcher, "inputOutput"),
    "errorType": _read_error_type,
    "success": _read_success,
}
