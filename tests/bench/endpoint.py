# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS with a fleet of resources that become ready at random, on 127.0.0.1, in its own process.

``PUT /fleet`` with a ``Setting`` as JSON puts another fleet in place, ``GET /fleet`` tells what has happened to it. Its
time begins with the first request of a client, so that nobody's start counts.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from subprocess import PIPE, Popen
from typing import Any

from tests.bench.bucket import Bucket
from tests.bench.resources import FLEETS, Refused
from tests.support import wire
from tests.support.playbook import REPO
from tests.support.scripted import Connection, Reply, http

BURST, RATE = 100, 20
"""Requests to each operation: the burst, and the rate per second."""
ADMIN = "/fleet"
TYPES = {"json": "application/x-amz-json-1.1"}


@dataclass(frozen=True)
class Setting:
    """A fleet whose resources become ready at random within these seconds, and whether requests are limited."""

    service: str = "ec2"
    count: int = 1
    seconds: float = 1.0
    limited: bool = False


@dataclass(frozen=True)
class Report:
    """The numbers of requests and of throttled ones, and when the last resource was ready.

    The time is that of the monotonic clock, which all processes of a machine have in common.
    """

    requests: int
    throttled: int
    ready_at: float


class Endpoint:
    """Responds as AWS does."""

    def __init__(self) -> None:
        self.open: set[asyncio.Transport] = set()
        self._use(Setting())

    def _use(self, setting: Setting) -> None:
        self._fleet = FLEETS[setting.service](setting.count)
        chance = random.Random(1)  # the same for each rival
        self._ready = [chance.uniform(0, setting.seconds) for _name in self._fleet.names]
        self._buckets: dict[str, Bucket] | None = defaultdict(lambda: Bucket(BURST, RATE)) if setting.limited else None
        self._began: float | None = None
        self._requests = self._throttled = 0

    def reply(self, message: wire.Message) -> Reply:
        if message.target == ADMIN:
            return self._admin(message)
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        self._requests += 1
        fleet, since = self._fleet, now - self._began
        target = message.headers.get("x-amz-target", "").encode() or message.body
        try:
            if self._buckets is not None and not self._buckets[fleet.operation].take(now):
                self._throttled += 1
                return self._refuse(*fleet.throttle, "Request limit exceeded.")
            if fleet.operation.encode() not in target:
                return self._refuse(400, "InvalidAction", f"only {fleet.operation} is known here")
            body = fleet.answer(message.body, lambda place: self._ready[place] <= since).encode()
        except Refused as refused:
            return self._refuse(400, refused.code, str(refused))
        return Reply(http(200, {"Content-Type": TYPES.get(fleet.protocol, "text/xml")}, body, head=False))

    def _refuse(self, status: int, code: str, message: str) -> Reply:
        headers, body = wire.failure(self._fleet.protocol, self._fleet.service, code, message)
        return Reply(http(status, headers, body, head=False))

    def _admin(self, message: wire.Message) -> Reply:
        if message.method == "PUT":
            self._use(Setting(**json.loads(message.body)))
        ready_at = (self._began or 0.0) + max(self._ready)
        report = Report(self._requests, self._throttled, ready_at)
        return Reply(http(200, {}, json.dumps(asdict(report)).encode(), head=False))


@dataclass(frozen=True)
class Aws:
    """The endpoint, seen from the process that started it."""

    url: str

    def put(self, setting: Setting) -> None:
        self._admin("PUT", json.dumps(asdict(setting)).encode())

    def report(self) -> Report:
        return Report(**self._admin("GET"))

    def _admin(self, method: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(self.url + ADMIN, body, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


@contextmanager
def endpoint() -> Iterator[Aws]:
    """The endpoint, in its own process."""
    with Popen([sys.executable, "-m", "tests.bench.endpoint"], stdout=PIPE, text=True, cwd=REPO) as server:
        try:
            assert server.stdout
            yield Aws(server.stdout.readline().strip())
        finally:
            server.terminate()


async def serve() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]  # a connection is a file
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    world = Endpoint()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(world), "127.0.0.1", 0, backlog=4096)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
