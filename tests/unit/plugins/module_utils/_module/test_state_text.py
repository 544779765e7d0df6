# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the states of resources are put into words: alone, together, and when there are many."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.unit.plugins.module_utils._module.waits import (
    ALL_PEND,
    ALL_RUN,
    ARN,
    BROKEN,
    BUCKET,
    CERTIFICATE,
    CUT_OFF,
    MODELS,
    THROTTLED,
    Said,
    Wait,
    answered,
    cases,
    certificate,
    database,
    databases,
    end,
    instances,
    refused,
    running,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import bind
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.display_expressions import show_of
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import shipped
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.verdict import Decision, Verdict
from ansible_collections.cloudwait.aws.plugins.module_utils._module.state_text import StateText

KEY_PAIR: dict[str, Any] = {"service": "ec2", "waiter": "key_pair_exists", "params": {"KeyNames": ["mine"]}}
NO_BUCKET = refused("404", "Not Found", 404)

NO_BROKER = refused("NotFoundException", "Can't find requested broker.", 404)


def ecs_service(name: str, **options: Any) -> dict[str, Any]:
    return {"service": "ecs", "waiter": "services_stable", "params": {"cluster": "prod", "services": [name]}, **options}


def no_cluster(text: str) -> PollResult:
    return refused("ClusterNotFoundException", text, 400)


SUCCESSES: dict[str, Said] = {
    "several": Said(
        Wait(running("i-1", "i-2", "i-3", delay=10, initial_delay=1), ALL_PEND, ALL_PEND, ALL_PEND, ALL_RUN),
        "ec2 instance_running: 3 of 3 running after 4 polls in 31 s.",
    ),
    "throttled": Said(
        Wait(running("i-1", "i-2", "i-3", delay=4), ALL_PEND, THROTTLED, THROTTLED, ALL_RUN),
        "ec2 instance_running: 3 of 3 running after 2 polls in 16 s (throttled twice).",
    ),
    "transient errors of every kind": Said(
        Wait(running("i-1", delay=4), THROTTLED, BROKEN, CUT_OFF, BROKEN, instances(i_1="running")),
        "ec2 instance_running: i-1 is 'running' after 1 poll in 32 s "
        "(throttled once, 2 server errors, 1 dropped connection).",
    ),
    "one": Said(
        Wait(database(), databases("available")),
        "rds db_instance_available: orders is 'available' after 1 poll in 0 s.",
    ),
    "several values": Said(
        Wait({"service": "rds", "waiter": "db_instance_available", "params": {}}, answered(DBInstances=[
            {"DBInstanceStatus": "available"}, {"DBInstanceStatus": "available"}
        ])),
        "rds db_instance_available: the resource is 'available' after 1 poll in 0 s.",
    ),
    "an HTTP status": Said(
        Wait(BUCKET, answered(), takes=0.25),
        "s3 bucket_exists: logs is there after 1 poll in 0.2 s.",
    ),
    "gone, by an error": Said(
        Wait({**BUCKET, "waiter": "bucket_not_exists"}, NO_BUCKET),
        "s3 bucket_not_exists: logs is gone after 1 poll in 0 s.",
    ),
    "gone, by an error that names nobody": Said(
        Wait({"service": "mq", "waiter": "broker_deleted", "params": {"BrokerId": "b-1"}}, NO_BROKER),
        "mq broker_deleted: b-1 is gone after 1 poll in 0 s.",
    ),
    "gone, by an empty answer": Said(
        Wait(running("i-1", "i-2", missing="success"), answered(Reservations=[])),
        "ec2 instance_running: 2 of 2 gone after 1 poll in 0 s.",
    ),
    "gone or as expected": Said(
        Wait(running("i-1", "i-2", missing="success"), instances(i_1="running")),
        "ec2 instance_running: 2 of 2 as expected after 1 poll in 0 s.",
    ),
    "a condition": Said(
        Wait(KEY_PAIR, answered(KeyPairs=[{"KeyName": "mine"}])),
        "ec2 key_pair_exists: mine is there after 1 poll in 0 s.",
    ),
    "a boolean": Said(
        Wait({**CERTIFICATE, "definition": {"operation": "DescribeCertificate", "acceptors": [
            {"state": "success", "matcher": "path", "argument": "Certificate.Status == 'ISSUED'", "expected": True}
        ]}}, certificate("ISSUED")),
        f"acm DescribeCertificate: {ARN} is 'ISSUED' after 1 poll in 0 s.",
    ),
    "a condition on several members": Said(
        Wait({**CERTIFICATE, "definition": {"operation": "DescribeCertificate", "acceptors": [
            {"state": "success", "matcher": "path", "argument": "Certificate.InUseBy && Certificate.Status == 'ISSUED'",
             "expected": True}
        ]}}, answered(Certificate={"Status": "ISSUED", "InUseBy": ["arn"]})),
        f"acm DescribeCertificate: the waiter's condition is met for {ARN} after 1 poll in 0 s.",
    ),
}  # fmt: skip

NOT_THERE: dict[str, Said] = {
    "an id that is part of a word of the message": Said(
        Wait(ecs_service("a", missing="fail"), no_cluster("Cluster was not found: prod")),
        "ecs services_stable failed after 1 poll in 0 s: AWS returns ClusterNotFoundException for a. "
        "AWS says: Cluster was not found: prod.",
    ),
    "an id that the message names as a word": Said(
        Wait(ecs_service("web", missing="fail"), no_cluster("web can't be found")),
        "ecs services_stable failed after 1 poll in 0 s: web is not there. "
        "AWS says: ClusterNotFoundException: web can't be found.",
    ),
}  # fmt: skip


@cases(NOT_THERE)
def test_what_is_not_there_is_what_the_message_names(wait: Wait, expected: str) -> None:
    assert wait.says() == expected


CONDITIONS: dict[str, Said] = {
    "not there": Said(
        Wait({**KEY_PAIR, "timeout": 0}, answered(KeyPairs=[])),
        "ec2 key_pair_exists timed out after 1 poll in 0 s: mine is not there yet. "
        "Set a longer timeout to wait for it.",
    ),
}  # fmt: skip


@cases(CONDITIONS)
def test_a_condition_is_described_in_words(wait: Wait, expected: str) -> None:
    assert wait.says() == expected


@cases(SUCCESSES)
def test_a_success_says_what_has_been_reached_and_how_long_it_took(wait: Wait, expected: str) -> None:
    assert wait.says() == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (10, "i-1, i-2, i-3, i-4, i-5, i-6, i-7, i-8, i-9 and i-10 are still 'pending'."),
        (11, "i-1, i-2, i-3, i-4, i-5, i-6, i-7, i-8, i-9, i-10 and 1 more are still 'pending'."),
        (500, "i-1, i-2, i-3, i-4, i-5, i-6, i-7, i-8, i-9, i-10 and 490 more are still 'pending'."),
    ],
)
def test_ten_resources_are_named_and_the_rest_counted(count: int, expected: str) -> None:
    ids = [f"i-{number}" for number in range(1, count + 1)]
    answer = instances(**{name.replace("-", "_"): "pending" for name in ids})
    assert expected in end(running(*ids, timeout=0), answer).message


def test_the_rest_is_counted_by_itself_where_the_states_differ() -> None:
    states = {f"i_{number}": "stopping" if number < 9 else "running" for number in range(1, 14)}
    ids = [name.replace("_", "-") for name in states]
    said = end({**running(*ids, timeout=0), "waiter": "instance_stopped"}, instances(**states)).message
    assert "i-8 are still 'stopping', i-9 and i-10 are still 'running', and 3 more. " in said


def test_three_reasons_are_quoted_and_each_once() -> None:
    reasons = ["no room", "no room", "no power", "no licence", "no luck"]
    items = [
        {"InstanceId": f"i-{number}", "State": {"Name": "terminated"}, "StateReason": {"Message": reason}}
        for number, reason in enumerate(reasons)
    ]
    ids = [item["InstanceId"] for item in items]
    said = end(running(*ids), answered(Reservations=[{"Instances": items}])).message
    assert said.endswith("AWS says: no room; no power; no licence.")


def shown_conditions() -> list[tuple[str, Definition]]:
    """The built-in and catalogue waiters that don't show a plain path."""
    return [
        (service, found.definition)
        for service in MODELS.services()
        for found in shipped(MODELS, service)
        if (show := show_of(found.definition, service)) is not None and not show.plain_path
    ]


def test_no_waiter_cites_an_expression_for_its_state() -> None:
    """Whatever its value; only a string that the expression builds is shown unchanged."""
    found = shown_conditions()
    assert len(found) >= 25
    for service, definition in found:
        model = MODELS.service_model(service).operation_model(definition.operation)
        binding, _problems = bind(service, definition, {}, model, None)
        for decision in (Decision.NOT_YET, Decision.SUCCESS, Decision.FAILURE):
            for observed in (True, False, [True, False], [], None, "x"):
                seen = StateText(binding, Verdict(decision, observed=observed), PollResult({}, 200), still=True)
                said = seen.with_decision(decision) + seen.wanted(decision)
                assert not re.search(r"[(!=<>`|&?]|rue|alse", said.split(" (wanted")[0]), (definition.name, said)


EXECUTION: dict[str, Any] = {"service": "stepfunctions", "params": {"executionArn": "arn:aws:states:r:1:execution:a:b"}}
MARKED = "AWS marks its reason as sensitive, so it isn't shown."


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"error": "Declined", "cause": "card 4111"}, f" (wanted 'SUCCEEDED'). {MARKED}"),
        ({"cause": "card 4111"}, f" (wanted 'SUCCEEDED'). {MARKED}"),
        ({}, " (wanted 'SUCCEEDED')."),
        ({"redriveStatusReason": "Execution is FAILED"}, " (wanted 'SUCCEEDED')."),
    ],
)
@pytest.mark.parametrize("message", [None, "cause"])
def test_a_reason_that_the_model_marks_as_sensitive_is_said_to_be_so(
    said: dict[str, Any], expected: str, message: str | None
) -> None:
    own = {"operation": "DescribeExecution", "path": "status", "success": ["SUCCEEDED"], "failure": ["FAILED"]}
    definition = own if message is None else {**own, "message": message}
    ended = end({**EXECUTION, "definition": definition}, answered(status="FAILED", **said))
    assert ended.message.endswith(f" is 'FAILED'{expected}")


def test_a_reason_that_may_be_shown_comes_before_one_that_may_not() -> None:
    own = {"operation": "DescribeExecution", "path": "status", "success": ["SUCCEEDED"], "failure": ["FAILED"]}
    definition = {**own, "message": "name"}
    ended = end({**EXECUTION, "definition": definition}, answered(status="FAILED", name="orders", cause="card 4111"))
    assert ended.message.endswith("AWS says: orders.")
