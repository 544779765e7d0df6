# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which request is sent next: places, lanes that take turns, and the rates of quotas."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.dispatcher import HUNG, SLOW, Dispatcher, Quota
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.limiter import Limiter

A, B, C = (Quota(lane, Limiter()) for lane in "abc")


def sent(dispatcher: Dispatcher, now: float) -> list[Any]:
    """All that may be sent now is."""
    items = []
    while (taken := dispatcher.take(now)) is not None:
        quota, item = taken
        dispatcher.sent(quota, item, now)
        items.append(item)
    return items


def filled(places: int, *items: tuple[Quota, str]) -> Dispatcher:
    dispatcher = Dispatcher(places)
    for quota, item in items:
        dispatcher.expect(quota)
        dispatcher.put(quota, item)
    return dispatcher


def test_no_more_requests_are_under_way_than_there_are_places() -> None:
    dispatcher = filled(2, (A, "a"), (B, "b"), (C, "c"))
    assert sent(dispatcher, 0) == ["a", "b"]
    dispatcher.ended("a")
    assert sent(dispatcher, 0) == ["c"]


def test_a_slow_request_keeps_no_place_from_other_lanes() -> None:
    dispatcher = filled(2, (A, "a"), (B, "b"), (C, "c"))
    sent(dispatcher, 0)
    assert dispatcher.next_at(0) == SLOW
    assert sent(dispatcher, 0.9 * SLOW) == []
    assert sent(dispatcher, SLOW) == ["c"]


def test_no_lane_gets_all_places_until_its_requests_hang() -> None:
    dispatcher = filled(3, (A, "a1"), (A, "a2"), (A, "a3"), (B, "b"))
    assert sent(dispatcher, 0) == ["a1", "b", "a2"]
    dispatcher.ended("b")
    assert sent(dispatcher, 0) == []
    assert sent(dispatcher, 0.9 * HUNG) == []
    assert dispatcher.next_at(0.9 * HUNG) == HUNG
    assert sent(dispatcher, HUNG) == ["a3"]


def test_a_lone_lane_gets_all_places() -> None:
    assert sent(filled(2, (A, "1"), (A, "2"), (A, "3")), 0) == ["1", "2"]


def test_lanes_take_turns_and_a_lane_comes_first_come_first_served() -> None:
    dispatcher = filled(9, (A, "a1"), (A, "a2"), (B, "b1"), (B, "b2"))
    dispatcher.put(B, "b0", first=True)
    assert sent(dispatcher, 0) == ["a1", "b0", "a2", "b1", "b2"]


def test_a_quota_over_its_rate_waits_and_holds_no_other_up() -> None:
    slow = Quota("slow", Limiter(0.5))
    dispatcher = filled(9, (slow, "1"), (slow, "2"), (A, "a"))
    assert sent(dispatcher, 0) == ["1", "a"]
    dispatcher.ended("1")
    dispatcher.ended("a")
    assert dispatcher.next_at(0) == 2
    assert sent(dispatcher, 1.9) == []
    assert sent(dispatcher, 2) == ["2"]


def test_where_nothing_waits_there_is_nothing_to_try() -> None:
    dispatcher = filled(1, (A, "a"))
    sent(dispatcher, 0)
    assert dispatcher.take(0) is None
    assert dispatcher.next_at(0) is None
