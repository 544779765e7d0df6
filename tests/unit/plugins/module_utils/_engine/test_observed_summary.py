# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was observed, in a few words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.observed_summary import LONGEST_VALUE, summary


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ("pending", "pending"),
        (["pending"], "pending"),
        (["pending", "running", "pending"], "pending ×2, running ×1"),
        (["running", "pending", "pending"], "pending ×2, running ×1"),
        (["running", "pending"], "pending ×1, running ×1"),
        (["pending", "running"], "pending ×1, running ×1"),
        (["running"] * 3, "running ×3"),
        ([["a", "b"], ["a"]], "a ×2, b ×1"),
        (200, "200"),
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
def test_values_are_counted_the_most_frequent_first_then_by_the_alphabet(observed: Any, expected: str) -> None:
    assert summary(observed) == expected


def test_of_many_different_values_a_few_are_named() -> None:
    observed = ["e", "d", "c", "b", "a", "f", "a", "a", "b"]
    assert summary(observed) == "a ×3, b ×2, c ×1, d ×1, 2 more"


def test_a_long_text_is_cut() -> None:
    found = summary("x" * 1_000_000)
    assert found == "x" * (LONGEST_VALUE - 1) + "…"
    assert summary("x" * LONGEST_VALUE) == "x" * LONGEST_VALUE


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
    assert summary(observed) == expected
