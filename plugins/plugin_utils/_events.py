# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the JSON lines that a module writes while it waits."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import NamedTuple


class Kind(str, Enum):
    """What happened."""

    BEFORE_ATTEMPT = "before_attempt"
    AFTER_ATTEMPT = "after_attempt"
    FAULTED = "faulted"
    BEFORE_SLEEP = "before_sleep"
    ENDED = "ended"


class Event(NamedTuple):
    """One event of a wait. ``about``: the service with the waiter or the operation, or the module.

    An attempt has the fields from ``verdict`` to ``progress``, a transient error those from ``fault`` on: its kind,
    code and message, and how many requests in a row ended with it. ``timeout``: the seconds that the wait may take.
    ``outcome``: that of the end.
    """

    kind: Kind
    wait: str
    about: str
    elapsed: float
    attempt: int | None = None
    verdict: str | None = None
    changed: bool = False
    summary: str | None = None
    progress: str | None = None
    fault: str | None = None
    code: str | None = None
    message: str | None = None
    in_a_row: int = 1
    timeout: float | None = None
    outcome: str | None = None


def read_event(line: bytes) -> Event | None:
    """The event in a line; None if the line has none, or one of an unknown kind."""
    try:
        told = json.loads(line)
        return Event(
            Kind(told["event"]),
            str(told["wait"]),
            " ".join(filter(None, [told["service"], told["waiter"] or told["operation"]])),
            float(told["elapsed"]),
            told.get("attempt"),
            told.get("verdict"),
            bool(told.get("changed")),
            told.get("summary"),
            told.get("progress"),
            told.get("kind"),
            told.get("code"),
            told.get("message"),
            int(told.get("in_a_row", 1)),
            told.get("timeout"),
            told.get("outcome"),
        )
    except (ValueError, TypeError, LookupError):
        return None


class Tail:
    """Reads a file that another process appends lines to."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._begun = b""

    def read(self) -> list[Event]:
        """The events since the last call; an incomplete line is kept until the rest arrives."""
        *lines, self._begun = (self._begun + self._file.read()).split(b"\n")
        return [event for line in lines if (event := read_event(line)) is not None]

    def close(self) -> None:
        self._file.close()
