# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Credentials and what no_log hides appear nowhere: in no result, no message, no log and not on the screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from tests.support.playbook import Ansible, connection
from tests.support.scripted import ScriptedEndpoint

SECRET_KEY = "hGp9w2KXq4SECRETKEYzVbN8mTfLrYcEdJ1uA7s"
SESSION_TOKEN = "IQoJb3JpZ2luX2SESSIONTOKENVjEOr9aCXVzLWVhc3Qt"
OWN_KEY = "Zr6yT1mWk3ENVIRONMENTKEYqPn5sXcVbLdGhJ8fA"
PASSWORD = "tr0ub4dor-and-3-PASSWORD"
STAND_FOR = {"key": SECRET_KEY, "token": SESSION_TOKEN, "key of the environment": OWN_KEY, "password": PASSWORD}

PLAYBOOK = """
- name: Waits with secrets
  hosts: localhost
  connection: local
  gather_facts: false
  vars:
    running: {service: ec2, waiter: instance_running, params: {InstanceIds: [i-1]}, delay: 0.1, max_attempts: 2}
  tasks:
    - name: Succeed
      cloudwait.aws.wait: "{{ running | combine(options, {'access_key': 'ready'}) }}"
      register: ready

    - name: Succeed with the log of calls
      cloudwait.aws.wait: "{{ running | combine(options, debug, {'access_key': 'ready'}) }}"
      register: logged

    - name: Fail with an error that repeats the secrets
      cloudwait.aws.wait: "{{ running | combine(options, {'access_key': 'echo'}) }}"
      register: echo
      ignore_errors: true

    - name: Meet weather that repeats the secrets
      cloudwait.aws.wait: "{{ running | combine(options, {'access_key': 'weather', 'timeout': 1}) }}"
      register: weather
      ignore_errors: true

    - name: Meet an answer that makes no sense and repeats the secrets
      cloudwait.aws.wait: "{{ running | combine(options, {'access_key': 'garbage', 'timeout': 1}) }}"
      register: garbage
      ignore_errors: true

    - name: Give the key in an option that is wrong
      cloudwait.aws.wait: "{{ running | combine(options, {'waiter': 'instance_runing'}) }}"
      register: wrong
      ignore_errors: true

    - name: Take the key from the environment
      cloudwait.aws.wait: "{{ running | combine(given) }}"
      register: by_environment

    - name: Give a password, and rightly
      cloudwait.aws.wait: "{{ with_password | combine({'params': {'SecretId': password}}) }}"
      no_log: true
      register: hidden

    - name: Give a password, and wrongly
      cloudwait.aws.wait: "{{ with_password | combine({'params': {'SecretId': {'is': password}}}) }}"
      no_log: true
      register: hidden_problem
      ignore_errors: true

    - name: Write down what came of it
      ansible.builtin.copy:
        content: "{{ dict(names | zip(names | map('extract', vars))) | to_json }}"
        dest: "{{ results }}"
        mode: "0600"
      no_log: true
"""
SEEN = ["ready", "logged", "echo", "weather", "garbage", "wrong", "by_environment"]
ENDINGS = {
    "ready": "success",
    "logged": "success",
    "echo": "error",
    "weather": "timeout",
    "garbage": "timeout",
    "by_environment": "success",
}


@dataclass(frozen=True)
class Traces:
    """All that a run leaves behind."""

    results: Mapping[str, Any]
    screen: str
    log: str


@pytest.fixture(scope="module")
def traces(ansible: Ansible, aws: ScriptedEndpoint) -> Traces:
    repeated = f"The key {SECRET_KEY} with the token {SESSION_TOKEN} is not authorized."
    ready = {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]}}
    read = {"data": {"Name": "db", "SecretString": PASSWORD, "VersionStages": ["AWSCURRENT"]}}
    for key, answer in {
        "ready": ready,
        "echo": {"error": "UnauthorizedOperation", "message": repeated, "status": 403},
        "weather": {"error": "InternalError", "message": repeated, "status": 500},
        "garbage": {"raw": f"<{repeated}"},
        "secret": read,
    }.items():
        aws.add(key, {"answers": [answer]})
    given = {"endpoint_url": aws.url, "region": "us-east-1"}
    results, log = ansible.home / "secrets.json", ansible.home / "ansible.log"
    variables = {
        "names": [*SEEN, "hidden", "hidden_problem"],
        "results": str(results),
        "options": {**given, "secret_key": SECRET_KEY, "session_token": SESSION_TOKEN},
        "given": given,
        "debug": {"debug_botocore_endpoint_logs": True},
        "password": PASSWORD,
        "with_password": {
            **connection(aws, "secret"),
            "service": "secretsmanager",
            "definition": {"operation": "GetSecretValue", "path": "VersionStages[]", "success": ["AWSCURRENT"]},
        },
    }
    environment = {"AWS_ACCESS_KEY_ID": "ready", "AWS_SECRET_ACCESS_KEY": OWN_KEY, "ANSIBLE_LOG_PATH": str(log)}
    process = ansible.play(PLAYBOOK, "-vvvv", variables=variables, environment=environment)
    assert process.returncode == 0, process.stdout + process.stderr
    return Traces(json.loads(results.read_text()), process.stdout + process.stderr, log.read_text())


@pytest.mark.parametrize("secret", STAND_FOR)
def test_no_secret_is_on_the_screen_at_four_v(traces: Traces, secret: str) -> None:
    assert "TASK [Give a password, and wrongly]" in traces.screen
    assert STAND_FOR[secret] not in traces.screen


@pytest.mark.parametrize("secret", STAND_FOR)
def test_no_secret_is_in_ansibles_log(traces: Traces, secret: str) -> None:
    assert "TASK [Give a password, and wrongly]" in traces.log
    assert STAND_FOR[secret] not in traces.log


@pytest.mark.parametrize("name", SEEN)
def test_no_credential_is_in_a_result(traces: Traces, name: str) -> None:
    text = json.dumps(traces.results[name])
    for secret in (SECRET_KEY, SESSION_TOKEN, OWN_KEY):
        assert secret not in text


@pytest.mark.parametrize("name", ENDINGS)
def test_the_waits_ended_as_they_were_to(traces: Traces, name: str) -> None:
    assert traces.results[name]["outcome"] == ENDINGS[name]


def test_an_error_of_aws_is_still_told_without_the_secrets_in_it(traces: Traces) -> None:
    assert "is not authorized" in traces.results["echo"]["msg"]


def test_a_hidden_task_tells_its_outcome_to_the_playbook_alone(traces: Traces) -> None:
    assert traces.results["hidden"]["outcome"] == "success"
    problem = traces.results["hidden_problem"]
    assert [found["path"] for found in problem["problems"]] == ["params.SecretId"]
    assert PASSWORD not in problem["msg"]
