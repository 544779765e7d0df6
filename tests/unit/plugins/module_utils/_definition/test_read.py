# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The readers: the meaning of each form, and the problems of invalid ones."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.catalog import CATALOG
from tests.support.services import services_with_waiters

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import (
    Acceptor,
    Backoff,
    Definition,
    Matcher,
    Settle,
    Source,
    State,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import (
    can_succeed,
    read_definition,
)

LONG = {
    "operation": "DescribeThing",
    "acceptors": [{"state": "success", "matcher": "path", "argument": "Thing.State", "expected": "ready"}],
}
SHORT = {"operation": "DescribeThing", "path": "Thing.State", "success": ["ready"]}


def sound(raw: Any) -> Definition:
    reading = read_definition(raw)
    assert reading.problems == ()
    assert reading.definition is not None
    return reading.definition


def problems(raw: Any) -> list[Problem]:
    return list(read_definition(raw).problems)


def with_acceptor(**keys: Any) -> dict[str, Any]:
    """The long form with one acceptor that has ``keys`` changed; None takes a key away."""
    acceptor = {**LONG["acceptors"][0], **keys}  # type: ignore[dict-item]
    return {**LONG, "acceptors": [{key: value for key, value in acceptor.items() if value is not None}]}


def test_all_builtins_of_botocore_come_through_the_reader_unchanged() -> None:
    models = Models(CATALOG)
    for service in services_with_waiters():
        for name, raw in models.waiters(service).items():
            reading = read_definition(raw, name, Source.BUILTIN)
            definition = reading.definition
            assert definition is not None
            assert reading.problems == (), (service, name)
            assert definition.name == name
            assert definition.operation == raw["operation"]
            assert (definition.delay, definition.max_attempts) == (raw["delay"], raw["maxAttempts"])
            assert [as_shipped(acceptor) for acceptor in definition.acceptors] == [
                {key: acceptor.get(key) for key in ("state", "matcher", "argument", "expected")}
                for acceptor in raw["acceptors"]
            ]


def as_shipped(acceptor: Acceptor) -> dict[str, Any]:
    argument = None if acceptor.argument is None else acceptor.argument.text
    return {
        "state": acceptor.state.value,
        "matcher": acceptor.matcher.value,
        "argument": argument,
        "expected": acceptor.wire_expected,
    }


def test_the_long_form_keeps_the_order_and_the_place_of_each_acceptor() -> None:
    acceptors = [
        {"state": "failure", "matcher": "error", "expected": "Gone"},
        {"state": "retry", "matcher": "status", "expected": [404, 500]},
        {"state": "success", "matcher": "pathAll", "argument": "Things[].State", "expected": "ready"},
    ]
    definition = sound({"operation": "DescribeThings", "acceptors": acceptors})
    assert definition.acceptors == (
        Acceptor(State.FAILURE, Matcher.ERROR, ("Gone",)),
        Acceptor(State.RETRY, Matcher.STATUS, (404, 500)),
        Acceptor(State.SUCCESS, Matcher.PATH_ALL, ("ready",), Expression("Things[].State")),
    )
    assert definition.acceptors[2].argument_at == "acceptors[2].argument"
    assert definition.acceptors[1].expected_at == ("acceptors[1].expected[0]", "acceptors[1].expected[1]")
    assert definition.acceptors[2].expected_at == ("acceptors[2].expected",)


def test_snake_case_and_camel_case_say_the_same() -> None:
    timing = {"delay": 3, "maxAttempts": 7, "maxDelay": 60, "backoff": "exponential"}
    snake = {"delay": "3", "max_attempts": "7", "max_delay": 60.0, "backoff": "Exponential"}
    camel_case = sound({**with_acceptor(matcher="pathAny"), **timing})
    assert camel_case == sound({**with_acceptor(matcher="path_any"), **snake})
    assert (camel_case.delay, camel_case.max_attempts, camel_case.max_delay) == (3, 7, 60)
    assert camel_case.backoff is Backoff.EXPONENTIAL


def test_what_is_not_given_is_left_to_the_caller() -> None:
    definition = sound(SHORT)
    timing = (definition.delay, definition.max_attempts, definition.max_delay, definition.backoff, definition.message)
    assert timing == (None,) * 5


def test_the_short_form_is_judged_in_its_order_whatever_the_order_of_the_keys() -> None:
    """Errors, failure, success, what no list knows, pending."""
    raw = {
        "pending": ["creating"],
        "success": ["ready"],
        "retry_errors": ["Late"],
        "failure": ["broken"],
        "failure_errors": ["Bad"],
        "path": "Thing.State",
        "success_errors": ["Gone"],
        "operation": "DescribeThing",
    }
    path = Expression("Thing.State")
    assert sound(raw).acceptors == (
        Acceptor(State.SUCCESS, Matcher.ERROR, ("Gone",)),
        Acceptor(State.FAILURE, Matcher.ERROR, ("Bad",)),
        Acceptor(State.RETRY, Matcher.ERROR, ("Late",)),
        Acceptor(State.FAILURE, Matcher.PATH, ("broken",), path),
        Acceptor(State.SUCCESS, Matcher.PATH, ("ready",), path),
        Acceptor(State.FAILURE, Matcher.PATH, ("ready", "broken", "creating"), path, negated=True),
        Acceptor(State.RETRY, Matcher.PATH, ("creating",), path),
    )


@pytest.mark.parametrize(
    "path", ["Things[].State", "Things[*].State", "Things[?On].State", "*.State", "Things[1:].State"]
)
def test_on_a_projection_the_short_form_means_all_for_success_and_any_for_failure(path: str) -> None:
    raw = {"operation": "DescribeThings", "path": path, "success": ["a"], "failure": ["b"], "pending": ["c"]}
    assert [acceptor.matcher for acceptor in sound(raw).acceptors] == [
        Matcher.PATH_ANY,
        Matcher.PATH_ALL,
        Matcher.PATH_ANY,
        Matcher.PATH_ANY,
    ]


def test_without_pending_a_state_in_no_list_is_no_failure() -> None:
    assert not any(acceptor.negated for acceptor in sound({**SHORT, "failure": ["broken"]}).acceptors)


def test_the_short_form_needs_no_path_where_only_errors_are_awaited() -> None:
    [acceptor] = sound({"operation": "DescribeThing", "success_errors": "Gone"}).acceptors
    assert acceptor == Acceptor(State.SUCCESS, Matcher.ERROR, ("Gone",))
    assert acceptor.expected_at == ("success_errors",)


@pytest.mark.parametrize("value", ["ready", 1, 1.5, True, False])
def test_one_value_may_stand_without_its_list(value: Any) -> None:
    [acceptor] = sound({**SHORT, "success": value}).acceptors
    assert acceptor.expected == (value,)


@pytest.mark.parametrize(
    ("raw", "path", "problem", "suggestion"),
    [
        (None, "", "a definition must be a mapping, not null", None),
        (["x"], "", 'a definition must be a mapping, not ["x"]', None),
        ({**LONG, "operation": None}, "operation", "is missing", None),
        ({**LONG, "operation": " "}, "operation", "is empty", None),
        ({**LONG, "operation": 3}, "operation", "must be a string, not 3", None),
        ({**LONG, "max_attempt": 3}, "max_attempt", "is not a valid key here", "max_attempts"),
        ({**SHORT, "sucess": ["x"]}, "sucess", "is not a valid key here", "success"),
        ({**LONG, 7: 8}, "7", "is not a valid key here", None),
        ({**LONG, "delay": -1}, "delay", "must be a number of seconds from 0 to 31622400, not -1", None),
        ({**LONG, "delay": "soon"}, "delay", "must be a number of seconds from 0 to 31622400, not 'soon'", None),
        ({**LONG, "delay": True}, "delay", "must be a number of seconds from 0 to 31622400, not true", None),
        ({**LONG, "delay": float("nan")}, "delay", "must be a number of seconds from 0 to 31622400, not NaN", None),
        ({**LONG, "maxAttempts": 0}, "maxAttempts", "must be a whole number of at least 1, not 0", None),
        ({**LONG, "max_attempts": 1.5}, "max_attempts", "must be a whole number of at least 1, not 1.5", None),
        (
            {**LONG, "maxAttempts": 1, "max_attempts": 1},
            "maxAttempts",
            "is given twice, also as 'max_attempts'",
            None,
        ),
        ({**LONG, "delay": 9, "max_delay": 3}, "max_delay", "3 s is less than delay (9 s)", None),
        ({**LONG, "backoff": "fixd"}, "backoff", "must be fixed or exponential, not 'fixd'", "fixed"),
        (
            {**LONG, "message": "a["},
            "message",
            "'a[' is not a JMESPath expression: Incomplete expression",
            None,
        ),
        ({**LONG, "description": []}, "description", "must be a string, not []", None),
        (
            {"operation": "X"},
            "",
            "a definition needs acceptors, or path with success (and failure, pending), or success_errors",
            None,
        ),
        ({**LONG, "success": ["x"]}, "acceptors", "can't be mixed with the short form's keys (success)", None),
        ({"operation": "X", "acceptors": []}, "acceptors", "is an empty list", None),
        ({"operation": "X", "acceptors": {}}, "acceptors", "must be a list of acceptors, not {}", None),
        (
            {"operation": "X", "acceptors": ["x"]},
            "acceptors[0]",
            "must be a mapping with state, matcher and expected, not 'x'",
            None,
        ),
        (
            with_acceptor(state="sucess"),
            "acceptors[0].state",
            "must be success, failure or retry, not 'sucess'",
            "success",
        ),
        (with_acceptor(state=None), "acceptors[0].state", "is missing; it must be success, failure or retry", None),
        (
            with_acceptor(matcher="pathEvery"),
            "acceptors[0].matcher",
            "must be path, pathAll, pathAny, status or error, not 'pathEvery'",
            "pathAny",
        ),
        (with_acceptor(argument=None), "acceptors[0].argument", "is missing", None),
        (with_acceptor(argument=5), "acceptors[0].argument", "must be a string, not 5", None),
        (with_acceptor(matcher="status"), "acceptors[0].argument", "the matcher status takes no argument", None),
        (with_acceptor(expected=None), "acceptors[0].expected", "is missing", None),
        (with_acceptor(expected=[]), "acceptors[0].expected", "is an empty list", None),
        (
            with_acceptor(expected={}),
            "acceptors[0].expected",
            "must be a string, a number or a boolean, not {}",
            None,
        ),
        (
            with_acceptor(expected=["a", None]),
            "acceptors[0].expected[1]",
            "must be a string, a number or a boolean, not null",
            None,
        ),
        (with_acceptor(expectd="x"), "acceptors[0].expectd", "is not a valid key here", "expected"),
        ({"operation": "X", "path": "a"}, "path", "has no list of values (success, failure, pending)", None),
        ({"operation": "X", "success": ["a"]}, "path", "is missing", None),
        ({**SHORT, "success": []}, "success", "is an empty list", None),
        ({**SHORT, "pending": [["a"]]}, "pending[0]", 'must be a string, a number or a boolean, not ["a"]', None),
        ({**SHORT, "retry_errors": {}}, "retry_errors", "must be a string, a number or a boolean, not {}", None),
    ],
)
def test_malformed_parts_are_reported_with_their_path(
    raw: Any, path: str, problem: str, suggestion: str | None
) -> None:
    assert problems(raw) == [Problem(path, problem, suggestion)]


def test_all_mistakes_are_reported_at_once() -> None:
    raw = {
        "operaton": "X",
        "delay": -1,
        "maxAttempts": 0,
        "acceptors": [
            {"state": "sucess", "matcher": "pth", "expected": []},
            {"state": "retry", "matcher": "path", "argument": "a[", "expected": None},
        ],
    }
    assert {problem.path for problem in problems(raw)} == {
        "operaton",
        "delay",
        "maxAttempts",
        "acceptors[0].state",
        "acceptors[0].matcher",
        "acceptors[0].expected",
        "acceptors[1].argument",
        "acceptors[1].expected",
    }


def test_valid_parts_are_read_despite_invalid_ones() -> None:
    raw = {**LONG, "delay": "soon", "acceptors": [*LONG["acceptors"], {"state": "retry"}]}  # type: ignore[misc]
    definition = read_definition(raw).definition
    assert definition is not None
    assert definition.delay is None
    assert len(definition.acceptors) == 1


def test_a_definition_can_succeed_by_any_matcher() -> None:
    assert can_succeed(sound({"operation": "X", "success_errors": ["Gone"]}))
    assert not can_succeed(sound({"operation": "X", "path": "a", "failure": ["b"]}))


def test_a_finding_is_one_sentence_with_path_and_suggestion() -> None:
    [problem] = problems(with_acceptor(state="sucess"))
    assert problem.under("definition").sentence == (
        "definition.acceptors[0].state: must be success, failure or retry, not 'sucess'; did you mean 'success'?"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_any_json_is_read_without_a_crash(raw: Any) -> None:
    """A definition without problems has an operation, and random JSON has none."""
    assert read_definition(raw).problems


# --- timing, evidence ------------------------------------------------------------------------------------------------

FORMS: dict[str, dict[str, Any]] = {
    "short": {"path": "State", "success": ["up"]},
    "long": {"acceptors": [{"state": "success", "matcher": "path", "argument": "State", "expected": "up"}]},
    "smithy": {
        "acceptors": [
            {
                "state": "success",
                "matcher": {"output": {"path": "State", "expected": "up", "comparator": "stringEquals"}},
            }
        ]
    },
    "php": {"success.type": "output", "success.path": "State", "success.value": "up"},
}


@pytest.mark.parametrize("form", FORMS)
def test_any_form_carries_timing_and_evidence(form: str) -> None:
    own = {"initial_delay": 20, "consecutive": 2, "settle": {"initial_delay": 60, "consecutive": 3}}
    notes = {"evidence": ["the model", "a page"], "because": {"down": "It comes up again."}}
    reading = read_definition({"operation": "GetThing", **FORMS[form], **own, **notes})
    assert reading.problems == ()
    assert reading.definition is not None
    assert (reading.definition.initial_delay, reading.definition.consecutive) == (20.0, 2)
    assert reading.definition.settle == Settle(60.0, 3)
    assert reading.definition.evidence == ("the model", "a page")


@pytest.mark.parametrize(
    ("own", "path", "says"),
    [
        ({"initial_delay": "soon"}, "initial_delay", "must be a number of seconds"),
        ({"consecutive": 0}, "consecutive", "must be a whole number of at least 1"),
        ({"consecutive": 5, "max_attempts": 4}, "consecutive", "5 in a row can't be reached within max_attempts (4)"),
        ({"settle": 3}, "settle", "must map initial_delay and consecutive"),
        ({"settle": {"consecutive": 0}}, "settle.consecutive", "must be a whole number of at least 1"),
        ({"settle": {"consecutiv": 2}}, "settle.consecutiv", "is not a valid key here"),
        ({"settle": {"consecutive": 5}, "max_attempts": 4}, "settle", "5 in a row can't be reached"),
        ({"evidence": {"a": "b"}}, "evidence", "must be a"),
        ({"because": 3}, "because", "must be a"),
    ],
)
def test_a_mistake_in_timing_or_evidence_is_named(own: dict[str, Any], path: str, says: str) -> None:
    [problem] = read_definition({"operation": "GetThing", **FORMS["short"], **own}).problems
    assert problem.path == path
    assert problem.problem.startswith(says)
