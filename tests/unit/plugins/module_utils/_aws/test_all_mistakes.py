# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes put into a valid definition at different places: each is reported with its path, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.waiter_lookup import WaiterLookup
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.definition_check import check_reading
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Severity

STATUS = "Certificate.Status"
ANY_NAME = "Certificate.DomainValidationOptions[].ValidationStatus"


def _long(state: str, argument: str, expected: Any, matcher: str = "path") -> dict[str, Any]:
    return {"state": state, "matcher": matcher, "argument": argument, "expected": expected}


def _smithy(state: str, path: str, expected: str, comparator: str = "stringEquals") -> dict[str, Any]:
    return {"state": state, "matcher": {"output": {"path": path, "expected": expected, "comparator": comparator}}}


SOUND: dict[str, dict[str, Any]] = {
    "long": {
        "operation": "DescribeCertificate",
        "delay": 5,
        "maxAttempts": 9,
        "message": "Certificate.FailureReason",
        "acceptors": [
            _long("success", STATUS, "ISSUED"),
            _long("failure", STATUS, ["FAILED", "REVOKED"]),
            _long("failure", ANY_NAME, "FAILED", "pathAny"),
            {"state": "retry", "matcher": "error", "expected": "ResourceNotFoundException"},
            {"state": "retry", "matcher": "status", "expected": 404},
        ],
    },
    "short": {
        "operation": "DescribeCertificate",
        "delay": 5,
        "max_attempts": 9,
        "message": "Certificate.FailureReason",
        "path": STATUS,
        "success": ["ISSUED"],
        "failure": ["FAILED", "REVOKED"],
        "pending": ["PENDING_VALIDATION"],
        "retry_errors": ["ResourceNotFoundException", "InvalidArnException"],
    },
    "smithy": {
        "operation": "DescribeCertificate",
        "minDelay": 5,
        "maxDelay": 60,
        "acceptors": [
            _smithy("success", STATUS, "ISSUED"),
            _smithy("failure", STATUS, "FAILED"),
            _smithy("failure", ANY_NAME, "FAILED", "anyStringEquals"),
            {"state": "retry", "matcher": {"errorType": "ResourceNotFoundException"}},
        ],
    },
    "php": {
        "operation": "DescribeCertificate",
        "interval": 5,
        "max_attempts": 9,
        "ignore_errors": ["ResourceNotFoundException", "InvalidArnException"],
        "success.type": "output",
        "success.path": STATUS,
        "success.value": ["ISSUED", "INACTIVE"],
        "failure.type": "output",
        "failure.path": STATUS,
        "failure.value": ["FAILED", "REVOKED"],
    },
}


class Fault(NamedTuple):
    """A mistake: ``put`` changes the definition; ``at`` is its path in the report; at most one for each ``place``.

    ``hides``: places of which nothing more can be said then.
    """

    put: Callable[[dict[str, Any]], None]
    at: str
    place: str
    hides: tuple[str, ...] = ()


def _set(*steps: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def put(definition: dict[str, Any]) -> None:
        for step in steps[:-1]:
            definition = definition[step]
        definition[steps[-1]] = to

    return put


def _misspell(*steps: Any, to: str) -> Callable[[dict[str, Any]], None]:
    def put(definition: dict[str, Any]) -> None:
        for step in steps[:-1]:
            definition = definition[step]
        definition[to] = definition.pop(steps[-1])

    return put


def at(*steps: Any) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def value(*steps: Any, to: Any, hides: tuple[str, ...] = ()) -> Fault:
    """A wrong value."""
    return Fault(_set(*steps, to=to), at(*steps), at(*steps), hides)


COMMON = [
    value("operation", to=["DescribeCertificate"], hides=("model",)),
    value("operation", to="DescribeCertificat", hides=("model",)),
    value("operation", to=None),
    Fault(_set("colour", to="red"), "colour", "colour"),
    Fault(_set("timeout", to=600), "timeout", "timeout"),
]
OF_MESSAGE = [
    value("message", to="Certificate.FailureRaeson"),
    value("message", to="Certificate.["),
    value("message", to=5),
]


def _of_long(index: int, path: str = STATUS) -> list[Fault]:
    where = ("acceptors", index)
    wrong_path = at(*where, "argument")
    return [
        value(*where, "state", to="sucess"),
        value(*where, "state", to=True),
        value(*where, "state", to=None),
        value(*where, "argument", to=path.replace("Certificate", "Certificat"), hides=(at(*where, "expected"),)),
        value(*where, "argument", to=f"{path}[", hides=(at(*where, "expected"),)),
        value(*where, "expected", to="FAILD"),
        value(*where, "expected", to={"a": 1}),
        value(*where, "expected", to=None),
        value(*where, "matcher", to="pahtt", hides=(at(*where, "matcher"),)),
        value(*where, "matcher", to=7),
        Fault(_set(*where, "colour", to="red"), at(*where, "colour"), at(*where, "colour")),
        Fault(_misspell(*where, "state", to="stat"), at(*where, "stat"), at(*where, "state")),
        Fault(_misspell(*where, "expected", to="expectd"), at(*where, "expectd"), at(*where, "expected")),
        Fault(_misspell(*where, "argument", to="argumnt"), at(*where, "argumnt"), wrong_path),
    ]


def _of_smithy(index: int) -> list[Fault]:
    where = ("acceptors", index)
    output = (*where, "matcher", "output")
    return [
        value(*where, "state", to="sucess"),
        value(*where, "state", to=None),
        value(*output, "path", to="Certificate.Statos", hides=(at(*output, "expected"),)),
        value(*output, "path", to="Certificate.Status[", hides=(at(*output, "expected"),)),
        value(*output, "expected", to="FAILD"),
        value(*output, "expected", to={"a": 1}),
        value(*output, "comparator", to="stringEqual"),
        value(*output, "comparator", to=None),
        Fault(_set(*where, "colour", to="red"), at(*where, "colour"), at(*where, "colour")),
        Fault(_set(*output, "colour", to="red"), at(*output, "colour"), at(*output, "colour")),
        Fault(_misspell(*where, "state", to="stat"), at(*where, "stat"), at(*where, "state")),
    ]


def _of_php(state: str) -> list[Fault]:
    type_, path, values = (f"{state}.{part}" for part in ("type", "path", "value"))
    places = (f"{values}[0]", f"{values}[1]")
    return [
        value(type_, to="outptu"),
        value(type_, to=5),
        value(path, to="Certificate.Statos", hides=places),
        value(path, to="Certificate/Statos", hides=places),
        value(path, to="Certificate.[", hides=places),
        value(values, 0, to="ISUED"),
        value(values, 1, to={"a": 1}),
    ]


FAULTS: dict[str, list[Fault]] = {
    "long": [
        *COMMON,
        *OF_MESSAGE,
        value("delay", to=-1),
        value("maxAttempts", to="many"),
        *_of_long(0),
        *_of_long(1),
        value("acceptors", 1, "expected", 0, to="FAILD"),
        value("acceptors", 1, "expected", 1, to={"a": 1}),
        value("acceptors", 2, "argument", to=ANY_NAME.replace("ValidationStatus", "Status")),
        value("acceptors", 2, "matcher", to="pathAyn"),
        value("acceptors", 2, "state", to="fail"),
        value("acceptors", 2, to="failed"),
        value("acceptors", 3, "expected", to=7),
        value("acceptors", 3, "state", to="again"),
        value("acceptors", 4, "expected", to=4040),
        value("acceptors", 4, "state", to="again"),
        value("acceptors", 4, "argument", to=STATUS),
    ],
    "short": [
        *COMMON,
        *OF_MESSAGE,
        value("delay", to=-1),
        value("max_attempts", to="many"),
        value("path", to="Certificate.Statos", hides=("value",)),
        value("path", to="Certificate.[", hides=("value",)),
        *(
            Fault(_set(key, index, to=wrong), f"{key}[{index}]", f"{key}[{index}]", ())
            for key, index, wrong in (
                ("success", 0, "ISUED"),
                ("success", 0, {"a": 1}),
                ("failure", 0, "FAILD"),
                ("failure", 1, ["REVOKED"]),
                ("pending", 0, "PENDING"),
                ("retry_errors", 0, 5),
                ("retry_errors", 1, {"a": 1}),
            )
        ),
        Fault(_misspell("success", to="sucess"), "sucess", "success"),
        Fault(_misspell("failure", to="failed"), "failed", "failure"),
    ],
    "smithy": [
        *COMMON,
        value("minDelay", to=-1),
        value("maxDelay", to="long"),
        *_of_smithy(0),
        *_of_smithy(1),
        Fault(_set("acceptors", 2, "matcher", to={"colour": 1}), "acceptors[2].matcher.colour", "acceptors[2].matcher"),
        value("acceptors", 2, "matcher", to="output"),
        value("acceptors", 2, "matcher", "output", "path", to="Certificat[].ValidationStatus"),
        value("acceptors", 3, "matcher", "errorType", to=7),
        value("acceptors", 3, "state", to="again"),
    ],
    "php": [
        *COMMON,
        value("interval", to=-1),
        value("max_attempts", to="many"),
        value("ignore_errors", 0, to=5),
        value("ignore_errors", 1, to={"a": 1}),
        *_of_php("success"),
        *_of_php("failure"),
    ],
}
MODELS = Models(CATALOG)


@cache
def model() -> Any:
    return MODELS.service_model("acm")


def reported(definition: dict[str, Any]) -> list[str]:
    """The paths of all problems except warnings, as in a task's ``definition``."""
    reading = WaiterLookup(MODELS, None, "definitions", "acm").inline(definition, "")
    found = dict.fromkeys([*reading.problems, *check_reading(reading, model())])
    return [problem.path for problem in found if problem.severity is Severity.ERROR]


def clashes(fault: Fault, other: Fault) -> bool:
    """Whether they are at one place, or one is within what the other inserts, or hides it."""
    if fault.place.startswith(other.place) or other.place.startswith(fault.place):
        return True
    return any(is_hidden(one, by) for one, by in ((fault, other), (other, fault)))


def is_hidden(fault: Fault, other: Fault) -> bool:
    by_model = "model" in other.hides or other.at == "operation"
    by_path = "value" in other.hides and fault.place.startswith(("success", "failure", "pending"))
    return (by_model and needs_model(fault)) or by_path or any(fault.place.startswith(place) for place in other.hides)


def needs_model(fault: Fault) -> bool:
    """Whether only the check finds it, not the reader."""
    definition = deepcopy(SOUND[next(name for name, faults in FAULTS.items() if fault in faults)])
    fault.put(definition)
    return fault.at not in [
        problem.path for problem in WaiterLookup(MODELS, None, "", None).inline(definition, "").problems
    ]


@pytest.mark.parametrize("dialect", SOUND)
def test_a_sound_definition_has_no_problem_and_one_with_a_fault_has_one(dialect: str) -> None:
    assert reported(SOUND[dialect]) == []
    for fault in FAULTS[dialect]:
        definition = deepcopy(SOUND[dialect])
        fault.put(definition)
        assert reported(definition) == [fault.at]


@given(st.data())
def test_all_faults_at_different_places_are_reported_at_once(data: st.DataObject) -> None:
    dialect = data.draw(st.sampled_from(list(SOUND)))
    chosen: list[Fault] = []
    for fault in data.draw(st.lists(st.sampled_from(FAULTS[dialect]), min_size=2, max_size=6)):
        if not any(clashes(fault, other) for other in chosen):
            chosen.append(fault)
    definition = deepcopy(SOUND[dialect])
    for fault in chosen:
        fault.put(definition)
    assert sorted(reported(definition)) == sorted(fault.at for fault in chosen)


def test_a_parent_that_is_not_there_hides_no_other_mistake() -> None:
    acceptors = [_long("sucess", "Certificate.Statos", "ISSUED"), _long("failure", STATUS, "FAILD")]
    definition = {"operation": "DescribeCertificate", "extends": "nobodys_waiter", "acceptors": acceptors}
    wrong = ["acceptors[0].state", "extends", "acceptors[1].expected", "acceptors[0].argument"]
    assert reported(definition) == wrong
    assert reported({"extends": "nobodys_waiter", "acceptors": acceptors}) == wrong[:2]
    assert reported({"extends": "nobodys_waiter", "success": ["x"]}) == ["extends"]  # the rest might be inherited


def test_a_definition_that_others_extend_has_its_own_mistakes_reported() -> None:
    definitions = {"__base": {"acceptors": [_long("sucess", STATUS, "ISSUED")]}}
    [problem] = WaiterLookup(MODELS, definitions, "definitions", "acm").problems()
    assert problem.path == "definitions.__base.acceptors[0].state"


def test_success_that_was_meant_is_not_missed_but_one_that_never_was_is() -> None:
    failure = _long("failure", STATUS, "FAILED")
    sound = {"operation": "DescribeCertificate", "acceptors": [failure]}
    assert reported({**sound, "colour": "red"}) == ["colour", "acceptors"]
    assert reported({**sound, "acceptors": [failure, {**failure, "expected": "FAILD", "more": 1}]}) == [
        "acceptors[1].more",
        "acceptors[1].expected",
        "acceptors",
    ]
    assert reported({**sound, "acceptors": [failure, {**failure, "state": "done"}]}) == ["acceptors[1].state"]
