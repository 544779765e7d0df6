# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tests which faults waits survive, ours and others, and writes docs/reliability.md: ``make reliability``.

``python -m tests.reliability throttle "HTML page, 403"`` tries these faults alone, and writes nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product, repeat
from statistics import mean

from tests.bench.tables import table, verdict
from tests.reliability.page import tried_on, write
from tests.reliability.rivals import (
    ATTEMPTS,
    DELAY,
    OURS,
    RIVALS,
    End,
    aws_version,
    command_line,
)
from tests.reliability.waits import CASES, READ_TIMEOUT, REQUEST, Case, World, after_the_first
from tests.support.faults import FAULTS, LATE, Fault, Kind, Plan, at_random

SEEDS, SLOW = 3, (LATE.name, "50 MB")
"""Runs of each waiter; one where a fault takes its time on the real clock too."""
READY = 30.0
OUTAGE = 60.0
"""Seconds: when the state is reached, and how long all requests meet a fault."""
RATES: Mapping[str, float | None] = {"5 %": 0.05, "30 %": 0.3, "100 %": None}
AWS, AWS_RUNS, AWS_POLLS, AWS_OUTAGE, AWS_AT_ONCE = "aws … wait", 4, 6, 40, 6
TRIED = [
    case
    for case in CASES
    if case.waiter
    in (
        "instance_running",
        "db_instance_deleted",
        "table_exists",
        "cluster_deleted",
        "object_exists",
        "object_not_exists",
    )
]


@dataclass(frozen=True)
class Run:
    """One wait. ``lost``: seconds after the end of the same wait without faults; ``requests``: from the fault on."""

    said: str
    lost: float
    requests: int
    why: str


@dataclass(frozen=True)
class Cell:
    """The results of all runs of a rival with a fault."""

    runs: Sequence[Run]

    @property
    def survived(self) -> int:
        return sum(run.said == "success" for run in self.runs)

    @property
    def wrong(self) -> int:
        return sum(run.said == "wrong" for run in self.runs)

    @property
    def text(self) -> str:
        lost = mean([run.lost for run in self.runs if run.said == "success"] or [0.0])
        time = f", {lost:.0f} s" if self.survived and lost >= 0.5 else ""
        wrong = f", **{self.wrong} wrong**" if self.wrong else ""
        return f"{self.survived}/{len(self.runs)}{wrong}{time}"


Found = Mapping[tuple[str, str, str], Cell]
"""By rate, fault and rival."""


def outage(fault: Fault, world: World, begins: float) -> Iterator[Fault | None]:
    """All requests meet the fault for a while, by the clock."""
    start = world.clock()
    while True:
        yield fault if begins <= world.clock() - start < begins + OUTAGE else None


def run(rival: str, case: Case, fault: Fault, world: World, make: Callable[[], Plan]) -> Run:
    """One wait with faults, compared with the truth: a success before the state is reached is wrong."""
    script = [{"at": 0, **case.before}, {"at": READY, **case.after}]
    connect = world.begin(case, make(), late=fault is LATE, by_time=script)
    end, began = RIVALS[rival](case, connect, world), 1000.0
    took, requests = world.clock() - began, world.proxy.requests - 1
    said = "wrong" if end.said == "failure" or (end.said == "success" and took < READY) else end.said
    return Run(said, took - without_faults(rival, case, world), requests, end.why)


_WITHOUT: dict[tuple[str, str], float] = {}


def without_faults(rival: str, case: Case, world: World) -> float:
    """The duration of the wait without faults."""
    key = (rival, str(case))
    if key not in _WITHOUT:
        script = [{"at": 0, **case.before}, {"at": READY, **case.after}]
        connect = world.begin(case, (), by_time=script)
        end = RIVALS[rival](case, connect, world)
        if end.said != "success":
            raise SystemExit(f"{rival} ends {case} without any fault so: {end}")
        _WITHOUT[key] = world.clock() - 1000.0
    return _WITHOUT[key]


def tried(name: str) -> dict[tuple[str, str, str], Cell]:
    """A fault that passes, against each rival at each rate."""
    fault, found = FAULTS[name], {}
    cases = [case for case in TRIED if not (fault.in_body and case.service == "s3")]
    with World() as world:
        for rate, chance in RATES.items():
            for rival in RIVALS:
                runs = []
                each = product(cases, range(1 if name in SLOW else SEEDS))
                for number, (case, seed) in enumerate(each):

                    def plan(chance: float | None = chance, number: int = number, seed: int = seed) -> Plan:
                        if chance is None:
                            return outage(fault, world, 3.0 + seed * 5)
                        return after_the_first(at_random([fault], chance, number))

                    runs.append(run(rival, case, fault, world, plan))
                found[rate, name, rival] = Cell(runs)
    return found


def meant(name: str) -> dict[str, Cell]:
    """A fault that doesn't pass, against each rival: all requests but the first meet it."""
    fault = FAULTS[name]
    cases = [case for case in TRIED if not (fault.in_body and case.service == "s3")]
    with World() as world:
        return {
            rival: Cell([run(rival, case, fault, world, lambda: after_the_first(repeat(fault))) for case in cases])
            for rival in RIVALS
        }


def once(name: str) -> dict[str, Cell]:
    """A session that runs out in the middle of each wait, once: its rivals' clients have what a new one would have."""
    fault = FAULTS[name]
    cases = [case for case in TRIED if not (fault.in_body and case.service == "s3")]
    with World() as world:
        return {
            rival: Cell([run(rival, case, fault, world, lambda: [None, None, fault]) for case in cases])
            for rival in RIVALS
        }


def on_the_command_line(name: str) -> dict[tuple[str, str, str], Cell]:
    """The same for the command line, in real time: its outage is so many requests long, more than it ever sends."""
    fault, found = FAULTS[name], {}
    for rate, chance in RATES.items():
        runs = []
        for seed in range(AWS_RUNS if chance is not None else 1):
            plan: Plan = [None, *[fault] * AWS_OUTAGE]
            if chance is not None:
                plan = after_the_first(at_random([fault], chance, seed))
            end, asked = command_line(CASES[0], plan, AWS_POLLS)
            runs.append(Run(_held_against(end, asked), 0.0, 0, end.why))
        found[rate, name, AWS] = Cell(runs)
    return found


def _held_against(end: End, asked: int) -> str:
    return "wrong" if end.said == "failure" or (end.said == "success" and asked < AWS_POLLS) else end.said


def main() -> None:
    chosen = sys.argv[1:]
    passing = [
        fault.name for fault in FAULTS.values() if fault.kind is Kind.TRANSIENT and fault.name in (chosen or FAULTS)
    ]
    lasting = [fault.name for fault in FAULTS.values() if fault.kind in (Kind.PERMANENT, Kind.EXPIRED, Kind.FOREIGN)]
    lasting = [name for name in lasting if name in (chosen or FAULTS)]
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        found = {key: cell for cells in processes.map(tried, passing) for key, cell in cells.items()}
        permanent = dict(zip(lasting, processes.map(meant, lasting), strict=True))
        expiring = [name for name in lasting if FAULTS[name].kind is Kind.EXPIRED]
        expired = dict(zip(expiring, processes.map(once, expiring), strict=True))
    with ThreadPoolExecutor(AWS_AT_ONCE) as threads:  # most of the time it sleeps
        for cells in threads.map(on_the_command_line, passing):
            found.update(cells)
    text = page(found, permanent, expired)
    sys.stdout.write(text)
    if not chosen:
        write(text)


def page(found: Found, permanent: Mapping[str, Mapping[str, Cell]], expired: Mapping[str, Mapping[str, Cell]]) -> str:
    rates = [_section(rate, found) for rate in RATES]
    sections = [header(), *rates, _expired(expired), _lasting(permanent), _goals(found, permanent)]
    return "\n\n".join(sections) + "\n"


def header() -> str:
    waiters = [f"`{case}`" for case in TRIED]
    return f"""# Reliability

{tried_on()}
`make reliability` repeats the tests and writes this page. `tests/support/faults.py` defines each fault.

Each row is a fault that a proxy injects into the HTTP traffic between the client and a scripted endpoint on 127.0.0.1.
Each cell shows how many waits survived the fault, how many ended wrongly (success before the state was reached, or a
failure that AWS didn't report), and how much later the survivors ended than without faults. The other waits were killed
by an exception or a timeout.

* The waiters are {", ".join(waiters[:3])},
  {" and ".join(", ".join(waiters[3:]).rsplit(", ", 1))}, {SEEDS} runs each, or
  one if a fault takes long. The S3 waiters run only if the fault can affect a response without a body. The state is
  reached after {READY:.0f} s; all wait with a delay of {DELAY} s for at most {ATTEMPTS} attempts.
* The first request succeeds. After that, each request meets the fault with a probability of 5 % or 30 %; at 100 % all
  requests do for {OUTAGE:.0f} s.
* The clock is simulated in the same way for all programs: it advances by the delays between attempts, by botocore's
  delays between its retries, by {REQUEST} s for each request and by {READ_TIMEOUT:.0f} s for each read timeout. Nothing
  else is changed in any program.
* botocore's waiters use the default number of retries of each retry mode.
* `{AWS}` is {aws_version()}, with `ec2 wait instance-running` alone, in real time, because its clock can't be
  simulated, and without delays between its attempts. It runs {AWS_RUNS} times at 5 % and at 30 %, and once with the
  fault in all requests after the first, more of them than it ever sends. Its lost time isn't counted."""


def _section(rate: str, found: Found) -> str:
    *others, ours = RIVALS
    rivals = [*others, AWS, ours]
    names = dict.fromkeys(name for _rate, name, _rival in found)
    rows = [(name, *(found[rate, name, rival].text for rival in rivals)) for name in names]
    title = f"{rate} of the requests" if RATES[rate] is not None else f"All requests for {OUTAGE:.0f} s"
    return f"## {title}\n\n{table(('fault', *(_head(rival) for rival in rivals)), rows)}"


def _head(rival: str) -> str:
    return f"`{rival}`" if rival in (AWS, OURS) else rival


def _expired(expired: Mapping[str, Mapping[str, Cell]]) -> str:
    rows = [(name, *(cell.text for cell in cells.values())) for name, cells in expired.items()]
    return f"""## A session that expires once

The session expires in the middle of each wait. Creating a new client gets a new session.

{table(("fault", *(_head(rival) for rival in RIVALS)), rows)}"""


def _lasting(permanent: Mapping[str, Mapping[str, Cell]]) -> str:
    rows = [
        (name, FAULTS[name].kind.value, *(_requests(name, cell) for cell in cells.values()))
        for name, cells in permanent.items()
    ]
    head = ("error in all requests after the first", "kind", *(_head(rival) for rival in RIVALS))
    return f"""## Lasting errors

The table shows the maximum number of requests that met the error before the wait ended, and how many waits ended
wrongly. A permanent error should end a wait with the first request, an expired session with the second, which a new
client sends. A response that isn't from AWS (foreign: a proxy's page, a redirect) is retried like a transient error,
for as long as these may last, because AWS has responded before. If AWS has never responded, the third request ends
the wait.

{table(head, rows)}"""


def _requests(name: str, cell: Cell) -> str:
    wrong = f", **{cell.wrong} of {len(cell.runs)} wrong**" if cell.wrong else ""
    return f"{max(run.requests for run in cell.runs)}{wrong}"


def _goals(found: Found, permanent: Mapping[str, Mapping[str, Cell]]) -> str:
    def killed(rate: str) -> list[str]:
        rows = {name: found[rate, name, OURS] for _rate, name, _rival in found}
        return [name for name, cell in rows.items() if cell.survived < len(cell.runs)]

    ours = [cell for (_rate, _name, rival), cell in found.items() if rival == OURS]
    wrong = sum(cell.wrong for cell in [*ours, *(cells[OURS] for cells in permanent.values())])
    slow = [
        name
        for name, cells in permanent.items()
        for most in [{Kind.PERMANENT: 1, Kind.EXPIRED: 2}.get(FAULTS[name].kind)]
        if most is not None and max(run.requests for run in cells[OURS].runs) > most
    ]
    goals = [
        ("every transient fault at 30 % is survived", killed("30 %")),
        (f"every outage of {OUTAGE:.0f} s after the first answer is survived", killed("100 %")),
        ("no wrong ending", [f"{wrong} endings"] if wrong else []),
        ("a permanent error ends a wait with one request, an expired session with two", slow),
    ]
    rows = [(goal, verdict(not missed), ", ".join(missed)) for goal, missed in goals]
    return f"## Goals\n\nFor `{OURS}`:\n\n{table(('goal', '', 'missed by'), rows)}"


if __name__ == "__main__":
    main()
