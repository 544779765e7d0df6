# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The fault proxy, tested with connections that show what comes over the wire."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

import pytest
from tests.support import faults, wire
from tests.support.faults import FAULTS, LARGE, LATE, REFUSED, TRANSIENT, FaultProxy, Kind, at_random
from tests.support.scripted import ScriptedEndpoint

BODY = b"<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKID/20261121/eu-west-1/%s/aws4_request, Signature=0"}


@pytest.fixture(scope="module")
def proxy() -> Iterator[FaultProxy]:
    answers = {"AKID": {"service": "ec2", "answers": [{"raw": BODY}]}}
    with ScriptedEndpoint(answers) as aws, FaultProxy(aws.url, late=0.3) as proxy:
        yield proxy


def connection(proxy: FaultProxy, timeout: float = 10) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(proxy.url).netloc, timeout=timeout)


def ask(
    open_one: http.client.HTTPConnection, service: str = "ec2", method: str = "POST", **headers: str
) -> http.client.HTTPResponse:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    signed = {name: value % service for name, value in SIGNED.items()}
    form = {"Content-Type": "application/x-www-form-urlencoded"} if service in ("ec2", "rds") else {}
    open_one.request(method, "/", "Action=DescribeVpcs&Version=2016-11-15", {**form, **signed, **headers})
    return open_one.getresponse()


def test_the_plan_says_what_each_request_meets_and_what_follows_it_is_the_truth(proxy: FaultProxy) -> None:
    proxy.use([None, FAULTS["503"], FAULTS["HTML page, 200"], FAULTS["503"]])
    open_one = connection(proxy)
    got = []
    for _request in range(5):
        answer = ask(open_one)
        got.append((answer.status, answer.read()))
    assert [status for status, _body in got] == [200, 503, 200, 503, 200]
    assert (got[0][1], got[4][1]) == (BODY, BODY)
    assert b"<html>" in got[2][1]
    assert proxy.injected == {"503": 2, "HTML page, 200": 1}
    assert (proxy.requests, proxy.passed) == (5, 2)


@pytest.mark.parametrize(
    ("service", "headers", "status", "body"),
    [
        ("ec2", {}, 503, b"<Response><Errors><Error><Code>RequestLimitExceeded</Code>"),
        ("rds", {}, 400, b"<ErrorResponse><Error><Code>Throttling</Code>"),
        ("dynamodb", {"X_Amz_Target": "DynamoDB_20120810.DescribeTable"}, 400, b'{"__type": "ThrottlingException"'),
        ("eks", {}, 429, b'{"__type": "TooManyRequestsException"'),
        ("cloudfront", {}, 400, b"<ErrorResponse><Error><Code>Throttling</Code>"),
        ("s3", {}, 503, b"<Error><Code>SlowDown</Code>"),
        ("x", {"Smithy_Protocol": "rpc-v2-cbor"}, 400, wire.cbor({"__type": "ThrottlingException"})[1:]),
    ],
)
def test_a_throttle_has_the_form_of_the_protocol(
    proxy: FaultProxy, service: str, headers: dict[str, str], status: int, body: bytes
) -> None:
    proxy.use([FAULTS["throttle"]])
    answer = ask(connection(proxy), service, **headers)
    assert answer.status == status
    assert answer.read()[1 if service == "x" else 0 :].startswith(body)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("reset", ConnectionResetError),
        ("connection refused", ConnectionResetError),  # unannounced, the connection is there already
        ("closed without an answer", http.client.RemoteDisconnected),
        ("body cut off", http.client.IncompleteRead),
        ("answer after the read time-out", TimeoutError),
    ],
)
def test_connections_break(proxy: FaultProxy, name: str, problem: type[Exception]) -> None:
    proxy.use([FAULTS[name]])
    with pytest.raises(problem):
        ask(connection(proxy, timeout=0.1 if FAULTS[name] is LATE else 10)).read()
    assert proxy.injected == {name: 1}
    for _try in range(100):
        try:
            assert ask(connection(proxy)).read() == BODY
            break
        except ConnectionRefusedError:
            time.sleep(0.01)  # nobody listens for a moment


def test_a_reset_in_the_body_comes_after_the_head_or_takes_it_away(proxy: FaultProxy) -> None:
    proxy.use([FAULTS["reset in the body"]])
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        ask(connection(proxy)).read()


def test_a_body_that_is_cut_short_fits_its_head(proxy: FaultProxy) -> None:
    proxy.use([FAULTS["body cut short"]])
    assert ask(connection(proxy)).read() == BODY[: len(BODY) // 2]


def test_an_announced_refusal_refuses_the_connection_until_the_next_is_announced(proxy: FaultProxy) -> None:
    proxy.use([REFUSED, REFUSED, None])
    for _time in range(2):
        assert proxy.announce() is REFUSED
        with pytest.raises(ConnectionRefusedError):
            ask(connection(proxy))
    assert proxy.announce() is None
    assert ask(connection(proxy)).read() == BODY
    assert (proxy.injected, proxy.requests) == ({"connection refused": 2}, 3)


def test_fifty_megabytes_are_that_many(proxy: FaultProxy) -> None:
    proxy.use([FAULTS["50 MB"]])
    assert len(ask(connection(proxy)).read()) == LARGE


def test_an_answer_to_head_has_no_body_that_could_be_wrong(proxy: FaultProxy) -> None:
    proxy.use([FAULTS["empty body"], FAULTS["HTML page, 404"]])
    open_one = connection(proxy)
    answer = ask(open_one, method="HEAD")
    assert (answer.status, answer.read()) == (200, b"")
    answer = ask(open_one, method="HEAD")
    assert (answer.status, answer.getheader("Content-Type"), answer.read()) == (404, "text/html", b"")
    assert proxy.injected == {"HTML page, 404": 1}


def test_chance_is_the_same_for_the_same_seed() -> None:
    first, again, other = (list(islice(at_random(TRANSIENT, 0.3, seed), 1000)) for seed in (1, 1, 2))
    assert first == again != other
    assert 200 < sum(fault is not None for fault in first) < 400
    assert {fault for fault in first if fault is not None} == set(TRANSIENT)


def test_every_fault_is_of_one_kind_and_known_by_its_name() -> None:
    assert {name: fault.name for name, fault in FAULTS.items()} == {name: name for name in FAULTS}
    assert {fault.kind for fault in FAULTS.values()} == set(Kind)


def test_the_command_says_where_it_serves(proxy: FaultProxy) -> None:
    command = [sys.executable, faults.__file__, proxy.url, "--fault", "503", "--chance", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            answer = ask(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10))
            assert answer.status == 503
        finally:
            server.terminate()
