# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback: which results it takes for waits, and what it leaves behind."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.waits import many, result

from ansible_collections.cloudwait.aws.plugins.callback import report
from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_waits import Wait

CENSORED = {"censored": "the output has been hidden", "changed": False}
STARTED = {"ansible_job_id": "j1", "started": 1, "finished": 0}


class Run:
    """A run of a playbook on the host web1, as Ansible tells a callback of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
        self.callback, self.now = report.CallbackModule(), 0.0
        self.lines: list[str] = []
        self.warnings: list[str] = []
        told = {"path": "", "rows": 50, **options}
        monkeypatch.setattr(self.callback, "get_option", told.__getitem__)
        monkeypatch.setattr(self.callback, "_display", SimpleNamespace(warning=self.warnings.append))
        monkeypatch.setattr(self.callback, "_now", lambda: self.now)
        monkeypatch.setattr(report, "show", lambda line: self.lines.append(line.text))
        self.callback.v2_playbook_on_start(SimpleNamespace(_file_name="/srv/site.yml"))
        self.callback.v2_playbook_on_play_start(SimpleNamespace(get_name=lambda: "Deploy"))

    def start(self, action: str = "cloudwait.aws.wait", **fields: Any) -> SimpleNamespace:
        """Start a task; returns it."""
        given = {"no_log": None, "retries": None, "action": action, "resolved_action": action, **fields}
        task = SimpleNamespace(_uuid=object(), **given)
        self.callback.v2_runner_on_start(self.host, task)
        return task

    def end(self, task: SimpleNamespace, found: Mapping[str, Any], event: str = "runner_on_ok", **fields: Any) -> None:
        """Send an event with a result of the task."""
        told = SimpleNamespace(
            _host=self.host, _task=task, _result=found, _task_fields={**vars(task), **fields}, task_name="Wait"
        )
        getattr(self.callback, f"v2_{event}")(told)

    def task(self, found: Mapping[str, Any], event: str = "runner_on_ok", **fields: Any) -> None:
        self.end(self.start(**fields), found, event)

    @property
    def host(self) -> SimpleNamespace:
        return SimpleNamespace(get_name=lambda: "web1")

    @property
    def waits(self) -> list[Wait]:
        assert self.warnings == []
        return self.callback._waits

    def finish(self) -> None:
        self.callback.v2_playbook_on_stats(None)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(monkeypatch)


@pytest.mark.parametrize("action", ["wait", "wait_for_module"])
def test_a_wait_is_reported(run: Run, action: str) -> None:
    run.task(result(), action=f"cloudwait.aws.{action}")
    [wait] = run.waits
    assert (wait.host, wait.play, wait.outcome) == ("web1", "Deploy", "success")


def test_a_wait_is_known_by_its_whole_name(run: Run) -> None:
    run.task(result(), action="wait", resolved_action="cloudwait.aws.wait")
    run.task(result(), action="other.collection.wait")
    assert len(run.waits) == 1


def test_the_entries_of_many_waits_are_reported(run: Run) -> None:
    run.task(many(result(), result()), action="cloudwait.aws.wait_many")
    assert len(run.waits) == 2


def test_of_a_loop_each_item_is_reported_once(run: Run) -> None:
    task = run.start()
    run.end(task, result(_ansible_item_label="i-1"), "runner_item_on_ok")
    run.end(task, result(outcome="failure"), "runner_item_on_failed")
    run.end(task, {"results": [result(), result()]}, "runner_on_failed")
    assert [wait.outcome for wait in run.waits] == ["success", "failure"]
    assert run.waits[0].task == "Wait (item=i-1)"


def test_a_loop_with_nothing_but_skipped_items_is_no_wait(run: Run) -> None:
    task = run.start()
    run.end(task, {"skipped": True}, "runner_item_on_skipped")
    run.end(task, {"results": [{}]}, "runner_on_ok")
    assert run.waits == []


def test_a_hidden_item_takes_the_time_since_the_one_before(run: Run) -> None:
    task = run.start()
    for run.now in (5.0, 12.0):
        run.end(task, CENSORED, "runner_item_on_ok")
    run.end(task, CENSORED)
    assert [(wait.outcome, wait.began, wait.elapsed) for wait in run.waits] == [
        ("hidden", 0.0, 5.0),
        ("hidden", 5.0, 7.0),
    ]


def test_each_run_of_a_task_with_retries_is_reported(run: Run) -> None:
    task = run.start(until=["r.outcome == 'success'"])
    run.end(task, result(outcome="timeout"), "runner_retry")
    run.end(task, result())
    assert [(wait.outcome, wait.polls) for wait in run.waits] == [("timeout", None), ("success", None)]


def test_a_wait_in_the_background_is_reported_when_its_result_comes(run: Run) -> None:
    run.now = 10.0
    run.task(STARTED, async_val=60, poll=0)
    assert run.waits == []
    status = run.start(action="ansible.builtin.async_status")
    run.end(status, STARTED, "runner_retry")
    run.now = 90.0
    for _once_only in range(2):
        run.end(status, {**result(), "ansible_job_id": "j1"})
    [wait] = run.waits
    assert (wait.began, wait.elapsed) == (10.0, 31.0)


def test_a_failed_wait_in_the_background_is_reported(run: Run) -> None:
    run.task(STARTED, async_val=60, poll=0)
    run.task({**result(outcome="failure"), "ansible_job_id": "j1"}, "runner_on_failed", action="async_status")
    assert [wait.outcome for wait in run.waits] == ["failure"]


def test_a_hidden_wait_in_the_background_stays_hidden(run: Run) -> None:
    run.task(CENSORED, async_val=60, poll=0, no_log=True)
    run.task({**result(), "ansible_job_id": "j1"}, action="async_status")
    assert [(wait.outcome, wait.what, wait.states) for wait in run.waits] == [("hidden", "Wait", ())]


def test_another_job_in_the_background_is_no_wait(run: Run) -> None:
    run.task({"ansible_job_id": "j9", "rc": 0, "elapsed": 3}, action="async_status")
    assert run.waits == []


@pytest.mark.parametrize(("event", "outcome"), [("failed", "failed"), ("unreachable", "unreachable")])
def test_a_task_that_returned_no_outcome_is_reported(run: Run, event: str, outcome: str) -> None:
    run.task({"msg": "No route to host"}, f"runner_on_{event}")
    [wait] = run.waits
    assert (wait.outcome, wait.message) == (outcome, "No route to host")


def test_a_failed_start_in_the_background_is_reported(run: Run) -> None:
    run.task({"msg": "no"}, "runner_on_failed", async_val=60, poll=0)
    assert len(run.waits) == 1


def test_a_run_without_waits_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(monkeypatch, path=str(tmp_path / "report.html"))
    run.task({"ping": "pong"}, action="ansible.builtin.ping")
    run.finish()
    assert run.lines == []
    assert list(tmp_path.iterdir()) == []


def test_a_run_with_waits_leaves_a_table_and_a_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "new/report.html"
    run = Run(monkeypatch, path=str(path))
    run.task(result())
    run.finish()
    assert [line.partition(" ")[0] for line in run.lines] == ["WAITS:", "time", "31", "The"]
    assert str(path) in run.lines[-1]
    assert "<h1>Waits of site.yml</h1>" in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_table_and_the_page_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, rows=0)
    run.task(result())
    run.finish()
    assert run.lines == []


def test_a_page_that_cannot_be_written_is_one_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(monkeypatch, path=str(tmp_path))
    run.task(result())
    run.finish()
    [warning] = run.warnings
    assert f"the page can't be written to {tmp_path}: {os.strerror(21)}" in warning
    assert len(run.lines) == 3


def test_a_result_that_cannot_be_read_is_one_warning_and_the_others_are_reported(run: Run) -> None:
    for _time in range(3):
        run.task(result(elapsed="\x1b[2Jsoon"))
    run.task(result())
    run.finish()
    [warning] = run.warnings
    assert warning.startswith("cloudwait.aws.report: the report is incomplete: ValueError: ")
    assert warning.isprintable()
    assert len(run.lines) == 3


def test_a_fault_outside_of_a_result_is_a_warning_too(run: Run) -> None:
    run.callback.v2_playbook_on_play_start(None)
    run.callback.v2_runner_on_start(None, None)
    run.callback.v2_runner_on_ok(None)
    run.finish()
    assert len(run.warnings) == 1


def test_the_event_log_is_the_one_that_the_module_or_the_task_names(run: Run, tmp_path: Path) -> None:
    run.task({**result(), "invocation": {"module_args": {"event_log": "/a"}}}, args={"event_log": "/b"})
    run.task(result(), args={"event_log": "~/c"})
    run.task(result(), args={})
    paths = [wait.log.path if wait.log else None for wait in run.waits]
    assert paths == ["/a", os.path.expanduser("~/c"), None]
