# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The measured processes, which request an EC2 instance from a scripted endpoint in a separate process."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.measure import Cost, cost_of
from tests.support.playbook import REPO, WORK, Ansible

INSTANCE = "i-0ab1"
WAIT: Mapping[str, Any] = {
    "service": "ec2",
    "waiter": "instance_running",
    "params": {"InstanceIds": [INSTANCE]},
    "delay": 1,
}
INFO: Mapping[str, Any] = {"instance_ids": [INSTANCE]}
POLLS = 10
UNTIL = {"until": "seen.instances[0].state.name == 'running'", "retries": POLLS, "delay": 1}
TASKS: Mapping[str, Mapping[str, Any]] = {
    "empty": {"ansible.builtin.meta": "noop"},
    "wait": {"cloudwait.aws.wait": WAIT},
    "until": {"amazon.aws.ec2_instance_info": INFO, "register": "seen", **UNTIL},
}


@dataclass
class World:
    """A working folder, and the endpoint's URL. Each play has its own scenario, as scenarios can't be rewound."""

    folder: Path
    url: str
    plays: int = 0

    def play(self, task: str, polls: int = 1) -> Cost:
        """The cost of a playbook with this one task; the instance runs at the first poll or at the tenth."""
        self.plays += polls > 1
        key = f"PLAY{self.plays}" if polls > 1 else "READY"
        cost = cost_of(["ansible-playbook", f"{task}.yml"], self.environment(key), self.folder)
        if cost.wall < polls - 1:
            raise SystemExit(f"the playbook {task} ended before its poll {polls}")
        return cost

    def make_module(self, module: str, args: Mapping[str, Any], key: str, name: str | None = None) -> str:
        """The name of the file that Ansible sends to a host to run the module; kept, to be run alone."""
        sent = self.folder / "sent"
        keep = {"ANSIBLE_KEEP_REMOTE_FILES": "true", "ANSIBLE_REMOTE_TMP": str(sent)}
        command = ["ansible", "localhost", "-m", module, "-a", json.dumps(args)]
        cost_of(command, self.environment(key) | keep, self.folder)
        [payload] = sent.glob(f"*/AnsiballZ_{module.rpartition('.')[2]}.py")
        # without the file by which the action plugin tells the module that its task is alive
        text = re.sub(r'"_progress": "[^"]*"', '"_progress": null', payload.read_text())
        made = self.folder / (name or f"{module}.py")
        made.write_text(text)
        shutil.rmtree(sent)
        return made.name

    def environment(self, key: str) -> dict[str, str]:
        return Ansible(self.folder).environment | {
            "ANSIBLE_REMOTE_TMP": str(self.folder / "tmp"),
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
        }


@contextmanager
def world(folder: Path, plays: int, more: Mapping[str, Any]) -> Iterator[World]:
    """A world for a number of plays, and with additional named scenarios."""
    scenarios = {f"PLAY{number}": scenario(POLLS) for number in range(1, plays + 1)}
    (folder / "scenarios.json").write_text(json.dumps({"READY": scenario(1), **scenarios, **more}))
    for name, task in TASKS.items():
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [{"name": name, **task}]}
        (folder / f"{name}.yml").write_text(json.dumps([play]))
    command = [sys.executable, str(REPO / "tests/support/scripted.py"), str(folder / "scenarios.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield World(folder, server.stdout.readline().strip())
        finally:
            server.terminate()


def scenario(polls: int) -> dict[str, Any]:
    """Responses in which the instance runs from the given poll on."""
    before = [{"data": described("pending"), "repeat": polls - 1}] if polls > 1 else []
    return {"service": "ec2", "answers": [*before, {"data": described("running")}]}


def described(state: str) -> dict[str, Any]:
    return {"Reservations": [{"Instances": [{"InstanceId": INSTANCE, "State": {"Name": state}}]}]}


def engine_times() -> dict[str, float]:
    """Microseconds of CPU per poll of the engine, by the number of instances."""
    output = subprocess.check_output([sys.executable, "-m", "tests.bench.engine"], env=environment(), text=True)
    times: dict[str, float] = json.loads(output)
    return times


def environment() -> dict[str, str]:
    """The environment of a process that imports the collection's own files."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(WORK / "collections"), str(REPO)])}
