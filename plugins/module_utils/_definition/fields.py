# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a mapping key by key, checks the form of each value and collects all problems with their paths."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

from .expression import Expression, ExpressionError
from .problem import Problem, cite, nearest, path_to, short
from .text import listed

LONGEST = 366 * 86400.0
"""The longest time, in seconds, that an option of a wait may have."""

Choice = TypeVar("Choice", bound=Enum)


class Fields:
    """The keys of one mapping. An unusable value is recorded in ``problems`` and treated as not given.

    A misspelt key is recorded and read as the suggested one, so that it causes no further problems.
    """

    def __init__(
        self, raw: Mapping[Any, Any], spellings: Mapping[str, str], at: str = "", is_whole: bool = True
    ) -> None:
        """``spellings``: each accepted key → the canonical one. ``at``: the mapping's own path, for the problems.

        ``is_whole``: a missing key is a problem; else the mapping may inherit it.
        """
        self.problems: list[Problem] = []
        self.at = at
        self.unknown: list[str] = []
        """The keys that resemble no accepted key."""
        self._is_whole = is_whole
        self._values: dict[str, Any] = {}
        self._written: dict[str, str] = {}
        self._guesses: set[str] = set()
        misspelt: list[tuple[Any, str]] = []
        for key, value in raw.items():
            canonical = spellings.get(key) if isinstance(key, str) else None
            if canonical is None:
                near = nearest(str(key), spellings)
                self.problems.append(Problem(self.path(str(key)), "is not a valid key here", near))
                if near is None:
                    self.unknown.append(str(key))
                else:
                    misspelt.append((key, spellings[near]))
            elif canonical in self._values:
                self.note(canonical, f"is given twice, also as {key!r}")
            else:
                self._values[canonical], self._written[canonical] = value, key
        for key, canonical in misspelt:
            if canonical not in self._values:
                self._values[canonical], self._written[canonical] = raw[key], str(key)
                self._guesses.add(canonical)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def path(self, key: str) -> str:
        """The path of ``key``, in its author's spelling."""
        return path_to(self.at, self._written.get(key, key))

    def given(self, keys: Iterable[str]) -> list[str]:
        """Those of ``keys`` that are given, not guessed, in their author's spelling."""
        return [self._written[key] for key in keys if key in self._values and key not in self._guesses]

    def raw(self, key: str) -> Any:
        return self._values.get(key)

    def text(self, key: str, required: bool = False) -> str | None:
        value = self._values.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None:
            self.note(key, "is empty" if isinstance(value, str) else f"must be a string, not {cite(value)}")
        elif required:
            self.miss(key)
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
                self.miss(key, f"; it must be {_words(choices)}")
            return None
        for member in choices:
            if isinstance(value, str) and _fold(value) == _fold(member.value):
                return member
        words = [str(member.value) for member in choices]
        near = nearest(value, words) if isinstance(value, str) else None
        self.note(key, f"must be {_words(choices)}, not {cite(value)}", near)
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

    def listed(self, key: str) -> list[tuple[Any, str]]:
        """One value or a list of them, each with its path; only strings, numbers and booleans."""
        value, at = self._values.get(key), self.path(key)
        if value is None:
            return []
        if isinstance(value, (list, tuple)):
            if not value:
                self.note(key, f"is an empty list{_EMPTY.get(key, '')}")
            placed = [(item, f"{at}[{index}]") for index, item in enumerate(value)]
        else:
            placed = [(value, at)]
        for item, where in placed:
            if not isinstance(item, (str, int, float, bool)):
                self._add(key, Problem(where, f"must be a string, a number or a boolean, not {cite(item)}"))
        return [(item, where) for item, where in placed if isinstance(item, (str, int, float, bool))]

    def note(self, key: str, problem: str, suggestion: str | None = None) -> None:
        self._add(key, Problem(self.path(key), problem, suggestion))

    def miss(self, key: str, hint: str = "") -> None:
        """Record that the key is missing."""
        self.lack(key, f"is missing{hint}")

    def lack(self, key: str, problem: str) -> None:
        """Record what is missing and can't be inherited either."""
        if self._is_whole:
            self.note(key, problem)

    def _add(self, key: str, problem: Problem) -> None:
        if key not in self._guesses or problem.path != self.path(key):  # report only one problem of a misspelt key
            self.problems.append(problem)


_EMPTY = {"pending": "; leave it out where any other state may come before the end"}
"""What to do where a list is empty."""


def as_number(value: Any) -> float | None:
    """``value``, or the string ``value``, as a finite number; None if it isn't one, or is a boolean."""
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
    return listed([str(member.value) for member in choices], "or")
