# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Thousands of waits in one task, with all kinds of faults in a tenth of its requests, repeatedly: ``make soak``.

It prints what came of it and writes that to docs/reliability.md, and ends with an error where a wait ended otherwise
than it must, or something was left over. ``python -m tests.reliability.soak 200 3`` runs 200 waits three times, and
writes nothing.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.bench.tables import table, verdict
from tests.reliability.fleet import EVERY, KINDS, READ_TIMEOUT, Clients, Fleet
from tests.reliability.page import tried_on, write_soak
from tests.support.faults import TRANSIENT, FaultProxy, at_random
from tests.support.scripted import ScriptedEndpoint

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.pool import Pool
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import CONCURRENCY

WAITS, ROUNDS, WARM_UP = 2000, 5, 2
CHANCE, DELAY = 0.1, 1.0
HEAD = ("round", "waits", "requests", "faults", "wrong", "took", "memory", "threads")
M_ARENA_MAX = -8
MOST_GROWTH = 0.05
"""Of the memory after the warm-up, for each round after it."""


class RealClock:
    """The clock that everybody has."""

    @property
    def now(self) -> float:
        return time.monotonic()

    def __call__(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Round(NamedTuple):
    """What came of one round. ``wrong``: endings that are, in words; ``memory``: megabytes afterwards."""

    requests: int
    injected: Counter[str]
    seconds: float
    wrong: list[str]
    memory: float
    threads: int


def main() -> None:
    # each thread would have heaps of its own, and many freed pieces in these would look like a leak
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
    count, rounds = [*map(int, sys.argv[1:]), *(WAITS, ROUNDS)[len(sys.argv) - 1 :]]
    fleet, pool, files, threads = Fleet(count), Pool(), _files(), threading.active_count()
    held: list[Round] = []
    with (
        ScriptedEndpoint(fleet.scenarios(), keep=0) as aws,
        FaultProxy(aws.url, late=2 * READ_TIMEOUT) as proxy,
        Clients(proxy.url) as clients,
    ):
        for number in range(rounds):
            proxy.use(at_random(TRANSIENT, CHANCE, number))
            held.append(_round(fleet, proxy, clients, pool))
            sys.stderr.write(f"{' | '.join(_row(number + 1, count, held[-1]))}\n")
    files_left, threads_left = _files() - files, threading.active_count() - threads - CONCURRENCY
    wrong = [text for end in held for text in end.wrong]
    wrong += [f"the endpoint says: {problem}" for problem in aws.problems]
    wrong += (
        [f"{files_left} files and {threads_left} threads are left over"] if max(files_left, threads_left) > 0 else []
    )
    growth = (held[-1].memory / held[min(WARM_UP, rounds) - 1].memory - 1) / max(1, rounds - WARM_UP)
    met = sum((end.injected for end in held), Counter[str]())
    text = f"""{tried_on()}
`make soak` repeats the test and writes this section.

A `wait_many` task waits for {count:,} resources of {len(KINDS)} services, {rounds} times, in real time. A proxy in
front of AWS injects a random transient fault into each request with a probability of {CHANCE:.0%}. One in {EVERY}
resources fails, so that the correct outcome isn't always the same.

{table(HEAD, [_row(number, count, end) for number, end in enumerate(held, 1)])}

{table(("fault", "times"), [(name, str(times)) for name, times in sorted(met.items())])}

* Every outcome is correct, and no threads or files are left over: {verdict(not wrong)}.
* Memory doesn't grow: {verdict(growth <= MOST_GROWTH)}, {growth:+.1%} per round after the first {WARM_UP}.
"""
    sys.stdout.write(text)
    if not sys.argv[1:]:
        write_soak(text)
    if wrong or growth > MOST_GROWTH:
        raise SystemExit("\n".join(wrong[:20]) or "memory grows")


def _round(fleet: Fleet, proxy: FaultProxy, clients: Clients, pool: Pool) -> Round:
    fleet.restart()
    began = time.monotonic()
    returned, outcomes = fleet.wait(clients, RealClock(), pool, DELAY)
    seconds = time.monotonic() - began
    found = zip(outcomes, fleet.expected, returned["results"], strict=True)
    wrong = [f"not {expected}: {said['msg']}" for outcome, expected, said in found if outcome.ending.value != expected]
    if returned["calls"] < proxy.requests:  # requests to the closed port aren't counted by the proxy
        wrong.append(f"{returned['calls']} requests are told of, and {proxy.requests} came")
    del returned, outcomes, found
    return Round(proxy.requests, proxy.injected, seconds, wrong, _memory(), threading.active_count())


def _row(number: int, count: int, end: Round) -> tuple[str, ...]:
    faults = sum(end.injected.values())
    row = (number, f"{count:,}", f"{end.requests:,}", f"{faults:,}", len(end.wrong), f"{end.seconds:.0f} s")
    return (*map(str, row), f"{end.memory:.0f} MB", str(end.threads))


def _files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _memory() -> float:
    """Megabytes in use after garbage collection."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
