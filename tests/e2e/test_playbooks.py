# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks of the collection, run by name; and the outcomes of their own waiters on failures.

All run in one ``ansible-playbook`` against one server, as each process and each service that moto loads costs a while.
How a wait ends when things go wrong, which moto doesn't know, is tried on scripted answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from tests.support.playbook import REPO, Ansible
from tests.unit.plugins.module_utils._module.waits import answered, end

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult

FOLDER = REPO / "playbooks"
OWN = yaml.safe_load((FOLDER / "vars/own_waiters.yml").read_text())["own_waiters"]
SHOWN = {  # what each prints, in this order
    "ec2": [
        "ec2 instance_running: running",
        "ec2 instance_status_ok: ok",
        "ec2 instance_stopped: stopped",
        "ec2 instance_terminated: terminated",
    ],
    "rds": ["rds db_instance_available: available", r"msg: cloudwait-example\S+rds.amazonaws.com:\d+"],
    "s3": ["s3 bucket_exists: there", "s3 object_exists: there", "msg: greeting.txt has 12 bytes"],
    "cloudformation": [
        "cloudformation stack_exists: there",
        "cloudformation DescribeStacks: CREATE_COMPLETE",
        "Queue: http",
    ],
    "acm": [r"msg: _\w+.www.example.com. CNAME \S+", "acm certificate_issued: ISSUED"],
    "ecs": ["ecs DescribeServices: 2 of 2 running", "ecs services_inactive: INACTIVE"],
    "regions": ["msg: 4 of 4 waits succeeded"],
    "own_waiters": ["s3 bucket_versioned: Enabled", "s3 object_clean: NO_THREATS_FOUND"],
    "discovery": ["db_instance_available: 5400", "succeeds when every .* is 'available'", "path: Status"],
}
KEPT = {  # run twice: what the second run must find unchanged
    "acm": ["Publish it"],
}
AWS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    return boto3.Session("testing", "testing", region_name="eu-west-1")


@pytest.fixture(scope="module")
def output(ansible: Ansible, moto: str, session: boto3.Session) -> Iterator[dict[str, str]]:
    """The output of each play; for KEPT, of the second run."""
    with pytest.MonkeyPatch.context() as patch:
        # moto issues certificates after a minute, and never runs the tasks of a service, unless it is told to.
        patch.setattr("moto.settings.ACM_VALIDATION_WAIT", 0)
        patch.setenv("MOTO_ECS_SERVICE_RUNNING", "2")
        session.client("route53", endpoint_url=moto).create_hosted_zone(Name="example.com", CallerReference="1")
        run(ansible, moto, KEPT, "--extra-vars=keep=true")
        yield run(ansible, moto, SHOWN)


def run(ansible: Ansible, url: str, names: Sequence[str] | Mapping[str, Any], *options: str) -> dict[str, str]:
    environment = {**AWS, "AWS_ENDPOINT_URL": url, "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
    playbooks = [f"cloudwait.aws.{name}" for name in names]
    process = ansible.run(
        "ansible-playbook", "--extra-vars=zone=example.com", *options, *playbooks, environment=environment
    )
    assert process.returncode == 0, process.stdout + process.stderr
    plays = process.stdout.split("PLAY [")[1:]
    assert len(plays) == len(names)
    return dict(zip(names, plays, strict=True))


@pytest.mark.parametrize("name", SHOWN)
def test_a_playbook_does_what_it_says(name: str, output: Mapping[str, str]) -> None:
    assert re.search(".*".join(SHOWN[name]), output[name], re.DOTALL), output[name]


@pytest.mark.parametrize("name", KEPT)
def test_a_second_run_changes_nothing_of_what_was_kept(name: str, output: Mapping[str, str]) -> None:
    for task in KEPT[name]:
        section = output[name].split(f"TASK [{task}]")[1].split("TASK [")[0]
        assert re.search(r"^ok: \[localhost\]", section, re.MULTILINE), section


def test_a_second_request_for_a_certificate_is_not_made(output: Mapping[str, str]) -> None:
    assert re.search(r"TASK \[Request one\] \*+\nskipping:", output["acm"]), output["acm"]


def test_the_playbooks_leave_no_resource_behind(output: Mapping[str, str], session: boto3.Session, moto: str) -> None:
    def client(service: str, region: str = "eu-west-1") -> Any:
        return session.client(service, region, endpoint_url=moto)

    left = {
        "buckets": client("s3").list_buckets()["Buckets"],
        "certificates": client("acm", "us-east-1").list_certificates()["CertificateSummaryList"],
        "databases": [
            *client("rds").describe_db_instances()["DBInstances"],
            *client("rds", "us-east-1").describe_db_instances()["DBInstances"],
        ],
        "stacks": client("cloudformation").describe_stacks()["Stacks"],
    }
    assert not {kind: held for kind, held in left.items() if held}


def task(playbook: str, name: str) -> dict[str, Any]:
    """The arguments of the wait of that name."""

    def tasks(held: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for entry in held:
            yield entry
            yield from tasks(entry.get("block", []))

    [play] = yaml.safe_load((FOLDER / f"{playbook}.yml").read_text())
    [found] = [entry for entry in tasks(play["tasks"]) if entry["name"] == name]
    arguments: dict[str, Any] = found["cloudwait.aws.wait"]
    return arguments


def deployment(state: str) -> PollResult:
    reason = "ECS deployment circuit breaker: tasks failed to start."
    deployments = [{"rolloutState": state, "rolloutStateReason": reason}]
    service = {"serviceName": "web", "status": "ACTIVE", "desiredCount": 2, "runningCount": 0}
    return answered(services=[{**service, "deployments": deployments}])


def stack(status: str) -> PollResult:
    return answered(Stacks=[{"StackName": "shop", "StackStatus": status, "StackStatusReason": "Queue: AccessDenied"}])


def certificate(*records: dict[str, Any]) -> PollResult:
    return answered(Certificate={"DomainValidationOptions": [{"DomainName": "a.example", **held} for held in records]})


def scanned(*verdicts: str) -> PollResult:
    return answered(TagSet=[{"Key": "GuardDutyMalwareScanStatus", "Value": verdict} for verdict in verdicts])


ENDS = {
    "ecs": (
        task("ecs", "Wait until the service is stable"),
        {"cluster": "prod", "services": ["web"]},
        [deployment("IN_PROGRESS"), deployment("FAILED")],
        "failed after 2 polls .* ECS deployment circuit breaker: tasks failed to start",
    ),
    "cloudformation": (
        task("cloudformation", "Wait until it is complete"),
        {"StackName": "shop"},
        [stack("CREATE_IN_PROGRESS"), stack("ROLLBACK_IN_PROGRESS")],
        "failed after 2 polls .*'ROLLBACK_IN_PROGRESS'.* Queue: AccessDenied",
    ),
    "acm": (
        task("acm", "Wait until the record is known"),
        {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"},
        [
            certificate(),
            certificate({}),
            certificate({"ResourceRecord": {"Name": "_1", "Type": "CNAME", "Value": "_2"}}),
        ],
        "'CNAME' after 3 polls",
    ),
    "own_waiters": (
        {**task("own_waiters", "Wait until it is found clean"), "definitions": OWN},
        {"Bucket": "uploads", "Key": "invoice.txt"},
        [scanned(), scanned("THREATS_FOUND")],
        "failed after 2 polls .*'THREATS_FOUND'",
    ),
}


@pytest.mark.parametrize(("arguments", "params", "answers", "message"), ENDS.values(), ids=ENDS)
def test_a_wait_of_their_own_ends_when_it_should(
    arguments: Mapping[str, Any], params: Mapping[str, Any], answers: Sequence[PollResult], message: str
) -> None:
    said = end({**arguments, "params": dict(params)}, *answers).message
    assert re.search(message, said, re.DOTALL), said


def names(folder: Path) -> list[str]:
    return sorted(file.stem for file in folder.glob("*.yml"))


def test_each_playbook_is_run_here_or_by_make_demo() -> None:
    assert names(FOLDER) == sorted([*SHOWN, "demo"])


def test_each_playbook_says_how_to_run_it_and_is_listed() -> None:
    listed = re.findall(r"^\| \[`(\w+)`\]\(\1\.yml\) \|", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == names(FOLDER)
    for name in names(FOLDER):
        assert re.search(rf"^#   ansible-playbook cloudwait\.aws\.{name}\b", (FOLDER / f"{name}.yml").read_text(), re.M)
