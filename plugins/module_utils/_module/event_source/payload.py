# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of the source: what a rulebook gets of a wait that has ended or changed, and of what went wrong."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ansible.module_utils.common.parameters import remove_values

from ..._aws.response import plain
from ..._definition.problem import BadInput
from ..._definition.text import for_people
from ..._engine.events import AfterAttempt
from ..._engine.outcome import Ending, Outcome
from ..._engine.schedule import Schedule
from ..entries import Entry
from ..exit import MOST_WARNINGS, problem_rows, readable, sentence
from ..result import result

if TYPE_CHECKING:
    from ..diagnose import Why

Event = dict[str, Any]
ENDED, CHANGED, FAULT = "ended", "changed", "fault"


class Payloads:
    """Makes events. ``secrets`` are masked in them."""

    def __init__(self, secrets: set[str]) -> None:
        self._secrets = secrets

    def ended(
        self, entry: Entry, schedule: Schedule, outcome: Outcome, calls: int, why: Why | None, origin: str | None
    ) -> Event:
        """The result of a wait."""
        return self._of_wait(ENDED, entry, schedule, outcome, calls, why, origin)

    def changed(self, entry: Entry, schedule: Schedule, seen: AfterAttempt, calls: int, origin: str | None) -> Event:
        """The result as it would be if the wait ended now; its outcome is ``pending``."""
        outcome = Outcome(Ending.PENDING, seen.attempt, seen.elapsed, seen.verdict, seen.answer)
        return self._of_wait(CHANGED, entry, schedule, outcome, calls, None, origin)

    def fault(self, message: str, problems: BadInput | None = None, origin: str | None = None) -> Event:
        """Something went wrong that is no wait's result. ``origin``: the file that it is about."""
        nothing = dict.fromkeys(("name", "service", "waiter"))
        rows = {} if problems is None else {"problems": problem_rows(problems)}
        text = message if problems is None else f"{message}: {sentence(problems)}"
        return self._made(FAULT, {**nothing, "outcome": Ending.ERROR.value, "msg": text, **rows}, origin)

    def _of_wait(
        self,
        kind: str,
        entry: Entry,
        schedule: Schedule,
        outcome: Outcome,
        calls: int,
        why: Why | None,
        origin: str | None,
    ) -> Event:
        returned, warnings = result(entry.request, schedule, outcome, calls, why=why)
        del returned["changed"]
        different = list(dict.fromkeys(for_people(warning) for warning in plain(warnings)))[:MOST_WARNINGS]
        return self._made(kind, {"name": entry.name, **returned, "warnings": different}, origin)

    def _made(self, kind: str, returned: Mapping[str, Any], origin: str | None) -> Event:
        # other threads may add secrets meanwhile
        event: Event = remove_values(readable(plain(returned)), set(self._secrets))
        event["meta"] = {"event": kind, "uuid": str(uuid.uuid4()), "repeated": False, "file": origin}
        return event
