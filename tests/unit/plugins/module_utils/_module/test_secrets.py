# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as a secret, and the signing secrets of a request if an error repeats them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.model import ServiceModel

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.transport import Request, Transport
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.response import MASK
from ansible_collections.cloudwait.aws.plugins.module_utils._module.concealed import concealed
from ansible_collections.cloudwait.aws.plugins.module_utils._module.secrets import (
    mask_echoes,
    passwords,
    sensitive,
)

TOKEN = "IQoJb3JpZ2luX2VjEOr9aCXVzLWVhc3Qt"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://me:tiger@127.0.0.1:4566", {"tiger"}),
        ("https://me:ti%2Fger@host/path", {"ti%2Fger", "ti/ger"}),
        ("http://:tiger@host", {"tiger"}),
        ("http://me:ti@ger:7@host", {"ti@ger:7"}),
        ("me:tiger@proxy:3128", {"tiger"}),
        ("http://me@host", set()),
        ("http://host:4566/a:b@c", set()),
        ("host:4566", set()),
        ("", set()),
        (None, set()),
        (5, set()),
    ],
)
def test_the_password_in_a_url_is_found(url: Any, found: set[str]) -> None:
    assert passwords({"endpoint_url": url, "aws_config": None}) == found
    assert passwords({"aws_config": {"proxies": {"https": url}}}) == found


@pytest.mark.parametrize("config", [None, {}, {"proxies": None}, {"proxies": "http://me:tiger@host"}])
def test_a_configuration_that_is_of_no_use_holds_no_password(config: Any) -> None:
    assert passwords({"aws_config": config}) == set()


def _shape() -> Any:
    model = ServiceModel(
        {
            "metadata": {"protocol": "json", "endpointPrefix": "toys", "serviceFullName": "Toys"},
            "operations": {"Get": {"name": "Get", "input": {"shape": "Input"}}},
            "shapes": {
                "Input": {
                    "type": "structure",
                    "members": {
                        "Name": {"shape": "Text"},
                        "Key": {"shape": "Secret"},
                        "Keys": {"shape": "Secrets"},
                        "Pins": {"shape": "Pins"},
                        "Vault": {"shape": "Vault"},
                        "Inner": {"shape": "Input"},
                    },
                },
                "Text": {"type": "string"},
                "Secret": {"type": "string", "sensitive": True},
                "Secrets": {"type": "list", "member": {"shape": "Secret"}},
                "Pin": {"type": "integer", "sensitive": True},
                "Pins": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Pin"}},
                "Vault": {"type": "structure", "sensitive": True, "members": {"All": {"shape": "Secrets"}}},
            },
        },
        "toys",
    )
    return model.operation_model("Get").input_shape


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"Name": "a", "Key": "b"}, ["b"]),
        ({"Keys": ["a", "b"]}, ["a", "b"]),
        ({"Pins": {"card": 1234}}, ["1234"]),
        ({"Vault": {"All": ["a", {"b": "c"}]}}, ["a", "c"]),
        ({"Inner": {"Inner": {"Key": "b"}}}, ["b"]),
        ({"Key": ""}, []),
        ({"Key": None, "Keys": None, "Unknown": {"Key": "b"}}, []),
    ],
)
def test_what_the_model_calls_sensitive_is_found_in_parameters(params: dict[str, Any], found: list[str]) -> None:
    assert list(sensitive(params, _shape())) == found


def test_an_operation_without_parameters_has_none_that_are_sensitive() -> None:
    assert list(sensitive({}, None)) == []


class _Repeats:
    """Responds with an error that repeats the request's own headers."""

    def __init__(self, client: Any) -> None:
        self.signatures: list[str] = []
        client.meta.events.register_last("before-send", self._answer)

    def _answer(self, request: Any, **_event: Any) -> AWSResponse:
        headers = {name: _text(value) for name, value in request.headers.items()}
        self.signatures.append(headers["Authorization"].rpartition("Signature=")[2])
        echo = "".join(f"{name.lower()}:{value}\n" for name, value in headers.items())
        body = (
            f"<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>{echo}</Message></Error></ErrorResponse>"
        )
        raw = SimpleNamespace(stream=lambda: iter([body.encode()]))
        return AWSResponse(request.url, 403, {"Content-Type": "text/xml"}, raw)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def test_signing_secrets_are_masked_in_an_error_that_repeats_them() -> None:
    client = botocore.session.Session().create_client(
        "rds", "us-east-1", aws_access_key_id="AKID", aws_secret_access_key="secret", aws_session_token=TOKEN
    )
    mask_echoes(client)
    transport = Transport(lambda: client, client, "describe_db_instances")
    repeats = _Repeats(client)
    for _request in range(2):
        error = Request(transport, {}).send().error
        assert error is not None
        message = error.message
        assert "x-amz-security-token:********\n" in message
        assert "Credential=AKID/" in message
        assert TOKEN not in message
        assert not [signature for signature in repeats.signatures if signature in message]


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"Bucket": "logs", "Key": "today", "SSECustomerKey": "tiger"}, {"SSECustomerKey"}),
        ({"Bucket": "logs", "SSECustomersKey": "tiger"}, {"SSECustomersKey"}),
        ({"Bucket": "logs", "Delete": {"Objects": [{"Key": "today"}]}}, set()),
        ({}, set()),
    ],
)
def test_what_may_be_secret_is_concealed_before_anything_is_known(params: Any, told: set[str]) -> None:
    args = {"service": "s3", "waiter": "object_exist", "params": params, "delay": 3}
    assert concealed(args) == {**args, "params": {**params, **dict.fromkeys(told, MASK)}}


def test_the_same_is_concealed_in_each_of_many() -> None:
    entries = [
        {"service": "s3", "params": {"Bucket": "logs", "SSECustomerKey": "tiger"}},
        {"service": "rds", "params": {"DBInstanceIdentifier": "orders", "Filters": [{"Name": "a", "Values": ["b"]}]}},
        {"name": "no params"},
        "service=s3 params=tiger",
    ]
    args = {"service": None, "params": {"SSECustomerKey": "tiger"}, "waits": entries}
    told = concealed(args)
    assert "tiger" not in str(told)
    assert told["waits"][1:3] == entries[1:3]
    assert told["waits"][0]["params"]["Bucket"] == "logs"


@pytest.mark.parametrize("service", ["s33", "", None, ["s3"], 5, "../s3"])
@pytest.mark.parametrize("params", [{"Bucket": "tiger"}, "Bucket=tiger", ["tiger"]])
def test_all_params_of_an_unknown_service_are_concealed(service: Any, params: Any) -> None:
    assert "tiger" not in str(concealed({"service": service, "params": params}))
    assert "tiger" not in str(concealed({"waits": [{"service": service, "params": params}]}))
    assert "tiger" not in str(concealed({"service": "s3", "waits": {"service": service, "params": params}}))
