# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the action plugins, with a function as the module: its arguments, and the printed lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants

from ansible_collections.cloudwait.aws.plugins.plugin_utils import _wait_action
from ansible_collections.cloudwait.aws.plugins.plugin_utils._progress import Line

Module = Callable[[dict[str, Any]], dict[str, Any]]

TIMELINE = [{"elapsed": 0.2, "attempt": 1, "observed": ["pending"]}]
LATE = "web1: ec2 x: pending (attempt 1, 0 s)"
LIVE = "web1: ec2 x: starting (attempt 1, 1 s)"


def returned(**more: Any) -> dict[str, Any]:
    return {"outcome": "timeout", "service": "ec2", "waiter": "x", "operation": "X", "timeline": TIMELINE, **more}


def mute(args: dict[str, Any]) -> dict[str, Any]:
    """A module that can't write to the file."""
    return returned(invocation={"module_args": {**args, "waiter": "x"}})


def telling(args: dict[str, Any]) -> dict[str, Any]:
    event = {"event": "after_attempt", "wait": "w", "service": "ec2", "waiter": "x", "operation": "X", "elapsed": 1}
    line = json.dumps({**event, "attempt": 1, "verdict": "not yet", "changed": True, "summary": "starting"})
    Path(args["_progress"]).write_text(f"{line}\n")
    return returned()


class Stage:
    """The part of an Ansible worker that an action plugin uses."""

    def __init__(self) -> None:
        self.printed: list[str] = []
        self.given: dict[str, Any] = {}
        self.wrap_async = 0

    def run(
        self,
        module: Module = mute,
        transport: str = "local",
        variables: dict[str, Any] | None = None,
        args: dict[str, Any] | None = None,
        **task: Any,
    ) -> dict[str, Any]:
        stage = self

        class Action(_wait_action.WaitAction):
            module = "cloudwait.aws.wait"

            def _execute_module(self, **call: Any) -> dict[str, Any]:
                stage.given, stage.wrap_async = call["module_args"], call["wrap_async"]
                assert call["module_name"] == "cloudwait.aws.wait"
                return module(call["module_args"])

        plain = {"async_val": 0, "check_mode": False, "no_log": False, "loop": None, "action": "x"}
        action = Action(
            task=SimpleNamespace(**{**plain, "args": args or {}, **task}),
            connection=SimpleNamespace(transport=transport, _shell=SimpleNamespace(tmpdir=None)),
            play_context=None,
            loader=None,
            templar=SimpleNamespace(template=lambda text: text and text.upper()),
            shared_loader_obj=None,
        )
        return action.run(task_vars={"inventory_hostname": "web1", **(variables or {})})


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()

    def show(line: Line) -> None:
        stage.printed.append(line.text)

    monkeypatch.setattr(_wait_action, "show", show)
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    return stage


def test_the_module_gets_the_options_the_host_and_a_file(stage: Stage) -> None:
    stage.run(args={"service": "ec2", "_progress": "/etc/passwd", "_host": "other"})
    assert {name: stage.given[name] for name in ("service", "_host")} == {"service": "ec2", "_host": "web1"}
    assert Path(stage.given["_progress"]).name.startswith("cloudwait-")


def test_the_modules_events_are_printed_once(stage: Stage) -> None:
    stage.run(telling)
    assert stage.printed == [LIVE]


def test_a_module_that_could_tell_nothing_is_shown_by_its_timeline(stage: Stage) -> None:
    stage.run(mute)
    assert stage.printed == [LATE]


def test_a_module_elsewhere_gets_no_file_and_is_shown_by_its_timeline(stage: Stage) -> None:
    stage.run(mute, transport="ssh", args={"_progress": "/etc/passwd"})
    assert stage.given.keys() == {"_host", "_catalog"}
    assert stage.printed == [LATE]


@pytest.mark.parametrize("transport", ["local", "ssh"])
@pytest.mark.parametrize("quiet", [{"no_log": True}, {"args": {"progress": "none"}}])
def test_nothing_is_printed_where_nothing_is_wanted(stage: Stage, transport: str, quiet: dict[str, Any]) -> None:
    stage.run(telling if transport == "local" else mute, transport, **quiet)
    assert stage.printed == []
    assert ("_progress" in stage.given) is (transport == "local")


def test_in_the_background_nothing_ties_the_module_to_the_task(stage: Stage) -> None:
    stage.run(mute, async_val=60)
    assert stage.given.keys() == {"_host", "_catalog"}
    assert stage.wrap_async == 60
    assert stage.printed == []


def test_a_wait_without_a_place_for_the_file_is_a_wait_still(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", "/nowhere")
    assert stage.run(mute)["outcome"] == "timeout"
    assert stage.given.keys() == {"_host", "_catalog"}
    assert stage.printed == [LATE]


@pytest.mark.parametrize(
    "result", [{"timeline": "?"}, {"timeline": [{}]}, {"timeline": None}, {"failed": True}, {"invocation": None}]
)
def test_a_result_of_another_kind_is_passed_on(stage: Stage, result: dict[str, Any]) -> None:
    assert stage.run(lambda args: dict(result)) == result
    assert stage.printed == []


def test_the_result_has_none_of_the_hidden_options(stage: Stage) -> None:
    assert stage.run(mute)["invocation"]["module_args"] == {"waiter": "x"}


def test_the_file_is_gone_when_the_module_raises(stage: Stage, tmp_path: Path) -> None:
    def fail(args: dict[str, Any]) -> dict[str, Any]:
        assert Path(args["_progress"]).exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.run(fail)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("control", "shown"),
    [
        (SimpleNamespace(label=None), "i-1"),
        (SimpleNamespace(label="the label"), "THE LABEL"),
        (SimpleNamespace(label=7), "i-1"),  # a label that can't be templated
        (None, "i-1"),
    ],
)
def test_a_loop_names_its_item(stage: Stage, control: Any, shown: str) -> None:
    stage.run(telling, variables={"ansible_loop_var": "one", "one": "i-1"}, loop=["i-1"], loop_control=control)
    assert stage.printed == [LIVE.replace("web1", f"web1 (item={shown})")]


def test_the_loop_of_an_include_is_not_the_tasks_loop(stage: Stage) -> None:
    stage.run(telling, variables={"ansible_loop_var": "item", "item": "i-1"})
    assert stage.printed == [LIVE]


def test_a_loop_that_names_no_variable_names_no_item(stage: Stage) -> None:
    stage.run(telling, loop=["i-1"])
    assert stage.printed == [LIVE]
