# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a task's options open, and what goes into them."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.plugins.module_utils._module.waits import args, end, instances, refused, running

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._module.reports import Reports

SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"


def module(check_mode: bool = False, no_log: bool = False, **given: Any) -> Any:
    """The part of a module that reports use."""
    return SimpleNamespace(params=args(**given), check_mode=check_mode, no_log=no_log, no_log_values={SECRET})


def reported(made: Any, *answers: Any) -> list[str]:
    """Run a wait, and return the warnings."""
    reports = Reports(made)
    end(running("i-1"), *(answers or [instances(i_1="running")]), listen=reports.formatter)
    return reports.close()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_both_files_get_the_same_lines(tmp_path: Path) -> None:
    log, progress = tmp_path / "log", tmp_path / "progress"
    progress.touch()
    assert reported(module(event_log=str(log), _progress=str(progress), _host="web1")) == []
    assert [line["event"] for line in lines(log)] == ["before_attempt", "after_attempt", "ended"]
    assert {line["host"] for line in lines(log)} == {"web1"}
    assert log.read_text() == progress.read_text()


def test_without_the_action_plugin_the_host_names_itself(tmp_path: Path) -> None:
    reported(module(event_log=str(tmp_path / "log")))
    assert {line["host"] for line in lines(tmp_path / "log")} == {socket.gethostname()}


def test_check_mode_leaves_no_log_behind_but_shows_its_progress(tmp_path: Path) -> None:
    progress = tmp_path / "progress"
    progress.touch()
    assert reported(module(check_mode=True, event_log=str(tmp_path / "log"), _progress=str(progress))) == []
    assert list(tmp_path.iterdir()) == [progress]
    assert lines(progress)


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_log_that_cannot_be_written_is_bad_input(tmp_path: Path, check_mode: bool) -> None:
    with pytest.raises(BadInput, match="event_log"):
        Reports(module(check_mode=check_mode, event_log=str(tmp_path / "no" / "log")))


def test_progress_that_cannot_be_written_is_ignored(tmp_path: Path) -> None:
    reports = Reports(module(_progress=str(tmp_path / "gone")))
    ended = end(running("i-1"), instances(i_1="running"))
    assert reports.formatter(ended.request, ended.schedule) is None
    assert reports.close() == []
    assert reported(module(_progress="/dev/full")) == []


@pytest.mark.parametrize(("no_log", "progress"), [(True, "all"), (False, "none")])
def test_progress_is_not_written_if_nothing_reads_it(tmp_path: Path, no_log: bool, progress: str) -> None:
    (tmp_path / "progress").touch()
    made = module(no_log=no_log, progress=progress, _progress=str(tmp_path / "progress"))
    assert reported(made) == []
    assert lines(tmp_path / "progress") == []


def test_a_full_disk_causes_one_warning() -> None:
    [warning] = reported(module(event_log="/dev/full"))
    assert "no space left" in warning


def test_credentials_are_masked_and_no_log_silences(tmp_path: Path) -> None:
    denied = refused("UnauthorizedOperation", f"{SECRET} is not allowed.", 403)
    reported(module(event_log=str(tmp_path / "log")), denied)
    assert SECRET not in (tmp_path / "log").read_text()
    assert "is not allowed" in lines(tmp_path / "log")[-1]["msg"]
    reported(module(event_log=str(tmp_path / "quiet"), no_log=True), denied)
    assert "msg" not in lines(tmp_path / "quiet")[-1]
