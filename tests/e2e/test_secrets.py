# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Credentials, output hidden by no_log and values that AWS's models mark as sensitive appear nowhere.

In no result, no message, no event, no log, not in the syslog of the host and not on the screen.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

import pytest
from tests.support.aws_responses import scripted_instances
from tests.support.playbook import Ansible, connection
from tests.support.scripted import Request, ScriptedEndpoint

SECRET_KEY = "hGp9w2KXq4SECRETKEYzVbN8mTfLrYcEdJ1uA7s"
SESSION_TOKEN = "IQoJb3JpZ2luX2SESSIONTOKENVjEOr9aCXVzLWVhc3Qt"
OWN_KEY = "Zr6yT1mWk3ENVIRONMENTKEYqPn5sXcVbLdGhJ8fA"
PASSWORD = "tr0ub4dor-and-3-PASSWORD"
ROLE_TOKEN = "FwoGZXIvYXdzROLETOKENEHEaDJhc3Vsb3NlbWl0"
URL_PASSWORD, PROXY_PASSWORD = "pAsS-for-the-URL-x7", "pAsS-for-the-PROXY-y8"
OBJECT_KEY = "k3y-of-32-bytes-for-an-OBJECT-s3"
READ = "what-SecretsManager-READ-aloud"
STAND_FOR = {
    "key": SECRET_KEY,
    "token": SESSION_TOKEN,
    "key of the environment": OWN_KEY,
    "password": PASSWORD,
    "token of a role": ROLE_TOKEN,
    "password in a URL": URL_PASSWORD,
    "password of a proxy": PROXY_PASSWORD,
    "key of an object": OBJECT_KEY,
    "secret that is read": READ,
}
# The host has no syslog that a test could read.
SYSLOG = """
import syslog
def note(*what):
    with open({path!r}, "a") as file:
        file.write(f"{{what[-1]}}\\n")
syslog.syslog = note
"""
CONFIG = """
[profile boss]
aws_access_key_id = boss
aws_secret_access_key = {key}
[profile role]
role_arn = arn:aws:iam::123456789012:role/waiter
source_profile = boss
"""

PLAYBOOK = """
- name: Waits with secrets
  hosts: localhost
  connection: local
  gather_facts: false
  vars:
    running: {service: ec2, waiter: instance_running, params: {InstanceIds: [i-1]}, delay: 0.1, max_attempts: 2}
  tasks:
    - name: Succeed with the log of calls
      cloudwait.aws.wait: "{{ running | combine(options, debug, {'access_key': 'ready'}) }}"
      register: ready

    - name: Fail with an error that repeats the secrets
      cloudwait.aws.wait: "{{ running | combine(options, {'access_key': 'echo'}) }}"
      register: echo
      until: echo is success
      retries: 1
      delay: 0
      ignore_errors: true

    - name: Assume a role, and fail with an error that repeats the whole request
      cloudwait.aws.wait: "{{ running | combine(given, debug, role) }}"
      environment: {AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: ""}
      register: role_wait
      ignore_errors: true

    - name: Give a parameter that the model calls sensitive, and meet faults
      cloudwait.aws.wait: "{{ object | combine(options, {'access_key': 'object'}) }}"
      register: object_key
      ignore_errors: true

    - name: Give it, and succeed
      cloudwait.aws.wait: "{{ object | combine(options, {'access_key': 'there'}) }}"
      register: object_there

    - name: Give it with a waiter that isn't there
      cloudwait.aws.wait: "{{ object | combine(options, {'access_key': 'object', 'waiter': 'object_exist'}) }}"
      register: object_wrong
      ignore_errors: true

    - name: Give it with an option that Ansible itself refuses
      cloudwait.aws.wait: "{{ object | combine(options, {'access_key': 'object', 'timeout': 'long'}) }}"
      register: object_refused
      ignore_errors: true

    - name: Give it to many, under a name that is almost right
      cloudwait.aws.wait_many: "{{ misspelt | combine(options) }}"
      register: many_misspelt
      ignore_errors: true

    - name: Read what the model calls sensitive
      cloudwait.aws.wait: "{{ reading | combine(options, {'access_key': 'reading'}) }}"
      register: reading_aloud

    - name: Wait for many, and meet all of it
      cloudwait.aws.wait_many: "{{ many | combine(options, {'access_key': 'many'}) }}"
      register: many_waits
      ignore_errors: true

    - name: Meet transient errors that repeats the secrets
      cloudwait.aws.wait: "{{ running | combine(options, {'access_key': 'transient', 'timeout': 1}) }}"
      register: transient
      ignore_errors: true

    - name: Meet an answer that makes no sense and repeats the secrets
      cloudwait.aws.wait: "{{ running | combine(options, {'access_key': 'garbage', 'timeout': 1}) }}"
      register: garbage
      ignore_errors: true

    - name: Give the key in an option that is wrong
      cloudwait.aws.wait: "{{ running | combine(options, proxied, {'waiter': 'instance_runing'}) }}"
      register: wrong
      ignore_errors: true

    - name: Take the key from the environment
      cloudwait.aws.wait: "{{ running | combine(given) }}"
      register: by_environment

    - name: Give a password, and rightly but for something to warn of
      cloudwait.aws.wait: "{{ with_password | combine({'params': {'SecretId': password}}, doubtful) }}"
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
SEEN = [
    "ready",
    "echo",
    "role_wait",
    "object_key",
    "object_there",
    "object_wrong",
    "object_refused",
    "many_misspelt",
    "reading_aloud",
    "many_waits",
    "transient",
    "garbage",
    "wrong",
    "by_environment",
]
ENDINGS = {
    "ready": "success",
    "echo": "error",
    "role_wait": "error",
    "object_key": "timeout",
    "object_there": "success",
    "reading_aloud": "success",
    "many_waits": "error",
    "transient": "timeout",
    "garbage": "timeout",
    "by_environment": "success",
}


@dataclass(frozen=True)
class Traces:
    """Everything that a run leaves behind. ``signatures``: those of all requests that were sent."""

    results: Mapping[str, Any]
    places: Mapping[str, str]
    signatures: Set[str]


def _repeat(request: Request) -> dict[str, Any]:
    """AWS's response to a wrong signature repeats the request word for word."""
    headers = "\n".join(f"{name}:{value}" for name, value in request.message.headers.items())
    message = f"The request signature does not match. The Canonical String should have been 'POST\n/\n\n{headers}'"
    return {"error": "SignatureDoesNotMatch", "message": message, "status": 403}


def _secret(text: str, stage: str) -> dict[str, Any]:
    return {"data": {"Name": "db", "SecretString": text, "VersionStages": [stage]}}


def _scenarios() -> dict[str, Any]:
    repeated = f"The key {SECRET_KEY} with the token {SESSION_TOKEN} is not authorized."
    session = {"AccessKeyId": "role", "SecretAccessKey": SECRET_KEY, "SessionToken": ROLE_TOKEN}
    denied = {"error": "UnauthorizedOperation", "message": repeated, "status": 403}
    return {
        "ready": [scripted_instances(i_1="running")],
        "echo": [denied],
        "boss": [{"data": {"Credentials": {**session, "Expiration": "2099-01-01T00:00:00Z"}}}],
        "role": [_repeat],
        "transient": [{"error": "InternalError", "message": repeated, "status": 500}],
        "garbage": [{"raw": f"<{repeated}"}],
        "object": [{"error": "InternalError", "status": 500}],
        "there": [{"data": {"ContentLength": 3}}],
        "reading": [_secret(READ, "AWSPENDING"), _secret(READ, "AWSCURRENT")],
        "many": {
            "DescribeInstances": [scripted_instances(i_1="running", i_2="pending"), denied],
            "GetSecretValue": [_secret(READ, "AWSPENDING")],
            "HeadObject": [{"data": {"ContentLength": 3}}],
        },
        "secret": [_secret(PASSWORD, "AWSCURRENT")],
    }


@pytest.fixture(scope="module")
def traces(ansible: Ansible, aws: ScriptedEndpoint) -> Traces:
    for key, answers in _scenarios().items():
        aws.add(key, {"answers": answers})
    home, given = ansible.home, {"endpoint_url": aws.url, "region": "us-east-1"}
    results, log, events, syslog, site = (home / name for name in ("secrets.json", "log", "events", "syslog", "site"))
    site.mkdir()
    (site / "sitecustomize.py").write_text(SYSLOG.format(path=str(syslog)))
    (home / "config").write_text(CONFIG.format(key=SECRET_KEY))
    current = {"operation": "GetSecretValue", "path": "VersionStages[]", "success": ["AWSCURRENT"]}
    told = {"progress": "all", "event_log": str(events)}
    with_password = aws.url.replace("//", f"//me:{URL_PASSWORD}@")
    reading = {"service": "secretsmanager", "params": {"SecretId": "db"}, "delay": 0.1, "show": "SecretString"}
    # an expression that can't be evaluated causes a warning
    odd = {"state": "failure", "matcher": "path", "argument": "abs(SecretString)", "expected": 1}
    good = {"state": "success", "matcher": "pathAll", "argument": "VersionStages[]", "expected": "AWSCURRENT"}
    running = {"service": "ec2", "waiter": "instance_running", "delay": 0.1}
    key = {"Bucket": "b", "Key": "k", "SSECustomerAlgorithm": "AES256", "SSECustomerKey": OBJECT_KEY}
    there = {"service": "s3", "waiter": "object_exists", "params": key}
    variables = {
        "names": [*SEEN, "hidden", "hidden_problem"],
        "results": str(results),
        "options": {**given, **told, "secret_key": SECRET_KEY, "session_token": SESSION_TOKEN},
        "given": given,
        "debug": {"debug_botocore_endpoint_logs": True},
        "role": {**told, "profile": "role", "endpoint_url": with_password},
        "proxied": {
            "endpoint_url": with_password,
            "aws_config": {"proxies": {"http": f"http://me:{PROXY_PASSWORD}@127.0.0.1:9"}},
        },
        "object": {**there, "timeout": 0.5},
        "misspelt": {"waits": [{**there, "params": {"Bucket": "b", "Key": "k", "SSECustomersKey": OBJECT_KEY}}]},
        "reading": {
            **reading,
            "validate": "off",
            "definition": {"operation": "GetSecretValue", "acceptors": [odd, good]},
        },
        "many": {
            "waits": [
                {**running, "name": "one", "params": {"InstanceIds": ["i-1"]}},
                {**running, "name": "two", "params": {"InstanceIds": ["i-2"]}},
                {**reading, "name": "db", "definition": current},
                {**there, "name": "object"},
            ],
            "fail_fast": True,
            "return_response": True,
        },
        "password": PASSWORD,
        "with_password": {**connection(aws, "secret"), "service": "secretsmanager", "definition": current},
        "doubtful": {"definition": {**current, "failure_errors": [PASSWORD]}},
    }
    environment = {
        "AWS_ACCESS_KEY_ID": "ready",
        "AWS_SECRET_ACCESS_KEY": OWN_KEY,
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_ENDPOINT_URL_STS": aws.url,
        "ANSIBLE_LOG_PATH": str(log),
        "PYTHONPATH": str(site),
    }
    process = ansible.play(PLAYBOOK, "-vvvv", variables=variables, environment=environment)
    assert process.returncode == 0, process.stdout + process.stderr
    places = {file.name: file.read_text() for file in (log, events, syslog)}
    signed = [re.search("Signature=([0-9a-f]+)", request.message.headers["authorization"]) for request in aws.requests]
    return Traces(
        json.loads(results.read_text()),
        {**places, "screen": process.stdout + process.stderr},
        {found[1] for found in signed if found},
    )


PLACES = {
    "screen": "TASK [Give a password, and wrongly]",
    "log": "TASK [Give a password, and wrongly]",
    "events": '"event": "ended"',
    "syslog": "Invoked with ",
}
"""The places where a secret could be, and what shows that they were written to."""


@pytest.mark.parametrize(("secret", "place"), list(itertools.product(STAND_FOR, PLACES)))
def test_no_secret_is_in_any_place(traces: Traces, secret: str, place: str) -> None:
    assert PLACES[place] in traces.places[place]
    lines = [line for line in traces.places[place].splitlines() if STAND_FOR[secret] in line]
    assert not lines


@pytest.mark.parametrize("place", PLACES)
def test_no_signature_of_a_request_is_in_any_place(traces: Traces, place: str) -> None:
    assert traces.signatures
    assert not [signature for signature in traces.signatures if signature in traces.places[place]]


@pytest.mark.parametrize("name", SEEN)
def test_no_secret_is_in_a_result(traces: Traces, name: str) -> None:
    text = json.dumps(traces.results[name])
    assert not [what for what, secret in STAND_FOR.items() if secret in text]
    assert not [signature for signature in traces.signatures if signature in text]


def test_a_wait_of_many_shows_no_secrets_of_another(traces: Traces) -> None:
    one, two, _db, _object = traces.results["many_waits"]["results"]
    assert one["outcome"] == "success"
    assert "i-2" not in json.dumps(one)
    assert "i-1" not in json.dumps(two)


def test_what_to_warn_of_is_hidden_where_the_task_is(traces: Traces) -> None:
    assert "warnings are hidden because the task sets no_log" in traces.places["screen"]


@pytest.mark.parametrize("name", ENDINGS)
def test_the_waits_ended_as_they_were_to(traces: Traces, name: str) -> None:
    assert traces.results[name]["outcome"] == ENDINGS[name]


def test_each_task_that_is_not_hidden_is_logged_once(traces: Traces) -> None:
    invocations = traces.places["syslog"].count("Invoked with ")
    assert invocations >= len(SEEN) - 1  # Ansible logs none whose options it refuses
    assert "params={'Bucket': 'b', 'Key': 'k', 'SSECustomerAlgorithm': 'AES256'" in traces.places["syslog"]


def test_an_aws_error_is_shown_without_the_secrets_in_it(traces: Traces) -> None:
    assert "is not authorized" in traces.results["echo"]["msg"]


def test_the_outcome_of_a_hidden_task_is_known_only_to_the_playbook(traces: Traces) -> None:
    assert traces.results["hidden"]["outcome"] == "success"
    problem = traces.results["hidden_problem"]
    assert [found["path"] for found in problem["problems"]] == ["params.SecretId"]
    assert PASSWORD not in problem["msg"]
