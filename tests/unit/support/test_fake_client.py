# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake client emits what a boto3 client emits, with the responses that the service would have sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from tests.support.aws_responses import answered, instances, refused
from tests.support.catalog import CATALOG
from tests.support.fake_client import FakeClient, Step, scripted
from tests.support.scripted import ScriptedEndpoint

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.bodies import (
    require_answer,
    require_own_error,
)

MODELS = Models(CATALOG)
EVENTS = ("before-send", "before-parse", "response-received")
OPERATIONS = [  # one for each protocol, one without a body, and one whose body is a member
    ("ec2", "DescribeInstances", {"Reservations": []}),
    ("rds", "DescribeDBInstances", {"DBInstances": []}),
    ("ecs", "DescribeServices", {"services": []}),
    ("lambda", "GetFunction", {"Configuration": {}}),
    ("cloudfront", "GetDistribution", {"Distribution": {}}),
    ("s3", "HeadObject", {"ETag": "a"}),
    ("s3", "GetObject", {"Body": "a stream"}),
    ("cloudwatch", "DescribeAlarms", {"MetricAlarms": []}),
]


def model(service: str, operation: str) -> Any:
    return MODELS.service_model(service).operation_model(operation)


def listen(client: Any) -> list[tuple[str, Any]]:
    """The events that the client will emit, each with the status of its response."""
    heard: list[tuple[str, Any]] = []

    def note(event_name: str, response_dict: Any = None, **_event: Any) -> None:
        heard.append((event_name, response_dict and response_dict["status_code"]))

    for event in EVENTS:
        client.meta.events.register(event, note)
    return heard


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (answered(**instances(i_1="running")), {"data": instances(i_1="running")}),
        (refused("UnauthorizedOperation", 403), {"error": "UnauthorizedOperation", "status": 403}),
        (refused("InternalError", 500), {"error": "InternalError", "status": 500}),
        (ReadTimeoutError(endpoint_url="https://ec2.example"), {"reset": True}),
    ],
    ids=["a response", "an error", "a server's error", "no response"],
)
def test_it_emits_the_events_of_a_real_client(step: Step, answer: dict[str, Any]) -> None:
    def ask(method: Callable[[], Any]) -> None:
        if isinstance(step, Exception):
            with pytest.raises(ClientError if isinstance(step, ClientError) else Exception):
                method()
        else:
            method()

    fake = scripted(model("ec2", "DescribeInstances"), [step])
    heard = listen(fake)
    ask(fake.DescribeInstances)
    with ScriptedEndpoint({"AKID": {"service": "ec2", "answers": [answer]}}) as aws:
        config = botocore.config.Config(retries={"total_max_attempts": 1})
        real = botocore.session.get_session().create_client(
            "ec2", "r", endpoint_url=aws.url, aws_access_key_id="AKID", aws_secret_access_key="x", config=config
        )
        expected = listen(real)
        ask(real.describe_instances)
    assert heard == expected


@pytest.mark.parametrize(("service", "operation", "members"), OPERATIONS)
def test_its_responses_are_those_of_aws_in_every_protocol(service: str, operation: str, members: Any) -> None:
    checked: list[int] = []
    steps = [
        answered(**members),
        answered(),
        refused("AnyCode", 404, "It isn't \ud83d \x00 there."),
        refused("Slow", 429),
    ]
    client = scripted(model(service, operation), steps)

    def check(response_dict: Any, operation_model: Any, **_event: Any) -> None:
        require_own_error(response_dict, operation_model)
        require_answer(response_dict, operation_model)
        checked.append(response_dict["status_code"])

    client.meta.events.register("before-parse", check)
    for step in steps:
        if isinstance(step, Exception):
            with pytest.raises(ClientError):
                getattr(client, operation)()
        else:
            assert getattr(client, operation)() == step
    assert checked == [200, 200, 404, 429]


def test_what_a_handler_raises_comes_out() -> None:
    def refuse(**_event: Any) -> None:
        raise ValueError("no answer of EC2's")

    client = scripted(model("ec2", "DescribeInstances"), [answered()])
    client.meta.events.register("response-received", refuse)
    with pytest.raises(ValueError, match="no answer"):
        client.DescribeInstances()


def test_an_answer_with_members_of_another_operation_is_noticed() -> None:
    client = FakeClient(MODELS.service_model("ecs"), lambda _operation, _params: {"clusters": []})
    client.meta.events.register(
        "before-parse", lambda response_dict, operation_model, **_event: require_answer(response_dict, operation_model)
    )
    with pytest.raises(ValueError, match="none of the operation's members"):
        client.DescribeServices()
