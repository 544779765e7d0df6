# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Summarizes many waits: one line for each waiter, with the number of waits in each state."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from .._engine.events import AfterAttempt, Ended, Event, Faulted
from .._engine.observed_summary import MOST_LEFT, states_of, summary_of
from .._engine.outcome import Ending
from .._engine.progress_options import PENDING_IN_CHECK_MODE
from .._engine.verdict import Decision
from .event_formatter import about_fault, about_waiter, line, stamp
from .request import Request

_Waiter = tuple[tuple[str, Any], ...]
NOT_POLLED = Counter({"not polled yet": 1})
_ENDS = {"success": Decision.SUCCESS, "failure": Decision.FAILURE, "error": Decision.ERROR}


class GroupProgress:
    """Listens to all waits of a task, and writes a line for each waiter when one of its waits changes.

    The lines have the format of an attempt (docs/event_log.md); the summary covers all waits of the waiter.
    """

    def __init__(
        self,
        requests: Sequence[Request],
        names: Sequence[str | None],
        host: str,
        sink: Callable[[bytes], None],
        conceal: Callable[[str], str] = str,
    ) -> None:
        """``names``: those of the waits, None for one without; ``conceal`` masks secrets anywhere in a string."""
        self._host, self._sink, self._conceal = host, sink, conceal
        self._names, self._shows = names, [request.binding.show for request in requests]
        self._kinds: dict[_Waiter, _Kind] = {}
        self._of = [self._kinds.setdefault(tuple(about_waiter(request).items()), _Kind()) for request in requests]
        for number, kind in enumerate(self._of):
            kind.states[number] = NOT_POLLED

    def __call__(self, number: int, event: Event) -> None:
        """Handle an event of one of the waits."""
        kind = self._of[number]
        if isinstance(event, AfterAttempt):
            kind.states[number] = states_of(event.verdict, self._shows[number])
            kind.attempt, kind.elapsed = max(kind.attempt, event.attempt), event.elapsed
            kind.is_due = True
        elif isinstance(event, Faulted):
            kind.attempt, kind.elapsed = max(kind.attempt, event.attempt), event.elapsed
            if kind.fault is None or event.in_a_row > kind.fault.in_a_row:
                kind.fault = event
        elif isinstance(event, Ended):
            kind.ends[number] = _ENDS.get(event.outcome.ending.value, Decision.NOT_YET)
            if event.outcome.ending is Ending.PENDING:
                kind.is_pending = kind.is_due = True

    def write_lines(self) -> None:
        """Write a line for each waiter that has had events since the last call."""
        for waiter, kind in self._kinds.items():
            fault, kind.fault = kind.fault, None
            if fault is not None:
                about = about_fault(fault)
                self._write(waiter, kind, {**about, "message": self._conceal(about["message"])})
            if kind.is_due:
                kind.is_due = False
                self._write(waiter, kind, self._seen(kind))

    def _seen(self, kind: _Kind) -> dict[str, Any]:
        text = self._conceal(self._summary(kind))
        changed, kind.shown = text != kind.shown, text
        return {
            "event": "after_attempt",
            "attempt": kind.attempt,
            "verdict": kind.verdict.value,
            "changed": changed,
            "observed": None,
            "summary": text,
            "progress": None,
        }

    def _summary(self, kind: _Kind) -> str:
        """The states of all waits, of the last ones that are left by their names, and how many have ended."""
        pending = f" · {PENDING_IN_CHECK_MODE}" if kind.is_pending else ""
        total = len(kind.states)
        left = [number for number in kind.states if kind.ends.get(number) is not Decision.SUCCESS]
        if total == 1:
            return summary_of(kind.states[left[0]] if left else next(iter(kind.states.values()))) + pending
        if 0 < len(left) <= MOST_LEFT and all(self._names[number] for number in left):
            text = ", ".join(f"{self._names[number]}: {summary_of(kind.states[number])}" for number in left)
        else:
            text = summary_of(sum(kind.states.values(), Counter()))
        bad = sum(end in (Decision.FAILURE, Decision.ERROR) for end in kind.ends.values())
        failed = f", {bad} failed" if bad else ""
        return f"{text} · {total - len(left) + bad} of {total} done{failed}{pending}"

    def _write(self, waiter: _Waiter, kind: _Kind, about: dict[str, Any]) -> None:
        elapsed = round(kind.elapsed, 3)
        self._sink(line({**stamp(self._host, kind.name), **dict(waiter), "elapsed": elapsed, **about}))


class _Kind:
    """The waits on one waiter."""

    def __init__(self) -> None:
        self.name = os.urandom(8).hex()
        self.states: dict[int, Counter[str]] = {}
        self.ends: dict[int, Decision] = {}
        self.attempt, self.elapsed = 0, 0.0
        self.is_due, self.is_pending, self.shown = False, False, ""
        self.fault: Faulted | None = None

    @property
    def verdict(self) -> Decision:
        for worse in (Decision.FAILURE, Decision.ERROR):
            if worse in self.ends.values():
                return worse
        done = len(self.ends) == len(self.states) and set(self.ends.values()) == {Decision.SUCCESS}
        return Decision.SUCCESS if done else Decision.NOT_YET
