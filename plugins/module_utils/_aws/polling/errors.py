# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which errors are transient, which mean expired credentials and which are AWS's answer: tables with their sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..._definition.text import LONGEST_CODE, LONGEST_MESSAGE, cut
from ..._engine.poll_result import ErrorKind, ServiceError
from ..botocore_imports import botocore
from .bodies import BareThrottle, ForeignAnswer

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
# S3's list of error codes, EC2's (RequestExpired says both), and what Signature Version 4's troubleshooting page says
# of the codes that have other causes too.
_SKEWED = frozenset({"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"})
_SKEWED_TEXT = re.compile(r"signature (expired|not yet current)", re.IGNORECASE)

# botocore/credentials.py and tokens.py: what they call for the credentials of a profile, whatever is asked with them.
_FOR_CREDENTIALS = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity", "CreateToken", "GetRoleCredentials"})


def from_answer(response: dict[str, Any], operation_model: Any) -> ServiceError:
    """The error in an error response as botocore parses it (``ClientError.response``)."""
    body = response.get("Error") or {}
    metadata = response.get("ResponseMetadata") or {}
    status = metadata.get("HTTPStatusCode")
    code = str(body.get("Code") or status or "Unknown")
    error = _bounded(code, str(body.get("Message") or ""), _kind(code, status, operation_model), status)
    return _with_retry_after(error, metadata.get("HTTPHeaders"))


def _bounded(code: str, message: str, kind: ErrorKind, status: int | None = None) -> ServiceError:
    """An error of which no more is kept than there is use for."""
    return ServiceError(cut(code, LONGEST_CODE), cut(message, LONGEST_MESSAGE), kind, status)


def _with_retry_after(error: ServiceError, headers: Mapping[str, str] | None) -> ServiceError:
    if not error.kind.is_transient or not headers:
        return error
    from .retry_after import retry_after  # a wait without transient errors does without

    return error._replace(retry_after=retry_after(headers))


def is_for_credentials(error: Any) -> bool:
    """Whether a ClientError came of what botocore asks by itself, to have credentials for the operation."""
    return error.operation_name in _FOR_CREDENTIALS


def from_credentials(error: Any, operation_model: Any) -> ServiceError:
    """The error behind such a ClientError. It is no answer and has no status: nothing was said of the resource."""
    found = from_answer(error.response, operation_model)
    kind = found.kind if found.kind.is_transient else ErrorKind.CREDENTIALS
    message = cut(f"{error.operation_name}: {found.message}", LONGEST_MESSAGE)
    return found._replace(message=message, kind=kind, status=None)


def from_exception(error: Exception, endpoint: str, headers: Mapping[str, str] | None = None) -> ServiceError:
    """The error behind an exception that brought no answer of AWS's. ``headers``: of what came instead, if any did."""
    return _with_retry_after(_behind(error, endpoint), headers)


def _behind(error: Exception, endpoint: str) -> ServiceError:
    if isinstance(error, ForeignAnswer):
        text = f"{endpoint} answered with {error}, as a proxy or another server does and AWS never"
        return _bounded(type(error).__name__, text, ErrorKind.UNREACHABLE)
    if isinstance(error, BareThrottle):
        return _bounded("429", str(error), ErrorKind.THROTTLED, 429)
    for kind, classes in _exceptions():
        if isinstance(error, classes):
            return _bounded(type(error).__name__, _sentence(error, kind, endpoint), kind)
    # the one thing left that a call does is to parse the answer; whatever that met has botocore's name for it
    text = f"{endpoint} sent an answer that can't be parsed: {_first_line(error)}"
    return _bounded("ResponseParserError", text, ErrorKind.SERVER)


def may_have_run_out(error: ServiceError, operation_model: Any) -> bool:
    """Whether new credentials may help. To HEAD, S3 says of a session that has run out no more than status 400."""
    is_mute = error.code == "400" and operation_model.http.get("method") == "HEAD"
    return error.kind is ErrorKind.CREDENTIALS or is_mute


def tells_of_skew(error: ServiceError) -> bool:
    """Whether AWS finds the request too old or too new: the clock it was signed by may be wrong."""
    return error.code in _SKEWED or bool(_SKEWED_TEXT.search(error.message))


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
                exceptions.NoCredentialsError,
                exceptions.PartialCredentialsError,
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
    text = _first_line(error) + _cause(error)
    return text if kind is not ErrorKind.UNREACHABLE or endpoint in text else f"{endpoint}: {text}"


def _cause(error: Exception) -> str:
    """Why no connection came about, where botocore hands it on and doesn't say it."""
    exceptions = botocore.exceptions
    if not isinstance(error, (exceptions.EndpointConnectionError, exceptions.ProxyConnectionError)):
        return ""
    inner = error.kwargs.get("error")
    # urllib3 wraps the system's error; before its version 2 without naming it as the cause
    cause = getattr(inner, "__cause__", None) or getattr(inner, "__context__", None) or inner
    reason = getattr(cause, "strerror", None)
    return f": {reason}" if reason else ""


def _first_line(error: Exception) -> str:
    line, _end, _rest = str(error).strip().partition("\n")  # the rest may be the whole answer, of any size
    return line.rstrip(" :\r") or type(error).__name__
