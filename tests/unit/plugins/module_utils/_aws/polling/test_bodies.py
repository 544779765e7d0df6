# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What comes with a good status and is no answer of AWS's, by protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.bodies import (
    DEEPEST,
    BareThrottle,
    ForeignAnswer,
    require_answer,
    require_own_error,
    require_shallow,
)

MODELS = Models(CATALOG)
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
    with pytest.raises(ValueError, match="empty"):
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
def test_a_body_of_the_operation_is_accepted(operation: tuple[str, str], body: bytes) -> None:
    check(operation, body)


def refuse(
    operation: tuple[str, str], body: bytes = b"", status: int = 400, headers: Mapping[str, str] | None = None
) -> None:
    model = MODELS.service_model(operation[0]).operation_model(operation[1])
    # botocore's headers go by any case, and so do these where it matters
    require_own_error({"status_code": status, "headers": headers or {}, "body": body}, model)


EC2_ERROR = b"<Response><Errors><Error><Code>InvalidVolume.NotFound</Code></Error></Errors></Response>"
QUERY_ERROR = b'<ErrorResponse xmlns="http://x"><Error><Code>DBInstanceNotFound</Code></Error></ErrorResponse>'
JSON_ERROR = b'{"__type": "ResourceNotFoundException"}'


@pytest.mark.parametrize(
    ("operation", "body", "headers"),
    [
        (EC2, EC2_ERROR, {}),
        (QUERY, QUERY_ERROR, {}),
        (REST_XML, QUERY_ERROR, {}),
        (("s3", "GetBucketVersioning"), b"<Error><Code>NoSuchBucket</Code></Error>", {}),
        (JSON, JSON_ERROR, {}),
        (REST_JSON, b'{"message": "No cluster"}', {"x-amzn-errortype": "ResourceNotFoundException"}),
        (REST_JSON, b"", {"x-amzn-errortype": "ResourceNotFoundException"}),
        (REST_JSON, b'{"message": "Forbidden"}', {"x-amzn-RequestId": "1"}),  # API Gateway
        (("s3", "GetBucketVersioning"), b"", {"x-amz-request-id": "1"}),
        (CBOR, b"\xa0", {"Content-Type": "application/cbor"}),
        (BUCKET, b"", {}),
        (BUCKET, b"", {"Content-Type": "application/xml"}),
        (BUCKET, b"", {"Content-Type": "text/html", "X-Amz-Request-Id": "1"}),
        (BUCKET, b"", {"Location": "https://logs.s3.eu-west-1.amazonaws.com/", "x-amz-bucket-region": "eu-west-1"}),
    ],
)
@pytest.mark.parametrize("status", [301, 307, 400, 403, 404])
def test_aws_refuses_in_its_own_form(
    operation: tuple[str, str], body: bytes, headers: dict[str, str], status: int
) -> None:
    refuse(operation, body, status, headers)


@pytest.mark.parametrize(
    ("operation", "body", "headers", "words"),
    [
        *((operation, PAGE, {}, "a page of HTML") for operation in (JSON, REST_JSON, QUERY, EC2, REST_XML, CBOR)),
        *((operation, b"404 page not found", {}, "no error code") for operation in (JSON, QUERY, EC2, REST_XML, CBOR)),
        *((operation, b"", {}, "no error code") for operation in (JSON, REST_JSON, QUERY, EC2, REST_XML)),
        (REST_JSON, b'{"message": "no Route matched with those values"}', {}, "no error code"),
        (EC2, b"<error><statusCode>404</statusCode></error>", {}, "no error code"),
        (EC2, PAGE, {"X-Amzn-RequestId": "1"}, "a page of HTML"),  # CloudFront
        (
            JSON,
            b"",
            {"Location": "https://user:pw@login.example/in?token=s3cret"},
            "redirect to https://login.example$",
        ),
        (BUCKET, b"", {"Content-Type": "text/html"}, "a page of HTML"),
        (OBJECT, b"", {"Content-Type": "text/plain"}, "no error code"),
        (OBJECT, b"", {"Location": "https://login.example/"}, "redirect to https://login.example"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 400, 403, 404])
def test_what_others_refuse_aws_has_not_refused(
    operation: tuple[str, str], body: bytes, headers: dict[str, str], words: str, status: int
) -> None:
    with pytest.raises(ForeignAnswer, match=f"HTTP status {status} and (a )?{words}"):
        refuse(operation, body, status, headers)


@pytest.mark.parametrize(
    ("operation", "body"), [(JSON, JSON_ERROR[:20]), (EC2, EC2_ERROR[:60]), (REST_XML, QUERY_ERROR[:70]), (JSON, b"{")]
)
@pytest.mark.parametrize("headers", [{}, {"x-amzn-requestid": "1"}])
def test_an_error_that_breaks_off_is_invalid(operation: tuple[str, str], body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="breaks off") as caught:
        refuse(operation, body, 400, headers)
    assert not isinstance(caught.value, ForeignAnswer)


@pytest.mark.parametrize("operation", [JSON, EC2, REST_XML, BUCKET])
@pytest.mark.parametrize("status", [200, 204, 304, 500, 502, 503])
def test_other_statuses_are_left_to_botocore(operation: tuple[str, str], status: int) -> None:
    refuse(operation, PAGE, status)
    if status >= 300:
        check(operation, PAGE, status)


@pytest.mark.parametrize("operation", [JSON, EC2, REST_XML])
@pytest.mark.parametrize("body", [b"", PAGE, b"slow down"])
def test_too_many_requests_are_too_many_whoever_says_so(operation: tuple[str, str], body: bytes) -> None:
    with pytest.raises(BareThrottle):
        refuse(operation, body, 429)
    refuse(operation, JSON_ERROR if operation is JSON else EC2_ERROR, 429)
    refuse(BUCKET, status=429, headers={"Content-Type": "text/html"})


@pytest.mark.parametrize("body", [b'{"message": "Welcome"}', b'{"padding": "xxxx"}'])
@pytest.mark.parametrize("operation", [JSON, REST_JSON])
def test_an_object_of_somebody_elses_is_no_answer(operation: tuple[str, str], body: bytes) -> None:
    with pytest.raises(ValueError, match="none of the operation's members"):
        check(operation, body)


def test_members_that_the_model_does_not_know_are_accepted() -> None:
    check(JSON, b'{"Certificate": {}, "New": 1}')


@pytest.mark.parametrize("body", [EC2_ERROR, b"<a/>", b'<?xml version="1.0"?>\n<Envelope><Body/></Envelope>'])
def test_xml_of_somebody_elses_is_no_answer_of_ec2s(body: bytes) -> None:
    with pytest.raises(ValueError, match="no answer of EC2's"):
        check(EC2, body)
    check(EC2, b'<?xml version="1.0" encoding="UTF-8"?>\n<DescribeVolumesResponse xmlns="http://x"><volumeSet/>')


def test_s3_answers_head_by_headers_alone() -> None:
    for kind in ("text/html; charset=utf-8", "text/plain"):
        headers = {"Content-Type": kind}
        for operation in (BUCKET, OBJECT):
            with pytest.raises(ValueError, match=f"type {kind}"):
                check(operation, headers=headers)
            check(operation, headers={**headers, "X-Amz-Request-Id": "4442587FB7D0A2F9"})
        check(OBJECT, headers={**headers, "ETag": '"d41d8cd9"'})  # an object may be a page
    for headers in ({}, {"Content-Type": "application/xml"}, {"Content-Type": "text/xml"}):
        check(BUCKET, headers=headers)


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
