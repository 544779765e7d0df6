# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits in one task over real HTTP, from real threads, with all kinds of faults: a small ``make soak``."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from typing import Any

from tests.reliability.fleet import Clients, Fleet
from tests.support.faults import FAULTS, LATE, REFUSED, TRANSIENT, FaultProxy, at_random
from tests.support.scripted import ScriptedEndpoint
from tests.unit.plugins.module_utils._engine.fakes import Clock

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.pool import Done, Pool
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import CONCURRENCY

# these take real time; that one leaves nobody listening for a while, and here no time passes between three tries
FAULTS_HERE = [fault for fault in TRANSIENT if fault not in (LATE, REFUSED, FAULTS["50 MB"])]


class Impatient:
    """A pool that waits only for jobs, never for time."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._pool, self._under_way = clock, Pool(), 0

    def submit(self, key: Any, job: Callable[[], Any]) -> None:
        self._under_way += 1
        self._pool.submit(key, job)

    def wake(self) -> None:
        raise AssertionError("nobody adds or cancels a wait")

    def wait(self, seconds: float | None) -> list[Done]:
        if not self._under_way:
            assert seconds is not None, "nothing is under way, and nothing will ever be due"
            self._clock.now += seconds
            return []
        done = self._pool.wait(None)
        self._under_way -= len(done)
        return done


def test_of_two_hundred_waits_each_ends_as_it_must_and_nothing_is_left_over() -> None:
    fleet, clock = Fleet(200), Clock()
    workers = Impatient(clock)
    gc.collect()  # collect what other tests have left open
    files, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    with (
        ScriptedEndpoint(fleet.scenarios()) as aws,
        FaultProxy(aws.url, at_random(FAULTS_HERE, 0.2, seed=6)) as proxy,
        Clients(proxy.url) as clients,
    ):
        returned, outcomes = fleet.wait(clients, clock, workers, delay=5.0)
    assert [outcome.ending.value for outcome in outcomes] == fleet.expected
    assert not aws.problems
    assert returned["calls"] == proxy.requests
    assert len(proxy.injected) > 10  # kinds of faults
    gc.collect()  # exceptions and their frames hold each other
    assert len(os.listdir("/proc/self/fd")) <= files
    assert threading.active_count() <= threads + CONCURRENCY  # the pool's, which are daemons
