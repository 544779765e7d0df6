# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strategies for JMESPath expressions: valid ones, and some with mistakes."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

FUNCTIONS = (
    "abs({0})",
    "avg({0})",
    "ceil({0})",
    "contains({0}, {1})",
    "ends_with({0}, {1})",
    "floor({0})",
    "join({0}, {1})",
    "join('', {0})",
    "join(', ', {0})",
    "keys({0})",
    "length({0})",
    "map(&{0}, {1})",
    "max({0})",
    "max_by({0}, &{1})",
    "merge({0}, {1})",
    "min_by({0}, &{1})",
    "not_null({0}, {1})",
    "reverse({0})",
    "sort({0})",
    "sort_by({0}, &{1})",
    "starts_with({0}, {1})",
    "sum({0})",
    "to_array({0})",
    "to_number({0})",
    "to_string({0})",
    "type({0})",
    "values({0})",
    "nonsense({0})",
    "length()",
)
ONE = (
    "{0}[]",
    "{0}[*]",
    "{0}.*",
    "{0}[0]",
    "{0}[-1]",
    "{0}[1:3]",
    "{0}[::0]",
    "!{0}",
    "({0})",
    "[{0}]",
    "{{a: {0}}}",
    "&{0}",
)
TWO = (
    "{0}.{1}",
    "{0} | {1}",
    "{0} || {1}",
    "{0} && {1}",
    "{0} == {1}",
    "{0} != {1}",
    "{0} < {1}",
    "{0} >= {1}",
    "{0}[?{1}]",
    "{0}[?{1} == `0`]",
    "{0}[].{1}",
    "{0}[*].{1}",
    "[{0}, {1}]",
    "{{a: {0}, b: {1}}}",
    "{0}.[{1}, {1}]",
    "{0}.{{a: {1}}}",
)
LITERALS = ("'x'", "''", "`0`", "`null`", "`[1, 2]`", '`{"a": 1}`', "`true`", "`1e400`", "@", "`NaN`", '"a b"', "*")
TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="ab.[]*|&@{}:,'`\"!?<>=0123()-\\ ", max_size=60),
    st.builds(lambda text, times: text * times, st.text(alphabet="a.[]*|&@{}'`!(", max_size=4), st.integers(1, 3000)),
)


@st.composite
def expressions(draw: st.DrawFn, names: Sequence[str]) -> str:
    """Expressions on answers that have members of these names; some repeat themselves, some don't parse."""
    leaf = st.one_of(st.sampled_from(names), st.sampled_from(names), st.sampled_from(LITERALS))
    shape = st.sampled_from((*FUNCTIONS, *ONE, *TWO, *ONE, *TWO))
    grown = st.recursive(leaf, lambda inner: st.builds(str.format, shape, inner, inner), max_leaves=10)
    text: str = draw(grown)
    if draw(st.integers(0, 5)) == 0:
        text = " | ".join([text] * draw(st.integers(2, 30)))
    if draw(st.integers(0, 9)) == 0:
        place, other = draw(st.integers(0, len(text))), draw(st.sampled_from("[](){}.,|'`\"&*!@a0 \x00"))
        text = text[:place] + other + text[place + draw(st.integers(0, 1)) :]
    return text
