# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describes an acceptor in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .model import Acceptor, Matcher, State
from .text import listed

_VERDICTS = {State.SUCCESS: "succeeds", State.FAILURE: "fails", State.RETRY: "keeps waiting"}
_QUANTIFIERS = {Matcher.PATH: "", Matcher.PATH_ALL: "every ", Matcher.PATH_ANY: "any "}


def describe(acceptor: Acceptor) -> str:
    """One clause: "fails when any Reservations[].Instances[].State.Name is 'terminated'"."""
    return f"{_VERDICTS[acceptor.state]} {_CONDITIONS[acceptor.matcher](acceptor)}"


def _path(acceptor: Acceptor) -> str:
    text = acceptor.argument.text if acceptor.argument is not None else "the response"
    return f"when {_QUANTIFIERS[acceptor.matcher]}{text} is {_one_of(acceptor)}"


def _status(acceptor: Acceptor) -> str:
    return f"on {'any HTTP status except' if acceptor.negated else 'HTTP status'} {_or(acceptor.expected)}"


def _error(acceptor: Acceptor) -> str:
    codes = [value for value in acceptor.expected if not isinstance(value, bool)]
    if acceptor.negated:
        return f"on any error except {_or(codes)}"
    conditions = []
    if any(value is True for value in acceptor.expected):
        conditions.append("on any error")
    elif codes:
        conditions.append(f"on error {_or(codes)}")
    if any(value is False for value in acceptor.expected):
        conditions.append("when there is no error")
    return " or ".join(conditions)


_CONDITIONS: Mapping[Matcher, Callable[[Acceptor], str]] = {
    Matcher.PATH: _path,
    Matcher.PATH_ALL: _path,
    Matcher.PATH_ANY: _path,
    Matcher.STATUS: _status,
    Matcher.ERROR: _error,
}


def _one_of(acceptor: Acceptor) -> str:
    values = [_quoted(value) for value in acceptor.expected]
    if not acceptor.negated:
        return _or(values)
    return f"not {values[0]}" if len(values) == 1 else f"none of {', '.join(values)}"


def _or(values: Any) -> str:
    return listed([str(value) for value in values], "or")


def _quoted(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'" if isinstance(value, str) else str(value)
