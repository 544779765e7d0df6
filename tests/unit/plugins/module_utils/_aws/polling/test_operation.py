# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a poll sends and what it brings: pages, parts of id lists, faults on the way, new credentials, budgets."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from tests.support.aws_responses import answered, refused
from tests.support.catalog import CATALOG
from tests.support.fake_client import FakeClient, Step, scripted
from tests.support.scripted import ScriptedEndpoint

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.id_params import IdParam, id_params
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.operation import MOST_PAGES, Operation
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.pages import paging_of
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.transport import Transport
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput, Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import ErrorKind

MODELS = Models(CATALOG)
service_model = cache(MODELS.service_model)


@cache
def model(service: str, operation: str) -> Any:
    return service_model(service).operation_model(operation)


def nobody() -> Any:
    raise AssertionError("no new client was to be made")


def operation(client: Any, service: str, name: str, **options: Any) -> Operation:
    """An operation as the binding makes it: paging from botocore's paginator, the id list that the parameters give."""
    operation_model = model(service, name)
    params = options.pop("params", {})
    listed = [id_param for id_param in id_params(service, operation_model) if id_param.name in params]
    paging = paging_of(MODELS.paginator(service, name), operation_model)
    connect = options.pop("connect", nobody)
    method = options.pop("method", name)
    transport = Transport(connect, client, method, paging)
    return Operation(transport, params, listed[0] if listed else None, paging, **options)


def describe_instances(
    script: list[Step], params: Mapping[str, Any] | None = None, **options: Any
) -> tuple[FakeClient, Operation]:
    client = scripted(model("ec2", "DescribeInstances"), script)
    return client, operation(client, "ec2", "DescribeInstances", params=dict(params or {}), **options)


def page(*ids: str, token: str | None = None) -> dict[str, Any]:
    return answered(Reservations=list(ids), **({"NextToken": token} if token else {}))


THROTTLED = refused("RequestLimitExceeded", 503)
EXPIRED = refused("RequestExpired", 400)


def test_an_answer_has_the_response_and_its_status() -> None:
    _client, ec2 = describe_instances([answered(206, Reservations=["a"])])
    answer = ec2.poll()
    assert (answer.response["Reservations"], answer.status, answer.error) == (["a"], 206, None)


def test_an_error_has_no_response() -> None:
    _client, ec2 = describe_instances([refused("UnauthorizedOperation", 403, "You may not.")])
    answer = ec2.poll()
    assert answer.error is not None
    assert (answer.response, answer.status, answer.error.code) == ({}, 403, "UnauthorizedOperation")


# --- pages


def test_pages_are_followed_to_the_last_and_are_one_answer() -> None:
    client, ec2 = describe_instances([page("a", token="1"), page("b", token="2"), page("c")], {"Filters": []})
    assert ec2.poll().response["Reservations"] == ["a", "b", "c"]
    assert client.params == [{"Filters": []}, {"Filters": [], "NextToken": "1"}, {"Filters": [], "NextToken": "2"}]
    assert ec2.calls == 3


def test_every_poll_begins_with_the_first_page() -> None:
    client, ec2 = describe_instances([page("a", token="1"), page("b"), page("c", token="1"), page("d")])
    ec2.poll()
    assert ec2.poll().response["Reservations"] == ["c", "d"]
    assert client.params[2] == {}


@pytest.mark.parametrize("params", [{"MaxResults": 5}, {"NextToken": "t"}])
def test_where_the_user_set_a_page_size_or_a_token_that_page_alone_is_asked_for(params: dict[str, Any]) -> None:
    client, ec2 = describe_instances([page("a", token="1"), page("b")], params)
    assert ec2.poll().response["Reservations"] == ["a"]
    assert client.params == [params]


@pytest.mark.parametrize("tokens", ["11", "121", "1231", "1233"])
def test_a_token_that_comes_again_is_a_transient_error(tokens: str) -> None:
    """The pages that it stands for would be missing: nothing may be judged without them."""
    client, ec2 = describe_instances([*(page("a", token=token) for token in tokens), page("a", token="1"), page("b")])
    error = ec2.poll().error
    assert error is not None
    assert error.kind is ErrorKind.SERVER
    assert "token" in error.message
    assert len(client.asked) == len(tokens)
    assert ec2.poll().response["Reservations"] == ["a", "b"]
    assert client.params[len(tokens)] == {}, "the next poll begins with the first page"


def test_pages_have_an_end() -> None:
    client, ec2 = describe_instances([page("a", token=str(number)) for number in range(MOST_PAGES + 1)])
    error = ec2.poll().error
    assert error is not None
    assert error.kind is ErrorKind.REFUSED
    assert "narrow" in error.message
    assert len(client.asked) == MOST_PAGES


def test_a_failed_page_is_asked_again_and_not_the_poll() -> None:
    client, ec2 = describe_instances([page("a", token="1"), THROTTLED, THROTTLED, page("b")])
    assert [ec2.poll().error is not None for _poll in range(2)] == [True, True]
    assert ec2.poll().response["Reservations"] == ["a", "b"]
    assert client.params == [{}] + [{"NextToken": "1"}] * 3
    assert ec2.calls == 4


def test_a_transient_error_says_whether_the_poll_made_progress_before_it() -> None:
    script = [
        THROTTLED,
        page("a", token="1"),
        THROTTLED,
        THROTTLED,
        page("b", token="2"),
        page("c", token="3"),
        THROTTLED,
    ]
    _client, ec2 = describe_instances([*script, page("d")])
    assert [ec2.poll().made_progress for _try in range(5)] == [False, True, False, True, False]


def test_a_token_that_ran_out_during_the_transient_errors_starts_the_poll_over() -> None:
    """The refusal of a stale token is not what the wait is about."""
    client, ec2 = describe_instances([page("a", token="1"), THROTTLED, refused("InvalidNextToken"), page("b")])
    ec2.poll()
    assert ec2.poll().response["Reservations"] == ["b"]
    assert client.params == [{}, {"NextToken": "1"}, {"NextToken": "1"}, {}]


def test_an_error_on_a_later_page_is_the_answer_and_the_next_poll_starts_over() -> None:
    client, ec2 = describe_instances([page("a", token="1"), refused("AccessDenied", 403), page("b")])
    error = ec2.poll().error
    assert error is not None
    assert error.code == "AccessDenied"
    assert ec2.poll().response["Reservations"] == ["b"]
    assert client.params[-1] == {}


# --- parts of id lists


def services(count: int) -> list[str]:
    return [f"s-{number}" for number in range(count)]


@pytest.fixture(scope="module")
def aws() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint({}) as endpoint:
        yield endpoint


def real(aws: ScriptedEndpoint, service: str, *answers: Any) -> Any:
    """A boto3 client whose requests get these answers over HTTP."""
    aws.add("AKID", {"service": service, "answers": list(answers)})
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=5)
    return botocore.session.get_session().create_client(
        service, "eu-west-1", endpoint_url=aws.url, aws_access_key_id="AKID", aws_secret_access_key="x", config=config
    )


def echo(request: Any) -> dict[str, Any]:
    names = request.params["services"]
    return {
        "data": {
            "services": [{"serviceName": name} for name in names[1:]],
            "failures": [{"arn": names[0], "reason": "MISSING"}],
        }
    }


def test_ecs_is_asked_for_ten_services_at_a_time_and_answers_as_one(aws: ScriptedEndpoint) -> None:
    ecs = real(aws, "ecs", echo)
    params = {"cluster": "prod", "services": services(25)}
    wait = operation(ecs, "ecs", "DescribeServices", params=params, method="describe_services")
    before = len(aws.requests)
    answer = wait.poll()
    asked = [request.params for request in aws.requests[before:]]
    assert [len(params["services"]) for params in asked] == [10, 10, 5]
    assert {params["cluster"] for params in asked} == {"prod"}
    assert [name for params in asked for name in params["services"]] == services(25)
    assert len(answer.response["services"]) == 22
    assert [failure["arn"] for failure in answer.response["failures"]] == ["s-0", "s-10", "s-20"]
    assert wait.calls == 3


def test_a_failed_part_is_asked_again_and_not_the_others(aws: ScriptedEndpoint) -> None:
    ecs = real(aws, "ecs", echo, {"error": "ThrottlingException"}, {"error": "ServerException", "status": 500}, echo)
    wait = operation(ecs, "ecs", "DescribeServices", params={"services": services(20)}, method="describe_services")
    before = len(aws.requests)
    kinds = [error.kind for error in (wait.poll().error, wait.poll().error) if error is not None]
    assert kinds == [ErrorKind.THROTTLED, ErrorKind.SERVER]
    assert len(wait.poll().response["services"]) == 18
    assert [request.params["services"][0] for request in aws.requests[before:]] == ["s-0", "s-10", "s-10", "s-10"]
    assert wait.calls == 4


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"raw": "<html>Bad gateway", "status": 502}, ErrorKind.SERVER),
        # botocore takes these three for an empty answer: "not there" where absence is awaited
        ({"raw": ""}, ErrorKind.SERVER),
        ({"raw": "<html>Welcome to the hotel"}, ErrorKind.SERVER),
        ({"raw": '{"services": [', "headers": {"Content-Length": "5000"}}, ErrorKind.SERVER),
        ({"hang": 0}, ErrorKind.CONNECTION),
        ({"reset": True}, ErrorKind.CONNECTION),
        ({"error": "Odd", "status": 429}, ErrorKind.THROTTLED),
    ],
)
def test_what_comes_over_a_bad_wire_is_a_transient_error(
    aws: ScriptedEndpoint, answer: dict[str, Any], kind: ErrorKind
) -> None:
    ecs = real(aws, "ecs", answer, echo)
    wait = operation(ecs, "ecs", "DescribeServices", params={"services": ["s-0"]}, method="describe_services")
    error = wait.poll().error
    assert error is not None
    assert error.kind is kind
    assert wait.poll().error is None
    assert wait.calls == 2


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ({"error": "ThrottlingException", "status": 400, "headers": {"x-amz-retry-after": "1500"}}, 1.5),
        ({"raw": "<html>Busy", "status": 503, "headers": {"Retry-After": "9"}}, 9),
        ({"raw": "slow down", "status": 429, "headers": {"Retry-After": "7"}}, 7),
        ({"raw": '{"__type": "Throt', "status": 400, "headers": {"Retry-After": "5"}}, 5),
        ({"reset": True}, 0),
    ],
)
def test_whatever_form_a_transient_error_has_it_says_how_long_to_wait(
    aws: ScriptedEndpoint, answer: dict[str, Any], seconds: float
) -> None:
    """A connection that breaks says nothing, whatever the request before was told."""
    busy = {"raw": "slow down", "status": 429, "headers": {"Retry-After": "60"}}
    ecs = real(aws, "ecs", busy, answer, echo)
    wait = operation(ecs, "ecs", "DescribeServices", params={"services": ["s-0"]}, method="describe_services")
    for asked in (60, seconds):
        error = wait.poll().error
        assert error is not None
        assert error.retry_after == asked


@pytest.mark.parametrize(
    ("service", "method", "params", "answer"),
    [
        ("lambda", "get_function", {"FunctionName": "f"}, {"data": {"Tags": {"a": "b"}}}),
        ("dynamodb", "describe_table", {"TableName": "t"}, {"data": {}}),
        ("cloudwatch", "describe_alarms", {}, {"data": {"MetricAlarms": []}}),
        ("sqs", "list_queues", {}, {"data": {"QueueUrls": []}}),
        # its body is a document of the user's, in whatever form
        (
            "apigateway",
            "get_export",
            {"restApiId": "a", "stageName": "s", "exportType": "swagger"},
            {"raw": "swagger: 2"},
        ),
        ("ec2", "describe_vpcs", {}, {"data": {"Vpcs": []}}),
    ],
)
def test_a_good_answer_is_good_in_whatever_protocol(
    aws: ScriptedEndpoint, service: str, method: str, params: dict[str, Any], answer: dict[str, Any]
) -> None:
    client = real(aws, service, answer)
    name = client.meta.method_to_api_mapping[method]
    assert operation(client, service, name, params=params, method=method).poll().error is None


def test_aws_is_told_that_a_waiter_asks(aws: ScriptedEndpoint) -> None:
    """By the user agent, as botocore's own waiters do (feature B)."""
    ecs = real(aws, "ecs", echo)
    operation(ecs, "ecs", "DescribeServices", params={"services": ["s-0"]}, method="describe_services").poll()
    [features] = re.findall(r"m/(\S+)", aws.requests[-1].message.headers["user-agent"])
    assert "B" in features.split(",")


# --- ids that AWS refuses


def not_found(*ids: str) -> Exception:
    return refused("InvalidInstanceID.NotFound", 400, f"The instance IDs '{', '.join(ids)}' do not exist")


def test_an_unknown_id_does_not_fail_the_others() -> None:
    client, ec2 = describe_instances([not_found("i-2"), page("a", "c")], {"InstanceIds": ["i-1", "i-2", "i-3"]})
    answer = ec2.poll()
    assert (answer.error, answer.response["Reservations"]) == (None, ["a", "c"])
    assert {name: error.code for name, error in answer.refused.items()} == {"i-2": "InvalidInstanceID.NotFound"}
    assert client.params[-1] == {"InstanceIds": ["i-1", "i-3"]}


def test_where_all_are_unknown_the_error_is_the_answer() -> None:
    client, ec2 = describe_instances([not_found("i-1", "i-2")], {"InstanceIds": ["i-1", "i-2"]})
    answer = ec2.poll()
    assert answer.error is not None
    assert len(client.asked) == 1


def test_an_offender_that_is_not_named_is_found_by_halves() -> None:
    nameless = refused("InvalidInstanceID.NotFound", 400, "Something does not exist.")
    script = [nameless, page("a"), nameless]
    client, ec2 = describe_instances(script, {"InstanceIds": ["i-1", "i-2"]})
    answer = ec2.poll()
    assert [*answer.refused] == ["i-2"]
    assert [params["InstanceIds"] for params in client.params] == [["i-1", "i-2"], ["i-1"], ["i-2"]]


def test_a_transient_error_in_a_request_for_the_other_ids_loses_nothing() -> None:
    script = [not_found("i-2"), THROTTLED, page("a")]
    client, ec2 = describe_instances(script, {"InstanceIds": ["i-1", "i-2"]})
    assert ec2.poll().error is not None
    answer = ec2.poll()
    assert ([*answer.refused], answer.response["Reservations"]) == (["i-2"], ["a"])
    assert len(client.asked) == 3


@pytest.mark.parametrize(
    ("ids", "split_by_id"), [(["i-1", "i-2"], False), (["i-2"], True)], ids=["on request", "one id"]
)
def test_the_error_stays_whole_where_it_need_not_be_told_apart(ids: list[str], split_by_id: bool) -> None:
    client, ec2 = describe_instances([not_found("i-2")], {"InstanceIds": ids}, split_by_id=split_by_id)
    answer = ec2.poll()
    assert answer.error is not None
    assert (len(client.asked), answer.refused) == (1, {})


# --- credentials


class Clients:
    """Makes a new client for each script, in order."""

    def __init__(self, *scripts: list[Step]) -> None:
        self._scripts = iter(scripts)
        self.made = 0

    def __call__(self) -> FakeClient:
        self.made += 1
        return scripted(model("ec2", "DescribeInstances"), next(self._scripts))


def test_an_expired_token_gets_a_new_client_within_the_same_poll() -> None:
    clients = Clients([page("a")])
    _old, ec2 = describe_instances([EXPIRED], connect=clients)
    assert ec2.poll().response["Reservations"] == ["a"]
    assert (clients.made, ec2.calls) == (1, 2)


def test_a_new_client_whose_token_has_expired_as_well_is_the_end() -> None:
    clients = Clients([EXPIRED], [page("never asked")])
    _old, ec2 = describe_instances([EXPIRED], connect=clients)
    error = ec2.poll().error
    assert error is not None
    assert (error.kind, clients.made) == (ErrorKind.CREDENTIALS, 1)


def test_the_expired_token_stays_the_cause_where_no_new_client_is_to_be_had() -> None:
    def gone() -> Any:
        raise BadInput([Problem("profile", "is gone meanwhile")])

    _old, ec2 = describe_instances([EXPIRED], connect=gone)
    error = ec2.poll().error
    assert error is not None
    assert error.code == "RequestExpired"


@pytest.mark.parametrize("between", [page("a"), not_found("i-1")], ids=["a response", "an error that AWS means"])
def test_after_an_answer_an_expired_token_gets_a_new_client_again(between: Step) -> None:
    """Tokens of an hour, a wait of three."""
    clients = Clients([between, EXPIRED], [page("b")])
    _old, ec2 = describe_instances([EXPIRED], connect=clients)
    ec2.poll()
    assert ec2.poll().response["Reservations"] == ["b"]
    assert clients.made == 2


def test_after_a_transient_error_an_expired_token_gets_no_second_client() -> None:
    clients = Clients([THROTTLED, EXPIRED], [page("never asked")])
    _old, ec2 = describe_instances([EXPIRED], connect=clients)
    ec2.poll()
    error = ec2.poll().error
    assert error is not None
    assert (error.kind, clients.made) == (ErrorKind.CREDENTIALS, 1)


def test_to_head_s3_says_of_an_expired_token_no_more_than_a_status() -> None:
    """It may mean something else; a new client is asked once, and whatever that is answered counts."""
    mute, head = refused("400", 400, "Bad Request"), model("s3", "HeadObject")
    made = iter([[answered(ETag="a"), mute, mute], [mute, mute], [answered(ETag="never asked")]])
    s3 = operation(scripted(head, [mute]), "s3", "HeadObject", connect=lambda: scripted(head, next(made)))
    assert s3.poll().response["ETag"] == "a"
    errors = [s3.poll().error, s3.poll().error]
    assert [(error.code, error.kind) for error in errors if error] == [("400", ErrorKind.REFUSED)] * 2
    assert (s3.calls, len(list(made))) == (5, 1)


def test_a_page_goes_on_with_the_new_client() -> None:
    clients = Clients([page("b")])
    old, ec2 = describe_instances([page("a", token="1"), EXPIRED], connect=clients)
    assert ec2.poll().response["Reservations"] == ["a", "b"]
    assert old.params == [{}, {"NextToken": "1"}]


@pytest.mark.parametrize("budget", [None, 5.0])
def test_credentials_that_are_not_there_when_they_are_used_are_an_error(budget: float | None) -> None:
    _client, ec2 = describe_instances(
        [NoCredentialsError(), NoCredentialsError()], connect=Clients([NoCredentialsError()])
    )
    error = ec2.poll(budget).error
    assert error is not None
    assert error.kind is ErrorKind.CREDENTIALS


def test_credentials_that_go_away_have_run_out() -> None:
    _client, ec2 = describe_instances(
        [page("a"), NoCredentialsError(), NoCredentialsError()], connect=Clients([EXPIRED])
    )
    assert ec2.poll().error is None
    error = ec2.poll().error
    assert error is not None
    assert error.kind is ErrorKind.CREDENTIALS


# --- budgets


class Hanging:
    """What answers here hangs until it is let go."""

    def __init__(self) -> None:
        self.client = FakeClient(service_model("ec2"), self._answer)
        self.let_go = threading.Event()

    def _answer(self, _operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        self.let_go.wait(30)
        return page("late")


def test_a_request_is_given_up_when_its_budget_is_spent() -> None:
    hanging = Hanging()
    answer = operation(hanging.client, "ec2", "DescribeInstances").poll(0.02)
    hanging.let_go.set()
    assert answer.error is not None
    assert answer.error.kind is ErrorKind.CONNECTION
    assert answer.error.message == "https://ec2.us-east-1.example gave no answer within 0.02 s"


def test_a_request_without_a_budget_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that trickle in keep every read within its time-out."""
    monkeypatch.setattr(f"{Operation.__module__}.LONGEST_REQUEST", 0.02)
    hanging = Hanging()
    answer = operation(hanging.client, "ec2", "DescribeInstances").poll()
    hanging.let_go.set()
    assert answer.error is not None
    assert answer.error.kind is ErrorKind.CONNECTION
    assert answer.error.message == "https://ec2.us-east-1.example gave no answer within 0.02 s"


@pytest.mark.parametrize("step", [page("a"), THROTTLED], ids=["a response", "an error"])
def test_within_its_budget_an_answer_is_as_ever(step: Step) -> None:
    _client, bounded = describe_instances([step])
    _client, free = describe_instances([step])
    assert bounded.poll(30) == free.poll()


def test_what_no_answer_explains_comes_out_of_the_budgets_thread_too() -> None:
    def interrupted(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise KeyboardInterrupt

    ec2 = operation(FakeClient(service_model("ec2"), interrupted), "ec2", "DescribeInstances")
    with pytest.raises(KeyboardInterrupt):
        ec2.poll(30)


def test_without_a_limit_all_ids_go_into_one_request() -> None:
    client = scripted(model("ec2", "DescribeInstances"), [page("a")])
    ids = [f"i-{number}" for number in range(3000)]
    unlimited = Operation(
        Transport(nobody, client, "DescribeInstances"), {"InstanceIds": ids}, IdParam("InstanceIds", (), None)
    )
    unlimited.poll()
    assert [len(params["InstanceIds"]) for params in client.params] == [3000]
