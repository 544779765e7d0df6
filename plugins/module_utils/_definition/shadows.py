# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds acceptors that can never decide, because an earlier one matches everything that they would match."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .model import Acceptor, Matcher, State
from .problem import Problem, Severity


def shadowed(
    acceptors: tuple[Acceptor, ...], is_transient: Callable[[str], bool], complete: bool = True
) -> Iterator[Problem]:
    """A warning for each acceptor that an earlier one always precedes: harmless, but probably a mistake.

    It is an error if that makes success impossible. Acceptors of a definition override those that it extends on
    purpose, so only acceptors of the same definition are compared.

    ``complete``: no acceptor for success was omitted because of a mistake.
    ``is_transient``: whether an error code is transient, so that an acceptor of *any* error doesn't match it.
    """
    pairs = list(_pairs(acceptors, is_transient))
    taken = [later for earlier, later in pairs if earlier.state is not State.SUCCESS]
    is_hopeless = complete and all(later in taken for later in acceptors if later.state is State.SUCCESS)
    for earlier, later in pairs:
        first = earlier.expected_at[0]
        text = f"never decides: {first} comes earlier and matches the same ({earlier.state.value})"
        if is_hopeless and later.state is State.SUCCESS:
            yield Problem(later.expected_at[0], f"{text}, so the wait could never succeed")
        else:
            yield Problem(later.expected_at[0], text, severity=Severity.WARNING)


def _pairs(acceptors: tuple[Acceptor, ...], is_transient: Callable[[str], bool]) -> Iterator[tuple[Acceptor, Acceptor]]:
    """Pairs: the first acceptor that matches all that a later one would, and the later one."""
    for index, later in enumerate(acceptors):
        for earlier in acceptors[:index]:
            if earlier.origin == later.origin and _covers(earlier, later, is_transient):
                yield earlier, later
                break


def _covers(earlier: Acceptor, later: Acceptor, is_transient: Callable[[str], bool]) -> bool:
    if earlier.negated or later.negated or earlier.argument != later.argument:
        return False
    # if all items match, so does any item
    if earlier.matcher is not later.matcher and (earlier.matcher, later.matcher) != (
        Matcher.PATH_ANY,
        Matcher.PATH_ALL,
    ):
        return False
    left = _keys(later) - _keys(earlier)
    any_error = earlier.matcher is Matcher.ERROR and _ANY_ERROR in _keys(earlier)
    return not left or (any_error and all(isinstance(code, str) and not is_transient(code) for _bool, code in left))


_ANY_ERROR = (True, True)


def _keys(acceptor: Acceptor) -> set[tuple[bool, Any]]:
    # in Python, True == 1
    return {(isinstance(value, bool), value) for value in acceptor.expected}
