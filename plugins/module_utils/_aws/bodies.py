# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what came with a good status is an answer of AWS's at all.

botocore takes an empty body, JSON that has been cut off and a proxy's page for an answer without members, and by that a
resource would seem to be gone. Whoever finds such a thing raises ValueError; the answer is then weather.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_PAGE = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!doctype html|<html)", re.IGNORECASE)
_WITHOUT_BODY = (204, 205)
DEEPEST = 100
"""Levels in an answer; what is nested deeper (DynamoDB allows 32) nobody could walk through."""


def require_answer(raw: Mapping[str, Any], operation_model: Any) -> None:
    """ValueError where the response (``status_code``, ``headers``, ``body``) can't be one of the operation's.

    Its own errors have bodies of their own forms, and are left to botocore.
    """
    if raw["status_code"] >= 300:
        return
    if operation_model.http.get("method") == "HEAD":
        _require_own_headers(raw["headers"])
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


def _require_own_headers(headers: Mapping[str, str]) -> None:
    """S3 answers HEAD by headers alone. A page is none of its answers, unless an object is one."""
    own = any(name.lower().startswith("x-amz-") or name.lower() == "etag" for name in headers)
    if not own and headers.get("Content-Type", "").startswith("text/html"):
        raise ValueError("a page of HTML")


def _require_body(body: bytes, operation_model: Any) -> None:
    output = operation_model.output_shape
    if output is None or ("payload" in output.serialization and not _is_structure(output)):
        return
    if _PAGE.match(body):
        raise ValueError("a page of HTML")
    if not body and _has_body(output):
        raise ValueError("nothing")
    if body and _is_json(operation_model) and not isinstance(json.loads(body), dict):
        raise ValueError("no JSON object")


def _is_structure(output: Any) -> bool:
    """Whether the member that is the whole body is a structure, and not a text or bytes."""
    return bool(output.members[output.serialization["payload"]].type_name == "structure")


def _has_body(output: Any) -> bool:
    return any("location" not in member.serialization for member in output.members.values())


def _is_json(operation_model: Any) -> bool:
    model = operation_model.service_model
    # a service may speak several protocols; older botocores know of one
    protocol = getattr(model, "resolved_protocol", None) or model.metadata["protocol"]
    return protocol in ("json", "rest-json")


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
        return any(holds_itself(inner, around | {shape.name}) for inner in _members(shape))

    return holds_itself(shape, frozenset())


def _members(shape: Any) -> list[Any]:
    if shape.type_name == "structure":
        return list(shape.members.values())
    return {"list": lambda: [shape.member], "map": lambda: [shape.value]}.get(shape.type_name, list)()


def _values(outer: Any) -> Any:
    return outer.values() if isinstance(outer, dict) else outer
