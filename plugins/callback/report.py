# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints a table of a run's waits at its end, and writes a page with their timelines."""

from __future__ import annotations

DOCUMENTATION = r"""
name: report
type: aggregate
short_description: A table and an HTML page of the waits of a run
version_added: 1.1.0
description:
  - At the end of a run this callback prints a table of its waits, the longest first, and writes one HTML page with a
    timeline that has a bar for each wait.
  - It reports the tasks of M(cloudwait.aws.wait), M(cloudwait.aws.wait_many) (a row for each entry) and
    M(cloudwait.aws.wait_for_module), each item of a loop and each run of a task with C(until). A wait in the background
    is reported when M(ansible.builtin.async_status) returns its result.
  - Of a task with C(no_log) it shows only names and times.
  - The page shows when transient errors happened if the wait had an C(event_log) on the controller; otherwise it shows
    only how many there were.
  - A problem with the report is a warning. It never fails the run.
requirements:
  - Enable it with C(callbacks_enabled) in the section C(defaults) of C(ansible.cfg), or in the environment variable
    C(ANSIBLE_CALLBACKS_ENABLED). For the C(ansible) command, also set C(bin_ansible_callbacks).
options:
  path:
    description:
      - The file of the page, relative to the current directory. An existing file is overwritten; a new one is readable
        only by its owner.
      - If it is empty, no page is written.
    type: str
    default: cloudwait-report.html
    env:
      - name: CLOUDWAIT_REPORT_PATH
    ini:
      - section: callback_cloudwait_report
        key: path
  rows:
    description:
      - How many waits the table lists. The page shows the others too.
    type: int
    default: 50
    env:
      - name: CLOUDWAIT_REPORT_ROWS
    ini:
      - section: callback_cloudwait_report
        key: rows
author:
  - The cloudwait developers (@cloudwait)
"""

import functools
import os
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from ansible.plugins.callback import CallbackBase

from ..module_utils._definition.text import clean, for_people
from ..plugin_utils._progress import Line, Tone
from ..plugin_utils._report_log import with_logs
from ..plugin_utils._report_page import page
from ..plugin_utils._report_table import table
from ..plugin_utils._report_waits import FAILED, MODULES, SUCCESS, UNREACHABLE, Source, Wait, is_result, waits_of
from ..plugin_utils._screen import columns, show

Handler = Callable[..., None]


def _guarded(handler: Handler) -> Handler:
    """A handler whose first fault is a warning; a fault in a report must not be one of the run."""

    @functools.wraps(handler)
    def guarded(self: CallbackModule, *args: Any, **options: Any) -> None:
        try:
            handler(self, *args, **options)
        except Exception as fault:
            self.warn(f"{type(fault).__name__}: {fault}")

    return guarded


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Collects the waits of a run."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "cloudwait.aws.report"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._started, self._clock_at_start = datetime.now(timezone.utc), time.monotonic()
        self._waits: list[Wait] = []
        self._title, self._play = "ad hoc commands", ""
        self._began: dict[tuple[str, str], float] = {}
        self._with_items: set[tuple[str, str]] = set()
        self._jobs: dict[tuple[str, str], float] = {}
        self._done: set[tuple[str, str]] = set()
        self._hidden_jobs: set[str] = set()
        self._warned = False

    def warn(self, text: str) -> None:
        """Warn of a fault of the report, once."""
        if not self._warned:
            self._warned = True
            self._display.warning(for_people(f"cloudwait.aws.report: the report is incomplete: {text}"))

    @_guarded
    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._title = clean(os.path.basename(str(playbook._file_name)))

    @_guarded
    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._play = str(play.get_name())

    @_guarded
    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self._began[host.get_name(), task._uuid] = self._now()

    @_guarded
    def v2_runner_on_ok(self, result: Any) -> None:
        self._take(result, SUCCESS)

    @_guarded
    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._take(result, FAILED)

    @_guarded
    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._take(result, UNREACHABLE)

    @_guarded
    def v2_runner_retry(self, result: Any) -> None:
        self._take(result, FAILED, is_run=True)

    @_guarded
    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._take(result, SUCCESS, is_item=True)

    @_guarded
    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._take(result, FAILED, is_item=True)

    @_guarded
    def v2_runner_item_on_skipped(self, result: Any) -> None:
        self._with_items.add(_place(result))

    @_guarded
    def v2_playbook_on_stats(self, stats: Any) -> None:
        if self._waits:
            waits = list(with_logs(self._waits, self._started.isoformat(timespec="milliseconds")))
            if self.get_option("rows") > 0:
                for line in table(waits, self.get_option("rows"), columns()):
                    show(line)
            self._write(waits)

    def _take(self, result: Any, outcome: str, is_item: bool = False, is_run: bool = False) -> None:
        """Keep the waits of a result. ``is_item``: of a loop; ``is_run``: of a task that will be run again."""
        host, task, now, found = result._host.get_name(), result._task, self._now(), result._result
        place = _place(result)
        if is_item:
            self._with_items.add(place)
        elif place in self._with_items and not is_run:  # the results of the items again
            self._with_items.discard(place)
            return
        began = self._began.get(place, now)
        if is_item or is_run:
            self._began[place] = now
        is_hidden = "censored" in found or task.no_log is True
        is_ours = (task.resolved_action or task.action) in MODULES
        if is_ours and outcome == SUCCESS and _is_started_only(result):
            self._keep_job(host, found.get("ansible_job_id"), began)
            return
        if "ansible_job_id" in found and is_result(found):
            job = (host, str(found["ansible_job_id"]))
            if job in self._done:
                return
            self._done.add(job)
            began, is_ours = self._jobs.get(job, began), True
            is_hidden = is_hidden or (host in self._hidden_jobs and job not in self._jobs)
        if is_ours:
            name = str(result.task_name)
            if is_item and not is_hidden:
                name = f"{name} (item={found.get('_ansible_item_label')})"
            log, has_retries = _event_log(result), bool(result._task_fields.get("until") or task.retries)
            source = Source(host, self._play, name, began, now, outcome, log, has_retries, is_hidden)
            self._waits.extend(waits_of(source, found))

    def _keep_job(self, host: str, job: Any, began: float) -> None:
        """Remember a wait that runs in the background. Of one with ``no_log`` the job isn't known."""
        if job is None:
            self._hidden_jobs.add(host)
        else:
            self._jobs[host, str(job)] = began

    def _write(self, waits: list[Wait]) -> None:
        path = os.path.expanduser(os.path.expandvars(self.get_option("path") or ""))
        if not path:
            return
        started = self._started.astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
        text = page(waits, self._title, started)
        try:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(file, "w", encoding="utf-8", errors="replace") as written:
                written.write(text)
        except OSError as error:
            self.warn(f"the page can't be written to {path}: {error.strerror}")
        else:
            show(Line(clean(f"The timelines of these waits: {path}"), Tone.CALM))

    def _now(self) -> float:
        return time.monotonic() - self._clock_at_start


def _place(result: Any) -> tuple[str, str]:
    return result._host.get_name(), result._task._uuid


def _is_started_only(result: Any) -> bool:
    """Whether the wait runs in the background, and its result comes from another task."""
    fields = result._task_fields
    return bool(fields.get("async_val")) and not fields.get("poll") and not is_result(result._result)


def _event_log(result: Any) -> str | None:
    """The path of the wait's event log, as the module or else the task has it."""
    args = (result._result.get("invocation") or {}).get("module_args") or result._task_fields.get("args") or {}
    path = args.get("event_log")
    return os.path.expanduser(path) if path and isinstance(path, str) else None
