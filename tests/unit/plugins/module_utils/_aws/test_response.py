# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses as JSON, with secrets masked."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from botocore.model import ServiceModel
from botocore.response import StreamingBody
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.response import MASK, holds_secrets, json_safe, plain


def _ref(shape: str) -> dict[str, str]:
    return {"shape": shape}


SHAPES = {
    "PollResult": {
        "type": "structure",
        "members": {
            "Name": _ref("String"),
            "Secret": _ref("Secret"),
            "SecretCount": _ref("SecretCount"),
            "SecretThing": _ref("SecretThing"),
            "Thing": _ref("Thing"),
            "Things": _ref("Things"),
            "ByName": _ref("ByName"),
            "Secrets": _ref("Secrets"),
        },
    },
    "Thing": {
        "type": "structure",
        "members": {"Name": _ref("String"), "Secret": _ref("Secret"), "Inner": _ref("Thing")},
    },
    "Things": {"type": "list", "member": _ref("Thing")},
    "ByName": {"type": "map", "key": _ref("String"), "value": _ref("Thing")},
    "Secrets": {"type": "list", "member": _ref("Secret")},
    "SecretThing": {"type": "structure", "members": {"Name": _ref("String")}, "sensitive": True},
    "SecretCount": {"type": "integer", "sensitive": True},
    "Secret": {"type": "string", "sensitive": True},
    "String": {"type": "string"},
    "Open": {"type": "structure", "members": {"Name": _ref("String"), "Again": _ref("Open")}},
}
MODEL = ServiceModel(
    {"metadata": {"protocol": "json", "endpointPrefix": "toys"}, "operations": {}, "shapes": SHAPES}, "toys"
)
ANSWER = MODEL.shape_for("PollResult")
UTC = timezone.utc


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        pytest.param(datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), "2024-05-06T07:08:09+00:00", id="a time"),
        pytest.param(datetime(2024, 5, 6, 7, 8, 9, 500), "2024-05-06T07:08:09.000500", id="a time without a zone"),
        pytest.param(
            datetime(2024, 5, 6, tzinfo=timezone(timedelta(hours=2))), "2024-05-06T00:00:00+02:00", id="another zone"
        ),
        pytest.param(date(2024, 5, 6), "2024-05-06", id="a day"),
        pytest.param(b"text", "text", id="bytes that are text"),
        pytest.param("größer".encode(), "größer", id="bytes in UTF-8"),
        pytest.param(b"\xff\x00", "/wA=", id="other bytes"),
        pytest.param(bytearray(b"text"), "text", id="a bytearray"),
        pytest.param(float("nan"), "nan", id="not a number"),
        pytest.param(float("-inf"), "-inf", id="infinite"),
        pytest.param(0.5, 0.5, id="a float"),
        pytest.param("größer", "größer", id="a text"),
        pytest.param("cut off \ud83d", "cut off ?", id="half a surrogate pair, which UTF-8 can't carry"),
        pytest.param({"\ud83d": "a"}, {"?": "a"}, id="the same as a key"),
        pytest.param(None, None, id="null"),
        pytest.param(True, True, id="a boolean"),
        pytest.param((1, 2), [1, 2], id="a tuple"),
        pytest.param({1: {"a"}}, {"1": ["a"]}, id="a set, and a key that is no text"),
        pytest.param(StreamingBody(io.BytesIO(b"x"), 1), "<StreamingBody>", id="a stream"),
        pytest.param(Decimal(1), "<Decimal>", id="anything else"),
    ],
)
def test_a_value_is_made_of_what_json_has(value: Any, safe: Any) -> None:
    assert plain(value) == safe
    assert json_safe({"Member": {"Deep": [value]}}, None) == {"Member": {"Deep": [safe]}}
    json.dumps(plain(value), allow_nan=False, ensure_ascii=False).encode()


def test_a_stream_is_not_read() -> None:
    raw = io.BytesIO(b"an object")
    json_safe({"Body": StreamingBody(raw, 9)}, None)
    assert raw.tell() == 0


def test_the_metadata_is_left_out_at_the_top_alone() -> None:
    response = {"Name": "n", "ResponseMetadata": {"RequestId": "1"}, "Thing": {"ResponseMetadata": "kept"}}
    assert json_safe(response, ANSWER) == {"Name": "n", "Thing": {"ResponseMetadata": "kept"}}


@pytest.mark.parametrize(
    ("response", "safe"),
    [
        ({"Secret": "pw"}, {"Secret": MASK}),
        ({"Secret": ""}, {"Secret": MASK}),
        ({"Secret": None}, {"Secret": None}),
        ({"SecretCount": 0}, {"SecretCount": MASK}),
        ({"SecretThing": {"Name": "n"}}, {"SecretThing": MASK}),
        ({"Thing": {"Name": "n", "Secret": "pw"}}, {"Thing": {"Name": "n", "Secret": MASK}}),
        ({"Thing": {"Inner": {"Inner": {"Secret": "pw"}}}}, {"Thing": {"Inner": {"Inner": {"Secret": MASK}}}}),
        ({"Things": [{"Secret": "pw"}, {"Name": "n"}]}, {"Things": [{"Secret": MASK}, {"Name": "n"}]}),
        ({"ByName": {"Secret": {"Secret": "pw"}}}, {"ByName": {"Secret": {"Secret": MASK}}}),
        ({"ByName": {"Secret": {"Name": "n"}}}, {"ByName": {"Secret": {"Name": "n"}}}),
        ({"Secrets": ["a", "b"]}, {"Secrets": [MASK, MASK]}),
        ({"Name": "n", "Unmodelled": "x"}, {"Name": "n", "Unmodelled": "x"}),
    ],
)
def test_sensitive_members_are_masked(response: dict[str, Any], safe: dict[str, Any]) -> None:
    assert json_safe(response, ANSWER) == safe


@pytest.mark.parametrize(
    ("name", "secret"),
    [("PollResult", True), ("Thing", True), ("Things", True), ("ByName", True), ("Secret", True), ("Open", False)],
)
def test_whether_a_shape_can_hold_secrets(name: str, secret: bool) -> None:
    """Recursive shapes are walked once."""
    assert holds_secrets(MODEL.shape_for(name)) is secret


def test_no_shape_holds_no_secrets() -> None:
    assert not holds_secrets(None)


def test_the_password_in_a_real_response_is_masked() -> None:
    shape = Models(CATALOG).service_model("secretsmanager").operation_model("GetSecretValue").output_shape
    response = {
        "Name": "db",
        "SecretString": "pw",
        "SecretBinary": b"pw",
        "CreatedDate": datetime(2024, 1, 1, tzinfo=UTC),
    }
    safe = json_safe(response, shape)
    assert safe == {
        "Name": "db",
        "SecretString": MASK,
        "SecretBinary": MASK,
        "CreatedDate": "2024-01-01T00:00:00+00:00",
    }
    assert holds_secrets(shape)
