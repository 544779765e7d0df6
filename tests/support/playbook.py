# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs ``ansible`` and ``ansible-playbook`` as users do, and many module calls at once in one play.

Every case of a batch is a host of its own, so Ansible runs them side by side; the access key names the case, so that
the scripted endpoint knows whom it answers. Nothing of the caller's environment reaches the processes but $PATH.

$CLOUDWAIT_WORK may name another folder than .work, with the same content: ``collections`` and ``dist``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.support.scripted import Request, ScriptedEndpoint

REPO = Path(__file__).parents[2]
WORK = Path(os.environ.get("CLOUDWAIT_WORK") or REPO / ".work")
COMMANDS = Path(sys.executable).parent
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"  # long, because Ansible masks it wherever it occurs
LONGEST, LONGEST_TASK = 600, 120  # maximum seconds of a command, and of one task in a batch

Result = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One task: its arguments, AWS's responses (None: no request is expected), and where it runs."""

    args: Mapping[str, Any]
    answers: Sequence[Any] | Mapping[str, Any] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable
    check_mode: bool = False
    no_log: bool = False
    connected: bool = True  # add the connection options to the arguments
    service: str | None = None  # the scripted one, if several have the same signing name
    module: str = "cloudwait.aws.wait"


@dataclass(frozen=True)
class Done:
    """The result of a case."""

    result: Result
    requests: Sequence[Request]

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def gaps(self) -> list[float]:
        """The seconds between the requests, as the server saw them."""
        times = [request.at for request in self.requests]
        return [later - earlier for earlier, later in pairwise(times)]


@dataclass(frozen=True)
class Batch:
    """The cases of one play, and its output."""

    done: Mapping[str, Done]
    output: str

    def __getitem__(self, name: str) -> Done:
        return self.done[name]


@dataclass(frozen=True)
class Ansible:
    """Ansible's commands in their own folder, which is also their home."""

    home: Path
    collections: Path = WORK / "collections"

    @cached_property
    def environment(self) -> dict[str, str]:
        """The environment of the commands: without the user's files or a real account."""
        return {
            "PATH": f"{COMMANDS}:{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_CONFIG": str(REPO / "tools/ansible.cfg"),
            "ANSIBLE_HOME": str(self.home / ".ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_ASYNC_DIR": str(self.home / ".ansible_async"),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "AWS_EC2_METADATA_DISABLED": "true",  # else botocore requests credentials from a link-local address
        }

    def run(
        self, command: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMANDS / command, *arguments],
            cwd=self.home,
            env=self.environment | dict(environment or {}),
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def play(
        self,
        playbook: str,
        *options: str,
        variables: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a playbook, given as YAML."""
        file, extra = self.home / "playbook.yml", self.home / "variables.json"
        file.write_text(playbook)
        extra.write_text(json.dumps({"ansible_python_interpreter": sys.executable, **(variables or {})}))
        return self.run("ansible-playbook", f"--extra-vars=@{extra}", *options, str(file), environment=environment)

    def ad_hoc(
        self, module: str, arguments: str, *options: str, environment: Mapping[str, str] | None = None
    ) -> tuple[Result, subprocess.CompletedProcess[str]]:
        """Run a module with ``ansible``; returns its result, parsed from the output, and the process."""
        interpreter = f"--extra-vars=ansible_python_interpreter={sys.executable}"
        process = self.run(
            "ansible", "localhost", interpreter, "-m", module, "-a", arguments, *options, environment=environment
        )
        printed = re.search(r"localhost \| [A-Z!]+ => (\{.*\})", process.stdout, re.DOTALL)
        return json.loads(printed[1]) if printed else {}, process

    def batch(self, cases: Mapping[str, Case], aws: ScriptedEndpoint, module: str | None = None) -> Batch:
        """Run the module once for each case in one play; cases with a different module run in a second play."""
        hosts = {_host(name): case for name, case in cases.items()}
        for name, case in hosts.items():
            if case.answers is not None:
                aws.add(name, _scenario(case))
        inventory, playbook, results = (
            self.home / "inventory.json",
            self.home / "batch.json",
            self.home / "results.json",
        )
        inventory.write_text(
            json.dumps({"all": {"hosts": {name: _variables(name, case, aws) for name, case in hosts.items()}}})
        )
        modules: dict[str, list[str]] = {}
        for name, case in hosts.items():
            modules.setdefault(module or case.module, []).append(name)
        playbook.write_text(json.dumps(list(_plays(modules, results))))
        # With facts as variables, Ansible warns about arguments from them; pipelining saves processes.
        environment = {"ANSIBLE_INJECT_FACT_VARS": "false", "ANSIBLE_PIPELINING": "true"}
        process = self.run(
            "ansible-playbook", "--forks=6", f"--inventory={inventory}", str(playbook), environment=environment
        )
        output = process.stdout + process.stderr
        if process.returncode or not results.exists():
            raise AssertionError(output)
        registered = json.loads(results.read_text())
        requests = aws.requests
        done = {
            name: Done(registered[_host(name)], [asked for asked in requests if asked.scenario == _host(name)])
            for name in cases
        }
        return Batch(done, output)


def connection(aws: ScriptedEndpoint, key: str) -> dict[str, Any]:
    """The options that point a module to the endpoint."""
    return {"endpoint_url": aws.url, "access_key": key, "secret_key": SECRET, "region": "us-east-1"}


def _host(name: str) -> str:
    """A name that is valid for a host and for an access key."""
    return re.sub(r"\W+", "-", name).strip("-").lower()


def _scenario(case: Case) -> dict[str, Any]:
    scenario = {"service": case.service} if case.service else {}
    return {"answers": case.answers, **scenario}


def _variables(name: str, case: Case, aws: ScriptedEndpoint) -> dict[str, Any]:
    return {
        "ansible_python_interpreter": case.python,
        "arguments": {**(connection(aws, name) if case.connected else {}), **case.args},
        "surroundings": dict(case.environment),
        "look_only": case.check_mode,
        "secret": case.no_log,
    }


def _plays(modules: Mapping[str, list[str]], results: Path) -> Iterator[dict[str, Any]]:
    every = {"connection": "local", "gather_facts": False}
    task = {
        "name": "Wait",
        "environment": "{{ surroundings }}",
        "check_mode": "{{ look_only }}",
        "no_log": "{{ secret }}",
        "timeout": LONGEST_TASK,  # so that one slow wait doesn't end the others
        "register": "result",
        "ignore_errors": True,
    }
    for module, hosts in modules.items():
        yield {**every, "hosts": hosts, "strategy": "free", "tasks": [{**task, module: "{{ arguments }}"}]}
    collected = "{{ dict(groups.all | zip(groups.all | map('extract', hostvars, 'result'))) | to_json }}"
    write = {"name": "Write", "copy": {"content": collected, "dest": str(results), "mode": "0600"}, "no_log": True}
    python = {"ansible_python_interpreter": sys.executable}
    yield {**every, "hosts": "localhost", "vars": python, "tasks": [write]}
