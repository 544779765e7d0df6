# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a wait has come, so that another process can go on with it."""

from __future__ import annotations

from collections.abc import Sequence

from .outcome import StateChange


class Checkpoint:
    """The progress of one wait, in seconds since it began. The poll loop keeps all but ``elapsed`` and ``changes``.

    ``elapsed``: when it goes on; ``due``: when its next attempt is, None before it began; ``seen``: the labels of the
    resources that a response held; ``successes``: attempts in a row; ``transient_spent``: what transient errors have
    cost so far; ``changes``: its timeline until it goes on.
    """

    def __init__(
        self,
        elapsed: float = 0.0,
        due: float | None = None,
        attempts: int = 0,
        seen: frozenset[str] = frozenset(),
        successes: int = 0,
        transient_spent: float = 0.0,
        changes: Sequence[StateChange] = (),
    ) -> None:
        self.elapsed, self.due, self.attempts, self.seen = elapsed, due, attempts, seen
        self.successes, self.transient_spent, self.changes = successes, transient_spent, changes
