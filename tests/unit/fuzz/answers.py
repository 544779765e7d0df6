# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strategies for responses: as the model describes them, nearly so, and entirely different."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from hypothesis import strategies as st
from tests.support.aws_responses import answered, refused
from tests.support.fake_client import Step

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import Binding
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.prepared_wait import used_members
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Matcher, State

ODD_TEXTS = (
    "",
    " ",
    "null",
    "two\nlines",
    "\x00",
    "\x1b[31mred",
    "\u2028",
    "\x85",
    "\ud800",
    "\U0001f600" * 70,
    "é",
    "x" * 5000,
    '"\\' * 900,
    "arn:",
    "arn:aws:ec2:r:1:",
    "arn:aws:ec2:r:1:" + "/" * 3000,
    "a\x1db",
    "45%",
    "9" * 400,
)
TEXTS = st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=8))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from((10**400, -(10**25), 200, 404)),
    st.floats(),
    TEXTS,
    st.sampled_from((b"", b"\xff\x00", b"text", datetime(2026, 11, 21, tzinfo=timezone.utc))),
)


def nested(depth: int, by_list: bool, inner: Any) -> Any:
    """``inner`` under so many levels."""
    for _level in range(depth):
        inner = [inner] if by_list else {"a": inner}
    return inner


# Deeper than a hundred levels nothing comes so far: bodies.require_shallow.
ANYTHING: st.SearchStrategy[Any] = st.one_of(
    SCALARS,
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
        max_leaves=6,
    ),
    st.builds(nested, st.integers(1, 90), st.booleans(), SCALARS),
    st.builds(lambda item, number: [item] * number, SCALARS, st.sampled_from((50, 2000))),
)


@dataclass(frozen=True)
class About:
    """What matters in a response to a wait: the members that the wait reads, and the values that it expects."""

    binding: Binding

    @property
    def output(self) -> Any:
        return self.binding.operation_model.output_shape

    @cached_property
    def names(self) -> frozenset[str]:
        """The members that are read, and some that contain them."""
        used = used_members(self.binding)
        texts = [expression.text for expression in (*used.expressions, *used.exchanged)]
        words = {word for text in texts for word in re.findall(r"\w+", text)}
        listed = {name for item_list in used.lists for name in item_list.path}
        keys = {name for item_list in used.lists for _member, path in item_list.keys for name in path}
        return frozenset({*words, *listed, *keys, "NextToken", "nextToken", "Marker", "Error"})

    @cached_property
    def expected(self) -> list[Any]:
        acceptors = [a for a in self.binding.definition.acceptors if a.argument is not None]
        values = [value for acceptor in acceptors for value in acceptor.expected]
        quoted = [word for a in acceptors if a.argument for word in re.findall(r"'([^']*)'", a.argument.text)]
        return [*values, *quoted] or ["?"]

    @cached_property
    def wanted(self) -> list[Any]:
        acceptors = [a for a in self.binding.definition.acceptors if a.state is State.SUCCESS and a.argument]
        return [value for acceptor in acceptors for value in acceptor.expected if isinstance(value, str)]

    @cached_property
    def codes(self) -> list[str]:
        acceptors = [a for a in self.binding.definition.acceptors if a.matcher is Matcher.ERROR]
        return [value for acceptor in acceptors for value in acceptor.expected if isinstance(value, str)]

    @cached_property
    def ids(self) -> list[str]:
        """Strings that may identify the requested resources, and others."""
        identity = self.binding.identity
        given = [resource.given for resource in identity.resources] if identity is not None else []
        plain = [str(value) for one in given for value in (one.values() if isinstance(one, dict) else [one])]
        return [*plain, *(f"arn:aws:x:r:1:thing/{name}" for name in plain), "somebody-else"]

    @cached_property
    def id_names(self) -> frozenset[str]:
        identity = self.binding.identity
        lists = identity.lists if identity is not None else ()
        return frozenset(path[-1] for item_list in lists for _member, path in item_list.keys)


class _Growing:
    """Builds one response. ``spoilt``: the percentage of values that differ from the model."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], about: About) -> None:
        self._draw, self._about = draw, about
        self._spoilt = draw(st.sampled_from((0, 0, 5, 25)))
        # all items alike every now and then: pathAll would match too seldom otherwise
        self._favourite = draw(st.sampled_from([*about.wanted, *about.wanted, None, None]))

    def _is_spoilt(self) -> bool:
        return self._spoilt > 0 and self._draw(st.integers(0, 99)) < self._spoilt

    def structure(self, shape: Any, depth: int) -> Any:
        found = {}
        for name, member in shape.members.items():
            if name in self._about.names and depth < 9 and not self._is_spoilt():
                found[name] = self._of(member, depth + 1, name)
        return found

    def _of(self, shape: Any, depth: int, name: str) -> Any:
        if self._is_spoilt():
            return self._draw(ANYTHING)
        if shape.type_name == "structure":
            return self.structure(shape, depth)
        if shape.type_name == "list":
            many = self._draw(st.sampled_from((0, 1, 1, 1, 2, 2, 3)))
            return [self._of(shape.member, depth + 1, name) for _index in range(many)]
        if shape.type_name == "map":
            keys = self._draw(st.lists(st.sampled_from([*self._about.ids, "key"]), max_size=2))
            return {key: self._of(shape.value, depth + 1, name) for key in keys}
        return self._scalar(shape, name)

    def _scalar(self, shape: Any, name: str) -> Any:
        if shape.type_name == "boolean":
            return self._draw(st.booleans())
        if shape.type_name != "string":
            return self._draw(st.sampled_from((0, 1, 2, 45.5)))
        if name in self._about.id_names:
            return self._draw(st.sampled_from(self._about.ids))
        if self._favourite is not None:
            return self._favourite
        enum = list(shape.enum)[:20] if hasattr(shape, "enum") else []
        return self._draw(st.sampled_from([*self._about.expected, *enum, "unheard of"]))


@st.composite
def responses(draw: Callable[[st.SearchStrategy[Any]], Any], about: About) -> dict[str, Any]:
    """A response without an error, as boto3 returns it."""
    status = draw(st.sampled_from((200, 200, 200, 202)))
    if about.output is None:
        return answered(status)
    if draw(st.integers(0, 14)) == 0:
        names = [name for name in about.output.members if name in about.names]
        return answered(status, **{name: draw(ANYTHING) for name in names})
    return answered(status, **_Growing(draw, about).structure(about.output, 0))


CODES = ("AccessDenied", "ValidationError", "NobodyKnowsThis", "404", "InvalidThing.NotFound", "ExpiredToken")
THROTTLES = ("RequestLimitExceeded", "Throttling", "SlowDown")
BROKEN: Sequence[Callable[[], Exception]] = (
    lambda: ReadTimeoutError(endpoint_url="https://x.example"),
    lambda: EndpointConnectionError(endpoint_url="https://x.example"),
    lambda: ResponseParserError("not\nXML"),
    lambda: RecursionError("maximum recursion depth exceeded"),
    lambda: ValueError(""),
    lambda: KeyError("Status"),
    lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
)


def _error(code: Any, status: Any, message: str, names: bool, ids: Sequence[str]) -> ClientError:
    return refused(code, status, f"{message} '{ids[0]}' {message}" if names else message)


def errors(about: About) -> st.SearchStrategy[Exception]:
    """An AWS error, named by an acceptor or not, or a network error."""
    messages = st.one_of(TEXTS, st.sampled_from(("does not exist", "too many: up to 1", "You can have at most 0")))
    codes = st.one_of(st.sampled_from([*about.codes, *CODES]), st.sampled_from(THROTTLES), TEXTS)
    statuses = st.sampled_from((400, 400, 403, 404, 409, 429, 500, 503))
    said = st.builds(_error, codes, statuses, messages, st.booleans(), st.just(about.ids))
    return st.one_of(said, said, st.sampled_from(BROKEN).map(lambda make: make()))


def scripts(about: About, longest: int = 4) -> st.SearchStrategy[list[Step]]:
    """The responses to each poll; the last one isn't a transient error, as that would only take time."""
    response = responses(about)
    step: st.SearchStrategy[Step] = st.one_of(response, response, errors(about))
    return st.builds(lambda first, last: [*first, last], st.lists(step, max_size=longest - 1), response)
