# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which errors are weather, which are run-out credentials and which are AWS's answer: one table, with its sources."""

from __future__ import annotations

from typing import Any

from .._definition.problem import BadInput, Problem
from .._engine.answer import ErrorKind, ServiceError
from .sdk import botocore

# botocore/retries/standard.py, ThrottledRetryableChecker, with the codes of its retryhandler's _retry.json.
# A service's own model may name more (the `retryable` trait of its error shapes).
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "Throttling.User",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
# The services' "common errors" pages, EC2's and S3's lists of error codes: faults of theirs, some sent with status 400.
_SERVER = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "InternalServiceError",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Unavailable",
    }
)
# STS's, EC2's and S3's codes for a session that was good and has run out.
_RUN_OUT = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})


def from_answer(response: dict[str, Any], operation_model: Any) -> ServiceError:
    """The error in an error response as botocore parses it (``ClientError.response``)."""
    body = response.get("Error") or {}
    status = (response.get("ResponseMetadata") or {}).get("HTTPStatusCode")
    code = str(body.get("Code") or status or "Unknown")
    return ServiceError(code, str(body.get("Message") or ""), _kind(code, status, operation_model), status)


def from_exception(error: Exception, endpoint: str, was_answered: bool = False) -> ServiceError:
    """The error behind an exception that brought no answer of AWS's.

    BadInput where there are no credentials at all, unless there were some for a request before (``was_answered``).
    """
    exceptions = botocore.exceptions
    if isinstance(error, (exceptions.NoCredentialsError, exceptions.PartialCredentialsError)):
        if was_answered:
            return ServiceError(type(error).__name__, _first_line(error), ErrorKind.CREDENTIALS)
        text = "no AWS credentials were found in the module's options, its environment or its configuration files"
        if isinstance(error, exceptions.PartialCredentialsError):
            text = f"the AWS credentials are not complete: {error}"
        raise BadInput([Problem("credentials", text)]) from None
    for kind, classes in _exceptions():
        if isinstance(error, classes):
            return ServiceError(type(error).__name__, _sentence(error, kind, endpoint), kind)
    # the one thing left that a call does is to parse the answer
    return ServiceError(
        type(error).__name__, f"{endpoint} sent an answer that can't be parsed: {_first_line(error)}", ErrorKind.SERVER
    )


def _kind(code: str, status: int | None, operation_model: Any) -> ErrorKind:
    if code in _RUN_OUT:
        return ErrorKind.CREDENTIALS
    if code in _THROTTLED or status == 429:
        return ErrorKind.THROTTLED
    if code in _SERVER:
        return ErrorKind.SERVER
    for shape in operation_model.error_shapes:
        if code in (shape.name, shape.metadata.get("error", {}).get("code")) and "retryable" in shape.metadata:
            throttles = shape.metadata["retryable"].get("throttling")
            return ErrorKind.THROTTLED if throttles else ErrorKind.SERVER
    return ErrorKind.SERVER if status is not None and status >= 500 else ErrorKind.REFUSED


def _exceptions() -> tuple[tuple[ErrorKind, tuple[type[Exception], ...]], ...]:
    """botocore's exceptions by kind; the first row that fits counts."""
    exceptions = botocore.exceptions
    return (
        (
            ErrorKind.UNREACHABLE,
            (exceptions.EndpointConnectionError, exceptions.ProxyConnectionError, exceptions.SSLError),
        ),
        (
            ErrorKind.CONNECTION,
            (
                exceptions.ConnectionError,
                exceptions.HTTPClientError,
                exceptions.IncompleteReadError,
                exceptions.ChecksumError,
            ),
        ),
        (
            ErrorKind.CREDENTIALS,
            (
                exceptions.CredentialRetrievalError,
                exceptions.TokenRetrievalError,
                exceptions.SSOError,
                exceptions.RefreshWithMFAUnsupportedError,
                exceptions.MetadataRetrievalError,
            ),
        ),
        (
            ErrorKind.REFUSED,
            (exceptions.BotoCoreError,),
        ),
    )


def _sentence(error: Exception, kind: ErrorKind, endpoint: str) -> str:
    text = _first_line(error)
    return text if kind is not ErrorKind.UNREACHABLE or endpoint in text else f"{endpoint}: {text}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(" :") if lines else type(error).__name__
