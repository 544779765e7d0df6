# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A proxy on 127.0.0.1 that injects the faults of networks, gateways and AWS itself into responses.

    with ScriptedEndpoint(…) as aws, FaultProxy(aws.url, [None, FAULTS["throttle"], FAULTS["reset"]]) as proxy:
        ...  # a client with endpoint_url=proxy.url: its first request gets a response, the next two meet a fault
        assert proxy.injected == {"throttle": 1, "reset": 1}

The plan says what each request meets, a fault or None, in the order of their arrival; where it ends, all are answered.
`at_random` is such a plan, and any generator may be one. As a command, in front of anything that speaks HTTP:
`python tests/support/faults.py http://127.0.0.1:5000 --chance 0.1` prints its URL and serves until it is ended.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import random
import socket
import struct
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

if not __package__:  # run as a command
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support import wire
from tests.support.scripted import Reply, http

PAGE = b"<html>\n<head><title>%d</title></head>\n<body><center><h1>%d</h1></center><hr><p>gateway<br></body>\n</html>\n"
LARGE = 50 * 1024 * 1024
DOWN = 0.01
"""Seconds for which the port is closed to refuse a request that wasn't announced."""
HEAD_END = b"\r\n\r\n"


class Kind(Enum):
    """What a fault means for a wait."""

    TRANSIENT = "transient"
    """It is temporary."""
    EXPIRED = "expired"
    """New credentials are needed."""
    PERMANENT = "permanent"
    """A real error of AWS."""
    FOREIGN = "foreign"
    """An error that doesn't come from AWS: a wrong endpoint, or a proxy in between."""


@dataclass(frozen=True)
class Hit:
    """A request that meets a fault. ``truth``: the upstream's response, if the fault forwards the request."""

    message: wire.Message
    truth: bytes = b""

    @property
    def is_head(self) -> bool:
        return self.message.method == "HEAD"

    @property
    def service(self) -> str:
        return self.message.credential[1]

    @property
    def protocol(self) -> str:
        return wire.protocol_of(self.message, self.service)

    @property
    def body(self) -> tuple[bytes, bytes]:
        """The head of the upstream's response, including the empty line at its end, and the body."""
        head, end, body = self.truth.partition(HEAD_END)
        return head + end, body


@dataclass(frozen=True)
class Fault:
    """``forwards``: AWS still gets the request. ``in_body``: it can't occur in a response to HEAD, which has no body.

    ``counted``: as what a wait counts it in ``transient``, None where that depends on the protocol.
    """

    name: str
    kind: Kind
    reply: Callable[[Hit], Reply]
    counted: str | None = None
    forwards: bool = False
    in_body: bool = False

    def befalls(self, message: wire.Message) -> bool:
        return not (self.in_body and message.method == "HEAD")


THROTTLES: Mapping[str, tuple[str, int]] = {
    "ec2": ("RequestLimitExceeded", 503),
    "query": ("Throttling", 400),
    "json": ("ThrottlingException", 400),
    "rest-json": ("TooManyRequestsException", 429),
    "rest-xml": ("Throttling", 400),
    wire.CBOR: ("ThrottlingException", 400),
}
SKEWED = "Signature expired: 20261121T101500Z is now earlier than 20261121T110000Z (20261121T111500Z - 15 min.)"


def _refuse(code: str, status: int, text: str = "") -> Callable[[Hit], Reply]:
    """An AWS error in the format of the protocol. HEAD gets only the status."""

    def reply(hit: Hit) -> Reply:
        headers, body = wire.failure(hit.protocol, hit.service, code, text)
        return Reply(http(status, headers, body, hit.is_head))

    return reply


def _throttle(hit: Hit) -> Reply:
    code, status = ("SlowDown", 503) if hit.service == "s3" else THROTTLES[hit.protocol]
    return _refuse(code, status, "Rate exceeded")(hit)


def _say(status: int, kind: str = "", body: bytes = b"", **headers: str) -> Callable[[Hit], Reply]:
    """A response that doesn't come from AWS."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    typed = {"Content-Type": kind} if kind else {}
    return lambda hit: Reply(http(status, {**typed, **named}, body, hit.is_head))


def _page(status: int) -> Callable[[Hit], Reply]:
    return _say(status, "text/html", PAGE % (status, status))


def _resets(share: float) -> Callable[[Hit], Reply]:
    """Part of the body, then a reset. A response to HEAD is cut off in its head."""

    def reply(hit: Hit) -> Reply:
        head, body = hit.body
        kept = head + body[: int(len(body) * share)] if body else head[: int(len(head) * share)]
        return Reply(kept if share else b"", reset=True)

    return reply


def _cut_off(hit: Hit) -> Reply:
    """Half of the body, then the connection is closed, although the head announces the full length."""
    head, body = hit.body
    return Reply(head + body[: len(body) // 2], close=True)


def _cut_short(hit: Hit) -> Reply:
    """Half of the body, with a matching Content-Length."""
    head, body = hit.body
    status, *lines = head.decode("latin-1").split("\r\n")
    kept = dict(line.split(": ", 1) for line in lines if line and not line.lower().startswith("content-length"))
    return Reply(http(int(status.split(" ")[1]), kept, body[: len(body) // 2], head=False))


@cache
def _large() -> bytes:
    return http(200, {"Content-Type": "application/octet-stream"}, b"x" * LARGE, head=False)


def _table(*faults: Fault) -> dict[str, Fault]:
    return {fault.name: fault for fault in faults}


_T, _E, _P, _F = Kind.TRANSIENT, Kind.EXPIRED, Kind.PERMANENT, Kind.FOREIGN
REFUSED = Fault("connection refused", _T, _resets(0), "connection")
LATE = Fault("answer after the read time-out", _T, lambda hit: Reply(hit.truth, close=True), "connection", True)
FAULTS = _table(
    Fault("throttle", _T, _throttle),
    Fault("429", _T, _say(429)),
    Fault("500", _T, _say(500), "server"),
    Fault("502", _T, _say(502), "server"),
    Fault("503", _T, _say(503), "server"),
    Fault("504", _T, _say(504), "server"),
    Fault("internal failure", _T, _refuse("InternalFailure", 500, "An internal error has occurred."), "server"),
    Fault(
        "internal failure with status 400",
        _T,
        _refuse("InternalFailure", 400, "An internal error has occurred."),
        "server",
        in_body=True,
    ),
    REFUSED,
    Fault("closed without an answer", _T, lambda _hit: Reply(close=True), "connection"),
    Fault("reset", _T, _resets(0), "connection"),
    Fault("reset in the body", _T, _resets(0.5), "connection", forwards=True),
    Fault("body cut off", _T, _cut_off, forwards=True, in_body=True),
    Fault("body cut short", _T, _cut_short, "server", forwards=True, in_body=True),
    Fault("garbage", _T, _say(200, "text/plain", b"\x00\xff no answer at all \xfe" * 40), "server"),
    Fault("empty body", _T, _say(200), "server", in_body=True),
    Fault("50 MB", _T, lambda _hit: Reply(_large()), "server", in_body=True),
    Fault("HTML page, 200", _T, _page(200), "server"),
    Fault("HTML page, 502", _T, _page(502), "server"),
    Fault("HTML page, 503", _T, _page(503), "server"),
    LATE,
    Fault("ExpiredToken", _E, _refuse("ExpiredToken", 403, "The provided token has expired."), in_body=True),
    Fault(
        "ExpiredTokenException",
        _E,
        _refuse("ExpiredTokenException", 403, "The security token included in the request is expired"),
        in_body=True,
    ),
    Fault("RequestExpired", _E, _refuse("RequestExpired", 400, "Request has expired."), in_body=True),
    Fault(
        "RequestTimeTooSkewed",
        _P,
        _refuse(
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
        in_body=True,
    ),
    Fault("InvalidSignatureException", _P, _refuse("InvalidSignatureException", 403, SKEWED), in_body=True),
    Fault("SignatureDoesNotMatch", _P, _refuse("SignatureDoesNotMatch", 403, SKEWED), in_body=True),
    Fault("AccessDenied", _P, _refuse("AccessDenied", 403, "You may not."), in_body=True),
    Fault("UnauthorizedOperation", _P, _refuse("UnauthorizedOperation", 403, "You may not."), in_body=True),
    Fault("ValidationError", _P, _refuse("ValidationError", 400, "1 validation error detected"), in_body=True),
    Fault("redirect", _F, _say(302, Location="http://127.0.0.1:1/sign-in")),
    Fault("redirect by a page", _F, _say(301, "text/html", PAGE % (301, 301), Location="http://127.0.0.1:1/sign-in")),
    Fault("HTML page, 403", _F, _page(403)),
    Fault("HTML page, 404", _F, _page(404)),
    Fault("text, 404", _F, _say(404, "text/plain; charset=utf-8", b"404 page not found\n")),
)
TRANSIENT = [fault for fault in FAULTS.values() if fault.kind is Kind.TRANSIENT]

Plan = Iterable[Fault | None]


def at_random(faults: Iterable[Fault], chance: float, seed: int) -> Iterator[Fault | None]:
    """An endless plan: each request meets one of the faults with this probability."""
    dice, choice = random.Random(seed), list(faults)
    while True:
        yield dice.choice(choice) if dice.random() < chance else None


class FaultProxy:
    """The proxy; a context manager that serves from a thread of its own.

    ``injected`` counts the faults by their names, ``requests`` all that came, ``passed`` those answered truthfully.
    ``late``: seconds by which answers are late, to be longer than the clients' read time-out.
    """

    def __init__(self, upstream: str, plan: Plan = (), *, late: float = 0.5, port: int = 0) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._late = late
        self._announced: deque[Fault | None] = deque()
        self.use(plan)
        self._listener: socket.socket | None = _listen(port)
        self._port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy", daemon=True)

    def use(self, plan: Plan) -> None:
        """Continue with this plan, and reset the counters."""
        self._plan = itertools.chain(plan, itertools.repeat(None))
        self._announced.clear()
        self.injected: Counter[str] = Counter()
        self.requests = self.passed = 0

    def announce(self) -> Fault | None:
        """Draw the fault of the next request now, for clients that send one at a time. To refuse it, close the port.

        Without it the proxy sees a connection only after it was accepted, and has to reset it.
        """
        fault = next(self._plan)
        asyncio.run_coroutine_threadsafe(self._prepare(fault), self._loop).result()
        return fault

    def __enter__(self) -> FaultProxy:
        self._loop.run_until_complete(self._start())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        listener, self._listener = self._listener or _listen(self._port), None
        self._server = await asyncio.start_server(self._serve, sock=listener)

    async def _end(self) -> None:
        self._server.close()
        open_now = dict(self._open)
        for task, writer in open_now.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)

    async def _prepare(self, fault: Fault | None) -> None:
        if fault is REFUSED:
            self.requests += 1
            self.injected[fault.name] += 1
            self._server.close()
            for writer in self._open.values():
                writer.transport.abort()
            return
        self._announced.append(fault)
        if not self._server.is_serving():
            await self._start()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            while (message := await _read(reader)) is not None:
                reply = await self._reply(message)
                writer.write(reply.payload)
                await writer.drain()
                if reply.reset:
                    # Closing with nothing to linger for makes the kernel send a RST.
                    no_linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
                    writer.transport.abort()
                if reply.reset or reply.close:
                    return
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client or the upstream is gone, or the proxy is ending
        finally:
            del self._open[task]
            writer.close()

    async def _reply(self, message: wire.Message) -> Reply:
        fault = self._announced.popleft() if self._announced else next(self._plan)
        self.requests += 1
        if fault is None or not fault.befalls(message):
            self.passed += 1
            return Reply(await self._forward(message))
        self.injected[fault.name] += 1
        truth = await self._forward(message) if fault.forwards else b""
        if fault is LATE:
            await asyncio.sleep(self._late)
        if fault is REFUSED:
            self._server.close()
            self._loop.call_later(DOWN, self._come_back)
        return fault.reply(Hit(message, truth))

    def _come_back(self) -> None:
        if not self._server.is_serving():
            self._back = self._loop.create_task(self._start())

    async def _forward(self, message: wire.Message) -> bytes:
        """The upstream's response, unchanged."""
        reader, writer = await asyncio.open_connection(*self._upstream)
        try:
            # HTTP/1.0 has no chunked responses
            lines = [f"{message.method} {message.target} HTTP/1.0"]
            lines += [f"{name}: {value}" for name, value in message.headers.items() if name != "connection"]
            writer.write("\r\n".join(lines).encode("latin-1") + HEAD_END + message.body)
            head = await reader.readuntil(HEAD_END)
            status, headers = int(head.split(b" ", 2)[1]), _headers(head)
            if message.method == "HEAD" or status in (204, 304):
                return head
            length = headers.get("content-length")
            body = await (reader.read() if length is None else reader.readexactly(int(length)))
            return http(status, headers, body, head=False)
        finally:
            writer.close()


def _listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=1024)


async def _read(reader: asyncio.StreamReader) -> wire.Message | None:
    """The next request of a connection, None at its end."""
    try:
        head = await reader.readuntil(HEAD_END)
    except asyncio.IncompleteReadError:
        return None
    method, target, _version = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    headers = _headers(head)
    return wire.Message(method, target, headers, await reader.readexactly(int(headers.get("content-length", 0))))


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, colon, value in (line.partition(":") for line in lines) if colon}


def main() -> None:
    parser = argparse.ArgumentParser(description="put faults between a client and a server, until ended")
    parser.add_argument("upstream", help="the server's URL")
    parser.add_argument("--fault", action="append", choices=FAULTS, help="by default all that are transient")
    parser.add_argument("--chance", type=float, default=0.1, help="for each request to meet one of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0, help="a free one by default")
    args = parser.parse_args()
    faults = [FAULTS[name] for name in args.fault] if args.fault else TRANSIENT
    with FaultProxy(args.upstream, at_random(faults, args.chance, args.seed), port=args.port) as proxy:
        print(proxy.url, flush=True)  # noqa: T201 - the command's output
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
