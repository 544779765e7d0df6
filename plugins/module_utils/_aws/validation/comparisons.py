# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds comparisons in an expression (``[?State == 'runing']``) whose result is the same for any response."""

from __future__ import annotations

from collections.abc import Iterator

from .value_types import Kind, Mistake, Type

_ANYTHING = "anything"
_FAMILY = {
    Kind.UNKNOWN: _ANYTHING,
    Kind.NULL: _ANYTHING,
    Kind.TIME: _ANYTHING,
    Kind.INTEGER: "number",
    Kind.NUMBER: "number",
    Kind.STRING: "text",
    Kind.MAP: "a structure",
}
_ORDERED = {"number", "text", _ANYTHING}


def mistakes(operator: str, left: Type, right: Type) -> Iterator[Mistake]:
    """``operator``: jmespath's ``eq``, ``ne``, ``lt``, ``lte``, ``gt`` or ``gte``."""
    equality = operator in ("eq", "ne")
    for one, other in ((left, right), (right, left)):
        if not equality and _family(one) not in _ORDERED:
            yield Mistake(f"{one.label} is {one.kind.value}, which < and > can't compare")
            return
        if other.literal and not one.literal and other.values is not None:
            # the literal in x > 'a' need not be a value of the enum
            refusal = (one if equality else one._replace(values=None)).refusal(other.values[0])
            if refusal is not None:
                yield refusal
            return
    if len({_family(left), _family(right)} - {_ANYTHING}) > 1:
        yield Mistake(
            f"{left.label} is {left.kind.value} and {right.label} is {right.kind.value}: they can't be compared"
        )


def _family(side: Type) -> str:
    return _FAMILY.get(side.kind, side.kind.value)
