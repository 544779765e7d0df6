# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sequences of responses, each with the outcome of a wait and parts of its message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tests.support.aws_responses import db_instances, ecs_service, ecs_services, instance, scripted_instances
from tests.support.playbook import Case
from tests.support.scripted import Request


def running(*answers: Any, ids: tuple[str, ...] = ("i-1",), **args: Any) -> Case:
    """A wait for running instances, with a delay of 0.2 s unless given."""
    check_mode = args.pop("check_mode", False)
    task = {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": list(ids)}, "delay": 0.2, **args}
    return Case(task, answers or None, check_mode=check_mode)


def database(*answers: Any, waiter: str = "db_instance_available", **args: Any) -> Case:
    task = {"service": "rds", "waiter": waiter, "params": {"DBInstanceIdentifier": "orders"}, "delay": 0.2}
    return Case({**task, **args}, answers, service="rds")


def item(*answers: Any, **args: Any) -> Case:
    definition = {"operation": "GetItem", "path": "Item.state.S", "success": ["ready"]}
    params = {"TableName": "jobs", "Key": {"id": {"S": "1"}}}
    return Case({"service": "dynamodb", "definition": definition, "params": params, "delay": 0.2, **args}, answers)


PENDING, RUNNING = scripted_instances(i_1="pending"), scripted_instances(i_1="running")
REASON = {"Code": "Server.InsufficientInstanceCapacity", "Message": "Insufficient capacity."}
TERMINATED = scripted_instances(instance("i-1", "terminated", StateReason=REASON))
THROTTLED = {"error": "RequestLimitExceeded", "message": "Request limit exceeded.", "status": 503}
BROKEN = {"error": "InternalError", "message": "An internal error has occurred.", "status": 500}
FAULTS = [
    THROTTLED,
    BROKEN,
    {"error": "Whatever", "status": 502},
    {"raw": "<html>what?"},
    {"reset": True},
    {"hang": 0},
    {"hang": 9},
]
EXPIRED = {"error": "RequestExpired", "message": "Request has expired.", "status": 400}
DENIED = {"error": "UnauthorizedOperation", "message": "You may not DescribeInstances.", "status": 403}
NO_DATABASE = {"error": "DBInstanceNotFound", "message": "DBInstance orders not found.", "status": 404}
AVAILABLE = {"data": db_instances({"orders": "available"})}
MODIFYING = {"data": db_instances({"orders": "modifying"})}
DELETING = {"data": db_instances({"orders": "deleting"})}
IN_SERVICE = {"state": {"S": "ready"}, "blob": {"B": b"\xff\x00\xfe"}, "word": {"B": b"text"}, "cut": {"S": "\ud83d"}}
SECRET_STRING = "correct horse battery staple"
PASSWORD = {"data": {"Name": "db", "SecretString": SECRET_STRING, "VersionStages": ["AWSCURRENT"]}}
READ_SECRET = {"operation": "GetSecretValue", "path": "VersionStages[]", "success": ["AWSCURRENT"]}

SERVICES = [f"web-{number:02}" for number in range(23)]


def describe_services(request: Request) -> dict[str, Any]:
    """Responds as ECS does: at most ten services at once, and ``web-07`` never becomes stable."""
    names = request.params["services"]
    if len(names) > 10:
        return {"error": "InvalidParameterException", "message": "Services cannot have more than 10 elements"}
    restless = [name for name in names if name == "web-07" and request.params["cluster"] == "restless"]
    found = [
        ecs_service(
            name,
            serviceArn=f"arn:aws:ecs:us-east-1:123456789012:service/prod/{name}",
            desiredCount=2,
            runningCount=1 if name in restless else 2,
            deployments=[{"status": "PRIMARY"}],
        )
        for name in names
    ]
    return {"data": ecs_services(*found)}


def stable(cluster: str, **args: Any) -> Case:
    params = {"cluster": cluster, "services": SERVICES}
    return Case(
        {"service": "ecs", "waiter": "services_stable", "params": params, "delay": 0.2, **args}, [describe_services]
    )


class Row(NamedTuple):
    """``case``: a task and the responses to it; where a port of its own serves it, made for that.

    ``ends``: the outcome, the attempts, and the requests where they are more than the attempts; empty where a test of
    its own looks at that. ``says``: what the reader needs of its message.
    """

    case: Case | Callable[[int], Case]
    ends: tuple[Any, ...] = ()
    says: Sequence[str] = ()


SEQUENCES: dict[str, Row] = {
    # normal sequences
    "success": Row(running(PENDING, PENDING, RUNNING, delay=0.5), ends=("success", 3)),
    "at once": Row(running(RUNNING, delay=60), ends=("success", 1)),
    "initial delay": Row(running(RUNNING, initial_delay=0.7), ends=("success", 1)),
    "failure": Row(
        running(PENDING, TERMINATED, delay=0.2),
        ends=("failure", 2),
        says=[
            "ec2 instance_running failed after 2 polls",
            "i-1 is 'terminated' (wanted 'running')",
            "AWS says: Server.InsufficientInstanceCapacity: Insufficient capacity.",
        ],
    ),
    "failure of one of three": Row(
        running(scripted_instances(i_1="running", i_2="terminated", i_3="pending"), ids=("i-1", "i-2", "i-3")),
        ends=("failure", 1),
        says=["i-2 is 'terminated'", "1 of 3 is running"],
    ),
    "out of attempts": Row(
        running(PENDING, max_attempts=4),
        ends=("timeout", 4),
        says=["ec2 instance_running timed out after 4 polls", "i-1 is still 'pending'", "max_attempts (now 4)"],
    ),
    "out of time": Row(
        running(PENDING, timeout=1.5, delay=0.6),
        says=["timed out", "i-1 is still 'pending'", "Raise timeout (now 1.5 s)"],
    ),
    "the last poll on the deadline": Row(
        Case(
            {
                "service": "ec2",
                "waiter": "instance_running",
                "params": {"InstanceIds": ["i-1"]},
                "timeout": 1.5,
                "delay": 60,
            },
            [PENDING, RUNNING],
        ),
        ends=("success", 2),
    ),
    "timeout zero": Row(running(PENDING, timeout=0), ends=("timeout", 1)),
    "attempts within time": Row(running(PENDING, timeout=30, max_attempts=2), ends=("timeout", 2)),
    "consecutive": Row(running(RUNNING, PENDING, RUNNING, RUNNING, consecutive=2), ends=("success", 4)),
    "consecutive never": Row(
        running(RUNNING, PENDING, RUNNING, consecutive=2, max_attempts=3),
        ends=("timeout", 3),
        says=["not 2 times in a row"],
    ),
    "exponential": Row(
        running(PENDING, PENDING, PENDING, RUNNING, delay=0.3, backoff="exponential", jitter=False), ends=("success", 4)
    ),
    "exponential with a ceiling": Row(
        running(PENDING, PENDING, PENDING, RUNNING, delay=0.3, backoff="exponential", max_delay=0.4, jitter=False),
        ends=("success", 4),
    ),
    # transient errors
    "transient errors of every kind": Row(
        running(
            *(answer for fault in FAULTS for answer in (fault, PENDING)),
            RUNNING,
            max_attempts=len(FAULTS) + 1,
            aws_config={"read_timeout": 1},
        ),
        ends=("success", 8, 15),
        says=["throttled once", "server errors", "dropped connection"],
    ),
    "transient errors in a row": Row(
        running(THROTTLED, THROTTLED, THROTTLED, RUNNING, max_attempts=1, jitter=False), ends=("success", 1, 4)
    ),
    "retries when AWS asks for them": Row(
        running(
            {**THROTTLED, "headers": {"Retry-After": "1"}},
            {**BROKEN, "headers": {"x-amz-retry-after": "700"}},
            RUNNING,
            max_attempts=1,
        ),
        ends=("success", 1, 3),
    ),
    "transient errors to the end": Row(
        running({**THROTTLED}, timeout=1.2), says=["no request succeeded", "RequestLimitExceeded"]
    ),
    "transient errors at the last poll": Row(
        running(PENDING, BROKEN, timeout=1, delay=0.7), says=["i-1 is still 'pending'", "InternalError"]
    ),
    "a hanging server": Row(running({"hang": 60}, timeout=2), ends=("timeout", 0, 1)),
    "a hanging server later on": Row(running(PENDING, {"hang": 60}, timeout=2), ends=("timeout", 1, 2)),
    "an answer cut short": Row(
        running({"raw": "<Descr", "headers": {"Content-Length": "4000"}}, RUNNING, max_attempts=1),
        ends=("success", 1, 2),
    ),
    # errors
    "denied": Row(
        running(DENIED),
        ends=("error", 1),
        says=["ended with an error after 1 poll", "i-1", "UnauthorizedOperation", "You may not DescribeInstances."],
    ),
    "denied after a while": Row(running(PENDING, DENIED, RUNNING), ends=("error", 2)),
    "denied but told to wait": Row(
        running(DENIED, DENIED, RUNNING, retry_errors=["UnauthorizedOperation"]), ends=("success", 3)
    ),
    "credentials expired once": Row(running(PENDING, EXPIRED, RUNNING, max_attempts=2), ends=("success", 2, 3)),
    "credentials expired for good": Row(
        running(PENDING, EXPIRED), ends=("error", 2, 3), says=["RequestExpired", "Renew"]
    ),
    "an error that is a success": Row(
        database(DELETING, NO_DATABASE, waiter="db_instance_deleted"), ends=("success", 2)
    ),
    "retry_errors before success": Row(
        database(
            NO_DATABASE, NO_DATABASE, waiter="db_instance_deleted", retry_errors=["DBInstanceNotFound"], max_attempts=2
        ),
        ends=("timeout", 2),
    ),
    # missing resources
    "missing, auto": Row(database(NO_DATABASE, AVAILABLE), ends=("error", 1), says=["orders", "DBInstanceNotFound"]),
    "missing, wait": Row(database(NO_DATABASE, AVAILABLE, missing="wait"), ends=("success", 2)),
    "missing, success": Row(database(MODIFYING, NO_DATABASE, missing="success"), ends=("success", 2)),
    "missing, fail": Row(
        database(DELETING, NO_DATABASE, waiter="db_instance_deleted", missing="fail"),
        ends=("failure", 2),
        says=["failed", "orders", "DBInstanceNotFound"],
    ),
    "an absent id": Row(
        running(RUNNING, ids=("i-1", "i-2"), max_attempts=2), ends=("timeout", 2), says=["i-2 is not there yet"]
    ),
    "an absent id that comes": Row(
        running(RUNNING, scripted_instances(i_1="running", i_2="running"), ids=("i-1", "i-2")), ends=("success", 2)
    ),
    "an absent id, wait": Row(
        running(RUNNING, ids=("i-1", "i-2"), missing="wait", max_attempts=2), ends=("timeout", 2)
    ),
    "an absent id, success": Row(running(RUNNING, ids=("i-1", "i-2"), missing="success"), ends=("success", 1)),
    "an absent id, fail": Row(
        running(RUNNING, ids=("i-1", "i-2"), missing="fail"), ends=("failure", 1), says=["i-2 is not there"]
    ),
    "an absent id, ignore": Row(running(RUNNING, ids=("i-1", "i-2"), missing="ignore"), ends=("success", 1)),
    "nothing in the answer": Row(running({"data": {"Reservations": []}}, max_attempts=2), ends=("timeout", 2)),
    # combined requests
    "pages": Row(
        Case(
            {
                "service": "ec2",
                "waiter": "instance_running",
                "params": {"Filters": [{"Name": "tag:app", "Values": ["x"]}]},
                "delay": 0.2,
            },
            [
                scripted_instances(i_1="running", token="more"),
                scripted_instances(i_2="pending"),
                scripted_instances(i_1="running", token="more"),
                scripted_instances(i_2="running"),
            ],
        ),
        ends=("success", 2, 4),
    ),
    "a failed page": Row(
        Case(
            {
                "service": "ec2",
                "waiter": "instance_running",
                "params": {"Filters": [{"Name": "tag:app", "Values": ["x"]}]},
                "delay": 0.2,
            },
            [scripted_instances(i_1="running", token="more"), THROTTLED, scripted_instances(i_2="running")],
        ),
        ends=("success", 1, 3),
    ),
    "one page by wish": Row(
        Case(
            {"service": "ec2", "waiter": "instance_running", "params": {"MaxResults": 5}, "delay": 0.2},
            [scripted_instances(i_1="running", token="more")],
        ),
        ends=("success", 1),
    ),
    "23 services": Row(stable("prod"), ends=("success", 1, 3)),
    "23 services, one restless": Row(
        stable("restless", max_attempts=2), ends=("timeout", 2, 6), says=["web-07", "22 of 23"]
    ),
    # check mode
    "check mode, pending": Row(running(PENDING, check_mode=True), says=["i-1 is still 'pending'"]),
    "check mode, success": Row(running(RUNNING, check_mode=True, consecutive=3), ends=("success", 1)),
    "check mode, failure": Row(running(TERMINATED, check_mode=True)),
    "check mode, denied": Row(running(DENIED, check_mode=True)),
    "check mode, transient errors": Row(running(THROTTLED, check_mode=True)),
    # results
    "binary members": Row(item({"data": {"Item": IN_SERVICE}}), ends=("success", 1)),
    "datetime members": Row(
        Case(
            {"service": "dynamodb", "waiter": "table_exists", "params": {"TableName": "jobs"}, "delay": 0.2},
            [{"data": {"Table": {"TableStatus": "ACTIVE", "CreationDateTime": "2026-01-02T03:04:05Z"}}}],
        ),
        ends=("success", 1),
    ),
    "sensitive members": Row(
        Case(
            {"service": "secretsmanager", "definition": READ_SECRET, "params": {"SecretId": "db"}, "max_attempts": 1},
            [PASSWORD],
        ),
        ends=("success", 1),
    ),
    "sensitive members shown": Row(
        Case(
            {
                "service": "secretsmanager",
                "definition": READ_SECRET,
                "params": {"SecretId": "db"},
                "max_attempts": 1,
                "show": "SecretString",
            },
            [PASSWORD],
        ),
        ends=("success", 1),
    ),
    "sensitive members awaited": Row(
        Case(
            {
                "service": "secretsmanager",
                "definition": {**READ_SECRET, "path": "SecretString", "success": ["something else"]},
                "params": {"SecretId": "db"},
                "max_attempts": 1,
            },
            [PASSWORD],
        ),
        ends=("timeout", 1),
    ),
    "no response": Row(running(RUNNING, return_response=False), ends=("success", 1)),
    "a large response": Row(
        running(scripted_instances(instance("i-1", "running", Tags=[{"Key": "essay", "Value": "x" * 1_100_000}]))),
        ends=("success", 1),
    ),
    "show": Row(running(PENDING, RUNNING, show="Reservations[].Instances[].State | [0]"), ends=("success", 2)),
    # endpoints that never respond
    "a refused connection": Row(
        running(endpoint_url="http://127.0.0.1:1"), says=["http://127.0.0.1:1", "endpoint_url"]
    ),
    "TLS where there is none": Row(
        lambda port: running(endpoint_url=f"https://127.0.0.1:{port}"), says=["https://127.0.0.1:", "SSL"]
    ),
    "a server that trickles": Row(lambda port: running(endpoint_url=f"http://127.0.0.1:{port}", timeout=2)),
}
