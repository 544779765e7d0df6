# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress of a resource in words."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._module.progress import progress_text

LEFT = "Snapshots[].EstimatedSecondsToCompletion"


@pytest.mark.parametrize(
    ("paths", "response", "expected"),
    [
        (["Snapshots[].Progress"], {"Snapshots": [{"Progress": "45%"}]}, "45%"),
        (["Snapshots[].Progress"], {"Snapshots": [{"Progress": "45%"}, {"Progress": "45%"}]}, "45%"),
        (["Snapshots[].Progress"], {"Snapshots": [{"Progress": "45%"}, {"Progress": "7%"}, {}]}, "45%, 7%"),
        (["A[].Progress"], {"A": [{"Progress": f"{number}%"} for number in range(5)]}, "0%, 1%, 2%, 2 more"),
        (["JobPercentComplete"], {"JobPercentComplete": 45}, "45%"),
        (["JobPercentComplete"], {"JobPercentComplete": 0}, "0%"),
        (["PercentageComplete"], {"PercentageComplete": 45.0}, "45%"),
        (["PercentageComplete"], {"PercentageComplete": 45.678}, "45.7%"),
        (["PercentDone"], {"PercentDone": "45.5"}, "45.5%"),
        (["Progress"], {"Progress": 45}, "45%"),
        (["Progress"], {"Progress": "converting"}, "converting"),
        (["Progress"], {"Progress": " conv\x1b[1merting\n"}, "conv [1merting"),
        (["Progress"], {"Progress": "x" * 500}, "x" * 79 + "…"),
        (["BackupProgressInMegaBytes"], {"BackupProgressInMegaBytes": 812.25}, "812.2 MB"),
        (["A", "B"], {"A": None, "B": "3 of 7"}, "3 of 7"),
        (["A", "B"], {"A": "1 of 7", "B": "3 of 7"}, "1 of 7"),
        ([LEFT], {"Snapshots": [{"EstimatedSecondsToCompletion": 120}]}, "120 s left"),
        (["length(A)", "B"], {"A": None, "B": "3 of 7"}, "3 of 7"),
        (["Progress"], {"Progress": ""}, None),
        (["Progress"], {"Progress": False}, None),
        (["Progress"], {}, None),
        ([], {"Progress": "45%"}, None),
    ],
)
def test_the_first_value_found_is_shown_with_its_unit(paths: list[str], response: Any, expected: str | None) -> None:
    assert progress_text(list(map(Expression, paths)), response) == expected


def test_how_long_comes_after_how_far() -> None:
    paths = [Expression("Snapshots[].BackupProgressInMegaBytes"), Expression(LEFT)]
    response = {"Snapshots": [{"BackupProgressInMegaBytes": 812.0, "EstimatedSecondsToCompletion": 120}]}
    assert progress_text(paths, response) == "812 MB, 120 s left"
