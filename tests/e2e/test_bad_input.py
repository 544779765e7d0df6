# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Any problem in a task is reported in one sentence, with its path and the nearest valid name, before any request.

What needs no task of its own is wrong in an entry of one task of ``wait_many``, which tells of all of them at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from tests.support.playbook import SECRET, Ansible, Batch, Case
from tests.support.scripted import ScriptedEndpoint


@dataclass(frozen=True)
class Wrong:
    """An invalid task. ``problems``: the path of each problem that must be reported, and its suggestion."""

    case: Case
    problems: Mapping[str, str | None]
    says: str = ""

    @property
    def is_entry(self) -> bool:
        """Whether an entry may have it: it is neither about the connection nor about running the task."""
        return self.case == Case(self.case.args)


INSTANCES: dict[str, Any] = {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}}
ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1"
ISSUED: dict[str, Any] = {"operation": "DescribeCertificate", "path": "Certificate.Status", "success": ["ISSUED"]}
ACCEPTOR: dict[str, Any] = {
    "state": "success",
    "matcher": "path",
    "argument": "Certificate.Status",
    "expected": "ISSUED",
}


def waits(problems: Mapping[str, str | None], says: str = "", /, **args: Any) -> Wrong:
    return Wrong(Case({**INSTANCES, **args}), problems, says)


def without(*names: str, **args: Any) -> dict[str, Any]:
    return {**{name: value for name, value in INSTANCES.items() if name not in names}, **args}


def defines(problems: Mapping[str, str | None], says: str = "", /, **changes: Any) -> Wrong:
    """A task with a changed inline definition; a change to None removes the key."""
    definition = {key: value for key, value in {**ISSUED, **changes}.items() if value is not None}
    return _acm(definition, problems, says)


def accepts(problems: Mapping[str, str | None], says: str = "", /, **changes: Any) -> Wrong:
    """A task with a changed acceptor."""
    acceptor = {key: value for key, value in {**ACCEPTOR, **changes}.items() if value is not None}
    return _acm({"operation": "DescribeCertificate", "acceptors": [acceptor]}, problems, says)


def _acm(definition: Any, problems: Mapping[str, str | None], says: str) -> Wrong:
    args = {"service": "acm", "definition": definition, "params": {"CertificateArn": ARN}}
    return Wrong(Case(args), problems, says)


def connects(problems: Mapping[str, str | None], says: str = "", /, **args: Any) -> Wrong:
    """A task with only its own connection options."""
    environment = args.pop("environment", {})
    return Wrong(Case({**INSTANCES, **args}, connected=False, environment=environment), problems, says)


KEYS: dict[str, Any] = {"access_key": "testing", "secret_key": SECRET}
URL = "http://127.0.0.1:9"
PASSWORD = "hunter22"

WRONG: dict[str, Wrong] = {
    # the service and the waiter
    "an unknown service": waits({"service": "dynamodb"}, "no service 'dynamobd'", service="dynamobd"),
    "a service like no other": waits({"service": None}, service="kubernetes-of-mine-zzz"),
    "an empty service": waits({"service": None}, service=""),
    "an unknown waiter": waits({"waiter": "instance_running"}, waiter="instance_runing"),
    "a service without waiters": waits({"waiter": None}, service="sts", waiter="identity_known", params={}),
    "an empty waiter": waits({"waiter": None}, waiter=""),
    "both waiter and definition": waits({"waiter": None}, "definition", definition=ISSUED),
    "neither waiter nor definition": Wrong(Case(without("waiter")), {"waiter": None}, "definition"),
    # parameters
    "an unknown parameter": waits({"params.InstanceId": "InstanceIds"}, params={"InstanceId": "i-1"}),
    "a nested unknown parameter": waits({"params.Filters[0].Nam": "Name"}, params={"Filters": [{"Nam": "x"}]}),
    "a required parameter missing": Wrong(
        Case({"service": "s3", "waiter": "object_exists", "params": {"Bucket": "logs"}}),
        {"params.Key": None},
        "missing",
    ),
    "no parameters where one is required": Wrong(
        Case({"service": "s3", "waiter": "bucket_exists"}), {"params.Bucket": None}, "missing"
    ),
    "a parameter of the wrong type": waits({"params.MaxResults": None}, "'many'", params={"MaxResults": "many"}),
    "a number where a string is wanted": Wrong(
        Case({"service": "s3", "waiter": "bucket_exists", "params": {"Bucket": 1.5}}),
        {"params.Bucket": None},
        "quote it",
    ),
    "a scalar where a list is wanted": waits({"params.InstanceIds": None}, "a list", params={"InstanceIds": "i-1"}),
    "an empty id list": waits({"params.InstanceIds": None}, "empty", params={"InstanceIds": []}),
    "a sensitive parameter of the wrong type": Wrong(
        Case(
            {
                "service": "secretsmanager",
                "definition": {"operation": "PutSecretValue", "path": "VersionStages[]", "success": ["AWSCURRENT"]},
                "params": {"SecretId": "db", "SecretString": {"password": PASSWORD}},
            }
        ),
        {"params.SecretString": None, "definition.operation": None},
        "a string",
    ),
    "a value out of the model's range": Wrong(
        Case({"service": "dynamodb", "waiter": "table_exists", "params": {"TableName": ""}}),
        {"params.TableName": None},
        "at least 1 character",
    ),
    # timing
    "a negative delay": waits({"delay": None}, "-1", delay=-1),
    "zero max_attempts": waits({"max_attempts": None}, "at least 1", max_attempts=0),
    "a timeout that is not a number": waits({"timeout": None}, "nan", timeout="nan"),
    "an endless timeout": waits({"timeout": None}, "inf", timeout="inf"),
    "zero consecutive successes": waits({"consecutive": None}, "at least 1", consecutive=0),
    "more successes in a row than polls": waits({"consecutive": None}, "max_attempts", consecutive=5, max_attempts=3),
    "a ceiling below the delay": waits({"max_delay": None}, "less than delay", delay=10, max_delay=5),
    # what is shown
    "a show that is no expression": waits({"show": None}, "JMESPath", show="Reservations[.x"),
    "a show of nothing there": waits({"show": "Instances"}, show="Reservations[].Instanses[].State"),
    # definitions
    "an unknown operation": defines({"definition.operation": "DescribeCertificate"}, operation="DescribeCertificat"),
    "an operation in the method's spelling": defines(
        {"definition.operation": "DescribeCertificate"}, operation="describe_certificate"
    ),
    "no operation": defines({"definition.operation": None}, "missing", operation=None),
    "an unknown key": defines({"definition.sucess": "success"}, sucess=["ISSUED"]),
    "a path to nothing": defines({"definition.path": "Status"}, "Certificate.Statos", path="Certificate.Statos"),
    "a path that is no expression": defines({"definition.path": None}, "JMESPath", path="Certificate.[Status"),
    "a path that stops short": defines({"definition.path": "Certificate.Status"}, path="Certificate"),
    "a value that is no state": defines({"definition.success[0]": "ISSUED"}, "'ISUED'", success=["ISUED"]),
    "no success at all": defines({"definition.acceptors": None}, "never succeed", success=None, failure=["FAILED"]),
    "an empty definition": _acm({}, {"definition.operation": None, "definition": None}, ""),
    "acceptors that are none": _acm(
        {"operation": "DescribeCertificate", "acceptors": []}, {"definition.acceptors": None}, "empty"
    ),
    "acceptors mixed with a path": defines({"definition.acceptors": None}, "mixed", acceptors=[ACCEPTOR]),
    "a message of nothing there": defines({"definition.message": "FailureReason"}, message="Certificate.FailureReson"),
    "a negative delay in a definition": defines({"definition.delay": None}, delay=-1),
    "an unknown matcher": accepts({"definition.acceptors[0].matcher": "pathAll"}, matcher="pathAl"),
    "an unknown state": accepts({"definition.acceptors[0].state": "success"}, state="sucess"),
    "an acceptor without a state": accepts({"definition.acceptors[0].state": None}, "missing", state=None),
    "an argument that is no expression": accepts(
        {"definition.acceptors[0].argument": None}, "JMESPath", argument="length(Certificate"
    ),
    "an unknown function": accepts(
        {"definition.acceptors[0].argument": "length"}, argument="lenght(Certificate.Status)"
    ),
    "a list for the matcher path": accepts(
        {"definition.acceptors[0].argument": None},
        "use the matcher pathAll",
        argument="Certificate.DomainValidationOptions[].ValidationStatus",
    ),
    "an HTTP status that is none": accepts(
        {"definition.acceptors[0].expected": None}, matcher="status", argument=None, expected=20
    ),
    # the connection
    "no region": connects({"region": None}, "region", **KEYS, endpoint_url=URL),
    "an impossible region": connects({"region": "us-east-1"}, **KEYS, endpoint_url=URL, region="us east 1"),
    "no credentials": connects({"credentials": None}, "credentials", endpoint_url=URL, region="us-east-1"),
    "half of the credentials": connects(
        {"credentials": None}, endpoint_url=URL, region="us-east-1", environment={"AWS_ACCESS_KEY_ID": "testing"}
    ),
    "an unknown profile": connects(
        {"profile": None}, "'nobody'", endpoint_url=URL, region="us-east-1", profile="nobody"
    ),
    "an endpoint that is no URL": connects(
        {"endpoint_url": None}, "here be dragons", **KEYS, region="us-east-1", endpoint_url="here be dragons"
    ),
    "a missing CA bundle": connects(
        {"aws_ca_bundle": None},
        "/nowhere/ca.pem",
        **KEYS,
        region="us-east-1",
        endpoint_url=URL,
        aws_ca_bundle="/nowhere/ca.pem",
    ),
    "a missing CA bundle in the environment": connects(
        {"aws_ca_bundle": None},
        "/nowhere/ca.pem",
        **KEYS,
        region="us-east-1",
        endpoint_url=URL,
        environment={"AWS_CA_BUNDLE": "/nowhere/ca.pem"},
    ),
    "an unknown key in aws_config": connects(
        {"aws_config.read_time": "read_timeout"},
        "Config",
        **KEYS,
        region="us-east-1",
        endpoint_url=URL,
        aws_config={"read_time": 1},
    ),
    # several, reported together
    "much at once": Wrong(
        Case(
            {
                "service": "acm",
                "definition": {
                    "operation": "DescribeCertificate",
                    "acceptors": [
                        {"state": "success", "matcher": "path", "argument": "Certificate.Statos", "expected": "ISSUED"},
                        {"state": "sucess", "matcher": "path", "argument": "Certificate.Status", "expected": "ISSUED"},
                        {"state": "failure", "matcher": "path", "argument": "Certificate.Status", "expected": "FALED"},
                    ],
                },
                "params": {"CertificateArm": ARN},
                "delay": -1,
                "max_attempts": 0,
            }
        ),
        {
            "delay": None,
            "max_attempts": None,
            "definition.acceptors[1].state": "success",
            "definition.acceptors[0].argument": "Status",
            "definition.acceptors[2].expected": "FAILED",
            "params.CertificateArm": "CertificateArn",
        },
    ),
    "an unknown service and more": waits({"service": "dynamodb", "delay": None}, service="dynamobd", delay=-1),
    "no region and more": connects(
        {"region": None, "params.InstanceIds": None}, **KEYS, endpoint_url=URL, params={"InstanceIds": []}
    ),
    "in check mode as well": Wrong(
        Case({**INSTANCES, "waiter": "instance_runing"}, check_mode=True), {"waiter": "instance_running"}
    ),
}

# The module itself reports these: for each option except those checked against the models, and several at once.
ALONE = ("an unknown waiter", "a sensitive parameter of the wrong type", "much at once", "an unknown service and more")
ENTRIES = [name for name, wrong in WRONG.items() if wrong.is_entry and name not in ALONE]

# What Ansible's own argument check rejects, with its own messages.
REFUSED_BY_ANSIBLE: dict[str, tuple[Case, str]] = {
    "no service": (Case(without("service")), "service"),
    "a definition that is a list": (Case(without("waiter", definition=[ISSUED])), "definition"),
    "a definition that is a string": (Case(without("waiter", definition="DescribeInstances")), "definition"),
    "params that are a list": (Case(without("params", params=["i-1"])), "params"),
    "a delay in words": (Case({**INSTANCES, "delay": "soon"}), "delay"),
    "an unknown option": (Case({**INSTANCES, "max_atempts": 3}), "max_atempts"),
    "an unknown backoff": (Case({**INSTANCES, "backoff": "quadratic"}), "exponential"),
    "an unknown way to take absence": (Case({**INSTANCES, "missing": "panic"}), "ignore"),
    "a profile with keys": (Case({**INSTANCES, "profile": "nobody"}), "profile"),
}


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter without boto3."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return str(folder / "bin/python")


@pytest.fixture(scope="module")
def batch(ansible: Ansible, aws: ScriptedEndpoint, bare_python: str) -> Batch:
    cases = {name: wrong.case for name, wrong in WRONG.items() if name not in ENTRIES}
    entries = [{**WRONG[name].case.args, "name": name} for name in ENTRIES]
    cases["many"] = Case({"waits": entries}, module="cloudwait.aws.wait_many")
    cases |= {name: case for name, (case, _says) in REFUSED_BY_ANSIBLE.items()}
    cases["boto3 missing"] = Case(INSTANCES, python=bare_python)
    return ansible.batch(cases, aws)


def said(result: Mapping[str, Any]) -> str:
    """The failed task's message, checked to be readable."""
    assert result["failed"], result
    assert result["outcome"] == "error", result
    message = str(result["msg"])
    assert "\n" not in message.strip()
    assert "Traceback" not in json.dumps(result)
    assert PASSWORD not in message + json.dumps(result.get("problems"))
    assert len(message) < 2000
    return message


@pytest.mark.parametrize("name", [name for name in WRONG if name not in ENTRIES])
def test_says_what_is_wrong_with_path_and_nearest_name(batch: Batch, name: str) -> None:
    wrong, result = WRONG[name], batch[name].result
    message = said(result)
    assert {found["path"]: found["suggestion"] for found in result["problems"]} == wrong.problems
    for path, suggestion in wrong.problems.items():
        assert f"{path}: " in message
        assert suggestion is None or f"did you mean {suggestion!r}?" in message
    assert wrong.says in message
    assert "nothing was sent to AWS" in message


@pytest.mark.parametrize("name", ENTRIES)
def test_says_so_of_an_entry_with_its_place_and_name(batch: Batch, name: str) -> None:
    wrong, result, place = WRONG[name], batch["many"].result, f"waits[{ENTRIES.index(name)}] ({name})."
    found = {row["path"]: row for row in result["problems"] if row["path"].startswith(place)}
    assert {path.removeprefix(place): row["suggestion"] for path, row in found.items()} == wrong.problems
    assert wrong.says in " ".join(f"{path}: {row['problem']}" for path, row in found.items())


def test_of_many_problems_the_first_are_said_and_the_rest_counted(batch: Batch) -> None:
    result = batch["many"].result
    assert result["msg"].startswith(f"{len(result['problems'])} problems, nothing was sent to AWS: waits[0] (")
    assert not any(found["path"].startswith("waits") and "(" not in found["path"] for found in result["problems"])


@pytest.mark.parametrize("name", REFUSED_BY_ANSIBLE)
def test_what_ansible_itself_refuses_is_named(batch: Batch, name: str) -> None:
    assert REFUSED_BY_ANSIBLE[name][1] in said(batch[name].result)


def test_a_missing_boto3_is_named_with_its_interpreter(batch: Batch, bare_python: str) -> None:
    message = said(batch["boto3 missing"].result)
    assert "boto3" in message
    assert bare_python in message


def test_no_request_was_sent(batch: Batch, aws: ScriptedEndpoint) -> None:
    assert not any(done.requests for done in batch.done.values())
    assert not aws.requests
    assert not aws.problems


def test_nothing_printed_is_a_traceback(batch: Batch) -> None:
    assert "Traceback" not in batch.output
