# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module ``wait_many``: entries, scheduler, outcomes, result."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .._aws.binding import Binding
from .._aws.models import Models
from .._aws.operation import Operation
from .._aws.shared import SharedOperation, shares_by
from .._definition.problem import BadInput
from .._engine.events import AfterAttempt, Event, Faulted
from .._engine.judge import Judge, Missing
from .._engine.limiter import Limiter
from .._engine.outcome import Ending, Outcome
from .._engine.pool import Pool
from .._engine.schedule import Schedule
from .._engine.scheduler import Listener, Policy, Scheduler, Workers
from .._engine.waiting import waiting
from .connection import connect, elsewhere, make_module
from .entries import Entry, read_entries, read_policy, wait_many_spec
from .options import progress_file
from .summary import summary
from .wait import FINE, FINE_IN_CHECK_MODE, fail, nobody_reads, problems, sentence, signs
from .watch import Abandoned, Watch

if TYPE_CHECKING:
    from .reports import Reports


def main() -> None:
    """Run the module ``wait_many``."""
    gc.disable()
    module = make_module(argument_spec=wait_many_spec())
    try:
        returned, warnings = _wait_many(module, Models())
    except BadInput as bad:
        fail(module, {"msg": sentence(bad), "problems": problems(bad)})
    for warning in dict.fromkeys(warnings):
        module.warn(warning)
    if returned["outcome"] == Ending.CANCELLED.value and nobody_reads():
        raise SystemExit(1)
    if returned["outcome"] in (FINE_IN_CHECK_MODE if module.check_mode else FINE):
        module.exit_json(**returned)
    fail(module, returned)


def _wait_many(module: Any, models: Models) -> tuple[dict[str, Any], list[str]]:
    args = module.params

    @cache
    def client(region: str | None, profile: str | None, service: str) -> Any:
        return connect(elsewhere(module, region=region, profile=profile), service)

    policy, mistakes = read_policy(args, len(args["waits"] or ()))
    try:
        entries = read_entries(args, models, client)
    except BadInput as bad:
        raise BadInput([*mistakes, *bad.problems]) from None
    if mistakes:
        raise BadInput(mistakes)

    def reconnect(account: Account, service: str) -> Any:
        return client.__wrapped__(*account, service)

    schedules = [
        entry.request.settings.schedule(entry.request.binding.definition, once=module.check_mode) for entry in entries
    ]
    reports = _reports(module)
    listeners = _listeners(reports, entries, schedules) if reports is not None else []
    many = Many(entries, models, reconnect, args["max_rate"])
    gc.freeze()
    gc.enable()
    began = time.monotonic()
    with Watch(signs(module)) as watch:
        workers = watch.workers(Pool(args["concurrency"]))
        outcomes = many.run(schedules, workers, policy, time.monotonic, listeners)
    elapsed = time.monotonic() - began
    returned, warnings = summary(entries, schedules, outcomes, policy, many.polls, many.calls, elapsed)
    return returned, [*warnings, *(reports.close() if reports is not None else [])]


def _reports(module: Any) -> Reports | None:
    if not (module.params["event_log"] or progress_file(module)):
        return None
    from .reports import Reports

    return Reports(module)


def _listeners(reports: Reports, entries: Sequence[Entry], schedules: Sequence[Schedule]) -> list[Listener]:
    """The event log, to which each wait writes by itself, and the screen, which tells of all together."""
    paired = zip(entries, schedules, strict=True)
    journals = [reports.journal(entry.request, schedule, is_alone=False) for entry, schedule in paired]
    listeners: list[Listener] = [_Journals(journals)] if any(journals) else []
    together = reports.together([entry.request for entry in entries])
    return [*listeners, together] if together is not None else listeners


class _Journals:
    def __init__(self, journals: Sequence[Callable[[Event], None] | None]) -> None:
        self._journals = journals

    def __call__(self, number: int, event: Event) -> None:
        journal = self._journals[number]
        if journal is not None:
            journal(event)

    def tell(self) -> None:
        """Every event has been told at once."""


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
