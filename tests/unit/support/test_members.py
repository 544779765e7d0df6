# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an expression reads, and answers that are made of members."""

from __future__ import annotations

from typing import Any

import pytest
from tests.oracle.ours import service_model
from tests.support.members import Reads, answer, list_above, shape_at

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("A.B", ["A.B"]),
        ("A[].B[0].C", ["A.B.C"]),
        ("A[*].B | [0]", ["A.B"]),
        ("A.*.B", ["A.*.B"]),
        ("A[?B=='x'].C", ["A.C"]),
        ("A[].to_string(B)", ["A.B"]),
        ("A[].[B, C][]", ["A.B", "A.C"]),
        ("A=='x' && B.C", ["B.C"]),
        ("A[].[B=='x'][]", []),
        ("!A", []),
        ("length(A[]) == `0`", []),
    ],
)
def test_where_an_expression_ends(text: str, ends: list[str]) -> None:
    assert [".".join(names) for names in Reads(Expression(text).tree).ends] == ends


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("A[?B=='x' && C!=`2`].D", {"A.B": ["x"], "A.C": [2], "A.D": []}),
        ("A[].[B=='x' && !(C[?D=='y'])][]", {"A.B": ["x"], "A.C.D": ["y"], "A.C": []}),
        ("contains(['x', 'y'], A.B)", {"A.B": ["x", "y"]}),
        ("sort_by(A, &B)[-1].C", {"A.B": [], "A.C": []}),
        ("A[].[sum(B[?C=='x'].to_number(D)) >= E][]", {"A.B.C": ["x"], "A.B.D": [], "A.E": []}),
    ],
)
def test_all_that_an_expression_reads_and_what_it_is_compared_with(text: str, reads: dict[str, list[Any]]) -> None:
    found = Reads(Expression(text).tree).compared
    assert {".".join(names): list(values) for names, values in found.items()} == reads


def test_an_answer_has_the_lists_of_its_shape() -> None:
    shape = service_model("ec2").operation_model("DescribeInstances").output_shape
    item = ("Reservations", "Instances")
    members = {(*item, "State", "Name"): "running", (*item, "InstanceId"): "i-1", (*item, "Tags"): []}
    found = answer(shape, members)
    instance = {"State": {"Name": "running"}, "InstanceId": "i-1", "Tags": []}
    assert found == {"Reservations": [{"Instances": [instance]}]}
    assert list_above(shape, (*item, "State", "Name")) == item
    assert shape_at(shape, (*item, "State", "Names")) is None


def test_a_list_that_is_there_has_an_item() -> None:
    shape = service_model("ec2").operation_model("DescribeInstances").output_shape
    item = {"ReservationId": "r-1"}
    assert answer(shape, {("Reservations",): item}) == {"Reservations": [item]}
    both = {("Reservations", "OwnerId"): "1", ("Reservations",): item}
    assert answer(shape, both) == {"Reservations": [{"OwnerId": "1"}]}
