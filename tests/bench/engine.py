# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The engine's own time per poll, as JSON: ``{number of instances: median of microseconds of CPU}``.

A process of its own: the collection's folder has to be on the path before it is imported.
"""

from __future__ import annotations

import json
import time
from statistics import median
from typing import Any

from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import bind
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.waiter_lookup import WaiterLookup
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule

ROUNDS = 9
POLLS = {1: 3000, 10: 500, 100: 50}


def main() -> None:
    models = Models(CATALOG)
    definition = WaiterLookup(models, None, "", "ec2", corrections=False).named("instance_running").definition
    if definition is None or len(definition.acceptors) != 5:
        raise SystemExit("instance_running has not five acceptors")
    operation = models.service_model("ec2").operation_model(definition.operation)
    found: dict[int, list[float]] = {count: [] for count in POLLS}
    for _round in range(ROUNDS):
        for count, polls in POLLS.items():
            ids = [f"i-{number:017x}" for number in range(count)]
            binding, problems = bind("ec2", definition, {"InstanceIds": ids}, operation, None)
            if problems:
                raise SystemExit(problems)
            judge = Judge(definition, binding.identity, show=binding.show, reasons=binding.reasons)
            found[count].append(per_poll(judge, pending(ids), polls))
    print(json.dumps({count: median(times) * 1e6 for count, times in found.items()}))


def pending(ids: list[str]) -> dict[str, Any]:
    instances = [{"InstanceId": name, "State": {"Code": 0, "Name": "pending"}} for name in ids]
    return {"Reservations": [{"OwnerId": "123456789012", "Instances": [instance]} for instance in instances]}


def per_poll(judge: Judge, response: dict[str, Any], polls: int) -> float:
    schedule = Schedule(delay=1.0, max_attempts=polls)
    began = time.process_time()
    run_wait(
        poll_loop(judge, schedule, time.monotonic), lambda _budget: PollResult(response, 200), lambda _seconds: None
    )
    return (time.process_time() - began) / polls


if __name__ == "__main__":
    main()
