# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cost of a progress line: a wait of many polls, with a line for each and without lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tests.bench.measure import Cost, cost_of
from tests.bench.world import World, environment

LINES = 300
EVENTS = "events.jsonl"
DELAY = 0.02


def scenario() -> dict[str, Any]:
    """A state that changes at each poll, and never becomes the wanted one."""
    return {"service": "ec2", "answers": [{"data": _described(number)} for number in range(LINES)]}


def play(aws: World, progress: str, key: str) -> Cost:
    """The cost of the playbook, a failed one, as the wait is never successful."""
    task: Mapping[str, Any] = {
        "service": "ec2",
        "definition": {
            "operation": "DescribeInstances",
            "path": "Reservations[].Instances[].InstanceType",
            "success": ["done"],
        },
        "params": {"InstanceIds": ["i-0ab1"]},
        "delay": DELAY,
        "max_attempts": LINES,
        "progress": progress,
        "validate": "off",
        "return_response": False,
        "event_log": EVENTS if key == "EVENTS" else None,
    }
    ignoring = {"name": "Wait", "cloudwait.aws.wait": task, "ignore_errors": True}
    document = [{"hosts": "localhost", "gather_facts": False, "tasks": [ignoring]}]
    (aws.folder / "lines.yml").write_text(json.dumps(document))
    return cost_of(["ansible-playbook", "lines.yml"], aws.environment(key), aws.folder)


def in_the_worker(aws: World) -> float:
    """Seconds of CPU for a line, in the process that Ansible runs the task in: reading, formatting, display."""
    play(aws, "none", "EVENTS")
    command = [sys.executable, "-m", "tests.bench.worker", str(aws.folder / EVENTS)]
    found = json.loads(subprocess.check_output(command, env=environment(), text=True))
    if found["lines"] < LINES:
        raise SystemExit(f"of {LINES} lines {found['lines']} were printed")
    seconds: float = found["cpu"] / found["lines"]
    return seconds


def _described(number: int) -> dict[str, Any]:
    return {"Reservations": [{"Instances": [{"InstanceId": "i-0ab1", "InstanceType": f"state-{number}"}]}]}
