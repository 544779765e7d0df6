# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The roles, as playbooks include them.

moto plays AWS where it can. It knows neither copies of another account's snapshots nor the devices and attributes of a
registered image, and no deployment of its ECS ever fails: there the answers are scripted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from ansible_collections.community import aws as community_aws
from tests.support.playbook import SECRET, Ansible, connection
from tests.support.scripted import Request, ScriptedEndpoint

Variables = Mapping[str, Any]
FACTS = {"wait": "wait_results", "ecs_rollout": "ecs_rollout_result", "ami_share": "ami_share_result"}


@dataclass(frozen=True)
class Played:
    """The result of each case: `msg`, None on success, and `fact`, which the role sets."""

    came: Sequence[Mapping[str, Any]]
    output: str

    @property
    def changed(self) -> int:
        return int(self.output.rpartition("changed=")[2].split()[0])


def play(
    ansible: Ansible,
    role: str,
    cases: Sequence[Variables],
    *options: str,
    defaults: Variables | Sequence[Variables] = (),
    environment: Mapping[str, str] | None = None,
) -> Played:
    """Include the role once for each case, with its variables; `defaults` is the connection, of all or of each."""
    results = ansible.home / "came.json"
    fact = FACTS[role]
    connections = [defaults] * len(cases) if isinstance(defaults, Mapping) else defaults or [{}] * len(cases)
    blocks = [
        {
            "module_defaults": {"group/cloudwait.aws.aws": connected},
            "block": [
                {"set_fact": {fact: None}},
                {"include_role": {"name": f"cloudwait.aws.{role}"}, "vars": dict(case)},
                {"set_fact": {"came": f"{{{{ came + [{{'msg': none, 'fact': {fact}}}] }}}}"}},
            ],
            "rescue": [
                {"set_fact": {"came": f"{{{{ came + [{{'msg': ansible_failed_result.msg, 'fact': {fact}}}] }}}}"}}
            ],
        }
        for case, connected in zip(cases, connections, strict=True)
    ]
    write = {"copy": {"content": "{{ came | to_json }}", "dest": str(results), "mode": "0600"}}
    playbook = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [{"set_fact": {"came": []}}, *blocks, {**write, "check_mode": False, "changed_when": False}],
    }
    process = ansible.play(json.dumps([playbook]), *options, environment=environment)
    output = process.stdout + process.stderr
    assert process.returncode == 0, output
    assert "Traceback" not in output
    return Played(json.loads(results.read_text()), output)


# ----------------------------------------------------------------------------------------------------------------------
# wait


def table(state: str) -> dict[str, Any]:
    """A wait on a table, which is ACTIVE in moto immediately."""
    definition = {"operation": "DescribeTable", "path": "Table.TableStatus", state: ["ACTIVE"]}
    if state != "success":
        definition["success"] = ["ARCHIVED"]
    return {"name": "orders", "service": "dynamodb", "definition": definition, "params": {"TableName": "orders"}}


READY, BROKEN = table("success"), table("failure")
SURVEY = """
- name: the table
  timeout: 30
  waits:
    - {service: dynamodb, waiter: table_exists, params: {TableName: orders}}
- - {waiter: bucket_exists, params: {Bucket: logs}}
  - {waiter: bucket_not_exists, params: {Bucket: none-such}}
"""
WAITS: dict[str, Variables] = {
    "a survey": {"wait_stages": SURVEY, "wait_service": "s3", "wait_delay": 0.2, "wait_region": "", "wait_require": ""},
    "a stage fails": {"wait_stages": [[READY], {"name": "data", "waits": [BROKEN]}, [READY]]},
    "nothing": {"wait_stages": []},
    "no YAML": {"wait_stages": "[[{service: s3"},
    "no list": {"wait_stages": "{waits: []}"},
    "no stage": {"wait_stages": [[READY], READY]},
    "bad input": {"wait_stages": [[{**READY, "params": {"TableNam": "orders"}}]]},
}


@pytest.fixture(scope="module")
def testing(moto: str) -> dict[str, str]:
    """The connection's options for moto."""
    return {"access_key": "testing", "secret_key": SECRET, "region": "us-east-1", "endpoint_url": moto}


def client(service: str, testing: Mapping[str, str]) -> Any:
    keys = {"aws_access_key_id": testing["access_key"], "aws_secret_access_key": SECRET}
    return boto3.client(service, region_name=testing["region"], endpoint_url=testing["endpoint_url"], **keys)


@pytest.fixture(scope="module")
def tables(testing: Mapping[str, str]) -> None:
    key = {"AttributeName": "id"}
    client("dynamodb", testing).create_table(
        TableName="orders",
        KeySchema=[{**key, "KeyType": "HASH"}],
        AttributeDefinitions=[{**key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("s3", testing).create_bucket(Bucket="logs")


@pytest.fixture(scope="module")
def waited(ansible: Ansible, testing: Mapping[str, str], tables: None) -> Mapping[str, Mapping[str, Any]]:
    played = play(ansible, "wait", list(WAITS.values()), defaults=testing)
    assert played.changed == 0
    return dict(zip(WAITS, played.came, strict=True))


def test_stages_may_be_the_text_of_a_survey(waited: Mapping[str, Any]) -> None:
    case = waited["a survey"]
    assert case["msg"] is None
    assert [(stage["stage"], stage["name"], stage["outcome"]) for stage in case["fact"]] == [
        (1, "the table", "success"),
        (2, None, "success"),
    ]


def test_options_stand_in_the_stage_or_in_a_variable(waited: Mapping[str, Any]) -> None:
    first, second = ([wait["timeout"] for wait in stage["results"]] for stage in waited["a survey"]["fact"])
    assert (first, second) == ([30], [None, None])
    assert {wait["delay"] for stage in waited["a survey"]["fact"] for wait in stage["results"]} == {0.2}


def test_a_stage_that_fails_is_the_last_and_is_named(waited: Mapping[str, Any]) -> None:
    case = waited["a stage fails"]
    assert case["msg"].startswith("Stage 2 of 3 (data): 0 of 1 waits succeeded")
    assert "'ACTIVE'" in case["msg"]
    assert [stage["outcome"] for stage in case["fact"]] == ["success", "failure"]


def test_no_stages_are_nothing_to_wait_for(waited: Mapping[str, Any]) -> None:
    assert waited["nothing"] == {"msg": None, "fact": []}


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "no YAML": "neither YAML nor JSON",
        "no list": "must be a list of stages",
        "no stage": "Stage 2 of wait_stages must be a list of waits",
        "bad input": "Stage 1 of 1: ",
    }.items(),
)
def test_what_is_no_stage_is_said(waited: Mapping[str, Any], name: str, words: str) -> None:
    assert words in waited[name]["msg"]


def test_bad_stages_are_found_before_the_first_is_waited_for(waited: Mapping[str, Any]) -> None:
    assert waited["no stage"]["fact"] == []


def test_check_mode_looks_at_each_stage_and_fails_at_none(
    ansible: Ansible, testing: Mapping[str, str], tables: None
) -> None:
    played = play(ansible, "wait", [{"wait_stages": [[BROKEN], [READY]]}], "--check", defaults=testing)
    [case] = played.came
    assert case["msg"] is None
    assert [stage["outcome"] for stage in case["fact"]] == ["failure", "success"]


# ----------------------------------------------------------------------------------------------------------------------
# ecs_rollout

FAMILY = "arn:aws:ecs:us-east-1:123456789012:task-definition/"
NAMES = [f"web-{number:02}" for number in range(12)]
BEHIND = NAMES[:2]
ROLLOUT = {
    "ecs_rollout_cluster": "prod",
    "ecs_rollout_initial_delay": 0,
    "ecs_rollout_delay": 0.2,
    "ecs_rollout_timeout": 20,
}
TWELVE = {**ROLLOUT, "ecs_rollout_services": [{"name": name} for name in NAMES]}


def deployment(number: int, definition: str, running: int = 1, **more: Any) -> dict[str, Any]:
    made = {"id": f"ecs-svc/{number}", "taskDefinition": FAMILY + definition, "status": "PRIMARY", "failedTasks": 0}
    return {**made, "runningCount": running, "rolloutState": "COMPLETED" if running else "IN_PROGRESS", **more}


def service(name: str, definition: str, *deployments: Mapping[str, Any]) -> dict[str, Any]:
    arn = f"arn:aws:ecs:us-east-1:123456789012:service/prod/{name}"
    states = {"status": "ACTIVE", "desiredCount": 1, "deploymentController": {"type": "ECS"}, "propagateTags": "NONE"}
    counted = {"runningCount": sum(each["runningCount"] for each in deployments), "loadBalancers": []}
    events = [{"id": str(age), "createdAt": 1_700_000_000 - age, "message": f"{name} event {age}"} for age in range(8)]
    found = {"serviceName": name, "serviceArn": arn, "taskDefinition": FAMILY + definition}
    return {**found, **states, **counted, "deployments": list(deployments), "events": events}


FORMER = deployment(1, "web:1")
ROLLING = service("web", "web:2", deployment(2, "web:2", 0), {**FORMER, "status": "ACTIVE"})
BREAKER = "ECS deployment circuit breaker: tasks failed to start."
FAILED = deployment(2, "web:2", 0, status="ACTIVE", rolloutState="FAILED", failedTasks=3, rolloutStateReason=BREAKER)
# The responses of DescribeServices after the update, poll by poll; and the message.
ENDINGS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "failed": (
        [ROLLING, service("web", "web:1", FORMER, FAILED)],
        f"web is 'failed' (wanted 'stable'). AWS says: {BREAKER}",
    ),
    "went-back": ([ROLLING, service("web", "web:1", FORMER)], "web is 'back to another task definition'"),
    "hopeless": (
        [ROLLING, service("web", "web:2", deployment(2, "web:2", 0, failedTasks=3), {**FORMER, "status": "ACTIVE"})],
        "web is 'without healthy tasks'",
    ),
}


def deploying(polls: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A scenario of two services: `web`, which is updated, and `api`, which is still rolling out."""
    left: list[dict[str, Any]] = []

    def describe(request: Request) -> Mapping[str, Any]:
        web = service("web", "web:1", FORMER) if not left else left.pop(0) if len(left) > 1 else left[0]
        both = {"web": web, "api": service("api", "web:2", deployment(9, "web:2", 0))}
        return {"data": {"services": [both[name] for name in request.params["services"]], "failures": []}}

    def update(request: Request) -> Mapping[str, Any]:
        assert request.params["taskDefinition"] == FAMILY + "web:2"
        left.extend(polls)
        return {"data": {"service": polls[0]}}

    return {"answers": {"DescribeServices": [describe], "UpdateService": [update]}}


@pytest.fixture(scope="module")
def services(testing: Mapping[str, str]) -> Iterator[Any]:
    """Twelve services in moto, two of them with a former task definition."""
    ecs = client("ecs", testing)
    ecs.create_cluster(clusterName="prod")
    for _time in range(2):
        ecs.register_task_definition(family="web", containerDefinitions=[{"name": "a", "image": "b", "memory": 64}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_ECS_SERVICE_RUNNING", "1")  # or its services never have a task that runs
        for name in NAMES:
            revision = "web:1" if name in BEHIND else "web:2"
            ecs.create_service(cluster="prod", serviceName=name, taskDefinition=revision, desiredCount=1)
    return ecs


def revisions(ecs: Any) -> set[str]:
    found = ecs.describe_services(cluster="prod", services=BEHIND)["services"]
    return {each["taskDefinition"].rpartition("/")[2] for each in found}


def test_rolls_out_to_more_services_than_one_request_takes(
    ansible: Ansible, testing: Mapping[str, str], services: Any
) -> None:
    wanted = {**TWELVE, "ecs_rollout_task_definition": "web:2"}
    looked = play(ansible, "ecs_rollout", [wanted], "--check", defaults=testing)
    assert (looked.changed, revisions(services)) == (1, {"web:1"})
    [planned] = looked.came
    assert planned["fact"]["outcome"] == "planned"
    assert [each["name"] for each in planned["fact"]["services"] if each["changed"]] == BEHIND

    newest = {**TWELVE, "ecs_rollout_task_definition": "web"}
    missing = {**ROLLOUT, "ecs_rollout_services": [{"name": "none-such", "task_definition": "web:2"}]}
    twice = {**ROLLOUT, "ecs_rollout_services": [{"name": "web-00", "task_definition": "web:2"}] * 2}
    played = play(ansible, "ecs_rollout", [newest, wanted, missing, twice], defaults=testing)
    first, second, *refused = played.came
    assert (played.changed, revisions(services)) == (1, {"web:2"})
    for came, changed in ((first, BEHIND), (second, [])):
        assert (came["msg"], came["fact"]["outcome"]) == (None, "success")
        assert [each["name"] for each in came["fact"]["services"]] == NAMES
        assert [each["name"] for each in came["fact"]["services"] if each["changed"]] == changed
        assert {each["task_definition"] for each in came["fact"]["services"]} == {FAMILY + "web:2"}
    assert "none-such of the cluster prod is not there" in refused[0]["msg"]
    assert "stands there once" in refused[1]["msg"]


@pytest.fixture(scope="module")
def failed(ansible: Ansible, aws: ScriptedEndpoint) -> Mapping[str, Any]:
    for name, (polls, _failed) in ENDINGS.items():
        aws.add(name, deploying(polls))
    both = {"ecs_rollout_services": [{"name": "web"}, {"name": "api"}], "ecs_rollout_task_definition": "web:2"}
    keys = [connection(aws, name) for name in ENDINGS]
    played = play(ansible, "ecs_rollout", [{**ROLLOUT, **both}] * len(keys), defaults=keys)
    assert not aws.problems
    return {"output": played.output, **dict(zip(ENDINGS, played.came, strict=True))}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_deployment_that_fails_ends_the_rollout_at_once(failed: Mapping[str, Any], name: str) -> None:
    came = failed[name]
    assert ENDINGS[name][1] in came["msg"]
    assert came["fact"]["outcome"] == "failure"
    assert [each["outcome"] for each in came["fact"]["services"]] == ["failure", "cancelled"]


@pytest.mark.parametrize("name", ENDINGS)
def test_the_last_events_of_what_failed_are_shown(failed: Mapping[str, Any], name: str) -> None:
    web, _other = failed[name]["fact"]["services"]
    assert [event.partition(" ")[2] for event in web["events"]] == [f"web event {age}" for age in range(5)]
    assert failed["output"].count("web event 4") == len(ENDINGS)
    assert "api event" not in failed["output"]


@pytest.mark.parametrize(
    ("role", "variables"),
    {
        "ecs_rollout": {"ecs_rollout_services": []},
        "ami_share": {
            "ami_share_image": "ami-1",
            "ami_share_source": {"region": "us-east-1"},
            "ami_share_target": {"region": "us-east-1"},
        },
    }.items(),
)
def test_without_community_aws_it_is_said_what_to_install(
    ansible: Ansible, tmp_path: Path, role: str, variables: Variables
) -> None:
    there = tmp_path / "ansible_collections"
    ours, theirs = ansible.collections / "ansible_collections", Path(community_aws.__path__[0]).parents[1]
    for name, where in {"cloudwait/aws": ours, "amazon/aws": theirs}.items():
        (there / name).parent.mkdir(parents=True)
        (there / name).symlink_to(where / name)
    alone = {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path), "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false"}
    [came] = play(ansible, role, [variables], environment=alone).came
    assert "ansible-galaxy collection install community.aws" in came["msg"]


# ----------------------------------------------------------------------------------------------------------------------
# ami_share

BUILD, PRODUCTION = "111111111111", "222222222222"
OURS = f"arn:aws:kms:us-east-1:{BUILD}:key/ours"
ALLOWED = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:ReEncrypt*"]


def image(name: str, *snapshots: str) -> dict[str, Any]:
    devices = [
        {
            "DeviceName": f"/dev/sd{letter}",
            "Ebs": {"SnapshotId": snapshot, "VolumeSize": 8, "VolumeType": "gp3", "Iops": 3000},
        }
        for letter, snapshot in zip("ab", snapshots, strict=False)
    ]
    devices.append({"DeviceName": "/dev/sdz", "VirtualName": "ephemeral0"})
    kind = {"State": "available", "RootDeviceType": "ebs", "RootDeviceName": "/dev/sda", "VirtualizationType": "hvm"}
    attributes = {"Architecture": "arm64", "EnaSupport": True, "BootMode": "uefi", "TpmSupport": "v2.0"}
    tags = [{"Key": "team", "Value": "web"}, {"Key": "aws:kept", "Value": "back"}]
    return {
        "Name": name,
        **kind,
        **attributes,
        "SriovNetSupport": "simple",
        "Tags": tags,
        "BlockDeviceMappings": devices,
    }


def snapshot(owner: str, key: str | None = None, **more: Any) -> dict[str, Any]:
    encrypted = {"Encrypted": True, "KmsKeyId": key} if key else {"Encrypted": False}
    return {"OwnerId": owner, "State": "completed", "Progress": "100%", "Tags": [], **encrypted, **more}


@dataclass
class World:
    """Images and snapshots of two accounts, whose access keys are their numbers. Copies take two polls."""

    images: dict[str, dict[str, Any]] = field(default_factory=dict)
    snapshots: dict[str, dict[str, Any]] = field(default_factory=dict)
    shared: set[tuple[str, str]] = field(default_factory=set)
    allowed: Sequence[str] = ()
    refused: str | None = None

    def scenario(self) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "ListAccountAliases": {"AccountAliases": []},
            "DescribeImageAttribute": {"LaunchPermissions": [], "ProductCodes": []},
            "ListAliases": {"Aliases": []},
            "GetKeyRotationStatus": {"KeyRotationEnabled": True},
            "ListGrants": {"Grants": []},
            "ListResourceTags": {"Tags": []},
            "ListKeyPolicies": {"PolicyNames": ["default"]},
        }
        own = {
            "GetCallerIdentity": lambda asked: {"Account": asked.scenario, "Arn": "arn:aws:sts:::me", "UserId": "me"},
            "DescribeImages": self.describe_images,
            "DescribeSnapshots": self.describe_snapshots,
            "DescribeSnapshotAttribute": lambda asked: {
                "CreateVolumePermissions": [
                    {"UserId": account} for held, account in self.shared if held == asked.params["SnapshotId"]
                ]
            },
            "ModifySnapshotAttribute": lambda asked: (
                self.shared.update((asked.params["SnapshotId"], account) for account in asked.params["UserIds"]) or {}
            ),
            "CopySnapshot": self.copy_snapshot,
            "RegisterImage": self.register_image,
            "CreateTags": self.create_tags,
            "DescribeKey": lambda asked: {"KeyMetadata": {"KeyId": "ours", "Arn": OURS, "KeyManager": "CUSTOMER"}},
            "GetKeyPolicy": lambda asked: {"Policy": json.dumps({"Statement": self.statements()})},
        }
        answers = {name: [{"data": data}] for name, data in plain.items()}

        def good(answer: Any) -> Any:
            return lambda asked: {"data": answer(asked)}

        return {"answers": {**answers, **{name: [good(answer)] for name, answer in own.items()}}}

    def statements(self) -> list[dict[str, Any]]:
        everything = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{BUILD}:root"}, "Action": "kms:*"}
        return [everything, {**everything, "Principal": {"AWS": [PRODUCTION]}, "Action": list(self.allowed)}]

    def describe_images(self, asked: Request) -> dict[str, Any]:
        ids = asked.params.get("ImageIds")
        filters = filters_of(asked)
        return {
            "Images": [
                {"ImageId": name, **held}
                for name, held in self.images.items()
                if (name in ids if ids else held["OwnerId"] == asked.scenario and held["Name"] in filters["name"])
            ]
        }

    def describe_snapshots(self, asked: Request) -> dict[str, Any]:
        ids = asked.params.get("SnapshotIds")
        if not ids:
            filters = filters_of(asked)
            tags = {key.removeprefix("tag:"): values for key, values in filters.items() if key.startswith("tag:")}
            ids = [
                name
                for name, held in self.snapshots.items()
                if held["OwnerId"] in filters["owner-id"]
                and held["State"] in filters["status"]
                and all(value_of(held, key) in values for key, values in tags.items())
            ]
        found = [{"SnapshotId": name, **self.snapshots[name]} for name in ids]
        for name in ids:
            if self.snapshots[name]["State"] == "pending":
                self.snapshots[name].update({"State": "completed", "Progress": "100%"})
        return {"Snapshots": found}

    def copy_snapshot(self, asked: Request) -> dict[str, Any]:
        source = asked.params["SourceSnapshotId"]
        assert (source, asked.scenario) in self.shared
        assert asked.params["SourceRegion"] == "us-east-1"
        assert "/eu-west-1/ec2/" in asked.message.headers["authorization"]
        tags = asked.params["TagSpecifications"][0]["Tags"]
        state = {"State": "pending", "Progress": "40%"}
        if self.refused:
            state = {"State": "error", "Progress": "0%", "StateMessage": self.refused}
        self.snapshots[f"copy-of-{source}"] = snapshot(asked.scenario, Tags=tags, **state)
        return {"SnapshotId": f"copy-of-{source}"}

    def register_image(self, asked: Request) -> dict[str, Any]:
        used = [device["Ebs"]["SnapshotId"] for device in asked.params["BlockDeviceMappings"] if device.get("Ebs")]
        assert all(self.snapshots[each]["State"] == "completed" for each in used)
        name = f"ami-{len(self.images)}"
        self.images[name] = {**asked.params, "OwnerId": asked.scenario, "State": "available", "Tags": []}
        return {"ImageId": name}

    def create_tags(self, asked: Request) -> dict[str, Any]:
        for name in asked.params["Resources"]:
            held = (self.images.get(name) or self.snapshots[name])["Tags"]
            held.extend(asked.params["Tags"])
        return {}


def filters_of(asked: Request) -> dict[str, list[str]]:
    return {each["Name"]: each["Values"] for each in asked.params.get("Filters", [])}


def value_of(held: Mapping[str, Any], key: str) -> str | None:
    return {tag["Key"]: tag["Value"] for tag in held["Tags"]}.get(key)


@pytest.fixture
def world(aws: ScriptedEndpoint) -> World:
    """Image `ami-golden` with two snapshots, of which the second is encrypted, and `ami-small` with that alone."""
    images = {"ami-golden": image("golden", "snap-1", "snap-2"), "ami-small": image("small", "snap-2")}
    world = World({name: {**each, "OwnerId": BUILD} for name, each in images.items()}, allowed=ALLOWED)
    world.snapshots |= {"snap-1": snapshot(BUILD), "snap-2": snapshot(BUILD, OURS)}
    for account in (BUILD, PRODUCTION):
        aws.add(account, world.scenario())
    return world


def sharing(aws: ScriptedEndpoint, **more: Any) -> dict[str, Any]:
    return {
        "ami_share_image": "ami-golden",
        "ami_share_source": connection(aws, BUILD),
        "ami_share_target": {**connection(aws, PRODUCTION), "region": "eu-west-1", "expiration": "2099-01-01"},
        "ami_share_delay": 0.2,
        "ami_share_timeout": 30,
        **more,
    }


COPIES = {"snap-1": "copy-of-snap-1", "snap-2": "copy-of-snap-2"}


def test_copies_an_image_once(ansible: Ansible, aws: ScriptedEndpoint, world: World) -> None:
    tagged = {"ami_share_tags": {"stage": "production"}}
    played = play(ansible, "ami_share", [sharing(aws, **tagged), sharing(aws)])
    first, second = played.came
    assert not aws.problems
    assert (first["msg"], second["msg"]) == (None, None)
    assert first["fact"]["snapshots"] == COPIES
    assert (first["fact"]["copied"], second["fact"]["copied"]) == (True, False)
    assert first["fact"]["image_id"] == second["fact"]["image_id"]
    assert "40%" in played.output  # how far the copies have got
    operations = [request.operation for request in aws.requests]
    assert [operations.count(name) for name in ("ModifySnapshotAttribute", "CopySnapshot", "RegisterImage")] == [
        2,
        2,
        1,
    ]

    copy = world.images[first["fact"]["image_id"]]
    original = world.images["ami-golden"]
    same = ["Name", "Architecture", "VirtualizationType", "RootDeviceName", "EnaSupport", "BootMode", "TpmSupport"]
    assert {name: copy[name] for name in [*same, "SriovNetSupport"]} == {
        name: original[name] for name in [*same, "SriovNetSupport"]
    }
    devices = {each["DeviceName"]: each for each in copy["BlockDeviceMappings"]}
    assert devices["/dev/sdz"]["VirtualName"] == "ephemeral0"
    for given in original["BlockDeviceMappings"][:2]:
        wanted = {**given["Ebs"], "SnapshotId": COPIES[given["Ebs"]["SnapshotId"]]}
        assert devices[given["DeviceName"]]["Ebs"] == wanted
    values = {key: value_of(copy, key) for key in ("team", "stage", "ami-share-source-image", "aws:kept")}
    assert values == {"team": "web", "stage": "production", "ami-share-source-image": "ami-golden", "aws:kept": None}


def test_says_what_a_key_does_not_allow_before_anything_is_shared(
    ansible: Ansible, aws: ScriptedEndpoint, world: World
) -> None:
    world.allowed = ["kms:Describe*", "kms:Decrypt"]
    world.refused = "Given key ID is not accessible"
    asked = len(aws.requests)
    checked = play(ansible, "ami_share", [sharing(aws)])
    [came] = checked.came
    missing = f"{OURS}, which does not allow the account {PRODUCTION} kms:CreateGrant, kms:ReEncryptFrom"
    assert missing in came["msg"]
    assert "ModifySnapshotAttribute" not in {request.operation for request in aws.requests[asked:]}
    assert not world.shared


def test_says_why_a_copy_failed(ansible: Ansible, aws: ScriptedEndpoint, world: World) -> None:
    world.refused = "Given key ID is not accessible"
    [came] = play(ansible, "ami_share", [sharing(aws, ami_share_image="ami-small", ami_share_check_key=False)]).came
    assert "Given key ID is not accessible" in came["msg"]
    assert f"The account {PRODUCTION} has to be allowed kms:CreateGrant" in came["msg"]


def test_check_mode_reports_what_it_would_copy(ansible: Ansible, aws: ScriptedEndpoint, world: World) -> None:
    asked = len(aws.requests)
    played = play(ansible, "ami_share", [sharing(aws, ami_share_image="ami-small")], "--check")
    assert played.came[0]["msg"] is None
    assert played.changed == 2
    assert f"Would copy snap-2 to {PRODUCTION} in eu-west-1 and register small" in played.output
    reading = ("Describe", "Get", "List")
    assert all(request.operation.startswith(reading) for request in aws.requests[asked:])
