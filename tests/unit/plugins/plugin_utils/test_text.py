# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts on one line of a terminal, and times in words."""

from __future__ import annotations

import pytest

from ansible_collections.cloudwait.aws.plugins.plugin_utils._text import duration, fit, width


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.99, "0 s"),
        (31.2, "31 s"),
        (59.999, "59 s"),
        (60, "1 min 0 s"),
        (245, "4 min 5 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (90_061, "25 h 1 min"),
        (-1, "0 s"),
    ],
)
def test_a_duration_is_written_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("pending", 7, "pending"),
        ("pending", 6, "pendi…"),
        ("two words", 5, "two…"),
        ("×××", 3, "×××"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("e\u0301e\u0301", 2, "e\u0301e\u0301"),
        ("pending", 1, "…"),
    ],
)
def test_a_text_is_cut_to_the_columns_that_it_takes(text: str, columns: int, shown: str) -> None:
    assert fit(text, columns) == shown
    assert width(shown) <= columns
