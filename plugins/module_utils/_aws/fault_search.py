# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a server error for several waits: find those whose resources cause it, within the same attempt.

A service that is down as a whole must not be asked N times. So a few waits are asked for alone first, and only an
answer to one of them, which shows that the service is up, lets the others be asked for by halves.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence

from .._engine.groups import Reply
from .._engine.poll_result import ErrorKind, PollResult
from .polling.transport import Request

MAY_BE_OF_ONE = (ErrorKind.SERVER, ErrorKind.CONNECTION)
"""Kinds of errors that one resource may cause: a throttled request or an unreachable endpoint is everybody's matter."""
LONGEST, PART = 10.0, 0.5
"""Seconds to find out whether the service is up, and the part that this may take of the time left to the waits."""
_SPREAD = 0.618
"""The golden ratio: as multiples of it, places are spread over a list evenly and in no pattern."""

AskAlone = Callable[[int], Generator[Request, PollResult, PollResult]]


class FaultSearch:
    """Finds the waits of a group that a service fails for."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._suspects: set[int] = set()
        self._probes = 0
        self._is_down = False

    def forget(self, members: Iterable[int]) -> None:
        """Suspect these waits no more: they have been answered, or a new attempt begins."""
        self._suspects.difference_update(members)

    def is_suspect(self, number: int) -> bool:
        """Whether the service failed for this wait and others, though it is up."""
        return number in self._suspects

    def go_on(
        self, members: Sequence[int], answer: PollResult, until: float | None, ask_alone: AskAlone
    ) -> Generator[Request, PollResult, Reply]:
        """What follows from an error for all of these waits: whom it answers, and who asks again with whom.

        ``until``: when the first of them gives up, None where none does.
        """
        rest, own, now = list(members), dict[int, PollResult](), self._clock()
        end = now + (LONGEST if until is None else min(LONGEST, (until - now) * PART))
        is_up = answer.made_progress or self._suspects.issuperset(members)
        for _probe in range(0 if is_up else most_probes(len(members), self._is_down)):
            if self._clock() >= end:
                break
            number = rest.pop(int(len(rest) * (self._probes * _SPREAD % 1)))
            self._probes += 1
            own[number] = yield from self._in_time(ask_alone(number), end)
            is_up = not _is_transient(own[number])
            if is_up:
                break
        self._is_down = not is_up
        if not is_up:
            return Reply(dict.fromkeys(members, answer))
        self._suspects.update(rest)
        # where one that was asked for alone has failed, the others may have nothing to do with it
        is_explained = any(_is_transient(found) for found in own.values())
        return Reply(own, [rest] if is_explained and rest else halves(rest))

    def _in_time(
        self, requests: Generator[Request, PollResult, PollResult], end: float
    ) -> Generator[Request, PollResult, PollResult]:
        try:
            request = next(requests)
            while True:
                request.time_limit = max(0.0, end - self._clock())
                request = requests.send((yield request))
        except StopIteration as stop:
            answer: PollResult = stop.value
            return answer


def most_probes(waits: int, is_down: bool) -> int:
    """How many of so many waits are asked for alone before the service counts as down; while it does, one each time."""
    return 1 if is_down else waits.bit_length()


def halves(members: Sequence[int]) -> list[Sequence[int]]:
    """The two halves, or what there is of them."""
    half = -(-len(members) // 2)
    return [part for part in (members[:half], members[half:]) if part]


def _is_transient(answer: PollResult) -> bool:
    return answer.error is not None and answer.error.kind.is_transient
