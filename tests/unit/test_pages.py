# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that are generated from the collection's data are up to date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore
import pytest
from tests.support.catalog import CATALOG
from tests.support.snippets import FENCE, PAGES
from tools.site import OWN
from tools.timing_picture import courses, svg, table
from tools.waiters_page import page
from tools.words import change_in_words

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import shipped
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS.parent / "README.md"
FAILED = {"state": "failure", "matcher": "pathAll", "argument": "A", "expected": "X"}
READY = {"state": "success", "matcher": "pathAll", "argument": "A", "expected": "Y"}
PINNED = (Path(__file__).parents[2] / "requirements/run.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(f"botocore=={botocore.__version__}" not in PINNED, reason="made with the pinned botocore")
def test_the_page_of_waiters_is_up_to_date() -> None:
    """``make waiters`` updates it."""
    assert (DOCS / "waiters.md").read_text(encoding="utf-8") == page(Models(CATALOG))


def test_the_readme_says_how_many_waiters_the_catalogue_has() -> None:
    """In hundreds, so that not every new waiter changes it."""
    [said] = re.findall(r"more than ([\d,]+)\]\(\S*/docs/waiters.md\)", README.read_text(encoding="utf-8"))
    [count] = re.findall(r"^([\d,]+) waiters that boto3 lacks", (DOCS / "waiters.md").read_text("utf-8"), re.MULTILINE)
    said, count = (int(number.replace(",", "")) for number in (said, count))
    assert said < count <= said + 100


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gone": True}, "succeeds when a resource that was seen is now missing"),
        ({"was": FAILED, "now": None}, "no longer fails when every A is 'X'"),
        ({"was": None, "now": FAILED}, "fails when every A is 'X'"),
        ({"was": FAILED, "now": READY}, "succeeds when every A is 'Y', and no longer fails when every A is 'X'"),
        ({"delay": 15, "max_attempts": 120}, "polls every 15 s; makes up to 120 attempts"),
        ({"initial_delay": 120, "consecutive": 1}, "waits 2 min before the first attempt"),
        (
            {"max_attempts": 9, "settle": {"initial_delay": 0, "consecutive": 3}},
            "makes up to 9 attempts; must succeed 3 times in a row after a change",
        ),
    ],
)
def test_a_change_is_put_into_words(change: Mapping[str, Any], words: str) -> None:
    assert change_in_words(change) == words


def test_every_change_is_put_into_words() -> None:
    models = Models(CATALOG)
    waiters = [waiter for service in models.services() for waiter in shipped(models, service)]
    changes = [change for waiter in waiters for change in waiter.definition.corrections]
    assert changes
    assert [change for change in changes if not change_in_words(change)] == []


def test_the_picture_and_the_table_of_schedules_are_those_of_the_engine() -> None:
    """``make timing`` draws the picture; the table is written by hand."""
    found = courses(Models(CATALOG))
    assert (DOCS / "timing.svg").read_text(encoding="utf-8") == svg(found)
    assert table(found) in (DOCS / "timing.md").read_text(encoding="utf-8")


def test_the_figures_of_what_a_node_carries_are_those_of_the_benchmarks() -> None:
    benchmarks = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    lines = (DOCS / "scaling.md").read_text(encoding="utf-8").splitlines()
    quoted = [line.removeprefix("> ") for line in lines if line.startswith(("> ", "|"))]
    assert len(quoted) > 6
    assert [line for line in quoted if line not in benchmarks.splitlines()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_a_link_leads_to_what_there_is(page: Path) -> None:
    """Each link leads to a file or folder of the repository and, by GitHub's anchor, to an existing heading."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        own = re.sub(f"^{OWN}", "/", link)
        if "://" in own:
            continue
        file, _hash, anchor = own.partition("#")
        target = README.parent / file[1:] if file.startswith("/") else page.parent / file if file else page
        assert target.exists(), file
        assert not anchor or anchor in anchors(target), f"{file}#{anchor}"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
