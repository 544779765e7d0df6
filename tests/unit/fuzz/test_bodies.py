# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever bytes come over HTTP, the wait ends, and never succeeds unless botocore's acceptors match."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from xml.etree import ElementTree

import botocore.session
import pytest
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st
from tests.support import wire
from tests.support.scripted import Answer, ScriptedEndpoint
from tests.unit.fuzz.answers import ODD_TEXTS, nested
from tests.unit.fuzz.long_run import ending, examples
from tests.unit.fuzz.runs import builtin, request_for, require_deserved, run, warned

KEY = "AKIDFUZZ"
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True, eq=False)
class Subject:
    """A built-in waiter, with a response that it waits for."""

    service: str
    waiter: str
    data: Mapping[str, Any]


SUBJECTS = (
    Subject(
        "ec2",
        "InstanceRunning",
        {"Reservations": [{"Instances": [{"InstanceId": "thing-number-1", "State": {"Name": "running", "Code": 16}}]}]},
    ),
    Subject(
        "cloudformation",
        "StackCreateComplete",
        {"Stacks": [{"StackName": "s", "CreationTime": "2026-11-21T00:00:00Z", "StackStatus": "CREATE_COMPLETE"}]},
    ),
    Subject("dynamodb", "TableExists", {"Table": {"TableName": "t", "TableStatus": "ACTIVE", "ItemCount": 0}}),
    Subject("lambda", "FunctionActiveV2", {"Configuration": {"State": "Active", "Environment": {"Variables": {}}}}),
    Subject("s3", "BucketExists", {}),
    Subject(
        "cloudfront",
        "InvalidationCompleted",
        {
            "Invalidation": {
                "Id": "i",
                "Status": "Completed",
                "CreateTime": "2026-11-21T00:00:00Z",
                "InvalidationBatch": {"Paths": {"Quantity": 0}, "CallerReference": "r"},
            }
        },
    ),
    Subject(
        "ecs",
        "ServicesStable",
        {
            "services": [
                {
                    "serviceName": "thing-number-1",
                    "status": "ACTIVE",
                    "deployments": [{}],
                    "desiredCount": 1,
                    "runningCount": 1,
                }
            ]
        },
    ),
)
TEXTS = st.one_of(
    st.sampled_from([text for text in ODD_TEXTS if text.isprintable()]), st.text(max_size=6), st.integers()
)
JUNK = st.one_of(
    st.sampled_from((None, True, False, 0, -1, 1.5, 10**30, [], {}, "", "ACTIVE", "x" * 3000)),
    st.text(max_size=6),
    st.builds(nested, st.sampled_from((5, 99, 2000)), st.booleans(), st.just("x")),
    st.builds(lambda number: ["ACTIVE"] * number, st.sampled_from((3, 5000))),
)
BODIES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        (
            b"",
            b"null",
            b"[]",
            b"{}",
            b'{"Table": ',
            b"<html><body>Bad gateway</body></html>",
            b"<?xml version='1.0'?><a/>",
            b"<a>" * 3000,
            b"<a>" * 3000 + b"</a>" * 3000,
            b"[" * 100_000,
            b'{"a":' * 3000,
            b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><b>&b;</b>',
            b"\xff\xfe{\x00}\x00",
            b"9" * 5000,
            b"NaN",
            b"x" * 1_000_000,
            b"\x1f\x8b\x08\x00garbage",
        )
    ),
)
HEADERS = (
    {},
    {},
    {},
    {"Content-Type": "text/html"},
    {"Content-Type": "application/json; charset=nonsense"},
    {"Content-Encoding": "gzip"},
    {"x-amzn-ErrorType": "Nobody:http://\xe9/"},
    {"X-Amzn-Query-Error": ";;;"},
    {"Date": "yesterday"},
    {"Location": "nowhere"},
    {"x-amz-bucket-region": "\xe9"},
    {"Retry-After": "1e9"},
)
STATUSES = (200, 200, 200, 200, 201, 204, 206, 301, 307, 400, 403, 404, 429, 500, 503, 599)


@cache
def good(about: Subject) -> bytes:
    """The body of the expected response."""
    operation = builtin(about.service, about.waiter).definition.operation
    model = wire.service(about.service).model
    call = wire.Call(about.service, model.operation_model(operation), model.metadata["protocol"])
    return wire.success(call, about.data)[2]


@st.composite
def bodies(draw: Draw, about: Subject) -> bytes:
    """The expected response with something replaced, removed or cut off, or an entirely different one."""
    body = good(about)
    how = draw(st.sampled_from(("change", "change", "change", "cut", "insert", "other")))
    if how == "other" or not body:
        other: bytes = draw(BODIES)
        return other
    place = draw(st.integers(0, len(body)))
    if how == "cut":
        return body[:place]
    if how == "insert":
        return body[:place] + draw(BODIES) + body[place + draw(st.integers(0, 3)) :]
    return _changed_xml(draw, body) if body.lstrip().startswith(b"<") else _changed_json(draw, body)


def _changed_json(draw: Draw, body: bytes) -> bytes:
    whole = json.loads(body)
    holders = list(_holders(whole))
    for _change in range(draw(st.integers(1, 3))):
        holder = draw(st.sampled_from(holders))
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if keys and draw(st.booleans()):
            holder[draw(st.sampled_from(keys))] = draw(JUNK)
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(("__type", "message", "nextToken", "failures", "Table")))] = draw(JUNK)
        else:
            holder.append(draw(JUNK))
    try:
        return json.dumps(whole, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    except RecursionError:
        return b"[" * 5000


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _holders(inner)


def _changed_xml(draw: Draw, body: bytes) -> bytes:
    root = ElementTree.fromstring(body)
    for _change in range(draw(st.integers(1, 3))):
        element = draw(st.sampled_from(list(root.iter())))
        how = draw(st.sampled_from(("text", "tag", "clear", "double", "deep")))
        if how == "text":
            element.text = draw(st.sampled_from(("", "x", "-1", "1e9", "not-a-date", "true", "running", "é" * 3000)))
        elif how == "tag":
            element.tag = draw(st.sampled_from(("x", "item", "member", "nextToken", "Error", "Errors", "Response")))
        elif how == "clear":
            element.clear()
        elif how == "double":
            element.extend(list(element))
        else:
            for _level in range(draw(st.sampled_from((3, 150)))):
                element = ElementTree.SubElement(element, draw(st.sampled_from(("x", "item"))))
    return ElementTree.tostring(root)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint({}) as aws:
        yield aws


@cache
def _client(service: str, url: str) -> Any:
    session = botocore.session.Session()
    session.set_credentials(KEY, "secret")
    once = Config(retries={"total_max_attempts": 1, "mode": "standard"}, s3={"addressing_style": "path"})
    return session.create_client(service, "us-east-1", endpoint_url=url, config=once)


@pytest.mark.parametrize("about", SUBJECTS, ids=lambda about: about.service)
@examples(12)
@given(data=st.data())
def test_any_bytes_end_a_wait_well_and_none_make_it_succeed(
    about: Subject, data: st.DataObject, endpoint: ScriptedEndpoint
) -> None:
    answer = st.builds(Answer, raw=bodies(about), headers=st.sampled_from(HEADERS), status=st.sampled_from(STATUSES))
    answers = data.draw(st.lists(answer, min_size=1, max_size=3), "answers")
    bound = builtin(about.service, about.waiter)
    endpoint.add(KEY, {"service": about.service, "answers": [*answers, {"data": about.data}]})
    before = len(endpoint.requests)
    with ending():
        done = run(request_for(bound, max_attempts=4), (), _client(about.service, endpoint.url))
    assert not endpoint.problems
    assert done.returned["calls"] == len(endpoint.requests) - before
    if done.succeeded:
        answer, verdict = done.outcome.answer, done.outcome.verdict
        assert answer is not None
        assert verdict is not None
        # of what was only parsed in part the whole says the same
        require_deserved(bound, replace(answer, response=answer.whole), warned(verdict))


def test_the_answers_that_are_changed_are_those_that_are_waited_for(endpoint: ScriptedEndpoint) -> None:
    """Else nothing that is made of them could be taken for a success."""
    for about in SUBJECTS:
        endpoint.add(KEY, {"service": about.service, "answers": [{"data": about.data}]})
        bound = builtin(about.service, about.waiter)
        assert run(request_for(bound, max_attempts=1), (), _client(about.service, endpoint.url)).succeeded
