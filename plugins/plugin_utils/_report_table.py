# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of waits at the end of a run, the longest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ._progress import Line, Tone
from ._report_waits import SUCCESS, Wait
from ._text import duration, fit, width

HEAD = ("time", "host", "outcome", "polls", "transient", "saved", "what")
_NUMBERS = frozenset({"time", "polls", "transient", "saved"})
LONGEST_HOST = 30
EXACT = 10
"""Seconds up to which tenths are shown."""


def table(waits: Sequence[Wait], most: int, columns: int) -> Iterator[Line]:
    """The lines. ``most``: rows; ``columns``: the width of the screen."""
    yield Line(fit(f"WAITS: {totals(waits)}", columns), Tone.CALM)
    shown = sorted(waits, key=lambda wait: -wait.elapsed)[:most]
    if not shown:
        return
    rows = [HEAD, *map(_cells, shown)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    tones = [Tone.CALM, *map(_tone, shown)]
    for row, tone in zip(rows, tones, strict=True):
        padded = [_padded(*cell) for cell in zip(row, widths, HEAD, strict=True)]
        yield Line(fit("  ".join(padded).rstrip(), columns), tone)
    if len(waits) > len(shown):
        yield Line(f"… and {counted(len(waits) - len(shown), 'shorter wait')}", Tone.CALM)


def totals(waits: Sequence[Wait]) -> str:
    """How many waits ended how, and their requests."""
    outcomes = Counter(wait.outcome for wait in waits).most_common()
    ended = ", ".join(f"{number:,} {outcome}" for outcome, number in outcomes)
    calls, saved = sum(wait.calls for wait in waits), sum(wait.saved for wait in waits)
    requests = f"; {counted(calls, 'request')}" if calls else ""
    return f"{ended}{requests}" + (f", {saved:,} saved" if saved else "")


def counted(number: int, noun: str) -> str:
    """The number with its noun: "1 wait", "1,000 waits"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def length(seconds: float) -> str:
    """A duration, with tenths of seconds if it is short."""
    return f"{max(0.0, seconds):.1f} s" if seconds < EXACT else duration(seconds)


def _cells(wait: Wait) -> tuple[str, ...]:
    return (
        length(wait.elapsed),
        fit(wait.host, LONGEST_HOST),
        wait.outcome,
        "" if wait.polls is None else str(wait.polls),
        _number(sum(wait.transient.values())),
        _number(wait.saved),
        wait.what,
    )


def _number(count: int) -> str:
    return str(count) if count else ""


def _padded(text: str, columns: int, name: str) -> str:
    space = " " * (columns - width(text))
    return space + text if name in _NUMBERS else text + space


def _tone(wait: Wait) -> Tone:
    if wait.is_problem:
        return Tone.BAD
    return Tone.GOOD if wait.outcome == SUCCESS else Tone.CALM
