# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members that an expression reads, and their values."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.observed import (
    compared_path,
    counted_path,
    values_behind,
)

ANSWER = {
    "status": "ACTIVE",
    "tasks": [
        {"lastStatus": "STOPPED", "containers": [{"exitCode": 137}, {"exitCode": 0}, {"name": "side"}]},
        {"lastStatus": "RUNNING", "containers": [{"exitCode": 5}]},
    ],
    "services": [{"deployments": [{"status": "PRIMARY", "rollout": "BACK"}, {"status": "ACTIVE", "rollout": "DONE"}]}],
}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("status != 'DELETING'", {"status": ["ACTIVE"]}),
        ("contains(['A', 'B'], status) && status", {"status": ["ACTIVE", "ACTIVE"]}),
        ("tasks[].containers[].exitCode", {"tasks[].containers[].exitCode": [137, 0, 5]}),
        # of a filter: what is selected from the items that match
        (
            "services[].deployments[?status=='PRIMARY'][].rollout",
            {"services[].deployments[].rollout": ["BACK"]},
        ),
        # else what its condition reads, even if a value is missing
        (
            "length(tasks[?lastStatus=='STOPPED'].containers[] | [?exitCode != `0`]) > `0`",
            {"tasks[].containers[].exitCode": [137, None]},
        ),
        ("length(tasks[?lastStatus=='RUNNING']) > `0`", {"tasks[].lastStatus": ["RUNNING"]}),
        ("tasks[0].containers[0].exitCode == `137`", {"tasks[0].containers[0].exitCode": [137]}),
        ("nothing == `1`", {"nothing": [None]}),
        # an expression that can't be evaluated decided nothing
        ("length(tasks[0].lastStatus[?x == length(nothing)]) > `0`", {}),
    ],
)
def test_the_values_that_decided_are_found_by_their_path(expression: str, found: dict[str, list[Any]]) -> None:
    assert values_behind(Expression(expression), ANSWER) == found


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ("status != 'DELETING'", "status"),
        ("`true` == Cluster.Ready", "Cluster.Ready"),
        ("length(a) > `0`", None),
        ("a == b", None),
        ("a == 'x' && b == 'y'", None),
        ("a[?b] == 'x'", None),
        ("status", None),
    ],
)
def test_a_comparison_with_a_literal_is_about_its_path(expression: str, path: str | None) -> None:
    found = compared_path(Expression(expression))
    assert (found and found.text) == path


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ("length(Images[]) > `0`", "Images[]"),
        ("length(PasswordData) > `0`", "PasswordData"),
        ("length(Images[?State=='x']) > `0`", None),
        ("length(Images[]) > `1`", None),
        ("length(Images[]) == `0`", None),
        ("Count > `0`", None),
    ],
)
def test_counting_is_distinguished_from_other_comparisons(expression: str, path: str | None) -> None:
    found = counted_path(Expression(expression))
    assert (found and found.text) == path
