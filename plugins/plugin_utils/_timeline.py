# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress lines of a finished wait, from the timeline in its result, for connections without live progress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..module_utils._engine.observed_summary import summary_of, tally
from ._events import Event, Kind
from ._progress import PENDING, Line, Progress


def lines_of(result: Mapping[str, Any], who: str, columns: int) -> Iterator[Line]:
    """The lines for the result of a wait; none if it never started."""
    progress = Progress(who, every_poll=False, columns=columns)
    for event in _events(result):
        yield from progress.handle(event, 0.0)


def _events(result: Mapping[str, Any]) -> Iterator[Event]:
    timeline = result.get("timeline") or []
    about = f"{result.get('service')} {result.get('waiter') or result.get('operation')}"
    for number, seen in enumerate(timeline, 1):
        is_last = number == len(timeline)
        yield Event(
            Kind.AFTER_ATTEMPT,
            wait="",
            about=about,
            elapsed=seen["elapsed"],
            attempt=seen["attempt"],
            verdict=result["outcome"] if is_last else None,
            changed=True,
            summary=summary_of(tally(seen["observed"])),
        )
    if "timeline" in result and result["outcome"] == PENDING:
        elapsed, attempts = result["elapsed"], result["attempts"]
        yield Event(Kind.ENDED, wait="", about=about, elapsed=elapsed, attempt=attempts, outcome=PENDING)
