# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The scripted endpoint, tested with real boto3 clients."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import botocore.session
import jmespath
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from tests.support import scripted
from tests.support.aws_responses import scripted_instances
from tests.support.random_values import Data, minimal
from tests.support.scripted import Request, Scenario, ScriptedEndpoint

SESSION = botocore.session.get_session()
LOADER = SESSION.get_component("data_loader")
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False)


def waiter_operations() -> list[tuple[str, str]]:
    pairs = set()
    for service in LOADER.list_available_services("waiters-2"):
        for waiter in LOADER.load_service_model(service, "waiters-2")["waiters"].values():
            pairs.add((service, waiter["operation"]))
    return sorted(pairs)


OPERATIONS = waiter_operations()

# What doesn't come back as written, from any server:
# the answer to a HEAD has no body, so botocore makes its error's code and message from the status;
HEADS = {("s3", "HeadBucket"), ("s3", "HeadObject")}
# botocore adds the text of the Expires header.
ADDED_BY_BOTOCORE = {("s3", "HeadObject"): ("ExpiresString",)}


def client(url: str, service: str, key: str, config: Config = ONE_ATTEMPT) -> Any:
    return SESSION.create_client(
        service, "eu-west-1", endpoint_url=url, aws_access_key_id=key, aws_secret_access_key="x", config=config
    )


@pytest.fixture(scope="module")
def aws() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint({}) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def client_of(aws: ScriptedEndpoint) -> Callable[[str], Any]:
    """A service's client; its scenario has the service's name. Tests come in order of service, so two are enough."""
    return lru_cache(maxsize=2)(lambda service: client(aws.url, service, service))


def call(client: Any, operation: str) -> dict[str, Any]:
    method = {api: name for name, api in client.meta.method_to_api_mapping.items()}[operation]
    answer = getattr(client, method)(**minimal(client.meta.service_model.operation_model(operation).input_shape))
    assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    return dict(answer)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_any_output_comes_back_as_it_was_written(aws: Any, client_of: Any, service: str, operation: str) -> None:
    boto = client_of(service)
    model = boto.meta.service_model.operation_model(operation)
    data = Data(f"{service} {operation}").of(model.output_shape)
    aws.add(service, {"service": service, "answers": {operation: [{"data": data}]}})
    answer = call(boto, operation)
    for name in ADDED_BY_BOTOCORE.get((service, operation), ()):
        answer.pop(name, None)
    assert answer == data
    request = aws.requests[-1]
    assert (request.scenario, request.service, request.operation) == (service, service, operation)
    assert request.params.items() >= minimal(model.input_shape).items()


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_an_error_comes_back_with_code_status_message(aws: Any, client_of: Any, service: str, operation: str) -> None:
    aws.add(service, {"service": service, "answers": [{"error": "Odd.Code", "message": "a < b & c", "status": 418}]})
    with pytest.raises(ClientError) as caught:
        call(client_of(service), operation)
    got = caught.value.response
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 418
    expected = ("418", "I'm a Teapot") if (service, operation) in HEADS else ("Odd.Code", "a < b & c")
    assert (got["Error"]["Code"], got["Error"]["Message"]) == expected


def instance(state: str, **more: Any) -> dict[str, Any]:
    return {**scripted_instances(i_1=state), **more}


def state(ec2: Any) -> str:
    """What a poll sees: the instance's state or an error's code."""
    try:
        return str(ec2.describe_instances()["Reservations"][0]["Instances"][0]["State"]["Name"])
    except ClientError as error:
        return str(error.response["Error"]["Code"])


def states(ec2: Any, polls: int) -> list[str]:
    return [state(ec2) for dummy in range(polls)]


@pytest.fixture(scope="module")
def ec2_of(aws: ScriptedEndpoint) -> Callable[..., Any]:
    """An EC2 client on a scenario of its own."""
    boto = cache(lambda: client(aws.url, "ec2", "AKIDEC2"))

    def make(**scenario: Any) -> Any:
        aws.add("AKIDEC2", scenario)
        return boto()

    return make


def test_each_poll_takes_the_next_answer_and_the_last_repeats_for_ever(ec2_of: Any) -> None:
    ec2 = ec2_of(answers=[instance("pending", repeat=2), {"error": "RequestLimitExceeded"}, instance("running")])
    assert states(ec2, 6) == ["pending", "pending", "RequestLimitExceeded", "running", "running", "running"]


def test_each_operation_has_its_own_place_in_its_own_list(ec2_of: Any) -> None:
    ec2 = ec2_of(
        answers={
            "DescribeInstances": [instance("pending"), instance("running")],
            "DescribeVolumes": [{"data": {"Volumes": []}}, {"error": "Late"}],
        }
    )
    assert state(ec2) == "pending"
    assert ec2.describe_volumes()["Volumes"] == []
    assert state(ec2) == "running"
    with pytest.raises(ClientError, match="Late"):
        ec2.describe_volumes()
    with pytest.raises(
        ClientError, match="no answers for ec2 DescribeVpcs, only for DescribeInstances, DescribeVolumes"
    ):
        ec2.describe_vpcs()


def test_by_time_the_clock_since_the_first_request_chooses() -> None:
    now = [1000.0]
    by_time = [instance("pending"), instance("running", at=3), {"error": "Gone", "at": 5.5}]
    with ScriptedEndpoint({"AKID": {"by_time": by_time}}, clock=lambda: now[0]) as aws:
        ec2 = client(aws.url, "ec2", "AKID")
        seen = []
        for now[0] in (1007, 1008, 1010, 1012, 1012.5, 1099):
            seen.append(state(ec2))
    assert seen == ["pending", "pending", "running", "running", "Gone", "Gone"]
    assert [request.at for request in aws.requests][:2] == [1007, 1008]


def test_a_function_gets_the_request(ec2_of: Any) -> None:
    def answer(request: Request) -> dict[str, Any]:
        ids = request.params["InstanceIds"]
        return {"data": {"Reservations": [{"Instances": [{"InstanceId": name} for name in ids]}]}}

    got = ec2_of(answers=[answer]).describe_instances(InstanceIds=["i-2", "i-1"])
    assert jmespath.search("Reservations[].Instances[].InstanceId", got) == ["i-2", "i-1"]


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ({"reset": True}, ConnectionClosedError),
        ({"hang": 0}, ConnectionClosedError),
        ({"hang": 9}, ReadTimeoutError),
        ({"raw": "", "delay": 9}, ReadTimeoutError),
        ({"raw": "<html>oh"}, ResponseParserError),
        ({"raw": "<DescribeInstancesResponse>", "headers": {"Content-Length": "99"}}, ResponseParserError),
        ({"raw": "PGh0bWw+", "base64": True, "status": 502}, ClientError),
    ],
)
def test_a_fault_reaches_the_client(aws: ScriptedEndpoint, answer: dict[str, Any], raised: type[Exception]) -> None:
    aws.add("AKIDFAULT", {"answers": [answer, instance("running")]})
    patience = 0.1 if raised is ReadTimeoutError else 30
    ec2 = client(aws.url, "ec2", "AKIDFAULT", ONE_ATTEMPT.merge(Config(read_timeout=patience)))
    with pytest.raises(raised) as caught:
        ec2.describe_instances()
    assert ("reset by peer" in repr(caught.value.__context__)) is ("reset" in answer)
    assert state(client(aws.url, "ec2", "AKIDFAULT")) == "running"


def test_an_answer_has_the_status_headers_and_delay_it_is_given(ec2_of: Any) -> None:
    ec2 = ec2_of(answers=[instance("running", status=202, headers={"x-amzn-requestid": "r-1"}, delay=0.05)])
    begin = time.monotonic()
    metadata = ec2.describe_instances()["ResponseMetadata"]
    assert time.monotonic() - begin >= 0.05
    assert (metadata["HTTPStatusCode"], metadata["HTTPHeaders"]["x-amzn-requestid"]) == (202, "r-1")


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("ec2", "DescribeInstances"),
        ("elbv2", "DescribeLoadBalancers"),
        ("dynamodb", "DescribeTable"),
        ("eks", "DescribeCluster"),
        ("cloudfront", "GetDistribution"),
        ("cloudwatch", "DescribeAlarms"),
        ("s3", "ListObjectsV2"),
    ],
)
def test_a_missing_scenario_is_named_in_every_protocol_and_not_retried(service: str, operation: str) -> None:
    with ScriptedEndpoint({"AKID": {"answers": [{"data": {}}]}}) as aws:
        boto = client(aws.url, service, "AKIDTYPO", Config(retries={"mode": "standard", "total_max_attempts": 3}))
        with pytest.raises(ClientError, match="no scenario AKIDTYPO among AKID") as caught:
            call(boto, operation)
    assert caught.value.response["Error"]["Code"] == "ScenarioMissing"
    assert aws.problems == ["ScenarioMissing: no scenario AKIDTYPO among AKID"]


def test_services_with_one_signing_name_are_distinguished_by_the_request_or_by_name(aws: ScriptedEndpoint) -> None:
    aws.add("AKIDLB", {"answers": {"DescribeLoadBalancers": [{"data": {}}]}})
    for service in ("elb", "elbv2"):
        client(aws.url, service, "AKIDLB").describe_load_balancers()
        assert aws.requests[-1].service == service
    aws.add("AKIDDB", {"answers": [{"data": {}}]})
    with pytest.raises(ClientError, match="scenario AKIDDB must name its service, one of docdb, neptune, rds"):
        client(aws.url, "neptune", "AKIDDB").describe_db_instances()
    aws.add("AKIDDB", {"service": "neptune", "answers": [{"data": {}}]})
    client(aws.url, "neptune", "AKIDDB").describe_db_instances()
    assert aws.requests[-1].service == "neptune"


def test_a_member_that_the_output_has_not_is_an_error_and_not_an_empty_answer(aws: Any, ec2_of: Any) -> None:
    ec2 = ec2_of(answers=[{"data": {"Reservations": [{"Instances": [{"State": {"Nam": "running"}}]}]}}])
    message = "ec2 DescribeInstances answers without a member Reservations\\[\\].Instances\\[\\].State.Nam"
    with pytest.raises(ClientError, match=message):
        ec2.describe_instances()
    assert aws.problems[-1].startswith("ScriptWrong: ")


def test_s3_with_its_bodies_and_without_them(aws: ScriptedEndpoint) -> None:
    answers = {
        "PutObject": [{"data": {"ETag": '"e"'}}],
        "GetObject": [{"data": {"Body": b"hello", "ContentLength": 99}}],
        "HeadObject": [{"error": "NoSuchKey", "status": 404}, {"data": {"ContentLength": 99}}],
    }
    aws.add("AKIDS3", {"answers": answers})
    s3 = client(aws.url, "s3", "AKIDS3", ONE_ATTEMPT.merge(Config(signature_version="s3v4")))
    where = {"Bucket": "bucket", "Key": "a/b c"}
    s3.put_object(**where, Body=b"x" * 1_000_000)
    assert aws.requests[-1].message.body == b"x" * 1_000_000
    assert aws.requests[-1].params.items() >= where.items()
    assert s3.get_object(**where)["Body"].read() == b"hello"
    with pytest.raises(ClientError) as caught:
        s3.head_object(**where)
    assert caught.value.response["Error"] == {"Code": "404", "Message": "Not Found"}
    assert s3.head_object(**where)["ContentLength"] == 99
    with urllib.request.urlopen(s3.generate_presigned_url("get_object", Params=where)) as answer:
        assert answer.read() == b"hello"


def test_unsigned_requests_have_the_scenario_anonymous(aws: ScriptedEndpoint) -> None:
    aws.add("anonymous", {"service": "s3", "answers": [{"data": {"Name": "bucket"}}]})
    s3 = client(aws.url, "s3", "unused", ONE_ATTEMPT.merge(Config(signature_version=UNSIGNED)))
    assert s3.list_objects_v2(Bucket="bucket")["Name"] == "bucket"


def test_as_a_command_it_prints_its_url_and_serves(tmp_path: Path) -> None:
    file = tmp_path / "scenarios.json"
    file.write_text(json.dumps({"AKID": {"answers": [{"data": {"cluster": {"createdAt": "2024-05-06T07:08:09Z"}}}]}}))
    server = subprocess.Popen([sys.executable, scripted.__file__, str(file)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        got = client(server.stdout.readline().strip(), "eks", "AKID").describe_cluster(name="x")
    finally:
        server.terminate()
        server.communicate()
    assert got["cluster"]["createdAt"] == datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ({}, "one of answers and by_time"),
        ({"answers": [{"data": {}}], "by_time": [{"data": {}}]}, "one of answers and by_time"),
        ({"answers": [{"data": {}}], "sevice": "ec2"}, "sevice"),
        ({"answers": []}, "at least one"),
        ({"answers": [{"data": {}, "error": "X"}]}, "exactly one"),
        ({"answers": [{"delay": 1}]}, "exactly one"),
        ({"answers": [{"data": {}, "repeet": 2}]}, "no repeet"),
        ({"answers": [{"data": {}, "repeat": 0}]}, "at least once"),
        ({"by_time": [{"data": {}, "at": 2}, {"data": {}, "at": 1}]}, "order"),
        ({"by_time": [lambda _: {"data": {}}]}, "function"),
    ],
)
def test_a_wrong_scenario_is_refused_at_once(scenario: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Scenario("AKID", scenario)
