# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was observed in a few words, for a line of progress: "pending ×2, running ×1"."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .._definition.expression import Expression
from .._definition.text import bounded, clean, cut
from .verdict import Decision, Verdict

MOST_VALUES = 4
MOST_LEFT = 3
"""So many resources that are left to wait for are worth naming."""
LONGEST_VALUE = 60
NOTHING = "nothing"
THERE, NOT_THERE = "there", "not there"
_BY_STATUS = {"200": THERE, "404": NOT_THERE}
"""HTTP statuses that say no more than whether the resource exists, which is all that a response to HEAD says."""


def summary(verdict: Verdict, show: Expression | None = None) -> str:
    """The states with their numbers, every requested resource counted, and the last that are left by their names."""
    counts = states_of(verdict, show)
    left = [entry.resource.label for entry in verdict.resources if entry.decision is not Decision.SUCCESS]
    text = summary_of(counts)
    if len(verdict.resources) > len(left) and 0 < len(left) <= MOST_LEFT:
        text = f"{text} ({', '.join(cut(clean(name), LONGEST_VALUE) for name in left)})"
    return text


def states_of(verdict: Verdict, show: Expression | None = None) -> Counter[str]:
    """How many resources, or values, are in which state. ``show``: None if only statuses and errors are read."""
    if not verdict.resources:
        return Counter({NOT_THERE: 1}) if verdict.absent else tally(verdict.observed, show)
    counts: Counter[str] = Counter()
    for entry in verdict.resources:
        counts.update([NOT_THERE] if entry.absent else tally(entry.observed, show))
    return counts


def tally(observed: Any, show: Expression | None = None) -> Counter[str]:
    """The values in the observed lists, each as one short clean line, and how often they stand there."""
    words = [_words(value) for value in _leaves(observed, show is not None and show.gives_rows)]
    return Counter(_BY_STATUS.get(word, word) if show is None else word for word in words)


def summary_of(counts: Mapping[str, int]) -> str:
    """The values with their numbers in a fixed order: by the alphabet, and what isn't there at the end."""
    if not counts:
        return NOTHING
    if sum(counts.values()) == 1:
        return next(iter(counts))
    counted = sorted(counts.items(), key=lambda item: (item[0] == NOT_THERE, item[0]))
    if len(counted) > MOST_VALUES:  # those that are left out are the rarest
        kept = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_VALUES]
        counted = [item for item in counted if item[0] in kept]
    shown = [f"{value} ×{number}" for value, number in counted]
    rest = sum(counts.values()) - sum(number for _value, number in counted)
    return ", ".join([*shown, *([f"{rest} more"] if rest else [])])


def _leaves(value: Any, has_rows: bool) -> Iterator[Any]:
    """The values in a list and the lists in it. ``has_rows``: the values of an innermost list belong together."""
    if isinstance(value, (list, tuple)):
        if has_rows and value and not any(isinstance(item, (list, tuple)) for item in value):
            yield " ".join(_words(item) for item in value)
            return
        for item in value:
            yield from _leaves(item, has_rows)
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
