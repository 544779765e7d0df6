# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's own words for a state, as one text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._definition.expression import Expression, ExpressionError
from .._definition.text import ELLIPSIS, LONGEST_TEXT, cut
from .matchers import is_empty

MOST_TEXTS = 20


def reason_in(response: Mapping[str, Any], expressions: Iterable[Expression]) -> str | None:
    """What the first of the expressions that selects anything selects, None where none does."""
    for expression in expressions:
        try:
            text = _as_text(expression.search(response))
        except ExpressionError:
            continue
        if text:
            return cut(text, LONGEST_TEXT)
    return None


def _as_text(value: Any) -> str | None:
    """A reason as text: of a mapping "Code: text", of a list the different ones."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dict):
        texts = _different(_as_text(item) for item in value.values() if isinstance(item, str | list))
        return ": ".join(_without_prefixes(texts)) or None
    if isinstance(value, list):
        *texts, last = _different(map(_as_text, value)) or [""]
        return "; ".join([*(text.rstrip(".") for text in texts), last]) or None
    return None if is_empty(value) or isinstance(value, bool) else str(value)


def _different(texts: Iterable[str | None]) -> list[str]:
    """The different texts, of many the first: a mapping or a list may hold any number of them."""
    found = list(dict.fromkeys(filter(None, texts)))
    return found if len(found) <= MOST_TEXTS else [*found[:MOST_TEXTS], ELLIPSIS]


def _without_prefixes(texts: Sequence[str]) -> list[str]:
    """Drop a text that a later one begins with as whole words (a code that its message repeats)."""
    return [
        text
        for place, text in enumerate(texts)
        if not any(_begins_with(other, text) for other in texts[place + 1 :])
        and not any(_begins_with(text, other) and len(text) == len(other) for other in texts[:place])
    ]


def _begins_with(text: str, start: str) -> bool:
    rest = text[len(start) :]
    return text[: len(start)].casefold() == start.casefold() and not rest[:1].isalnum()
