# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Five ways to wait for a fleet, each a command that is run and measured."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.endpoint import Aws, Setting
from tests.bench.resources import FLEETS, Fleet
from tests.support.playbook import REPO, Ansible

DELAY, ATTEMPTS = 5, 40
FEW = 10
HERE = REPO / "tests/bench"
PYTHON, MODULES, WHOLE, OUTPUT, KILLED = "python", "modules.jsonl", "whole.jsonl", "output", "killed"


@dataclass(frozen=True)
class Run:
    """The results for a fleet, in seconds and bytes; ``after``: from the last resource's being ready to the end.

    ``module``: the part of the CPU time that the processes of modules had.
    """

    requests: float
    throttled: float
    killed: float
    after: float
    cpu: float
    memory: float
    module: float = 0.0
    module_memory: float = 0.0


@dataclass(frozen=True)
class Field:
    """The environment of the rivals: a working folder, and the endpoint."""

    folder: Path
    aws: Aws

    def run(self, rival: Rival, setting: Setting) -> Run:
        for name in (MODULES, WHOLE, KILLED):
            (self.folder / name).write_text("")
        self._make_interpreter()
        command = rival.command(self.folder, FLEETS[setting.service], setting.count)
        self.aws.put(setting)
        with (self.folder / OUTPUT).open("w") as output:
            spied = [sys.executable, "-I", "-S", str(HERE / "spy.py"), WHOLE, *command]
            code = subprocess.run(
                spied,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            ).returncode
        ended = time.monotonic()
        said = (self.folder / OUTPUT).read_text()
        killed = rival.killed(said, setting.count)
        if code and not killed:
            raise SystemExit(f"{rival.label} failed for {setting}:\n{said}")
        report, [whole], modules = self.aws.report(), self._costs(WHOLE), self._costs(MODULES)
        return Run(
            report.requests,
            report.throttled,
            killed,
            ended - report.ready_at,
            whole["cpu"],
            whole["memory"],
            sum(cost["cpu"] for cost in modules),
            max((cost["memory"] for cost in modules), default=0.0),
        )

    def idle(self, seconds: float) -> float:
        """Seconds of CPU of a playbook whose only task sleeps that long: the cost of any task of this duration."""
        (self.folder / WHOLE).write_text("")
        self._make_interpreter()
        command = _play(self.folder, "idle", {"ansible.builtin.command": f"sleep {seconds}"})
        spied = [sys.executable, "-I", "-S", str(HERE / "spy.py"), WHOLE, *command]
        subprocess.run(spied, cwd=self.folder, env=self.environment, capture_output=True, check=True)
        return self._costs(WHOLE)[0]["cpu"]

    @property
    def environment(self) -> dict[str, str]:
        return Ansible(self.folder).environment | {
            "ANSIBLE_REMOTE_TMP": str(self.folder / "tmp"),
            "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_ACCESS_KEY_ID": "AKIDFLEET",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_DATA_PATH": str(self.folder / "models"),
        }

    def _make_interpreter(self) -> None:
        """A Python for modules that records the cost of each."""
        script = self.folder / PYTHON
        python = shlex.quote(sys.executable)
        spied = f"{python} -I -S {shlex.quote(str(HERE / 'spy.py'))} {shlex.quote(str(self.folder / MODULES))} {python}"
        script.write_text(f'#!/bin/sh\nexec {spied} "$@"\n')
        script.chmod(0o755)

    def _costs(self, name: str) -> list[dict[str, float]]:
        return [json.loads(line) for line in (self.folder / name).read_text().splitlines()]


@dataclass(frozen=True)
class Rival:
    """A way to wait. ``command`` writes its files to the folder; ``killed`` counts failed waits in the output."""

    label: str
    command: Callable[[Path, type[Fleet], int], list[str]]
    killed: Callable[[str, int], int]
    most: int | None = None
    colour: str = "#000"


def _threads(folder: Path, fleet: type[Fleet], count: int) -> list[str]:
    waits = {"service": fleet.service, "waiter": fleet.waiter, "delay": DELAY, "params": _params(fleet, count)}
    (folder / "waits.json").write_text(json.dumps(waits))
    return [sys.executable, str(HERE / "threads.py"), "waits.json"]


def _killed_threads(said: str, _count: int) -> int:
    found = re.search(r'^\{"killed": (\d+)\}$', said, re.MULTILINE)
    if found is None:
        raise SystemExit(f"the threads have not come to their end:\n{said}")
    return int(found[1])


def _wait_many(folder: Path, fleet: type[Fleet], count: int) -> list[str]:
    waits = [
        {"name": name, "params": params}
        for name, params in zip(fleet.names_of(count), _params(fleet, count), strict=True)
    ]
    task = {"service": fleet.service, "waiter": fleet.waiter, "delay": DELAY, "fail_fast": False, "waits": waits}
    return _play(folder, "many", {"cloudwait.aws.wait_many": task})


def _killed_of_many(said: str, count: int) -> int:
    found = re.search(r'"summary": \{(.*?)\}', said, re.DOTALL)
    return count - int(json.loads(f"{{{found[1]}}}").get("success", 0)) if found else 0


def _loop(folder: Path, fleet: type[Fleet], count: int) -> list[str]:
    task = {"service": fleet.service, "waiter": fleet.waiter, "delay": DELAY, "params": "{{ item }}"}
    return _play(folder, "loop", {"cloudwait.aws.wait": task, "loop": _params(fleet, count)})


def _until(folder: Path, fleet: type[Fleet], count: int) -> list[str]:
    task = {
        "amazon.aws.ec2_instance_info": {"instance_ids": ["{{ item }}"]},
        "register": "seen",
        "until": "seen.instances[0].state.name == 'running'",
        "retries": ATTEMPTS,
        "delay": DELAY,
        "loop": fleet.names_of(count),
    }
    return _play(folder, "until", task)


def _killed_items(said: str, _count: int) -> int:
    return len(re.findall(r"^failed: \[localhost\] \(item=", said, re.MULTILINE))


def _xargs(folder: Path, fleet: type[Fleet], count: int) -> list[str]:
    """The command line has no option for the delay: a modified model sets it."""
    models = folder / "models/ec2/2016-11-15"
    models.mkdir(parents=True, exist_ok=True)
    acceptor = {"expected": "running", "matcher": "pathAll", "state": "success"}
    waiter = {
        "operation": "DescribeInstances",
        "delay": DELAY,
        "maxAttempts": ATTEMPTS,
        "acceptors": [{**acceptor, "argument": "Reservations[].Instances[].State.Name"}],
    }
    (models / "waiters-2.json").write_text(json.dumps({"version": 2, "waiters": {"InstanceRunning": waiter}}))
    (folder / "ids").write_text("\n".join(fleet.names_of(count)) + "\n")
    wait = f"aws ec2 wait instance-running --instance-ids ID || echo ID >> {KILLED}"
    script = f"xargs -P {count} -I ID sh -c '{wait}' < ids; echo killed: $(wc -l < {KILLED})"
    return ["sh", "-c", script]


def _killed_commands(said: str, _count: int) -> int:
    found = re.search(r"^killed: (\d+)$", said, re.MULTILINE)
    return int(found[1]) if found else 0


def _params(fleet: type[Fleet], count: int) -> list[dict[str, Any]]:
    return [fleet.params_of(name) for name in fleet.names_of(count)]


def _play(folder: Path, name: str, task: Mapping[str, Any]) -> list[str]:
    variables = {"ansible_python_interpreter": str(folder / PYTHON)}
    play = {"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": [{"name": name, **task}]}
    (folder / f"{name}.yml").write_text(json.dumps([play]))
    return ["ansible-playbook", f"{name}.yml"]


def has_aws() -> bool:
    return shutil.which("aws") is not None


def aws_version() -> str:
    said = subprocess.run(["aws", "--version"], capture_output=True, text=True, check=False, env=dict(os.environ))
    return said.stdout.split(" ")[0]


OURS = Rival("one `cloudwait.aws.wait_many` task", _wait_many, _killed_of_many, colour="#0b7a3b")
THREADS = Rival("boto3 waiters in threads", _threads, _killed_threads, colour="#c0392b")
XARGS = Rival("`xargs -P` of `aws ec2 wait`", _xargs, _killed_commands, FEW, "#8e44ad")
LOOP = Rival("a loop of `cloudwait.aws.wait`", _loop, _killed_items, FEW, "#2471a3")
UNTIL = Rival("a loop of `ec2_instance_info` with `until`", _until, _killed_items, FEW, "#b9770e")
RIVALS = (OURS, THREADS, *((XARGS,) if has_aws() else ()), LOOP, UNTIL)
