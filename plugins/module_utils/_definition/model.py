# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition of a waiter, independent of its source and dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from .expression import Expression


class State(str, Enum):
    """The state of the wait if an acceptor matches."""

    SUCCESS = "success"
    FAILURE = "failure"
    RETRY = "retry"


class Matcher(str, Enum):
    """How an acceptor compares, in botocore's terms."""

    PATH = "path"
    PATH_ALL = "pathAll"
    PATH_ANY = "pathAny"
    STATUS = "status"
    ERROR = "error"

    @property
    def takes_path(self) -> bool:
        return self in (Matcher.PATH, Matcher.PATH_ALL, Matcher.PATH_ANY)


class Backoff(str, Enum):
    FIXED = "fixed"
    EXPONENTIAL = "exponential"


class Source(str, Enum):
    """Where a definition was found."""

    BUILTIN = "builtin"
    CORRECTED = "corrected"
    CATALOG = "catalog"
    DEFINITIONS = "definitions"
    INLINE = "inline"


@dataclass(frozen=True)
class Acceptor:
    """One rule: if ``matcher`` finds one of ``expected``, the wait is in ``state``.

    Only path matchers have an ``argument``. It is evaluated on the response, or, with ``with_input``, on ``{input: the
    request, output: the response}``. ``negated``: the acceptor matches an existing value that is none of ``expected``.
    ``argument_at`` and, for each value, ``expected_at`` are the paths in the input. ``borrowed``: it comes from a
    built-in or the catalogue, not from the user. ``origin``: the path of the definition that it belongs to.
    """

    state: State
    matcher: Matcher
    expected: tuple[Any, ...]
    argument: Expression | None = None
    negated: bool = False
    with_input: bool = False
    argument_at: str = field(default="", compare=False)
    expected_at: tuple[str, ...] = field(default=(), compare=False)
    borrowed: bool = field(default=False, compare=False)
    origin: str = field(default="", compare=False)

    @property
    def wire_expected(self) -> Any:
        """``expected`` as in results: the value, or a list if there are several."""
        return self.expected[0] if len(self.expected) == 1 else list(self.expected)

    def as_data(self) -> dict[str, Any]:
        """The acceptor as in results: ``{state, matcher, argument, expected}``, and ``negated`` if true."""
        return {
            "state": self.state.value,
            "matcher": self.matcher.value,
            "argument": self.argument.text if self.argument is not None else None,
            "expected": self.wire_expected,
            **({"negated": True} if self.negated else {}),
        }


class Fragment(NamedTuple):
    """The readable parts of an acceptor with a mistake, which are checked for other mistakes.

    ``state`` and ``matcher``: None if they can't be read. The rest is as in ``Acceptor``.
    """

    state: State | None = None
    matcher: Matcher | None = None
    expected: tuple[Any, ...] = ()
    argument: Expression | None = None
    with_input: bool = False
    argument_at: str = ""
    expected_at: tuple[str, ...] = ()

    def whole(self) -> Acceptor | None:
        """The acceptor, or None if something that it needs is missing."""
        if self.state is None or self.matcher is None or not self.expected:
            return None
        if self.matcher.takes_path and self.argument is None:
            return None
        return Acceptor(
            self.state,
            self.matcher,
            self.expected,
            self.argument,
            with_input=self.with_input,
            argument_at=self.argument_at,
            expected_at=self.expected_at,
        )


class Settle(NamedTuple):
    """The timing of a wait right after a change, while AWS may still show the state before it; None: as without it."""

    initial_delay: float | None = None
    consecutive: int | None = None


@dataclass(frozen=True)
class Definition:
    """A waiter: the operation to poll, the acceptors in order, and its timing (None if not given).

    ``gone_once_seen``: a resource that disappears after it was seen is a success. ``corrections``: the changes made to
    the built-in. ``evidence``: where its author knows the states from. ``diagnosis``: the steps that look for the cause
    of a failure. ``at``, ``operation_at`` and ``message_at`` are paths in the input.
    """

    operation: str
    acceptors: tuple[Acceptor, ...]
    name: str | None = None
    source: Source = Source.INLINE
    delay: float | None = None
    max_attempts: int | None = None
    backoff: Backoff | None = None
    max_delay: float | None = None
    initial_delay: float | None = None
    consecutive: int | None = None
    settle: Settle | None = None
    message: Expression | None = None
    description: str = ""
    evidence: tuple[str, ...] = ()
    diagnosis: tuple[Any, ...] = field(default=(), hash=False)
    gone_once_seen: bool = False
    corrections: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    at: str = field(default="", compare=False)
    operation_at: str = field(default="operation", compare=False)
    message_at: str = field(default="message", compare=False)

    def error_codes(self, state: State) -> tuple[str, ...]:
        """The error codes that lead to ``state``, in order."""
        return tuple(
            code
            for acceptor in self.acceptors
            if acceptor.matcher is Matcher.ERROR and acceptor.state is state
            for code in acceptor.expected
            if isinstance(code, str)
        )
