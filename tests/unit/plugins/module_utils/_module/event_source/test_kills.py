# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source that is killed at random loses nothing and extends no deadline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.unit.plugins.module_utils._module.event_source import killed

REPO = Path(__file__).parents[6]
KILLS = 200
BEGAN, TIMEOUT, ATTEMPTS = 1000, 900, 60
DEADLINE = BEGAN + TIMEOUT


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What sources have told that were killed so many times altogether."""
    seed = os.environ.get("CLOUDWAIT_SEED", "kills")
    command = [sys.executable, killed.__file__, seed, str(KILLS), str(tmp_path_factory.mktemp("kills"))]
    environment = {**os.environ, "PYTHONPATH": f"{REPO}:{REPO / '.work'}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert sum(one["kills"] for one in found) == KILLS
    return found


def endings(one: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The events of each wait's end, as often as they were delivered."""
    found = defaultdict(list)
    for event in one["events"]:
        if event["meta"]["event"] == "ended":
            found[event["name"]].append(event)
    return found


def test_nothing_goes_wrong_besides(rounds: list[dict[str, Any]]) -> None:
    for one in rounds:
        assert (one["errors"], one["left"]) == ([], 0)
        assert {event["meta"]["event"] for event in one["events"]} <= {"ended", "changed"}


def test_each_wait_has_ended_once_and_was_told_at_least_once(rounds: list[dict[str, Any]]) -> None:
    for one in rounds:
        found = endings(one)
        expected = {**dict.fromkeys(one["ready"], "success"), "i-dead": "failure"}
        expected |= {"i-late": "timeout", "i-tired": "timeout"}
        assert {name: event[0]["outcome"] for name, event in found.items()} == expected
        for told in found.values():
            assert len({event["meta"]["uuid"] for event in told}) == 1


def test_an_event_that_was_delivered_before_says_so(rounds: list[dict[str, Any]]) -> None:
    """One that was not may say so, too, if the process was killed just before it was delivered."""
    for one in rounds:
        delivered = set()
        for event in one["events"]:
            uuid = event["meta"]["uuid"]
            assert event["meta"]["repeated"] or uuid not in delivered
            delivered.add(uuid)


def test_some_are_repeated(rounds: list[dict[str, Any]]) -> None:
    assert any(event["meta"]["repeated"] for one in rounds for event in one["events"])


def test_no_deadline_is_extended(rounds: list[dict[str, Any]]) -> None:
    """After it there is one poll at most for each process that was started after it."""
    for one in rounds:
        starts_after = [at for at in one["starts"] if at >= DEADLINE]
        polls_after = [at for name, at in one["polls"] if name == "i-late" and at > DEADLINE]
        assert len(polls_after) <= len(starts_after)
        assert set(polls_after) <= set(starts_after)
        assert endings(one)["i-late"][0]["elapsed"] >= TIMEOUT


def test_no_attempt_is_lost_but_that_of_a_process_that_was_killed(rounds: list[dict[str, Any]]) -> None:
    for one in rounds:
        polls = [at for name, at in one["polls"] if name == "i-tired"]
        assert endings(one)["i-tired"][0]["attempts"] == ATTEMPTS
        assert ATTEMPTS <= len(polls) <= ATTEMPTS + one["kills"]


def test_nobody_polls_before_its_time(rounds: list[dict[str, Any]]) -> None:
    """But for an attempt that is repeated, as its result was lost."""
    for one in rounds:
        polls = [at for name, at in one["polls"] if name == "i-tired"]
        early = [later for before, later in pairwise(polls) if later - before < 6.99]
        assert set(early) <= set(one["starts"])


def test_what_is_ready_in_time_is_a_success_as_soon_as_a_process_looks(rounds: list[dict[str, Any]]) -> None:
    for one in rounds:
        for name, ready in one["ready"].items():
            first = min(at for polled, at in one["polls"] if polled == name and at >= ready)
            assert endings(one)[name][0]["elapsed"] >= first - BEGAN - 0.001
