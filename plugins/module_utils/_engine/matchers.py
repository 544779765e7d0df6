# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an acceptor matches an answer: one small function for each matcher."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._definition.model import Acceptor, Matcher
from .poll_result import ErrorKind, PollResult


def matches(acceptor: Acceptor, answer: PollResult) -> bool:
    """Whether the acceptor matches; ExpressionError where its expression can't be evaluated on this response."""
    return _MATCHERS[acceptor.matcher](acceptor, answer)


def _path(acceptor: Acceptor, answer: PollResult) -> bool:
    return answer.error is None and _accepts(acceptor, _search(acceptor, answer))


def _path_all(acceptor: Acceptor, answer: PollResult) -> bool:
    items = _items(acceptor, answer)
    return bool(items) and all(_accepts(acceptor, item) for item in items)


def _path_any(acceptor: Acceptor, answer: PollResult) -> bool:
    return any(_accepts(acceptor, item) for item in _items(acceptor, answer))


def _status(acceptor: Acceptor, answer: PollResult) -> bool:
    return answer.status is not None and _accepts(acceptor, answer.status)


def _error(acceptor: Acceptor, answer: PollResult) -> bool:
    """``true`` takes any error that AWS means, ``false`` a response without one, a text exactly that code.

    Transient errors and expired credentials match only an acceptor that names them: they say nothing of the resource.
    """
    error = answer.error
    if error is None:
        return any(expected is False for expected in acceptor.expected)
    if error.status is None:  # no answer came at all
        return False
    said_by_aws = error.kind is ErrorKind.REFUSED
    return any(said_by_aws if expected is True else error.code == expected for expected in acceptor.expected)


_MATCHERS: dict[Matcher, Callable[[Acceptor, PollResult], bool]] = {
    Matcher.PATH: _path,
    Matcher.PATH_ALL: _path_all,
    Matcher.PATH_ANY: _path_any,
    Matcher.STATUS: _status,
    Matcher.ERROR: _error,
}


def _search(acceptor: Acceptor, answer: PollResult) -> Any:
    return None if acceptor.argument is None else answer.search(acceptor.argument)


def _items(acceptor: Acceptor, answer: PollResult) -> list[Any]:
    """The list that the expression gives; anything else, an empty list too, never matches (botocore's rule)."""
    if answer.error is not None:
        return []
    found = _search(acceptor, answer)
    return found if isinstance(found, list) else []


def _accepts(acceptor: Acceptor, value: Any) -> bool:
    if acceptor.negated:
        return not is_empty(value) and not _is_one_of(value, acceptor.expected)
    return _is_one_of(value, acceptor.expected)


def _is_one_of(value: Any, expected: tuple[Any, ...]) -> bool:
    # Python takes True for 1; a state that is 1 is not the answer to a question about true
    return any(value == item and isinstance(value, bool) == isinstance(item, bool) for item in expected)


def is_empty(value: Any) -> bool:
    """Null, an empty text, list or mapping: nothing that could be a state."""
    return value is None or (isinstance(value, (str, list, dict)) and not value)
