# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was observed in a few words, for a line of progress: "pending ×2, running ×1"."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

MOST_VALUES = 4
LONGEST_VALUE = 60
NOTHING = "nothing"


def summary(observed: Any) -> str:
    """The different values with their numbers, the most frequent first; one value alone stands for itself.

    One line without control characters, whatever was observed.
    """
    values = [_words(value) for value in _leaves(observed)]
    if not values:
        return NOTHING
    if len(values) == 1:
        return values[0]
    counted = Counter(values).most_common()  # of equally frequent ones the first seen comes first
    shown = [f"{value} ×{number}" for value, number in counted[:MOST_VALUES]]
    rest = sum(number for _value, number in counted[MOST_VALUES:])
    return ", ".join([*shown, *([f"{rest} more"] if rest else [])])


def _leaves(value: Any) -> Iterator[Any]:
    """The values in a list and the lists in it."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _words(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    text = value if isinstance(value, str) else json.dumps(value, default=str, skipkeys=True, ensure_ascii=False)
    line = "".join(letter if letter.isprintable() else " " for letter in text[: LONGEST_VALUE * 4])
    line = " ".join(line.split()) or NOTHING
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"
