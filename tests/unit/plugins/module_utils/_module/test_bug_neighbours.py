# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Situations similar to the reported ones (``test_bug_cases.py``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.support.aws_responses import ecs_service, ecs_services
from tests.support.scripted import ScriptedEndpoint
from tests.unit.plugins.module_utils._module.situations import Case, require


@pytest.fixture(scope="module")
def aws() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint({}) as endpoint:
        yield endpoint


def answers(*data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"data": each} for each in data]


def service(running: int = 2, **more: Any) -> dict[str, Any]:
    counts = {"desiredCount": 2, "runningCount": running, "deployments": []}
    return ecs_services(ecs_service("web", **{**counts, **more}))


def task_sets(*states: tuple[str, str], controller: str = "CODE_DEPLOY", running: int = 2) -> dict[str, Any]:
    found = [{"id": str(n), "status": status, "stabilityStatus": state} for n, (status, state) in enumerate(states)]
    return service(running, deploymentController={"type": controller}, taskSets=found)


def deployments(*rows: tuple[str, str, str], running: int = 2) -> dict[str, Any]:
    found = [{"status": a, "rolloutState": b, "rolloutStateReason": c} for a, b, c in rows]
    return service(running, deployments=found)


def task(*containers: Mapping[str, Any], state: str = "STOPPED", reason: str = "") -> dict[str, Any]:
    item = {"taskArn": "arn:aws:ecs:us-east-1:1:task/c/t1", "lastStatus": state, "containers": list(containers)}
    return {"tasks": [{**item, **({"stoppedReason": reason} if reason else {})}], "failures": []}


def job(**more: Any) -> dict[str, Any]:
    item = {"jobId": "j1", "jobName": "n", "jobQueue": "q", "startedAt": 1, "jobDefinition": "d", "status": "FAILED"}
    return {"jobs": [{**item, **more}]}


def target(state: str, **more: Any) -> dict[str, Any]:
    return {"TargetHealthDescriptions": [{"Target": {"Id": "i-1"}, "TargetHealth": {"State": state, **more}}]}


def group(*states: str, desired: int = 4, name: str = "web") -> dict[str, Any]:
    instances = [
        {
            "InstanceId": f"i-{number}",
            "AvailabilityZone": "a",
            "LifecycleState": state,
            "HealthStatus": "Healthy",
            "ProtectedFromScaleIn": False,
        }
        for number, state in enumerate(states)
    ]
    return {
        "AutoScalingGroups": [
            {
                "AutoScalingGroupName": name,
                "MinSize": 1,
                "MaxSize": 9,
                "DesiredCapacity": desired,
                "DefaultCooldown": 1,
                "AvailabilityZones": ["a"],
                "HealthCheckType": "EC2",
                "CreatedTime": 1,
                "Instances": instances,
            }
        ]
    }


def refreshes(*states: str) -> dict[str, Any]:
    return {
        "InstanceRefreshes": [
            {"InstanceRefreshId": f"r{n}", "AutoScalingGroupName": "web", "Status": state, "StatusReason": f"why {n}"}
            for n, state in enumerate(states)
        ]
    }


def domain(**more: Any) -> dict[str, Any]:
    return {"DomainStatus": {"DomainId": "1/d", "DomainName": "d", "ARN": "arn:d", "ClusterConfig": {}, **more}}


WEB = {"cluster": "prod", "services": ["web"]}
TASK = {"cluster": "c", "tasks": ["arn:aws:ecs:us-east-1:1:task/c/t1"]}
BLUE, GREEN = ("PRIMARY", "STEADY_STATE"), ("ACTIVE", "STABILIZING")
ROLLING_BACK = "ECS deployment alarm: rolling back to deploymentId ecs-svc/1."
EXITS_WELL = {
    "extends": "tasks_stopped",
    "acceptors": [
        {
            "state": "failure",
            "matcher": "pathAny",
            "argument": "tasks[?lastStatus=='STOPPED'].containers[].exitCode",
            "expected": [1, 2, 137],
        }
    ],
}
SAME_STATE = {
    "operation": "DescribeTasks",
    "acceptors": [
        {
            "state": "failure",
            "matcher": "path",
            "argument": "contains(tasks[].stopCode, 'UserInitiated')",
            "expected": True,
        },
        {"state": "success", "matcher": "pathAll", "argument": "tasks[].lastStatus", "expected": "STOPPED"},
    ],
}
FILTERED = {"Filters": [{"Name": "tag:Name", "Values": ["wbe"]}]}
BY_CODE = {
    "operation": "DescribeTasks",
    "acceptors": [
        {"state": "failure", "matcher": "pathAny", "argument": "tasks[].containers[].exitCode", "expected": [1, 137]},
        {"state": "success", "matcher": "pathAll", "argument": "tasks[].lastStatus", "expected": "STOPPED"},
    ],
}
BOTH = {
    "operation": "DescribeTasks",
    "acceptors": [
        {"state": "failure", "matcher": "pathAny", "argument": "tasks[].lastStatus", "expected": "STOPPED"},
        {
            "state": "success",
            "matcher": "pathAll",
            "argument": "tasks[].lastStatus",
            "expected": ["RUNNING", "STOPPED"],
        },
    ],
}
NEIGHBOURS = [
    Case(
        "one exit code of several",
        "ecs",
        BY_CODE,
        TASK,
        answers(task({"name": "log", "exitCode": 0}, {"name": "app", "exitCode": 137})),
        "failure",
        ["is 'STOPPED'; tasks[].containers[].exitCode is 137. AWS says: container app: exit code 137."],
    ),
    Case(
        "wanted and failed alike",
        "ecs",
        BOTH,
        TASK,
        answers(task()),
        "failure",
        ["is 'STOPPED'; the waiter fails when any tasks[].lastStatus is 'STOPPED'"],
        ["wanted"],
        options={"delay": 0.3, "timeout": 3, "validate": "warn"},
    ),
    # a service without deployments
    Case("external", "ecs", "services_stable", WEB, answers(task_sets(BLUE, controller="EXTERNAL")), "success"),
    Case(
        "task set on its way",
        "ecs",
        "services_stable",
        WEB,
        answers(task_sets(("PRIMARY", "STABILIZING")), task_sets(BLUE)),
        "success",
        polls=2,
    ),
    Case(
        "green beside blue",
        "ecs",
        "services_stable",
        WEB,
        answers(task_sets(BLUE, GREEN)),
        "timeout",
        ["STABILIZING", "CODE_DEPLOY", "task_set_steady"],
        ["failed"],
    ),
    Case(
        "blue drains", "ecs", "services_stable", WEB, answers(task_sets(BLUE, ("DRAINING", "STABILIZING"))), "success"
    ),
    Case(
        "too few run", "ecs", "services_stable", WEB, answers(task_sets(BLUE, running=1)), "timeout", ["1 of 2 running"]
    ),
    Case("no task set yet", "ecs", "services_stable", WEB, answers(task_sets()), "timeout", ["task_set_steady"]),
    Case(
        "as shipped",
        "ecs",
        "services_stable",
        WEB,
        answers(task_sets(BLUE)),
        "timeout",
        options={"delay": 0.3, "timeout": 3, "corrections": False},
    ),
    # a service that is rolled back
    Case(
        "rolled back by an alarm",
        "ecs",
        "services_stable",
        WEB,
        answers(deployments(("PRIMARY", "IN_PROGRESS", ROLLING_BACK), ("ACTIVE", "FAILED", "alarm detected"))),
        "failure",
        ["rolling back"],
        ["timed out"],
    ),
    Case(
        "a mended deployment after one that failed",
        "ecs",
        "services_stable",
        WEB,
        answers(
            deployments(("PRIMARY", "IN_PROGRESS", "in progress"), ("ACTIVE", "FAILED", "tasks failed to start")),
            deployments(("PRIMARY", "COMPLETED", "completed")),
        ),
        "success",
        polls=2,
    ),
    # tasks and jobs that end
    Case(
        "exit code alone",
        "ecs",
        EXITS_WELL,
        TASK,
        answers(task({"name": "app", "exitCode": 1}, reason="Essential container in task exited")),
        "failure",
        ["containers[].exitCode is", "container app: exit code 1"],
        ["wanted 'STOPPED'"],
    ),
    Case(
        "exit code 0",
        "ecs",
        EXITS_WELL,
        TASK,
        answers(task({"name": "app", "exitCode": 0}, reason="Essential container in task exited")),
        "success",
    ),
    Case(
        "same state wanted",
        "ecs",
        SAME_STATE,
        TASK,
        answers({"tasks": [{**task()["tasks"][0], "stopCode": "UserInitiated"}], "failures": []}),
        "failure",
        ["tasks[].stopCode is 'UserInitiated'"],
        ["wanted 'STOPPED'", "contains("],
    ),
    Case(
        "two containers",
        "ecs",
        "tasks_running",
        TASK,
        answers(
            task(
                {"name": "log", "exitCode": 0},
                {"name": "app", "reason": "OutOfMemoryError", "exitCode": 137},
                reason="Exited",
            )
        ),
        "failure",
        ["Exited; container app: OutOfMemoryError, exit code 137"],
        ["container log"],
    ),
    Case(
        "attempts of a job",
        "batch",
        "job_running",
        {"jobs": ["j1"]},
        answers(
            job(
                statusReason="Task failed to start",
                attempts=[{"container": {"reason": "CannotPullContainerError: no"}}],
            )
        ),
        "failure",
        ["Task failed to start; CannotPullContainerError: no"],
    ),
    Case(
        "containers of a job on ECS",
        "batch",
        "job_succeeded",
        {"jobs": ["j1"]},
        answers(
            job(ecsProperties={"taskProperties": [{"containers": [{"image": "i", "name": "main", "exitCode": 3}]}]})
        ),
        "failure",
        ["container main: exit code 3"],
    ),
    Case(
        "a command that times out",
        "ssm",
        "command_executed",
        {"CommandId": "0831e1a8-a1ac-4257-a1fd-c831b48c4107", "InstanceId": "i-0123456789abcdef0"},
        answers({"Status": "TimedOut", "StatusDetails": "Delivery Timed Out", "ResponseCode": -1}),
        "failure",
        ["AWS says: Delivery Timed Out."],
        ["exit code"],
    ),
    Case(
        "a command without a word",
        "ssm",
        "command_executed",
        {"CommandId": "0831e1a8-a1ac-4257-a1fd-c831b48c4107", "InstanceId": "i-0123456789abcdef0"},
        answers({"Status": "Failed", "StatusDetails": "Failed", "ResponseCode": 3}),
        "failure",
        ["AWS says: exit code 3."],
        ["AWS says: Failed"],
    ),
    # a code and a text
    Case(
        "target",
        "elbv2",
        "target_in_service",
        {"TargetGroupArn": "arn:tg", "Targets": [{"Id": "i-1"}]},
        answers(
            target(
                "unhealthy",
                Reason="Target.ResponseCodeMismatch",
                Description="Health checks failed with these codes: [502]",
            )
        ),
        "timeout",
        ["AWS says: Target.ResponseCodeMismatch: Health checks failed with these codes: [502]."],
    ),
    Case(
        "text repeats its code",
        "ec2",
        "nat_gateway_available",
        {"NatGatewayIds": ["nat-1"]},
        answers(
            {
                "NatGateways": [
                    {
                        "NatGatewayId": "nat-1",
                        "State": "failed",
                        "FailureCode": "Gateway.NotAttached",
                        "FailureMessage": "Gateway.NotAttached: no gateway",
                    }
                ]
            }
        ),
        "failure",
        ["AWS says: Gateway.NotAttached: no gateway."],
    ),
    Case(
        "lambda",
        "lambda",
        "function_active_v2",
        {"FunctionName": "f"},
        answers(
            {
                "Configuration": {
                    "State": "Failed",
                    "StateReason": "The key is disabled.",
                    "StateReasonCode": "DisabledKMSKey",
                }
            }
        ),
        "failure",
        ["AWS says: DisabledKMSKey: The key is disabled."],
    ),
    # conditions
    Case(
        "group",
        "autoscaling",
        "group_in_service",
        {"AutoScalingGroupNames": ["web"]},
        answers(group("InService", "InService", "InService", "Pending")),
        "timeout",
        ["web is still '3 of 4 in service'"],
        ["length(", "false"],
    ),
    Case(
        "groups",
        "autoscaling",
        "group_in_service",
        {"AutoScalingGroupNames": ["web", "api"]},
        answers({key: [*of, *group("InService", desired=1, name="api")[key]] for key, of in group("Pending").items()}),
        "timeout",
        ["web is still '0 of 4 in service'; 1 of 2 is as expected"],
        ["api"],
    ),
    Case(
        "group deleted",
        "autoscaling",
        "group_deleted",
        {"AutoScalingGroupNames": ["web"]},
        answers(group("Terminating", desired=0)),
        "timeout",
        ["0 of 0 in service"],
        ["!AutoScalingGroups", "false"],
    ),
    Case(
        "subnet",
        "ec2",
        "subnet_deleted",
        {"SubnetIds": ["subnet-1"]},
        answers({"Subnets": [{"SubnetId": "subnet-1"}]}),
        "timeout",
        ["subnet-1 is still there"],
        ["!Subnets", "false"],
    ),
    Case(
        "password",
        "ec2",
        "password_data_available",
        {"InstanceId": "i-1"},
        answers({"InstanceId": "i-1", "PasswordData": ""}),
        "timeout",
        ["i-1 has no PasswordData"],
        ["length(", "false"],
    ),
    Case(
        "graph",
        "neptune-graph",
        "graph_deleted",
        {"graphIdentifier": "g-abcdefghij"},
        answers({"id": "g-abcdefghij", "name": "g", "arn": "arn:g", "status": "AVAILABLE", "statusReason": "in use"}),
        "timeout",
        ["is still 'AVAILABLE'", "in use"],
        ["!=", "true"],
    ),
    # refreshes of a group
    Case(
        "refreshes by id",
        "autoscaling",
        "instance_refresh_successful",
        {"AutoScalingGroupName": "web", "InstanceRefreshIds": ["r0", "r1"]},
        answers(refreshes("Successful", "Cancelled")),
        "failure",
        ["r1 is 'Cancelled'", "why 1"],
    ),
    Case(
        "newest failed",
        "autoscaling",
        "instance_refresh_successful",
        {"AutoScalingGroupName": "web"},
        answers(refreshes("Failed", "Successful")),
        "failure",
        ["'Failed'", "why 0"],
        ["why 1", "Successful' "],
    ),
    # domains
    Case(
        "active after a change that failed",
        "opensearch",
        "domain_active",
        {"DomainName": "dom"},
        answers(
            domain(DomainProcessingStatus="Active", ChangeProgressDetails={"ConfigChangeStatus": "ValidationFailed"})
        ),
        "failure",
        ["ValidationFailed"],
    ),
    Case(
        "no status, still upgraded",
        "opensearch",
        "domain_active",
        {"DomainName": "dom"},
        answers(domain(Created=True, Processing=False, UpgradeProcessing=True)),
        "timeout",
    ),
    # filters
    Case(
        "filter",
        "ec2",
        "instance_running",
        FILTERED,
        answers({"Reservations": []}),
        "timeout",
        ["nothing matches Filters"],
        ["failed"],
    ),
    Case(
        "filter of volumes",
        "ec2",
        "volume_available",
        FILTERED,
        answers({"Volumes": []}),
        "timeout",
        ["nothing matches Filters"],
    ),
    Case(
        "filter that matches",
        "ec2",
        "volume_available",
        FILTERED,
        answers({"Volumes": [{"VolumeId": "vol-1", "State": "creating"}]}),
        "timeout",
        ["'creating'"],
        ["nothing matches"],
    ),
    # delete markers
    Case(
        "object that is gone",
        "s3",
        "object_exists",
        {"Bucket": "logs", "Key": "a"},
        [{"status": 404, "headers": {"x-amz-delete-marker": "true"}, "raw": ""}],
        "timeout",
        [],
        ["delete marker"],
    ),
    Case(
        "marker",
        "s3",
        "object_exists",
        {"Bucket": "logs", "Key": "a", "VersionId": "v"},
        [{"status": 405, "headers": {}, "raw": ""}],
        "error",
        ["405", "delete marker"],
        ["failed"],
    ),
]


@pytest.mark.parametrize("case", NEIGHBOURS, ids=str)
def test_cases_like_those_that_people_reported_end_as_they_would_expect(aws: ScriptedEndpoint, case: Case) -> None:
    require(aws, case)
