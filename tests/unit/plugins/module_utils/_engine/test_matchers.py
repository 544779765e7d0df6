# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each matcher takes and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression, ExpressionError
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Acceptor, Matcher, State
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.matchers import matches
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    ErrorKind,
    PollResult,
    ServiceError,
)


def takes(
    matcher: Matcher, answer: PollResult, *expected: Any, argument: str | None = None, negated: bool = False
) -> bool:
    expression = None if argument is None else Expression(argument)
    return matches(Acceptor(State.SUCCESS, matcher, expected, expression, negated), answer)


def error(code: str, kind: ErrorKind = ErrorKind.REFUSED, status: int | None = 400) -> PollResult:
    # a body is there to show that nobody looks at it
    return PollResult({"State": "ready", "Items": [{"State": "ready"}]}, status, ServiceError(code, "", kind, status))


@pytest.mark.parametrize(
    ("response", "expected", "taken"),
    [
        ({"State": "ready"}, ["ready"], True),
        ({"State": "ready"}, ["Ready"], False),
        ({"State": "ready"}, ["broken", "ready"], True),
        ({"State": "readying"}, ["ready"], False),
        ({"State": None}, ["ready"], False),
        ({}, ["ready"], False),
        ({"State": True}, [True], True),
        ({"State": 1}, [True], False),
        ({"State": True}, [1], False),
        ({"State": 0}, [False], False),
        ({"State": 1}, [1], True),
        ({"State": 1.0}, [1], True),
        ({"State": "1"}, [1], False),
        ({"State": "true"}, [True], False),
        ({"State": ""}, [""], True),
        ({"State": ["ready"]}, ["ready"], False),
    ],
)
def test_path_takes_the_value_and_its_type(response: dict[str, Any], expected: list[Any], taken: bool) -> None:
    assert takes(Matcher.PATH, PollResult(response, 200), *expected, argument="State") is taken


def items(*states: Any) -> dict[str, Any]:
    return {"Items": [{"State": state} for state in states]}


@pytest.mark.parametrize(
    ("response", "all_taken", "any_taken"),
    [
        pytest.param(items("ready"), True, True, id="one"),
        pytest.param(items("ready", "ready"), True, True, id="all"),
        pytest.param(items("broken", "ready"), False, True, id="the last"),
        pytest.param(items("ready", "broken"), False, True, id="the first"),
        pytest.param(items("broken"), False, False, id="none"),
        pytest.param(items(), False, False, id="an empty list"),
        pytest.param({}, False, False, id="no list"),
        pytest.param({"Items": None}, False, False, id="null"),
        pytest.param({"Items": {"State": "ready"}}, False, False, id="a mapping"),
        pytest.param({"Items": "ready"}, False, False, id="a text"),
        pytest.param(items("ready", None), True, True, id="projections drop nulls, as in botocore"),
        pytest.param({"Items": [{"State": "ready"}, {}]}, True, True, id="and missing members"),
    ],
)
def test_path_all_and_path_any_want_a_list_with_something_in_it(
    response: dict[str, Any], all_taken: bool, any_taken: bool
) -> None:
    answer = PollResult(response, 200)
    assert takes(Matcher.PATH_ALL, answer, "ready", argument="Items[].State") is all_taken
    assert takes(Matcher.PATH_ANY, answer, "ready", argument="Items[].State") is any_taken


def test_a_list_that_only_looks_like_one_value_is_none() -> None:
    assert not takes(Matcher.PATH_ALL, PollResult({"State": "r"}, 200), "r", argument="State")
    assert not takes(Matcher.PATH_ANY, PollResult({"State": "ready"}, 200), "r", argument="State")


def test_all_may_be_any_of_several_values() -> None:
    answer = PollResult(items("ready", "idle"), 200)
    assert takes(Matcher.PATH_ALL, answer, "ready", "idle", argument="Items[].State")
    assert not takes(Matcher.PATH_ALL, answer, "ready", "busy", argument="Items[].State")


@pytest.mark.parametrize("matcher", [Matcher.PATH, Matcher.PATH_ALL, Matcher.PATH_ANY])
@pytest.mark.parametrize("argument", ["State", "Items[].State"])
def test_path_matchers_see_no_error_responses(matcher: Matcher, argument: str) -> None:
    assert not takes(matcher, error("Gone"), "ready", argument=argument)
    assert not takes(matcher, error("Gone"), "other", argument=argument, negated=True)


@pytest.mark.parametrize(
    ("state", "taken"),
    [("odd", True), ("ready", False), (None, False), ("", False), ([], False), ({}, False), (0, True), (False, True)],
)
def test_negated_takes_a_value_that_is_none_of_them_and_nothing_empty(state: Any, taken: bool) -> None:
    assert takes(Matcher.PATH, PollResult({"State": state}, 200), "ready", argument="State", negated=True) is taken
    assert (
        takes(Matcher.PATH_ANY, PollResult(items(state), 200), "ready", argument="Items[].State", negated=True) is taken
    )


@pytest.mark.parametrize(
    ("answer", "expected", "taken"),
    [
        (PollResult({}, 200), 200, True),
        (PollResult({}, 200), 404, False),
        (error("404", status=404), 404, True),
        (error("Slow", ErrorKind.THROTTLED, 503), 503, True),
        (error("Slow", ErrorKind.CONNECTION, None), 200, False),
        (PollResult({}, None), 200, False),
    ],
)
def test_status_looks_at_answers_and_errors_alike(answer: PollResult, expected: int, taken: bool) -> None:
    assert takes(Matcher.STATUS, answer, expected) is taken


@pytest.mark.parametrize(
    ("answer", "expected", "taken"),
    [
        pytest.param(error("Gone"), "Gone", True, id="its code"),
        pytest.param(error("Gone"), "gone", False, id="letter by letter"),
        pytest.param(error("GoneForGood"), "Gone", False, id="the whole code"),
        pytest.param(PollResult({"Error": {"Code": "Gone"}}, 200), "Gone", False, id="an answer is no error"),
        pytest.param(error("Gone"), True, True, id="any"),
        pytest.param(PollResult({}, 200), True, False, id="any, of none"),
        pytest.param(error("Slow", ErrorKind.THROTTLED), True, False, id="any takes no throttle"),
        pytest.param(error("Oops", ErrorKind.SERVER, 500), True, False, id="any takes no server's fault"),
        pytest.param(error("Cut", ErrorKind.CONNECTION, None), True, False, id="any takes no broken connection"),
        pytest.param(error("Old", ErrorKind.CREDENTIALS), True, False, id="any takes no expired token"),
        pytest.param(error("Slow", ErrorKind.THROTTLED), "Slow", True, id="a throttle that is named"),
        pytest.param(error("Old", ErrorKind.CREDENTIALS), "Old", True, id="an expired token that is named"),
        pytest.param(error("Cut", ErrorKind.CONNECTION, None), "Cut", False, id="no code of AWS's at all"),
        pytest.param(PollResult({}, 200), False, True, id="none"),
        pytest.param(error("Gone"), False, False, id="none, of one"),
        pytest.param(error("Slow", ErrorKind.THROTTLED), False, False, id="a throttle is no answer"),
        pytest.param(PollResult({"Error": {"Code": "Gone"}}, 200), False, True, id="a member called Error is no error"),
    ],
)
def test_error_takes_a_code_any_or_none(answer: PollResult, expected: Any, taken: bool) -> None:
    assert takes(Matcher.ERROR, answer, expected) is taken


def test_an_expression_that_fails_is_told_apart_from_one_that_finds_nothing() -> None:
    with pytest.raises(ExpressionError, match="length"):
        takes(Matcher.PATH, PollResult({}, 200), True, argument="length(Items) > `0`")
    assert not takes(Matcher.PATH, error("Gone"), True, argument="length(Items) > `0`")
