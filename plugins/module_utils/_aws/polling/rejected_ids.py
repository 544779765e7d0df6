# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several requested ids an error is about: EC2 and its like refuse a whole request for one unknown id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._engine.mentions import named
from ..._engine.poll_result import ErrorKind, ServiceError
from ..._engine.response_split import label


def find_rejected(
    error: ServiceError, ids: Sequence[Any], folds_case: bool = False
) -> tuple[list[str], list[list[Any]] | None]:
    """The labels of the ids that the error is about, and the lists of ids to ask for again without them.

    The message names the offenders ("The instance IDs 'i-a, i-b' do not exist"). Where it doesn't for certain, halves
    are asked for until each offender stands alone. ``None`` to ask for: the error is about the request.
    """
    if error.kind is not ErrorKind.REFUSED or not (error.is_not_found or error.code.startswith("Invalid")):
        return [], None
    offenders = named(error.message, ids, folds_case)
    if not offenders and len(ids) > 1:
        half = len(ids) // 2
        return [], [list(ids[:half]), list(ids[half:])] if error.is_not_found else None
    rest = [item for item in ids if item not in offenders] if offenders else []
    return [label(item) for item in offenders or ids], [rest] if rest else []
