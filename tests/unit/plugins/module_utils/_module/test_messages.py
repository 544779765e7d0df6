# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages at the end of a wait, word for word."""

from __future__ import annotations

import pytest
from tests.unit.plugins.module_utils._module.ended_waits import (
    ALL,
    ERRORS,
    FAILURES,
    PENDING,
    TIMEOUTS,
)
from tests.unit.plugins.module_utils._module.waits import (
    KILLED,
    Wait,
    cases,
    instances,
    running,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._module.messages import seconds


@cases(FAILURES)
def test_a_failure_says_which_resource_is_what_and_why(wait: Wait, expected: str) -> None:
    assert wait.says() == expected
    assert "timed out" not in expected


@cases(TIMEOUTS)
def test_a_time_out_says_what_was_last_seen_and_what_to_do(wait: Wait, expected: str) -> None:
    assert wait.says() == expected
    assert "fail" not in expected


@cases(ERRORS)
def test_an_error_is_quoted_with_a_way_out(wait: Wait, expected: str) -> None:
    assert wait.says() == expected


@cases(PENDING)
def test_check_mode_says_what_is_pending(wait: Wait, expected: str) -> None:
    assert wait.says() == expected


def test_a_wait_whose_task_was_killed_says_so() -> None:
    killed = Wait(running("i-1"), instances(i_1="pending"), KILLED)
    assert killed.says() == "ec2 instance_running was cancelled after 1 poll in 15 s: i-1 is 'pending'."
    assert Wait(running("i-1"), KILLED).says() == "ec2 instance_running was cancelled after 0 polls in 0 s."


def test_of_many_resources_that_one_verdict_is_about_a_few_are_named() -> None:
    """Any item satisfies ``pathAny``, and here it is one that wasn't requested."""
    acceptor = {
        "state": "success",
        "matcher": "pathAny",
        "argument": "Reservations[].Instances[].State.Name",
        "expected": "running",
    }
    own = {"service": "ec2", "definition": {"operation": "DescribeInstances", "acceptors": [acceptor]}}
    many = {**own, "params": {"InstanceIds": [f"i-{number}" for number in range(14)]}}
    said = Wait(many, instances(i_0="pending", other="running")).says()
    assert "i-8, i-9 and 4 more" in said
    assert "i-10" not in said


@cases(ALL)
def test_every_message_is_one_line_of_sentences(wait: Wait, expected: str) -> None:
    del expected
    said = wait.says()
    assert "\n" not in said
    assert said.endswith(".")
    assert ".." not in said


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, "0 s"), (0.04, "0 s"), (0.4, "0.4 s"), (2.0, "2 s"), (9.5, "9.5 s"), (31.4, "31 s")]
)
def test_times_are_said_as_people_say_them(value: float, expected: str) -> None:
    assert seconds(value) == expected
