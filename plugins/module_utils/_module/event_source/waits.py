# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits of the event source: begun, resumed, saved and cancelled while the scheduler runs in its thread."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ..._aws.models import Models
from ..._aws.response import plain
from ..._definition.text import LARGEST_SIGHTING, bounded
from ..._engine.checkpoint import Checkpoint
from ..._engine.events import AfterAttempt, BeforeAttempt, BeforeSleep, Ended
from ..._engine.events import Event as WaitEvent
from ..._engine.groups import Policy
from ..._engine.outcome import Ending, Outcome, StateChange
from ..._engine.pool import Done, Pool
from ..._engine.schedule import Schedule
from ..._engine.thread import start
from ..diagnose import MOST_DIAGNOSES, Why, find_causes, is_due
from ..entries import Entry
from ..event_formatter import EventFormatter
from ..grouped_waits import GroupedWaits
from ..reports import Reports
from ..wait_many import Clients
from ..watch import Abandoned
from .options import CHANGES, Options, SourceWait
from .payload import Event, Payloads
from .state import Record, State

NEVER_OVER = Policy(1 << 62, fail_fast=False)
logger = logging.getLogger(__name__)


@dataclass(eq=False)
class _Wait:
    """A wait in progress. ``change``: the last one, which isn't saved yet; ``saved``: what was saved last of the rest.

    ``is_removed``: its entry is gone, and so is its record.
    """

    key: str
    origin: str | None
    given: SourceWait
    checkpoint: Checkpoint
    number: int = -1
    change: AfterAttempt | None = None
    saved: Record | None = None
    is_removed: bool = False
    formatter: EventFormatter | None = None


class Waits:
    """All waits of a source. ``tell`` takes each event, in any thread.

    BadInput if the event log can't be written to.
    """

    def __init__(
        self,
        options: Options,
        state: State,
        tell: Callable[[Event], None],
        clients: Clients,
        pool: Pool | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._options, self._state, self._tell, self._clients, self._now = options, state, tell, clients, now
        self._payloads = Payloads(options.no_log_values)
        self._reports = Reports(options.task) if options.params["event_log"] else None
        self._workers = _Stoppable(pool or Pool())
        self._many = GroupedWaits((), Models(), clients.renew, random.random, options.params["max_rate"], clock)
        concurrency = options.params["concurrency"]
        self._scheduler = self._many.scheduler(self._workers, NEVER_OVER, [self], concurrency, stays_open=True)
        self._lock = threading.Lock()
        self._waits: dict[int, _Wait] = {}
        self._by_key: dict[str, _Wait] = {}
        self._diagnosing = self._succeeded = 0
        self._possible = len(options.params["waits"] or ())
        self._is_decided = False
        self.has_ended = False

    # --- for any thread

    @property
    def is_idle(self) -> bool:
        """Whether all waits have ended and their events were told."""
        return not self._waits

    def replace(self, origin: str | None, given: Sequence[SourceWait]) -> None:
        """The waits of a file, or of the rulebook, are these now: begin the new ones, and cancel those that are gone.

        Not for several threads at once.
        """
        kept = {wait.key for wait in given}
        records = self._state.records
        for key in [key for key, record in records.items() if record.get("origin") == origin and key not in kept]:
            self._remove(key)
        for wait in given:
            ended = records.get(wait.key, {}).get("ended")
            if ended is not None:
                self._count(origin, ended)
            elif wait.key not in self._by_key:
                self._begin(wait, origin)
        self._decide()

    def run(self) -> None:
        """Poll until ``stop`` is called."""
        try:
            self._scheduler.run()
        except Abandoned:
            pass
        except Exception as error:
            logger.exception("the scheduler has ended")
            text = f"{len(self._waits)} waits are no longer polled, because of an internal error: {error!r}"
            self._tell(self._payloads.fault(f"{text}. Start the rulebook again."))
        self.has_ended = True
        self._workers.close()
        if self._reports is not None:
            self._reports.close()

    def stop(self) -> None:
        """End ``run``, and leave all waits as they are."""
        self._workers.stop()

    # --- in the scheduler's thread

    def __call__(self, number: int, event: WaitEvent) -> None:
        """Listen to a wait."""
        with self._lock:
            wait = self._waits[number]
        try:
            self._listen(wait, event)
        except Exception as error:  # a problem with one event must not end the others' waits
            logger.exception("an event could not be told")
            self._tell(self._payloads.fault(f"An event of a wait could not be told: {error!r}", None, wait.origin))

    def _listen(self, wait: _Wait, event: WaitEvent) -> None:
        if self._reports is not None:
            if wait.formatter is None:
                schedule = self._many.schedule_of(wait.number)
                wait.formatter = self._reports.formatter(wait.given.entry.request, schedule, is_alone=False)
            if wait.formatter is not None:
                wait.formatter(event)
        if isinstance(event, AfterAttempt) and event.changed:
            wait.change = event  # of one that is the end, that alone is told
        elif isinstance(event, (BeforeAttempt, BeforeSleep)):
            self._save(wait, event.elapsed)
        elif isinstance(event, Ended):
            self._diagnose(wait, event.outcome)

    # --- one wait

    def _begin(self, given: SourceWait, origin: str | None) -> None:
        """Begin a wait, or go on with it. Its clock has run on since it began."""
        record = self._state.records.get(given.key)
        now = self._now()
        if record is None:
            record = Record(began=now, origin=origin)
            self._state.save(given.key, record)
        elapsed = max(now - record["began"], record.get("elapsed", 0.0))  # the clock may have been set back
        checkpoint = Checkpoint(
            elapsed,
            record.get("due"),
            record.get("attempts", 0),
            frozenset(record.get("seen", ())),
            record.get("successes", 0),
            record.get("transient_spent", 0.0),
            tuple(StateChange(*change) for change in record.get("changes", ())),
        )
        wait = _Wait(given.key, origin, given, checkpoint)
        with self._lock:  # its events may come before its number is returned
            wait.number = self._many.add(given.entry, self._scheduler, checkpoint)
            self._waits[wait.number] = self._by_key[given.key] = wait

    def _remove(self, key: str) -> None:
        self._state.forget(key)
        wait = self._by_key.pop(key, None)
        if wait is not None:
            wait.is_removed = True
            self._scheduler.cancel(wait.number)

    def _save(self, wait: _Wait, elapsed: float) -> None:
        at, change = wait.checkpoint, wait.change
        now = Record(
            due=at.due or 0.0,
            attempts=at.attempts,
            seen=sorted(at.seen),
            successes=at.successes,
            transient_spent=at.transient_spent,
        )
        before, wait.saved, wait.change = wait.saved or Record(), now, None
        different = {name: value for name, value in now.items() if before.get(name) != value}
        if wait.is_removed or not (different or change):
            return
        event, told = None, None
        if change is not None:
            observed, _size = bounded(change.verdict.observed, LARGEST_SIGHTING)
            told = [change.elapsed, change.attempt, plain(observed)]
            if self._options.params["events"] == CHANGES:
                event = self._payloads.changed(*self._about(wait), change, self._calls(wait), wait.origin)
        self._state.save(wait.key, {"elapsed": elapsed, **different}, told, event)  # type: ignore[typeddict-item]
        if event is not None:
            self._tell(event)

    def _diagnose(self, wait: _Wait, outcome: Outcome) -> None:
        """Look for the cause of a failure in a thread of its own, where few others do; then end the wait."""
        if is_due(wait.given.entry.request, outcome) and self._diagnosing < MOST_DIAGNOSES:
            with self._lock:
                self._diagnosing += 1
            with contextlib.suppress(RuntimeError):  # the system may have no thread to spare
                start(partial(self._find_causes, wait, outcome), "cloudwait-diagnosis")
                return
            with self._lock:
                self._diagnosing -= 1
        self._end(wait, outcome, None)

    def _find_causes(self, wait: _Wait, outcome: Outcome) -> None:
        entry = wait.given.entry
        why: Why | None = None
        try:
            why = find_causes(entry.request, outcome, wait.given.models, partial(self._clients.get, entry.account))
        except Exception:
            logger.exception("no cause could be looked for")
        with self._lock:
            self._diagnosing -= 1
        self._end(wait, outcome, why)

    def _end(self, wait: _Wait, outcome: Outcome, why: Why | None) -> None:
        if self._workers.is_stopped:  # after a restart it goes on
            return
        try:
            event = self._payloads.ended(*self._about(wait), outcome, self._calls(wait), why, wait.origin)
        except Exception as error:  # of a bug; others' waits go on
            logger.exception("the result of a wait could not be told")
            name = wait.given.entry.name or wait.given.entry.request.binding.service
            event = self._payloads.fault(f"{name}: the result could not be told: {error!r}", None, wait.origin)
        if wait.is_removed:
            self._state.deliver(event)
        else:
            self._state.save(wait.key, {"ended": outcome.ending.value}, None, event)
            self._count(wait.origin, outcome.ending.value)
        self._tell(event)
        with self._lock:
            del self._waits[wait.number]
        if not wait.is_removed:
            self._by_key.pop(wait.key, None)
        self._decide()

    def _about(self, wait: _Wait) -> tuple[Entry, Schedule]:
        return wait.given.entry, self._many.schedule_of(wait.number)

    def _calls(self, wait: _Wait) -> int:
        return self._scheduler.figures.own[wait.number]

    # --- the rulebook's own waits together

    def _count(self, origin: str | None, ending: str) -> None:
        if origin is None:
            with self._lock:
                self._succeeded += ending == Ending.SUCCESS.value
                self._possible -= ending != Ending.SUCCESS.value

    def _decide(self) -> None:
        """Cancel what is left of the rulebook's waits once ``require`` is met or, with ``fail_fast``, can't be."""
        with self._lock:
            is_over = self._options.policy.is_over(self._succeeded, self._possible)
            if self._is_decided or not is_over or not self._options.params["waits"]:
                return
            self._is_decided = True
            left = [wait.number for wait in self._waits.values() if wait.origin is None]
        for number in left:
            self._scheduler.cancel(number)


class _Stoppable:
    """Workers, with ``Abandoned`` in the place of their next results once they are stopped."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self.is_stopped = pool, False
        self.submit, self.wake, self.close = pool.submit, pool.wake, pool.close

    def wait(self, seconds: float | None) -> list[Done]:
        done = [] if self.is_stopped else self._pool.wait(seconds)
        if self.is_stopped:
            raise Abandoned
        return done

    def stop(self) -> None:
        self.is_stopped = True
        self._pool.wake()
