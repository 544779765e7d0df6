# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits of the event source: what they tell, and how they come, go and go on after a restart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support import aws_responses
from tests.support.aws_responses import refused
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.event_source.sources import CONNECTION, Run, instance, instances, told

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.diagnosis import Cause, Diagnosis
from ansible_collections.cloudwait.aws.plugins.module_utils._module.diagnose import MOST_DIAGNOSES, Why
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source import waits as module
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.state import State


def test_each_wait_that_ends_is_an_event_with_its_result() -> None:
    events = Run(instances("i-1", "i-dead", "i-2"), {"i-1": 20, "i-2": 1000}).run()
    assert told(events, "elapsed", "attempts") == [
        ("i-dead", "failure", 0, 1),
        ("i-1", "success", 20, 3),
        ("i-2", "timeout", 100, 11),
    ]
    first = events[0]
    assert (first["service"], first["waiter"], first["source"]) == ("ec2", "instance_running", "builtin")
    assert first["msg"].startswith("ec2 instance_running failed after 1 poll in 0 s: i-dead is 'terminated'")
    assert first["resources"][0]["id"] == "i-dead"
    assert first["meta"].keys() == {"event", "uuid", "repeated", "file"}
    assert (first["meta"]["event"], first["meta"]["repeated"], first["meta"]["file"]) == ("ended", False, None)
    assert len({event["meta"]["uuid"] for event in events}) == 3


def test_each_change_is_an_event_where_asked_for_but_that_which_is_the_end() -> None:
    events = Run(instances("i-1", events="changes"), {"i-1": 20}).run()
    assert told(events, "elapsed", "observed") == [
        ("i-1", "pending", 0, ["pending"]),
        ("i-1", "success", 20, ["running"]),
    ]
    assert [event["meta"]["event"] for event in events] == ["changed", "ended"]
    assert events[0]["msg"] == "ec2 instance_running is pending: i-1 is still 'pending'."


def test_waits_share_requests_and_each_keeps_its_own_options() -> None:
    given = instances("i-1", "i-2")
    given["waits"].append(instance("i-3", timeout=30))
    run = Run(given, {"i-1": 10, "i-2": 10, "i-3": 1000})
    assert told(run.run(), "timeout")[-1] == ("i-3", "timeout", 30)
    assert len(run.clients.client.asked) == 4


def test_no_secret_is_in_an_event() -> None:
    secret = CONNECTION["secret_key"]

    def says(_operation: str, _params: dict[str, Any]) -> Any:
        raise refused("SignatureDoesNotMatch", 403, f"Not signed with {secret}")

    events = Run(instances("i-1"), answer=says).run()
    assert told(events) == [("i-1", "error")]
    assert secret not in json.dumps(events)


def test_an_event_log_gets_the_same_lines_as_that_of_a_task(tmp_path: Path) -> None:
    Run(instances("i-1", event_log=str(tmp_path / "log")), {"i-1": 10}).run()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    attempt = ["before_attempt", "after_attempt"]
    assert [line["event"] for line in lines] == [*attempt, "before_sleep", *attempt, "ended"]


SAID = Cause(None, "DescribeInstanceStatus", None, None, None, None, "it was said")


def test_the_cause_of_a_failure_is_looked_for_where_few_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in a thread of its own, which here all end when the first five have begun."""
    begun: list[Any] = []

    def begin(work: Any, _name: str) -> None:
        begun.append(work)

    monkeypatch.setattr(module, "start", begin)
    monkeypatch.setattr(module, "find_causes", lambda *_given: Why((("", Diagnosis((SAID,))),), calls=2))
    names = [f"i-dead{number}" for number in range(MOST_DIAGNOSES + 2)]
    run = Run(instances(*names, diagnose=True))

    def finish() -> None:
        for work in begun:
            work()
        run.waits.stop()

    run.pool.finish = finish
    events = run.run()
    assert len(events) == len(names)
    assert len(begun) == MOST_DIAGNOSES == sum("Why: it was said" in event["msg"] for event in events)


# --- require and fail_fast


@pytest.mark.parametrize(
    ("more", "outcomes"),
    [
        ({}, ["failure", "success", "success"]),
        ({"fail_fast": True}, ["failure", "cancelled", "cancelled"]),
        ({"fail_fast": True, "require": 2}, ["failure", "success", "success"]),
        ({"require": "any"}, ["failure", "success", "cancelled"]),
    ],
)
def test_what_the_task_of_many_cancels_is_cancelled_here_too(more: dict[str, Any], outcomes: list[str]) -> None:
    given = instances("i-dead", "i-1", "i-2", **more)
    events = Run(given, {"i-1": 20, "i-2": 40}).run()
    by_name = {event["name"]: event["outcome"] for event in events}
    assert [by_name[name] for name in ("i-dead", "i-1", "i-2")] == outcomes


def test_those_of_files_are_not_cancelled_with_the_rulebooks_own() -> None:
    run = Run(instances("i-1", "i-2", require="any", entries_from="/"), {"i-1": 20, "i-2": 60, "i-3": 60})
    run.at[10] = lambda: run.read(instance("i-3"), origin="a.yml")
    assert sorted(told(run.run())) == [("i-1", "success"), ("i-2", "cancelled"), ("i-3", "success")]


# --- waits that come and go


def test_waits_come_and_go_with_their_file() -> None:
    """One stays, one goes, one comes; one that has ended is not begun again, nor is it told when it goes."""
    run = Run(instances(entries_from="/"), {"i-1": 0, "i-2": 1000, "i-3": 90, "i-4": 30})
    run.read(instance("i-1"), instance("i-2"), instance("i-3"), origin="a.yml")
    run.at[20] = lambda: run.read(instance("i-1"), instance("i-3"), instance("i-4"), origin="a.yml")
    run.at[50] = lambda: run.read(instance("i-3"), instance("i-4"), origin="a.yml")
    assert told(run.run(), "elapsed") == [
        ("i-1", "success", 0),
        ("i-2", "cancelled", 20),
        ("i-4", "success", 10),
        ("i-3", "success", 90),
    ]
    assert {event["meta"]["file"] for event in run.events} == {"a.yml"}


def test_a_wait_that_comes_back_begins_anew() -> None:
    run = Run(instances(entries_from="/"), {"i-1": 0})
    run.read(instance("i-1"), origin="a.yml")
    run.at[10] = lambda: run.read(origin="a.yml")
    run.at[20] = lambda: run.read(instance("i-1"), origin="a.yml")
    assert told(run.run(), "elapsed") == [("i-1", "success", 0)] * 2


def test_a_wait_whose_options_change_is_another_one() -> None:
    run = Run(instances(entries_from="/"), {"i-1": 1000})
    run.read(instance("i-1"), origin="a.yml")
    run.at[10] = lambda: run.read(instance("i-1", timeout=40), origin="a.yml")
    assert told(run.run(), "elapsed") == [("i-1", "cancelled", 10), ("i-1", "timeout", 40)]


def test_equal_entries_are_several_waits() -> None:
    assert told(Run(instances("i-1", "i-1"), {"i-1": 10}).run()) == [("i-1", "success")] * 2


# --- a restart


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "state.jsonl")


def restarted(run: Run, path: str, down: float = 0.0) -> Run:
    """Another process, some time later."""
    run.state.close()
    run.clock.now += down
    return Run(run.given, run.ready, State(path), run.clock)


def interrupted(given: dict[str, Any], ready: dict[str, float], path: str, at: float) -> Run:
    run = Run(given, ready, State(path))
    run.at[at] = run.waits.stop
    run.run()
    return run


@pytest.mark.parametrize("at", [0.5, 10.5, 55, 99])
def test_a_restart_changes_no_deadline_and_no_attempt(path: str, at: float) -> None:
    first = interrupted(instances("i-1", "i-2"), {"i-1": 20, "i-2": 1000}, path, at)
    second = restarted(first, path)
    assert told([*first.events, *second.run()], "elapsed", "attempts") == [
        ("i-1", "success", 20, 3),
        ("i-2", "timeout", 100, 11),
    ]


def test_a_wait_whose_deadline_has_passed_meanwhile_is_looked_at_once_more(path: str) -> None:
    first = interrupted(instances("i-1", "i-2"), {"i-1": 200, "i-2": 1000}, path, 25)
    assert told(restarted(first, path, down=500).run(), "elapsed", "attempts") == [
        ("i-1", "success", 525, 4),
        ("i-2", "timeout", 525, 4),
    ]


def test_a_clock_that_was_set_back_extends_no_deadline(path: str) -> None:
    first = interrupted(instances("i-1"), {"i-1": 1e6}, path, 95)
    second = restarted(first, path, down=-80)
    assert told(second.run(), "attempts") == [("i-1", "timeout", 11)]
    assert second.events[0]["elapsed"] == 100


def test_what_has_ended_is_not_begun_again(path: str) -> None:
    first = interrupted(instances("i-1", "i-2"), {"i-1": 0, "i-2": 50}, path, 20)
    second = restarted(first, path)
    assert told(second.run()) == [("i-2", "success")]
    assert told(restarted(second, path).run()) == []


@pytest.mark.parametrize(("is_there", "outcome"), [(True, "success"), (False, "error")])
def test_one_that_was_there_and_is_gone_after_a_restart_was_deleted(path: str, is_there: bool, outcome: str) -> None:
    """The first sight is kept: an id that AWS has never known is an error."""
    clock = Clock()

    def says(_operation: str, _params: dict[str, Any]) -> Any:
        if clock.elapsed() >= 20:
            raise refused("InvalidInstanceID.NotFound", 400, "The instance ID 'i-1' does not exist")
        if is_there:
            return aws_responses.instances(aws_responses.instance("i-1", "shutting-down"))
        raise refused("RequestLimitExceeded", 503, "")

    given = instances("i-1", waiter="instance_terminated")
    first = Run(given, state=State(path), clock=clock, answer=says)
    first.at[15] = first.waits.stop
    assert first.run() == []
    first.state.close()
    assert told(Run(given, state=State(path), clock=clock, answer=says).run()) == [("i-1", outcome)]


def test_the_timeline_is_that_of_the_whole_wait(path: str) -> None:
    first = interrupted(instances("i-1", events="changes"), {"i-1": 30}, path, 15)
    second = restarted(first, path)
    [event] = second.run()
    assert [(seen["elapsed"], seen["attempt"], seen["observed"]) for seen in event["timeline"]] == [
        (0, 1, ["pending"]),
        (30, 4, ["running"]),
    ]


def test_a_policy_counts_what_has_ended_before(path: str) -> None:
    given = instances("i-1", "i-2", "i-3", require=2)
    first = interrupted(given, {"i-1": 0, "i-2": 30, "i-3": 90}, path, 15)
    assert told(restarted(first, path).run(), "elapsed") == [("i-2", "success", 30), ("i-3", "cancelled", 30)]


def test_entries_that_are_gone_after_a_restart_are_forgotten_but_not_those_of_a_file_that_was_not_read(
    path: str,
) -> None:
    run = Run(instances("i-1", "i-2", entries_from="/"), dict.fromkeys(("i-1", "i-2", "i-3"), 1e6), State(path))
    run.read(instance("i-3"), origin="a.yml")
    run.at[10] = run.waits.stop
    run.run()
    run.state.close()
    again = Run(instances("i-1", entries_from="/"), run.ready, State(path), run.clock)
    again.at[10] = again.waits.stop
    again.run()
    assert sorted(str(record["origin"]) for record in again.state.records.values()) == ["None", "a.yml"]


# --- what goes wrong


def test_a_bug_in_one_wait_is_an_event_and_ends_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = module.Payloads.ended

    def fails_for_one(self: Any, entry: Any, *more: Any) -> Any:
        if entry.name == "i-1":
            raise RuntimeError("a bug")
        return ended(self, entry, *more)

    monkeypatch.setattr(module.Payloads, "ended", fails_for_one)
    events = Run(instances("i-1", "i-2"), {"i-1": 10, "i-2": 20}).run()
    assert [event["meta"]["event"] for event in events] == ["fault", "ended"]
    assert "a bug" in events[0]["msg"]
    assert (events[0]["outcome"], events[0]["service"]) == ("error", None)


def test_a_bug_in_the_scheduler_is_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(instances("i-1", "i-2"), {"i-1": 10, "i-2": 20})

    def fail(_seconds: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(run.pool, "wait", fail)
    [event] = run.run()
    assert event["msg"].startswith("2 waits are no longer polled, because of an internal error")
    assert run.waits.has_ended
