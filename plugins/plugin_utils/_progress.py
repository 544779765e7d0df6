# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which events of a wait are shown on the screen, and as what text."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from ..module_utils._definition.text import clean, for_people
from ..module_utils._engine.progress_options import MANY_IN_A_ROW, PENDING_IN_CHECK_MODE
from ._events import Event, Kind
from ._text import duration, fit, width

HEARTBEAT = 60.0
"""Seconds after which a wait without changes is shown again."""
LATE = 5.0
"""Seconds after which a line says that a response is still missing."""
LONGEST_WARNING = 500
"""Characters of a line about repeated transient errors."""
PENDING = "pending"
"""The outcome of a wait in check mode that isn't over."""
LEAST_STATE = 20
"""Minimum columns for the state, however long the names are."""


class Tone(str, Enum):
    """The meaning of a line; each has a colour on the screen."""

    GOOD = "good"
    BAD = "bad"
    CALM = "calm"
    TRANSIENT = "transient"


class Line(NamedTuple):
    text: str
    tone: Tone


_TONES = {"success": Tone.GOOD, "failure": Tone.BAD, "error": Tone.BAD}
_TRANSIENT = {
    "throttled": "throttled",
    "server": "AWS returned {code}",
    "connection": "no response ({code})",
}


class Progress:
    """The lines to show for the waits of one task.

    ``who``: the host, and the item of a loop; ``every_poll``: a line for each poll, not only for changes; ``columns``:
    the width of the screen. Times are of the controller's clock, so that a request without a response is noticed.
    """

    def __init__(self, who: str, every_poll: bool, columns: int) -> None:
        self._who, self._every_poll, self._columns = clean(who), every_poll, columns
        self._waits: dict[str, _Wait] = {}

    def handle(self, event: Event, now: float) -> Iterator[Line]:
        """The line for a new event, if it has one."""
        wait = self._waits.setdefault(event.wait, _Wait(now))
        if wait.is_warned_of(event, now):
            wait.handle(event, now)
            yield self._warning(wait, event, now)
        elif wait.handle(event, now) or (self._every_poll and event.kind in (Kind.AFTER_ATTEMPT, Kind.FAULTED)):
            yield self._line(wait, now)

    def _warning(self, wait: _Wait, event: Event, now: float) -> Line:
        """Repeated transient errors and their cause; the text may be longer than a line of the screen."""
        wait.show(now)
        met = ": ".join(filter(None, (event.code, event.message)))
        text = for_people(f"{event.in_a_row} requests in a row failed with {met}", LONGEST_WARNING)
        return Line(f"{self._who}: {wait.about}: WARNING: {text} ({wait.counts(now)})", Tone.TRANSIENT)

    def tick(self, now: float) -> Iterator[Line]:
        """The lines of waits that haven't been shown for a while."""
        for wait in self._waits.values():
            if wait.is_silent(now):
                yield self._line(wait, now)

    def _line(self, wait: _Wait, now: float) -> Line:
        wait.show(now)
        head, tail = f"{self._who}: {wait.about}: ", f" ({wait.counts(now)})"
        room = max(LEAST_STATE, self._columns - width(head) - width(tail))
        return Line(fit(f"{head}{fit(wait.state(now), room)}{tail}", self._columns), wait.tone)


class _Wait:
    """The current state of one wait, and what has been shown of it."""

    def __init__(self, now: float) -> None:
        self.about = ""
        self._attempt = 0
        self._requested_at: float | None = None
        self._elapsed, self._updated_at = 0.0, now
        self._timeout: float | None = None
        self._seen: str | None = None
        self._progress: str | None = None
        self._tone = Tone.CALM
        self._transient_error: str | None = None
        self._ended = False
        self._shown_at = now
        self._transient_shown_at: float | None = None
        self._transient_stands = False
        self._warned_at: float | None = None

    def handle(self, event: Event, now: float) -> bool:
        """Handle an event, and return whether it is worth a line."""
        self.about = clean(event.about)
        self._elapsed, self._updated_at = event.elapsed, now
        self._attempt = event.attempt or self._attempt
        self._timeout = event.timeout
        self._requested_at = now if event.kind is Kind.BEFORE_ATTEMPT else None
        if event.kind is Kind.AFTER_ATTEMPT:
            return self._answered(event)
        if event.kind is Kind.FAULTED:
            return self._faulted(event, now)
        self._ended = event.kind is Kind.ENDED
        if self._ended and event.outcome == PENDING:
            self._seen, self._progress, self._transient_error = PENDING_IN_CHECK_MODE, None, None
            return True
        return False

    def _answered(self, event: Event) -> bool:
        self._seen = clean(event.summary or event.verdict or "responded")
        self._progress = event.progress
        self._tone = _TONES.get(event.verdict or "", Tone.CALM)
        self._transient_error = None
        return event.changed or self._transient_stands

    def _faulted(self, event: Event, now: float) -> bool:
        is_new = self._transient_error is None
        words = _TRANSIENT.get(event.fault or "", "no response").format(code=event.code or "an error")
        self._transient_error = f"{clean(words)}, retrying"
        # if transient errors and responses alternate, the errors would hide the states
        return is_new and (self._transient_shown_at is None or now - self._transient_shown_at >= HEARTBEAT)

    def is_warned_of(self, event: Event, now: float) -> bool:
        """Whether to warn of repeated transient errors: at the third in a row, and then rarely."""
        if event.kind is not Kind.FAULTED:
            return False
        if event.in_a_row < MANY_IN_A_ROW:
            return False
        if self._warned_at is not None and (event.in_a_row > MANY_IN_A_ROW or now - self._warned_at < HEARTBEAT):
            return False
        self._warned_at = now
        return True

    def is_silent(self, now: float) -> bool:
        return not self._ended and now - self._shown_at >= HEARTBEAT

    def show(self, now: float) -> None:
        """Record that a line is shown."""
        self._shown_at = now
        self._transient_stands = self._transient_error is not None
        if self._transient_stands:
            self._transient_shown_at = now

    @property
    def tone(self) -> Tone:
        return self._tone if self._transient_error is None else Tone.TRANSIENT

    def state(self, now: float) -> str:
        """The last observed state or the current transient error, and how long a response has been missing."""
        if self._transient_error is not None:
            state = self._transient_error
        elif self._seen is not None:
            state = ", ".join(filter(None, [self._seen, clean(self._progress or "")]))
        else:
            return "no response yet" if self._requested_at is not None else "not polled yet"
        late = 0.0 if self._requested_at is None else now - self._requested_at
        return f"{state}, no response for {duration(late)}" if late >= LATE else state

    def counts(self, now: float) -> str:
        """Attempt, time, and how much time there is."""
        elapsed = duration(self._elapsed + now - self._updated_at)
        if self._timeout:
            elapsed = f"{elapsed} of {duration(self._timeout)}"
        return f"attempt {self._attempt}, {elapsed}" if self._attempt else elapsed
