# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parallel waits of real processes, while a test changes the server or their resources."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.support.playbook import Ansible, Batch, Case, Result
from tests.support.scripted import ScriptedEndpoint

STEP, LONGEST = 0.05, 60  # seconds

Task = Mapping[str, Any]


@dataclass(frozen=True)
class Play:
    """A running play. The progress of its waits is read from their event logs."""

    running: Future[Batch]
    logs: Mapping[str, Path]
    waits: int

    def until_each(self, event: str, **values: Any) -> None:
        """Wait until each of the waits has written a line about such an event."""
        deadline = time.monotonic() + LONGEST
        while len(self._waits_with({"event": event, **values})) < self.waits:
            if self.running.done() or time.monotonic() > deadline:
                last = "\n".join(map(str, {line["host"]: line for line in self._lines()}.values()))
                raise AssertionError(
                    f"not each of the {self.waits} waits has {event} {values}; the last of each:\n{last}"
                )
            time.sleep(STEP)

    def results(self) -> dict[str, Result]:
        """Their results when the play is over."""
        batch = self.running.result(LONGEST)
        assert "Traceback" not in batch.output, batch.output
        return {name: done.result for name, done in batch.done.items()}

    def _waits_with(self, values: Task) -> set[str]:
        return {line["wait"] for line in self._lines() if values.items() <= line.items()}

    def _lines(self) -> Iterator[dict[str, Any]]:
        for log in self.logs.values():
            if log.exists():
                yield from map(json.loads, log.read_text().splitlines())


@contextmanager
def playing(ansible: Ansible, tasks: Mapping[str, Task], module: str = "cloudwait.aws.wait") -> Iterator[Play]:
    """Run the module once for each task, all in one play."""
    ansible = Ansible(Path(mkdtemp(dir=ansible.home)), ansible.collections)  # other plays may run meanwhile
    logs = {name: ansible.home / f"{name}.jsonl" for name in tasks}
    cases = {name: Case({**task, "event_log": str(logs[name])}, connected=False) for name, task in tasks.items()}
    waits = sum(len(task.get("waits", [task])) for task in tasks.values())
    with ScriptedEndpoint({}) as nobody, ThreadPoolExecutor(1) as pool:
        yield Play(pool.submit(ansible.batch, cases, nobody, module), logs, waits)


def played(ansible: Ansible, tasks: Mapping[str, Task], module: str = "cloudwait.aws.wait") -> dict[str, Result]:
    """The results of the tasks without changes meanwhile."""
    with playing(ansible, tasks, module) as play:
        return play.results()
