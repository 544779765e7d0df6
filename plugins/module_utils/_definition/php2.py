# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiters of the AWS SDK for PHP 2: dotted keys, and one condition each for success and failure.

The rules are those of its ConfigResourceWaiter and WaiterConfig, except one: there, a matching ``failure`` of the type
``error`` counted as done; here it fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from enum import Enum

from .expression import Expression, ExpressionError
from .fields import Fields
from .model import Acceptor, Fragment, Matcher, State
from .problem import cite, short

_PARTS = ("type", "path", "value")
_DOTTED = {part: {whose: f"{whose}.{part}" for whose in ("acceptor", "success", "failure")} for part in _PARTS}
KEYS = {
    "interval": "delay",
    "ignore_errors": "ignore_errors",
    **{key: key for keys in _DOTTED.values() for key in keys.values()},
}


class Type(str, Enum):
    """What a condition examines."""

    OUTPUT = "output"
    ERROR = "error"


def read_acceptors(layers: Sequence[Fields]) -> list[Acceptor | Fragment]:
    """The acceptors in PHP's order: errors (success, failure, ignored), then the output (success, failure).

    As in PHP, a layer's keys replace those of the layers that it extends, and ``acceptor.*`` is the default for both
    ``success.*`` and ``failure.*`` of its own layer.
    """
    success, failure = _Condition(State.SUCCESS, layers), _Condition(State.FAILURE, layers)
    found = [*success.acceptors(), *(failure.acceptors() if failure.is_meant(success) else ()), *_ignored(layers)]
    return sorted(found, key=lambda acceptor: not _asks_errors(acceptor))


def _asks_errors(acceptor: Acceptor | Fragment) -> bool:
    return acceptor.matcher is Matcher.ERROR and acceptor.expected != (False,)


def _ignored(layers: Sequence[Fields]) -> Iterator[Acceptor]:
    fields = next((fields for fields in layers if "ignore_errors" in fields), layers[0])
    listed = fields.listed("ignore_errors")
    if listed:
        codes, places = zip(*listed, strict=True)
        yield Acceptor(State.RETRY, Matcher.ERROR, codes, expected_at=places)


class _Condition:
    """The condition ``success.*`` or ``failure.*``, each part from the nearest layer that has it."""

    def __init__(self, state: State, layers: Sequence[Fields]) -> None:
        self._state = state
        self._parts = {
            part: _nearest(layers, (_DOTTED[part][state.value], _DOTTED[part]["acceptor"])) for part in _PARTS
        }

    def is_meant(self, success: _Condition) -> bool:
        """Whether a failure is given: not if it has no value, or is the same ``acceptor.*`` condition as success."""
        is_own = any(self._has(part) and self._parts[part][1].startswith(self._state.value) for part in _PARTS)
        return is_own or (self._has("value") and self._parts != success._parts)

    def acceptors(self) -> Iterator[Acceptor | Fragment]:
        part = self._part()
        yield part.whole() or part

    def _part(self) -> Fragment:
        fields, key = self._parts["type"]
        kind = fields.choice(key, Type, required=True)
        fields, key = self._parts["value"]
        listed = fields.listed(key)
        values, places = tuple(value for value, _at in listed), tuple(at for _value, at in listed)
        path = self._path()
        if kind is Type.ERROR:
            if not self._has("value"):
                fields.miss(key, ": the error code to match")
            return Fragment(self._state, Matcher.ERROR, values, expected_at=places)
        matcher = None
        if kind is Type.OUTPUT:
            if not self._has("path") and self._state is State.SUCCESS and not self._has("value"):
                # quoted from the PHP code: "just assume true because the request succeeded"
                return Fragment(self._state, Matcher.ERROR, (False,), expected_at=(_place(self._parts["type"]),))
            items = Matcher.PATH_ALL if self._state is State.SUCCESS else Matcher.PATH_ANY
            matcher = items if path is not None and path.is_projection else Matcher.PATH
            if not self._has("path"):
                in_path, path_key = self._parts["path"]
                in_path.miss(path_key, ": the path to the value")
            elif path is not None and not self._has("value"):
                fields.miss(key, ": the value to expect at the path")
        return Fragment(self._state, matcher, values, path, argument_at=_place(self._parts["path"]), expected_at=places)

    def _has(self, part: str) -> bool:
        fields, key = self._parts[part]
        return key in fields

    def _path(self) -> Expression | None:
        fields, key = self._parts["path"]
        text = fields.text(key)
        if text is None:
            return None
        try:
            return Expression(_as_jmespath(text) if "/" in text else text)
        except ExpressionError as error:
            reason = short(str(error), 160)
            fields.note(key, f"{cite(text)} is neither a path like Items/*/State nor a JMESPath expression: {reason}")
            return None


def _nearest(layers: Sequence[Fields], keys: Sequence[str]) -> tuple[Fields, str]:
    """The nearest layer that has one of the keys, and the key; else the first layer and the first key."""
    return next(((fields, key) for fields in layers for key in keys if key in fields), (layers[0], keys[0]))


def _place(part: tuple[Fields, str]) -> str:
    fields, key = part
    return fields.path(key)


def _as_jmespath(path: str) -> str:
    """``Items/*/State`` → ``Items[].State``: ``*`` stands for every item, a number for one."""
    text = ""
    for name in path.strip("/").split("/"):
        if name == "*":
            text += "[]"
        elif name.isdigit():
            text += f"[{name}]"
        else:
            member = name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else json.dumps(name)
            text += f".{member}" if text else member
    return text
