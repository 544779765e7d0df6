# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converts a response to JSON types, and masks what the service model marks as sensitive."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from .shapes import children, item_of, value_of

MASK = "********"


def json_safe(response: Mapping[str, Any], shape: Any) -> dict[str, Any]:
    """The response in AWS's spelling: datetimes as ISO 8601, bytes as text or base64, without ResponseMetadata."""
    return {name: _safe(value, value_of(shape, name)) for name, value in response.items() if name != "ResponseMetadata"}


def size_at_most(response: Mapping[str, Any], largest: int) -> int:
    """The minimum size of the response as JSON, in characters; counting stops above ``largest``."""
    size, pending = 0, [value for name, value in response.items() if name != "ResponseMetadata"]
    while pending and size <= largest:
        value = pending.pop()
        if isinstance(value, (str, bytes, bytearray)):
            size += len(value) + 2
        elif isinstance(value, Mapping):
            size += 2 + sum(len(name) + 4 for name in value if isinstance(name, str))
            pending.extend(value.values())
        elif isinstance(value, (list, tuple, set)):
            size += 2 + len(value)
            pending.extend(value)
        else:
            size += 1
    return size


def plain(value: Any) -> Any:
    """Any value from a response, converted to JSON types."""
    return _safe(value, None)


@cache
def holds_secrets(shape: Any) -> bool:
    """Whether anything in the shape is marked sensitive."""
    pending, seen = [shape], set()
    while pending:
        shape = pending.pop()
        if shape is None or shape.name in seen:
            continue
        seen.add(shape.name)
        if shape.metadata.get("sensitive"):
            return True
        pending.extend(children(shape))
    return False


def _safe(value: Any, shape: Any) -> Any:
    if shape is not None and shape.metadata.get("sensitive") and value is not None:
        return MASK
    # the most frequent types first: a check for an abstract one takes as long as all others together
    if isinstance(value, str):
        return _whole(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, dict):
        return {_whole(str(name)): _safe(item, value_of(shape, name)) for name, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        inner = item_of(shape)
        return [_safe(item, inner) for item in value]
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return _text(bytes(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return _safe(dict(value), shape)
    # a stream can't be kept, and reading it might never end
    return f"<{type(value).__name__}>"


def _whole(text: str) -> str:
    """The text without lone surrogates: JSON may have them, but Ansible rejects a result with them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(value).decode("ascii")
