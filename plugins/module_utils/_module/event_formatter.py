# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the events of one wait into JSON lines; docs/event_log.md describes them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from .._aws.lookup.library_waiters import waiter_name
from .._aws.response import plain
from .._definition.text import bounded, cut, for_people
from .._engine.events import AfterAttempt, BeforeAttempt, BeforeSleep, Event, Faulted
from .._engine.observed_summary import summary
from .._engine.poll_result import ErrorKind, PollResult
from .._engine.schedule import Schedule
from .messages import message
from .progress import progress_text
from .request import Request

VERSION = 1
# Writes of up to this size to a pipe are atomic (PIPE_BUF); for files, the limit does no harm.
LONGEST_LINE = 4096
LONGEST_MESSAGE = 1000

Entry = dict[str, Any]

# Keys whose values may tell more than names and states; omitted if the task sets no_log.
_DETAILS = frozenset({"observed", "summary", "progress", "message", "msg"})
# Keys whose values may be cut if a line would be too long.
_CUTTABLE = ("host", "waiter", "operation", "summary", "progress", "code", "message", "msg")


class EventFormatter:
    """Listens to one wait, and writes each event as one line to all ``sinks``.

    ``quiet``: only names and states. ``conceal`` masks secrets anywhere in a string.
    """

    def __init__(
        self,
        request: Request,
        schedule: Schedule,
        host: str,
        sinks: Iterable[Callable[[bytes], None]],
        quiet: bool = False,
        conceal: Callable[[Entry], Entry] = dict,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._request, self._schedule, self._sinks = request, schedule, tuple(sinks)
        self._quiet, self._conceal, self._now = quiet, conceal, now
        # with show the user selects what to see; progress is only a guess at that
        self._progress = [] if request.settings.show is not None or quiet else request.binding.progress
        self._holds_secrets = bool(self._progress) and request.binding.holds_secrets
        self._host, self._wait = host, os.urandom(8).hex()
        self._common = {**about_waiter(request), "timeout": schedule.timeout}

    def __call__(self, event: Event) -> None:
        """Handle an event."""
        self._write(event.elapsed, self._entry(event))

    def _entry(self, event: Event) -> Entry:
        if isinstance(event, AfterAttempt):
            return {"event": "after_attempt", "attempt": event.attempt, **self._seen(event)}
        if isinstance(event, BeforeAttempt):
            return {"event": "before_attempt", "attempt": event.attempt}
        if isinstance(event, BeforeSleep):
            return {"event": "before_sleep", "seconds": round(event.seconds, 3)}
        if isinstance(event, Faulted):
            return about_fault(event)
        outcome = event.outcome
        how = {"outcome": outcome.ending.value, "attempts": outcome.attempts}
        return {
            "event": "ended",
            **how,
            "msg": for_people(message(self._request, self._schedule, outcome), LONGEST_MESSAGE),
        }

    def _seen(self, event: AfterAttempt) -> Entry:
        observed, size = bounded(event.verdict.observed, LONGEST_LINE)
        return {
            "verdict": event.verdict.decision.value,
            "changed": event.changed,
            "observed": plain(observed) if size <= LONGEST_LINE else None,
            "summary": summary(event.verdict, self._request.binding.show),
            "progress": self._progress_in(event.answer),
        }

    def _progress_in(self, answer: PollResult) -> str | None:
        if not self._progress or answer.error is not None:
            return None
        response: Mapping[str, Any] = answer.response
        if self._holds_secrets:
            response = self._request.binding.json_safe(response)
        return progress_text(self._progress, response)

    def _write(self, elapsed: float, about: Entry) -> None:
        entry = {**stamp(self._host, self._wait, self._now()), **self._common, "elapsed": round(elapsed, 3), **about}
        if self._quiet:
            entry = {key: value for key, value in entry.items() if key not in _DETAILS}
        else:
            entry.update(self._conceal({key: value for key, value in about.items() if key in _DETAILS}))
        written = line(entry)
        for sink in self._sinks:
            sink(written)


def about_waiter(request: Request) -> Entry:
    """The keys of a line that describe the waiter."""
    definition = request.binding.definition
    return {
        "service": request.binding.service or None,
        "waiter": waiter_name(definition),
        "operation": definition.operation,
    }


def about_fault(event: Faulted) -> Entry:
    """The keys of a line that describe a transient error."""
    error = event.error
    kind = ErrorKind.CONNECTION if error.kind is ErrorKind.UNREACHABLE else error.kind
    return {
        "event": "faulted",
        "attempt": event.attempt,
        "kind": kind.value,
        "code": error.code,
        "message": for_people(error.message, LONGEST_MESSAGE),
        "in_a_row": event.in_a_row,
    }


def stamp(host: str, wait: str, now: datetime | None = None) -> Entry:
    """The keys at the beginning of every line."""
    time = (now or datetime.now(timezone.utc)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"version": VERSION, "time": time, "host": host, "wait": wait}


def line(entry: Entry) -> bytes:
    """The entry as a line. If it is too long, the observed value is omitted first, then the longest strings are cut."""
    written = _line(entry)
    if len(written) > LONGEST_LINE and entry.get("observed") is not None:
        entry = {**entry, "observed": None}
        written = _line(entry)
    while len(written) > LONGEST_LINE:
        longest = max(_CUTTABLE, key=lambda key: len(str(entry.get(key) or "")))
        text = str(entry[longest])
        entry = {**entry, longest: cut(text, len(text) // 2)}
        written = _line(entry)
    return written


def _line(entry: Entry) -> bytes:
    text = json.dumps(entry, ensure_ascii=False, separators=(", ", ": "))
    if not text.isprintable():  # JSON allows characters unescaped that a line or a terminal must not get
        text = "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)
    return f"{text}\n".encode()
