# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints progress lines: their maximum width, their colour, and whether they go to stdout or stderr."""

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


# Worker processes have no terminal, but plugins are loaded before the workers are forked.
TERMINAL_WIDTH = _terminal_width()

_COLOURS = {
    Tone.GOOD: constants.COLOR_OK,
    Tone.BAD: constants.COLOR_ERROR,
    Tone.CALM: None,
    Tone.TRANSIENT: constants.COLOR_WARN,
}


def columns() -> int:
    """The maximum width of a line: one column less than the terminal, as some terminals wrap full lines."""
    given = os.environ.get("COLUMNS", "")
    known = int(given) if given.isdecimal() else TERMINAL_WIDTH
    return max(NARROWEST, min(known - 1, WIDEST)) if known else WIDTH_OF_A_PIPE


def show(line: Line) -> None:
    """Print a line; Ansible omits the colour if it is switched off."""
    Display().display(line.text, color=_COLOURS[line.tone], stderr=_stdout_is_for_machines())


def _stdout_is_for_machines() -> bool:
    """Whether a program reads all of stdout, so that a line of text would break its format."""
    callback = str(constants.DEFAULT_STDOUT_CALLBACK).rsplit(".", 1)[-1]
    return "json" in callback or callback == "null" or bool(context.CLIARGS.get("one_line"))
