# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the snippets of the pages need: values of variables, files, and an AWS where everything succeeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_ACCOUNT = "123456789012"
_INSTANCES = ["i-0ab1", "i-0cd2"]

VARIABLES: Mapping[str, Any] = {
    "ansible_failed_result": {"outcome": "failure", "msg": "It failed."},
    "ansible_play_hosts": ["production"],
    "arn": f"arn:aws:acm:eu-west-1:{_ACCOUNT}:certificate/7",
    "deployed": {"ansible_job_id": "j1.1"},
    "distribution": "EDFDVBD6EXAMPLE",
    "export_arn": f"arn:aws:dynamodb:eu-west-1:{_ACCOUNT}:table/orders/export/1",
    "file_system": "fs-01234567",
    "hostvars": {"production": {"waits": "[{service: s3, waiter: bucket_exists, params: {Bucket: logs}}]"}},
    "image": "ami-0ab1",
    "image_a": "ami-0ab1",
    "image_b": "ami-0ab2",
    "image_c": "ami-0ab3",
    "instances": _INSTANCES,
    "queue": f"https://sqs.eu-west-1.amazonaws.com/{_ACCOUNT}/orders",
    "run": "jr_1",
    "target_group": f"arn:aws:elasticloadbalancing:eu-west-1:{_ACCOUNT}:targetgroup/web/1",
    "things_to_wait_for": [
        {"name": "logs", "service": "s3", "waiter": "bucket_exists", "params": {"Bucket": "logs"}},
        {"name": "web", "service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": _INSTANCES}},
    ],
    "thirty_services": [f"service-{number}" for number in range(30)],
}

FILES: Mapping[str, str] = {
    "waiters.yml": """
        __VaultState: {operation: DescribeVault, path: VaultName}
        vault_exists: {extends: __VaultState, success: [archive]}
        vault_ready: {extends: __VaultState, success: [archive]}
    """,
    "waiters-2.json": """{"version": 2, "waiters": {"StackThere": {
        "operation": "DescribeStacks", "delay": 5, "maxAttempts": 9,
        "acceptors": [{"state": "success", "matcher": "status", "expected": 200}]
    }}}""",
}

Params = Mapping[str, Any]
Answers = Callable[[Params], dict[str, Any]]
"""AWS's response to the parameters of a request: ``data``, or the code of an ``error``."""


def _always(**data: Any) -> Answers:
    return lambda _params: {"data": data}


def _each(member: str, ids: str, item: str, **state: Any) -> Answers:
    """A list of requested items: its member, the parameter with the ids, and the id member of an item."""

    def say(params: Params) -> dict[str, Any]:
        asked = params.get(ids) or ["anything"]
        return {"data": {member: [{item: held, **state} for held in (asked if isinstance(asked, list) else [asked])]}}

    return say


def _instances(params: Params) -> dict[str, Any]:
    there = [{"InstanceId": held, "State": {"Name": "running"}} for held in params["InstanceIds"]]
    return {"data": {"Reservations": [{"Instances": there}]}}


def _targets(params: Params) -> dict[str, Any]:
    health = {"TargetHealth": {"State": "healthy"}}
    targets = params.get("Targets", [{"Id": "i-0ab1"}])
    return {"data": {"TargetHealthDescriptions": [{"Target": held, **health} for held in targets]}}


_STABLE = {"status": "ACTIVE", "desiredCount": 2, "runningCount": 2, "deployments": [{"status": "PRIMARY"}]}

ANSWERS: Mapping[str, Answers] = {
    "DescribeCertificate": _always(Certificate={"Status": "ISSUED"}),
    "DescribeCluster": _always(cluster={"name": "prod", "status": "ACTIVE"}),
    "DescribeDBInstances": _each(
        "DBInstances", "DBInstanceIdentifier", "DBInstanceIdentifier", DBInstanceStatus="available"
    ),
    "DescribeDBSnapshots": _each("DBSnapshots", "DBSnapshotIdentifier", "DBSnapshotIdentifier", Status="available"),
    "DescribeExport": _always(ExportDescription={"ExportStatus": "COMPLETED"}),
    "DescribeFileSystems": lambda _params: {"error": "FileSystemNotFound"},
    "DescribeImages": _each("Images", "ImageIds", "ImageId", State="available"),
    "DescribeInstances": _instances,
    "DescribeInstanceStatus": _each("InstanceStatuses", "InstanceIds", "InstanceId", InstanceStatus={"Status": "ok"}),
    "DescribeServices": _each("services", "services", "serviceName", **_STABLE),
    "DescribeSnapshots": _each("Snapshots", "SnapshotIds", "SnapshotId", State="completed"),
    "DescribeStacks": _each("Stacks", "StackName", "StackName", StackStatus="CREATE_COMPLETE"),
    "DescribeTable": _always(Table={"TableName": "sessions", "TableStatus": "ACTIVE"}),
    "DescribeTargetHealth": _targets,
    "GetDatastore": _always(datastoreProperties={"datastoreId": "scans", "datastoreStatus": "ACTIVE"}),
    "DescribeVault": _always(VaultName="archive"),
    "GetBucketVersioning": _always(Status="Enabled"),
    "GetDistribution": _always(Distribution={"Id": "EDFDVBD6EXAMPLE", "Status": "Deployed"}),
    "GetFunction": _always(
        Configuration={"FunctionName": "orders", "State": "Active", "LastUpdateStatus": "Successful"}
    ),
    "GetJobRun": _always(JobRun={"Id": "jr_1", "JobRunState": "SUCCEEDED"}),
    "GetQueueAttributes": _always(Attributes={}),
    "HeadBucket": _always(),
}
