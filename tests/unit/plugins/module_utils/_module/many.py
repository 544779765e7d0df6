# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits on botocore's own models, run to their ends against clients that answer by the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from tests.unit.plugins.module_utils._engine.fakes import Clock
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

Says = Callable[[str, dict[str, Any]], Mapping[str, Any]]
"""What an operation answers to its parameters; raises what boto3 raises."""


class Client:
    """A boto3 client, as far as it is used: each operation is a method of its own name."""

    def __init__(self, service: str, clock: Clock, says: Says, region: str = "us-east-1") -> None:
        self._clock, self._says = clock, says
        self._before_send: list[Callable[..., None]] = []
        self.asked: list[tuple[float, str, dict[str, Any]]] = []
        model = MODELS.service_model(service)
        self.meta = SimpleNamespace(
            endpoint_url=f"https://{service}.{region}.example",
            region_name=region,
            method_to_api_mapping={name: name for name in model.operation_names},
            service_model=model,
            events=SimpleNamespace(register=self._register),
        )

    def _register(self, event: str, handler: Callable[..., None], unique_id: str) -> None:
        del unique_id
        if event == "before-send":
            self._before_send[:] = [handler]

    def __getattr__(self, operation: str) -> Callable[..., Mapping[str, Any]]:
        if operation not in self.meta.method_to_api_mapping:
            raise AttributeError(operation)

        def call(**params: Any) -> Mapping[str, Any]:
            self.asked.append((self._clock.now - 1000, operation, params))
            for handler in self._before_send:
                handler(request=None)
            return {**self._says(operation, params), "ResponseMetadata": {"HTTPStatusCode": 200}}

        return call


def args(**given: Any) -> dict[str, Any]:
    """The task arguments as Ansible hands them over, with the defaults of those that aren't given."""
    return {**{name: option.get("default") for name, option in wait_many_spec().items()}, **given}


@dataclass
class Task:
    """A task of many waits. ``connect`` makes the client for an account and a service, ``renew`` another one."""

    given: Mapping[str, Any]
    connect: Callable[[Any, str], Any]
    clock: Clock
    workers: Workers | None = None
    renew: Callable[[Any, str], Any] | None = None

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
) -> tuple[dict[str, Any], list[Outcome]]:
    """Run waits to their ends: the task's result, and the outcome of each."""
    concurrency = workers.size if isinstance(workers, Lanes) else CONCURRENCY

    def nobody(_account: Any, _service: str) -> Any:
        raise AssertionError("no new client was to be made")

    many = GroupedWaits(entries, MODELS, renew or nobody, max_rate, clock, check_mode)
    outcomes, figures = many.run(workers or AtOnce(clock), policy, concurrency=concurrency)
    elapsed = clock.now - 1000
    returned, _warnings = summary(entries, many.schedules, outcomes, policy, figures, elapsed)
    return returned, outcomes
