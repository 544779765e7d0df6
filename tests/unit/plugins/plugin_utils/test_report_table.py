# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table at the end of a run."""

from __future__ import annotations

import re

import pytest
from tests.support.waits import WAIT, waits

from ansible_collections.cloudwait.aws.plugins.plugin_utils._progress import Tone
from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_table import length, table
from ansible_collections.cloudwait.aws.plugins.plugin_utils._text import width


def test_the_longest_wait_is_first() -> None:
    found = [WAIT._replace(what=f"took {time}", elapsed=float(time)) for time in (5, 90, 31)]
    assert [line.text.rpartition("took ")[2] for line in table(found, 50, 120)][2:] == ["90", "31", "5"]


def test_the_table_says_what_a_wait_cost() -> None:
    cost = WAIT._replace(polls=12, calls=20, saved=40, transient={"throttled": 3, "server": 1})
    assert [line.text for line in table([cost], 50, 120)] == [
        "WAITS: 1 success; 20 requests, 40 saved",
        "time  host  outcome  polls  transient  saved  what",
        "31 s  web1  success     12          4     40  ec2 instance_running: i-1",
    ]


def test_what_is_not_known_is_left_empty() -> None:
    hidden = WAIT._replace(outcome="hidden", what="Secret", polls=None)
    assert list(table([hidden], 50, 120))[-1].text == "31 s  web1  hidden                            Secret"


@pytest.mark.parametrize("columns", [80, 120])
def test_every_line_fits_on_the_screen(columns: int) -> None:
    found = [*waits(), WAIT._replace(host="h" * 99, what="漢" * 99)]
    assert max(width(line.text) for line in table(found, 50, columns)) <= columns


def test_waits_that_are_left_out_are_counted() -> None:
    lines = [line.text for line in table([WAIT] * 1_003, 2, 120)]
    assert len(lines) == 5
    assert lines[-1] == "… and 1,001 shorter waits"


def test_problems_stand_out() -> None:
    lines = list(table(waits(), 50, 120))[2:]
    tones = {re.split(" {2,}", line.text.strip())[2]: line.tone for line in lines}
    assert tones["timeout"] is tones["failure"] is Tone.BAD
    assert [line.tone for line in table([WAIT], 50, 120)][-1] is Tone.GOOD


@pytest.mark.parametrize(("seconds", "text"), [(-1.0, "0.0 s"), (0.26, "0.3 s"), (31.9, "31 s"), (600.0, "10 min 0 s")])
def test_short_durations_have_tenths(seconds: float, text: str) -> None:
    assert length(seconds) == text
