# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds acceptors that can never decide, because an earlier one takes all that they would match."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .model import Acceptor, Matcher, State
from .problem import Problem, Severity


def shadowed(
    acceptors: tuple[Acceptor, ...], is_transient: Callable[[str], bool], complete: bool = True
) -> Iterator[Problem]:
    """A warning for each acceptor whose every match is taken by an earlier one: harmless, but hardly meant.

    An error, where success is taken for something else, and there is no other success.
    What a definition asks before its parent does is meant to come first, so that isn't looked at.

    ``complete``: no other success may have been left out.
    ``is_transient``: whether an error code is one that an acceptor of *any* error leaves alone.
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
    """Each acceptor that never decides, behind the first that takes all that it would match."""
    for index, later in enumerate(acceptors):
        for earlier in acceptors[:index]:
            if earlier.origin == later.origin and _covers(earlier, later, is_transient):
                yield earlier, later
                break


def _covers(earlier: Acceptor, later: Acceptor, is_transient: Callable[[str], bool]) -> bool:
    if earlier.negated or later.negated or earlier.argument != later.argument:
        return False
    # where all items are one of some values, any item is
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
    # Python takes True for 1
    return {(isinstance(value, bool), value) for value in acceptor.expected}
