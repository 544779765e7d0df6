# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The event log of waits, including several that share one."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.aws_responses import instance, scripted_instances
from tests.support.playbook import SECRET, Ansible, Batch, Case
from tests.support.scripted import ScriptedEndpoint

HIDDEN = "correct horse battery staple"
HOSTS = [f"one of many {number}" for number in range(12)]


def waits(*answers: Mapping[str, Any], no_log: bool = False, check_mode: bool = False, **args: Any) -> Case:
    task = {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}, "delay": 0.1, **args}
    return Case(task, answers or None, no_log=no_log, check_mode=check_mode)


PENDING, RUNNING = (scripted_instances(instance("i-1", state, KeyName=HIDDEN)) for state in ("pending", "running"))
THROTTLED = {"error": "RequestLimitExceeded", "message": "Request limit exceeded.", "status": 503}
TALKATIVE = {"error": "UnauthorizedOperation", "message": f"Not with {SECRET}.", "status": 403}


@dataclass(frozen=True)
class Logs:
    batch: Batch
    folder: Path

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_text().splitlines()]


@pytest.fixture(scope="module")
def logs(ansible: Ansible, aws: ScriptedEndpoint) -> Logs:
    folder = ansible.home / "logs"
    folder.mkdir()
    batch = ansible.batch(
        {
            **{name: waits(PENDING, PENDING, RUNNING, event_log=str(folder / "shared")) for name in HOSTS},
            "at home": waits(PENDING, THROTTLED, RUNNING, event_log="~/logs/home"),
            "secret": waits(PENDING, TALKATIVE, no_log=True, event_log=str(folder / "secret")),
            "not secret": waits(TALKATIVE, event_log=str(folder / "not secret")),
            "full": waits(PENDING, RUNNING, event_log="/dev/full"),
            "check mode": waits(PENDING, check_mode=True, event_log=str(folder / "checked")),
            "no folder": waits(event_log=str(folder / "missing" / "log")),
            "no file": waits(event_log=str(folder), waiter="instance_runing"),
        },
        aws,
    )
    return Logs(batch, folder)


def test_each_event_is_a_line(logs: Logs) -> None:
    lines = logs.lines("home")
    assert [line["event"] for line in lines] == [
        "before_attempt",
        "after_attempt",
        "before_sleep",
        "before_attempt",
        "faulted",
        "before_sleep",
        "before_attempt",
        "after_attempt",
        "ended",
    ]
    assert {line["host"] for line in lines} == {"at-home"}
    assert [line["elapsed"] for line in lines] == sorted(line["elapsed"] for line in lines)
    assert lines[-1]["msg"] == logs.batch["at home"].result["msg"]


def test_the_file_is_its_owners_alone(logs: Logs) -> None:
    assert stat.S_IMODE((logs.folder / "home").stat().st_mode) == 0o600


def test_many_waits_share_a_file(logs: Logs) -> None:
    lines = logs.lines("shared")
    for name in HOSTS:
        own = [line for line in lines if line["host"] == name.replace(" ", "-")]
        assert len({line["wait"] for line in own}) == 1
        assert [line["summary"] for line in own if line["event"] == "after_attempt"] == [
            "pending",
            "pending",
            "running",
        ]
        assert own[-1]["outcome"] == "success"
    assert len({line["wait"] for line in lines}) == len(HOSTS)


def test_a_secret_that_is_not_shown_is_not_logged(logs: Logs) -> None:
    for file in logs.folder.iterdir():
        text = file.read_text()
        assert HIDDEN not in text
        assert SECRET not in text
    assert "UnauthorizedOperation" in logs.lines("not secret")[-1]["msg"]


def test_under_no_log_there_are_names_and_states_alone(logs: Logs) -> None:
    lines = logs.lines("secret")
    assert lines[-1]["outcome"] == "error"
    assert not {"observed", "summary", "progress", "message", "msg"} & {key for line in lines for key in line}


def test_a_full_disk_is_a_warning_and_no_failure(logs: Logs) -> None:
    result = logs.batch["full"].result
    assert result["outcome"] == "success"
    [warning] = [warning for warning in result["warnings"] if "event_log" in warning]
    assert "no space left" in warning


def test_check_mode_leaves_no_file_behind(logs: Logs) -> None:
    assert logs.batch["check mode"].result["outcome"] == "pending"
    assert not (logs.folder / "checked").exists()


def test_a_path_that_cannot_be_written_is_bad_input(logs: Logs) -> None:
    done = logs.batch["no folder"]
    assert done.failed
    assert [problem["path"] for problem in done.result["problems"]] == ["event_log"]
    assert "there is no folder" in done.result["msg"]
    assert done.result["outcome"] == "error"


def test_an_unusable_event_log_is_reported_with_what_else_is_wrong(logs: Logs) -> None:
    assert {problem["path"] for problem in logs.batch["no file"].result["problems"]} == {"event_log", "waiter"}


def test_no_request_is_missing_in_the_scripts(aws: ScriptedEndpoint, logs: Logs) -> None:
    del logs
    assert not aws.problems
