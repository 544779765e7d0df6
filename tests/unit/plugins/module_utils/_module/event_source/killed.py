# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source that is killed again and again: ``killed.py SEED KILLS FOLDER`` prints what each round has brought.

Each process of the source is a fork of this one, which has imported everything. It kills itself when it has read the
clock, written to the disk or delivered an event so many times; a write may be cut short by that. The clock stands in
memory that all share, and moves only when a scheduler has nothing to do and between two processes.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import random
import signal
import struct
import sys
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.aws_responses import instance as item
from tests.support.aws_responses import instances as items
from tests.support.fake_client import FakeClient
from tests.unit.plugins.module_utils._module.event_source.sources import CONNECTION, instance, instances
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.pool import Done
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source import main as source
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.state import State
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.waits import Waits
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import for_task
from ansible_collections.cloudwait.aws.plugins.plugin_utils._entry_files import EntryFiles

MOST_STEPS = 150
"""A process lives for so many steps at most."""


class SharedClock:
    """Seconds that survive a process."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    def __call__(self) -> float:
        life.step()
        return self.now

    @property
    def now(self) -> float:
        found: tuple[float] = struct.unpack("d", self._memory[:8])  # type: ignore[assignment]
        return found[0]

    @now.setter
    def now(self, value: float) -> None:
        self._memory[:8] = struct.pack("d", value)


class Life:
    """Counts the steps of this process, and ends it."""

    def __init__(self) -> None:
        self.left = sys.maxsize
        self._lock = threading.Lock()
        self._write, self._replace = os.write, os.replace

    def step(self) -> None:
        with self._lock:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch_disk(self) -> None:
        os.write, os.fsync, os.replace = self._write_or_die, self._sync_or_die, self._replace_or_die

    def log(self, path: Path, line: Any) -> None:
        """Append to a file at once, whatever follows."""
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._write(descriptor, json.dumps(line).encode() + b"\n")
        os.close(descriptor)

    def _write_or_die(self, descriptor: int, text: bytes) -> int:
        if self.left == 1:
            self._write(descriptor, text[: len(text) // 2])
        self.step()
        written = self._write(descriptor, text)
        self.step()
        return written

    def _sync_or_die(self, _descriptor: int) -> None:
        """What was written outlives the process without it."""
        self.step()

    def _replace_or_die(self, old: str, new: str) -> None:
        self.step()
        self._replace(old, new)
        self.step()


class Pool:
    """Does each job at once. Time passes where nothing is left to be done, and not where nothing is due."""

    def __init__(self, clock: SharedClock) -> None:
        self._clock, self._done = clock, list[Done]()
        self._woken = threading.Event()

    def submit(self, key: Any, job: Any) -> None:
        self._done.append(Done(key, job()))

    def wake(self) -> None:
        self._woken.set()

    def wait(self, seconds: float | None) -> list[Done]:
        found, self._done = self._done, []
        if found:
            return found
        if seconds is None or self._woken.is_set():
            self._woken.wait()
            self._woken.clear()
        else:
            self._clock.now += seconds
        return []

    def close(self) -> None:
        """There are no threads."""


class Round:
    """One source from its first process to its last."""

    def __init__(self, folder: Path, rnd: random.Random) -> None:
        self._folder, self._rnd = folder, rnd
        self.clock = SharedClock()
        self.clock.now = 1000.0
        self.ready = {f"i-{number}": 1000 + rnd.randrange(600) for number in range(6)}
        never = dict.fromkeys(("i-late", "i-tired"), 1e9)
        self._given = instances(*self.ready, "i-late", "i-dead", timeout=900, delay=rnd.choice([7, 10]))
        self._given["waits"].append(instance("i-tired", timeout=None, max_attempts=60))
        self._given |= {"timeout": None, "events": rnd.choice(["endings", "changes"]), "keep_alive": False}
        for wait in self._given["waits"][:-1]:
            wait["timeout"] = 900
        self._runs_from = {**self.ready, **never}

    def process(self, steps: int) -> bool:
        """Run a process that dies after so many steps; whether it came to its end before."""
        life.log(self._folder / "starts", self.clock.now)
        pid = os.fork()
        if pid == 0:
            life.left = steps
            life.watch_disk()
            try:
                asyncio.run(self._source())
            except BaseException as error:
                life.log(self._folder / "errors", repr(error))
            os._exit(0)
        _pid, status = os.waitpid(pid, 0)
        if self._rnd.random() < 0.2:
            self.clock.now += self._rnd.randrange(100)
        return os.WIFEXITED(status)

    async def _source(self) -> None:
        source.EVERY = 0.001
        source.Clients = lambda _task: self  # type: ignore[assignment, return-value]
        source.Waits = partial(Waits, pool=Pool(self.clock), clock=self.clock, now=self.clock)  # type: ignore[misc]
        args = {**CONNECTION, **self._given, "state": str(self._folder / "state")}
        await source.run(self, args, for_task, EntryFiles)

    async def put(self, event: dict[str, Any]) -> None:
        """What the rulebook is given."""
        life.step()
        life.log(self._folder / "events", {**event, "at": self.clock.now})
        life.step()

    def get(self, *_place: Any) -> Any:
        return FakeClient(MODEL, self._says)

    renew = get

    def _says(self, _operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        now = self.clock.now
        for name in params["InstanceIds"]:
            life.log(self._folder / "polls", [name, now])
        return items(*(item(name, self._state(name, now)) for name in params["InstanceIds"]))

    def _state(self, name: str, now: float) -> str:
        if name == "i-dead":
            return "pending" if now < 1300 else "terminated"
        return "running" if now >= self._runs_from[name] else "pending"


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def main(seed: str, kills: int, folder: Path) -> None:
    rnd = random.Random(seed)
    rounds: list[dict[str, Any]] = []
    killed = 0
    while killed < kills:
        own = folder / str(len(rounds))
        own.mkdir()
        made, before, done = Round(own, rnd), killed, False
        while not done:
            done = made.process(rnd.randint(1, MOST_STEPS) if killed < kills else sys.maxsize)
            killed += not done
        logs = {name: lines(own / name) for name in ("starts", "events", "polls", "errors")}
        left = State(str(own / "state")).deliveries
        rounds.append({"kills": killed - before, "ready": made.ready, "left": len(left), **logs})
    sys.stdout.write(json.dumps(rounds))


MODEL = MODELS.service_model("ec2")
life = Life()

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
