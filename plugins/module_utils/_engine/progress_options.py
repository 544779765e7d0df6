# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module and its action plugin agree on. It imports no engine, which the controller mostly does without."""

from __future__ import annotations

from enum import Enum

INTERNAL_OPTIONS = ("_progress", "_host", "_catalog")
"""What the action plugin passes: the file for progress lines, the host's inventory name, the catalogue.

They are no options of the modules, which would have to document them.
"""
PENDING_IN_CHECK_MODE = "pending: a real run would wait"
"""What check mode says of a wait that polled once and isn't over."""
MANY_IN_A_ROW = 3
"""So many transient errors in a row with the same code are worth a warning that says what comes instead of answers."""


class Progress(str, Enum):
    """Which polls the action plugin prints a line for."""

    CHANGES = "changes"
    ALL = "all"
    NONE = "none"
