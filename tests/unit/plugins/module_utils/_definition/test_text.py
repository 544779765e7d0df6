# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits on what is kept, and texts cleaned for a terminal."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.fuzz.answers import ANYTHING

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.text import (
    DEEPEST,
    Room,
    bounded,
    clean,
    cut,
    for_people,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pending ×2", "pending ×2"),
        ("two\nlines\r\nand a\ttab", "two lines and a tab"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("bell\a and \x9bcontrol", "bell and control"),
        ("turned\u202e round", "turned round"),
        ("line\u2028separator", "line separator"),
        ("half a pair \ud800", "half a pair"),
        ("a\u00a0fixed  space", "a fixed space"),
        ("two  spaces", "two  spaces"),
        ("grün 東京 👍🏽", "grün 東京 👍🏽"),
    ],
)
def test_nothing_in_a_text_steers_the_terminal(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("category", ["Cc", "Cf", "Zl", "Zp", "Cs"])
def test_no_character_of_unicode_steers_hides_or_reorders(category: str) -> None:
    letters = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == category]
    assert letters
    assert {clean(f"a{letter}b") for letter in letters} == {"a b"}


@given(text=st.text())
def test_a_clean_text_is_one_printable_line_and_stays_as_it_is(text: str) -> None:
    assert clean(text).isprintable()
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("length", "longest", "end"),
    [
        (80, 80, "x"),
        (81, 80, "…"),
        (2_000_000, 80, "…"),
        (2_000_000, 2_000, "… (cut, 2,000,000 characters in all)"),
    ],
)
def test_a_text_that_is_cut_says_so(length: int, longest: int, end: str) -> None:
    text = cut("x" * length, longest)
    assert len(text) == min(length, longest)
    assert text.endswith(f"x{end}" if end != "x" else end)


def test_a_text_that_is_cut_twice_says_how_long_it_was_at_first() -> None:
    assert cut(cut("x" * 2_000_000, 100_000), 2_000).endswith("x… (cut, 2,000,000 characters in all)")


def test_a_long_text_is_cut_before_it_is_cleaned() -> None:
    text = for_people("\n" * 3_000 + "y" * 2_000_000, 2_000)
    assert text.endswith("y… (cut, 2,003,000 characters in all)")
    assert text.isprintable()


@given(value=ANYTHING)
def test_a_value_that_fits_is_kept_whole(value: Any) -> None:
    kept, size = bounded(value, 10**9)
    assert kept == value
    assert size <= 10**9


@given(value=ANYTHING, largest=st.integers(0, 300))
def test_a_value_that_is_cut_has_no_more_than_its_bound_and_its_marks(value: Any, largest: int) -> None:
    kept, size = bounded(value, largest)
    assert len(json.dumps(kept, ensure_ascii=False, default=str)) <= largest * 7 + 2_000
    if size > largest:
        assert "…" in json.dumps(kept, ensure_ascii=False, default=str) or kept == value


@pytest.mark.parametrize(
    ("value", "mark"),
    [
        ("x" * 1_000_000, "… (cut, 1,000,000 characters in all)"),
        (["running"] * 100_000, "… (cut, 100,000 items in all)"),
        ({str(number): number for number in range(100_000)}, '"…": "(cut, 100,000 members in all)"'),
        ([{"a": ["x" * 1_000_000]}], "… (cut, 1,000,000 characters in all)"),
        (b"\xff" * 1_000_000, "… (cut, 1,000,000 bytes in all)"),
        ({"x" * 1_000_000: 1}, "…"),
    ],
)
def test_what_is_left_out_of_a_value_is_said_in_its_place(value: Any, mark: str) -> None:
    kept, size = bounded(value, 1_000)
    text = json.dumps(kept, ensure_ascii=False)
    assert mark in text
    assert len(text) < 2_000
    assert size > 1_000 or "x…" in text


def test_what_is_nested_too_deeply_is_cut() -> None:
    value: Any = "x"
    for _level in range(5_000):
        value = [value]
    kept, _size = bounded(value, 1_000_000)
    assert f"… (cut, more than {DEEPEST} levels deep)" in json.dumps(kept, ensure_ascii=False)


def test_several_values_share_their_room() -> None:
    room = Room(1_000)
    kept = [room.value(["x" * 96]) for _number in range(100)] + [room.text("y" * 100) for _number in range(100)]
    assert kept[:9] == [["x" * 96]] * 9
    assert room.was_short
    assert len(json.dumps(kept, ensure_ascii=False)) < 20_000
