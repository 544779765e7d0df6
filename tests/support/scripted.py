# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A scripted AWS endpoint on 127.0.0.1: any operation of any service returns exactly the given sequence.

    with ScriptedEndpoint({"AKIDBOOT": {"answers": [
        {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "pending"}}]}]}, "repeat": 2},
        {"error": "RequestLimitExceeded", "status": 503},
        {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]}},
    ]}}) as aws:
        ...  # a client with endpoint_url=aws.url and the access key AKIDBOOT
        assert [request.operation for request in aws.requests] == ["DescribeInstances"] * 4

The scenario is chosen by the access key id of the request's signature ("anonymous" for an unsigned request). It holds

* `answers`: one list for all operations, or a list per operation's name. Each poll takes the next answer and the last
  one repeats for ever. Or `by_time` in its place: the answer whose `at`, in seconds since the scenario's first
  request, has passed last.
* `service`: botocore's name of the service; only needed where services that sign alike have the operation in common
  (rds, docdb and neptune), for unsigned requests, and to save the 0.2 s of looking it up.

An answer is a mapping with the keys of `Answer`, or, in-process, a function from the `Request` to one (it runs in the
server's thread). As a command: `python tests/support/scripted.py scenarios.json --port 0` prints its URL and serves
until it is ended.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import socket
import struct
import sys
import threading
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from http import HTTPStatus
from itertools import accumulate
from pathlib import Path
from typing import Any, cast

if not __package__:  # run as a command
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support import wire


class ScriptError(Exception):
    """A request that its scenario doesn't provide for; the client gets it as a 400, which isn't retried."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, eq=False)
class Answer:
    """The response to one poll: exactly one of data, error, raw, hang and reset."""

    data: Mapping[str, Any] | None = None  # the operation's output, as boto3 will return it
    error: str | None = None  # an error code
    message: str = ""
    status: int | None = None  # by default the model's own, and 400 for an error
    raw: str | bytes | None = None  # this body whatever the protocol; with a Content-Length that lies, cut off
    base64: bool = False  # raw is base64
    hang: float | None = None  # seconds without a response, then the connection is closed; 0 closes it immediately
    reset: bool = False  # the connection is reset
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds before any of these
    repeat: int = 1  # how many polls get it
    at: float = 0.0  # with by_time

    @classmethod
    def parse(cls, value: Mapping[str, Any] | Answer) -> Answer:
        if isinstance(value, Answer):
            return value
        if unknown := sorted(set(value) - {known.name for known in fields(cls)}):
            raise ValueError(f"an answer has no {', '.join(unknown)}: {value!r}")
        answer = cls(**value)
        kinds = [answer.data is not None, answer.error is not None, answer.raw is not None, answer.hang is not None]
        if sum([*kinds, answer.reset]) != 1:
            raise ValueError(f"an answer has exactly one of data, error, raw, hang and reset: {value!r}")
        if answer.repeat < 1:
            raise ValueError(f"an answer is repeated at least once: {value!r}")
        return answer


@dataclass(frozen=True)
class Request:
    """A request as recorded; `at` is the endpoint's clock, by default time.monotonic()."""

    at: float
    scenario: str
    call: wire.Call
    message: wire.Message = field(repr=False)

    @property
    def service(self) -> str:
        return self.call.service

    @property
    def operation(self) -> str:
        return str(self.call.operation.name)

    @cached_property
    def params(self) -> dict[str, Any]:
        return self.call.params(self.message)


Step = Answer | Callable[[Request], Mapping[str, Any] | Answer]


class Script:
    """A list of responses and the current position in it."""

    def __init__(self, answers: Sequence[Any], by_time: bool) -> None:
        if not answers:
            raise ValueError("a list of answers needs at least one")
        self._steps: list[Step] = [step if callable(step) else Answer.parse(step) for step in answers]
        # The list advances by polls, or by seconds since the first one. A step lasts until the next one starts.
        if by_time and not all(isinstance(step, Answer) for step in self._steps):
            raise ValueError("a function can't be an answer by_time: it has no `at`")
        spans = [step.repeat if isinstance(step, Answer) else 1 for step in self._steps]
        times = [step.at if isinstance(step, Answer) else 0 for step in self._steps]
        self._starts = times if by_time else list(accumulate(spans[:-1], initial=0))
        if list(self._starts) != sorted(self._starts):
            raise ValueError(f"answers by_time stand in the order of their times, not {times}")
        self._by_time = by_time
        self._polls = 0

    def next(self, elapsed: float) -> Step:
        reached = elapsed if self._by_time else self._polls
        self._polls += 1
        return self._steps[max(0, bisect_right(self._starts, reached) - 1)]


@dataclass(frozen=True)
class Reply:
    """Bytes for the connection, and whether it stays open."""

    payload: bytes = b""
    delay: float = 0.0
    close: bool = False
    reset: bool = False


class Scenario:
    """The scripts of one access key."""

    def __init__(self, name: str, value: Mapping[str, Any]) -> None:
        if set(value) - {"service"} not in ({"answers"}, {"by_time"}):
            raise ValueError(
                f"scenario {name} has one of answers and by_time, and maybe a service, not {sorted(value)}"
            )
        self.name = name
        self.services = (value["service"],) if "service" in value else ()
        by_time = "by_time" in value
        scripts = value["by_time" if by_time else "answers"]
        by_operation = scripts if isinstance(scripts, Mapping) else {"*": scripts}
        self.scripts = {operation: Script(answers, by_time) for operation, answers in by_operation.items()}
        self.started: float | None = None
        self._replies: dict[tuple[Answer, str, str, str], Reply] = {}

    def call(self, message: wire.Message, signing_name: str) -> wire.Call:
        names = self.services or wire.services_signing_as(signing_name)
        calls = [call for name in names if (call := wire.service(name).call(message))]
        if len(calls) == 1:
            return calls[0]
        what = f"{message.method} {message.target}, signed as {signing_name or 'anonymous'}"
        if not calls:
            raise ScriptError("OperationUnknown", f"no operation of {', '.join(names) or 'any service'} is {what}")
        found = ", ".join(call.service for call in calls)
        raise ScriptError("ServiceAmbiguous", f"scenario {self.name} must name its service, one of {found}, for {what}")

    def step(self, request: Request) -> Step:
        if self.started is None:
            self.started = request.at
        script = self.scripts.get(request.operation) or self.scripts.get("*")
        if script is None:
            what = f"{request.service} {request.operation}, only for {', '.join(self.scripts)}"
            raise ScriptError("ScenarioMissing", f"scenario {self.name} has no answers for {what}")
        return script.next(request.at - self.started)

    def reply(self, answer: Answer, request: Request) -> Reply:
        """The result of `reply` for the step, cached."""
        key = (answer, request.service, request.operation, request.call.protocol)
        if key not in self._replies:
            self._replies[key] = reply(answer, request)
        return self._replies[key]


class ScriptedEndpoint:
    """The server; a context manager that serves in its own thread.

    `requests` keeps the newest `keep` requests, `problems` what no scenario provided for. `clock` is what by_time and
    the requests' `at` go by.
    """

    def __init__(
        self,
        scenarios: Mapping[str, Mapping[str, Any]],
        *,
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
        keep: int = 100_000,
    ) -> None:
        self._scenarios = {name: Scenario(name, value) for name, value in scenarios.items()}
        self._requests: deque[Request] = deque(maxlen=keep)
        self._clock = clock
        self.problems: list[str] = []
        self.open: set[asyncio.Transport] = set()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="scripted-endpoint", daemon=True)

    @property
    def requests(self) -> list[Request]:
        return list(self._requests)

    def add(self, name: str, scenario: Mapping[str, Any]) -> None:
        """Add a scenario to a running endpoint, or restart an existing one."""
        self._scenarios[name] = Scenario(name, scenario)

    def __enter__(self) -> ScriptedEndpoint:
        serving = self._loop.create_server(lambda: Connection(self), sock=self._socket)
        self._server = self._loop.run_until_complete(serving)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join()
        self._loop.close()

    def _stop(self) -> None:
        self._server.close()
        for transport in self.open:
            transport.abort()
        self._loop.call_soon(self._loop.stop)

    def reply(self, message: wire.Message) -> Reply:
        key, signing_name = message.credential
        try:
            if key not in self._scenarios:
                raise ScriptError("ScenarioMissing", f"no scenario {key} among {', '.join(sorted(self._scenarios))}")
            scenario = self._scenarios[key]
            request = Request(self._clock(), key, scenario.call(message, signing_name), message)
            self._requests.append(request)
            step = scenario.step(request)
            if isinstance(step, Answer):
                return scenario.reply(step, request)
            return reply(Answer.parse(step(request)), request)
        except Exception as problem:  # report any mistake in a script to its test
            code = problem.code if isinstance(problem, ScriptError) else "ScriptWrong"
            text = str(problem) if isinstance(problem, (ScriptError, ValueError)) else repr(problem)
            self.problems.append(f"{code}: {text}")
            headers, body = wire.failure(wire.protocol_of(message, signing_name), signing_name, code, text)
            return Reply(http(400, headers, body, message.method == "HEAD"))


def reply(answer: Answer, request: Request) -> Reply:
    """A response in the protocol of the request."""
    if answer.reset:
        return Reply(delay=answer.delay, reset=True)
    if answer.hang is not None:
        return Reply(delay=answer.delay + answer.hang, close=True)
    headers: Mapping[str, str]
    if answer.data is not None:
        status, headers, body = wire.success(request.call, answer.data)
    elif answer.error is not None:
        status = 400
        headers, body = wire.failure(request.call.protocol, request.service, answer.error, answer.message)
    else:
        status, headers = 200, {}
        body = answer.raw.encode() if isinstance(answer.raw, str) else answer.raw or b""
        body = base64.b64decode(body) if answer.base64 else body
    headers = {**headers, **answer.headers}
    own_length = any(name.lower() == "content-length" for name in answer.headers)
    payload = http(answer.status or status, headers, body, request.message.method == "HEAD", own_length)
    return Reply(payload, answer.delay, close=own_length)


def http(status: int, headers: Mapping[str, str], body: bytes, head: bool, own_length: bool = False) -> bytes:
    """An HTTP response. A Content-Length among the headers is kept for HEAD (S3: the object's size) or on purpose."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    body = b"" if head or status in (204, 304) else body
    kept = {name: value for name, value in headers.items() if head or own_length or name.lower() != "content-length"}
    if "content-length" not in {name.lower() for name in kept}:
        kept["Content-Length"] = str(len(body))
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in kept.items()), "", ""]
    return "\r\n".join(lines).encode() + body


class Connection(asyncio.Protocol):
    """One client's kept-alive connection; requests are handled one after the other."""

    transport: asyncio.Transport

    def __init__(self, endpoint: ScriptedEndpoint) -> None:
        self._endpoint = endpoint
        self._buffer = b""
        self._head: wire.Message | None = None
        self._answering = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._endpoint.open.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._endpoint.open.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._answering:
            self._read()

    def _read(self) -> None:
        """Respond to the next request in the buffer once it is complete."""
        if self._head is None:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            first, *lines = head.decode("latin-1").split("\r\n")
            method, target, _version = first.split(" ", 2)
            headers = {name.lower(): value.strip() for name, dummy, value in (line.partition(":") for line in lines)}
            self._head = wire.Message(method, target, headers, b"")
            self._buffer = rest
            if headers.get("expect", "").lower() == "100-continue":
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = int(self._head.headers.get("content-length", 0))
        if len(self._buffer) < length:
            return
        message, self._head = replace(self._head, body=self._buffer[:length]), None
        self._buffer = self._buffer[length:]
        answer = self._endpoint.reply(message)
        if answer.delay:
            self._answering = True
            asyncio.get_running_loop().call_later(answer.delay, self._answer, answer)
        else:
            self._answer(answer)

    def _answer(self, answer: Reply) -> None:
        self._answering = False
        if self.transport.is_closing():
            return
        if answer.reset:
            # Closing with nothing to linger for makes the kernel send a RST.
            no_linger = struct.pack("ii", 1, 0)
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
            self.transport.abort()
            return
        self.transport.write(answer.payload)
        if answer.close:
            self.transport.close()
        else:
            self._read()


def main() -> None:
    parser = argparse.ArgumentParser(description="serve scenarios, read from a file, until ended")
    parser.add_argument("scenarios", type=Path, help="a JSON mapping of access key ids to scenarios")
    parser.add_argument("--port", type=int, default=0, help="a free one by default")
    args = parser.parse_args()
    with ScriptedEndpoint(json.loads(args.scenarios.read_text()), port=args.port, keep=0) as aws:
        print(aws.url, flush=True)  # noqa: T201 - the command's output
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
