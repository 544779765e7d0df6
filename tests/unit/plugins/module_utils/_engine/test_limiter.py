# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast requests go: never above the bound, slower after a throttle, faster again while all is well."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from tests.unit.plugins.module_utils._engine.bucket import Bucket
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.workers import Lanes

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.limiter import Limiter


def sent(limiter: Limiter, clock: Clock, count: int) -> list[float]:
    """When so many requests are sent, one after the other, that take no time."""
    times = []
    for _request in range(count):
        clock.now = limiter.ready_at(clock.now)
        limiter.sent(clock.now)
        times.append(clock.now - 1000)
    return times


def test_nothing_is_held_back_before_the_first_throttle() -> None:
    clock = Clock()
    assert set(sent(Limiter(), clock, 500)) == {0.0}


def test_requests_keep_their_distance_under_a_bound() -> None:
    clock = Clock()
    assert sent(Limiter(4.0), clock, 4) == [0.0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize("max_rate", [0.01, 0.3, 2.0, 20.0, 300.0])
def test_the_bound_is_never_exceeded_whatever_is_answered(max_rate: float) -> None:
    """Not by a burst after a pause, not where a throttle has slowed it down, and not where it speeds up again."""
    clock, rnd = Clock(), random.Random(f"bound {max_rate}")
    limiter = Limiter(max_rate)
    times = []
    for _request in range(300):
        times += sent(limiter, clock, 1)
        clock.now += rnd.choice((0.0, 0.0, 0.01, 3 / max_rate))
        rnd.choice((limiter.answered, limiter.answered, limiter.throttled))(clock.now)
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.999 / max_rate


def test_a_throttle_lowers_what_was_sent_within_a_second() -> None:
    clock = Clock()
    limiter = Limiter()
    sent(limiter, clock, 10)
    limiter.throttled(clock.now)
    gaps = sent(limiter, clock, 3)
    assert gaps[1] - gaps[0] == pytest.approx(1 / 7)


def test_the_requests_that_are_throttled_together_slow_it_down_once() -> None:
    """Sixteen were on their way when the quota was spent: that is one sign and not sixteen."""
    clock = Clock()
    limiter = Limiter()
    sent(limiter, clock, 100)
    for _request in range(16):
        limiter.throttled(clock.now)
    gaps = sent(limiter, clock, 2)
    assert gaps[1] - gaps[0] == pytest.approx(1 / 70)


def test_good_answers_raise_the_rate_step_by_step_until_nothing_is_held_back() -> None:
    clock = Clock()
    limiter = Limiter()
    sent(limiter, clock, 10)
    limiter.throttled(clock.now)
    times = []
    for _request in range(5000):
        times += sent(limiter, clock, 1)
        limiter.answered(clock.now)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(gaps))
    assert gaps[-1] == 0
    assert 40 < times[-1] < 60


def test_it_never_stops_altogether() -> None:
    clock = Clock()
    limiter = Limiter()
    for _request in range(50):
        before = clock.now
        sent(limiter, clock, 1)
        limiter.throttled(clock.now)
    assert clock.now - before <= 2.0


@pytest.mark.parametrize("lanes", [1, 16])
def test_the_rate_settles_at_what_the_quota_allows(lanes: int) -> None:
    """Ten minutes of as many requests as may be: nearly all that the bucket gives is used, and few are denied."""
    clock = Clock()
    workers = Lanes(clock, lanes)
    limiter, bucket = Limiter(), Bucket(clock)

    def work() -> None:
        while clock.now < 1600:
            at = limiter.ready_at(clock.now)
            limiter.sent(at)
            workers.sleep(at - clock.now)
            through = bucket.take()
            workers.sleep(0.05)
            (limiter.answered if through else limiter.throttled)(clock.now)

    for lane in range(lanes):
        workers.submit(lane, work)
    finished = 0
    while finished < lanes:
        for done in workers.wait(None):
            assert done.result is None
            finished += 1
    assert bucket.taken > (0.8 if lanes > 1 else 0.7) * (100 + 600 * 20)
    assert bucket.denied < 0.05 * bucket.taken
