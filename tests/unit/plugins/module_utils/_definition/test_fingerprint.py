# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of AWS's lists makes no difference; any other difference does."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.fuzz.answers import ANYTHING

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.fingerprint import fingerprint


def shuffled(value: Any, seed: random.Random) -> Any:
    """The value with all lists and mappings in a different order."""
    if isinstance(value, list):
        items = [shuffled(item, seed) for item in value]
        seed.shuffle(items)
        return items
    if isinstance(value, dict):
        members = [(name, shuffled(item, seed)) for name, item in value.items()]
        seed.shuffle(members)
        return dict(members)
    return value


@given(value=ANYTHING, seed=st.randoms(use_true_random=False))
def test_data_in_another_order_are_the_same(value: Any, seed: random.Random) -> None:
    assert fingerprint(value, None) == fingerprint(shuffled(value, seed), None)


ITEMS = [
    {"Id": f"i-{number}", "State": {"Name": name}, "Tags": ["a", "b", "c"], "Want": number, "Run": number // 2}
    for number, name in enumerate(["pending", "running", "running", "stopped"])
]
ANSWER = {"Items": ITEMS, "Others": ITEMS[:2], "Map": {"x": [1, 2, 3], "y": [3, 4]}}


@pytest.mark.parametrize(
    "text",
    [
        "Items",
        "Items[]",
        "Items[].State.Name",
        "Items[*].Tags",
        "Items[].Tags[]",
        "Items[?Run > `0`].Id",
        "Items[].[Id, State.Name]",
        "Items[].{Id: Id, Tags: Tags}",
        "Items[].[Id, [Want, Run], Tags]",
        "{Items: Items[].Id, Others: Others[].[Id, Want]}",
        "[Items[].Id, Others[].Id]",
        "map(&[Id, Want], Items)",
        "Map.*",
        "Map.x",
        "sort(Items[].Id)",
        "sort_by(Items, &Id)[].[Id, Want]",
        "Items | [].[Id, Want]",
        "length(Items)",
        "Items[].[length(Tags)][]",
    ],
)
def test_a_selection_from_an_answer_in_another_order_is_the_same(text: str) -> None:
    expression = Expression(text)
    found = {fingerprint(expression.search(shuffled(ANSWER, random.Random(seed))), expression) for seed in range(20)}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("[Want, Run]", {"Want": 2, "Run": 1}, {"Want": 1, "Run": 2}),
        ("Items[].[Want, Run]", {"Items": [{"Want": 2, "Run": 1}]}, {"Items": [{"Want": 1, "Run": 2}]}),
        ("Items[].[Want, Run][]", {"Items": [{"Want": 2, "Run": 1}]}, {"Items": [{"Want": 1, "Run": 2}]}),
        ("map(&[Want, Run], Items)", {"Items": [{"Want": 2, "Run": 1}]}, {"Items": [{"Want": 1, "Run": 2}]}),
        ("(Items[].[Want, Run])[0]", {"Items": [{"Want": 2, "Run": 1}]}, {"Items": [{"Want": 1, "Run": 2}]}),
        ("Items[].{w: [Want, Run]}", {"Items": [{"Want": 2, "Run": 1}]}, {"Items": [{"Want": 1, "Run": 2}]}),
        ("Items[].Name", {"Items": [{"Name": "a"}, {"Name": "b"}]}, {"Items": [{"Name": "a"}, {"Name": "a"}]}),
        ("Items[].Name", {"Items": [{"Name": "a"}]}, {"Items": [{"Name": "a"}, {"Name": "a"}]}),
        ("A", {"A": [["a"], ["b", "c"]]}, {"A": [["a", "b"], ["c"]]}),
        ("A", {"A": 1}, {"A": "1"}),
        ("A", {"A": -1}, {"A": -2}),
        ("A", {"A": True}, {"A": 1}),
        ("A", {"A": None}, {"A": "None"}),
        ("A", {"A": []}, {"A": {}}),
        ("A", {"A": {"a": 1, "b": 2}}, {"A": {"a": 2, "b": 1}}),
    ],
)
def test_a_difference_in_more_than_the_order_is_one(text: str, one: Any, other: Any) -> None:
    expression = Expression(text)
    prints = [fingerprint(expression.search(answer), expression) for answer in (one, other)]
    assert prints[0] != prints[1]
