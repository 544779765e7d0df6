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
from .._engine.dispatcher import Quota
from .._engine.groups import Figures, Listener, Policy, Workers
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
        max_rate: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        once: bool = False,
    ) -> None:
        """``once``: each wait polls once and never sleeps."""
        self._clock = clock
        self._limiter = cache(lambda _quota: Limiter(max_rate))
        renewals = cache(lambda account, service, client: _Renewals(lambda: renew(account, service), client))
        self._waits = []
        for entry in entries:
            of_client = renewals(entry.account, entry.request.binding.service, entry.request.client)
            self._waits.append(entry.request.prepare(models, of_client.renew_for(), once))
        members: dict[Hashable, dict[int, PreparedWait]] = {}
        for number, (entry, wait) in enumerate(zip(entries, self._waits, strict=True)):
            group = (_whose(entry), wait.binding.service, shares_by(wait))
            members.setdefault(group, {})[number] = wait
        self._groups: dict[int, SharedOperation] = {}
        for waits in members.values():
            returned = any(entries[number].request.settings.return_response for number in waits)
            shared = SharedOperation(waits, self._quota(entries[next(iter(waits))]), clock, returned)
            self._groups.update(dict.fromkeys(waits, shared))

    @property
    def schedules(self) -> list[Schedule]:
        """When each wait polls, in the order of the entries."""
        return [wait.schedule for wait in self._waits]

    def run(
        self,
        workers: Workers,
        policy: Policy,
        listeners: Sequence[Listener] = (),
        concurrency: int = CONCURRENCY,
        after_batch: Callable[[], None] | None = None,
    ) -> tuple[list[Outcome], Figures]:
        """Run all waits to their ends: how each ended, and how many requests that took."""
        waits = [(wait.loop(self._clock), self._groups[number]) for number, wait in enumerate(self._waits)]
        scheduler = Scheduler(waits, self._clock, workers, policy, listeners, concurrency, after_batch)
        try:
            return scheduler.run(), scheduler.figures
        except Abandoned:
            return scheduler.cancel(), scheduler.figures

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
