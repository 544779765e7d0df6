# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was observed, in a few words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.observed_summary import (
    LONGEST_VALUE,
    summary,
    summary_of,
    tally,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import Resource
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.verdict import Decision, ResourceVerdict, Verdict


def of(observed: Any) -> str:
    return summary_of(tally(observed))


def verdict(*states: tuple[str, Any, bool]) -> Verdict:
    """A verdict on resources with these names, observed values, and whether they are where they should be."""
    rows = [
        ResourceVerdict(
            Resource(name, name), Decision.SUCCESS if done else Decision.NOT_YET, observed, absent=observed is None
        )
        for name, observed, done in states
    ]
    return Verdict(Decision.NOT_YET, resources=tuple(rows), observed=[observed for _name, observed, _done in states])


STATE = Expression("Instances[].State")


def test_every_requested_resource_is_counted() -> None:
    assert summary(verdict(("i-1", "running", True), ("i-2", None, False)), STATE) == "running ×1, not there ×1 (i-2)"
    assert summary(Verdict(Decision.NOT_YET, absent=True)) == "not there"


def test_the_last_that_are_left_are_named() -> None:
    done = [(f"i-{number}", "running", True) for number in range(8)]
    assert summary(verdict(*done, ("i-8", "pending", False), ("i-9", "pending", False)), STATE) == (
        "pending ×2, running ×8 (i-8, i-9)"
    )
    many = [(f"j-{number}", "pending", False) for number in range(4)]
    assert summary(verdict(*done, *many), STATE) == "pending ×4, running ×8"
    assert summary(verdict(*many[:2]), STATE) == "pending ×2"


def test_the_values_of_a_row_stay_together() -> None:
    rows = Expression("services[].[runningCount, desiredCount]")
    assert summary_of(tally([[1, 2], [2, 2], [2, 2]], rows)) == "1 2 ×1, 2 2 ×2"


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ("pending", "pending"),
        (["pending"], "pending"),
        (["pending", "running", "pending"], "pending ×2, running ×1"),
        (["running", "running", "pending"], "pending ×1, running ×2"),
        (["running", "pending"], "pending ×1, running ×1"),
        (["pending", "running"], "pending ×1, running ×1"),
        (["running"] * 3, "running ×3"),
        ([["a", "b"], ["a"]], "a ×2, b ×1"),
        (200, "there"),
        (404, "not there"),
        (403, "403"),
        (True, "true"),
        (0, "0"),
        (False, "false"),
        ([0, 0], "0 ×2"),
        (None, "nothing"),
        ("", "nothing"),
        ([], "nothing"),
        ([[], []], "nothing"),
        ([None, "running"], "nothing ×1, running ×1"),
        ({"Name": "running"}, '{"Name": "running"}'),
        ({}, "{}"),
        ({"since": date(2026, 1, 2)}, '{"since": "2026-01-02"}'),
    ],
)
def test_values_are_counted_in_the_order_of_the_alphabet(observed: Any, expected: str) -> None:
    assert of(observed) == expected


def test_of_many_different_values_a_few_are_named() -> None:
    observed = ["e", "d", "c", "b", "a", "f", "a", "a", "b"]
    assert of(observed) == "a ×3, b ×2, c ×1, d ×1, 2 more"


def test_a_long_text_is_cut() -> None:
    found = of("x" * 1_000_000)
    assert found == "x" * (LONGEST_VALUE - 1) + "…"
    assert of("x" * LONGEST_VALUE) == "x" * LONGEST_VALUE


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ("a\nb\r\n\tc", "a b c"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("right\u202eleft\u2028line", "right left line"),
        ("\n", "nothing"),
        ("grün 東京", "grün 東京"),
        ("\ud800", "nothing"),
    ],
)
def test_it_is_one_line_and_moves_no_cursor(observed: str, expected: str) -> None:
    assert of(observed) == expected
