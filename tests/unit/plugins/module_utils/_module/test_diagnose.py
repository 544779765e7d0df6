# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diagnosis never changes how a wait ends, and stays within its budget of requests and seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from tests.support import aws_responses
from tests.support.fake_client import FakeClient
from tests.unit.plugins.module_utils._module.waits import MODELS, Ended, answered, args, connect, end

from ansible_collections.cloudwait.aws.plugins.module_utils._aws import diagnosis
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput, Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._module import diagnose
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import read_request
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import result

STACK_ID = "arn:aws:cloudformation:eu-central-1:123456789012:stack/orders/7d1b"
STACK = {"service": "cloudformation", "waiter": "stack_create_complete", "params": {"StackName": "orders"}}
BROKEN = {"Stacks": [{"StackName": "orders", "StackId": STACK_ID, "StackStatus": "ROLLBACK_COMPLETE"}]}
MAIN = (
    "cloudformation stack_create_complete failed after 1 poll in 0 s: "
    "orders is 'ROLLBACK_COMPLETE' (wanted 'CREATE_COMPLETE')."
)
NOON = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)


def event(number: int = 1, reason: str = "Access denied.", **more: Any) -> dict[str, Any]:
    return {
        "StackId": STACK_ID,
        "LogicalResourceId": f"Queue{number}",
        "PhysicalResourceId": "",
        "ResourceType": "AWS::SQS::Queue",
        "ResourceStatus": "CREATE_FAILED",
        "ResourceStatusReason": reason,
        "Timestamp": NOON.replace(second=number % 60, minute=number // 60),
        **more,
    }


class Told:
    """A failed wait and the result of its diagnosis."""

    def __init__(self, answer: Callable[[str, dict[str, Any]], Mapping[str, Any]], **given: Any) -> None:
        ended = failed(**given)
        self.clients: list[FakeClient] = []

        def client_of(service: str) -> FakeClient:
            self.clients.append(FakeClient(MODELS.service_model(service), answer))
            return self.clients[-1]

        self.clock = 0.0
        why = diagnose.find_causes(
            ended.request, ended.outcome, MODELS, client_of, clock=lambda: self.clock, now=lambda: NOON
        )
        self.result = result(ended.request, ended.schedule, ended.outcome, 1, why=why)[0]

    @property
    def requests(self) -> int:
        return sum(len(client.asked) for client in self.clients)


def failed(**given: Any) -> Ended:
    return end({**STACK, **given}, answered(**BROKEN))


def raises(error: Exception) -> Callable[[str, dict[str, Any]], Mapping[str, Any]]:
    def answer(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (aws_responses.refused("AccessDenied", 403), "Allow cloudformation:DescribeStackEvents to see why."),
        (aws_responses.refused("Throttling", 400), "DescribeStackEvents may say why, but was throttled."),
        (
            aws_responses.refused("InternalFailure", 500),
            "DescribeStackEvents may say why, but answered InternalFailure.",
        ),
        (
            ConnectTimeoutError(endpoint_url="https://x"),
            "DescribeStackEvents may say why, but answered ConnectTimeoutError.",
        ),
    ],
)
def test_an_error_leaves_the_ending_as_it_is(error: Exception, says: str) -> None:
    told = Told(raises(error))
    assert told.result["outcome"] == "failure"
    assert told.result["msg"] == f"{MAIN} {says}"
    assert told.result["diagnosis"] == []
    assert told.result["calls"] == 2
    assert told.requests == 1


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"StackEvents": []},
        {"StackEvents": [event(ResourceStatus="CREATE_COMPLETE")]},
        {"StackEvents": [event(reason="")]},
        {"StackEvents": [event(reason=None)]},
    ],
)
def test_what_says_nothing_adds_nothing(answer: dict[str, Any]) -> None:
    told = Told(lambda _operation, _params: answer)
    assert told.result["msg"] == MAIN
    assert told.result["diagnosis"] == []


def test_ten_thousand_events_take_three_requests_at_most() -> None:
    pages = iter(range(100))

    def page(_operation: str, _params: dict[str, Any]) -> dict[str, Any]:
        number = next(pages)
        return {"StackEvents": [event(100 * number + n) for n in range(100)], "NextToken": str(number)}

    told = Told(page)
    assert told.requests == 2  # the third is kept for a nested stack
    assert len(told.result["diagnosis"]) == diagnosis.MOST_CAUSES
    assert told.result["diagnosis"][0]["name"] == "Queue0"


def test_a_request_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "MOST_SECONDS", 0.05)
    hanging = threading.Event()

    def answer(_operation: str, _params: dict[str, Any]) -> dict[str, Any]:
        hanging.wait(30)
        return {}

    told = Told(answer)
    hanging.set()
    assert told.result["msg"].startswith(f"{MAIN} DescribeStackEvents may say why, but answered ")


def test_no_request_is_sent_after_the_time_is_up() -> None:
    asker = diagnosis.Asker(MODELS, connect, clock := Clocked())
    clock.now = diagnosis.MOST_SECONDS
    [step] = steps({"operation": "DescribeStackEvents", "params": {"StackName": "resource"}, "texts": "StackEvents"})
    assert asker.ask("cloudformation", step, {"resource": "orders"}, 0) == (None, None)


class Clocked:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def steps(raw: dict[str, Any]) -> tuple[Any, ...]:
    reading = read_definition(
        {"operation": "DescribeStacks", "path": "Stacks[].StackStatus", "success": ["UP"], "diagnose": raw}
    )
    assert reading.problems == ()
    assert reading.definition is not None
    return reading.definition.diagnosis


def test_a_parameter_that_is_not_known_asks_nothing() -> None:
    own = {
        "operation": "DescribeStackEvents",
        "params": {"StackName": "output.Stacks[7].StackId"},
        "texts": "NextToken",
    }
    told = Told(raises(AssertionError()), **inline(own))
    assert told.result["msg"].startswith("cloudformation DescribeStacks failed")
    assert "Why" not in told.result["msg"]


def test_it_can_be_turned_off() -> None:
    told = Told(raises(AssertionError()), diagnose=False)
    assert told.result["msg"] == MAIN
    assert told.clients == []


def test_a_success_is_not_diagnosed() -> None:
    done = {"Stacks": [{"StackName": "orders", "StackStatus": "CREATE_COMPLETE"}]}
    ended = end(STACK, answered(**done))
    assert diagnose.find_causes(ended.request, ended.outcome, MODELS, connect) is diagnose.NOTHING


def inline(own: dict[str, Any]) -> dict[str, Any]:
    definition = {
        "operation": "DescribeStacks",
        "path": "Stacks[].StackStatus",
        "success": ["CREATE_COMPLETE"],
        "failure": ["ROLLBACK_COMPLETE"],
        "diagnose": own,
    }
    return {"waiter": None, "definition": definition}


def test_a_users_own_diagnosis_is_used() -> None:
    own = {
        "operation": "DescribeStackResources",
        "params": {"StackName": "input.StackName"},
        "items": "StackResources[?ResourceStatus == 'CREATE_FAILED']",
        "texts": "ResourceStatusReason",
        "name": "LogicalResourceId",
    }
    answer = {
        "StackResources": [
            {"LogicalResourceId": "A", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "Quota exceeded."}
        ]
    }
    told = Told(lambda _operation, _params: answer, **inline(own))
    assert told.result["msg"].endswith("Why: A: Quota exceeded (from DescribeStackResources).")
    assert told.clients[0].asked[0][1:] == ("DescribeStackResources", {"StackName": "orders"})


def test_control_characters_and_length_are_bounded() -> None:
    told = Told(lambda _operation, _params: {"StackEvents": [event(reason="\x1b[31mred\n" + "x" * 100_000)]})
    [row] = told.result["diagnosis"]
    assert "\x1b" not in row["text"]
    assert "\n" not in row["text"]
    assert len(told.result["msg"]) < 2000


def test_members_that_the_model_marks_sensitive_stay_masked() -> None:
    own = {
        "operation": "DescribeExecution",
        "params": {"executionArn": "resource"},
        "texts": "[error, cause, input]",
    }
    given = {
        "service": "stepfunctions",
        "waiter": None,
        "params": {"executionArn": "arn:aws:states:r:1:execution:a:b"},
        "definition": {
            "operation": "DescribeExecution",
            "path": "status",
            "success": ["SUCCEEDED"],
            "failure": ["FAILED"],
            "diagnose": own,
        },
    }
    ended = end(given, answered(status="FAILED"))
    model = MODELS.service_model("stepfunctions")
    answer = {"status": "FAILED", "error": "s3cret", "cause": "s3cret", "input": "s3cret"}
    why = diagnose.find_causes(
        ended.request, ended.outcome, MODELS, lambda _service: FakeClient(model, lambda _operation, _params: answer)
    )
    assert "s3cret" not in str(why)


# --- what is said ---------------------------------------------------------------------------------------------------


def resources(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"StackResources": [{"ResourceStatus": "CREATE_FAILED", **row} for row in rows]}


ASKED = {
    "operation": "DescribeStackResources",
    "params": {"StackName": "input.StackName"},
    "items": "StackResources",
    "texts": "ResourceStatusReason",
    "name": "PhysicalResourceId",
    "type": "ResourceType",
}


def says(own: dict[str, Any], *answers: Any) -> str:
    """What the message says after AWS's part; the answers are those of the requests, in turn."""
    script = iter(answers)

    def answer(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        said = next(script)
        if isinstance(said, Exception):
            raise said
        found: Mapping[str, Any] = said
        return found

    return str(Told(answer, **inline(own)).result["msg"]).partition(" (wanted 'CREATE_COMPLETE'). ")[2]


def test_causes_without_a_time_are_all_named() -> None:
    rows = [{"PhysicalResourceId": f"r-{n}", "ResourceStatusReason": f"No {n}."} for n in range(5)]
    said = says(ASKED, resources(*rows))
    assert said == "Why: r-0: No 0; r-1: No 1; r-2: No 2; and 2 more (from DescribeStackResources)."


def test_of_causes_with_a_time_the_first_is_named() -> None:
    rows = [{"ResourceStatusReason": f"No {n}.", "Timestamp": NOON.replace(second=n)} for n in range(5)]
    said = says({**ASKED, "time": "Timestamp"}, resources(*rows))
    assert said == "Why: No 0 (from DescribeStackResources)."


def test_of_causes_at_the_same_time_the_one_that_is_not_newer_comes_first() -> None:
    rows = [
        {"ResourceStatusReason": "Launch failed.", "Timestamp": NOON},
        {"ResourceStatusReason": "No profile.", "Timestamp": NOON},
        {"ResourceStatusReason": "", "Timestamp": NOON.replace(hour=11)},
    ]
    said = says({**ASKED, "time": "Timestamp"}, resources(*rows))
    assert said == "Why: No profile (from DescribeStackResources)."


def test_what_the_message_says_already_is_not_said_again() -> None:
    own = {"texts": "Stacks[0].StackStatusReason"}
    stack = {**BROKEN["Stacks"][0], "StackStatusReason": "Quota exceeded."}
    ended = end({**STACK, **inline(own)}, answered(Stacks=[stack]))
    why = diagnose.find_causes(ended.request, ended.outcome, MODELS, connect)
    found = result(ended.request, ended.schedule, ended.outcome, 1, why=why)[0]
    assert found["msg"].endswith("(wanted 'CREATE_COMPLETE'). AWS says: Quota exceeded.")
    assert [row["text"] for row in found["diagnosis"]] == ["Quota exceeded."]


def test_the_end_of_the_log_is_told_although_the_message_says_the_cause_already() -> None:
    log = {**ASKED, "tail": True}
    del log["name"], log["type"]
    own = {"texts": "Stacks[0].StackStatusReason", "then": log}
    stack = {**BROKEN["Stacks"][0], "StackStatusReason": "Quota exceeded."}
    ended = end({**STACK, **inline(own)}, answered(Stacks=[stack]))
    answer = resources({"ResourceStatusReason": "starting"}, {"ResourceStatusReason": "no space left"})
    client = FakeClient(MODELS.service_model("cloudformation"), lambda _operation, _params: answer)
    why = diagnose.find_causes(ended.request, ended.outcome, MODELS, lambda _service: client)
    found = result(ended.request, ended.schedule, ended.outcome, 1, why=why)[0]
    assert found["msg"].endswith("AWS says: Quota exceeded. Why: the log ends: no space left.")


def test_what_failed_is_named_although_the_message_says_the_reason_already() -> None:
    own = {"texts": "Stacks[0].StackStatusReason", "name": "'Database'", "state": "'CREATE_FAILED'"}
    stack = {**BROKEN["Stacks"][0], "StackStatusReason": "Quota exceeded."}
    ended = end({**STACK, **inline(own)}, answered(Stacks=[stack]))
    why = diagnose.find_causes(ended.request, ended.outcome, MODELS, connect)
    found = result(ended.request, ended.schedule, ended.outcome, 1, why=why)[0]
    assert found["msg"].endswith("AWS says: Quota exceeded. Why: Database CREATE_FAILED (from DescribeStacks).")


def test_an_arn_is_named_by_its_last_part() -> None:
    row = {"PhysicalResourceId": "arn:aws:ecs:r:1:task/prod/0a5c", "ResourceStatusReason": "Exited"}
    assert says(ASKED, resources(row)).startswith("Why: 0a5c: Exited (")


def test_the_resource_is_not_named_twice() -> None:
    row = {"PhysicalResourceId": "orders", "ResourceStatusReason": "Exited"}
    assert says(ASKED, resources(row)).startswith("Why: Exited (")
    assert says(ASKED, resources({**row, "ResourceType": "A"})).startswith("Why: orders (A): Exited (")


def test_a_condition_is_no_name() -> None:
    own = {**ASKED, "name": "ResourceStatus == 'CREATE_COMPLETE'", "state": "ResourceStatus == 'CREATE_FAILED'"}
    assert says(own, resources({"ResourceStatusReason": "Exited"})).startswith("Why: Exited (")


def test_several_texts_form_one_sentence() -> None:
    own = {**ASKED, "texts": "[ResourceStatusReason, Description, ResourceStatusReason]"}
    row = {"ResourceStatusReason": "It failed.", "Description": "Too small."}
    assert says(own, resources(row)) == "Why: It failed; Too small (from DescribeStackResources)."


def test_after_a_refused_step_the_next_one_is_asked() -> None:
    refused = aws_responses.refused("AccessDenied", 403)
    found = resources({"ResourceStatusReason": "Exited"})
    assert says({**GOOD, "then": ASKED}, refused, found) == "Why: Exited (from DescribeStackResources)."
    needs = {**ASKED, "params": {"StackName": "previous.NextToken"}}
    assert says({**GOOD, "then": needs}, refused, found) == "Allow cloudformation:DescribeStackEvents to see why."


def test_several_resources_are_named_as_in_the_rest_of_the_message() -> None:
    targets = [{"Id": f"i-{n}", "Port": 80} for n in (1, 2)]
    given = {
        "service": "elbv2",
        "params": {"TargetGroupArn": "arn:aws:elasticloadbalancing:r:1:targetgroup/web/6d", "Targets": targets},
        "definition": {
            "operation": "DescribeTargetHealth",
            "path": "TargetHealthDescriptions[].TargetHealth.State",
            "success": ["healthy"],
            "failure": ["unhealthy"],
            "diagnose": {"texts": "TargetHealthDescriptions[].HealthCheckPort"},
        },
    }
    health = [{"Target": target, "HealthCheckPort": "81", "TargetHealth": {"State": "unhealthy"}} for target in targets]
    ended = end(given, answered(TargetHealthDescriptions=health))
    why = diagnose.find_causes(ended.request, ended.outcome, MODELS, connect)
    assert why.added_to("") == (
        "Why (i-1:80): 81 (from DescribeTargetHealth). Why (i-2:80): 81 (from DescribeTargetHealth)."
    )


# --- many -----------------------------------------------------------------------------------------------------------


def test_of_a_thousand_failures_five_are_diagnosed() -> None:
    one = failed()
    clients: list[FakeClient] = []
    lock = threading.Lock()
    pages = {"StackEvents": [event()], "NextToken": "more"}

    def client_of(_number: int, service: str) -> FakeClient:
        made = FakeClient(MODELS.service_model(service), lambda _operation, _params: pages)
        with lock:
            clients.append(made)
        return made

    requests, outcomes = [one.request] * 1000, [one.outcome] * 1000
    found = diagnose.find_causes_of_many(requests, outcomes, MODELS, client_of)
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert sum(len(client.asked) for client in clients) <= 15


def test_failures_are_diagnosed_before_timeouts() -> None:
    pending = {"Stacks": [{"StackName": "orders", "StackStatus": "CREATE_IN_PROGRESS"}]}
    late = end({**STACK, "max_attempts": 1}, answered(**pending))
    early = failed()
    ended = [late] * 6 + [early]
    found = diagnose.find_causes_of_many(
        [one.request for one in ended],
        [one.outcome for one in ended],
        MODELS,
        lambda _number, service: FakeClient(MODELS.service_model(service), lambda _o, _p: {"StackEvents": []}),
    )
    assert sorted(found) == [0, 1, 2, 3, 6]


# --- input ----------------------------------------------------------------------------------------------------------

GOOD = {"operation": "DescribeStackEvents", "params": {"StackName": "input.StackName"}, "texts": "NextToken"}


def mistakes() -> Iterator[Any]:
    yield {**GOOD, "operation": "DescribeStackEvent"}, "definition.diagnose.operation", "DescribeStackEvents"
    yield {**GOOD, "operation": "DeleteStack", "texts": "@"}, "definition.diagnose.operation", None
    yield (
        {**GOOD, "params": {"StackNam": "resource", "StackName": "resource"}},
        "definition.diagnose.params.StackNam",
        "StackName",
    )
    yield {**GOOD, "params": {}}, "definition.diagnose.params", None
    yield {**GOOD, "params": {"StackName": "input.StackNam"}}, "definition.diagnose.params.StackName", "StackName"
    yield {**GOOD, "params": {"StackName": "output.Stack[0].StackId"}}, "definition.diagnose.params.StackName", "Stacks"
    yield {**GOOD, "params": {"StackName": 3}}, "definition.diagnose.params.StackName", None
    yield {**GOOD, "params": {"StackName": "a["}}, "definition.diagnose.params.StackName", None
    yield {**GOOD, "items": "StackEvent[]"}, "definition.diagnose.items", "StackEvents"
    yield (
        {**GOOD, "items": "StackEvents", "texts": "ResourceStatusReaso"},
        "definition.diagnose.texts",
        "ResourceStatusReason",
    )
    yield {**GOOD, "service": "logz"}, "definition.diagnose.service", None
    yield {**GOOD, "text": "NextToken"}, "definition.diagnose.text", "texts"
    yield {**GOOD, "first": "eldest"}, "definition.diagnose.first", "oldest"
    yield {**GOOD, "tail": "yes"}, "definition.diagnose.tail", None
    yield {**GOOD, "then": {**GOOD, "then": {**GOOD, "then": GOOD}}}, "definition.diagnose.then.then.then", None
    yield {**GOOD, "then": {**GOOD, "when": "cause.Nothing =="}}, "definition.diagnose.then.when", None
    yield {"operation": "DescribeStackEvents", "params": GOOD["params"]}, "definition.diagnose", None
    yield {"params": {"a": "b"}, "texts": "Stacks"}, "definition.diagnose.params", None
    yield "DescribeStackEvents", "definition.diagnose", None


@pytest.mark.parametrize(("own", "path", "suggestion"), list(mistakes()))
def test_a_mistake_in_a_diagnosis_is_found_before_the_first_request(
    own: Any, path: str, suggestion: str | None
) -> None:
    with pytest.raises(BadInput) as raised:
        read_request(args(**{**STACK, **inline(own)}), MODELS, connect)
    [problem] = raised.value.problems
    assert problem.path == path
    if suggestion is not None:
        assert problem.suggestion == suggestion


def test_a_service_without_a_connection_is_passed_over() -> None:
    ended = failed()

    def client_of(_service: str) -> Any:
        raise BadInput([Problem("region", "is missing")])

    assert diagnose.find_causes(ended.request, ended.outcome, MODELS, client_of).causes == ()
