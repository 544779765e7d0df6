# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions: their properties, and that they raise only ExpressionError."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import (
    Expression,
    ExpressionError,
    walk,
)


def test_an_expression_selects_from_a_value() -> None:
    assert Expression("A[].B").search({"A": [{"B": 1}, {}, {"B": 2}]}) == [1, 2]


def test_expressions_of_one_text_are_equal() -> None:
    assert Expression("A.B") == Expression("A.B")
    assert hash(Expression("A.B")) == hash(Expression("A.B"))
    assert Expression("A.B") != Expression("A .B")
    assert Expression("A.B") != "A.B"
    assert repr(Expression("A")) == "Expression('A')"


@pytest.mark.parametrize("text", ["", "a[", "a.", "[?", "a b", "'x", "a.'b'", "length(", "{a}", "\ud800", "a &&"])
def test_what_does_not_parse_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        Expression(text)
    assert str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("length(A)", {}),
        ("nonsense(A)", {}),
        ("length(A, A)", {"A": []}),
        ("A[::0]", {"A": [1]}),
        ("sort(A)", {"A": [1, "x"]}),
        ("A < B", {"A": 1, "B": "x"}),
        ("sum(A)", {"A": ["x"]}),
    ],
)
def test_what_can_not_be_evaluated_is_refused_in_one_line(text: str, value: Any) -> None:
    with pytest.raises(ExpressionError) as refused:
        Expression(text).search(value)
    assert "\n" not in str(refused.value)


DOUBLED = "[@, @]"


@pytest.mark.parametrize(
    "text",
    [
        " | ".join([DOUBLED] * 40),
        " | ".join(["{a: @, b: @}"] * 40),
        " | ".join([DOUBLED, "[]"] * 20),
        "A[].[@, @][]" + ".[@, @][]" * 20,
        " | ".join(["Separator", *["join('', [@, @])"] * 40]),
        " | ".join(["A", *["map(&[@, @], @)"] * 20]),
        "to_string([" * 40 + "A" + "])" * 40,
        "A[].[@, @, @, @]" + " | [*].[@, @, @, @]" * 5,
        "merge(@, {a: @, b: @}) | " * 20 + "@",
        "join(Separator, Items)",
        f"join('{'x' * 5000}', Items)",
        f"Items[*].['{'x' * 5000}']",
        " | ".join(["Items[*].['0123456789', '0123456789', '0123456789']"] + ["[*].[@, @, @]"] * 3),
    ],
)
def test_what_would_fill_the_memory_is_given_up(text: str) -> None:
    items = [{"Id": f"i-{number}", "Note": "x" * 40} for number in range(2000)]
    answer = {"A": items, "B": items, "C": items, "D": items, "Separator": "x" * 20_000, "Items": ["y"] * 20_000}
    with pytest.raises(ExpressionError, match=r"visits or builds more than [0-9,]+ values"):
        Expression(text).search(answer)


def test_what_a_function_refuses_is_not_written_out_to_be_cut() -> None:
    """Each of 60 lists contains the previous one twice: quick to build, impossible to write."""
    with pytest.raises(ExpressionError, match=r"In function abs\(\), invalid type for value: .*\(cut"):
        Expression("abs(" + " | ".join(["[@, @]"] * 60) + ")").search({"A": "x"})


@pytest.mark.parametrize("times", [50, 900])
def test_copies_of_an_answer_are_bounded_by_its_size(times: int) -> None:
    """From 150 kB, copies of each item took 1.5 GB and 22 s."""
    items = [{"Id": f"i-{number}", "State": "running", "Note": "x" * 30} for number in range(2000)]
    with pytest.raises(ExpressionError, match="values"):
        Expression(f"Items[].[{','.join('@' * times)}]").search({"Items": items})


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("Items[].{Id: Id, State: State, Note: Note, All: @}", 4),
        ("Items[].[Id, State]", 2),
        ("sort_by(Items, &Id)[?contains(Note, 'x') && State == 'running' || Id == 'i-1'].[Id]", 1),
    ],
)
def test_what_people_write_has_room_on_an_answer_of_any_size(text: str, members: int) -> None:
    items = [{"Id": f"i-{number}", "State": "running", "Note": "x" * 30} for number in range(50_000)]
    found = Expression(text).search({"Items": items})
    assert len(found) == 50_000
    assert len(found[0]) == members


@pytest.mark.parametrize(
    "text",
    [
        "Reservations[].Instances[].[InstanceId, State.Name]",
        "Events[?Type == 'ERROR'].{at: Date, says: Message, who: join(' ', [SourceIdentifier, SourceType])}",
        "[A, B, C] | [D, E] | {f: F, g: G}",
        "sort_by(A, &B.C) | map(&{d: D}, @) | length(@)",
        "A || B || C || D && E",
        "join(Separator, [A, B, C])",
        "A[?S == 'UPDATE_ROLLBACK_COMPLETE'].B[?contains(C, 'UPDATE_ROLLBACK_COMPLETE')].{d: D || 'ROLLBACK_COMPLETE'}",
        "join(', ', A[].join(' of ', [to_string(B), join('', ['(', C, ')'])]))",
    ],
)
def test_a_path_that_people_write_is_not_too_deep(text: str) -> None:
    assert Expression(text).text == text


def test_what_is_cited_of_an_expression_is_cut() -> None:
    """jmespath quotes the whole token, or the value that a function rejects."""
    with pytest.raises(ExpressionError) as refused:
        Expression(f"A '{'x' * 5000}'")
    assert len(str(refused.value)) == 300
    with pytest.raises(ExpressionError) as refused:
        Expression("abs(A)").search({"A": "x" * 100_000})
    assert len(str(refused.value)) == 300


def test_a_text_of_any_length_is_no_expression() -> None:
    with pytest.raises(ExpressionError, match="characters"):
        Expression("A" * 10_001)


@pytest.mark.parametrize(
    "text",
    [
        "!" * 3000 + "a",
        "[" * 3000,
        "|".join("a" * 3000),
        "||".join("a" * 3000),
        "[]" * 3000,
        f"`{'[' * 500}{']' * 500}`",
    ],
)
def test_what_is_nested_too_deeply_to_be_walked_is_refused(text: str) -> None:
    """jmespath's parser builds some of these in a loop, so only walking the tree would exceed the recursion limit."""
    with pytest.raises(ExpressionError, match="nested too deeply"):
        Expression(text)


def test_a_long_list_of_alternatives_is_not_too_deep() -> None:
    text = " || ".join(f"State == '{number}'" for number in range(60))
    assert Expression(text).search({"State": "59"}) is True


@pytest.mark.parametrize("text", ["A[]", "A[*].B", "A[1:]", "A[?B]", "*", "A.*.B", "A[].B | [?C]", "A[].[B, C]"])
def test_what_ranges_over_items_is_a_projection(text: str) -> None:
    assert Expression(text).is_projection


@pytest.mark.parametrize(
    "text", ["A", "A.B", "A[0]", "A[].B | [0]", "length(A[])", "A[] == `1`", "[A, B]", "@", "A || B[]"]
)
def test_what_gives_one_value_is_no_projection(text: str) -> None:
    assert not Expression(text).is_projection


@pytest.mark.parametrize("text", ["A[].B.C", "A", "A[*].B", "A.*.B", "A[0].B", "A[] | B"])
def test_a_path_may_be_evaluated_for_each_resource_alone(text: str) -> None:
    assert Expression(text).is_distributive


@pytest.mark.parametrize("text", ["length(A)", "A[?B == 'x']", "A[].B == `1`", "A || B", "A[1:]", "{a: A}"])
def test_what_counts_or_compares_may_not(text: str) -> None:
    assert not Expression(text).is_distributive


@pytest.mark.parametrize(
    "text",
    [
        "A[].B",
        "A[?B == 'x'].C",
        "A[?length(B) != `1`][].C[?D][].E",
        "A[?B[?C]].D",
        "A[?B][0].C",  # an index into each item
        "A[].[length(C) >= `1`][]",
        "A[*].{b: B, c: not_null(D, C)}",
    ],
)
def test_what_selects_gives_of_many_items_what_it_gives_of_each(text: str) -> None:
    answer = {
        "A": [{"B": "x", "C": [1]}, {"B": [{"C": 1}], "C": [{"D": 1, "E": 2}], "D": 3}, {"B": ["y", "z"], "C": []}]
    }
    assert Expression(text).is_selection
    each = [found for item in answer["A"] for found in Expression(text).search({"A": [item]})]
    assert Expression(text).search(answer) == each


@pytest.mark.parametrize("text", ["A[1:]", "length(A[?B])", "A[?B] | [0]", "A[?B] || C", "A.*.B", "[A[?B]]"])
def test_what_counts_its_items_selects_not(text: str) -> None:
    assert not Expression(text).is_selection


@pytest.mark.parametrize(
    ("text", "counts_none", "counts_absence"),
    [
        ("length(A) == `0`", True, True),
        ("length(A[].B) == `0`", True, True),
        ("length(A[?B != 'x']) == `0`", True, False),
        ("length(A) > `0`", False, False),
        ("length(A) == `1`", False, False),
        ("A == `0`", False, False),
        ("length(A)", False, False),
    ],
)
def test_an_expression_knows_whether_it_counts_none(text: str, counts_none: bool, counts_absence: bool) -> None:
    expression = Expression(text)
    assert (expression.counts_none, expression.counts_absence) == (counts_none, counts_absence)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A.B.C", ("A", "B", "C")),
        ("A[].B[].C", ("A", "B", "C")),
        ("A[*].B", ("A", "B")),
        ("A[0].B", None),
        ("A[?B].C", None),
        ("length(A)", None),
        ("A || B", None),
    ],
)
def test_a_plain_path_is_its_member_names(text: str, names: tuple[str, ...] | None) -> None:
    assert Expression(text).plain_path == names


@pytest.mark.parametrize(
    ("text", "roots"),
    [
        ("A.B", {"A"}),
        ("A[].B", {"A"}),
        ("A[?B == C].D", {"A"}),
        ("A[0].B | C", {"A"}),
        ("length(A) > `0` && B.C", {"A", "B"}),
        ("{x: A.B, y: C}", {"A", "C"}),
        ("not_null(A, !B, [C])", {"A", "B", "C"}),
        ("'text'", set()),
    ],
)
def test_the_roots_are_the_top_level_members(text: str, roots: set[str]) -> None:
    assert Expression(text).roots == roots


def test_a_tree_is_walked_parents_first_and_from_left_to_right() -> None:
    assert [node.get("value") for node in walk(Expression("A.B || C").tree)] == [None, None, "A", "B", "C"]


PIECES = st.sampled_from(
    [*"ab.[]*?(){},:|&!@`'\"0-<>=\\ ", "==", "&&", "||", "length", "'x'", "`1`", "[]", "[?", "\ud800"]
)


@given(st.text() | st.lists(PIECES, max_size=12).map("".join), st.sampled_from([{}, None, [1], {"a": [{"b": 1}]}]))
@example("[*", {})
@example("a[", {})
@settings(max_examples=400, deadline=None)
def test_any_text_is_an_expression_or_refused(text: str, value: Any) -> None:
    """For any invalid expression, on any value."""
    try:
        expression = Expression(text)
        roots = expression.roots
        expression.search(value)
    except ExpressionError:
        return
    assert all(isinstance(name, str) for name in roots)


@pytest.mark.parametrize("text", ["contains(A[].[length(B) >= C][], `false`)", "contains(A[?B].C, 'x')"])
def test_what_contains_asks_of_items_holds_of_the_whole_where_it_holds_of_one(text: str) -> None:
    assert Expression(text).finds_in_selection


@pytest.mark.parametrize("text", ["contains(A, 'x')", "contains(['x'], A[].B)", "contains(A[1:].B, 'x')", "A[].B"])
def test_what_contains_asks_of_anything_else_does_not(text: str) -> None:
    """What a text contains is no item of it."""
    assert not Expression(text).finds_in_selection
