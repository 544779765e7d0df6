# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each wait of a task is judged as on its own requests, and delays no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import botocore.exceptions
import pytest
from tests.support.aws_responses import refused
from tests.support.fake_client import FakeClient
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.workers import Lanes
from tests.unit.plugins.module_utils._module.many import Task, fake_client

from ansible_collections.cloudwait.aws.plugins.module_utils._aws import shared_operation
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.fault_search import most_probes


def run(
    service: str, says: Any, clock: Clock | None = None, workers: Any = None, **given: Any
) -> tuple[Task, FakeClient]:
    clock = clock or Clock()
    client = fake_client(service, clock, says)
    return Task({"service": service, "fail_fast": False, **given}, lambda *_a: client, clock, workers), client


def test_a_page_that_a_wait_requests_is_not_shared() -> None:
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


def test_a_member_about_the_whole_request_is_not_shared() -> None:
    """``InvalidParameters`` names one wait's parameter, and fails only that wait."""

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


def test_no_poll_uses_a_response_older_than_the_last_poll() -> None:
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
def test_an_error_that_is_not_about_the_ids_is_not_bisected(
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


def instances(params: dict[str, Any]) -> Mapping[str, Any]:
    found = [{"InstanceId": name, "State": {"Name": "running"}} for name in params["InstanceIds"]]
    return {"Reservations": [{"Instances": found}]}


def at(client: FakeClient, time: float) -> int:
    """How many requests were sent at a time."""
    return Counter(sent for sent, _operation, _params in client.asked)[time]


READ_TIMEOUT = botocore.exceptions.ReadTimeoutError(endpoint_url="x")


@pytest.mark.parametrize(
    ("bad", "fault", "timeout"),
    [
        ({66}, refused("InternalError", 500), 0),
        ({66}, READ_TIMEOUT, 20),
        ({0}, refused("InternalError", 500), 20),
        ({0, 61}, refused("InternalError", 500), 20),
        ({3, 4, 5, 80}, refused("InternalError", 500), 0),
        (set(range(0, 100, 10)), READ_TIMEOUT, 0),
        (set(range(0, 100, 2)), refused("InternalError", 500), 20),
    ],
)
def test_a_server_error_for_some_ids_costs_no_other_its_answer(bad: set[int], fault: Exception, timeout: int) -> None:
    """Alone each of the others succeeds at its first attempt."""

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if any(f"i-{n}" in params["InstanceIds"] for n in bad):
            raise fault
        return instances(params)

    waits = [{"params": {"InstanceIds": [f"i-{n}"]}} for n in range(100)]
    task, client = run("ec2", says, waits=waits, waiter="instance_running", timeout=timeout, delay=5)
    assert Counter(task.endings) == {"success": 100 - len(bad), "timeout": len(bad)}
    assert {o.elapsed for o in task.outcomes if o.ending.value == "success"} == {0}
    assert at(client, 0) < 200
    assert at(client, 5) in (0, len(bad))


@pytest.mark.parametrize("waits", [2, 3, 100, 400])
def test_a_service_that_is_down_is_asked_few_times_more(waits: int) -> None:
    clock = Clock()

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if clock.elapsed() < 60:
            raise refused("ServiceUnavailable", 503, "")
        return instances(params)

    given = [{"params": {"InstanceIds": [f"i-{n}"]}} for n in range(waits)]
    task, client = run("ec2", says, clock, waits=given, waiter="instance_running", timeout=100, delay=10)
    assert set(task.endings) == {"success"}
    sent = [at(client, 10.0 * attempt) for attempt in range(7)]
    assert sent == [1 + most_probes(waits, is_down=False), 2, 2, 2, 2, 2, 1]


def test_a_server_error_for_one_id_of_a_later_part_costs_no_other_its_answer() -> None:
    """ECS takes ten services in a request."""

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if "s-27" in params["services"]:
            raise refused("ServerException", 500)
        services = [
            {"serviceName": name, "status": "ACTIVE", "desiredCount": 1, "runningCount": 1, "deployments": [{}]}
            for name in params["services"]
        ]
        return {"services": services, "failures": []}

    waits = [{"params": {"cluster": "web", "services": [f"s-{n}"]}} for n in range(40)]
    task, client = run("ecs", says, waits=waits, waiter="services_stable", timeout=0)
    assert Counter(task.endings) == {"success": 39, "timeout": 1}
    assert at(client, 0) < 80


def test_that_a_service_is_down_is_known_before_the_time_is_over() -> None:
    """Each answer takes 0.4 s, and the last poll has a second: the error is told, not that no answer came."""
    clock = Clock()
    lanes = Lanes(clock, 16)

    def says(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        lanes.sleep(0.4)
        raise refused("InternalError", 500)

    waits = [{"params": {"InstanceIds": [f"i-{n}"]}} for n in range(100)]
    task, _client = run("ec2", says, clock, lanes, waits=waits, waiter="instance_running", timeout=3, delay=3)
    assert {outcome.fault and outcome.fault.code for outcome in task.outcomes} == {"InternalError"}


@pytest.mark.parametrize("denied", [range(63, 64), range(1), range(0, 64, 3), range(64)])
@pytest.mark.parametrize("is_named", [True, False])
def test_absences_and_denials_cost_twice_the_requests_at_most(denied: range, is_named: bool) -> None:
    """A denial comes when what isn't there is no longer asked for; an absence names one, or none."""

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        absent = [name for name in params["Names"] if int(name.removeprefix("lb-")) not in denied]
        if absent:
            named = f"'[{absent[0]}]' not found" if is_named else "not found"
            raise refused("LoadBalancerNotFound", 400, f"One or more load balancers {named}")
        raise refused("AccessDenied", 403, "You are not allowed to.")

    waits = [{"params": {"Names": [f"lb-{n}"]}} for n in range(64)]
    task, client = run("elbv2", says, waits=waits, waiter="load_balancer_exists", max_attempts=2)
    assert task.endings.count("error") == len(denied)
    assert at(client, 0) <= 2 * 64
