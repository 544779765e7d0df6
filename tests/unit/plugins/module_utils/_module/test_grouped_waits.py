# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that are handed to a task that runs share requests with those that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.unit.plugins.module_utils._engine.fakes import Clock, full
from tests.unit.plugins.module_utils._engine.workers import AtOnce
from tests.unit.plugins.module_utils._module.many import args, fake_client
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import AfterAttempt, Event
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import read_entries
from ansible_collections.cloudwait.aws.plugins.module_utils._module.grouped_waits import GroupedWaits


def test_an_entry_that_is_added_shares_requests_and_one_that_is_cancelled_asks_no_more() -> None:
    """At 20 s one more instance is waited for, in other words, and one is given up; nobody has shared before."""
    clock = Clock()

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        state = "running" if clock.elapsed() >= 40 else "pending"
        found = [{"InstanceId": name, "State": {"Name": state}} for name in params["InstanceIds"]]
        return {"Reservations": [{"Instances": found}]}

    client = fake_client("ec2", clock, says)
    rows = [{"params": {"InstanceIds": [name]}, "waiter": "instance_running"} for name in ("i-1", "i-2")]
    path = {"operation": "DescribeInstances", "path": "Reservations[].Instances[].State.Name", "success": ["running"]}
    late = {"params": {"InstanceIds": ["i-3"]}, "definition": path, "return_response": True}
    given = args(service="ec2", waits=[*rows, late], delay=10)
    first, given_up, added = read_entries(given, MODELS, lambda *_account: client)
    many = GroupedWaits([first, given_up], MODELS, lambda *_account: client, full, None, clock)
    numbers = []

    def listen(number: int, event: Event) -> None:
        if number == 0 and isinstance(event, AfterAttempt) and event.attempt == 3:
            numbers.append(many.add(added, scheduler))
            scheduler.cancel(1)
            scheduler.close()

    policy = Policy(9, fail_fast=False)
    scheduler = many.scheduler(AtOnce(clock), policy, [listen], stays_open=True)
    outcomes = scheduler.run()
    assert [(o.ending.value, o.attempts, o.elapsed) for o in outcomes] == [
        ("success", 5, 40),
        ("cancelled", 3, 20),
        ("success", 3, 20),
    ]
    assert numbers == [2]
    assert len(many.schedules) == 3
    assert [(at, params["InstanceIds"]) for at, _operation, params in client.asked] == [
        (0, ["i-1", "i-2"]),
        (10, ["i-1", "i-2"]),
        (20, ["i-1", "i-2"]),
        (20, ["i-3"]),
        (30, ["i-1", "i-3"]),
        (40, ["i-1", "i-3"]),
    ]
    assert (scheduler.figures.total, scheduler.figures.own) == (6, [0, 0, 1])
