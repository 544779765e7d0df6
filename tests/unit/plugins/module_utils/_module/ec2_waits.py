# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits for EC2 instances, and an EC2 whose responses depend on the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.aws_responses import instance, instances, refused
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.many import Task, fake_client


@dataclass
class Instances:
    """EC2 with instances that run from their times on, ``i-dead`` ones at no time, and none of other names.

    ``names``: the refusal says which ids it is about. ``cap``: how many ids a request may list, ``page``: how many
    instances an answer holds.
    """

    clock: Clock
    ready: Mapping[str, float] = field(default_factory=dict)
    names: bool = True
    cap: int | None = None
    too_many: str = "You may list at most {cap} ids."
    page: int | None = None

    def __call__(self, operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        assert operation == "DescribeInstances"
        ids = params["InstanceIds"]
        assert len(ids) == len(set(ids)), "an id was asked for twice"
        if self.cap is not None and len(ids) > self.cap:
            raise refused("InvalidParameterValue", 400, self.too_many.format(cap=self.cap))
        unknown = [name for name in ids if name not in self.ready and not name.startswith("i-dead")]
        if unknown:
            text = f"The instance IDs '{', '.join(unknown)}' do not exist" if self.names else "Something is missing"
            raise refused("InvalidInstanceID.NotFound", 400, text)
        start = int(params.get("NextToken", 0))
        end = start + (self.page or len(ids))
        items = [instance(name, self._state(name)) for name in ids[start:end]]
        return instances(*items, token=str(end) if end < len(ids) else None)

    def _state(self, name: str) -> str:
        if name.startswith("i-dead"):
            return "terminated"
        return "running" if self.clock.now - 1000 >= self.ready[name] else "pending"


RUNS = {"operation": "DescribeInstances", "path": "Reservations[].Instances[].State.Name", "success": ["running"]}


def wait_for_instances(*ids: str, **more: Any) -> dict[str, Any]:
    """A task that waits for instances, each with its own entry."""
    waits = [{"name": name, "params": {"InstanceIds": [name]}} for name in ids]
    task = {"service": "ec2", "waiter": "instance_running", "delay": 10, "max_attempts": 5, "fail_fast": False}
    return {**task, "waits": waits, **more}


def result_for(*ids: str, **more: Any) -> dict[str, Any]:
    """``i-run…`` runs immediately, ``i-pend…`` never, ``i-dead…`` is terminated; no others exist."""
    clock = Clock()
    ready = {name: 0.0 for name in ids if name.startswith("i-run")}
    ready |= {name: 1e9 for name in ids if name.startswith("i-pend")}
    client = fake_client("ec2", clock, Instances(clock, ready))
    task = wait_for_instances(*ids, max_attempts=3, **more)
    return Task(task, lambda *_account: client, clock).result
