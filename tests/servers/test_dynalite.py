# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DynamoDB's waiters against dynalite, where a table really passes through CREATING and DELETING."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from tests.servers.dynalite import Dynalite
from tests.servers.play import Task, played, playing
from tests.support.playbook import SECRET, Ansible, Result

STATUS = {"operation": "DescribeTable", "path": "Table.TableStatus"}
ACTIVE = {**STATUS, "success": ["ACTIVE"], "pending": ["CREATING"]}
NAMES = {"operation": "ListTables", "path": "contains(TableNames, 'here')", "success": [True]}
KEY = {"AttributeName": "id", "KeyType": "HASH"}


def task(server: Dynalite, **more: Any) -> Task:
    keys = {"access_key": "SOMEBODY", "secret_key": SECRET}
    place = {"endpoint_url": server.url, "region": "us-east-1", **keys}
    return {"service": "dynamodb", "delay": 0.2, "max_attempts": 2, **place, **more}


def patient(server: Dynalite, table: str, **more: Any) -> Task:
    return task(server, params={"TableName": table}, max_attempts=None, timeout=60, **more)


def many(server: Dynalite, tables: list[str], **more: Any) -> Task:
    waits = [{"name": name, "params": {"TableName": name}} for name in tables]
    return task(server, waits=waits, max_attempts=None, timeout=60, **more)


class Tables:
    """A client that creates and deletes tables."""

    def __init__(self, url: str) -> None:
        session = boto3.Session("SOMEBODY", SECRET, region_name="us-east-1")
        self._client = session.client("dynamodb", endpoint_url=url)

    def make(self, *names: str, **more: Any) -> None:
        throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
        for name in names:
            self._client.create_table(
                TableName=name,
                KeySchema=[KEY],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                ProvisionedThroughput=throughput,
                **more,
            )

    def make_with_index(self, name: str) -> None:
        throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
        index = {"IndexName": "by-id", "KeySchema": [KEY], "Projection": {"ProjectionType": "ALL"}}
        self.make(name, GlobalSecondaryIndexes=[{**index, "ProvisionedThroughput": throughput}])

    def remove(self, *names: str) -> None:
        for name in names:
            self._client.delete_table(TableName=name)

    def settle(self, *names: str) -> None:
        """Until they are active, by botocore's own waiter."""
        for name in names:
            self._client.get_waiter("table_exists").wait(
                TableName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 600}
            )


@pytest.fixture(scope="module")
def tables(dynalite: Dynalite) -> Tables:
    return Tables(dynalite.url)


@pytest.fixture(scope="module")
def results(ansible: Ansible, dynalite: Dynalite, tables: Tables) -> Mapping[str, Result]:
    """Waits on tables that don't change."""
    tables.make("here")
    tables.settle("here")
    here, nowhere, not_a_name = {"TableName": "here"}, {"TableName": "nowhere"}, {"TableName": "not a name"}
    tasks = {
        "table_exists": {"waiter": "table_exists", "params": here},
        "table_exists, in vain": {"waiter": "table_exists", "params": nowhere},
        "table_not_exists": {"waiter": "table_not_exists", "params": nowhere},
        "table_not_exists, in vain": {"waiter": "table_not_exists", "params": here},
        "status": {"definition": ACTIVE, "params": here},
        "status, in vain": {"definition": ACTIVE, "params": nowhere},
        "names": {"definition": NAMES},
        "missing: wait": {"waiter": "table_exists", "params": nowhere, "missing": "wait"},
        "missing: fail": {"waiter": "table_exists", "params": nowhere, "missing": "fail"},
        "missing: success": {"waiter": "table_exists", "params": nowhere, "missing": "success"},
        "bad name for table_exists": {"waiter": "table_exists", "params": not_a_name},
        "bad name for table_not_exists": {"waiter": "table_not_exists", "params": not_a_name},
    }
    return played(ansible, {name: task(dynalite, **more) for name, more in tasks.items()})


@pytest.fixture(scope="module")
def changed(ansible: Ansible, dynalite: Dynalite, tables: Tables) -> Mapping[str, Result]:
    """Waits on tables that are created or deleted after the first poll."""
    tables.make("goes", "fails")
    tables.settle("goes", "fails")
    indexes = "global_secondary_indexes_active"
    tasks = {
        "comes": patient(dynalite, "comes", waiter="table_exists"),
        "comes, by its status": patient(dynalite, "comes", definition=ACTIVE, missing="wait"),
        "comes with an index": patient(dynalite, "comes-with-an-index", waiter=indexes, missing="wait"),
        "goes": patient(dynalite, "goes", waiter="table_not_exists"),
        "goes, by its status": patient(
            dynalite, "goes", definition={**STATUS, "success": ["ARCHIVED"]}, missing="success"
        ),
        "fails": patient(dynalite, "fails", definition={**STATUS, "success": ["ARCHIVED"], "pending": ["ACTIVE"]}),
    }
    with playing(ansible, tasks) as play:
        play.until_each("after_attempt", verdict="not yet")
        tables.make("comes")
        tables.make_with_index("comes-with-an-index")
        tables.remove("goes", "fails")
        return play.results()


@pytest.fixture(scope="module")
def together(ansible: Ansible, dynalite: Dynalite, tables: Tables) -> Mapping[str, Result]:
    """Ten tables that are created and ten that are deleted, each ten in one task."""
    coming, going = [f"coming-{number}" for number in range(10)], [f"going-{number}" for number in range(10)]
    tables.make(*going)
    tables.settle(*going)
    tasks = {
        "come": many(dynalite, coming, waiter="table_exists"),
        "go": many(dynalite, going, waiter="table_not_exists"),
        "the same table": many(dynalite, coming[:1] * 5, waiter="table_exists"),
    }
    with playing(ansible, tasks, "cloudwait.aws.wait_many") as play:
        play.until_each("after_attempt", verdict="not yet")
        tables.make(*coming)
        tables.remove(*going)
        return play.results()


@pytest.fixture(scope="module")
def restarted(ansible: Ansible, dynalite: Dynalite, tables: Tables) -> Mapping[str, Result]:
    """Tables that are created and deleted, with the server stopped in between."""
    arrivals = [f"arrival-{number}" for number in range(10)]
    tables.make("leaves")
    tables.settle("leaves")
    each = {
        "arrives": patient(dynalite, "arrives", waiter="table_exists"),
        "leaves": patient(dynalite, "leaves", waiter="table_not_exists"),
    }
    ten = {"ten": many(dynalite, arrivals, waiter="table_exists")}
    with playing(ansible, each) as alone, playing(ansible, ten, "cloudwait.aws.wait_many") as together:
        for play in (alone, together):
            play.until_each("after_attempt", verdict="not yet")
        dynalite.stop()
        try:
            for play in (alone, together):
                play.until_each("faulted", kind="connection")
        finally:
            dynalite.start()
        tables.make("arrives", *arrivals)
        tables.remove("leaves")
        return {**alone.results(), **together.results()}


def states(result: Result) -> list[Any]:
    return [sight["observed"] for sight in result["timeline"]]


@pytest.mark.parametrize(
    ("name", "outcome", "attempts"),
    [
        ("table_exists", "success", 1),
        ("table_exists, in vain", "timeout", 2),
        ("table_not_exists", "success", 1),
        ("table_not_exists, in vain", "timeout", 2),
        ("status", "success", 1),
        ("status, in vain", "error", 1),
        ("names", "success", 1),
        ("missing: wait", "timeout", 2),
        ("missing: fail", "failure", 1),
        ("missing: success", "success", 1),
        ("bad name for table_exists", "error", 1),
        ("bad name for table_not_exists", "error", 1),
    ],
)
def test_a_wait_ends_with_this_outcome(results: Mapping[str, Result], name: str, outcome: str, attempts: int) -> None:
    result = results[name]
    assert (result["outcome"], result["attempts"], result["calls"]) == (outcome, attempts, attempts), result["msg"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("status, in vain", "ResourceNotFoundException"),
        ("bad name for table_exists", "ValidationException"),
        ("bad name for table_not_exists", "ValidationException"),
    ],
)
def test_the_message_repeats_what_the_server_says(results: Mapping[str, Result], name: str, code: str) -> None:
    error = results[name]["error"]
    assert (error["code"], error["status"]) == (code, 400)
    assert error["message"][:60] in results[name]["msg"]


def test_the_response_is_the_servers(results: Mapping[str, Result]) -> None:
    table = results["table_exists"]["response"]["Table"]
    assert (table["TableName"], table["TableStatus"], table["KeySchema"]) == ("here", "ACTIVE", [KEY])
    assert str(table["CreationDateTime"]).startswith("20")


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("comes", ["ResourceNotFoundException", "CREATING", "ACTIVE"]),
        ("comes, by its status", ["ResourceNotFoundException", "CREATING", "ACTIVE"]),
        ("comes with an index", ["ResourceNotFoundException", ["CREATING"], ["ACTIVE"]]),
        ("goes", [200, "ResourceNotFoundException"]),
        ("goes, by its status", ["ACTIVE", "DELETING", "ResourceNotFoundException"]),
    ],
)
def test_a_table_is_followed_through_its_states(changed: Mapping[str, Result], name: str, seen: list[Any]) -> None:
    result = changed[name]
    assert (result["outcome"], states(result)) == ("success", seen), result["msg"]


def test_a_state_that_is_in_no_list_fails_at_once(changed: Mapping[str, Result]) -> None:
    result = changed["fails"]
    assert (result["outcome"], states(result)) == ("failure", ["ACTIVE", "DELETING"]), result["msg"]


@pytest.mark.parametrize("name", ["come", "go"])
def test_ten_tables_are_waited_for_in_one_task(together: Mapping[str, Result], name: str) -> None:
    result = together[name]
    assert (result["outcome"], result["summary"]) == ("success", {"success": 10}), result["msg"]
    assert all(entry["attempts"] > 1 for entry in result["results"])
    assert sum(entry["attempts"] for entry in result["results"]) == result["calls"]


def test_waits_on_the_same_table_share_their_requests(together: Mapping[str, Result]) -> None:
    result = together["the same table"]
    assert result["summary"] == {"success": 5}, result["msg"]
    # on a busy machine one may be a moment behind the others, and asks by itself then
    assert result["calls_saved"] >= 3 * result["calls"]


@pytest.mark.parametrize("name", ["arrives", "leaves"])
def test_a_wait_outlives_the_server(restarted: Mapping[str, Result], name: str) -> None:
    result = restarted[name]
    assert result["outcome"] == "success", result["msg"]
    assert result["transient"]["connection"] >= 1


def test_ten_waits_in_one_task_outlive_the_server(restarted: Mapping[str, Result]) -> None:
    result = restarted["ten"]
    assert (result["outcome"], result["summary"]) == ("success", {"success": 10}), result["msg"]
    assert all(entry["transient"]["connection"] >= 1 for entry in result["results"])
