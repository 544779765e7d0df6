# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports for botocore say what is so: each of their test cases fails with botocore, and passes once repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest
from tests.support.catalog import CATALOG
from tests.support.snippets import REPO, of_page
from tools.upstream_pages import FOLDER, Report, matching, pages, reports

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models

PINNED = f"botocore=={botocore.__version__}" in (REPO / "requirements/run.txt").read_text(encoding="utf-8")
pytestmark = pytest.mark.skipif(not PINNED, reason="made with the pinned botocore")
MODELS = Models(CATALOG)
REPORTS = {report.service: report for report in reports(MODELS)}


def test_the_pages_are_up_to_date() -> None:
    """``make upstream`` updates them."""
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert written == pages(list(REPORTS.values()))


def test_all_values_that_do_not_exist_are_reported() -> None:
    assert sum(len(report.dead) for report in REPORTS.values()) == 7


@pytest.mark.parametrize("service", REPORTS)
def test_each_state_hangs_in_botocore_and_ends_with_the_proposed_acceptors(service: str) -> None:
    report = REPORTS[service]
    for hang in report.hangs:
        waiter = MODELS.waiters(service)[hang.waiter]
        proposed = {**waiter, "acceptors": [*report.acceptors[hang.waiter], *waiter["acceptors"]]}
        assert matching(waiter, hang.response) == []
        assert matching(proposed, hang.response)[:1] == [hang.state], hang.waiter


@pytest.mark.parametrize("service", REPORTS)
def test_each_defect_has_its_reason_and_its_evidence(service: str) -> None:
    rows = re.findall(r"^\| `.*", (FOLDER / f"{service}.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(REPORTS[service].hangs) + len(REPORTS[service].dead)
    for row in rows:
        *_more, reason, evidence, _end = re.split(r"(?<!\\)\|", row)
        assert reason.strip()
        assert re.search(r"model: |docs\.aws\.amazon\.com|Terraform|Airflow|guess: ", evidence)


@pytest.mark.parametrize("service", REPORTS)
def test_the_test_case_of_a_page_fails_in_each_of_its_cases(service: str) -> None:
    cases = list(cases_of(FOLDER / f"{service}.md"))
    assert len(cases) == len(REPORTS[service].hangs) + len(REPORTS[service].dead)
    for test, values in cases:
        with pytest.raises(AssertionError):
            test(*values)


def cases_of(page: Path) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The tests of a page, each with the values of one of its cases."""
    [program] = [snippet.text for snippet in of_page(page) if snippet.language == "python"]
    names: dict[str, Any] = {}
    exec(compile(program, str(page), "exec"), names)
    for name, test in names.items():
        if name.startswith("test_"):
            [mark] = test.pytestmark
            yield from ((test, values) for values in mark.args[1])


def test_a_report_without_evidence_can_not_be_written() -> None:
    report: Report = REPORTS["rds"]
    hang = report.hangs[0]
    without = hang._replace(change={name: text for name, text in hang.change.items() if name != "evidence"})
    with pytest.raises(KeyError):
        pages([report._replace(hangs=[without])])
