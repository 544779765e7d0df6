# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of operation and member names: the noun, and the endings of ids."""

from __future__ import annotations

import re

ID_SUFFIXES = ("Identifier", "Name", "Arn", "Id")
"""The endings of parameter and member names that are ids."""


def noun_of(operation: str) -> str:
    """The resource of an operation: its name without the verb."""
    return re.sub(r"^(Batch)?[A-Z][a-z]+", "", operation)


def singular(noun: str) -> str:
    """The noun in the singular."""
    for plural, one in (("ies", "y"), ("yses", "ysis"), ("sses", "ss"), ("tatuses", "tatus"), ("s", "")):
        if noun.endswith(plural) and not noun.endswith(("ss", "us", "is")):
            return noun.removesuffix(plural) + one
    return noun
