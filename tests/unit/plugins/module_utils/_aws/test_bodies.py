# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What comes with a good status and is no answer of AWS's, by protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.bodies import (
    DEEPEST,
    require_answer,
    require_shallow,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models

MODELS = Models()
PAGE = b"<html><body>Sign in to the hotel's network</body></html>"
XHTML = b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html></html>'
JSON, REST_JSON = ("acm", "DescribeCertificate"), ("eks", "DescribeCluster")
QUERY, EC2, REST_XML = ("rds", "DescribeDBInstances"), ("ec2", "DescribeVolumes"), ("cloudfront", "GetDistribution")
BUCKET, OBJECT, CBOR = ("s3", "HeadBucket"), ("s3", "HeadObject"), ("arc-region-switch", "GetPlan")


def check(
    operation: tuple[str, str], body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None
) -> None:
    model = MODELS.service_model(operation[0]).operation_model(operation[1])
    require_answer({"status_code": status, "headers": headers or {}, "body": body}, model)


@pytest.mark.parametrize("operation", [JSON, REST_JSON, QUERY, EC2, REST_XML])
@pytest.mark.parametrize("page", [PAGE, XHTML, b"  \n<HTML>", b"<!doctype html><p>No"])
def test_a_page_is_no_answer(operation: tuple[str, str], page: bytes) -> None:
    with pytest.raises(ValueError, match="HTML"):
        check(operation, page)


@pytest.mark.parametrize("operation", [JSON, REST_JSON, QUERY, EC2, REST_XML, CBOR])
def test_nothing_is_no_answer_where_there_are_members_to_tell(operation: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="nothing"):
        check(operation)
    check(operation, status=204)


@pytest.mark.parametrize("body", [b"[]", b"null", b'"CREATED"', b"7", b'{"Certificate": ', b"\xff"])
@pytest.mark.parametrize("operation", [JSON, REST_JSON])
def test_json_is_one_whole_object(operation: tuple[str, str], body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no JSON object|Expecting|decode"):
        check(operation, body)


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        (JSON, b"{}"),
        (REST_JSON, b'{"cluster": {"status": "ACTIVE"}}'),
        (EC2, b"<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>"),
        (REST_XML, b"<Distribution><Status>Deployed</Status></Distribution>"),
        (("lambda", "Invoke"), PAGE),  # a body that is somebody's own
        (("s3", "GetObject"), PAGE),
        (("sqs", "DeleteQueue"), b""),
    ],
)
def test_answers_are_answers(operation: tuple[str, str], body: bytes) -> None:
    check(operation, body)


@pytest.mark.parametrize("status", [301, 400, 404, 503])
def test_errors_are_left_to_botocore(status: int) -> None:
    check(EC2, PAGE, status)


def test_s3_answers_head_by_headers_alone() -> None:
    page = {"Content-Type": "text/html; charset=utf-8"}
    for operation in (BUCKET, OBJECT):
        with pytest.raises(ValueError, match="HTML"):
            check(operation, headers=page)
        check(operation, headers={**page, "X-Amz-Request-Id": "4442587FB7D0A2F9"})
        check(operation, headers={"Content-Type": "application/xml"})
    check(OBJECT, headers={**page, "ETag": '"d41d8cd9"'})  # an object may be a page


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "x"}
    for _level in range(levels):
        value = {"L": [value]}
    return {"Item": {"state": value}}


def test_what_is_nested_too_deeply_to_be_walked_through_is_no_answer() -> None:
    shape = MODELS.service_model("dynamodb").operation_model("GetItem").output_shape
    require_shallow(nested(32), shape)  # the deepest that DynamoDB takes
    with pytest.raises(ValueError, match=f"{DEEPEST} levels"):
        require_shallow(nested(400), shape)


def test_most_shapes_have_an_end_and_are_not_walked_through() -> None:
    class Walked(dict[str, Any]):
        def values(self) -> Any:
            raise AssertionError

    shape = MODELS.service_model("ec2").operation_model("DescribeInstances").output_shape
    require_shallow(Walked(), shape)
    require_shallow({}, None)
