# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strategies for definitions: each of the four dialects, and typing mistakes in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from tests.unit.fuzz.answers import ODD_TEXTS, nested
from tests.unit.fuzz.expressions import expressions

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Subject:
    """An operation to wait on, with expressions that fit its response and values that they may return."""

    service: str
    operation: str
    params: dict[str, Any]
    paths: Sequence[str]
    values: Sequence[Any]
    names: Sequence[str]


SUBJECTS = (
    Subject(
        "ec2",
        "DescribeInstances",
        {"InstanceIds": ["i-1", "i-2"]},
        (
            "Reservations[].Instances[].State.Name",
            "Reservations[0].Instances[0].State.Code",
            "length(Reservations[]) > `0`",
            "length(Reservations[].Instances[]) == `0`",
            "Reservations[].Instances[?State.Name == 'running'][].InstanceId",
            "Reservations[].Instances[].EbsOptimized",
        ),
        ("running", "pending", "terminated", 16, True),
        ("Reservations", "Instances", "State", "Name", "InstanceId", "Tags", "ResponseMetadata"),
    ),
    Subject(
        "ecs",
        "DescribeServices",
        {"cluster": "c", "services": ["one", "two"]},
        (
            "services[].status",
            "failures[].reason",
            "services[].deployments[0].rolloutState",
            "length(services[?!(length(deployments) == `1` && runningCount == desiredCount)]) == `0`",
        ),
        ("ACTIVE", "DRAINING", "MISSING", "COMPLETED", True),
        ("services", "failures", "status", "deployments", "runningCount", "reason"),
    ),
    Subject(
        "acm",
        "DescribeCertificate",
        {"CertificateArn": "arn:aws:acm:r:1:certificate/7"},
        ("Certificate.Status", "Certificate.DomainValidationOptions[].ValidationStatus", "Certificate.InUseBy"),
        ("ISSUED", "FAILED", "PENDING_VALIDATION", "SUCCESS"),
        ("Certificate", "Status", "DomainValidationOptions", "FailureReason", "CreatedAt", "Options"),
    ),
    Subject(
        "rds",
        "DescribeDBInstances",
        {"DBInstanceIdentifier": "orders"},
        ("DBInstances[].DBInstanceStatus", "DBInstances[0].MultiAZ", "length(DBInstances) == `0`"),
        ("available", "creating", "failed", True, False),
        ("DBInstances", "DBInstanceStatus", "PendingModifiedValues", "Marker", "MultiAZ"),
    ),
    Subject(
        "lambda",
        "GetFunctionConfiguration",
        {"FunctionName": "f"},
        ("State", "Environment.Variables.KEY", "Environment.Variables.*", "Environment.Error.Message"),
        ("Active", "Pending", "Failed"),
        ("State", "StateReason", "Environment", "Variables", "Layers"),
    ),
    Subject(
        "secretsmanager",
        "GetSecretValue",
        {"SecretId": "s"},
        ("SecretString", "VersionStages[]", "SecretBinary", "CreatedDate"),
        ("hidden", "AWSCURRENT", 1),
        ("SecretString", "SecretBinary", "VersionStages", "Name"),
    ),
    Subject(
        "dynamodb",
        "GetItem",
        {"TableName": "t", "Key": {"id": {"S": "1"}}},
        ("Item.State.S", "Item.*.S", "Item.Tags.L[].S", "Item"),
        ("ready", "broken", "1"),
        ("Item", "S", "L", "M", "State", "ConsumedCapacity"),
    ),
    Subject("s3", "HeadBucket", {"Bucket": "b"}, ("BucketRegion",), ("eu-west-1", 200), ("BucketRegion",)),
)
CODES = ("NotFound", "ResourceNotFoundException", "404", "AccessDenied", "Throttling", "InvalidInstanceID.NotFound")
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((0, -1, 3, 10**400, 1e308, 0.5, float("inf"), float("nan"), 404)),
    st.sampled_from(ODD_TEXTS),
    st.text(max_size=6),
    st.sampled_from(([], {}, [[]], [None], {"": None}, {"path": {}}, {"matcher": []}, [{}], "success", "error")),
    st.builds(nested, st.integers(1, 60), st.booleans(), st.just("x")),
)


def _expression(draw: Draw, about: Subject) -> str:
    if draw(st.integers(0, 2)):
        path: str = draw(st.sampled_from(about.paths))
        return path
    text: str = draw(expressions(about.names))
    return text


def _value(draw: Draw, about: Subject) -> Any:
    one = st.sampled_from(about.values)
    return draw(st.one_of(one, one, st.lists(one, min_size=1, max_size=3)))


def _timing(draw: Draw, delay: str, attempts: str) -> dict[str, Any]:
    numbers = {delay: draw(st.sampled_from((0, 1, 2.5, "3"))), attempts: draw(st.sampled_from((1, 2, 4, "5")))}
    return {key: value for key, value in numbers.items() if draw(st.booleans())}


def _long(draw: Draw, about: Subject) -> dict[str, Any]:
    acceptors = []
    for _index in range(draw(st.integers(1, 4))):
        matcher = draw(st.sampled_from(("path", "pathAll", "pathAny", "path_all", "status", "error")))
        acceptor: dict[str, Any] = {"state": draw(st.sampled_from(("success", "success", "failure", "retry")))}
        acceptor["matcher"] = matcher
        if matcher == "status":
            acceptor["expected"] = draw(st.sampled_from((200, 404, [200, 202])))
        elif matcher == "error":
            acceptor["expected"] = draw(st.sampled_from((*CODES, True, False, list(CODES[:2]))))
        else:
            acceptor["argument"], acceptor["expected"] = _expression(draw, about), _value(draw, about)
        acceptors.append(acceptor)
    return {"acceptors": acceptors, **_timing(draw, "delay", "maxAttempts")}


def _short(draw: Draw, about: Subject) -> dict[str, Any]:
    lists = {key: _value(draw, about) for key in ("success", "failure", "pending", "retry") if draw(st.booleans())}
    keys = [key for key in ("success_errors", "failure_errors", "retry_errors") if not draw(st.integers(0, 2))]
    codes = {key: draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=2)) for key in keys}
    path = {"path": _expression(draw, about)} if lists or draw(st.booleans()) else {}
    return {**path, **lists, **codes, **_timing(draw, "delay", "max_attempts")}


def _smithy(draw: Draw, about: Subject) -> dict[str, Any]:
    acceptors = []
    for _index in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(("output", "output", "inputOutput", "inputOutput", "errorType", "success")))
        matcher: Any
        if kind in ("output", "inputOutput"):
            path = _expression(draw, about)
            if kind == "inputOutput":
                name = next(iter(about.params))
                path = draw(
                    st.sampled_from((f"output.{path}", f"length(input.{name}) == length({path})", "input", "@"))
                )
            comparator = draw(st.sampled_from(("stringEquals", "booleanEquals", "allStringEquals", "anyStringEquals")))
            value = draw(st.sampled_from(("true", "false"))) if comparator == "booleanEquals" else None
            expected = value or str(draw(st.sampled_from(about.values)))
            matcher = {kind: {"path": path, "expected": expected, "comparator": comparator}}
        else:
            matcher = {kind: draw(st.booleans()) if kind == "success" else f"com.x#{draw(st.sampled_from(CODES))}"}
        acceptors.append(
            {"state": draw(st.sampled_from(("success", "success", "failure", "retry"))), "matcher": matcher}
        )
    return {"acceptors": acceptors, **_timing(draw, "minDelay", "max_attempts")}


def _php(draw: Draw, about: Subject) -> dict[str, Any]:
    found: dict[str, Any] = _timing(draw, "interval", "max_attempts")
    for whose in ("acceptor", "success", "failure"):
        if draw(st.booleans()):
            kind = draw(st.sampled_from(("output", "output", "error")))
            found[f"{whose}.type"] = kind
            found[f"{whose}.value"] = draw(st.sampled_from(CODES)) if kind == "error" else _value(draw, about)
            if kind == "output":
                slashed = st.sampled_from(("Reservations/*/Instances/0/State", "/", "a//b", "*/é"))
                found[f"{whose}.path"] = draw(slashed) if not draw(st.integers(0, 3)) else _expression(draw, about)
    if draw(st.booleans()):
        found["ignore_errors"] = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=2))
    return found


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, item in inner for place in _places(item, (*at, key)))]


def _spoil(draw: Draw, definition: dict[str, Any], others: dict[str, Any]) -> None:
    """Replace or remove something in it, or add what belongs to another dialect."""
    place = draw(st.sampled_from(_places(definition)[1:] or [("operation",)]))
    holder: Any = definition
    for key in place[:-1]:
        holder = holder[key]
    how = draw(st.sampled_from(("replace", "replace", "remove", "rename", "mix")))
    if how == "replace":
        holder[place[-1]] = deepcopy(draw(JUNK))
    elif how == "mix":
        definition.update(others)
    elif how == "remove" or not isinstance(holder, dict):
        del holder[place[-1]]
    else:
        holder[draw(st.sampled_from(("", "stat", "extends", "message", "\n", "__default__", "0")))] = holder.pop(
            place[-1]
        )


@st.composite
def definitions(draw: Draw, about: Subject) -> dict[str, Any]:
    """A definition in one of the dialects; one in three has mistakes in it."""
    write = draw(st.sampled_from((_long, _short, _smithy, _php)))
    found = {"operation": about.operation, **write(draw, about)}
    if not draw(st.integers(0, 2)):
        found["message"] = _expression(draw, about)
    if not draw(st.integers(0, 2)):
        for _mistake in range(draw(st.integers(1, 2))):
            _spoil(draw, found, _php(draw, about))
    return found
