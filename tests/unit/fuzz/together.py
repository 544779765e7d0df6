# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only interface of the tests of many waits to the product: a single wait, and the waits of one task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_client import FakeClient
from tests.unit.fuzz.cloud import Cloud
from tests.unit.plugins.module_utils._engine.fakes import Clock, full
from tests.unit.plugins.module_utils._engine.workers import AtOnce, Lanes
from tests.unit.plugins.module_utils._module.many import args, fake_client
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import (
    AfterAttempt,
    BeforeAttempt,
    BeforeSleep,
    Event,
    Faulted,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    ErrorKind,
    PollResult,
    ServiceError,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import CONCURRENCY, Entry, read_entries
from ansible_collections.cloudwait.aws.plugins.module_utils._module.grouped_waits import GroupedWaits
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import result
from ansible_collections.cloudwait.aws.plugins.module_utils._module.summary import summary

Row = Mapping[str, Any]
"""An entry of ``waits``, as a user writes it."""

BEGINS = 1000.0
TOO_LATE = PollResult(error=ServiceError("NoAnswer", "there was no answer by the deadline", ErrorKind.CONNECTION))


@dataclass
class Polls:
    """When a wait polled, in seconds since it began.

    ``asked``: each time a poll was made, or due where requests take time; ``planned``: the earliest time for each of
    them; ``faults``: those of them that met transient errors; ``attempts``: when those that counted were made.
    """

    asked: list[float] = field(default_factory=list)
    planned: list[float] = field(default_factory=list)
    last: list[bool] = field(default_factory=list)
    attempts: list[float] = field(default_factory=list)
    faults: list[float] = field(default_factory=list)
    takes_time: bool = False
    _next: tuple[float, bool] = (0.0, False)

    def record(self, event: Event) -> None:
        """Handle an event of the wait."""
        if isinstance(event, BeforeSleep):
            self._next = (event.elapsed + event.seconds, event.last)
        elif isinstance(event, BeforeAttempt):
            self.asked.append(event.elapsed)
            self.planned.append(self._next[0])
            self.last.append(self._next[1])
            self._next = (event.elapsed, False)
        elif isinstance(event, AfterAttempt | Faulted):
            if not self.takes_time:  # the answer comes when the request is sent, which may be later than it is due
                self.asked[-1] = event.elapsed
            (self.attempts if isinstance(event, AfterAttempt) else self.faults).append(self.asked[-1])


@dataclass
class Ended:
    """A wait that has ended: what the task returns for it, when it polled, and when it sent requests (alone only)."""

    result: dict[str, Any]
    polls: Polls
    sent: list[float] = field(default_factory=list)


@dataclass
class Requests:
    """The requests that were sent to a cloud: when, for which operation, with which parameters."""

    cloud: Cloud
    clock: Clock
    sleep: Any
    sent: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)

    def client(self, service: str) -> FakeClient:
        """A boto3 client of a service, as far as it is used."""

        def say(operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
            at = self.clock.now - BEGINS
            self.sent.append((at, operation, params))
            seconds = self.cloud.seconds(service, operation, params, at)
            if seconds:
                self.sleep(seconds)
            return self.cloud.answer(service, operation, params, self.clock.now - BEGINS)

        return fake_client(service, self.clock, say)


@dataclass
class Task:
    """What a task of many waits returned. ``waits``: one for each entry."""

    returned: dict[str, Any]
    waits: list[Ended]
    requests: Requests

    @property
    def calls(self) -> int:
        return len(self.requests.sent)


def read(rows: Sequence[Row]) -> list[Entry]:
    """The entries, checked, with clients that send nothing."""
    clients: dict[str, Any] = {}

    def connect(_account: Any, service: str, _operation: str) -> FakeClient:
        return clients.setdefault(service, fake_client(service, Clock(), lambda *_request: {}))

    return read_entries(args(waits=[dict(row) for row in rows], return_response=True), MODELS, connect)


def many(
    entries: Sequence[Entry],
    cloud: Cloud,
    *,
    concurrency: int | None = None,
    require: int | None = None,
    max_rate: float | None = None,
) -> Task:
    """Run waits as one task. ``concurrency``: requests that are in flight at once; None: none takes time."""
    clock = Clock()
    workers = AtOnce(clock) if concurrency is None else Lanes(clock, concurrency)
    sleep = clock.sleep if isinstance(workers, AtOnce) else workers.sleep
    requests = Requests(cloud, clock, sleep)
    clients = {service: requests.client(service) for service in {e.request.binding.service for e in entries}}
    entries = [Entry(e.name, e.request._replace(client=clients[e.request.binding.service]), e.account) for e in entries]
    recorded = [Polls(takes_time=concurrency is not None) for _entry in entries]

    def listen(number: int, event: Event) -> None:
        recorded[number].record(event)

    policy = Policy(len(entries) if require is None else require, fail_fast=False)
    task = GroupedWaits(entries, MODELS, lambda _account, service: clients[service], full, max_rate, clock)
    outcomes, figures = task.run(workers, policy, [listen], concurrency or CONCURRENCY)
    elapsed = clock.now - BEGINS
    returned, _warnings = summary(entries, task.schedules, outcomes, policy, figures, elapsed)
    waits = [Ended(found, polls) for found, polls in zip(returned["results"], recorded, strict=True)]
    return Task(returned, waits, requests)


def alone(entry: Entry, cloud: Cloud, at: Sequence[float] | None = None) -> Ended:
    """Run a wait as ``wait`` does. ``at``: when it is let poll, not before its time; None: at its time."""
    clock, polls = Clock(), Polls()
    requests = Requests(cloud, clock, clock.sleep)
    request = entry.request._replace(client=requests.client(entry.request.binding.service))
    wait = request.prepare(MODELS, lambda: request.client)
    operation = wait.operation()
    times = iter(at or ())

    def poll(budget: float | None) -> PollResult:
        began = clock.now
        answer = operation.poll()
        if budget is not None and clock.now - began > budget:
            clock.now = began + budget
            return TOO_LATE
        return answer

    def sleep(seconds: float) -> None:
        until = clock.now + seconds
        if at is not None and not polls._next[1]:
            until = next((BEGINS + time for time in times if BEGINS + time >= until - 1e-6), until)
        clock.now = max(until, clock.now)

    outcome = run_wait(wait.loop(clock, full), poll, sleep, [polls.record])
    returned, _warnings = result(request, wait.schedule, outcome, operation.calls)
    return Ended(returned, polls, [at for at, _operation, _params in requests.sent])
