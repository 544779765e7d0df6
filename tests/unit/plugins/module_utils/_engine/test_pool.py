# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs side by side in threads: so many at once, each answered for, and nobody kept by one that hangs."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.pool import Done, Pool


def collected(pool: Pool, count: int) -> list[Done]:
    found: list[Done] = []
    while len(found) < count:
        found.extend(pool.wait(None))
    return found


def test_each_job_is_done_once_and_known_by_its_key() -> None:
    pool = Pool(4)
    for number in range(200):
        pool.submit(number, lambda number=number: number * 2)
    assert sorted((done.key, done.result) for done in collected(pool, 200)) == [(n, 2 * n) for n in range(200)]


@pytest.mark.parametrize(("size", "jobs", "at_once"), [(3, 9, 3), (16, 2, 2), (1, 4, 1)])
def test_no_more_jobs_run_at_once_than_there_may_be_and_no_fewer(size: int, jobs: int, at_once: int) -> None:
    pool, barrier = Pool(size), threading.Barrier(at_once)
    running, most, lock = 0, 0, threading.Lock()

    def job() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        if jobs % at_once == 0:
            barrier.wait(30)  # all of them come this far together, or the test fails
        with lock:
            running -= 1

    for number in range(jobs):
        pool.submit(number, job)
    for done in collected(pool, jobs):
        assert done.result is None
    assert most == at_once


def test_what_a_job_raises_is_raised_to_whoever_asks_for_its_result() -> None:
    def job() -> Any:
        raise KeyboardInterrupt

    pool = Pool(1)
    pool.submit("a", job)
    [done] = collected(pool, 1)
    assert done.key == "a"
    with pytest.raises(KeyboardInterrupt):
        done.result  # noqa: B018


def test_a_thread_goes_on_after_a_job_that_failed() -> None:
    pool = Pool(1)
    pool.submit("a", lambda: 1 // 0)
    pool.submit("b", lambda: 1)
    assert [done.key for done in collected(pool, 2)] == ["a", "b"]


def test_where_nothing_is_done_by_then_nothing_is_found() -> None:
    pool, let_go = Pool(2), threading.Event()
    assert pool.wait(0.0) == []
    pool.submit("hangs", lambda: let_go.wait(30))
    assert pool.wait(0.001) == []
    pool.submit("works", lambda: 1)
    assert [done.key for done in pool.wait(None)] == ["works"]
    let_go.set()
    assert [done.key for done in pool.wait(None)] == ["hangs"]


def test_a_job_that_hangs_keeps_no_process_alive() -> None:
    pool, let_go = Pool(1), threading.Event()
    pool.submit("hangs", lambda: let_go.wait(30))
    mine = [thread for thread in threading.enumerate() if thread.name.startswith("cloudwait-")]
    assert mine
    assert all(thread.daemon for thread in mine)
    let_go.set()
