# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which errors are transient errors, which are run-out credentials, and which are AWS's answer."""

from __future__ import annotations

from typing import Any

import botocore.exceptions as boto
import pytest
from botocore.model import ServiceModel
from botocore.parsers import ResponseParserError
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.bodies import BareThrottle, ForeignAnswer
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.errors import (
    from_answer,
    from_credentials,
    from_exception,
    tells_of_skew,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import ErrorKind, ServiceError

ENDPOINT = "https://ec2.eu-west-1.amazonaws.com"


def _error(code: str, **traits: Any) -> dict[str, Any]:
    return {"type": "structure", "members": {}, "exception": True, "error": {"code": code}, **traits}


MODEL = ServiceModel(
    {
        "metadata": {"protocol": "json", "endpointPrefix": "toys", "serviceFullName": "Toys"},
        "operations": {
            "Get": {"name": "Get", "errors": [{"shape": name} for name in ("Busy", "Broken", "Final", "Unread")]}
        },
        "shapes": {
            "Busy": _error("TooBusy", retryable={"throttling": True}),
            "Broken": _error("Broken", retryable={"throttling": False}),
            "Final": _error("Final"),
            "Unread": _error("Unread"),
        },
    },
    "toys",
).operation_model("Get")


def answered(code: str, status: int | None = 400, message: str = "words") -> ServiceError:
    body = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return from_answer(body, MODEL)


@pytest.mark.parametrize("code", ThrottledRetryableChecker._THROTTLED_ERROR_CODES)
def test_what_botocore_takes_for_throttling_is_throttling(code: str) -> None:
    assert answered(code).kind is ErrorKind.THROTTLED


@pytest.mark.parametrize("code", TransientRetryableChecker._TRANSIENT_ERROR_CODES)
def test_what_botocore_takes_for_transient_is_a_transient_error(code: str) -> None:
    assert answered(code).kind.is_transient


@pytest.mark.parametrize("status", TransientRetryableChecker._TRANSIENT_STATUS_CODES)
def test_what_botocore_takes_for_a_transient_status_is_a_fault_of_the_server(status: int) -> None:
    assert answered("Odd", status).kind is ErrorKind.SERVER


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("Odd", 429, ErrorKind.THROTTLED),
        ("Throttling", 500, ErrorKind.THROTTLED),
        ("Odd", 599, ErrorKind.SERVER),
        ("InternalError", 400, ErrorKind.SERVER),
        ("InternalFailure", 500, ErrorKind.SERVER),
        ("Unavailable", 400, ErrorKind.SERVER),
        ("TooBusy", 400, ErrorKind.THROTTLED),
        ("Busy", 400, ErrorKind.THROTTLED),
        ("Broken", 400, ErrorKind.SERVER),
        ("Final", 400, ErrorKind.REFUSED),
        ("Final", 500, ErrorKind.SERVER),
        ("ExpiredToken", 400, ErrorKind.CREDENTIALS),
        ("ExpiredTokenException", 403, ErrorKind.CREDENTIALS),
        ("RequestExpired", 400, ErrorKind.CREDENTIALS),
        ("ExpiredToken", 500, ErrorKind.CREDENTIALS),
        ("AccessDenied", 403, ErrorKind.REFUSED),
        ("UnauthorizedOperation", 403, ErrorKind.REFUSED),
        ("InvalidClientTokenId", 403, ErrorKind.REFUSED),
        ("ValidationError", 400, ErrorKind.REFUSED),
        ("InvalidInstanceID.NotFound", 400, ErrorKind.REFUSED),
        ("404", 404, ErrorKind.REFUSED),
        ("Odd", None, ErrorKind.REFUSED),
    ],
)
def test_an_error_is_of_the_kind_that_code_model_and_status_say(code: str, status: int | None, kind: ErrorKind) -> None:
    assert answered(code, status) == ServiceError(code, "words", kind, status)


@pytest.mark.parametrize(
    ("response", "code"),
    [
        ({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": 503}}, "503"),
        ({"Error": {"Code": "", "Message": None}, "ResponseMetadata": {"HTTPStatusCode": 404}}, "404"),
        ({"Error": {"Code": 404}, "ResponseMetadata": {"HTTPStatusCode": 404}}, "404"),
        ({"ResponseMetadata": {"HTTPStatusCode": 400}}, "400"),
        ({}, "Unknown"),
    ],
)
def test_an_error_without_a_code_goes_by_its_status(response: dict[str, Any], code: str) -> None:
    error = from_answer(response, MODEL)
    assert (error.code, error.message) == (code, "")


@pytest.mark.parametrize(
    ("exception", "kind"),
    [
        (boto.EndpointConnectionError(endpoint_url=ENDPOINT), ErrorKind.UNREACHABLE),
        (boto.ProxyConnectionError(proxy_url="http://proxy"), ErrorKind.UNREACHABLE),
        (boto.SSLError(endpoint_url=ENDPOINT, error="certificate"), ErrorKind.UNREACHABLE),
        (boto.ConnectTimeoutError(endpoint_url=ENDPOINT), ErrorKind.CONNECTION),
        (boto.ReadTimeoutError(endpoint_url=ENDPOINT), ErrorKind.CONNECTION),
        (boto.ConnectionClosedError(endpoint_url=ENDPOINT), ErrorKind.CONNECTION),
        (boto.HTTPClientError(error="odd"), ErrorKind.CONNECTION),
        (boto.IncompleteReadError(actual_bytes=1, expected_bytes=2), ErrorKind.CONNECTION),
        (boto.ResponseStreamingError(error="cut"), ErrorKind.CONNECTION),
        (boto.NoCredentialsError(), ErrorKind.CREDENTIALS),
        (boto.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), ErrorKind.CREDENTIALS),
        (boto.CredentialRetrievalError(provider="sso", error_msg="x"), ErrorKind.CREDENTIALS),
        (boto.TokenRetrievalError(provider="sso", error_msg="x"), ErrorKind.CREDENTIALS),
        (boto.SSOTokenLoadError(profile_name="p", error_msg="x"), ErrorKind.CREDENTIALS),
        (boto.UnauthorizedSSOTokenError(), ErrorKind.CREDENTIALS),
        (boto.ParamValidationError(report="odd"), ErrorKind.REFUSED),
        (boto.DataNotFoundError(data_path="x"), ErrorKind.REFUSED),
        (ForeignAnswer("HTTP status 403 and a page of HTML"), ErrorKind.UNREACHABLE),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_exception_is_of_the_kind_that_its_class_says(exception: Exception, kind: ErrorKind) -> None:
    error = from_exception(exception, ENDPOINT)
    assert error.kind is kind
    assert error.code == type(exception).__name__
    assert error.status is None
    assert len(error.message.splitlines()) == 1


@pytest.mark.parametrize(
    "exception",
    [
        ResponseParserError("not XML\n<whatever>"),
        ValueError("Invalid header"),
        KeyError("Item"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        RecursionError(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_the_parser_throws_is_a_fault_of_the_server(exception: Exception) -> None:
    error = from_exception(exception, ENDPOINT)
    assert (error.code, error.kind, error.status) == ("ResponseParserError", ErrorKind.SERVER, None)
    assert len(error.message.splitlines()) == 1
    assert ENDPOINT in error.message


SENT = {"date": "Sun, 06 Nov 1994 08:49:30 GMT"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 120 "}, 120),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"x-amz-retry-after": "1500"}, 1.5),
        ({"x-amz-retry-after": "1500", "retry-after": "1"}, 1.5),
        ({"x-amz-retry-after": "1500", "retry-after": "2"}, 2),
        ({"x-amz-retry-after": "soon", "retry-after": "2"}, 2),
        ({"Retry-After": "7"}, 7),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", **SENT}, 7),
        ({"retry-after": "Sunday, 06-Nov-94 08:49:37 GMT", **SENT}, 7),
        ({"retry-after": "Sun Nov  6 08:49:37 1994", **SENT}, 7),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:50:30 GMT"}, 0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "yesterday"}, 0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0),
        *(({"retry-after": text, "x-amz-retry-after": text}, 0) for text in ("", "-5", "nan", "1e9", "5, 5", "soon")),
        ({"retry-after": "Sun, 99 Nov 1994 99:49:37 GMT"}, 0),
    ],
)
def test_aws_asks_in_seconds_by_a_date_or_in_milliseconds_how_long_to_wait(
    headers: dict[str, str], seconds: float
) -> None:
    body = {"Error": {"Code": "Throttling"}, "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": headers}}
    assert from_answer(body, MODEL).retry_after == seconds
    assert from_exception(BareThrottle("too many requests"), ENDPOINT, headers).retry_after == seconds
    for_credentials = from_credentials(boto.ClientError(body, "AssumeRole"), MODEL)
    assert (for_credentials.retry_after, for_credentials.status) == (seconds, None)


def test_a_date_counts_by_the_own_clock_where_the_server_names_none() -> None:
    metadata = {"HTTPStatusCode": 503, "HTTPHeaders": {"retry-after": "Sun, 06 Nov 9994 08:49:37 GMT"}}
    assert from_answer({"ResponseMetadata": metadata}, MODEL).retry_after > 1e9


def test_only_transient_errors_ask_to_wait() -> None:
    metadata = {"HTTPStatusCode": 403, "HTTPHeaders": {"retry-after": "7"}}
    assert from_answer({"Error": {"Code": "AccessDenied"}, "ResponseMetadata": metadata}, MODEL).retry_after == 0


def test_a_throttle_without_a_word_is_one() -> None:
    error = from_exception(BareThrottle("too many requests"), ENDPOINT)
    assert error == ServiceError("429", "too many requests", ErrorKind.THROTTLED, 429)


@pytest.mark.parametrize(
    ("code", "message", "skewed"),
    [
        ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", True),
        ("RequestInTheFuture", "", True),
        ("RequestExpired", "Request has expired.", True),
        ("InvalidSignatureException", "Signature expired: 20261121T101500Z is now earlier than …", True),
        ("SignatureDoesNotMatch", "Signature not yet current: 20261121T101500Z is still later than …", True),
        ("SignatureDoesNotMatch", "The request signature we calculated does not match", False),
        ("ExpiredToken", "The provided token has expired.", False),
        ("AccessDenied", "", False),
    ],
)
def test_a_wrong_clock_is_told_from_a_wrong_key(code: str, message: str, skewed: bool) -> None:
    assert tells_of_skew(answered(code, 403, message)) is skewed


@pytest.mark.parametrize("code", ["RequestTimeTooSkewed", "RequestInTheFuture", "InvalidSignatureException"])
def test_a_wrong_clock_does_not_mend_itself(code: str) -> None:
    assert answered(code, 403).kind is ErrorKind.REFUSED


@pytest.mark.parametrize(
    "exception",
    [
        boto.EndpointConnectionError(endpoint_url=ENDPOINT),
        boto.SSLError(endpoint_url="", error="certificate"),
        boto.ProxyConnectionError(proxy_url="http://proxy"),
        ResponseParserError("not XML\nat all"),
    ],
    ids=lambda exception: type(exception).__name__,
)
def test_what_may_be_a_wrong_endpoint_names_it_once(exception: Exception) -> None:
    assert from_exception(exception, ENDPOINT).message.count(ENDPOINT) == 1


def test_an_answer_that_cannot_be_parsed_is_said_to_be_one() -> None:
    message = from_exception(ResponseParserError("no element found\nbytes"), ENDPOINT).message
    assert message == f"{ENDPOINT} sent an answer that can't be parsed: no element found"
