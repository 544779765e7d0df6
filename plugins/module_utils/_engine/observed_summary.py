# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was observed in a few words, for a line of progress: "pending ×2, running ×1"."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .._definition.text import bounded, clean, cut

MOST_VALUES = 4
LONGEST_VALUE = 60
NOTHING = "nothing"


def summary(observed: Any) -> str:
    """The different values with their numbers; one value alone stands for itself."""
    return summary_of(tally(observed))


def tally(observed: Any) -> Counter[str]:
    """The values in the observed lists, each as one short clean line, and how often they stand there."""
    return Counter(_words(value) for value in _leaves(observed))


def summary_of(counts: Mapping[str, int]) -> str:
    """The values with their numbers, the most frequent first and equally frequent ones by the alphabet."""
    if not counts:
        return NOTHING
    if sum(counts.values()) == 1:
        return next(iter(counts))
    counted = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
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
    text = value
    if not isinstance(value, str):
        kept, _size = bounded(value, LONGEST_VALUE * 4)
        text = json.dumps(kept, default=str, skipkeys=True, ensure_ascii=False)
    return cut(clean(text[: LONGEST_VALUE * 4]) or NOTHING, LONGEST_VALUE)
