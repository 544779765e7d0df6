# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any expression is either rejected, or its result on a response is bounded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.fuzz.answers import ANYTHING
from tests.unit.fuzz.expressions import TEXTS, expressions
from tests.unit.fuzz.long_run import ending, examples
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.used_members import (
    UsedMembers,
    find_used_members,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.definition_check import check_expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import (
    Expression,
    ExpressionError,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.interpreter import (
    CHARACTERS,
    FREE,
    STEPS_FOR_EACH,
    STEPS_TO_BUILD,
    Interpreter,
)

INSTANCES = MODELS.service_model("ec2").operation_model("DescribeInstances")
ANSWER = {
    "A": [{"B": "x", "C": {"D": 1, "E": ["y", "z"]}}, {"B": "", "C": {}}],
    "B": ["a", "b", "", "\x00é\\"],
    "C": '\\"\x00' * 20,
    "D": {str(number): number for number in range(20)},
    "E": ["" for _number in range(300)],
}


def size(value: Any) -> int:
    """How many values a value contains, repeated ones each time; a long string counts as several."""
    if isinstance(value, (list, dict)):
        inner = value if isinstance(value, list) else value.values()
        return len(value) + sum(map(size, inner))
    return len(value) // CHARACTERS if isinstance(value, str) else 0


def budget(answer: Any) -> int:
    """The steps that a search may take on a response."""
    return FREE + STEPS_FOR_EACH * (1 + size(answer))


def require_within_budget(expression: Expression, answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search, and count the steps and the built values independently."""
    visited = 0
    visit = Interpreter.visit

    def counted(interpreter: Interpreter, node: dict[str, Any], value: Any) -> Any:
        nonlocal visited
        visited += 1
        return visit(interpreter, node, value)

    with monkeypatch.context() as patched:
        patched.setattr(Interpreter, "visit", counted)
        try:
            found = expression.search(answer)
        except ExpressionError as refused:
            require_clear(refused)
            found = None
    assert visited <= budget(answer) + 1
    assert size(found) <= size(answer) + budget(answer) / STEPS_TO_BUILD


def require_clear(refused: ExpressionError) -> None:
    """The message is one short line."""
    assert len(str(refused).splitlines()) == 1
    assert len(str(refused)) <= 300


def parsed(text: str) -> Expression | None:
    """The expression, or None if it is rejected with one line."""
    try:
        return Expression(text)
    except ExpressionError as refused:
        require_clear(refused)
        return None


@examples(80)
@given(text=expressions(("A", "B", "C", "D", "E")), answer=st.one_of(st.just(ANSWER), ANYTHING))
def test_no_search_takes_or_builds_more_than_its_budget(text: str, answer: Any) -> None:
    with ending(), pytest.MonkeyPatch.context() as monkeypatch:
        expression = parsed(text)
        if expression is not None:
            require_within_budget(expression, answer, monkeypatch)


@examples(30)
@given(text=expressions(("Reservations", "Instances", "State", "Name", "Tags", "NextToken")))
def test_what_holds_it_against_the_model_has_an_end(text: str) -> None:
    with ending():
        expression = parsed(text)
        if expression is None:
            return
        for problem in check_expression(expression, "show", INSTANCES):
            assert problem.problem
        find_used_members(INSTANCES.output_shape, [UsedMembers(frozenset({expression}), frozenset({expression}))], None)


@examples(60)
@given(text=TEXTS)
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    with ending():
        expression = parsed(text)
        if expression is not None:
            for name in ("is_projection", "is_distributive", "counts_none", "counts_absence", "plain_path", "roots"):
                getattr(expression, name)


def bombs(repeat: Callable[[str, int], str] = lambda text, times: text * times) -> dict[str, str]:
    """Expressions, short or long, that might never end or fill the memory."""
    return {
        "doubled lists": " | ".join(["[@,@]"] * 40),
        "doubled mappings": " | ".join(["{a:@,b:@}"] * 40),
        "doubled alternatives": " | ".join(["@||@"] * 60),
        "doubled alternatives of not_null": " | ".join(["not_null(@,@)"] * 60),
        "doubled alternatives of texts": "('x'||'y') | " + " | ".join(["(@||@)"] * 60),
        "glue from the answer": "join(C, E)",
        "long glue": f"join('{repeat('x', 5000)}', E)",
        "a long literal for each item": f"E[*].'{repeat('x', 5000)}'",
        "texts of texts": repeat("to_string([", 60) + "C" + repeat("])", 60),
        "10 MB": repeat("a", 10_000_000),
        "10 MB of brackets": repeat("[", 10_000_000),
        "each item many times": f"E[].[{','.join('@' * 900)}]",
        "the whole many times": f"[{','.join('@' * 900)}]",
        "equal doubled lists": f"({' | '.join(['[@,@]'] * 40)}) == ({' | '.join(['[@,@]'] * 40)})",
        "merged doubled lists": f"{' | '.join(['[@,@]'] * 18)}{'[]' * 17}",
        "glue between many": f"join(C, [{','.join(['C'] * 900)}])",
        "many brackets": repeat("[", 5000),
        "many nots": repeat("!", 9000) + "a",
        "many pipes": "|".join("a" * 3000),
        "many dots": ".".join("a" * 4000),
        "many flattenings": "A" + repeat("[]", 4000),
        "many stars": "A" + repeat("[*]", 150),
        "many values": "@" + repeat(".*", 150),
        "a deep literal": f"`{repeat('[', 2000)}{repeat(']', 2000)}`",
        "a large number": f"`{repeat('9', 9000)}`",
        "a large index": f"A[{repeat('9', 9000)}]",
        "a large slice": f"A[{repeat('9', 400)}:{repeat('9', 400)}:{repeat('9', 400)}]",
    }


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused_or_harmless(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each ends before it counts as hanging, and stays within its budget."""
    with ending():
        expression = parsed(bombs()[name])
        if expression is None:
            return
        check_expression(expression, "show", INSTANCES)
        find_used_members(INSTANCES.output_shape, [UsedMembers(frozenset({expression}))], None)
        require_within_budget(expression, ANSWER, monkeypatch)
