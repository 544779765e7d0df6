# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Acceptors in plain words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.catalog import CATALOG
from tests.support.services import services_with_waiters

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.describe import describe
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Acceptor, Matcher, State
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition

EACH = "Reservations[].Instances[].State.Name"


@pytest.mark.parametrize(
    ("state", "matcher", "argument", "expected", "text"),
    [
        ("failure", "pathAny", EACH, ["terminated"], f"fails when any {EACH} is 'terminated'"),
        ("success", "pathAll", EACH, ["running"], f"succeeds when every {EACH} is 'running'"),
        (
            "success",
            "path",
            "Certificate.Status",
            ["A", "B", "C"],
            "succeeds when Certificate.Status is 'A', 'B' or 'C'",
        ),
        ("success", "path", "length(Images[]) > `0`", [True], "succeeds when length(Images[]) > `0` is true"),
        ("retry", "path", "Enabled", [False], "keeps waiting when Enabled is false"),
        ("success", "path", "Percent", [100], "succeeds when Percent is 100"),
        ("retry", "error", None, ["InvalidInstanceID.NotFound"], "keeps waiting on error InvalidInstanceID.NotFound"),
        ("failure", "error", None, ["A", "B"], "fails on error A or B"),
        ("failure", "error", None, [True], "fails on any error"),
        ("failure", "error", None, ["A", True], "fails on any error"),
        ("success", "error", None, [False], "succeeds when there is no error"),
        ("success", "error", None, [False, "Gone"], "succeeds on error Gone or when there is no error"),
        ("success", "status", None, [200], "succeeds on HTTP status 200"),
        ("retry", "status", None, [404, 500], "keeps waiting on HTTP status 404 or 500"),
    ],
)
def test_an_acceptor_is_one_plain_clause(
    state: str, matcher: str, argument: str | None, expected: list[Any], text: str
) -> None:
    expression = None if argument is None else Expression(argument)
    assert describe(Acceptor(State(state), Matcher(matcher), tuple(expected), expression)) == text


@pytest.mark.parametrize(
    ("matcher", "argument", "expected", "text"),
    [
        (Matcher.PATH_ANY, "X[].Y", ("A", "B"), "fails when any X[].Y is none of 'A', 'B'"),
        (Matcher.PATH, "X", ("A",), "fails when X is not 'A'"),
        (Matcher.ERROR, None, ("A", "B"), "fails on any error except A or B"),
        (Matcher.STATUS, None, (200,), "fails on any HTTP status except 200"),
    ],
)
def test_a_negated_acceptor_says_what_it_lets_pass(
    matcher: Matcher, argument: str | None, expected: tuple[Any, ...], text: str
) -> None:
    expression = None if argument is None else Expression(argument)
    assert describe(Acceptor(State.FAILURE, matcher, expected, expression, negated=True)) == text


def test_every_acceptor_of_botocore_has_words() -> None:
    models = Models(CATALOG)
    for service in services_with_waiters():
        for raw in models.waiters(service).values():
            definition = read_definition(raw).definition
            assert definition is not None
            assert all(" on " in f" {text}" or " when " in text for text in map(describe, definition.acceptors))
