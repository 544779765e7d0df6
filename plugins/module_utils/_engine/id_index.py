# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose id a name or an ARN is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

LONGEST_ARN = 2048
"""What is longer than AWS lets an ARN be has so many tails that they could fill the memory."""


class Index:
    """The ids that one parameter gives, by what an item may call them."""

    def __init__(self, given: Sequence[tuple[int, Any]], fold: Callable[[str], str]) -> None:
        self.compound = [(place, item) for place, item in given if isinstance(item, Mapping)]
        self._exact: dict[str, set[int]] = {}
        self._tails: dict[str, set[int]] = {}
        for place, item in given:
            self._exact.setdefault(fold(str(item)), set()).add(place)
            for tail in arn_tails(str(item)):
                self._tails.setdefault(fold(tail), set()).add(place)

    def exact(self, name: str) -> set[int]:
        """Whose id is just that."""
        return self._exact.get(name, set())

    def owners(self, echoed: Sequence[str]) -> set[int]:
        """Whose an item is that is called so.

        A name or ARN is compared as a whole. An ARN is also known by a tail, which has the item's own name in it where
        the item says that (the last part of a load balancer's ARN is no name); a name is that of an ARN which is asked
        for where the item has no ARN to be compared.
        """
        arns = {name: arn_tails(name) for name in echoed if name.startswith("arn:")}
        names = [name for name in echoed if name not in arns]
        found = set[int]().union(*(self._exact.get(name, ()) for name in echoed))
        for tail in (tail for tails in arns.values() for tail in tails if tail in self._exact):
            if not names or any(_is_within(name, tail) for name in names):
                found |= self._exact[tail]
        if not arns:
            found = found.union(*(self._tails.get(name, ()) for name in names))
        return found


def arn_tails(name: str) -> tuple[str, ...]:
    """What the last part of an ARN may be called by: after the fifth colon, then after each slash or colon."""
    pieces = name.split(":", 5) if len(name) <= LONGEST_ARN else []
    if len(pieces) < 6 or pieces[0] != "arn":
        return ()
    resource = pieces[5]
    cuts = [index + 1 for index, letter in enumerate(resource) if letter in "/:"]
    return (resource, *(resource[cut:] for cut in cuts if resource[cut:]))


def _is_within(name: str, tail: str) -> bool:
    """Whether the name is one or more whole parts of the tail of an ARN."""
    return f"/{name}/".replace(":", "/") in f"/{tail}/".replace(":", "/")
