# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives one wait: makes the polls and the sleeps that the loop asks for, and tells the listeners."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from .events import BeforeAttempt, BeforeSleep, Ended, Event
from .outcome import Outcome
from .poll_loop import Cancelled
from .poll_result import PollResult


def cancel(
    wait: Generator[Event, PollResult | None, None], listeners: Iterable[Callable[[Event], None]] = ()
) -> Outcome:
    """End a wait that nobody needs any more, wherever it stands."""
    event = wait.throw(Cancelled())
    for listener in listeners:
        listener(event)
    if not isinstance(event, Ended):
        raise TypeError(f"a wait that is cancelled has ended, and is not at {type(event).__name__}")
    return event.outcome


def run_wait(
    wait: Generator[Event, PollResult | None, None],
    poll: Callable[[float | None], PollResult],
    sleep: Callable[[float], None],
    listeners: Iterable[Callable[[Event], None]] = (),
) -> Outcome:
    """Run a wait to its end. ``poll`` is given the seconds that it may take (None: no bound)."""
    heard = tuple(listeners)
    event = next(wait)
    while True:
        for listener in heard:
            listener(event)
        answer = None
        if isinstance(event, BeforeAttempt):
            answer = poll(event.budget)
        elif isinstance(event, BeforeSleep):
            sleep(event.seconds)
        elif isinstance(event, Ended):
            return event.outcome
        event = wait.send(answer)
