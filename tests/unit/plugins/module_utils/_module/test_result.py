# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a wait, key by key; the documentation has all keys."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
import yaml
from tests.unit.plugins.module_utils._module.waits import (
    BROKEN,
    BUCKET,
    CERTIFICATE,
    CUT_OFF,
    KILLED,
    THROTTLED,
    Ended,
    answered,
    certificate,
    database,
    databases,
    end,
    instances,
    refused,
    running,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    ErrorKind,
    PollResult,
    ServiceError,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import LARGEST_RESULT, result
from ansible_collections.cloudwait.aws.plugins.modules import wait

NO_INSTANCE = ServiceError("InvalidInstanceID.NotFound", "There is no i-2.", ErrorKind.REFUSED, 400)


def of(ended: Ended, calls: int = 0) -> dict[str, Any]:
    """The result of a wait without warnings."""
    made, warnings = result(ended.request, ended.schedule, ended.outcome, calls)
    assert warnings == []
    return made


def test_a_success_says_what_was_awaited_and_how() -> None:
    made = of(end(running("i-1", delay=2.0), instances(i_1="pending"), instances(i_1="running"), takes=0.1234), calls=7)
    assert {key: made[key] for key in made if key not in ("msg", "response", "timeline", "resources")} == {
        "changed": False,
        "outcome": "success",
        "service": "ec2",
        "waiter": "instance_running",
        "diagnosis": [],
        "operation": "DescribeInstances",
        "source": "builtin",
        "attempts": 2,
        "calls": 7,
        "elapsed": 2.247,
        "delay": 2.0,
        "max_attempts": 40,
        "timeout": None,
        "observed": ["running"],
        "matched": {
            "state": "success",
            "matcher": "pathAll",
            "argument": "Reservations[].Instances[].State.Name",
            "expected": "running",
        },
        "error": None,
        "transient": {"throttled": 0, "server": 0, "connection": 0},
    }


def test_the_effective_values_are_returned() -> None:
    made = of(end(database(delay=0.0, timeout=9.0), databases("available")))
    assert (made["delay"], made["max_attempts"], made["timeout"]) == (0.2, None, 9.0)


def test_a_cancelled_wait_returns_its_last_state() -> None:
    made = of(end(running("i-1", "i-2"), instances(i_1="running", i_2="pending"), KILLED))
    assert (made["outcome"], made["attempts"], made["elapsed"]) == ("cancelled", 1, 15.0)
    assert [entry["outcome"] for entry in made["resources"]] == ["success", "cancelled"]


def test_an_inline_waiter_has_no_name() -> None:
    made = of(end(CERTIFICATE, certificate("ISSUED")))
    assert (made["waiter"], made["operation"], made["source"]) == (None, "DescribeCertificate", "inline")


def test_the_timeline_has_an_entry_for_each_change() -> None:
    states = ["creating", "creating", "backing-up", "creating", "available"]
    made = of(end(database(delay=10.0), *map(databases, states)))
    assert made["timeline"] == [
        {"elapsed": 0.0, "attempt": 1, "observed": ["creating"]},
        {"elapsed": 20.0, "attempt": 3, "observed": ["backing-up"]},
        {"elapsed": 30.0, "attempt": 4, "observed": ["creating"]},
        {"elapsed": 40.0, "attempt": 5, "observed": ["available"]},
    ]


def test_each_requested_id_has_its_own_outcome_and_reason() -> None:
    stopped = {"InstanceId": "i-2", "State": {"Name": "terminated"}, "StateReason": {"Message": "No room."}}
    items = [{"InstanceId": "i-1", "State": {"Name": "running"}}, stopped]
    made = of(end(running("i-1", "i-2", "i-3"), answered(Reservations=[{"Instances": items}])))
    assert made["resources"] == [
        {"id": "i-1", "outcome": "success", "observed": "running", "reason": None},
        {"id": "i-2", "outcome": "failure", "observed": "terminated", "reason": "No room."},
        {"id": "i-3", "outcome": "pending", "observed": None, "reason": None},
    ]


def test_what_is_not_done_ends_as_the_wait_does() -> None:
    answer = replace(instances(i_1="pending", i_3="running"), refused={"i-2": NO_INSTANCE})
    timed_out = of(end(running("i-1", "i-2", "i-3", timeout=0.0), answer))
    assert [entry["outcome"] for entry in timed_out["resources"]] == ["timeout", "timeout", "success"]
    pending = of(end(running("i-1", "i-2", "i-3"), answer, check_mode=True))
    assert [entry["outcome"] for entry in pending["resources"]] == ["pending", "pending", "success"]


def test_an_id_that_aws_refuses_carries_the_error() -> None:
    given = {**running("i-1", "i-2"), "waiter": "instance_stopped"}
    made = of(end(given, replace(instances(i_1="stopped"), refused={"i-2": NO_INSTANCE})))
    assert made["outcome"] == "error"
    assert made["error"] == {"code": "InvalidInstanceID.NotFound", "message": "There is no i-2.", "status": 400}
    assert made["resources"][1] == {
        "id": "i-2",
        "outcome": "error",
        "observed": "InvalidInstanceID.NotFound",
        "reason": "There is no i-2.",
    }


def test_a_single_id_is_a_resource_too() -> None:
    row = {"id": "logs", "outcome": "success", "observed": 200, "reason": None}
    assert of(end(BUCKET, answered()))["resources"] == [row]
    row = {"id": "orders", "outcome": "success", "observed": "available", "reason": None}
    assert of(end(database(), databases("available")))["resources"] == [row]


def test_the_resources_of_a_filter_are_those_that_were_found() -> None:
    filters = [{"Name": "tag:team", "Values": ["web"]}]
    given = {"service": "ec2", "waiter": "instance_running", "params": {"Filters": filters}}
    made = of(end(given, instances(i_1="running", i_2="terminated")))
    assert [(row["id"], row["outcome"], row["observed"]) for row in made["resources"]] == [
        ("i-1", "success", "running"),
        ("i-2", "failure", "terminated"),
    ]
    assert of(end({**given, "max_attempts": 1}, answered(Reservations=[])))["resources"] == []


def test_the_response_to_a_failed_wait_is_returned_unasked_only_if_it_is_short() -> None:
    long = {**instances(i_1="terminated").response, "NextToken": "x" * 3000}
    given = running("i-1")
    assert of(end(given, instances(i_1="terminated")))["response"] is not None
    assert of(end(given, answered(**long)))["response"] is None
    assert of(end({**given, "return_response": True}, answered(**long)))["response"] is not None
    assert of(end({**given, "return_response": False}, instances(i_1="terminated")))["response"] is None
    done = {**instances(i_1="running").response, "NextToken": "x" * 3000}
    assert of(end(given, answered(**done)))["response"] is not None


def test_a_compound_id_is_given_back_as_it_was_given() -> None:
    params = {"TargetGroupArn": "arn:tg", "Targets": [{"Id": "i-1", "Port": 80}]}
    health = {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "healthy"}}
    ended = end(
        {"service": "elbv2", "waiter": "target_in_service", "params": params},
        answered(TargetHealthDescriptions=[health]),
    )
    made, _warnings = result(ended.request, ended.schedule, ended.outcome, 1)
    assert made["resources"] == [
        {"id": {"Id": "i-1", "Port": 80}, "outcome": "success", "observed": "healthy", "reason": None}
    ]


@pytest.mark.parametrize(
    ("given", "answers", "error"),
    [
        (database(), [refused("AccessDenied", "No.", 403)], ("AccessDenied", "No.", 403)),
        (database(timeout=3.0), [CUT_OFF], ("ReadTimeoutError", "Read timeout on endpoint URL.", None)),
        (
            database(timeout=3.0, delay=2.0),
            [databases("modifying"), BROKEN],
            ("InternalError", "An internal error has occurred.", 500),
        ),
        (database(), [databases("deleted")], None),
        ({**BUCKET, "waiter": "bucket_not_exists"}, [refused("404", "Not Found", 404)], None),
    ],
)
def test_the_error_that_ended_the_wait_is_returned(
    given: dict[str, Any], answers: list[PollResult], error: tuple[str, str, int | None] | None
) -> None:
    expected = dict(zip(("code", "message", "status"), error, strict=True)) if error else None
    assert of(end(given, *answers))["error"] == expected


def test_an_acceptor_of_errors_or_statuses_has_no_argument() -> None:
    gone = of(end({**BUCKET, "waiter": "bucket_not_exists"}, refused("404", "Not Found", 404)))
    assert gone["matched"] == {"state": "success", "matcher": "status", "argument": None, "expected": 404}


def test_matched_is_null_if_no_acceptor_matched() -> None:
    assert of(end(database(timeout=0.0), databases("modifying")))["matched"] is None


def test_a_list_of_expected_values_is_returned_as_a_list() -> None:
    definition = {**CERTIFICATE["definition"], "failure": ["FAILED", "REVOKED"]}
    made = of(end({**CERTIFICATE, "definition": definition}, certificate("REVOKED")))
    assert made["matched"]["expected"] == ["FAILED", "REVOKED"]


def test_an_expected_value_is_fit_for_json() -> None:
    definition = {"operation": "DescribeTable", "path": "Table.ItemCount", "success": [float("inf"), 1]}
    given = {"service": "dynamodb", "definition": definition, "params": {"TableName": "orders"}, "validate": "off"}
    assert of(end(given, answered(Table={"ItemCount": 1})))["matched"]["expected"] == ["inf", 1]


def test_transient_errors_are_counted_by_kind() -> None:
    made = of(end(database(), THROTTLED, THROTTLED, BROKEN, CUT_OFF, databases("available")))
    assert made["transient"] == {"throttled": 2, "server": 1, "connection": 1}
    assert made["attempts"] == 1


def test_the_response_is_fit_for_json() -> None:
    table = {"TableStatus": "ACTIVE", "CreationDateTime": datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)}
    given = {"service": "dynamodb", "waiter": "table_exists", "params": {"TableName": "orders"}}
    made = of(end(given, answered(Table=table, ResponseMetadata={"HTTPStatusCode": 200})))
    assert made["response"] == {"Table": {"TableStatus": "ACTIVE", "CreationDateTime": "2026-01-02T03:04:05+00:00"}}
    json.dumps(made)


def test_what_is_observed_is_fit_for_json() -> None:
    table = {"TableStatus": "ACTIVE", "CreationDateTime": datetime(2026, 1, 2, tzinfo=timezone.utc)}
    given = {"service": "dynamodb", "waiter": "table_exists", "params": {"TableName": "orders"}}
    made = of(end({**given, "show": "Table.CreationDateTime"}, answered(Table=table)))
    assert made["observed"] == made["timeline"][0]["observed"] == "2026-01-02T00:00:00+00:00"


def test_the_response_is_left_out_when_it_is_not_wanted() -> None:
    assert of(end(database(return_response=False), databases("available")))["response"] is None


def test_a_response_over_a_megabyte_is_left_out_with_a_warning() -> None:
    item = {"DBInstanceIdentifier": "orders", "DBInstanceStatus": "available", "Engine": "x" * 1_000_001}
    ended = end(database(), answered(DBInstances=[item]))
    made, warnings = result(ended.request, ended.schedule, ended.outcome, 1)
    assert made["response"] is None
    assert warnings == ["The response is larger than 1 MB and is omitted from the result."]


def test_without_an_answer_nothing_is_made_up() -> None:
    made = of(end(database(timeout=3.0), THROTTLED))
    assert (made["outcome"], made["attempts"]) == ("timeout", 0)
    assert (made["observed"], made["matched"], made["response"]) == (None, None, None)
    assert (made["resources"], made["timeline"]) == ([], [])


def test_warnings_of_the_request_and_of_the_wait_are_passed_on() -> None:
    given = database(retry_errors=["DBInstanceNotFound"], show="length(DBInstances[0].DBInstanceIdentifier)")
    ended = end({**given, "waiter": "db_instance_deleted", "timeout": 0.0}, answered(DBInstances=[]))
    _made, warnings = result(ended.request, ended.schedule, ended.outcome, 1)
    assert len(warnings) == 2
    assert "DBInstanceNotFound means success" in warnings[0]
    assert warnings[1].startswith("show: could not be evaluated")


def test_every_key_is_documented_and_every_documented_key_is_there() -> None:
    made = of(end(running("i-1"), instances(i_1="running")))
    documented = yaml.safe_load(wait.RETURN)
    assert made.keys() - {"changed"} == documented.keys() - {"problems"}
    for key in ("resources", "timeline", "matched", "transient"):
        row = made[key][0] if isinstance(made[key], list) else made[key]
        assert row.keys() == documented[key]["contains"].keys()
    error = of(end(database(), refused("AccessDenied")))["error"]
    assert error.keys() == documented["error"]["contains"].keys()


# --- a result has limits, whatever AWS returns

HUGE = "x" * 2_000_000


def size(made: dict[str, Any]) -> int:
    return len(json.dumps(made))


@pytest.mark.parametrize(
    "answer",
    [
        refused("AccessDenied", HUGE, 403),
        refused("InternalError", HUGE, 500, ErrorKind.SERVER),
        refused("NoConnection", HUGE, None, ErrorKind.UNREACHABLE),
        refused("ExpiredToken", HUGE, 403, ErrorKind.CREDENTIALS),
    ],
)
def test_a_huge_error_message_is_cut_everywhere(answer: PollResult) -> None:
    ended = end(running("i-1", "i-2", timeout=3.0), answer)
    made, warnings = result(ended.request, ended.schedule, ended.outcome, 1)
    assert size(made) < 20_000
    assert made["error"]["message"].endswith("x… (cut, 2,000,000 characters in all)")
    assert "… (cut, 2,000,0" in made["msg"]
    assert max(map(len, [*warnings, ""])) < 2_100_000  # warnings are cut when the module ends


def test_a_huge_error_message_is_not_in_each_of_many_resources() -> None:
    ids = [f"i-{number}" for number in range(200)]
    error = ServiceError("InvalidInstanceID.NotFound", HUGE[:20_000], ErrorKind.REFUSED, 400)
    answer = replace(instances(i_200="running"), refused=dict.fromkeys(ids, error))
    ended = end({**running(*ids), "waiter": "instance_stopped"}, answer)
    made, _warnings = result(ended.request, ended.schedule, ended.outcome, 1)
    assert size(made) < 1_000_000
    assert {entry["reason"] for entry in made["resources"]} == {made["error"]["message"]}


def test_all_that_is_observed_together_is_bounded_and_the_result_says_so() -> None:
    definition = {"operation": "DescribeInstances", "path": "Reservations[].Instances[].Note", "success": ["y"]}
    ids = [f"i-{number}" for number in range(300)]
    items = [{"InstanceId": name, "Note": "x" * 100_000} for name in ids]
    given = {"service": "ec2", "definition": definition, "params": {"InstanceIds": ids}, "validate": "off"}
    ended = end({**given, "timeout": 0.0, "return_response": False}, answered(Reservations=[{"Instances": items}]))
    made, warnings = result(ended.request, ended.schedule, ended.outcome, 1)
    assert size(made) < 1.2 * LARGEST_RESULT
    assert len(made["resources"]) == 300
    assert warnings == ["Observed values are cut, because the whole result would exceed 2,000,000 characters."]


def test_a_large_value_that_changes_makes_no_large_result() -> None:
    states = [
        answered(DBInstances=[{"DBInstanceIdentifier": "orders", "DBInstanceStatus": f"step {number}", "X": HUGE}])
        for number in range(50)
    ]
    ended = end(database(show="DBInstances[]", validate="off", return_response=False, max_attempts=50), *states)
    made, warnings = result(ended.request, ended.schedule, ended.outcome, 1)
    assert size(made) < 1_000_000
    assert "(cut, 2,000,000 characters in all)" in json.dumps(made["observed"])
    assert any("changes in the middle are left out" in text for text in warnings) or len(made["timeline"]) == 50


def test_a_reason_is_a_text_for_people_and_data_stay_as_aws_gave_them() -> None:
    evil = "\x1b[31mNo\u202e room\n\u200bhere"
    stopped = {"InstanceId": "i-2", "State": {"Name": "terminated"}, "StateReason": {"Message": evil}}
    made = of(
        end(
            running("i-2", show="Reservations[].Instances[].StateReason"),
            answered(Reservations=[{"Instances": [stopped]}]),
        )
    )
    assert made["resources"][0]["reason"] == "[31mNo room here"
    assert made["observed"] == [{"Message": evil}]
    assert made["response"]["Reservations"][0]["Instances"][0]["StateReason"] == {"Message": evil}
