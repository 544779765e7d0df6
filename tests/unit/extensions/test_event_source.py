# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source as ansible-rulebook runs it: its file alone, in a Python that knows of no collection."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import yaml
from tests.support.aws_responses import instance, instances
from tests.support.playbook import Ansible
from tests.support.scripted import ScriptedEndpoint

from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.options import source_spec

REPO = Path(__file__).parents[3]
FILE = REPO / ".work/ansible_collections/cloudwait/aws/extensions/eda/plugins/event_source/wait.py"
PROGRAM = """
import asyncio, json, runpy, sys, threading

class Queue:
    async def put(self, event):
        print(json.dumps(event))

main = runpy.run_path(sys.argv[1])["main"]
try:
    asyncio.run(main(Queue(), json.loads(sys.argv[2])))
except Exception as error:
    print(json.dumps(f"{type(error).__name__}: {error}"))
"""


def run(tmp_path: Path, aws: ScriptedEndpoint, **given: object) -> list[object]:
    """What the source tells, in a process of its own."""
    connection = {"access_key": "AKID", "secret_key": "x" * 20, "region": "us-east-1", "endpoint_url": aws.url}
    args = json.dumps({**connection, "keep_alive": False, **given})
    environment = Ansible(tmp_path).environment | {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
    command = [sys.executable, "-c", PROGRAM, str(FILE), args]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_it_finds_the_collection_that_it_is_part_of(tmp_path: Path) -> None:
    answers = {"answers": [{"data": instances(instance("i-1", state))} for state in ("pending", "running")]}
    wait = {"name": "web", "service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}}
    with ScriptedEndpoint({"AKID": answers}) as aws:
        [event] = run(tmp_path, aws, waits=[wait], delay=0)
        [problem] = run(tmp_path, aws, waits=[{**wait, "waiter": "instance_runing"}])
    assert isinstance(event, dict)
    assert (event["name"], event["outcome"], event["attempts"]) == ("web", "success", 2)
    assert problem == (
        "ValueError: waits[0] (web).waiter: ec2 has no waiter 'instance_runing'; did you mean 'instance_running'?"
        " (nothing was sent to AWS)"
    )


def test_its_documentation_and_its_examples_name_options_that_it_has() -> None:
    found = runpy.run_path(str(FILE))
    options = yaml.safe_load(found["DOCUMENTATION"])["options"]
    assert {"waits", "events", "state", "entries_from", "keep_alive"} <= options.keys() <= source_spec().keys()
    for name, option in options.items():
        spec = source_spec()[name]
        assert {key: option.get(key) for key in ("type", "default", "choices")} == {
            key: spec.get(key) for key in ("type", "default", "choices")
        }
    for example in yaml.safe_load(found["EXAMPLES"]):
        assert example["cloudwait.aws.wait"].keys() <= source_spec().keys()
