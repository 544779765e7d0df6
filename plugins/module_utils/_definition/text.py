# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits and cleans texts and values from AWS. Whatever is cut says so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_CODE = 200
"""Characters of an error's code."""
LONGEST_MESSAGE = 100_000
"""Characters of an error's message that are kept. It may name a thousand ids, which are searched for in it."""
LONGEST_TEXT = 2_000
"""Characters of a text that is shown or returned: a reason, a note, a warning, an error message."""
LARGEST_OBSERVED = 250_000
"""Characters of the observed value, of the whole and of each resource."""
LARGEST_SIGHTING = 10_000
"""Characters of the observed value in one entry of a timeline."""
DEEPEST = 100
"""Levels of lists and mappings."""

ELLIPSIS = "…"
_LEAST_WITH_LENGTH = 300
_CUT = rf"{ELLIPSIS} \(cut, [\d,]+ characters in all\)$"
_LONGEST_NAME = 200
_LENGTH_OF_OTHERS = 8


def clean(text: str) -> str:
    """The text on one line, without characters that control a terminal, or hide or reorder text.

    By Python's rule, control characters, line breaks, surrogates, characters without width (bidirectional controls,
    zero-width characters, tags) and spaces other than U+0020 aren't printable. They become spaces.
    """
    if text.isprintable():
        return text
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def cut(text: str, longest: int) -> str:
    """The text, cut to ``longest`` characters with an ellipsis and, unless that is short, its full length."""
    if len(text) <= longest:
        return text
    ending = ELLIPSIS
    if longest >= _LEAST_WITH_LENGTH:
        earlier = re.search(_CUT, text[-80:])
        ending = earlier[0] if earlier else f"{ELLIPSIS} (cut, {len(text):,} characters in all)"
    return text[: longest - len(ending)] + ending


def for_people(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text for display: clean, and cut to ``longest`` characters."""
    # cut first, to clean less
    return cut(clean(cut(text, 2 * longest)), longest)


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """The words as a list in a sentence: "a, b and c"."""
    *first, last = words or [""]
    return f"{', '.join(first)} {conjunction} {last}" if first else last


class Room:
    """A number of characters that several values share."""

    def __init__(self, largest: int) -> None:
        self.left = largest
        self.was_short = False
        """Whether anything was cut because no characters were left."""

    def text(self, text: str, longest: int = LONGEST_TEXT) -> str:
        """As much of the text as fits."""
        self.was_short = self.was_short or len(text) > self.left
        kept = cut(text, max(1, min(longest, self.left)))
        self.left = max(0, self.left - len(kept))
        return kept

    def value(self, value: Any, largest: int = LARGEST_OBSERVED) -> Any:
        """As much of a value from a response as fits."""
        most = min(largest, self.left)
        kept, size = bounded(value, most)
        self.was_short = self.was_short or (size > most and most < largest)
        self.left = max(0, self.left - size)
        return kept


def bounded(value: Any, largest: int) -> tuple[Any, int]:
    """A copy of the value cut to ``largest`` characters, and its approximate size: more than ``largest`` if cut.

    If something is omitted from a list, a mapping or a string, its last item, member or words say so.
    """
    copy = _Copy(largest)
    return copy.of(value, 0), min(largest - copy.left, largest + 1)


class _Copy:
    def __init__(self, largest: int) -> None:
        self.left = largest

    def of(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return self._mapping(value, depth)
        if isinstance(value, (list, tuple, set)):
            return self._list(value, depth)
        if isinstance(value, (bytes, bytearray)):
            self.left -= len(value)
            return value if self.left >= 0 else f"{ELLIPSIS} (cut, {len(value):,} bytes in all)"
        self.left -= _LENGTH_OF_OTHERS
        return value

    def _text(self, text: str) -> str:
        room = self.left - 2
        self.left = max(-1, room - len(text))
        return text if self.left >= 0 else cut(text, max(room, _LEAST_WITH_LENGTH))

    def _list(self, items: Any, depth: int) -> Any:
        if depth == DEEPEST:
            return self._too_deep()
        kept: list[Any] = []
        self.left -= 2
        for item in items:
            if self.left < 0:
                kept.append(f"{ELLIPSIS} (cut, {len(items):,} items in all)")
                break
            self.left -= 2
            kept.append(self.of(item, depth + 1))
        return kept

    def _mapping(self, members: Mapping[Any, Any], depth: int) -> Any:
        if depth == DEEPEST:
            return self._too_deep()
        kept: dict[str, Any] = {}
        self.left -= 2
        for name, item in members.items():
            if self.left < 0:
                kept[ELLIPSIS] = f"(cut, {len(members):,} members in all)"
                break
            key = cut(str(name), _LONGEST_NAME)
            self.left -= len(key) + 6
            kept[key] = self.of(item, depth + 1)
        return kept

    def _too_deep(self) -> str:
        self.left = min(self.left, 0) - 1
        return f"{ELLIPSIS} (cut, more than {DEEPEST} levels deep)"
