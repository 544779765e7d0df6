# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measures commands, and compares two or more of them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU time, of the process and its children, and seconds on the clock."""

    cpu: float
    wall: float


def cost_of(command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> Cost:
    """Run a command to its end. Its output is shown if it fails."""
    began = time.monotonic()
    with (
        (cwd / "output").open("w+") as output,
        subprocess.Popen(
            command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        ) as child,
    ):
        _pid, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{output.read()}")
    return Cost(usage.ru_utime + usage.ru_stime, wall)


def alternate(runs: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """The costs of each run, made in turn (a b a b …), so that the machine's load affects all alike."""
    for run in runs.values():  # the first of each warms the caches of files
        run()
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for _round in range(rounds):
        for name, run in runs.items():
            costs[name].append(run())
    return costs


def cpu(costs: Sequence[Cost]) -> float:
    return median(cost.cpu for cost in costs)


def wall(costs: Sequence[Cost]) -> float:
    return median(cost.wall for cost in costs)
