# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``wait_many`` in real playbooks: one task, many waits, shared requests."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.aws_responses import db_instances, instance, scripted_instances
from tests.support.playbook import Ansible, Batch, Case
from tests.support.scripted import Request, ScriptedEndpoint


def describe_instances(request: Request) -> dict[str, Any]:
    """``i-run…`` runs, ``i-dead…`` is terminated, ``i-pend…`` stays pending; EC2's error names ``i-none…``."""
    ids = request.params["InstanceIds"]
    unknown = [name for name in ids if name.startswith("i-none")]
    if unknown:
        text = f"The instance IDs '{', '.join(unknown)}' do not exist"
        return {"error": "InvalidInstanceID.NotFound", "message": text, "status": 400}
    states = {"run": "running", "dead": "terminated", "pend": "pending"}
    return scripted_instances(*(instance(name, states[name.split("-")[1]]) for name in ids))


def describe_databases(request: Request) -> dict[str, Any]:
    """Responds as RDS does: by one id, by a filter with several, or with all; ``none`` doesn't exist."""
    named = request.params.get("DBInstanceIdentifier")
    if named == "none":
        return {"error": "DBInstanceNotFound", "message": "DBInstance none not found.", "status": 404}
    names = [named] if named else request.params["Filters"][0]["Values"]
    return {"data": db_instances({name: "available" for name in names if name != "none"})}


def many_databases(*names: str, **more: Any) -> Case:
    waits = [{"name": name, "params": {"DBInstanceIdentifier": name}} for name in names]
    task = {"service": "rds", "waiter": "db_instance_available", "delay": 0.2, "max_attempts": 2, "waits": waits}
    return Case({**task, **more}, [describe_databases], service="rds")


def many(*ids: str, check_mode: bool = False, **more: Any) -> Case:
    waits = [{"name": name, "params": {"InstanceIds": [name]}} for name in ids]
    task = {"service": "ec2", "waiter": "instance_running", "delay": 0.2, "max_attempts": 3, "waits": waits}
    return Case({**task, **more}, [describe_instances], check_mode=check_mode)


RUNS = {"operation": "DescribeInstances", "path": "Reservations[].Instances[].State.Name", "success": ["running"]}
RUNNING = [f"i-run-{number}" for number in range(30)]
CASES: dict[str, Case] = {
    "all run": many(*RUNNING),
    "one fails": many("i-run-1", "i-dead-1", "i-pend-1"),
    "one fails, slowly": many("i-run-1", "i-dead-1", "i-pend-1", fail_fast=False),
    "any will do": many("i-pend-1", "i-run-1", "i-pend-2", require="any"),
    "two will do": many("i-run-1", "i-run-2", "i-pend-1", require="2"),
    "two unknown ids": many(
        "i-run-1", "i-none-1", "i-pend-1", "i-none-2", waiter=None, definition=RUNS, fail_fast=False
    ),
    "time runs out": many("i-pend-1", "i-run-1", fail_fast=False),
    "check mode": many("i-pend-1", "i-run-1", check_mode=True),
    "databases": many_databases(*(f"db-{number}" for number in range(20))),
    "two databases": many_databases("db-1", "db-2"),
    "a database that is not there": many_databases("db-1", "none", "db-2", "db-3", fail_fast=False),
    "databases that go": many_databases(
        "none", "db-1", "db-2", waiter="db_instance_deleted", fail_fast=False, diagnose=False
    ),
    "paced": many("i-pend-1", max_rate=2, max_attempts=4),
    "own options": Case(
        {
            "delay": 0.2,
            "max_attempts": 2,
            "fail_fast": False,
            "waits": [
                {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-pend-1"]}},
                {
                    "service": "ec2",
                    "waiter": "instance_running",
                    "params": {"InstanceIds": ["i-pend-1"]},
                    "max_attempts": 4,
                    "show": "Reservations[].Instances[].InstanceId",
                },
            ],
        },
        [describe_instances],
    ),
    "bad entries": Case(
        {
            "waits": [
                {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}},
                {"name": "typo", "service": "ec2", "waiter": "instance_runing", "params": {"InstanceIds": ["i-1"]}},
                {"service": "ec2", "waiter": "instance_running", "params": {"InstanceId": ["i-1"]}},
                {"waiter": "instance_running"},
            ],
            "require": "7",
        },
    ),
    "no entries": Case({"waits": []}),
}


@pytest.fixture(scope="module")
def batch(ansible: Ansible, aws: ScriptedEndpoint) -> Batch:
    return ansible.batch(CASES, aws, "cloudwait.aws.wait_many")


@pytest.mark.parametrize(
    ("name", "outcome", "summary", "requests"),
    [
        ("all run", "success", {"success": 30}, 1),
        ("one fails", "failure", {"success": 1, "failure": 1, "cancelled": 1}, 1),
        ("one fails, slowly", "failure", {"success": 1, "failure": 1, "timeout": 1}, 3),
        ("any will do", "success", {"success": 1, "cancelled": 2}, 1),
        ("two will do", "success", {"success": 2, "cancelled": 1}, 1),
        ("time runs out", "timeout", {"success": 1, "timeout": 1}, 3),
        ("check mode", "pending", {"success": 1, "pending": 1}, 1),
        ("own options", "timeout", {"timeout": 2}, 4),
    ],
)
def test_waits_end_with_these_outcomes(
    batch: Batch, name: str, outcome: str, summary: dict[str, int], requests: int
) -> None:
    done = batch[name]
    assert (done.result["outcome"], done.result["summary"]) == (outcome, summary)
    assert len(done.requests) == done.result["calls"] == requests
    assert done.failed is (outcome not in ("success", "pending"))


@pytest.mark.parametrize(
    ("name", "outcomes", "requests"),
    [
        ("databases", ["success"] * 20, 1),
        ("two databases", ["success"] * 2, 2),
        ("a database that is not there", ["success", "error", "success", "success"], 2),
        ("databases that go", ["success", "timeout", "timeout"], 4),
    ],
)
def test_an_operation_that_takes_one_id_lists_many_where_that_is_cheaper(
    batch: Batch, name: str, outcomes: list[str], requests: int
) -> None:
    done = batch[name]
    assert [entry["outcome"] for entry in done.result["results"]] == outcomes
    assert len(done.requests) == done.result["calls"] == requests


def test_results_come_in_order_with_the_keys_of_a_wait_of_its_own(batch: Batch) -> None:
    results = batch["one fails, slowly"].result["results"]
    assert [entry["name"] for entry in results] == ["i-run-1", "i-dead-1", "i-pend-1"]
    assert [entry["outcome"] for entry in results] == ["success", "failure", "timeout"]
    assert [entry["resources"][0]["id"] for entry in results] == ["i-run-1", "i-dead-1", "i-pend-1"]
    assert results[1]["matched"]["expected"] == "terminated"
    assert "response" not in results[0] or results[0]["response"] is None


def test_requests_are_saved_and_said_so(batch: Batch) -> None:
    result = batch["all run"].result
    assert (result["calls"], result["calls_saved"]) == (1, 29)
    assert result["msg"].startswith("30 of 30 waits succeeded in ")
    assert "(1 request, 29 saved)" in result["msg"]


def test_an_unknown_id_fails_its_own_wait_alone(batch: Batch) -> None:
    results = {entry["name"]: entry for entry in batch["two unknown ids"].result["results"]}
    assert {name: entry["outcome"] for name, entry in results.items()} == {
        "i-run-1": "success",
        "i-none-1": "error",
        "i-pend-1": "timeout",
        "i-none-2": "error",
    }
    assert results["i-none-2"]["error"]["code"] == "InvalidInstanceID.NotFound"
    assert results["i-pend-1"]["error"] is None


def test_the_message_lists_the_worst_first(batch: Batch) -> None:
    message = batch["one fails, slowly"].result["msg"]
    assert message.startswith("1 of 3 waits succeeded in ")
    assert message.index("i-dead-1: ec2 instance_running failed") < message.index(
        "i-pend-1: ec2 instance_running timed"
    )


def test_an_entry_keeps_its_own_time(batch: Batch) -> None:
    first, second = batch["own options"].result["results"]
    assert (first["attempts"], second["attempts"]) == (2, 4)
    assert second["observed"] == ["i-pend-1"]


def test_no_more_requests_are_sent_than_allowed(batch: Batch) -> None:
    gaps = batch["paced"].gaps
    assert sum(gaps) >= 0.4 * len(gaps)  # 0.5 between two, but one may be late and the next in time


def test_all_that_is_wrong_is_said_with_place_and_name_before_anything_is_sent(batch: Batch) -> None:
    done = batch["bad entries"]
    assert {problem["path"]: problem["suggestion"] for problem in done.result["problems"]} == {
        "require": None,
        "waits[1] (typo).waiter": "instance_running",
        "waits[2].params.InstanceId": "InstanceIds",
        "waits[3].service": None,
    }
    assert done.requests == []
    assert [problem["path"] for problem in batch["no entries"].result["problems"]] == ["waits"]
    assert "Traceback" not in batch.output


@pytest.mark.parametrize(
    ("name", "tallies"),
    [
        ("all run", ["running ×30 · 30 of 30 done"]),
        ("one fails, slowly", ["i-dead-1: terminated, i-pend-1: pending · 2 of 3 done, 1 failed"]),
        ("any will do", ["i-pend-1: pending, i-pend-2: pending · 1 of 3 done"]),
    ],
)
def test_a_line_summarizes_all_waits_on_a_waiter(batch: Batch, name: str, tallies: list[str]) -> None:
    host = name.replace(",", "").replace(" ", "-")
    lines = [line for line in batch.output.splitlines() if line.startswith(f"{host}: ec2 instance_running: ")]
    assert [line.removeprefix(f"{host}: ec2 instance_running: ").split(" (attempt")[0] for line in lines] == tallies
