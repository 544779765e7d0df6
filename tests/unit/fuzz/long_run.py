# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many examples are tried: a few that are always the same, or with ``make fuzz`` many new ones."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from hypothesis import settings

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
TIMES = int(os.environ.get("FUZZ_TIMES", "40"))
"""The factor for the examples of the long run."""
ONE_SEED = os.environ.get("FUZZ_SEED")
"""The end of a seed that a long run has reported, to reproduce it."""
PATIENCE = 20.0
"""Seconds of CPU after which an example counts as endless: a hundred times the slowest one."""


def examples(number: int) -> settings:
    """The number of examples, multiplied in the long run."""
    return settings(max_examples=number * TIMES if IS_LONG else number)


@contextmanager
def ending() -> Iterator[None]:
    """Fails a block that takes minutes, so that it ends. Not for measuring speed."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"there is no end to it after {PATIENCE:.0f} s of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seeds(number: int, times: int = TIMES) -> list[str]:
    """So many seeds, and in the long run ``times`` as many; ``fresh`` makes new ones of them there."""
    return [ONE_SEED] if ONE_SEED else [str(place) for place in range(number * times if IS_LONG else number)]


def fresh(seed: str) -> str:
    """The seed itself, in the long run a new one; where FUZZ_SEED says one, that."""
    return f"{seed}-{secrets.randbelow(10**9)}" if IS_LONG and not ONE_SEED else seed
