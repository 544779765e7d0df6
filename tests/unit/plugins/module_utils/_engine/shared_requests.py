# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of waits whose requests are answered as a test says."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.poll_results import PENDING

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.dispatcher import Quota
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Reply
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.limiter import Limiter
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.polls import NO_ANSWER

Says = Callable[[int, float], PollResult]
"""What a wait, known by its number, is answered at a time."""


def always(answer: PollResult) -> Says:
    return lambda _number, _at: answer


@dataclass(eq=False)
class Asked:
    """A request that takes its time; the answers of all its waits come with it."""

    work: Callable[[], dict[int, PollResult]]
    time_limit: float | None = None
    sent: int = 0
    answers: dict[int, PollResult] = field(default_factory=dict)

    def send(self) -> PollResult:
        self.sent += 1
        self.answers = self.work()
        return next(iter(self.answers.values()), PENDING)


@dataclass(eq=False)
class Group:
    """Waits that are answered together, each by itself for the ``loners``; ``took``: seconds that a request takes.

    ``pages``: requests that a poll takes; ``time_limit``: seconds after which each is given up.
    """

    clock: Clock
    says: Says
    sleep: Callable[[float], None] = lambda _seconds: None
    took: float = 0.0
    loners: frozenset[int] = frozenset()
    quota: Quota = field(default_factory=lambda: Quota("lane", Limiter()))
    pages: int = 1
    time_limit: float | None = None
    asked: list[tuple[float, list[int]]] = field(default_factory=list)

    def asks_alone(self, number: int) -> bool:
        del number
        return False

    def plan(self, members: Sequence[int]) -> Sequence[Sequence[int]]:
        return [members]

    def whose(self, request: Any, members: Set[int]) -> Set[int]:
        del request
        return members

    def requests(self, number: int) -> int:
        del number
        return self.pages

    def ask(self, members: Sequence[int], seconds: float | None) -> Generator[Asked, PollResult, Reply]:
        del seconds

        def work() -> dict[int, PollResult]:
            self.asked.append((self.clock.now - 1000, list(members)))
            if self.took:
                self.sleep(self.took)
            at = self.clock.now - 1000
            return {number: self.says(number, at) for number in members}

        for _page in range(self.pages):
            request = Asked(work, self.time_limit)
            answer = yield request
        if answer.error is not None and answer.error.code == NO_ANSWER.code:
            return Reply(dict.fromkeys(members, answer))
        lonely = [number for number in members if number in self.loners] if len(members) > 1 else []
        answers = {number: answer for number, answer in request.answers.items() if number not in lonely}
        return Reply(answers, [[number] for number in lonely])
