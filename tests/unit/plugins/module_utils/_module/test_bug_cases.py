# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported situations of waiters, over real HTTP: the outcome, the number of polls and the message.

``bug_cases.json`` has the answers byte for byte as AWS sends them. The neighbours beside each of them are of our own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.scripted import ScriptedEndpoint
from tests.unit.plugins.module_utils._module.situations import Case, require


def reported() -> list[Case]:
    rows = json.loads(Path(__file__).with_name("bug_cases.json").read_text(encoding="utf-8"))
    return [
        Case(
            row["id"],
            row["service"],
            row["waiter"],
            row["params"],
            [{"status": status, "headers": headers, "raw": raw} for status, headers, raw in row["answers"]],
            row["expected_outcome"],
            row["must_be_in_msg"],
            row.get("must_not_be_in_msg", ()),
            row.get("expected_polls"),
            row["options"],
        )
        for row in rows
    ]


@pytest.fixture(scope="module")
def aws() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint({}) as endpoint:
        yield endpoint


@pytest.mark.parametrize("case", reported(), ids=lambda case: case.id)
def test_what_people_reported_ends_as_they_would_expect(aws: ScriptedEndpoint, case: Case) -> None:
    require(aws, case)
