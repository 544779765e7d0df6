# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits of one task, sorted into groups that share requests, and run to their ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any

from .._aws.models import Models
from .._aws.prepared_wait import PreparedWait
from .._aws.shared_operation import SharedOperation
from .._aws.sharing import shares_by
from .._engine.checkpoint import Checkpoint
from .._engine.dispatcher import Quota
from .._engine.groups import Figures, Listener, Loop, Policy, Workers
from .._engine.jitter import Draw, SharedDraw
from .._engine.limiter import Limiter
from .._engine.outcome import Outcome
from .._engine.schedule import Schedule
from .._engine.scheduler import Scheduler
from .entries import CONCURRENCY, Account, Entry
from .watch import Abandoned

Renew = Callable[[Account, str], Any]
"""Makes a new client for an account and a service."""


class GroupedWaits:
    """The waits of a task, sorted into groups that share requests."""

    def __init__(
        self,
        entries: Sequence[Entry],
        models: Models,
        renew: Renew,
        draw: Draw,
        max_rate: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        once: bool = False,
    ) -> None:
        """``once``: each wait polls once and never sleeps."""
        self._models, self._draw, self._clock, self._once = models, draw, clock, once
        self._limiter = cache(lambda _quota: Limiter(max_rate))
        self._renewals = cache(lambda account, service, client: _Renewals(lambda: renew(account, service), client))
        self._waits: list[PreparedWait] = []
        self._groups: dict[Hashable, SharedOperation] = {}
        self._joined = [self._join(entry, self._prepare(entry), number) for number, entry in enumerate(entries)]

    @property
    def schedules(self) -> list[Schedule]:
        """When each wait polls, in the order of the entries."""
        return [wait.schedule for wait in self._waits]

    def schedule_of(self, number: int) -> Schedule:
        """When one of them polls, by its number."""
        return self._waits[number].schedule

    def run(
        self,
        workers: Workers,
        policy: Policy,
        listeners: Sequence[Listener] = (),
        concurrency: int = CONCURRENCY,
        after_batch: Callable[[], None] | None = None,
    ) -> tuple[list[Outcome], Figures]:
        """Run all waits to their ends: how each ended, and how many requests that took."""
        scheduler = self.scheduler(workers, policy, listeners, concurrency, after_batch)
        try:
            return scheduler.run(), scheduler.figures
        except Abandoned:
            return scheduler.cancel_all(), scheduler.figures

    def scheduler(
        self,
        workers: Workers,
        policy: Policy,
        listeners: Sequence[Listener] = (),
        concurrency: int = CONCURRENCY,
        after_batch: Callable[[], None] | None = None,
        stays_open: bool = False,
    ) -> Scheduler:
        """What runs the waits. ``stays_open``: it takes further ones, see ``add``."""
        return Scheduler(self._joined, self._clock, workers, policy, listeners, concurrency, after_batch, stays_open)

    def add(self, entry: Entry, scheduler: Scheduler, checkpoint: Checkpoint | None = None) -> int:
        """Hand a further wait to the scheduler that runs the others, from any thread; its number there.

        ``checkpoint``: where the wait goes on.
        """
        wait = self._prepare(entry)
        return scheduler.add(lambda number: self._join(entry, wait, number, checkpoint))

    def _prepare(self, entry: Entry) -> PreparedWait:
        request = entry.request
        of_client = self._renewals(entry.account, request.binding.service, request.client)
        return request.prepare(self._models, of_client.renew_for(), self._once)

    def _join(
        self, entry: Entry, wait: PreparedWait, number: int, checkpoint: Checkpoint | None = None
    ) -> tuple[Loop, SharedOperation]:
        """Make a wait part of its group."""
        key = (_whose(entry), wait.binding.service, shares_by(wait))
        if key not in self._groups:
            draw = SharedDraw(self._draw, self._clock)
            self._groups[key] = SharedOperation(wait, self._quota(entry), self._clock, draw)
        group = self._groups[key]
        group.add(number, wait, entry.request.settings.return_response is not False)
        self._waits.append(wait)
        return wait.loop(self._clock, group.draw, checkpoint), group

    def _quota(self, entry: Entry) -> Quota:
        binding = entry.request.binding
        lane = (_whose(entry), binding.service)
        return Quota(lane, self._limiter((lane, binding.definition.operation)))


class _Renewals:
    """The clients of one account and service, of which each but the first is made once for all who find one expired."""

    def __init__(self, connect: Callable[[], Any], client: Any) -> None:
        self._connect, self._first, self._newest = connect, client, client
        self._renewing = threading.Lock()

    def renew_for(self) -> Callable[[], Any]:
        """Gives one operation the next client each time that it asks: a new one where it has the newest."""
        held = self._first

        def renew() -> Any:
            nonlocal held
            with self._renewing:
                if held is self._newest:
                    self._newest = self._connect()
                held = self._newest
                return held

        return renew


def _whose(entry: Entry) -> Hashable:
    """Whose quota the requests of a wait count for: a region may be named or be the task's own."""
    return entry.request.client.meta.region_name, entry.account[1]
