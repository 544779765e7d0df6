# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which events are shown, and as what text: timetables of events and of the printed lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.plugin_utils._events import Event, Kind
from ansible_collections.cloudwait.aws.plugins.plugin_utils._progress import HEARTBEAT, Line, Progress, Tone
from ansible_collections.cloudwait.aws.plugins.plugin_utils._text import width
from ansible_collections.cloudwait.aws.plugins.plugin_utils._timeline import lines_of

ABOUT = "ec2 instance_running"


def asks(at: float, attempt: int = 1) -> tuple[float, Event]:
    return at, Event(Kind.BEFORE_ATTEMPT, "w", ABOUT, at, attempt)


def sees(at: float, attempt: int, summary: str, changed: bool = True, **more: Any) -> tuple[float, Event]:
    verdict = more.pop("verdict", "not yet")
    wait, about = more.pop("wait", "w"), more.pop("about", ABOUT)
    return at, Event(Kind.AFTER_ATTEMPT, wait, about, at, attempt, verdict, changed, summary, **more)


def faults(
    at: float, attempt: int, fault: str = "throttled", code: str = "Throttling", **more: Any
) -> tuple[float, Event]:
    return at, Event(Kind.FAULTED, "w", ABOUT, at, attempt, fault=fault, code=code, **more)


def sleeps(at: float) -> tuple[float, Event]:
    return at, Event(Kind.BEFORE_SLEEP, "w", ABOUT, at)


def ends(at: float, outcome: str = "success") -> tuple[float, Event]:
    return at, Event(Kind.ENDED, "w", ABOUT, at, outcome=outcome)


def printed(
    events: Sequence[tuple[float, Event]], every_poll: bool = False, until: float = 0, columns: int = 120
) -> list[tuple[float, Line]]:
    """The printed lines with their times; the clock is checked every second."""
    progress = Progress("web1", every_poll, columns)
    left, found, now = list(events), [], 0.0
    while left or now <= until:
        while left and left[0][0] <= now:
            found.extend((now, line) for line in progress.handle(left.pop(0)[1], now))
        found.extend((now, line) for line in progress.tick(now))
        now += 1
    return found


def texts(*args: Any, **options: Any) -> list[tuple[float, str]]:
    return [(at, line.text.removeprefix(f"web1: {ABOUT}: ")) for at, line in printed(*args, **options)]


STEADY = [asks(0), sees(1, 1, "pending"), sleeps(1), asks(16, 2), sees(17, 2, "pending", False), sleeps(17)]


def test_a_line_names_host_waiter_state_attempt_and_time() -> None:
    [(_at, line)] = printed([sees(31, 3, "pending ×2, running ×1")])
    assert line.text == "web1: ec2 instance_running: pending ×2, running ×1 (attempt 3, 31 s)"


def test_a_change_is_shown_and_an_unchanged_state_is_not() -> None:
    assert texts([*STEADY, sees(33, 3, "running")]) == [
        (1, "pending (attempt 1, 1 s)"),
        (33, "running (attempt 3, 33 s)"),
    ]


def test_every_poll_is_shown_with_progress_all() -> None:
    assert texts([*STEADY, faults(20, 3)], every_poll=True) == [
        (1, "pending (attempt 1, 1 s)"),
        (17, "pending (attempt 2, 17 s)"),
        (20, "throttled, retrying (attempt 3, 20 s)"),
    ]


@pytest.mark.parametrize("polled", [sees(1, 1, "creating", progress="45%"), faults(1, 1)])
def test_a_wait_that_check_mode_leaves_pending_says_that_a_real_run_would_wait(polled: tuple[float, Event]) -> None:
    lines = texts([asks(0), polled, ends(1, "pending")])
    assert (len(lines), lines[-1]) == (2, (1, "pending: a real run would wait (attempt 1, 1 s)"))


def test_the_progress_that_aws_reports_follows_the_state() -> None:
    assert texts([sees(245, 9, "pending", progress="45%")]) == [(245, "pending, 45% (attempt 9, 4 min 5 s)")]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Event(Kind.AFTER_ATTEMPT, "w", ABOUT, 1, 1, verdict="failure", changed=True), "failure"),
        (Event(Kind.AFTER_ATTEMPT, "w", ABOUT, 1, 1, changed=True), "responded"),
        (Event(Kind.FAULTED, "w", ABOUT, 1, 1, fault="server"), "AWS returned an error, retrying"),
        (Event(Kind.FAULTED, "w", ABOUT, 1, 1, fault="of tomorrow"), "no response, retrying"),
        (Event(Kind.FAULTED, "w", ABOUT, 1, 1), "no response, retrying"),
    ],
)
def test_an_event_with_missing_fields_is_shown_too(event: Event, text: str) -> None:
    """It may come from another version."""
    assert texts([(1, event)]) == [(1, f"{text} (attempt 1, 1 s)")]


def test_an_unchanged_state_is_shown_every_minute() -> None:
    polls = [
        event for at in range(0, 140, 20) for event in (asks(at, at // 20), sees(at, at // 20, "pending", at == 0))
    ]
    assert [at for at, _text in texts(polls, until=140)] == [0, HEARTBEAT, 2 * HEARTBEAT]


def test_a_hanging_request_is_shown() -> None:
    assert texts([sees(1, 1, "pending"), asks(11, 2)], until=130) == [
        (1, "pending (attempt 1, 1 s)"),
        (61, "pending, no response for 50 s (attempt 2, 1 min 1 s)"),
        (121, "pending, no response for 1 min 50 s (attempt 2, 2 min 1 s)"),
    ]


def test_a_hanging_first_request_is_shown() -> None:
    assert texts([asks(0)], until=70) == [(60, "no response yet (attempt 1, 1 min 0 s)")]


def test_a_wait_that_has_not_polled_yet_is_shown() -> None:
    assert texts([sleeps(0)], until=70) == [(60, "not polled yet (1 min 0 s)")]


def test_a_pause_keeps_the_number_of_the_last_attempt() -> None:
    assert texts([sees(1, 1, "pending"), sleeps(1)], until=70)[1:] == [(61, "pending (attempt 1, 1 min 1 s)")]


def test_a_finished_wait_is_not_shown_again() -> None:
    assert texts([sees(1, 1, "running"), ends(1)], until=200) == [(1, "running (attempt 1, 1 s)")]


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("throttled", "throttled, retrying"),
        ("server", "AWS returned InternalError, retrying"),
        ("connection", "no response (InternalError), retrying"),
        ("of tomorrow", "no response, retrying"),
    ],
)
def test_a_transient_error_is_shown_in_its_own_colour(fault: str, text: str) -> None:
    [(_at, line)] = printed([faults(2, 1, fault, "InternalError")])
    assert line == Line(f"web1: {ABOUT}: {text} (attempt 1, 2 s)", Tone.TRANSIENT)


def foreign(at: float, in_a_row: int, message: str = "a page") -> tuple[float, Event]:
    return faults(at, 1, "server", "ResponseParserError", message=message, in_a_row=in_a_row)


def test_the_third_transient_error_in_a_row_is_a_warning_with_its_cause() -> None:
    """The first says that the request is retried, the third warns, and after that there is only the heartbeat."""
    row = [foreign(5 * number, number + 1) for number in range(20)]
    assert texts(row) == [
        (0, "AWS returned ResponseParserError, retrying (attempt 1, 0 s)"),
        (10, "WARNING: 3 requests in a row failed with ResponseParserError: a page (attempt 1, 10 s)"),
        (70, "AWS returned ResponseParserError, retrying (attempt 1, 1 min 10 s)"),
    ]
    [warning] = [line for _at, line in printed(row[:3]) if "WARNING" in line.text]
    assert warning.tone is Tone.TRANSIENT


def test_repeated_transient_errors_are_warned_of_again_after_a_minute() -> None:
    rows = [event for at in (0, 20, 90) for event in (foreign(at, 1), foreign(at + 1, 2), foreign(at + 2, 3))]
    answers = [sees(10, 1, "pending"), sees(30, 1, "pending", False)]
    warned = [at for at, text in texts(sorted([*rows, *answers], key=lambda event: event[0])) if "WARNING" in text]
    assert warned == [2, 92]


def test_a_warning_is_clean_and_bounded() -> None:
    evil = "\x1b[2J" + "x" * 100_000 + "\u202e"
    [warning] = [line.text for _at, line in printed([foreign(0, 3, evil)]) if "WARNING" in line.text]
    assert warning.isprintable()
    assert len(warning) < 600
    assert "[2Jxxx" in warning


def test_transient_errors_are_shown_when_they_begin_and_when_they_are_over() -> None:
    storm = [sees(0, 1, "pending"), faults(5, 2), faults(8, 2), sees(12, 2, "pending", False)]
    assert texts([*storm, sees(20, 3, "pending", False)]) == [
        (0, "pending (attempt 1, 0 s)"),
        (5, "throttled, retrying (attempt 2, 5 s)"),
        (12, "pending (attempt 2, 12 s)"),
    ]


def test_transient_errors_that_come_and_go_are_shown_once_a_minute() -> None:
    showers = [
        event for at in range(0, 120, 4) for event in (faults(at, at + 1), sees(at + 2, at + 1, "pending", at == 0))
    ]
    lines = texts(showers, until=118)
    assert [at for at, text in lines if "throttled" in text] == [0, 60]
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("verdict", "tone"),
    [("success", Tone.GOOD), ("failure", Tone.BAD), ("error", Tone.BAD), ("not yet", Tone.CALM), (None, Tone.CALM)],
)
def test_the_verdict_gives_the_colour(verdict: str | None, tone: Tone) -> None:
    [(_at, line)] = printed([sees(0, 1, "x", verdict=verdict)])
    assert line.tone is tone


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("summary", ["short", "long " * 60, "日本語" * 60])
@pytest.mark.parametrize("about", [ABOUT, "cognito-idp " + "very_" * 30 + "long"])
def test_no_line_is_wider_than_the_screen(columns: int, summary: str, about: str) -> None:
    [(_at, line)] = printed([sees(3, 1, summary, about=about)], columns=columns)
    assert width(line.text) <= columns
    assert line.text.startswith("web1: ")


def test_the_state_is_cut_before_the_time() -> None:
    [(_at, line)] = printed([sees(3, 1, "long " * 60)], columns=80)
    assert line.text.endswith("… (attempt 1, 3 s)")


def test_nothing_that_aws_says_breaks_a_line() -> None:
    [(_at, line)] = printed([sees(3, 1, "a\nb\x1b[2J", progress="1\n2")])
    assert line.text.isprintable()


def test_the_waits_of_one_task_are_kept_apart() -> None:
    other = sees(2, 7, "available", wait="other", about="rds db_instance_available")
    assert [line.text for _at, line in printed([sees(1, 1, "pending"), other], until=62)] == [
        "web1: ec2 instance_running: pending (attempt 1, 1 s)",
        "web1: rds db_instance_available: available (attempt 7, 2 s)",
        "web1: ec2 instance_running: pending (attempt 1, 1 min 1 s)",
        "web1: rds db_instance_available: available (attempt 7, 1 min 2 s)",
    ]


RESULT = {
    "outcome": "success",
    "service": "ec2",
    "waiter": "instance_running",
    "operation": "DescribeInstances",
    "timeline": [
        {"elapsed": 0.4, "attempt": 1, "observed": ["pending", "pending", "running"]},
        {"elapsed": 31.2, "attempt": 3, "observed": ["running", "running", "running"]},
    ],
}


def test_a_result_gives_the_same_lines_later() -> None:
    assert list(lines_of(RESULT, "web1", 120)) == [
        Line("web1: ec2 instance_running: pending ×2, running ×1 (attempt 1, 0 s)", Tone.CALM),
        Line("web1: ec2 instance_running: running ×3 (attempt 3, 31 s)", Tone.GOOD),
    ]


def test_a_result_of_check_mode_says_later_that_a_real_run_would_wait() -> None:
    pending = {**RESULT, "outcome": "pending", "timeline": [], "elapsed": 0.4, "attempts": 1}
    assert [line.text for line in lines_of(pending, "web1", 120)] == [
        "web1: ec2 instance_running: pending: a real run would wait (attempt 1, 0 s)"
    ]
    assert list(lines_of({"outcome": "pending", "results": [pending]}, "web1", 120)) == []


@pytest.mark.parametrize("result", [{}, {"msg": "bad input", "failed": True}, {**RESULT, "timeline": []}])
def test_a_wait_that_never_began_gives_no_lines(result: dict[str, Any]) -> None:
    assert list(lines_of(result, "web1", 120)) == []


def test_the_result_of_an_inline_waiter_is_shown_by_its_operation() -> None:
    inline = {**RESULT, "waiter": None, "operation": "DescribeThings"}
    assert all(" DescribeThings: " in line.text for line in lines_of(inline, "web1", 120))
