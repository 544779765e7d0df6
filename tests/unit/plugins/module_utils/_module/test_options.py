# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the options of a task set the timing, and which are invalid."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.module_utils._module.waits import args

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Backoff, Definition, Settle
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.absence import Missing
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import Validate, read_settings, wait_spec

DAY = 86400.0


def schedule(given: dict[str, Any], once: bool = False, **of_waiter: Any) -> Schedule:
    """The effective timing for a task with these options and a waiter with that timing."""
    settings, problems = read_settings(args(**given))
    assert problems == []
    return settings.schedule(Definition("Describe", (), **of_waiter), once)


def problems(**given: Any) -> dict[str, str]:
    return {problem.path: problem.problem for problem in read_settings(args(**given))[1]}


@pytest.mark.parametrize(
    ("given", "of_waiter", "delay", "max_attempts"),
    [
        ({}, {}, 5.0, 120),
        ({}, {"delay": 30.0, "max_attempts": 10}, 30.0, 10),
        ({}, {"delay": 30.0}, 30.0, 120),
        ({}, {"max_attempts": 10}, 5.0, 10),
        ({}, {"delay": 0.0}, 0.0, 120),
        ({"delay": 2.0}, {"delay": 30.0, "max_attempts": 10}, 2.0, 10),
        ({"delay": 0.0}, {"delay": 30.0}, 0.0, 120),
        ({"max_attempts": 3}, {"delay": 30.0, "max_attempts": 10}, 30.0, 3),
        ({"delay": 2.0, "max_attempts": 3}, {"delay": 30.0, "max_attempts": 10}, 2.0, 3),
    ],
)
def test_the_task_overrides_the_waiter_and_the_waiter_our_defaults(
    given: dict[str, Any], of_waiter: dict[str, Any], delay: float, max_attempts: int
) -> None:
    found = schedule(given, **of_waiter)
    assert (found.delay, found.max_attempts, found.timeout) == (delay, max_attempts, None)


@pytest.mark.parametrize("of_waiter", [{}, {"max_attempts": 10}])
def test_a_timeout_lifts_the_waiters_own_attempts(of_waiter: dict[str, Any]) -> None:
    found = schedule({"timeout": 600.0}, **of_waiter)
    assert (found.timeout, found.max_attempts) == (600.0, None)


def test_a_timeout_keeps_the_tasks_attempts() -> None:
    found = schedule({"timeout": 600.0, "max_attempts": 3}, max_attempts=10)
    assert (found.timeout, found.max_attempts) == (600.0, 3)


@pytest.mark.parametrize(
    ("given", "delay"),
    [
        ({"delay": 0.0, "timeout": 5.0}, 0.2),
        ({"delay": 0.1, "timeout": 5.0}, 0.2),
        ({"delay": 0.3, "timeout": 5.0}, 0.3),
        ({"delay": 0.0, "timeout": 5.0, "max_attempts": 9}, 0.0),
        ({"delay": 0.0}, 0.0),
    ],
)
def test_polls_without_a_bound_on_their_number_are_a_fifth_of_a_second_apart(
    given: dict[str, Any], delay: float
) -> None:
    assert schedule(given).delay == delay


@pytest.mark.parametrize(
    ("given", "of_waiter", "backoff", "max_delay"),
    [
        ({}, {}, Backoff.FIXED, 120.0),
        ({"backoff": "exponential"}, {}, Backoff.EXPONENTIAL, 120.0),
        ({"backoff": "exponential", "max_delay": 30.0}, {}, Backoff.EXPONENTIAL, 30.0),
        ({}, {"backoff": Backoff.EXPONENTIAL, "max_delay": 60.0}, Backoff.EXPONENTIAL, 60.0),
        ({"max_delay": 90.0}, {"backoff": Backoff.EXPONENTIAL, "max_delay": 60.0}, Backoff.EXPONENTIAL, 90.0),
        ({"backoff": "fixed"}, {"backoff": Backoff.EXPONENTIAL}, Backoff.FIXED, 120.0),
        ({"delay": 300.0, "backoff": "exponential"}, {}, Backoff.EXPONENTIAL, 300.0),
    ],
)
def test_the_back_off_is_the_tasks_then_the_waiters(
    given: dict[str, Any], of_waiter: dict[str, Any], backoff: Backoff, max_delay: float
) -> None:
    found = schedule(given, **of_waiter)
    assert (found.backoff, found.max_delay) == (backoff, max_delay)


@pytest.mark.parametrize(("given", "jitter"), [({}, True), ({"jitter": False}, False)])
def test_jitter_is_for_all_who_want_no_timetable(given: dict[str, Any], jitter: bool) -> None:
    assert schedule(given).jitter is jitter


@pytest.mark.parametrize(
    ("given", "of_waiter", "bound"),
    [
        ({}, {"delay": 15.0, "max_attempts": 40}, 600.0),
        ({"delay": 1.0, "max_attempts": 1}, {"delay": 15.0, "max_attempts": 40}, 600.0),
        ({}, {"delay": 1.0, "max_attempts": 5}, 300.0),
        ({}, {}, 600.0),
    ],
)
def test_transient_errors_are_retried_for_the_waiters_own_time_but_for_300_seconds_at_least(
    given: dict[str, Any], of_waiter: dict[str, Any], bound: float
) -> None:
    assert schedule(given, **of_waiter).transient_bound == bound


SETTLE = Settle(60.0, 3)


@pytest.mark.parametrize(
    ("given", "of_waiter", "initial_delay", "consecutive"),
    [
        ({}, {}, 0.0, 1),
        ({}, {"initial_delay": 20.0, "consecutive": 2}, 20.0, 2),
        ({"initial_delay": 0.0, "consecutive": 1}, {"initial_delay": 20.0, "consecutive": 2}, 0.0, 1),
        ({}, {"settle": SETTLE}, 0.0, 1),
        ({"after_change": True}, {"settle": SETTLE}, 60.0, 3),
        ({"after_change": True}, {"settle": SETTLE, "initial_delay": 20.0, "consecutive": 2}, 60.0, 3),
        ({"after_change": True}, {"settle": Settle(consecutive=3), "initial_delay": 20.0}, 20.0, 3),
        ({"after_change": True}, {"initial_delay": 20.0, "consecutive": 2}, 20.0, 2),
        ({"after_change": True}, {}, 0.0, 1),
        ({"after_change": True, "initial_delay": 5.0}, {"settle": SETTLE}, 5.0, 3),
        ({"after_change": True, "consecutive": 1}, {"settle": SETTLE}, 60.0, 1),
    ],
)
def test_settle_counts_after_a_change_and_the_task_before_all(
    given: dict[str, Any], of_waiter: dict[str, Any], initial_delay: float, consecutive: int
) -> None:
    found = schedule(given, **of_waiter)
    assert (found.initial_delay, found.consecutive) == (initial_delay, consecutive)


def test_check_mode_looks_once() -> None:
    assert schedule({}, once=True).once
    assert not schedule({}).once


@pytest.mark.parametrize("name", ["delay", "timeout", "initial_delay", "max_delay"])
@pytest.mark.parametrize("value", [-1.0, -0.001, float("nan"), float("inf"), float("-inf"), 1e12, 367 * DAY])
def test_a_time_is_a_finite_number_of_seconds_up_to_a_year(name: str, value: float) -> None:
    assert problems(**{name: value}) == {name: f"must be a number of seconds from 0 to 31622400, not {value:.15g}"}


@pytest.mark.parametrize("name", ["delay", "timeout", "initial_delay", "max_delay"])
@pytest.mark.parametrize("value", [0.0, 0.05, 366 * DAY])
def test_a_time_may_be_anything_from_nothing_to_a_year(name: str, value: float) -> None:
    assert problems(**{name: value}) == {}


@pytest.mark.parametrize("name", ["max_attempts", "consecutive"])
@pytest.mark.parametrize("value", [0, -1])
def test_a_count_is_at_least_one(name: str, value: int) -> None:
    assert problems(**{name: value}) == {name: f"must be at least 1, not {value}"}


def test_more_successes_in_a_row_than_attempts_are_refused() -> None:
    assert problems(consecutive=4, max_attempts=3) == {"consecutive": "4 can't be reached within max_attempts (3)"}
    assert problems(consecutive=3, max_attempts=3) == {}


def test_a_ceiling_below_the_delay_is_refused() -> None:
    assert problems(delay=10.0, max_delay=5.0) == {"max_delay": "5 s is less than delay (10 s)"}
    assert problems(delay=5.0, max_delay=5.0) == {}


def test_everything_wrong_is_said_at_once() -> None:
    assert set(problems(delay=-1.0, timeout=float("nan"), max_attempts=0, consecutive=0, show="a[")) == {
        "delay",
        "timeout",
        "max_attempts",
        "consecutive",
        "show",
    }


def test_choices_and_lists_are_read_into_what_they_mean() -> None:
    settings, _problems = read_settings(args(missing="wait", validate="off", retry_errors=["A", "B"], show="a.b"))
    assert (settings.missing, settings.validate) == (Missing.WAIT, Validate.OFF)
    assert settings.retry_errors == {"A", "B"}
    assert settings.show is not None
    assert settings.show.text == "a.b"


def test_older_names_of_the_times_are_taken_too() -> None:
    assert {name: option["aliases"] for name, option in wait_spec().items() if "aliases" in option} == {
        "delay": ["wait_delay"],
        "timeout": ["wait_timeout"],
    }
