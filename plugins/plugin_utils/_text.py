# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts for one line of a terminal: their width, cutting them, and durations."""

from __future__ import annotations

import unicodedata

from ..module_utils._definition.text import ELLIPSIS


def width(text: str) -> int:
    """The columns that the text takes in a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def fit(text: str, columns: int) -> str:
    """The text, cut with an ellipsis if it is wider than ``columns``."""
    if width(text) <= columns:
        return text
    taken, room = 0, columns - width(ELLIPSIS)
    for index, letter in enumerate(text):
        taken += _columns(letter)
        if taken > room:
            return text[:index].rstrip() + ELLIPSIS
    return text


def duration(seconds: float) -> str:
    """A duration in words: "31 s", "4 min 5 s", "2 h 3 min"."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
