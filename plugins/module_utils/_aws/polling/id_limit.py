# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many ids one request takes: as the API reference says, or as AWS says when it refuses a list that is too long."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..._engine.mentions import texts_in
from ..._engine.poll_result import ErrorKind, ServiceError

# "can have at most 20 items", "cannot have more than 10 elements", "Member must have length less than or equal to 10",
# "exceeds the limit of 10", "must not exceed 10", "The maximum number of … is 100", "Too many …": whatever services say
# where a list of ids is too long.
_TOO_MANY = re.compile(
    r"at most|(no|not|not have|fewer|less|greater|larger) (more )?than|less than or equal to|\bmax(imum)?\b|too many"
    r"|up to|\bexceed(s|ed|ing)?\b|\blimit(ed)? (of|to|is)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]+|\d+")


class IdLimit:
    """How many ids a request of one operation takes. ``size``: None where no limit is known."""

    def __init__(self, size: int | None) -> None:
        self.size = self._given = size
        self._learns = True

    def learns_from(self, error: ServiceError, ids: Sequence[Any], params: Mapping[str, Any]) -> bool:
        """Whether the error says that fewer ids must be asked for at once. It may say how many, else half is tried.

        ``params``: what was asked for; the names in it are no words of the message.
        """
        if not self._learns or error.kind is not ErrorKind.REFUSED or error.is_not_found:
            return False
        text = _without(error.message, set(texts_in(params)))
        if not _TOO_MANY.search(text):
            return False
        if len(ids) < 2:
            self._learns, self.size = False, self._given  # it was never about their number
            return False
        numbers = [int(number) for number in re.findall(r"\b\d{1,9}\b", text) if 0 < int(number) < len(ids)]
        self.size = max(numbers, default=len(ids) // 2)
        return True


def _without(text: str, names: set[str]) -> str:
    """The words and the numbers of a text, without those that are names, and without ARNs and the like."""
    words = (word.strip("'\"`.,;:()[]") for word in text.split())
    return " ".join(word for word in words if _WORD.fullmatch(word) and word not in names)
