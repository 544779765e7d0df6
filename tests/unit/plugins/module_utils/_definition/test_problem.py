# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How names, values and paths are quoted: on one line, short, and with a suggestion."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import (
    Problem,
    cite,
    in_order,
    nearest,
    path_to,
    quoted,
    short,
)

NAMES = ["acm", "ram", "amp", "elbv2", "DescribeAcmeAccount", "instance_running", "table_exists", "length"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("amc", "acm"),
        ("elb2", "elbv2"),
        ("InstanceRuning", "instance_running"),
        ("instance-running", "instance_running"),
        ("len", "length"),
        ("DescribeInstances", None),
        ("bucket_exists", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_the_nearest_name_is_the_one_that_was_meant(name: str, meant: str | None) -> None:
    assert nearest(name, NAMES) == meant


@pytest.mark.parametrize(
    ("value", "cited"),
    [
        ("a", "'a'"),
        ("a\nb\u202ec", "'a\\nb\\u202ec'"),
        ("x" * 100, "'" + "x" * 78 + "…"),
        ([1, "\u202e"], '[1, "\\u202e"]'),
        (None, "null"),
        (float("nan"), "NaN"),
    ],
)
def test_a_value_is_cited_on_one_line(value: Any, cited: str) -> None:
    assert cite(value) == cited


def test_what_is_nested_beyond_all_measure_is_cited_too() -> None:
    value: Any = []
    for _level in range(100_000):
        value = [value]
    assert cite(value) == "something nested too deeply"


@pytest.mark.parametrize(
    ("at", "key", "path"),
    [
        ("params", "Key", "params.Key"),
        ("", "Key", "Key"),
        ("params", 5, "params.5"),
        ("params", "", "params['']"),
        ("params", "a\nb", "params['a\\nb']"),
        ("", "x" * 100, "['" + "x" * 78 + "…]"),
    ],
)
def test_a_path_leads_to_any_key(at: str, key: object, path: str) -> None:
    assert path_to(at, key) == path


def test_an_expression_is_quoted_on_one_line() -> None:
    assert quoted("a\n  .b\n") == "`a .b`"
    assert len(quoted("a" * 1000)) < 130


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert short("two  spaces") == "two  spaces"
    assert short("null\0byte") == "null\\x00byte"


def test_the_problems_of_one_list_come_in_its_order() -> None:
    """Others stay where they were found."""
    paths = ["service", "a.acceptors[1].state", "params", "a.acceptors[0].argument", "a.acceptors[10]", "b[0]"]
    ordered = in_order([*(Problem(path, "is wrong") for path in paths), Problem("params", "is wrong")])
    assert [problem.path for problem in ordered] == [
        "service",
        "a.acceptors[0].argument",
        "a.acceptors[1].state",
        "a.acceptors[10]",
        "params",
        "b[0]",
    ]
