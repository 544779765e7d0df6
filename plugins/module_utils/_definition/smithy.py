# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Smithy: an entry of the trait ``smithy.waiters#waitable`` (smithy.io, "Waiters"), with its operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from .fields import Fields
from .long_form import each_acceptor
from .model import Acceptor, Matcher, State
from .problem import Problem, cite

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


def is_smithy(raw: Mapping[Any, Any]) -> bool:
    """Whether a mapping's acceptors are Smithy's: their matchers are mappings, where botocore's are names."""
    acceptors = raw.get("acceptors")
    return isinstance(acceptors, (list, tuple)) and any(
        isinstance(item, Mapping) and isinstance(item.get("matcher"), Mapping) for item in acceptors
    )


def read_acceptors(layers: Sequence[Fields]) -> tuple[Acceptor, ...]:
    """The acceptors of the nearest layer, then those of the next."""
    return tuple(
        acceptor for fields in layers for item in each_acceptor(fields) for acceptor in _read_acceptor(item, fields)
    )


def _read_acceptor(fields: Fields, within: Fields) -> Iterator[Acceptor]:
    for key in fields.given(("argument", "expected")):
        fields.note(key, "belongs into the matcher, where Smithy has path and expected")
    state = fields.choice("state", State, required=True)
    raw, at = fields.raw("matcher"), fields.path("matcher")
    acceptor = None
    if isinstance(raw, Mapping):
        matcher = Fields(raw, _MATCHER_KEYS, at)
        kinds = [kind for kind in _KINDS if kind in matcher]
        if len(kinds) == 1:
            acceptor = _KINDS[kinds[0]](state or State.RETRY, matcher)
        elif kinds or not matcher.problems:
            text = f"must have exactly one of {', '.join(_KINDS)}, not {', '.join(kinds) or 'none'}"
            fields.problems.append(Problem(at, text))
        fields.problems.extend(matcher.problems)
    else:
        text = f"must be a mapping like that of the other acceptors ({', '.join(_KINDS)}), not {cite(raw)}"
        fields.problems.append(Problem(at, text))
    within.problems.extend(fields.problems)
    if acceptor is not None and not fields.problems:
        yield acceptor


def _read_path(state: State, matcher: Fields, kind: str) -> Acceptor | None:
    raw, at = matcher.raw(kind), matcher.path(kind)
    if not isinstance(raw, Mapping):
        matcher.note(kind, f"must be a mapping of path, expected and comparator, not {cite(raw)}")
        return None
    fields = Fields(raw, _PATH_KEYS, at)
    argument = fields.expression("path", required=True)
    comparator = fields.choice("comparator", Comparator, required=True)
    if fields.raw("expected") is None:
        fields.note("expected", "is missing")
    expected = fields.scalars("expected")
    if comparator is Comparator.BOOLEAN_EQUALS:
        expected = tuple(_boolean(fields, value) for value in expected)
    elif comparator is not None and any(not isinstance(value, str) for value in expected):
        fields.note("expected", f"must be a text for {comparator.value}, not {cite(fields.raw('expected'))}")
    matcher.problems.extend(fields.problems)
    if argument is None or comparator is None or fields.problems:
        return None
    return Acceptor(
        state,
        _MATCHERS[comparator],
        expected,
        argument,
        with_input=kind == "inputOutput",
        argument_at=fields.path("path"),
        expected_at=fields.places("expected"),
    )


def _boolean(fields: Fields, value: Any) -> Any:
    found = value if isinstance(value, bool) else _BOOLEANS.get(value) if isinstance(value, str) else None
    if found is None:
        fields.note("expected", f"must be true or false for booleanEquals, not {cite(value)}")
    return found


def _read_error_type(state: State, matcher: Fields) -> Acceptor | None:
    codes = matcher.scalars("errorType")
    if not codes or any(not isinstance(code, str) or not code for code in codes):
        matcher.note("errorType", f"must be the name of an error, not {cite(matcher.raw('errorType'))}")
        return None
    # a shape id may be absolute: com.amazonaws.s3#NoSuchBucket
    names = tuple(code.rsplit("#", 1)[-1] for code in codes)
    return Acceptor(state, Matcher.ERROR, names, expected_at=matcher.places("errorType"))


def _read_success(state: State, matcher: Fields) -> Acceptor | None:
    raw = matcher.raw("success")
    if not isinstance(raw, bool):
        matcher.note("success", f"must be true or false, not {cite(raw)}")
        return None
    return Acceptor(state, Matcher.ERROR, (not raw,), expected_at=matcher.places("success"))


_KINDS: Mapping[str, Callable[[State, Fields], Acceptor | None]] = {
    "output": lambda state, matcher: _read_path(state, matcher, "output"),
    "inputOutput": lambda state, matcher: _read_path(state, matcher, "inputOutput"),
    "errorType": _read_error_type,
    "success": _read_success,
}
