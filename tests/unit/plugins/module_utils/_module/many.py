# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits on botocore's own models, run against clients whose responses depend on the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.support.fake_client import Answer, FakeClient
from tests.unit.plugins.module_utils._engine.fakes import Clock, full
from tests.unit.plugins.module_utils._engine.workers import AtOnce, Lanes
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy, Workers
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import (
    CONCURRENCY,
    Entry,
    read_entries,
    read_policy,
    wait_many_spec,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._module.grouped_waits import GroupedWaits
from ansible_collections.cloudwait.aws.plugins.module_utils._module.summary import summary


def fake_client(service: str, clock: Clock, answer: Answer, region: str = "us-east-1") -> FakeClient:
    """A client of a service whose responses depend on the clock."""
    return FakeClient(MODELS.service_model(service), answer, clock.elapsed, region)


def args(**given: Any) -> dict[str, Any]:
    """The task arguments as Ansible passes them, with defaults for those not given."""
    return {**{name: option.get("default") for name, option in wait_many_spec().items()}, **given}


@dataclass
class Task:
    """A task of many waits. ``connect`` makes clients for accounts, services and operations, ``renew`` others."""

    given: Mapping[str, Any]
    connect: Callable[[Any, str, str], Any]
    clock: Clock
    workers: Workers | None = None
    renew: Callable[[Any, str], Any] | None = None
    draw: Callable[[], float] = full

    @cached_property
    def entries(self) -> list[Entry]:
        return read_entries(args(**self.given), MODELS, self.connect)

    @cached_property
    def result(self) -> dict[str, Any]:
        """What the task returns."""
        return self._end[0]

    @cached_property
    def outcomes(self) -> list[Outcome]:
        return self._end[1]

    @property
    def endings(self) -> list[str]:
        return [outcome.ending.value for outcome in self.outcomes]

    @cached_property
    def _end(self) -> tuple[dict[str, Any], list[Outcome]]:
        policy, mistakes = read_policy(args(**self.given), len(self.entries))
        assert not mistakes
        return end(
            self.entries,
            policy,
            self.clock,
            self.workers,
            max_rate=self.given.get("max_rate"),
            check_mode=self.given.get("check_mode", False),
            renew=self.renew,
            draw=self.draw,
        )


def end(
    entries: Sequence[Entry],
    policy: Policy,
    clock: Clock,
    workers: Workers | None = None,
    *,
    max_rate: float | None = None,
    check_mode: bool = False,
    renew: Callable[[Any, str], Any] | None = None,
    draw: Callable[[], float] = full,
) -> tuple[dict[str, Any], list[Outcome]]:
    """Run waits until they end: the task's result, and the outcome of each."""
    concurrency = workers.size if isinstance(workers, Lanes) else CONCURRENCY

    def nobody(_account: Any, _service: str) -> Any:
        raise AssertionError("no new client was to be made")

    many = GroupedWaits(entries, MODELS, renew or nobody, draw, max_rate, clock, check_mode)
    outcomes, figures = many.run(workers or AtOnce(clock), policy, concurrency=concurrency)
    elapsed = clock.now - 1000
    returned, _warnings = summary(entries, many.schedules, outcomes, policy, figures, elapsed)
    return returned, outcomes


def told(outcome: Outcome) -> Any:
    """The contents of an outcome, except error messages, which name other resources too, and the order of items."""
    verdict = outcome.verdict
    timeline = [(seen.elapsed, seen.attempt, in_order(seen.observed)) for seen in outcome.timeline]
    return (
        (outcome.ending, outcome.attempts, outcome.elapsed, outcome.bound, outcome.transient),
        timeline,
        outcome.notes,
        verdict
        and (
            (verdict.decision, verdict.acceptor, in_order(verdict.observed), verdict.absent),
            verdict.error and verdict.error.code,
            [entry._replace(reason=None) for entry in verdict.resources],
        ),
    )


def in_order(observed: Any) -> Any:
    return sorted(observed, key=repr) if isinstance(observed, list) else observed
