# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits of one task, sorted into groups that share requests, and run to their ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from typing import Any

from .._aws.binding import Binding
from .._aws.models import Models
from .._aws.polling.operation import Operation
from .._aws.polling.used_members import UsedMembers
from .._aws.shared_operation import Polled, SharedOperation, shares_by
from .._engine.dispatcher import Quota
from .._engine.groups import Figures, Listener, Policy, Workers
from .._engine.judge import Judge, Missing
from .._engine.limiter import Limiter
from .._engine.outcome import Outcome
from .._engine.poll_loop import poll_loop
from .._engine.schedule import Schedule
from .._engine.scheduler import Scheduler
from .entries import CONCURRENCY, Entry
from .watch import Abandoned

Account = tuple["str | None", "str | None"]
"""The region and the profile that an entry names."""

Reconnect = Callable[[Account, str], Any]
"""Makes a new client for an account and a service."""


class GroupedWaits:
    """The waits of a task, sorted into groups that share requests."""

    def __init__(
        self,
        entries: Sequence[Entry],
        models: Models,
        reconnect: Reconnect,
        max_rate: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entries, self._models, self._clock = entries, models, clock
        self._limiter = cache(lambda _quota: Limiter(max_rate))
        self._renewals = cache(lambda account, service, client: _Renewals(lambda: reconnect(account, service), client))
        members: dict[Hashable, dict[int, Binding]] = {}
        for number, entry in enumerate(entries):
            members.setdefault(self._group(entry), {})[number] = entry.request.binding
        self._groups: dict[int, SharedOperation] = {}
        for group in members.values():
            entry = entries[next(iter(group))]
            returned = any(entries[number].request.settings.return_response for number in group)
            quota = self._quota(entry)
            shared = SharedOperation(group, self._maker(entry), _split_by_id(entry), quota, clock, returned)
            self._groups.update(dict.fromkeys(group, shared))

    def run(
        self,
        schedules: Sequence[Schedule],
        workers: Workers,
        policy: Policy,
        listeners: Sequence[Listener] = (),
        concurrency: int = CONCURRENCY,
    ) -> tuple[list[Outcome], Figures]:
        """Run all waits to their ends: how each ended, and how many requests that took."""
        loops = [
            poll_loop(_judge(entry), schedule, self._clock)
            for entry, schedule in zip(self._entries, schedules, strict=True)
        ]
        waits = [(loop, self._groups[number]) for number, loop in enumerate(loops)]
        scheduler = Scheduler(waits, self._clock, workers, policy, listeners, concurrency)
        try:
            return scheduler.run(), scheduler.figures
        except Abandoned:
            return scheduler.cancel(), scheduler.figures

    def _group(self, entry: Entry) -> Hashable:
        binding = entry.request.binding
        return _whose(entry), binding.service, shares_by(binding, _split_by_id(entry))

    def _quota(self, entry: Entry) -> Quota:
        binding = entry.request.binding
        lane = (_whose(entry), binding.service)
        return Quota(lane, self._limiter((lane, binding.definition.operation)))

    def _maker(self, entry: Entry) -> Polled:
        def make(binding: Binding, used: Callable[[], Iterable[UsedMembers]] | None, waits: int) -> Operation:
            return binding.operation(
                self._models,
                self._renewals(entry.account, binding.service, entry.request.client).renew_for(),
                entry.request.client,
                _split_by_id(entry),
                used,
                waits,
            )

        return make


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


def _split_by_id(entry: Entry) -> bool:
    return entry.request.settings.missing is not Missing.IGNORE


def _judge(entry: Entry) -> Judge:
    binding, settings = entry.request.binding, entry.request.settings
    return binding.judge(settings.missing, settings.retry_errors)
