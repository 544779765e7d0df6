# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of expressions, on a small service that has a shape of every kind."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ServiceModel
from hypothesis import given, settings
from hypothesis import strategies as st
from jmespath.functions import Functions
from jmespath.visitor import TreeInterpreter

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.expression_types import (
    _STEPS,
    Ending,
    Output,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.functions import FUNCTIONS
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.value_types import Kind, Type, kind_of
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression, ExpressionError


def _ref(shape: str) -> dict[str, str]:
    return {"shape": shape}


STATES = ["creating", "ready", "broken"]
SERVICE = ServiceModel(
    {
        "metadata": {"protocol": "json", "endpointPrefix": "toys", "serviceFullName": "Toys"},
        "operations": {
            "DescribeToys": {"name": "DescribeToys", "output": _ref("PollResult")},
            "Ping": {"name": "Ping"},
        },
        "shapes": {
            "PollResult": {
                "type": "structure",
                "members": {
                    "Toys": _ref("Toys"),
                    "Toy": _ref("Toy"),
                    "Names": _ref("Names"),
                    "Rows": _ref("Rows"),
                    "Tags": _ref("Tags"),
                    "ByState": _ref("ByState"),
                    "Count": _ref("Integer"),
                    "Share": _ref("Double"),
                    "Open": _ref("Boolean"),
                    "Created": _ref("Time"),
                    "Any": _ref("Document"),
                    "Body": _ref("Stream"),
                },
            },
            "Toy": {
                "type": "structure",
                "members": {
                    "Name": _ref("String"),
                    "State": _ref("State"),
                    "Size": _ref("Integer"),
                    "Parts": _ref("Toys"),
                    "Whole": _ref("Toy"),
                },
            },
            "Toys": {"type": "list", "member": _ref("Toy")},
            "Names": {"type": "list", "member": _ref("String")},
            "Rows": {"type": "list", "member": _ref("Names")},
            "Tags": {"type": "map", "key": _ref("String"), "value": _ref("String")},
            "ByState": {"type": "map", "key": _ref("State"), "value": _ref("Toy")},
            "State": {"type": "string", "enum": STATES},
            "String": {"type": "string"},
            "Integer": {"type": "integer"},
            "Double": {"type": "double"},
            "Boolean": {"type": "boolean"},
            "Time": {"type": "timestamp"},
            "Document": {"type": "structure", "members": {}, "document": True},
            "Stream": {"type": "blob", "streaming": True},
        },
    },
    "toys",
)
OUTPUT = Output(SERVICE.operation_model("DescribeToys"))


def ending(text: str) -> Ending:
    return OUTPUT.ending(Expression(text))


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("@", Kind.STRUCTURE, ""),
        ("Toy.State", Kind.STRING, "Toy.State"),
        ("Toys[0].State", Kind.STRING, "Toys[].State"),
        ("Toys[-1].Parts[0].Parts[0].Whole.Whole.State", Kind.STRING, "Toys[].Parts[].Parts[].Whole.Whole.State"),
        ("Toys[].Parts[].State | [0]", Kind.STRING, "Toys[].Parts[].State"),
        ("Rows[0][0]", Kind.STRING, "Rows[][]"),
        ("Tags.anything", Kind.STRING, "Tags.*"),
        ("ByState.ready.Size", Kind.INTEGER, "ByState.*.Size"),
        ("Share", Kind.NUMBER, "Share"),
        ("Open", Kind.BOOLEAN, "Open"),
        ("Created", Kind.TIME, "Created"),
        ("Any.thing.at[].all", Kind.LIST, ""),
        ("Any.thing", Kind.UNKNOWN, "Any"),
        ("Body.read", Kind.UNKNOWN, "Body"),
        ("ResponseMetadata.HTTPStatusCode", Kind.INTEGER, "ResponseMetadata.HTTPStatusCode"),
        ("ResponseMetadata.HTTPHeaders.date", Kind.STRING, ""),
        ("ResponseMetadata.Whatever.Else", Kind.UNKNOWN, ""),
        ("{a: Toy.Size, b: Toy.Name}.a", Kind.INTEGER, "Toy.Size"),
        ("[Toy.Size, Count][0]", Kind.INTEGER, "Toy.Size"),
        ("[Toy.Size, Toy.Name][0]", Kind.UNKNOWN, ""),
        ("Toy.Size || Share", Kind.NUMBER, "Toy.Size"),
        ("Toy.Size || `null`", Kind.INTEGER, "Toy.Size"),
        ("Toy && Toy.State", Kind.STRING, "Toy.State"),
        ("Open && Count == `1`", Kind.BOOLEAN, "Open"),
        ("!Toy", Kind.BOOLEAN, "the negation"),
        ("Count > `1`", Kind.BOOLEAN, "the comparison"),
        ("(Toys || `[]`)[0].State", Kind.STRING, "Toys[].State"),
        ('`{"a": [1]}`.a[0]', Kind.INTEGER, "the literal.a[]"),
        ("'text'", Kind.STRING, "the literal"),
        ("&Toy", Kind.EXPRESSION, "&…"),
        ("length(Toys)", Kind.INTEGER, "length()"),
        ("abs(Share)", Kind.NUMBER, "Share"),
        ("avg(Toys[].Size)", Kind.NUMBER, "avg()"),
        ("contains(Names, Toy.Name)", Kind.BOOLEAN, "contains()"),
        ("join(', ', Names)", Kind.STRING, "join()"),
        ("keys(Toy)[0]", Kind.STRING, "keys()"),
        ("map(&State, Toys)[0]", Kind.STRING, "Toys[].State"),
        ("max(Toys[].Size)", Kind.INTEGER, "Toys[].Size"),
        ("max_by(Toys, &Size).State", Kind.STRING, "Toys[].State"),
        ("merge(Toy, `{}`).State", Kind.UNKNOWN, ""),
        ("not_null(Toy.Whole.State, Toy.State)", Kind.STRING, "Toy.Whole.State"),
        ("reverse(Toys)[0].State", Kind.STRING, "Toys[].State"),
        ("reverse(Toy.State)", Kind.STRING, "Toy.State"),
        ("sort(Names)[0]", Kind.STRING, "Names[]"),
        ("sort_by(Toys, &Size)[-1].State", Kind.STRING, "Toys[].State"),
        ("to_array(Toy)[0].State", Kind.STRING, "Toy.State"),
        ("to_number(Toy.Name)", Kind.NUMBER, "to_number()"),
        ("values(ByState)[0].State", Kind.STRING, "ByState.*.State"),
    ],
)
def test_an_expression_ends_in_what_the_model_says(text: str, kind: Kind, name: str) -> None:
    end = ending(text)
    assert end.mistakes == ()
    assert (end.type.kind, end.type.name) == (kind, name)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Toys[].State", "Toys[].State"),
        ("Toys[*].State", "Toys[].State"),
        ("Toys[1:].State", "Toys[].State"),
        ("Toys[?Size > `1`].State", "Toys[].State"),
        ("Toys[?Size > `1` || State == 'ready'].State", "Toys[].State"),
        ("Toys[].Parts[].State", "Toys[].Parts[].State"),
        ("Toys[*].Parts[*].State[]", "Toys[].Parts[].State"),
        ("ByState.*.State", "ByState.*.State"),
        ("Rows[]", "Rows[][]"),
        ("Rows[][]", "Rows[][]"),
        ("Toys[].State | sort(@) | reverse(@)", "Toys[].State"),
    ],
)
def test_a_projection_ends_in_a_list_of_what_it_selects(text: str, item: str) -> None:
    end = ending(text)
    assert end.mistakes == ()
    assert end.type.kind is Kind.LIST
    assert end.type.item.kind in (Kind.STRING, Kind.LIST)
    assert end.type.item.name == item


def test_the_values_of_an_enum_come_along() -> None:
    assert ending("Toys[].Parts[].State").type.item.values == tuple(STATES)
    assert ending("Toy.State || 'none'").type.values == (*STATES, "none")
    assert ending("Toy.State || Toy.Name").type.values is None


@pytest.mark.parametrize(
    ("text", "problem", "suggestion"),
    [
        ("Toi.State", "the DescribeToys response has no member 'Toi'", "Toy"),
        ("toy.State", "the DescribeToys response has no member 'toy'", "Toy"),
        ("Toy.Stat", "the DescribeToys response has no member 'Stat' in Toy", "State"),
        ("Toy.Whole.Stat", "the DescribeToys response has no member 'Stat' in Toy.Whole", "State"),
        (
            "Toy.Xyzzy",
            "the DescribeToys response has no member 'Xyzzy' in Toy (valid: Name, State, Size, Parts, Whole)",
            None,
        ),
        ("Toys[].Stat", "the DescribeToys response has no member 'Stat' in Toys[]", "State"),
        ("Toys[?Stat == 'x']", "the DescribeToys response has no member 'Stat' in Toys[]", "State"),
        ("ByState.redy", "the DescribeToys response has no key 'redy' in ByState", "ready"),
        ("{a: Toy.Stat}", "the DescribeToys response has no member 'Stat' in Toy", "State"),
        ("Toy.[Stat]", "the DescribeToys response has no member 'Stat' in Toy", "State"),
        ("!(Toy.Stat)", "the DescribeToys response has no member 'Stat' in Toy", "State"),
        ("Toy.Stat || Toy.Name", "the DescribeToys response has no member 'Stat' in Toy", "State"),
        ("Toy.Name && Toy.Stat", "the DescribeToys response has no member 'Stat' in Toy", "State"),
        ("map(&Stat, Toys)", "the DescribeToys response has no member 'Stat' in Toys[]", "State"),
        ("length(Toi)", "the DescribeToys response has no member 'Toi'", "Toy"),
        (
            "Toys.State",
            "Toys is a list and has no member 'State': use [] to reach its items",
            "Toys[].State",
        ),
        (
            "Toys[].Parts.State",
            "Toys[].Parts is a list and has no member 'State': use [] to reach its items",
            "Toys[].Parts[].State",
        ),
        ("Toys.Xyzzy", "Toys is a list and has no member 'Xyzzy': use [] to reach its items", None),
        ("Toy.State.Name", "Toy.State is a string and has no member 'Name'", None),
        ("!Toy.State", "the negation is a boolean and has no member 'State'", None),
        ("Rows[][0]", "Rows[][] is a string, not a list: [0] selects nothing", None),
        ("Toy[].State", "Toy is a structure, not a list: [] selects nothing", None),
        ("Toy[*].State", "Toy is a structure, not a list: [*] selects nothing", None),
        ("Toy[0].State", "Toy is a structure, not a list: [0] selects nothing", None),
        ("Toy[1:].State", "Toy is a structure, not a list: [:] selects nothing", None),
        ("Toy[?Size > `1`]", "Toy is a structure, not a list: [?…] selects nothing", None),
        ("ByState[].State", "ByState is a mapping, not a list: [] selects nothing", "ByState.*"),
        ("Toys.*.State", "Toys is a list: .* selects nothing", "Toys[]"),
        ("Count.*", "Count is an integer: .* selects nothing", None),
        ("Toys[::0]", "the step of a slice can't be 0", None),
        ("lenght(Toys)", "JMESPath has no function lenght()", "length"),
        ("length(Toys, Names)", "length() takes 1 argument, not 2", None),
        ("not_null()", "not_null() takes at least 1 argument, not 0", None),
        ("join(Names)", "join() takes 2 arguments, not 1", None),
        ("length(Count)", "length() takes a string, a list or a mapping as argument 1, but Count is an integer", None),
        (
            "sum(Names)",
            "sum() takes a list of numbers as argument 1, but Names is a list in which each item is a string",
            None,
        ),
        ("sort_by(Toys, @)", "sort_by() takes an expression (&…) as argument 2, but the response is a structure", None),
        ("contains(Toys[].State, 'redy')", "'redy' is not a value of Toys[].State", "ready"),
        ("Toys[?State == 'redy']", "'redy' is not a value of Toys[].State", "ready"),
        ("Toys[?'redy' != State]", "'redy' is not a value of Toys[].State", "ready"),
        ("Count == '1'", "'1' is a string, but Count is an integer", None),
        ("length(Toys) > '1'", "'1' is a string, but length() is an integer", None),
        ("Toys > `0`", "Toys is a list, which < and > can't compare", None),
        ("Count == Toy.Name", "Count is an integer and Toy.Name is a string: they can't be compared", None),
    ],
)
def test_a_wrong_step_is_named_with_what_was_meant(text: str, problem: str, suggestion: str | None) -> None:
    [mistake] = ending(text).mistakes
    assert (mistake.text, mistake.suggestion) == (problem, suggestion)


@pytest.mark.parametrize(
    "text",
    [
        "Toy.State > 'creatin'",
        "Toy.State == Toy.Whole.State",
        "Toy.Whole == `null`",
        "Count == `1.0`",
        "Share > Count",
        "Created > `1700000000`",
        "length(Created)",
        "contains(Toy.Name, 'x')",
        "contains(Toys[].State, Toy.Name)",
        "Any == 'x' && Any > `1` && length(Any) > `0` && sum(Any) > `1`",
        "sort(`[]`)",
        "*.Name",
        "Toys[].*",
    ],
)
def test_what_may_be_meant_is_let_pass(text: str) -> None:
    assert ending(text).mistakes == ()


def test_a_mistake_is_reported_once_and_two_mistakes_both() -> None:
    assert len(ending("[Toy.Stat, Toy.Stat.X.Y]").mistakes) == 1
    assert [mistake.suggestion for mistake in ending("Toy.[Stat, Nam]").mistakes] == ["State", "Name"]


def test_an_operation_without_an_answer_has_only_the_metadata() -> None:
    output = Output(SERVICE.operation_model("Ping"))
    assert output.ending(Expression("ResponseMetadata.RequestId")).mistakes == ()
    [mistake] = output.ending(Expression("Toy")).mistakes
    assert mistake.text == "the Ping response has no member 'Toy' (valid: ResponseMetadata)"


def test_every_node_of_jmespath_has_its_step() -> None:
    nodes = {name.removeprefix("visit_") for name in dir(TreeInterpreter) if name.startswith("visit_")}
    assert nodes == set(_STEPS)


def test_every_function_of_jmespath_is_known_with_its_signature() -> None:
    for name, spec in Functions.FUNCTION_TABLE.items():
        signature = spec["signature"]
        assert [set(words) for words in FUNCTIONS[name].takes] == [set(word["types"]) for word in signature], name
        assert FUNCTIONS[name].variadic == bool(signature[-1].get("variadic")), name
    assert set(Functions.FUNCTION_TABLE) == set(FUNCTIONS)


def _toy(state: str, depth: int = 2) -> dict[str, Any]:
    parts = [_toy(state, depth - 1)] if depth else []
    whole = {"Whole": _toy(state, depth - 1)} if depth else {}
    return {"Name": f"{state}-{depth}", "State": state, "Size": depth, "Parts": parts, **whole}


ANSWER = {
    "Toys": [_toy("ready"), _toy("broken")],
    "Toy": _toy("creating"),
    "Names": ["a", "b"],
    "Rows": [["a"], ["b", "c"]],
    "Tags": {"a": "b"},
    "ByState": {"ready": _toy("ready")},
    "Count": 3,
    "Share": 0.5,
    "Open": True,
    "Created": 1700000000,
    "Any": {"Name": [{"State": 1}]},
    "Body": "stream",
    "ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {"a": "b"}, "RetryAttempts": 0},
}
ROOTS = st.sampled_from(["@", *ANSWER, "'ready'", "`1`", "`[1, 2]`", '`{"Name": "x"}`'])
TAILS = st.sampled_from(
    [
        *(f".{name}" for name in ("Name", "State", "Size", "Parts", "Whole", "*", "[Name, State]", "{Name: Size}")),
        *("[]", "[*]", "[0]", "[-1]", "[1:]", "[?Size > `0`]", "[?State == 'ready']", " | [0]", " | @"),
    ]
)
CALLS = st.sampled_from(
    [f"{name}({{0}})" for name, function in FUNCTIONS.items() if len(function.takes) == 1]
    + ["map(&{1}, {0})", "max_by({0}, &{1})", "sort_by({0}, &Size)", "contains({0}, {1})", "join(',', {0})"]
    + [
        "({0} || {1})",
        "({0} && {1})",
        "!({0})",
        "({0} == {1})",
        "({0} < {1})",
        "[{0}, {1}]",
        "{{Name: {0}, State: {1}}}",
    ]
)
EXPRESSIONS = st.recursive(
    st.builds(lambda root, tails: root + "".join(tails), ROOTS, st.lists(TAILS, max_size=4)),
    lambda inner: st.builds(
        lambda form, first, second, tails: form.format(first, second) + "".join(tails),
        CALLS,
        inner,
        inner,
        st.lists(TAILS, max_size=2),
    ),
    max_leaves=4,
)


def conforms(value: Any, wanted: Type) -> bool:
    """Whether a value has the predicted type; null and empty values may occur anywhere."""
    if value in (None, "", [], {}) or value is False or wanted.kind is Kind.UNKNOWN:
        return True
    if wanted.kind is Kind.LIST:
        return isinstance(value, list) and all(conforms(item, wanted.item) for item in value)
    if wanted.kind in (Kind.STRUCTURE, Kind.MAP):
        return isinstance(value, dict) and all(conforms(value.get(name), wanted.member(name)) for name in wanted.names)
    if wanted.values is not None and value not in wanted.values:
        return False
    numbers = (Kind.INTEGER, Kind.NUMBER)
    kinds = {Kind.NUMBER: numbers, Kind.TIME: numbers}.get(wanted.kind, (wanted.kind,))
    return kind_of(value) in kinds


@given(EXPRESSIONS)
@settings(max_examples=500, deadline=None)
def test_the_predicted_type_is_that_of_jmespaths_result(text: str) -> None:
    """Random expressions on a full response: the walk never raises, and the types that it accepts are right."""
    try:
        expression = Expression(text)
    except ExpressionError:
        return
    end = OUTPUT.ending(expression)
    if end.mistakes or end.type.kind is Kind.EXPRESSION:
        return
    try:
        found = expression.search(ANSWER)
    except ExpressionError:
        return
    assert conforms(found, end.type), (text, end.type)
