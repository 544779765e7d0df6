# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A problem in the input: its path, a description and the nearest valid name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple, TypeVar

from .text import cut

_LONGEST = 80
"""Characters of a quoted text that suffice to recognize it."""


class Severity(str, Enum):
    ERROR = "error"
    WARNING = "warning"


class Problem(NamedTuple):
    """One finding. ``path``: its place in the input (``acceptors[2].argument``); ``suggestion``: a valid name."""

    path: str
    problem: str
    suggestion: str | None = None
    severity: Severity = Severity.ERROR

    @property
    def sentence(self) -> str:
        """The finding on one line: path, problem, suggestion."""
        text = f"{self.path}: {self.problem}" if self.path else self.problem
        return f"{text}; did you mean {self.suggestion!r}?" if self.suggestion else text

    def under(self, prefix: str) -> Problem:
        """The same finding, seen from one level further out."""
        if not self.path:
            return self._replace(path=prefix)
        joint = "" if self.path.startswith("[") else "."
        return self._replace(path=f"{prefix}{joint}{self.path}")

    def as_warning(self) -> Problem:
        return self._replace(severity=Severity.WARNING)


Value = TypeVar("Value")
Checked = tuple[Value, list[Problem]]
"""The value read from a part of the input, and all problems found in it."""


class BadInput(Exception):
    """The input is invalid; nothing was sent to AWS. It has all problems found.

    Functions that read a part of the input return ``Checked``; this is raised once the whole input has been read.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.sentence for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as they were found, but those of the items of one list in the order of the items."""
    found = list(dict.fromkeys(problems))
    places: dict[str, int] = {}

    def key(problem: Problem) -> tuple[int, int]:
        path, bracket, rest = problem.path.partition("[")
        index = rest.partition("]")[0]
        return places.setdefault(path if bracket else problem.path, len(places)), int(index) if index.isdecimal() else 0

    return sorted(found, key=key)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The valid name whose spelling is most similar to ``name``, or None if none is similar."""
    import difflib  # imported only for mistakes, as it takes time

    def fold(text: str) -> str:
        return text.replace("_", "").replace("-", "").casefold()

    by_fold = {fold(candidate): candidate for candidate in names}
    meant = fold(name)

    def likeness(found: str) -> tuple[float, bool, bool]:
        """Prefer, among equally similar names, one with the same letters, as two may be swapped."""
        ratio = difflib.SequenceMatcher(None, found, meant).ratio()
        return ratio, sorted(found) == sorted(meant), found[:1] == meant[:1]

    found = difflib.get_close_matches(meant, by_fold, n=9, cutoff=0.62)
    return by_fold[max(found, key=likeness)] if found else None


def cite(value: object) -> str:
    """A value as quoted in messages: a string in quotes, anything else as JSON; shortened if it is long."""
    if isinstance(value, str):
        return short(repr(value[:_LONGEST]))
    try:
        return short(json.dumps(value, default=str, skipkeys=True, ensure_ascii=False))
    except (RecursionError, ValueError):
        return "something nested too deeply"


def quoted(expression: str) -> str:
    """An expression as quoted in messages, on one line."""
    return f"`{short(expression, 120)}`"


def short(text: str, longest: int = _LONGEST) -> str:
    """A text on one line, cut to ``longest`` characters; unprintable characters are escaped."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in " ".join(text.split()))
    return cut(text, longest)


def path_to(at: str, key: object) -> str:
    """The path of a key in the mapping at ``at``: ``at.key``, or ``at['key']`` if a dot would be unclear."""
    name = str(key)
    if not name or len(name) > _LONGEST or not name.isprintable():
        return f"{at}[{cite(name)}]"
    return f"{at}.{name}" if at else name
