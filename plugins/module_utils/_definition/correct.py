# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies the documented corrections to a built-in waiter, except those that botocore has made itself.

A change has a ``reason`` and one of:

* ``path`` and ``failure``: values of that path that are failures, as in the short form
* ``now`` alone: an acceptor in the long form that is evaluated first
* ``was`` and ``now``: the acceptor as botocore ships it, and what replaces it
* ``was`` alone: an acceptor that is left out
* ``gone: true``: a resource that is missing after it was seen has been deleted, which is what the waiter waits for
* some of ``delay``, ``max_attempts``, ``initial_delay``, ``consecutive`` and ``settle``: the waiter's timing

``evidence`` and ``because`` are as in a definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .expression import Expression
from .model import Matcher, State

Raw = Mapping[str, Any]

_TIMING = {name: name for name in ("delay", "initial_delay", "consecutive", "settle")} | {"max_attempts": "maxAttempts"}


def corrected(waiter: Raw, changes: Sequence[Raw]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The waiter without its defects, and the changes that were made.

    ``waiter``: an entry of waiters-2. ``changes``: see above. A change has no effect if the acceptor that it replaces
    no longer exists, if another acceptor already has the value that it adds, or if botocore now has that timing or
    waits longer.
    """
    first: list[Any] = []
    acceptors: list[Any] = list(waiter["acceptors"])
    made = []
    timing: dict[str, Any] = {}
    for change in map(in_full, changes):
        was, now = change.get("was"), change.get("now")
        if times := {own: change[name] for name, own in _TIMING.items() if name in change}:
            timed = {**waiter, **times}
            if timed == waiter or _budget(timed) < _budget(waiter):
                continue
            timing.update(times)
        elif was is not None:
            if was not in acceptors:
                continue
            place = acceptors.index(was)
            acceptors[place : place + 1] = [] if now is None else [now]
        elif now is not None:
            now = _without_taken(now, acceptors)
            if now is None:
                continue
            first.append(now)
        made.append({**change, "now": now} if now is not None else dict(change))
    return {**waiter, **timing, "acceptors": [*first, *acceptors]}, made


def _budget(waiter: Raw) -> float:
    """How long the waiter waits at most, in seconds."""
    budget: float = waiter["delay"] * waiter["maxAttempts"]
    return budget


def in_full(change: Raw) -> Raw:
    """The change with its acceptor in the long form."""
    if "path" not in change:
        return change
    path = change["path"]
    matcher = Matcher.PATH_ANY if Expression(path).is_projection else Matcher.PATH
    values = change["failure"]
    now = {"state": State.FAILURE.value, "matcher": matcher.value, "argument": path, "expected": values}
    return {**{key: text for key, text in change.items() if key not in ("path", "failure")}, "now": now}


def _without_taken(added: Raw, acceptors: Sequence[Raw]) -> dict[str, Any] | None:
    """The acceptor without the values that botocore's own acceptors have; None if none is left."""
    taken = [
        acceptor["expected"]
        for acceptor in acceptors
        if acceptor.get("argument") == added.get("argument") and acceptor["state"] != "retry"
    ]
    values = added["expected"] if isinstance(added["expected"], list) else [added["expected"]]
    left = [value for value in values if value not in taken]
    return {**added, "expected": left[0] if len(left) == 1 else left} if left else None
