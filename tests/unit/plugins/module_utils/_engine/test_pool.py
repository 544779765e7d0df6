# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs side by side in threads: so many at once, each answered for, and nobody kept by one that hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._engine import pool as module
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.pool import Done, Pool
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.thread import start


def collected(pool: Pool, count: int) -> list[Done]:
    found: list[Done] = []
    while len(found) < count:
        found.extend(pool.wait(None))
    return found


def test_each_job_is_done_once_and_known_by_its_key() -> None:
    pool = Pool()
    for number in range(200):
        pool.submit(number, lambda number=number: number * 2)
    assert sorted((done.key, done.result) for done in collected(pool, 200)) == [(n, 2 * n) for n in range(200)]


@pytest.mark.parametrize("jobs", [1, 2, 40])
def test_all_jobs_run_at_once(jobs: int) -> None:
    pool, barrier = Pool(), threading.Barrier(jobs)
    for number in range(jobs):
        pool.submit(number, lambda: barrier.wait(30))  # all of them come this far together, or the test fails
    assert sorted(done.key for done in collected(pool, jobs)) == list(range(jobs))


def test_a_thread_does_one_job_after_another() -> None:
    pool, threads = Pool(), set[str]()
    for number in range(20):
        pool.submit(number, lambda: threads.add(threading.current_thread().name))
        collected(pool, 1)
    assert len(threads) == 1


def test_its_threads_end_when_it_is_closed_each_when_its_job_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    threads, let_go = list[threading.Thread](), threading.Event()

    def note(work: Callable[[], object], name: str) -> None:
        threads.append(start(work, name))

    monkeypatch.setattr(module, "start", note)
    pool = Pool()
    for number in range(3):
        pool.submit(number, lambda: let_go.wait(30))
    pool.close()
    let_go.set()
    for thread in threads:
        thread.join(30)
    assert [thread.is_alive() for thread in threads] == [False] * 3


def test_where_the_system_has_no_thread_left_the_others_do_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, let_go = Pool(), threading.Event()
    pool.submit("first", lambda: let_go.wait(30))

    def refuse(*_given: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(module, "start", refuse)
    pool.submit("second", lambda: 1)
    let_go.set()
    assert [done.key for done in collected(pool, 2)] == ["first", "second"]


def test_where_there_is_no_thread_at_all_the_caller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(module, "start", refuse)
    with pytest.raises(RuntimeError):
        Pool().submit("first", lambda: 1)


def test_what_a_job_raises_is_raised_to_whoever_asks_for_its_result() -> None:
    def job() -> Any:
        raise KeyboardInterrupt

    pool = Pool()
    pool.submit("a", job)
    [done] = collected(pool, 1)
    assert done.key == "a"
    with pytest.raises(KeyboardInterrupt):
        done.result  # noqa: B018


def test_a_thread_goes_on_after_a_job_that_failed() -> None:
    pool = Pool()
    pool.submit("a", lambda: 1 // 0)
    pool.submit("b", lambda: 1)
    assert [done.key for done in collected(pool, 2)] == ["a", "b"]


def test_where_nothing_is_done_by_then_nothing_is_found() -> None:
    pool, let_go = Pool(), threading.Event()
    assert pool.wait(0.0) == []
    pool.submit("hangs", lambda: let_go.wait(30))
    assert pool.wait(0.001) == []
    pool.submit("works", lambda: 1)
    assert [done.key for done in pool.wait(None)] == ["works"]
    let_go.set()
    assert [done.key for done in pool.wait(None)] == ["hangs"]


def test_a_job_that_hangs_keeps_no_process_alive() -> None:
    pool, let_go = Pool(), threading.Event()
    pool.submit("hangs", lambda: let_go.wait(30))
    mine = [thread for thread in threading.enumerate() if thread.name.startswith("cloudwait-")]
    assert mine
    assert all(thread.daemon for thread in mine)
    let_go.set()
