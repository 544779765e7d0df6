# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits of one task, sorted into groups that share requests, and run to their ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any

from .._aws.binding import Binding
from .._aws.models import Models
from .._aws.operation import Operation
from .._aws.shared import SharedOperation, shares_by
from .._engine.events import AfterAttempt, Event, Faulted
from .._engine.judge import Judge, Missing
from .._engine.limiter import Limiter
from .._engine.outcome import Outcome
from .._engine.schedule import Schedule
from .._engine.scheduler import Listener, Policy, Scheduler, Workers
from .._engine.waiting import waiting
from .entries import Entry
from .watch import Abandoned

Account = tuple["str | None", "str | None"]
"""The region and the profile that an entry names."""

Reconnect = Callable[[Account, str], Any]
"""Makes a new client for an account and a service."""


class Many:
    """The waits of a task, sorted into groups that share requests. ``polls``: how often each wait was answered."""

    def __init__(
        self,
        entries: Sequence[Entry],
        models: Models,
        reconnect: Reconnect,
        max_rate: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._entries, self._models, self._reconnect = entries, models, reconnect
        self._limiter = cache(lambda _quota: Limiter(clock, sleep, max_rate))
        members: dict[Hashable, dict[int, Binding]] = {}
        for number, entry in enumerate(entries):
            members.setdefault(self._group(entry), {})[number] = entry.request.binding
        self._operations: dict[int, SharedOperation] = {}
        for group in members.values():
            entry = entries[next(iter(group))]
            returned = any(entries[number].request.settings.return_response for number in group)
            shared = SharedOperation(group, self._maker(entry), _tells_apart(entry), returned)
            self._operations.update(dict.fromkeys(group, shared))
        self.polls = [0] * len(entries)

    @property
    def calls(self) -> int:
        return sum(operation.calls for operation in dict.fromkeys(self._operations.values()))

    def run(
        self,
        schedules: Sequence[Schedule],
        workers: Workers,
        policy: Policy,
        clock: Callable[[], float],
        listeners: Sequence[Listener] = (),
    ) -> list[Outcome]:
        """Run all waits to their ends."""
        loops = [
            waiting(_judge(entry), schedule, clock) for entry, schedule in zip(self._entries, schedules, strict=True)
        ]
        waits = [(loop, self._operations[number]) for number, loop in enumerate(loops)]
        scheduler = Scheduler(waits, clock, workers, policy, [self, *listeners])
        try:
            return scheduler.run()
        except Abandoned:
            return scheduler.cancel()

    def __call__(self, number: int, event: Event) -> None:
        """Count the answers to each wait."""
        if isinstance(event, (AfterAttempt, Faulted)):
            self.polls[number] += 1

    def tell(self) -> None:
        """Nobody is told."""

    def _group(self, entry: Entry) -> Hashable:
        binding = entry.request.binding
        return _whose(entry), binding.service, shares_by(binding, _tells_apart(entry))

    def _maker(self, entry: Entry) -> Callable[[Binding], Operation]:
        def make(binding: Binding) -> Operation:
            return binding.operation(
                self._models,
                lambda: self._reconnect(entry.account, binding.service),
                entry.request.client,
                _tells_apart(entry),
                self._limiter((_whose(entry), binding.service, binding.definition.operation)),
            )

        return make


def _whose(entry: Entry) -> Hashable:
    """Whose quota the requests of a wait count for: a region may be named or be the task's own."""
    return entry.request.client.meta.region_name, entry.account[1]


def _tells_apart(entry: Entry) -> bool:
    return entry.request.settings.missing is not Missing.IGNORE


def _judge(entry: Entry) -> Judge:
    binding, settings = entry.request.binding, entry.request.settings
    return binding.judge(settings.missing, settings.retry_errors)
