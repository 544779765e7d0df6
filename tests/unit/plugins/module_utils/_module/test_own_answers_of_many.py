# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits of one task are judged on what requests of their own would bring, and hold up none of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.support.aws_responses import refused
from tests.support.fake_client import FakeClient
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.workers import Lanes
from tests.unit.plugins.module_utils._module.many import Task, fake_client

from ansible_collections.cloudwait.aws.plugins.module_utils._aws import shared_operation


def run(
    service: str, says: Any, clock: Clock | None = None, workers: Any = None, **given: Any
) -> tuple[Task, FakeClient]:
    clock = clock or Clock()
    client = fake_client(service, clock, says)
    return Task({"service": service, "fail_fast": False, **given}, lambda *_a: client, clock, workers), client


def test_a_page_that_a_wait_asks_for_is_its_own() -> None:
    """Three groups share no page of one item: the second and third would never be in it."""

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        groups = [
            {
                "AutoScalingGroupName": name,
                "DesiredCapacity": 1,
                "MinSize": 1,
                "Instances": [{"LifecycleState": "InService", "HealthStatus": "Healthy"}],
            }
            for name in params["AutoScalingGroupNames"]
        ]
        size = params["MaxRecords"]
        return {"AutoScalingGroups": groups[:size], **({"NextToken": "more"} if len(groups) > size else {})}

    waits = [{"params": {"AutoScalingGroupNames": [f"g-{n}"], "MaxRecords": 1}} for n in range(3)]
    task, _client = run("autoscaling", says, waits=waits, waiter="group_in_service", max_attempts=3)
    assert task.endings == ["success"] * 3


def test_what_speaks_of_all_that_was_asked_for_is_not_shared() -> None:
    """``InvalidParameters`` names one wait's parameter, and fails that wait alone."""

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        there = [name for name in params["Names"] if name != "/typo"]
        return {
            "Parameters": [{"Name": name, "Type": "String"} for name in there],
            "InvalidParameters": [name for name in params["Names"] if name not in there],
        }

    definition = {
        "operation": "GetParameters",
        "acceptors": [
            {"state": "failure", "matcher": "path", "argument": "length(InvalidParameters) > `0`", "expected": True},
            {"state": "success", "matcher": "pathAll", "argument": "Parameters[].Type", "expected": "String"},
        ],
    }
    waits = [{"params": {"Names": [name]}} for name in ("/good", "/typo")]
    task, _client = run("ssm", says, waits=waits, definition=definition)
    assert task.endings == ["success", "failure"]


def test_no_poll_goes_on_with_what_is_older_than_the_last_one() -> None:
    """A poll for twelve services breaks off after ten; these are asked for at 10 and 20 s before all are again."""
    clock = Clock()

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        at = clock.now - 1000
        if at == 0 and len(params["services"]) < 10:
            raise refused("ThrottlingException", 400, "Rate exceeded")
        running = int(at == 0)
        services = [
            {"serviceName": name, "status": "ACTIVE", "desiredCount": 1, "runningCount": running, "deployments": [{}]}
            for name in params["services"]
        ]
        return {"services": services, "failures": []}

    waits = [{"params": {"cluster": "web", "services": [f"s-{n}"]}, "delay": 10 if n < 10 else 30} for n in range(12)]
    task, _client = run("ecs", says, clock, waits=waits, waiter="services_stable", max_attempts=6)
    assert task.endings == ["timeout"] * 12


@pytest.mark.parametrize(
    ("service", "waiter", "params", "error"),
    [
        (
            "elbv2",
            "target_in_service",
            {"TargetGroupArn": "arn:aws:x:r:1:targetgroup/a/1", "Targets": [{"Id": f"i-{n}"} for n in range(30)]},
            refused("TargetGroupNotFound", 400, "One or more target groups not found"),
        ),
        (
            "elb",
            "instance_in_service",
            {"LoadBalancerName": "my-lb", "Instances": [{"InstanceId": f"i-{n}"} for n in range(30)]},
            refused("AccessPointNotFound", 400, "There is no ACTIVE Load Balancer named 'my-lb'"),
        ),
    ],
)
def test_what_is_not_about_the_ids_is_not_asked_by_halves(
    service: str, waiter: str, params: dict[str, Any], error: Exception
) -> None:
    def says(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise error

    task, client = run(service, says, waits=[{"params": params}], waiter=waiter)
    assert task.endings == ["error"]
    assert len(client.asked) == 1


def test_a_job_that_is_called_like_another_is_not_that_one() -> None:
    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        jobs = [{"jobId": "j-2", "jobName": "j-1", "status": "SUCCEEDED"}]
        return {"jobs": [job for job in jobs if job["jobId"] in params["jobs"]]}

    definition = {"operation": "DescribeJobs", "path": "jobs[].status", "success": ["SUCCEEDED"]}
    waits = [{"params": {"jobs": [name]}} for name in ("j-1", "j-2")]
    task, _client = run("batch", says, waits=waits, definition=definition, max_attempts=2)
    assert task.endings == ["timeout", "success"]


def test_credentials_that_expire_are_renewed_once_for_all_operations() -> None:
    clock, renewed = Clock(), []

    def expired(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise refused("ExpiredTokenException", 400, "The security token included in the request is expired")

    def good(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        return {"Table": {"TableName": params["TableName"], "TableStatus": "ACTIVE"}}

    def renew(_account: Any, service: str) -> FakeClient:
        renewed.append(fake_client(service, clock, good))
        return renewed[-1]

    client = fake_client("dynamodb", clock, expired)
    waits = [{"params": {"TableName": f"table-{n}"}} for n in range(20)]
    task = {"service": "dynamodb", "waiter": "table_exists", "waits": waits}
    assert Task(task, lambda *_a: client, clock, None, renew).endings == ["success"] * 20
    assert len(renewed) == 1


def test_work_is_in_proportion_to_the_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who a request is for is looked up, and not searched for among all waits: four times the waits, not 16 times."""
    counted: Counter[int] = Counter()

    def poll(waits: int) -> None:
        key: Callable[[Any], str] = shared_operation._key

        def count(given: Any) -> str:
            counted[waits] += 1
            return key(given)

        def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
            return {"services": [{"serviceName": name, "status": "DRAINING"} for name in params["services"]]}

        entries = [{"params": {"cluster": "web", "services": [f"s-{n}"]}} for n in range(waits)]
        with monkeypatch.context() as patch:
            patch.setattr(shared_operation, "_key", count)
            task, _client = run("ecs", says, waits=entries, waiter="services_stable", max_attempts=1)
            assert task.endings == ["timeout"] * waits or set(task.endings) == {"failure"}

    poll(100)
    poll(400)
    assert counted[400] <= 5 * counted[100]


@pytest.mark.parametrize(("concurrency", "hanging"), [(16, 20), (1, 3)])
def test_an_operation_that_hangs_delays_no_other_of_its_service(concurrency: int, hanging: int) -> None:
    """Tables hang; a backup of the same service, due at 2 s, is never asked for within its 8 s."""
    clock = Clock()
    lanes = Lanes(clock, concurrency)

    def says(operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        if operation == "DescribeTable":
            lanes.sleep(1e6)
        return {"BackupDescription": {"BackupDetails": {"BackupStatus": "AVAILABLE"}}}

    backup = {
        "definition": {
            "operation": "DescribeBackup",
            "path": "BackupDescription.BackupDetails.BackupStatus",
            "success": ["AVAILABLE"],
        },
        "params": {"BackupArn": "arn:aws:dynamodb:us-east-1:1:table/x/backup/01489602797149-73d8d5bc"},
        "initial_delay": 2,
    }
    tables = [{"waiter": "table_exists", "params": {"TableName": f"table-{n}"}} for n in range(hanging)]
    task, _client = run("dynamodb", says, clock, lanes, waits=[*tables, backup], timeout=8, concurrency=concurrency)
    assert task.endings[-1] == "success"


@pytest.mark.xfail(strict=True, reason="after a server error for several, halves are asked only at the next attempt")
@pytest.mark.parametrize("timeout", [0, 20])
def test_a_server_error_for_one_id_costs_no_other_its_answer(timeout: int) -> None:
    """Alone each of the others succeeds at its first attempt."""

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if "i-66" in params["InstanceIds"]:
            raise refused("InternalError", 500, "An internal error has occurred")
        instances = [{"InstanceId": name, "State": {"Name": "running"}} for name in params["InstanceIds"]]
        return {"Reservations": [{"Instances": instances}]}

    waits = [{"params": {"InstanceIds": [f"i-{n}"]}} for n in range(100)]
    task, _client = run("ec2", says, waits=waits, waiter="instance_running", timeout=timeout, delay=5)
    assert Counter(task.endings) == {"success": 99, "timeout": 1}


@pytest.mark.xfail(strict=True, reason="ids that were told apart before a refusal are told apart again in its halves")
def test_unnamed_absences_and_a_denial_cost_twice_the_requests_at_most() -> None:
    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if params["Names"] != ["lb-63"]:
            raise refused("LoadBalancerNotFound", 400, "One or more load balancers not found")
        raise refused("AccessDenied", 403, "You are not allowed to.")

    waits = [{"params": {"Names": [f"lb-{n}"]}} for n in range(64)]
    _task, client = run("elbv2", says, waits=waits, waiter="load_balancer_exists", max_attempts=2)
    assert _task.endings
    assert Counter(at for at, _operation, _params in client.asked)[0] <= 2 * 64
