# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report takes from the results of tasks."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.waits import SOURCE, many, result, timeline

from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_waits import State, Wait, is_result, waits_of


def only(found: dict[str, Any], **source: Any) -> Wait:
    [wait] = waits_of(SOURCE._replace(**source), found)
    return wait


def test_a_result_is_a_wait_with_its_changes() -> None:
    wait = only(result())
    assert (wait.host, wait.what, wait.outcome) == ("web1", "ec2 instance_running: i-1", "success")
    assert (wait.polls, wait.calls, wait.transient) == (3, 4, {"throttled": 1})
    assert wait.states == (State(0.0, "pending"), State(31.0, "running"))


def test_a_state_that_looks_like_the_one_before_is_none() -> None:
    seen = timeline((0.0, ["pending"]), (5.0, [["pending"]]), (9.0, ["running"]))
    assert only(result(timeline=seen)).states == (State(0.0, "pending"), State(9.0, "running"))


def test_a_wait_began_when_its_elapsed_time_before_the_result() -> None:
    assert (only(result()).began, only(result()).elapsed) == (69.0, 31.0)


def test_a_wait_did_not_begin_before_its_task() -> None:
    assert only(result(elapsed=500.0)).began == 10.0


def test_a_background_wait_began_with_its_task_whenever_its_result_is_asked_for() -> None:
    assert only(result(ansible_job_id="j1")).began == 10.0


def test_each_entry_of_many_waits_is_a_wait_and_one_has_the_requests_of_the_task() -> None:
    one, two = waits_of(SOURCE, many(result(name="orders", elapsed=5.0), result(outcome="cancelled", elapsed=40.0)))
    assert (one.outcome, one.began, one.saved, one.calls) == ("cancelled", 60.0, 5, 8)
    assert (two.what, two.began, two.saved, two.calls) == ("ec2 instance_running: orders", 60.0, 0, 0)


def test_many_waits_may_be_none() -> None:
    assert list(waits_of(SOURCE, many())) == []


def test_a_wait_for_a_module_is_named_after_it_and_the_task() -> None:
    found = result(module="ansible.builtin.uri")
    for key in ("service", "waiter", "operation", "calls", "resources"):
        del found[key]
    assert only(found).what == "ansible.builtin.uri: Wait until the instances run"


@pytest.mark.parametrize(
    ("ids", "what"),
    [
        ([], "ec2 instance_running"),
        (["i-1", "i-2", "i-3", "i-4", "i-5"], "ec2 instance_running: i-1, i-2, i-3 and 2 more"),
        ([{"Id": "i-1", "Port": 80}], "ec2 instance_running: i-1:80"),
    ],
)
def test_a_wait_is_named_after_its_resources(ids: list[Any], what: str) -> None:
    assert only(result(resources=[{"id": given} for given in ids])).what == what


def test_an_inline_waiter_is_named_after_its_operation() -> None:
    assert only(result(waiter=None, resources=[])).what == "ec2 DescribeInstances"


def test_bad_input_is_an_error_that_took_no_time() -> None:
    wait = only({"outcome": "error", "msg": "waiter: there is none", "problems": []}, outcome="failed")
    assert (wait.outcome, wait.elapsed, wait.message) == ("error", 0.0, "waiter: there is none")


@pytest.mark.parametrize("outcome", ["failed", "unreachable"])
def test_a_task_without_an_outcome_took_the_time_of_the_task(outcome: str) -> None:
    wait = only({"msg": "No route to host"}, outcome=outcome)
    assert (wait.what, wait.outcome, wait.elapsed) == ("Wait until the instances run", outcome, 90.0)
    assert wait.is_problem


def test_of_a_hidden_task_only_names_and_times_are_kept() -> None:
    wait = only(result(msg="secret"), is_hidden=True, log="/log")
    assert wait == Wait("web1", "Deploy", SOURCE.task, SOURCE.task, "hidden", 10.0, 90.0, "The task sets no_log.")


def test_the_polls_of_a_task_with_retries_are_unknown() -> None:
    """Ansible overwrites ``attempts`` with the number of its own runs."""
    assert only(result(), has_retries=True).polls is None
    assert only(many(result()), has_retries=True).polls == 3


def test_texts_from_aws_are_cleaned_and_bounded() -> None:
    nasty = "\x1b[31m\u202eevil\n" * 1000
    wait = only(result(msg=nasty, resources=[{"id": nasty}], timeline=timeline((0, [nasty]))), task=nasty, host=nasty)
    texts = [wait.host, wait.play, wait.task, wait.what, wait.message, wait.states[0].text]
    assert all(text.isprintable() and len(text) <= 1_000 for text in texts)


@pytest.mark.parametrize(
    ("found", "is_wait"),
    [(result(), True), (many(), True), ({"outcome": "x", "elapsed": 1.0}, False), ({"ansible_job_id": "j1"}, False)],
)
def test_a_result_of_ours_is_recognized_whichever_task_returns_it(found: dict[str, Any], is_wait: bool) -> None:
    assert is_result(found) is is_wait
