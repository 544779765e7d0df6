# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``wait_for_module``: its input, how results are judged, and what it returns. Runs and time are scripted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._module.module_wait import (
    Runner,
    read_module_wait,
    run_module_wait,
    unreachable,
)

BROKEN = unreachable("ssh: connect to host db port 22: Connection refused")
REFUSED = {"failed": True, "msg": "connection refused"}


class Scripted:
    """Returns the results in turn, the last one again and again; time passes only in ``sleep``."""

    def __init__(self, *results: Any) -> None:
        self.results, self.runs, self.now = results, 0, 0.0
        self.lines: list[dict[str, Any]] = []

    def run(self) -> Any:
        self.runs += 1
        return self.results[min(self.runs, len(self.results)) - 1]

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def show(self, line: bytes) -> None:
        self.lines.append(json.loads(line))


def wait(script: Scripted, check_mode: bool = False, no_log: bool = False, **options: Any) -> dict[str, Any]:
    request, read = read_module_wait({"module": "ansible.builtin.uri", **options}, lambda _name: None)
    runner = Runner(script.run, script.sleep, script.show, "web", check_mode, no_log, lambda: script.now)
    return run_module_wait(request, read, runner)


def problems(problem: str | None = None, **options: Any) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_module_wait(options, lambda _name: problem)
    return [found.sentence for found in caught.value.problems]


def test_without_a_definition_the_success_of_the_module_is_that_of_the_wait() -> None:
    script = Scripted(REFUSED, REFUSED, {"changed": True, "status": 200})
    returned = wait(script)
    assert (returned["outcome"], returned["attempts"], returned["elapsed"]) == ("success", 3, 10.0)
    assert returned["response"] == {"changed": True, "status": 200, "failed": False}
    assert returned["changed"] is False
    assert "failed" not in returned
    assert returned["msg"] == "ansible.builtin.uri: the result is 'ok' after 3 polls in 10 s."


def test_a_module_that_keeps_failing_is_quoted() -> None:
    returned = wait(Scripted({**REFUSED, "stderr": "no route"}), max_attempts=2)
    assert (returned["failed"], returned["outcome"]) == (True, "timeout")
    assert "the result is still 'failed'. uri says: connection refused; no route." in returned["msg"]


@pytest.mark.parametrize(
    ("answer", "definition", "msg"),
    [
        (
            {"status": 503, "msg": "Status code was 503", "failed": True},
            {"path": "status", "success": [200], "failure": [503]},
            "status is 503 (wanted 200). uri says: Status code was 503.",
        ),
        (
            {"json": {"state": "rejected", "why": "no such file"}},
            {"path": "json.state", "success": ["done"], "failure": ["rejected"], "message": "json.why"},
            "json.state is 'rejected' (wanted 'done'). uri says: no such file.",
        ),
        (
            {"rc": 3, "failed": True},
            {"acceptors": [{"state": "failure", "matcher": "path", "argument": "rc", "expected": 3}]},
            "rc is 3.",
        ),
    ],
)
def test_a_failure_names_the_path_and_the_reason(answer: Any, definition: Any, msg: str) -> None:
    returned = wait(Scripted(answer), definition=definition)
    assert (returned["outcome"], returned["attempts"]) == ("failure", 1)
    assert returned["msg"] == f"ansible.builtin.uri failed after 1 poll in 0 s: {msg}"


def test_a_definition_without_success_takes_that_of_the_module_last() -> None:
    definition = {"path": "json.state", "failure": ["broken"], "retry": ["starting"]}
    script = Scripted(REFUSED, {"json": {"state": "starting"}}, {"json": {"state": "up"}})
    assert wait(script, definition=definition)["attempts"] == 3
    assert wait(Scripted({"json": {"state": "broken"}}), definition=definition)["outcome"] == "failure"
    assert wait(Scripted({}), definition={"delay": 3})["delay"] == 3.0


def test_a_definition_with_success_is_the_only_judge() -> None:
    definition = {"path": "rc", "success": [0]}
    assert wait(Scripted({"failed": True, "rc": 0}), definition=definition)["outcome"] == "success"
    assert wait(Scripted({"failed": False}), definition=definition, max_attempts=1)["outcome"] == "timeout"


@pytest.mark.parametrize(("rc", "outcome"), [(0, "success"), (1, "timeout")])
def test_a_result_that_does_not_say_failed_is_judged_by_its_return_code(rc: int, outcome: str) -> None:
    assert wait(Scripted({"rc": rc}), max_attempts=1)["outcome"] == outcome


@pytest.mark.parametrize("broken", [BROKEN, {"unreachable": True, "msg": "down"}])
def test_a_broken_connection_is_retried_and_uses_up_no_attempt(broken: Any) -> None:
    script = Scripted(broken, broken, {})
    returned = wait(script, max_attempts=1)
    assert (returned["outcome"], returned["attempts"], script.runs) == ("success", 1, 3)
    assert returned["transient"]["connection"] == 2


def test_a_connection_that_stays_broken_ends_the_wait_at_its_deadline() -> None:
    returned = wait(Scripted(BROKEN), timeout=60)
    assert (returned["outcome"], returned["elapsed"], returned["response"]) == ("timeout", 60.0, None)
    assert "The last request ended with Unreachable: ssh: connect to host db" in returned["msg"]


def test_arguments_that_the_module_rejects_end_the_wait_at_once() -> None:
    script = Scripted({"failed": True, "msg": "Unsupported parameters for (uri) module: ulr"})
    returned = wait(script)
    assert (returned["outcome"], script.runs) == ("error", 1)
    assert "uri says: Unsupported parameters for (uri) module: ulr" in returned["msg"]


def test_check_mode_polls_once_and_a_skipped_result_is_pending() -> None:
    script = Scripted({"skipped": True, "rc": 0, "msg": "would have run"})
    for definition in (None, {"path": "rc", "success": [0]}):
        returned = wait(script, check_mode=True, definition=definition)
        assert (returned["outcome"], returned["attempts"], script.now) == ("pending", 1, 0.0)
        assert "failed" not in returned
        assert "uri says: would have run" in returned["msg"]


def test_with_no_log_neither_the_message_nor_the_event_log_tells_the_reason(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    returned = wait(Scripted(REFUSED), max_attempts=1, no_log=True, event_log=str(log))
    assert returned["msg"] == "the reason is hidden because the task sets no_log"
    assert "refused" not in log.read_text()


def test_each_event_is_written_and_shown_with_the_module_in_place_of_the_operation(tmp_path: Path) -> None:
    log, script = tmp_path / "events.jsonl", Scripted(REFUSED, {})
    wait(script, event_log=str(log))
    written = [json.loads(line) for line in log.read_text().splitlines()]
    events = ["before_attempt", "after_attempt", "before_sleep", "before_attempt", "after_attempt", "ended"]
    for lines in (written, script.lines):
        assert [line["event"] for line in lines] == events
        assert {(line["service"], line["waiter"], line["operation"]) for line in lines} == {
            (None, None, "ansible.builtin.uri")
        }
    assert (written[1]["summary"], written[1]["progress"]) == ("failed", "connection refused")


ERRORS = "compare failed, rc or msg with the matcher path"


@pytest.mark.parametrize(
    ("definition", "found"),
    [
        ({"success_errors": ["x"]}, [f"definition.success_errors: a module's result has no error; {ERRORS}"]),
        (
            {"acceptors": [{"state": "success", "matcher": "status", "expected": 200}]},
            [f"definition.acceptors[0].expected: a module's result has no status; {ERRORS}"],
        ),
        (
            {"operation": "x", "extends": "y", "path": "rc", "success": [0]},
            [
                "definition.operation: can't be used here; module says what is polled",
                "definition.extends: can't be used here; there are no waiters to extend here",
            ],
        ),
        (
            {"path": "rc", "sucess": [0]},
            ["definition.sucess: is not a valid key here; did you mean 'success'?"],
        ),
    ],
)
def test_what_a_definition_of_a_module_cannot_have_is_refused(definition: Any, found: Sequence[str]) -> None:
    assert problems(module="uri", definition=definition) == found


def test_a_definition_that_cannot_succeed_is_refused() -> None:
    text = "definition: can never succeed; it needs success, or set success_when_ok to true"
    missing = "definition: is missing; without success_when_ok it must say what success is"
    assert problems(module="uri", success_when_ok=False) == [missing]
    assert problems(module="uri", success_when_ok=False, definition={"path": "rc", "failure": [1]}) == [text]


def test_all_problems_are_reported_at_once() -> None:
    found = problems(
        "there is no module 'urii'", module="urii", url="x", max_attemps=2, delay="10m", definition={"a": 1}
    )
    assert len(found) == 5
    assert "url: is not an option of wait_for_module; options of the module belong in args" in found
    assert "max_attemps: is not an option of wait_for_module; did you mean 'max_attempts'?" in found
    assert "module: there is no module 'urii'" in found
    assert "delay: must be a number, not '10m'; it takes seconds" in found
    assert any(text.startswith("definition.a:") for text in found)
    assert problems(module="uri", consecutive=3, definition={"max_attempts": 2}) == [
        "consecutive: 3 in a row can't be reached within 2 attempts"
    ]
    assert problems() == ["missing required arguments: module"]
