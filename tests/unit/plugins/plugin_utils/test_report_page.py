# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page with the timelines; ``tests/site/test_report.py`` opens it in a browser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from bs4 import BeautifulSoup
from tests.support.waits import HOSTILE, WAIT, waits

from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_page import page
from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_waits import Fault, State, Wait

STARTED = "2026-01-01 00:00:00 +0000"


def parsed(found: Sequence[Wait]) -> Any:
    return BeautifulSoup(page(found, "site.yml", STARTED), "html.parser")


def bars(html: Any) -> list[tuple[str, str, str]]:
    """The text of each bar's tip, its left end and its width."""
    places = [re.match(r"left:(.*);width:(.*)", mark["style"]) for mark in html.select(".bar")]
    return [(mark["title"], *place.groups()) for mark, place in zip(html.select(".bar"), places, strict=True) if place]


def test_a_bar_changes_its_colour_with_the_state() -> None:
    states = (State(0.0, "pending"), State(7.75, "starting"), State(31.0, "running"))
    html = parsed([WAIT._replace(states=states)])
    assert bars(html) == [
        ("pending, 0.0 s to 7.8 s", "0.00%", "25.00%"),
        ("starting, 7.8 s to 31 s", "25.00%", "75.00%"),
    ]
    assert [mark["class"] for mark in html.select(".bar")] == [["bar", "s2"], ["bar", "s1"]]
    assert [item.text for item in html.select(".legend li")] == ["starting", "pending"]


def test_a_state_has_the_same_colour_in_every_bar() -> None:
    one = WAIT._replace(states=(State(0.0, "pending"),))
    other = WAIT._replace(states=(State(0.0, "starting"), State(3.0, "pending")))
    names = {(mark["title"].partition(",")[0], mark["class"][1]) for mark in parsed([one, other]).select(".bar")}
    assert len(names) == 2


def test_with_many_states_the_short_ones_share_a_colour() -> None:
    states = tuple(State(number / 2, f"state {number}") for number in range(20))
    html = parsed([WAIT._replace(states=states)])
    assert [item.text for item in html.select(".legend li")][-1] == "other states"
    assert len({mark["class"][1] for mark in html.select(".bar")}) == 8


def test_the_time_without_a_response_and_a_hidden_wait_have_no_state() -> None:
    html = parsed([WAIT._replace(states=(State(5.0, "pending"),)), WAIT._replace(outcome="hidden")])
    assert [tip for tip, _left, _width in bars(html)] == [
        "no response yet, 0.0 s to 5.0 s",
        "pending, 5.0 s to 31 s",
        "hidden, 0.0 s to 31 s",
    ]


def test_transient_errors_are_marked_where_they_happened_with_their_messages() -> None:
    faults = (Fault(15.5, "throttled", "Throttling: Slow down."), Fault(31.0, "connection", ""))
    html = parsed([WAIT._replace(faults=faults, transient={"throttled": 1, "connection": 1})])
    assert [(mark.text, mark["title"], mark["style"]) for mark in html.select(".fault")] == [
        ("▲", "▲ throttled: Throttling: Slow down.", "left:50.00%"),
        ("●", "● no response", "left:100.00%"),
    ]
    assert [item.text for item in html.select(".legend li")][-2:] == ["▲ throttled", "● no response"]


def test_without_a_log_transient_errors_are_counted() -> None:
    html = parsed([WAIT._replace(transient={"throttled": 3})])
    assert html.select_one(".end").text == "success 31 s ▲\u202f3"
    assert "3 × throttled" in html.select_one(".more").text


def test_waits_stand_in_the_order_of_their_beginnings_under_their_plays() -> None:
    html = parsed([WAIT._replace(play=play, began=began) for play, began in [("B", 9.0), ("A", 5.0), ("B", 6.0)]])
    assert [heading.text for heading in html.select("h2")] == ["A", "B"]
    lefts = [mark["style"].partition(";")[0] for mark in html.select(".bar")]
    assert lefts == ["left:0.00%", "left:2.86%", "left:11.43%"]


def test_the_message_and_the_changes_can_be_read_without_a_mouse() -> None:
    first = parsed(waits()[:1]).select_one("details")
    assert first.select_one("summary .what").text == "web1 ec2 instance_running: i-1"
    assert first.select_one(".message").text == "It runs."
    assert [row.text for row in first.select("tr")][1:] == [
        "0.0 spending ×2",
        "5.0 s▲ throttled: RequestLimitExceeded: Slow down.",
        "9.0 s■ server error: InternalError",
        "20 spending ×1, running ×1",
        "31 srunning ×2",
    ]


def test_every_text_is_escaped() -> None:
    hostile = WAIT._replace(
        **dict.fromkeys(("host", "play", "task", "what", "outcome", "message"), HOSTILE),
        states=(State(0.0, HOSTILE),),
        faults=(Fault(1.0, HOSTILE, HOSTILE),),
        transient={HOSTILE: 1},
    )
    html = BeautifulSoup(page([hostile, WAIT], HOSTILE, HOSTILE), "html.parser")
    assert not html.select("script, img")
    names = {name for element in html.select("article *") for name in element.attrs}
    assert names == {"aria-hidden", "aria-label", "class", "id", "style", "title", "type"}
    assert html.select_one(".fault")["title"].endswith(HOSTILE)
    assert html.select_one(".bar")["title"].startswith(HOSTILE)


def test_nothing_is_loaded_and_no_script_runs() -> None:
    html = parsed(waits())
    assert html.select_one("meta[http-equiv]")["content"].startswith("default-src 'none'")
    assert not html.select("script, a, img, iframe, form, object")
    assert [link["href"] for link in html.select("link")] == ["data:,"]
    assert not re.search(r"url\(|@import|https?:", str(html))


def test_a_page_with_a_thousand_waits_stays_small() -> None:
    states = tuple(State(float(number), "pending ×1, running ×2, stopped ×3") for number in range(100))
    wait = WAIT._replace(states=states, message="x" * 1_000, faults=(Fault(1.0, "throttled", "y" * 200),) * 100)
    text = page([wait] * 1_000, "site.yml", STARTED)
    assert len(text) < 5_000_000
    assert "<p>Left out: 192 more.</p>" in text


def test_typical_waits_take_little_room() -> None:
    states = (State(0.0, "pending"), State(15.0, "starting"), State(31.0, "running"))
    text = page([WAIT._replace(states=states, message="x" * 150)] * 1_000, "site.yml", STARTED)
    assert len(text) < 2_000_000


def test_the_shortest_of_very_many_waits_are_left_out() -> None:
    html = parsed([WAIT._replace(elapsed=float(number)) for number in range(2_001)])
    assert len(html.select("details")) == 2_000
    assert "Left out: 1 shorter wait." in html.text


def test_a_run_without_a_duration_has_a_page() -> None:
    assert parsed([WAIT._replace(elapsed=0.0)]).select(".cap")


@pytest.mark.parametrize("span", [0.1, 1.0, 59.0, 61.0, 3_599.0, 86_400.0, 9_999_999.0])
def test_the_axis_has_a_few_round_times(span: float) -> None:
    ticks = [tick.text for tick in parsed([WAIT._replace(elapsed=span)]).select(".axis i")]
    assert 2 <= len(ticks) <= 10
    assert ticks[0] == "0 s"
    assert len(set(ticks)) == len(ticks)


def test_only_problems_can_be_selected_where_there_are_both() -> None:
    assert parsed(waits()).select("#problems")
    assert not parsed([WAIT]).select("#problems")
