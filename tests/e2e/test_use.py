# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module as users run it: in playbooks with Ansible's task keywords, ad hoc, and from a tarball."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.support.playbook import SECRET, Ansible, connection
from tests.support.scripted import ScriptedEndpoint

PLAYBOOK = """
- name: Around a wait
  hosts: localhost
  connection: local
  gather_facts: false
  module_defaults:
    group/cloudwait.aws.aws: "{{ moto }}"
    group/cloudwait.aws.waits: {delay: 0.3, max_attempts: 7}
  tasks:
    - name: Ask amazon.aws, which the group gives the same connection
      amazon.aws.ec2_instance_info: {instance_ids: "{{ instances }}"}
      register: amazon

    - name: Look up a waiter, which takes the connection's options and needs none
      cloudwait.aws.waiter_info: {service: ec2, waiter: instance_running}
      register: info

    - name: Wait for something real
      cloudwait.aws.wait: &running
        service: ec2
        waiter: instance_running
        params: {InstanceIds: "{{ instances }}"}
      register: first

    - name: Wait for it once more
      cloudwait.aws.wait: *running
      register: second

    - name: Wait for something real that takes its time
      cloudwait.aws.wait:
        service: dax
        definition: {operation: DescribeClusters, path: "Clusters[].Status", success: [available], pending: [creating]}
        params: {ClusterNames: [jobs]}
      register: changing

    - name: Wait for several things, one after the other
      cloudwait.aws.wait: {service: s3, waiter: "{{ item.waiter }}", params: "{{ item.params }}"}
      loop:
        - {waiter: bucket_exists, params: {Bucket: logs}}
        - {waiter: ObjectExists, params: {Bucket: logs, Key: a.log}}
        - {waiter: object_not_exists, params: {Bucket: logs, Key: b.log}}
      register: looped

    - name: Wait for what fails
      block:
        - name: Fail
          cloudwait.aws.wait: "{{ running | combine(scripted, {'access_key': 'failing'}) }}"
        - name: Never come here
          ansible.builtin.set_fact: {reached: true}
      rescue:
        - name: Keep what was said
          ansible.builtin.set_fact: {rescued: "{{ ansible_failed_result }}"}

    - name: Take a time-out for granted
      cloudwait.aws.wait: "{{ running | combine(scripted, {'access_key': 'pending', 'max_attempts': 2}) }}"
      register: granted
      failed_when: granted.outcome not in ['success', 'timeout']

    - name: Do not take a failure for granted
      cloudwait.aws.wait: "{{ running | combine(scripted, {'access_key': 'failing'}) }}"
      register: refused
      failed_when: refused.outcome not in ['success', 'timeout']
      ignore_errors: true

    - name: Fail where it succeeds
      cloudwait.aws.wait: "{{ running | combine(scripted, {'access_key': 'ready'}) }}"
      register: contrary
      failed_when: contrary.outcome == 'success'
      ignore_errors: true

    - name: Wait in Ansible's own loop
      cloudwait.aws.wait: "{{ running | combine(scripted, {'access_key': 'third', 'max_attempts': 1}) }}"
      register: again
      until: again.outcome == 'success'
      retries: 4
      delay: 0

    - name: Wait in the background
      cloudwait.aws.wait: "{{ running | combine(scripted, {'access_key': 'background'}) }}"
      async: 50
      poll: 0
      register: job

    - name: Wait in the background for what fails
      cloudwait.aws.wait: "{{ running | combine(scripted, {'access_key': 'failing'}) }}"
      async: 50
      poll: 0
      register: failing_job

    - name: Ask for the first job
      ansible.builtin.async_status: {jid: "{{ job.ansible_job_id }}"}
      register: background
      until: background.finished
      retries: 60
      delay: 0.5

    - name: Ask for the second job
      ansible.builtin.async_status: {jid: "{{ failing_job.ansible_job_id }}"}
      register: failing_background
      until: failing_background.finished
      retries: 60
      delay: 0.5
      ignore_errors: true

    - name: Give options by their other names and a number as a text
      cloudwait.aws.wait:
        service: s3
        definition: {operation: ListObjectsV2, path: "Contents[].Key", success: [a.log]}
        params: {Bucket: logs, MaxKeys: "1", FetchOwner: "yes"}
        wait_delay: 1
        wait_timeout: 20
      register: aliases

    - name: Write down what came of it
      ansible.builtin.copy:
        content: "{{ dict(names | zip(names | map('extract', vars))) | to_json }}"
        dest: "{{ results }}"
        mode: "0600"
"""
NAMES = [*re.findall(r"register: (\w+)", PLAYBOOK), "rescued"]
WAITED = ["first", "second", "changing", "granted", "background", "aliases"]


def instance(state: str) -> dict[str, Any]:
    return {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": state}}]}]}}


@pytest.fixture(scope="module")
def real(moto: str) -> dict[str, Any]:
    """Resources that exist in moto."""
    session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key=SECRET, region_name="us-east-1")

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=moto)

    image = client("ec2").describe_images()["Images"][0]["ImageId"]
    started = client("ec2").run_instances(ImageId=image, MinCount=2, MaxCount=2)["Instances"]
    client("s3").create_bucket(Bucket="logs")
    client("s3").put_object(Bucket="logs", Key="a.log", Body=b"x")
    transition = {"model_name": "dax::cluster", "transition": {"progression": "manual", "times": 3}}
    request = urllib.request.Request(
        f"{moto}/moto-api/state-manager/set-transition",
        json.dumps(transition).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).close()
    role = "arn:aws:iam::123456789012:role/dax"
    client("dax").create_cluster(ClusterName="jobs", NodeType="dax.t3.small", ReplicationFactor=1, IamRoleArn=role)
    return {"instances": [held["InstanceId"] for held in started]}


@pytest.fixture(scope="module")
def played(ansible: Ansible, aws: ScriptedEndpoint, moto: str, real: Mapping[str, Any]) -> dict[str, Any]:
    pending, running, terminated = map(instance, ("pending", "running", "terminated"))
    scripts = {
        "failing": [pending, terminated],
        "pending": [pending],
        "ready": [running],
        "third": [pending, pending, running],
        "background": [pending, pending, running],
    }
    for key, answers in scripts.items():
        aws.add(key, {"answers": [{**answer} for answer in answers]})
    results = ansible.home / "use.json"
    variables = {
        "names": NAMES,
        "results": str(results),
        "instances": real["instances"],
        "moto": {**connection(aws, "testing"), "endpoint_url": moto},
        "scripted": {"endpoint_url": aws.url, "delay": 0.1},
        "running": {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}},
    }
    process = ansible.play(PLAYBOOK, variables=variables)
    assert process.returncode == 0, process.stdout + process.stderr
    assert "Traceback" not in process.stdout + process.stderr
    return {**json.loads(results.read_text()), "requests": aws.requests, "instances": real["instances"]}


def test_module_defaults_reach_amazon_aws_by_the_same_group(played: Mapping[str, Any]) -> None:
    found = [held["instance_id"] for held in played["amazon"]["instances"]]
    assert sorted(found) == sorted(played["instances"])


def test_module_defaults_of_the_group_do_not_break_waiter_info(played: Mapping[str, Any]) -> None:
    [waiter] = played["info"]["waiters"]
    assert (waiter["service"], waiter["name"]) == ("ec2", "instance_running")


def test_module_defaults_set_the_timing_by_the_group_waits(played: Mapping[str, Any]) -> None:
    assert (played["first"]["delay"], played["first"]["max_attempts"]) == (0.3, 7)


@pytest.mark.parametrize("name", WAITED)
def test_a_wait_never_changes_anything(played: Mapping[str, Any], name: str) -> None:
    assert played[name]["changed"] is False


def test_a_second_wait_looks_once_and_finds_the_same(played: Mapping[str, Any]) -> None:
    first, second = played["first"], played["second"]
    assert first["outcome"] == second["outcome"] == "success"
    assert second["attempts"] == 1
    assert [entry["id"] for entry in second["resources"]] == played["instances"]


def test_a_state_that_really_changes_is_waited_for(played: Mapping[str, Any]) -> None:
    result = played["changing"]
    assert result["outcome"] == "success"
    assert result["attempts"] > 1
    assert [seen["observed"] for seen in result["timeline"]] == [["creating"], ["available"]]


def test_a_loop_gives_each_item_its_result(played: Mapping[str, Any]) -> None:
    results = played["looped"]["results"]
    assert [result["waiter"] for result in results] == ["bucket_exists", "object_exists", "object_not_exists"]
    assert {result["outcome"] for result in results} == {"success"}


def test_a_rescue_sees_the_whole_result(played: Mapping[str, Any]) -> None:
    rescued = played["rescued"]
    assert rescued["outcome"] == "failure"
    assert "i-1 is 'terminated'" in rescued["msg"]
    assert rescued["resources"][0]["observed"] == "terminated"


@pytest.mark.parametrize(
    ("name", "outcome", "failed"),
    [("granted", "timeout", False), ("refused", "failure", True), ("contrary", "success", True)],
)
def test_failed_when_goes_by_the_outcome(played: Mapping[str, Any], name: str, outcome: str, failed: bool) -> None:
    assert (played[name]["outcome"], bool(played[name].get("failed"))) == (outcome, failed)


def test_until_tries_a_failed_wait_again(played: Mapping[str, Any]) -> None:
    assert played["again"]["outcome"] == "success"
    assert len([request for request in played["requests"] if request.scenario == "third"]) == 3


def test_the_result_of_a_wait_in_the_background_is_read_later(played: Mapping[str, Any]) -> None:
    assert not played["job"].get("outcome")
    assert (played["background"]["outcome"], played["background"]["attempts"] >= 1) == ("success", True)
    assert len([request for request in played["requests"] if request.scenario == "background"]) == 3


def test_a_failed_wait_in_the_background_says_why(played: Mapping[str, Any]) -> None:
    result = played["failing_background"]
    assert result["failed"]
    assert result["outcome"] == "failure"
    assert "i-1 is 'terminated'" in result["msg"]


def test_aliases_and_numbers_given_as_text_are_taken(played: Mapping[str, Any]) -> None:
    assert (played["aliases"]["delay"], played["aliases"]["timeout"]) == (1, 20)
    assert played["aliases"]["outcome"] == "success"


@pytest.fixture(scope="module")
def installed(ansible: Ansible, tarball: Path) -> Ansible:
    """A collections path with only the tarball; amazon.aws is part of the ansible package."""
    empty = Ansible(ansible.home, ansible.home / "collections")
    process = empty.run("ansible-galaxy", "collection", "install", "--offline", "--no-deps", str(tarball))
    assert process.returncode == 0, process.stdout + process.stderr
    assert (empty.collections / "ansible_collections/cloudwait/aws/MANIFEST.json").exists()
    return empty


@pytest.fixture(scope="module")
def account(moto: str) -> dict[str, str]:
    """The connection in environment variables."""
    return {
        "AWS_ENDPOINT_URL": moto,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
    }


def test_the_installed_tarball_waits_ad_hoc(
    installed: Ansible, real: Mapping[str, Any], account: dict[str, str]
) -> None:
    arguments = """service=s3 waiter=bucket_exists params='{"Bucket": "logs"}'"""
    result, process = installed.ad_hoc("cloudwait.aws.wait", arguments, environment=account)
    assert process.returncode == 0, process.stdout + process.stderr
    assert (result["outcome"], result["attempts"]) == ("success", 1)


def test_ad_hoc_takes_numbers_and_a_definition_out_of_its_text(
    installed: Ansible, real: Mapping[str, Any], account: dict[str, str]
) -> None:
    definition = '{"operation": "ListBuckets", "path": "Buckets[].Name", "success": ["nothing like it"]}'
    arguments = f"service=s3 definition='{definition}' delay=0.1 max_attempts=2"
    result, process = installed.ad_hoc("cloudwait.aws.wait", arguments, environment=account)
    assert process.returncode != 0
    assert (result["outcome"], result["attempts"]) == ("timeout", 2)


def test_waiter_info_needs_neither_credentials_nor_network(installed: Ansible) -> None:
    result, process = installed.ad_hoc("cloudwait.aws.waiter_info", "service=rds")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "db_instance_available" in [waiter["name"] for waiter in result["waiters"]]


@pytest.mark.parametrize("module", ["wait", "waiter_info"])
def test_ansible_doc_prints_the_module(installed: Ansible, module: str) -> None:
    process = installed.run("ansible-doc", f"cloudwait.aws.{module}")
    assert process.returncode == 0, process.stderr
    assert not re.search("warning|error", process.stderr, re.IGNORECASE)
    for heading in ("OPTIONS", "EXAMPLES", "RETURN VALUES", "endpoint_url"):
        assert heading in process.stdout


def test_ansible_doc_lists_the_modules(installed: Ansible) -> None:
    process = installed.run("ansible-doc", "--list", "cloudwait.aws")
    assert process.returncode == 0, process.stderr
    assert [line.split()[0] for line in process.stdout.splitlines()] == [
        "cloudwait.aws.wait",
        "cloudwait.aws.wait_for_module",
        "cloudwait.aws.wait_many",
        "cloudwait.aws.waiter_info",
    ]
