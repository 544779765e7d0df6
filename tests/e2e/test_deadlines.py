# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hanging servers delay no wait, and an unreachable endpoint is named with the reason."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.playbook import SECRET, Ansible, Batch, Case, Result, connection
from tests.support.scripted import ScriptedEndpoint
from tests.support.tls import SecureEndpoint, certificate

RUNNING = {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}, "delay": 0.2}
READY = {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]}}
TIMEOUT = 1.0
SLACK = 7.0
"""Seconds that a busy machine may need in addition. Without a deadline, connecting would take 10."""
NOWHERE = "nowhere.invalid"
# Nothing must leave the machine, so names aren't resolved.
NO_NAMES = f"""
import socket
resolve = socket.getaddrinfo
def refuse(host, *more, **options):
    if host in ({NOWHERE!r}, {NOWHERE.encode()!r}):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return resolve(host, *more, **options)
socket.getaddrinfo = refuse
"""
HANGING = ("silent", "deaf", "trickling", "silent in the handshake")
UNREACHABLE = ("refused", "unknown name", "self-signed", "no tls")


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """A port that accepts connections and never sends anything."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@contextlib.contextmanager
def deaf() -> Iterator[int]:
    """A port that accepts no connection, because its backlog is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, contextlib.ExitStack() as waiting:
        address = listening.getsockname()
        for _number in range(10):
            caller = waiting.enter_context(socket.socket())
            caller.settimeout(0.3)
            try:
                caller.connect(address)
            except TimeoutError:
                yield address[1]
                return
        raise AssertionError("the backlog is never full")


@contextlib.contextmanager
def trickling() -> Iterator[int]:
    """A port whose response comes byte by byte, each within the read timeout."""
    over = threading.Event()

    def answer(caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError):
            caller.recv(65536)
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n")
            while not over.wait(0.2):
                caller.sendall(b" ")

    def accept() -> None:
        with contextlib.suppress(OSError):
            while not over.is_set():
                caller, _address = listening.accept()
                threading.Thread(target=answer, args=[caller], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        over.set()
        listening.shutdown(socket.SHUT_RDWR)


class _Quiet(http.server.BaseHTTPRequestHandler):
    def log_message(self, format: str, *values: Any) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def without_tls() -> Iterator[int]:
    """A port that speaks HTTP, and responds to a TLS handshake with an HTTP error."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The URLs of faulty endpoints, by their fault."""
    folder = tmp_path_factory.mktemp("certificates")
    with contextlib.ExitStack() as stack:
        start: Callable[[Any], Any] = stack.enter_context
        unheard, refused = start(silent()), socket.create_server(("127.0.0.1", 0))
        port = refused.getsockname()[1]
        refused.close()
        yield {
            "silent": f"http://127.0.0.1:{unheard}",
            "silent in the handshake": f"https://127.0.0.1:{unheard}",
            "deaf": f"http://127.0.0.1:{start(deaf())}",
            "trickling": f"http://127.0.0.1:{start(trickling())}",
            "refused": f"http://127.0.0.1:{port}",
            "unknown name": f"https://{NOWHERE}",
            "self-signed": start(SecureEndpoint({}, certificate(folder / "own.pem", "127.0.0.1"))).url,
            "other name": start(SecureEndpoint({}, certificate(folder / "other.pem", "other.example"))).url,
            "no tls": f"https://127.0.0.1:{start(without_tls())}",
            "bundle": str(folder / "other.pem"),
        }


@pytest.fixture(scope="module")
def resolver(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which a name can't be resolved."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(NO_NAMES)
    return {"PYTHONPATH": str(folder)}


@pytest.fixture(scope="module")
def profiles(aws: ScriptedEndpoint, endpoints: dict[str, str], resolver: dict[str, str]) -> dict[str, str]:
    """The environment with a profile for each endpoint, and for a good one."""
    aws.add("good", {"answers": [READY]})
    urls = {name: endpoints[name] for name in (*HANGING, *UNREACHABLE)} | {"good": aws.url}
    config = Path(endpoints["bundle"]).with_name("config")
    config.write_text(
        "".join(
            f"[profile {name.replace(' ', '-')}]\nregion = us-east-1\nendpoint_url = {url}\n"
            f"aws_access_key_id = {name.replace(' ', '-')}\naws_secret_access_key = {SECRET}\n"
            for name, url in urls.items()
        )
    )
    return {**resolver, "AWS_CONFIG_FILE": str(config)}


@pytest.fixture(scope="module")
def waits(ansible: Ansible, aws: ScriptedEndpoint, endpoints: dict[str, str], profiles: dict[str, str]) -> Batch:
    def case(name: str, check_mode: bool = False, **more: Any) -> Case:
        args = {**RUNNING, **connection(aws, name), "endpoint_url": endpoints[name], **more}
        return Case(args, environment=profiles, connected=False, check_mode=check_mode)

    def many(entries: list[dict[str, Any]], check_mode: bool = False) -> Case:
        args = {**RUNNING, "fail_fast": False, "waits": entries}
        return Case(args, None, profiles, check_mode=check_mode, connected=False, module="cloudwait.aws.wait_many")

    def entries(names: tuple[str, ...], **more: Any) -> list[dict[str, Any]]:
        return [{"name": name, "profile": name.replace(" ", "-"), **more} for name in names]

    hanging, good = entries(HANGING, timeout=TIMEOUT), entries(("good",))
    return ansible.batch(
        {
            "other name": case("other name", aws_ca_bundle=endpoints["bundle"]),
            "trickling": case("trickling", timeout=TIMEOUT),
            "look at trickling": case("trickling", check_mode=True, timeout=TIMEOUT),
            "wait": many([*hanging, *good, *entries(UNREACHABLE)]),
            "look": many([*hanging, *good], check_mode=True),
        },
        aws,
    )


def entry(batch: Batch, task: str, name: str) -> Result:
    found: list[Result] = [result for result in batch[task].result["results"] if result["name"] == name]
    return found[0]


def test_a_server_that_hangs_does_not_hold_a_wait_up(waits: Batch, endpoints: dict[str, str]) -> None:
    result = waits["trickling"].result
    assert result["outcome"] == "timeout"
    assert result["elapsed"] < TIMEOUT + SLACK
    assert f"{endpoints['trickling']} gave no answer" in result["msg"]


def test_a_look_at_a_server_that_hangs_ends_too(waits: Batch) -> None:
    result = waits["look at trickling"].result
    assert result["outcome"] == "pending"
    assert result["elapsed"] < TIMEOUT + SLACK


@pytest.mark.parametrize("name", HANGING)
@pytest.mark.parametrize(("task", "outcome"), [("wait", "timeout"), ("look", "pending")])
def test_servers_that_hang_hold_no_wait_of_many_up(waits: Batch, task: str, outcome: str, name: str) -> None:
    result = entry(waits, task, name)
    assert result["outcome"] == outcome
    assert result["elapsed"] < TIMEOUT + SLACK


@pytest.mark.parametrize("task", ["wait", "look"])
def test_a_wait_among_those_that_hang_succeeds(waits: Batch, task: str) -> None:
    result = entry(waits, task, "good")
    assert result["outcome"] == "success"
    assert result["elapsed"] < TIMEOUT + SLACK


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("refused", "Connection refused"),
        ("unknown name", "Name or service not known"),
        ("self-signed", "SSL validation failed"),
        ("self-signed", "certificate verify failed: self-signed certificate"),
        ("no tls", "SSL validation failed"),
    ],
)
def test_an_endpoint_that_cannot_be_reached_is_named_with_the_reason(
    waits: Batch, endpoints: dict[str, str], name: str, reason: str
) -> None:
    result = entry(waits, "wait", name)
    assert result["outcome"] == "error"
    assert endpoints[name] in result["msg"]
    assert reason in result["msg"]


def test_a_certificate_for_another_name_is_named_with_the_reason(waits: Batch, endpoints: dict[str, str]) -> None:
    result = waits["other name"].result
    assert result["outcome"] == "error"
    assert f"SSL validation failed for {endpoints['other name']}" in result["msg"]
    assert "hostname '127.0.0.1' doesn't match 'other.example'" in result["msg"]


def test_what_cannot_be_reached_is_tried_three_times_within_about_ten_seconds(waits: Batch) -> None:
    """Two pauses of 2 and 5 seconds, and SLACK for three refused connections."""
    for result in (waits["other name"].result, *(entry(waits, "wait", name) for name in UNREACHABLE)):
        assert result["transient"]["connection"] == 3
        assert 7 <= result["elapsed"] < 7 + SLACK
