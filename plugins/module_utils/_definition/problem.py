# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with somebody's input, said once: where, what, and the nearest valid name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple


class Severity(str, Enum):
    ERROR = "error"
    WARNING = "warning"


class Problem(NamedTuple):
    """One finding. ``path`` is where in the input it stands (``acceptors[2].argument``), ``suggestion`` a name."""

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


class BadInput(Exception):
    """The input can't be used; nothing has been sent. Carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.sentence for problem in self.problems))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The valid name that is spelt most like ``name``, or None where nothing is close."""
    import difflib  # only a mistake pays for this import

    def fold(text: str) -> str:
        return text.replace("_", "").replace("-", "").casefold()

    by_fold = {fold(candidate): candidate for candidate in names}
    found = difflib.get_close_matches(fold(name), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def cite(value: object) -> str:
    """A value as people quote it: a text in quotes, anything else as YAML has it; shortened where it is long."""
    text = repr(value) if isinstance(value, str) else json.dumps(value, default=str, skipkeys=True, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
