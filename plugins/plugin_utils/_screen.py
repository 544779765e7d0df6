# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where lines of progress appear: how wide they may be, in which colour, and on which of the two streams."""

from __future__ import annotations

import os
import sys

from ansible import constants, context
from ansible.utils.display import Display

from ._progress import Line, Tone

WIDTH_OF_A_PIPE = 120
WIDEST, NARROWEST = 200, 40


def _terminal_width() -> int | None:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except (OSError, ValueError, AttributeError):
        return None


# The processes that run tasks have no terminal, but plugins are loaded before these are forked off.
TERMINAL_WIDTH = _terminal_width()

_COLOURS = {
    Tone.GOOD: constants.COLOR_OK,
    Tone.BAD: constants.COLOR_ERROR,
    Tone.CALM: None,
    Tone.TRANSIENT: constants.COLOR_WARN,
}


def columns() -> int:
    """How wide a line may be: one column less than the terminal, as a full line wraps on some."""
    given = os.environ.get("COLUMNS", "")
    known = int(given) if given.isdecimal() else TERMINAL_WIDTH
    return max(NARROWEST, min(known - 1, WIDEST)) if known else WIDTH_OF_A_PIPE


def show(line: Line) -> None:
    """Print a line; Ansible leaves out the colour where it isn't wanted."""
    Display().display(line.text, color=_COLOURS[line.tone], stderr=_stdout_is_for_machines())


def _stdout_is_for_machines() -> bool:
    """Whether all of stdout is read by a program, which a line of text would upset."""
    callback = str(constants.DEFAULT_STDOUT_CALLBACK).rsplit(".", 1)[-1]
    return "json" in callback or callback == "null" or bool(context.CLIARGS.get("one_line"))
