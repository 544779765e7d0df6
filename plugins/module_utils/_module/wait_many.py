# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module ``wait_many``: entries, scheduler, outcomes, result."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .._aws.models import Models
from .._definition.problem import BadInput
from .._engine.groups import Listener
from .._engine.outcome import Ending, Outcome
from .._engine.pool import Pool
from .._engine.schedule import Schedule
from .argument_check import with_mistakes
from .connection import Connection, connect, make_module, mistakes_of
from .entries import Account, Entry, read_entries, read_policy, wait_many_spec
from .exit import finish, reject
from .grouped_waits import GroupedWaits
from .options import progress_file
from .secrets import hide_sensitive
from .start import started
from .summary import summary
from .watch import Watch, signs_of_end

if TYPE_CHECKING:
    from .diagnose import Why
    from .reports import Reports


def main() -> None:
    """Run the module ``wait_many``."""
    module, catalog = make_module(argument_spec=wait_many_spec())
    try:
        returned, warnings = _wait_many(module, Models(catalog))
    except BadInput as bad:
        reject(module, bad)
    finish(module, returned, warnings)


class Clients:
    """The clients of a task: for each account and service one for the first operation, and one for all others."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._first: dict[tuple[Account, str], tuple[str, Any]] = {}
        self._whole: dict[tuple[Account, str], Any] = {}

    def get(self, account: Account, service: str, operation: str = "") -> Any:
        """The client for an account, a service and an operation, made once; raises as ``connect`` does.

        It serves no other operation, unless none is given.
        """
        place = account, service
        if operation and place not in self._first:
            client = connect(Connection.of(self._module, *account), service, operation)
            self._first[place] = operation, client
        first, client = self._first.get(place, ("", None))
        if operation and operation == first:
            return client
        if place not in self._whole:
            self._whole[place] = self.renew(account, service)
        return self._whole[place]

    def renew(self, account: Account, service: str) -> Any:
        """A new client for an account and a service."""
        return connect(Connection.of(self._module, *account), service)


def _wait_many(module: Any, models: Models) -> tuple[dict[str, Any], list[str]]:
    args = module.params
    clients = Clients(module)
    policy, mistakes = read_policy(args, len(args["waits"] or ()))
    mistakes = [*mistakes_of(module, models), *mistakes]
    entries = with_mistakes(mistakes, lambda: read_entries(args, models, clients.get))
    hide_sensitive(module, (entry.request.binding for entry in entries))
    draw = random.SystemRandom().random
    many = GroupedWaits(entries, models, clients.renew, draw, args["max_rate"], once=module.check_mode)
    reports = _reports(module)
    listeners, after_batch = _listeners(reports, entries, many.schedules) if reports is not None else ([], None)
    started()
    began = time.monotonic()
    with Watch(signs_of_end(args["_progress"])) as watch:
        workers = watch.workers(Pool())
        outcomes, figures = many.run(workers, policy, listeners, args["concurrency"], after_batch)
    elapsed = time.monotonic() - began
    causes = _causes(entries, outcomes, models, clients)
    returned, warnings = summary(entries, many.schedules, _released(outcomes), policy, figures, elapsed, causes)
    return returned, [*warnings, *(reports.close() if reports is not None else [])]


def _causes(entries: Sequence[Entry], outcomes: Sequence[Outcome], models: Models, clients: Clients) -> dict[int, Why]:
    """Why waits failed, by their places."""
    if all(outcome.ending not in (Ending.FAILURE, Ending.TIMEOUT) for outcome in outcomes):
        return {}
    from .diagnose import find_causes_of_many

    requests = [entry.request for entry in entries]
    accounts = [entry.account for entry in entries]
    return find_causes_of_many(
        requests, outcomes, models, lambda number, service: clients.get(accounts[number], service)
    )


def _released(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """The outcomes, each released before the next one: the responses to many waits are large."""
    outcomes.reverse()
    while outcomes:
        yield outcomes.pop()


def _reports(module: Any) -> Reports | None:
    if not (module.params["event_log"] or progress_file(module)):
        return None
    from .reports import Reports

    return Reports(module)


def _listeners(
    reports: Reports, entries: Sequence[Entry], schedules: Sequence[Schedule]
) -> tuple[list[Listener], Callable[[], None] | None]:
    """Listeners for the event log, which gets each event, and the screen, which shows all waits after each batch."""
    paired = zip(entries, schedules, strict=True)
    made = [reports.formatter(entry.request, schedule, is_alone=False) for entry, schedule in paired]
    formatters = [formatter for formatter in made if formatter is not None]  # all of them, or none
    listeners: list[Listener] = [lambda number, event: formatters[number](event)] if formatters else []
    progress = reports.group_progress(
        [entry.request for entry in entries], [entry.name or entry.request.binding.label for entry in entries]
    )
    return (listeners, None) if progress is None else ([*listeners, progress], progress.write_lines)
