# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module ``wait_many``: entries, scheduler, outcomes, result."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .._aws.models import Models
from .._definition.problem import BadInput
from .._engine.events import Event
from .._engine.groups import Listener
from .._engine.outcome import Outcome
from .._engine.pool import Pool
from .._engine.schedule import Schedule
from .connection import connect, make_module, with_account
from .entries import Entry, read_entries, read_policy, wait_many_spec
from .grouped_waits import Account, GroupedWaits
from .options import progress_file
from .summary import summary
from .wait import fail, hide_sensitive, problems, sentence, signs, tell
from .watch import Watch

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
    tell(module, returned, warnings)


def _wait_many(module: Any, models: Models) -> tuple[dict[str, Any], list[str]]:
    args = module.params

    @cache
    def client(region: str | None, profile: str | None, service: str) -> Any:
        return connect(with_account(module, region=region, profile=profile), service)

    policy, mistakes = read_policy(args, len(args["waits"] or ()))
    try:
        entries = read_entries(args, models, client)
    except BadInput as bad:
        raise BadInput([*mistakes, *bad.problems]) from None
    if mistakes:
        raise BadInput(mistakes)
    hide_sensitive(module, *(entry.request for entry in entries))

    def reconnect(account: Account, service: str) -> Any:
        return client.__wrapped__(*account, service)

    schedules = [
        entry.request.settings.schedule(entry.request.binding.definition, once=module.check_mode) for entry in entries
    ]
    reports = _reports(module)
    listeners = _listeners(reports, entries, schedules) if reports is not None else []
    many = GroupedWaits(entries, models, reconnect, args["max_rate"])
    gc.freeze()
    gc.enable()
    began = time.monotonic()
    with Watch(signs(module)) as watch:
        workers = watch.workers(Pool())
        outcomes, figures = many.run(schedules, workers, policy, listeners, args["concurrency"])
    elapsed = time.monotonic() - began
    returned, warnings = summary(entries, schedules, _released(outcomes), policy, figures, elapsed)
    return returned, [*warnings, *(reports.close() if reports is not None else [])]


def _released(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """The outcomes, each let go of before the next: what many waits were answered is large."""
    outcomes.reverse()
    while outcomes:
        yield outcomes.pop()


def _reports(module: Any) -> Reports | None:
    if not (module.params["event_log"] or progress_file(module)):
        return None
    from .reports import Reports

    return Reports(module)


def _listeners(reports: Reports, entries: Sequence[Entry], schedules: Sequence[Schedule]) -> list[Listener]:
    """The event log, to which each wait writes by itself, and the screen, which tells of all together."""
    paired = zip(entries, schedules, strict=True)
    formatters = [reports.formatter(entry.request, schedule, is_alone=False) for entry, schedule in paired]
    listeners: list[Listener] = [_Formatters(formatters)] if any(formatters) else []
    together = reports.together([entry.request for entry in entries])
    return [*listeners, together] if together is not None else listeners


class _Formatters:
    def __init__(self, formatters: Sequence[Callable[[Event], None] | None]) -> None:
        self._formatters = formatters

    def __call__(self, number: int, event: Event) -> None:
        formatter = self._formatters[number]
        if formatter is not None:
            formatter(event)

    def tell(self) -> None:
        """Every event has been told at once."""
