# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source on a clock that moves when told to, and an EC2 whose instances run from their times on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.workers import AtOnce
from tests.unit.plugins.module_utils._module.ec2_waits import Instances
from tests.unit.plugins.module_utils._module.many import fake_client

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.pool import Done
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.options import Options
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.state import State
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.waits import Waits
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import for_task

CONNECTION = {"access_key": "AKID", "secret_key": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "region": "us-east-1"}


class Pool(AtOnce):
    """Does each job at once. ``at``: what is done at some time; when nothing is left to be done, ``finish``."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.at: dict[float, Callable[[], None]] = {}
        self.finish: Callable[[], None] = lambda: None

    def wait(self, seconds: float | None) -> list[Done]:
        now = self._clock.elapsed()
        due = min((at for at in self.at if seconds is None or at <= now + seconds), default=None)
        if self._done or self._is_woken or (seconds is not None and due is None):
            return super().wait(seconds)
        if due is None:
            self.finish()
            return super().wait(0)
        super().wait(max(0.0, due - now))
        self.at.pop(due)()
        return []

    def close(self) -> None:
        """There are no threads."""


@dataclass
class Clients:
    """EC2's client for each account."""

    clock: Clock
    answer: Any

    def __post_init__(self) -> None:
        self.client = fake_client("ec2", self.clock, self.answer)

    def get(self, *_place: Any) -> Any:
        return self.client

    renew = get


@dataclass
class Run:
    """One process of a source. ``given``: its options; ``ready``: when instances run; ``at``: what is done then."""

    given: Mapping[str, Any]
    ready: Mapping[str, float] = field(default_factory=dict)
    state: State = field(default_factory=State)
    clock: Clock = field(default_factory=Clock)
    at: dict[float, Callable[[], None]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    answer: Any = None

    def __post_init__(self) -> None:
        self.clients = Clients(self.clock, self.answer or Instances(self.clock, self.ready))
        self.options = Options({**CONNECTION, **self.given}, for_task, set())
        self.pool = Pool(self.clock)
        self.waits = Waits(
            self.options, self.state, self.events.append, self.clients, self.pool, self.clock, self.clock
        )
        self.pool.at, self.pool.finish = self.at, self.waits.stop

    def read(self, *waits: Mapping[str, Any], origin: str) -> None:
        """The waits of a file are these now."""
        self.waits.replace(origin, self.options.read_more(waits, origin, self.clients.get))

    def run(self) -> list[dict[str, Any]]:
        """The events, until nothing is left to be done or ``at`` stops the source."""
        self.waits.replace(None, self.options.read(self.clients.get))
        self.waits.run()
        return self.events


def instances(*names: str, **more: Any) -> dict[str, Any]:
    """Options that wait for instances, each with its own entry. Diagnoses take place in threads."""
    waits = [instance(name) for name in names]
    ec2 = {"service": "ec2", "waiter": "instance_running", "delay": 10, "timeout": 100, "diagnose": False}
    return {**ec2, **more, "waits": waits}


def instance(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "params": {"InstanceIds": [name]}, **more}


def told(events: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    """Some members of each event."""
    return [tuple(event[key] for key in ("name", "outcome", *keys)) for event in events]
