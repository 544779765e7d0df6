# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading one mapping key by key: each value is checked for its form, and every mistake is kept with its path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

from .expression import Expression, ExpressionError
from .problem import Problem, cite, nearest, path_to, short

LONGEST = 366 * 86400.0
"""The longest time in seconds that a wait may be asked to take, for any of its parts."""

Choice = TypeVar("Choice", bound=Enum)


class Fields:
    """The keys of one mapping. What can't be used is noted in ``problems`` and read as not given."""

    def __init__(self, raw: Mapping[Any, Any], spellings: Mapping[str, str], at: str = "") -> None:
        """``spellings``: each accepted key → the canonical one. ``at``: the mapping's own path, for the problems."""
        self.problems: list[Problem] = []
        self.at = at
        self._values: dict[str, Any] = {}
        self._written: dict[str, str] = {}
        for key, value in raw.items():
            canonical = spellings.get(key) if isinstance(key, str) else None
            if canonical is None:
                text = "is not a key of a definition here"
                self.problems.append(Problem(self.path(str(key)), text, nearest(str(key), spellings)))
            elif canonical in self._values:
                self.note(canonical, f"is given twice, also as {key!r}")
            else:
                self._values[canonical], self._written[canonical] = value, key

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def path(self, key: str) -> str:
        """Where ``key`` stands, spelt as its author spelt it."""
        return path_to(self.at, self._written.get(key, key))

    def places(self, key: str) -> tuple[str, ...]:
        """Where each of the values stands that ``scalars`` gives."""
        value = self._values.get(key)
        if isinstance(value, (list, tuple)):
            return tuple(f"{self.path(key)}[{index}]" for index in range(len(value)))
        return (self.path(key),)

    def given(self, keys: Iterable[str]) -> list[str]:
        """Those of ``keys`` that are there, as their author spelt them."""
        return [self._written[key] for key in keys if key in self._values]

    def raw(self, key: str) -> Any:
        return self._values.get(key)

    def text(self, key: str, required: bool = False) -> str | None:
        value = self._values.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None:
            self.note(key, "is empty" if isinstance(value, str) else f"must be a text, not {cite(value)}")
        elif required:
            self.note(key, "is missing")
        return None

    def seconds(self, key: str) -> float | None:
        value = self._values.get(key)
        if value is None:
            return None
        number = as_number(value)
        if number is None or not 0 <= number <= LONGEST:
            self.note(key, f"must be a number of seconds from 0 to {LONGEST:.0f}, not {cite(value)}")
            return None
        return number

    def count(self, key: str) -> int | None:
        value = self._values.get(key)
        if value is None:
            return None
        number = as_number(value)
        if number is None or number < 1 or number != int(number):
            self.note(key, f"must be a whole number of at least 1, not {cite(value)}")
            return None
        return int(number)

    def choice(self, key: str, choices: type[Choice], required: bool = False) -> Choice | None:
        value = self._values.get(key)
        if value is None:
            if required:
                self.note(key, f"is missing; it is one of {_words(choices)}")
            return None
        for member in choices:
            if isinstance(value, str) and _fold(value) == _fold(member.value):
                return member
        words = [str(member.value) for member in choices]
        near = nearest(value, words) if isinstance(value, str) else None
        self.note(key, f"{cite(value)} is none of {_words(choices)}", near)
        return None

    def expression(self, key: str, required: bool = False) -> Expression | None:
        text = self.text(key, required)
        if text is None:
            return None
        try:
            return Expression(text)
        except ExpressionError as error:
            self.note(key, f"{cite(text)} is not a JMESPath expression: {short(str(error), 160)}")
            return None

    def scalars(self, key: str) -> tuple[Any, ...]:
        """One value or a list of them, each text, number or boolean."""
        value = self._values.get(key)
        if value is None:
            return ()
        items = value if isinstance(value, (list, tuple)) else [value]
        if isinstance(value, (list, tuple)) and not items:
            self.note(key, "is an empty list")
        for item, where in zip(items, self.places(key), strict=True):
            if not isinstance(item, (str, int, float, bool)):
                self.problems.append(Problem(where, f"must be a text, a number or a boolean, not {cite(item)}"))
                return ()
        return tuple(items)

    def note(self, key: str, problem: str, suggestion: str | None = None) -> None:
        self.problems.append(Problem(self.path(key), problem, suggestion))


def as_number(value: Any) -> float | None:
    """The finite number that ``value`` is or spells, else None (a boolean is no number)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _fold(word: str) -> str:
    return word.replace("_", "").casefold()


def _words(choices: type[Enum]) -> str:
    *words, last = (str(member.value) for member in choices)
    return f"{', '.join(words)} and {last}"
