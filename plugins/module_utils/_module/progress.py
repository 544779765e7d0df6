# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress that AWS reports for a resource, in words: "45%", "812 MB, 120 s left"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._aws.display_expressions import is_estimate
from .._definition.expression import Expression, ExpressionError
from .._definition.text import for_people

MOST_VALUES = 3
LONGEST = 80

_NUMBER = re.compile(r"\d+(\.\d+)?$")
# The unit of a number, by the name of its member. A number that is just called progress is a percentage.
_UNITS = (
    (re.compile(r"percent|^progress$", re.IGNORECASE), "%"),
    (re.compile(r"megabytes$", re.IGNORECASE), " MB"),
    (re.compile(r"seconds", re.IGNORECASE), " s"),
    (re.compile(r"minutes", re.IGNORECASE), " min"),
)


def progress_text(expressions: Iterable[Expression], response: Mapping[str, Any]) -> str | None:
    """The first progress value found, and the first estimate of the time left."""
    how_far = how_long = None
    for expression in expressions:
        if not is_estimate(expression.text):
            how_far = how_far or _text(expression, response)
        elif how_long is None:
            text = _text(expression, response)
            how_long = text and f"{text} left"
    return ", ".join(filter(None, (how_far, how_long))) or None


def _text(expression: Expression, response: Mapping[str, Any]) -> str | None:
    try:
        found = expression.search(response)
    except ExpressionError:
        return None
    values = list(dict.fromkeys(_values(found, expression.text.rpartition(".")[2])))
    more = [f"{len(values) - MOST_VALUES} more"] if len(values) > MOST_VALUES else []
    return ", ".join([*values[:MOST_VALUES], *more]) or None


def _values(found: Any, name: str) -> Iterator[str]:
    if isinstance(found, list):
        for item in found:
            yield from _values(item, name)
    elif isinstance(found, bool):
        return
    elif isinstance(found, (int, float)):
        yield f"{_plain(found)}{_unit(name)}"
    elif isinstance(found, str):
        text = for_people(found, LONGEST)
        if text:
            yield f"{text}{_unit(name)}" if _NUMBER.match(text) else text


def _unit(name: str) -> str:
    return next((unit for pattern, unit in _UNITS if pattern.search(name)), "")


def _plain(value: float) -> str:
    """At most one decimal place, and none for whole numbers."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
