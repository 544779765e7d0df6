# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what came is an answer of AWS's at all.

botocore takes an empty body, JSON that has been cut off and a proxy's page for an answer without members, and by that a
resource would seem to be gone. Such a response raises ValueError here and is then a transient error. botocore also
takes the page of a proxy that says 404 for AWS's word that there is no such resource: that is a ForeignAnswer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError, fromstring

from ..._definition.problem import cite
from ..._definition.text import ELLIPSIS
from ..shapes import children

_PAGE = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!doctype html|<html)", re.IGNORECASE)
_WITHOUT_BODY = (204, 205)
# Every answer of AWS's has an id by one of these names, or another header that begins so (S3, API Gateway).
_OWN_HEADER = re.compile(r"x-amzn?-", re.IGNORECASE)
# EC2's answers have a root named after their operation.
_EC2_ANSWER = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<\w+Response[\s>/]", re.IGNORECASE)
_STRANGE_TYPE = re.compile(r"text/(?!xml)", re.IGNORECASE)
_NOT_MODIFIED, _TOO_MANY = 304, 429
_JSON = ("json", "rest-json")
DEEPEST = 100
"""Levels in an answer; what is nested deeper (DynamoDB allows 32) nobody could walk through."""


MOST_NAMED = 5


class ForeignAnswer(ValueError):
    """A refusal that can't be AWS's: a proxy, a firewall or another server has sent it."""


class BareThrottle(ValueError):
    """Status 429 and nothing that the protocol's parser could read."""


def require_own_error(raw: Mapping[str, Any], operation_model: Any) -> None:
    """ValueError where the response refuses or redirects and AWS hasn't said so, or not to the end.

    ForeignAnswer where somebody else has said so. Statuses of 500 and more say enough, from whomever they come.
    """
    status, headers, body = raw["status_code"], raw["headers"], raw["body"]
    if status < 300 or status >= 500 or status == _NOT_MODIFIED:
        return
    if operation_model.http.get("method") == "HEAD":
        is_own = _has_own_headers(headers) and ("Location" not in headers or _has_own_header(headers))
    else:
        is_page = bool(_PAGE.match(body))
        code = None if is_page else _code(body, headers, operation_model)
        if status == _TOO_MANY and not code:
            raise BareThrottle("too many requests")
        if code is None and not is_page and body[:1] in (b"{", b"<"):
            raise ValueError("an error that breaks off")
        is_own = bool(code) or (not is_page and _has_own_header(headers))
    if not is_own and status != _TOO_MANY:
        raise ForeignAnswer(f"HTTP status {status}{_instead(headers, body)}")


def require_answer(raw: Mapping[str, Any], operation_model: Any) -> None:
    """ValueError where the response (``status_code``, ``headers``, ``body``) can't be one of the operation's.

    Errors aren't looked at: see ``require_own_error``.
    """
    if raw["status_code"] >= 300:
        return
    if operation_model.http.get("method") == "HEAD":
        if not _has_own_headers(raw["headers"]):
            raise ValueError(f"type {raw['headers']['Content-Type']}, and nothing that S3 says")
    elif raw["status_code"] not in _WITHOUT_BODY and isinstance(raw["body"], bytes):
        _require_body(raw["body"], operation_model)


def require_shallow(response: Mapping[str, Any], shape: Any) -> None:
    """ValueError where the parsed response is nested deeper than anybody can walk through."""
    if shape is None or not _is_endless(shape):
        return
    level: list[Any] = [response]
    for _depth in range(DEEPEST):
        level = [inner for outer in level for inner in _values(outer) if isinstance(inner, (dict, list))]
        if not level:
            return
    raise ValueError(f"more than {DEEPEST} levels deep")


def _has_own_header(headers: Mapping[str, str]) -> bool:
    return any(_OWN_HEADER.match(name) for name in headers)


def _has_own_headers(headers: Mapping[str, str]) -> bool:
    """Whether they may be S3's, which answers HEAD by headers alone. An object may be a page, but it has an ETag."""
    own = _has_own_header(headers) or any(name.lower() == "etag" for name in headers)
    return own or not _STRANGE_TYPE.match(headers.get("Content-Type", ""))


def _code(body: bytes, headers: Mapping[str, str], operation_model: Any) -> str | None:
    """The code in the body of an error; empty where the protocol's form has none, None where it isn't that form."""
    if headers.get("Content-Type", "").startswith("application/cbor"):
        return "?"  # who writes this means to be understood, and botocore's parser minds what is cut off
    try:
        if _protocol(operation_model) not in _JSON:
            # at any depth, as EC2 and most others wrap it and S3 doesn't
            return next((element.text or "" for element in fromstring(body).iter() if _name(element) == "Code"), "")
        error = json.loads(body or "{}")
    except (ValueError, ParseError, RecursionError):
        return None
    if not isinstance(error, dict):
        return None
    found = [error.get(name) for name in ("__type", "code", "Code")]
    return next((str(code) for code in [*found, headers.get("x-amzn-errortype")] if code), "")


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]  # behind the namespace


def _instead(headers: Mapping[str, str], body: bytes) -> str:
    """What came in place of AWS's error, in words."""
    target = headers.get("Location", "")
    if target:
        parts = urlsplit(target)  # what follows the host may be somebody's secret
        return f" and a redirect to {parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if _PAGE.match(body) or headers.get("Content-Type", "").startswith("text/html"):
        return " and a page of HTML"
    return " and no error code"


def _require_body(body: bytes, operation_model: Any) -> None:
    output = operation_model.output_shape
    if output is None or ("payload" in output.serialization and not _is_structure(output)):
        return
    if _PAGE.match(body):
        raise ValueError("a page of HTML")
    if not body and _has_body(output):
        raise ValueError("it is empty")
    protocol = _protocol(operation_model)
    if protocol == "ec2" and body and not _EC2_ANSWER.match(body):
        raise ValueError("no answer of EC2's")
    if protocol in _JSON and body:
        answer = json.loads(body)
        if not isinstance(answer, dict):
            raise ValueError("no JSON object")
        if answer and _has_body(output) and _names_in(output).isdisjoint(answer) and not _is_anything(output):
            raise ValueError(f"JSON with {_named(answer)} and none of the operation's members")


def _named(answer: Mapping[str, Any]) -> str:
    """The first members of a foreign answer; their values may be anybody's secret."""
    names = [cite(name) for name in list(answer)[:MOST_NAMED]]
    return ", ".join([*names, *([ELLIPSIS] if len(answer) > MOST_NAMED else [])])


def _is_structure(output: Any) -> bool:
    """Whether the member that is the whole body is a structure, and not a text or bytes."""
    return bool(output.members[output.serialization["payload"]].type_name == "structure")


def _has_body(output: Any) -> bool:
    return any("location" not in member.serialization for member in output.members.values())


def _names_in(output: Any) -> set[str]:
    """The names of the members in a body of JSON, which is one of the members itself where that is the payload."""
    members = _whole_body(output).members.items()
    return {
        str(shape.serialization.get("name", name)) for name, shape in members if "location" not in shape.serialization
    }


def _is_anything(output: Any) -> bool:
    return bool(getattr(_whole_body(output), "is_document_type", False))


def _whole_body(output: Any) -> Any:
    return output.members[output.serialization["payload"]] if "payload" in output.serialization else output


def _protocol(operation_model: Any) -> str:
    model = operation_model.service_model
    # a service may speak several protocols; older botocores know of one
    return str(getattr(model, "resolved_protocol", None) or model.metadata["protocol"])


@lru_cache(maxsize=256)
def _is_endless(shape: Any) -> bool:
    """Whether values of the shape may be nested to any depth: a shape holds itself, or anything at all."""
    walked: set[str] = set()

    def holds_itself(shape: Any, around: frozenset[str]) -> bool:
        if shape.name in around or getattr(shape, "is_document_type", False):
            return True
        if shape.name in walked:
            return False
        walked.add(shape.name)
        return any(holds_itself(inner, around | {shape.name}) for inner in children(shape))

    return holds_itself(shape, frozenset())


def _values(outer: Any) -> Any:
    return outer.values() if isinstance(outer, dict) else outer
