# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tarball in an execution environment: its build by ansible-builder, and a job as AWX starts it."""

from __future__ import annotations

import json
import re
import sysconfig
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.live import Live
from tests.support.playbook import COMMANDS, REPO, SECRET, Ansible
from tests.support.scripted import ScriptedEndpoint

PAGE = REPO / "docs/execution_environment.md"
COLLECTION = "ansible_collections/cloudwait/aws"
STEP = 1.0  # the polling interval
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLESESSIONTOKEN"


@pytest.fixture(scope="module")
def collections(ansible: Ansible, tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tarball installed from a requirements.yml, as in projects."""
    folder = tmp_path_factory.mktemp("requirements_collections")
    wanted = folder / "requirements.yml"
    wanted.write_text(yaml.safe_dump({"collections": [{"name": str(tarball), "type": "file"}]}))
    options = ["--offline", "--no-deps", "--force", f"--requirements-file={wanted}", f"--collections-path={folder}"]
    process = ansible.run("ansible-galaxy", "collection", "install", *options)
    assert process.returncode == 0, process.stdout + process.stderr
    return folder


def test_the_example_of_the_docs_makes_a_build_context(ansible: Ansible, tarball: Path, tmp_path: Path) -> None:
    [example] = re.findall(r"```yaml\n# execution-environment.yml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    definition = yaml.safe_load(example)
    [collection] = definition["dependencies"]["galaxy"]["collections"]
    assert collection["name"] == "cloudwait.aws"
    definition["dependencies"]["galaxy"]["collections"] = [{"name": str(tarball), "type": "file"}]
    file, context = tmp_path / "execution-environment.yml", tmp_path / "context"
    file.write_text(yaml.safe_dump(definition))
    made = ["--output-filename=Containerfile", f"--file={file}", f"--context={context}"]
    process = ansible.run("ansible-builder", "create", *made)
    assert process.returncode == 0, process.stdout + process.stderr
    asked = yaml.safe_load((context / "_build/requirements.yml").read_text())
    assert asked["collections"] == [{"name": str(tarball), "type": "file"}]
    assert "introspect.py introspect" in (context / "Containerfile").read_text()


def test_the_builder_finds_what_the_collection_needs(ansible: Ansible, collections: Path) -> None:
    process = ansible.run("ansible-builder", "introspect", str(collections))
    assert process.returncode == 0, process.stdout + process.stderr
    found = yaml.safe_load(process.stdout)
    bounds = [line for line in (REPO / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line.partition("  # from collection cloudwait.aws")[0] for line in found["python"]] == bounds
    assert found["system"] == []


def test_what_the_collection_needs_travels_with_it(collections: Path) -> None:
    named = yaml.safe_load((collections / COLLECTION / "meta/execution-environment.yml").read_text())["dependencies"]
    assert set(named) == {"python", "system"}
    assert [name for name in named.values() if not (collections / COLLECTION / name).is_file()] == []


PROJECT = """
- name: A project's playbook
  hosts: all
  gather_facts: false
  tasks:
    - name: Wait
      cloudwait.aws.wait:
        service: ec2
        waiter: instance_running
        params: {InstanceIds: ["{{ instance }}"]}
        delay: "{{ step }}"

    - name: Wait with keys from variables
      cloudwait.aws.wait:
        service: ec2
        waiter: instance_running
        params: {InstanceIds: ["{{ instance }}"]}
        access_key: variables
        secret_key: "{{ secret }}"
        session_token: "{{ token }}"

    - name: Wait for many
      cloudwait.aws.wait_many:
        waits:
          - {service: ec2, waiter: instance_running, params: {InstanceIds: ["{{ instance }}"]}}
          - {service: ec2, waiter: instance_exists, params: {InstanceIds: ["{{ instance }}"]}}

    - name: Wait in stages
      ansible.builtin.include_role:
        name: cloudwait.aws.wait
      vars:
        wait_stages: "{{ survey }}"

    - name: Wait in vain
      cloudwait.aws.wait:
        service: ec2
        waiter: instance_running
        params: {InstanceIds: ["{{ instance }}"]}
        access_key: vain
        secret_key: "{{ secret }}"
"""


@dataclass(frozen=True)
class Job:
    """The events of a job with their times, and its files."""

    status: int
    events: Sequence[tuple[float, dict[str, Any]]]
    output: str
    artifacts: Path

    def at(self, kind: str, words: str) -> float:
        """The time of the first event of a kind with these words in its text or its task's name."""
        return next(
            at
            for at, event in self.events
            if event["event"] == kind and (words in event["stdout"] or words == event["event_data"].get("task"))
        )


@pytest.fixture(scope="module")
def job(ansible: Ansible, aws: ScriptedEndpoint, collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job as AWX starts it: the cloud credential is in its environment, the survey in its extra variables."""

    def instance(state: str) -> dict[str, Any]:
        return {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": state}}]}]}}

    aws.add("credential", {"answers": [{**instance("pending"), "repeat": 3}, instance("running")]})
    aws.add("variables", {"answers": [instance("running")]})
    aws.add("vain", {"answers": [instance("terminated")]})
    survey = "[[{service: ec2, waiter: instance_running, params: {InstanceIds: [i-1]}}]]"
    files = {
        "project/site.yml": PROJECT,
        "inventory/hosts": "localhost ansible_connection=local ansible_python_interpreter={{ansible_playbook_python}}",
        "env/extravars": json.dumps(
            {"instance": "i-1", "step": STEP, "survey": survey, "secret": SECRET, "token": TOKEN}
        ),
        "env/envvars": json.dumps(
            {
                "ANSIBLE_COLLECTIONS_PATH": f"{collections}:{sysconfig.get_path('purelib')}",
                "AWS_ACCESS_KEY_ID": "credential",
                "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_SESSION_TOKEN": TOKEN,
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": aws.url,
            }
        ),
    }
    folder = tmp_path_factory.mktemp("private_data_dir")
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    command = [COMMANDS / "ansible-runner", "run", str(folder), "--playbook=site.yml", "--ident=1", "--json"]
    run = Live(command, {**ansible.environment, "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}, folder)
    status = run.wait()
    events = [(line.at, json.loads(line.text)) for line in run.out if line.text.startswith("{")]
    return Job(status, events, run.output, folder / "artifacts/1")


def test_a_job_ends_as_its_last_wait_does(job: Job) -> None:
    assert job.status == 2, job.output
    assert (job.artifacts / "status").read_text() == "failed"
    [failed] = [event["event_data"] for _at, event in job.events if event["event"] == "runner_on_failed"]
    assert failed["task"] == "Wait in vain"
    assert failed["res"]["outcome"] == "failure"


def test_modules_and_role_run_in_a_job(job: Job) -> None:
    ended = [event["event_data"] for _at, event in job.events if event["event"] == "runner_on_ok"]
    outcomes = Counter((each["resolved_action"], each["res"].get("outcome")) for each in ended)
    assert outcomes["cloudwait.aws.wait", "success"] == 2
    assert outcomes["cloudwait.aws.wait_many", "success"] == 2
    assert [each["role"] for each in ended if each.get("role")].count("wait") > 1


def test_progress_reaches_the_job_while_the_task_runs(job: Job) -> None:
    first = job.at("verbose", "localhost: ec2 instance_running: pending (attempt 1")
    assert job.at("runner_on_ok", "Wait") - first >= STEP


def test_a_job_leaves_no_credentials_behind(job: Job) -> None:
    # ansible-runner itself writes its environment to `command`; AWX keeps no such file
    files = [path for path in job.artifacts.rglob("*") if path.is_file() and path != job.artifacts / "command"]
    assert len([path for path in files if path.parent.name == "job_events"]) >= len(job.events) > 0
    left = [str(path) for path in files if any(secret in path.read_text() for secret in (SECRET, TOKEN))]
    assert left == []
    assert SECRET not in job.output
    assert TOKEN not in job.output
