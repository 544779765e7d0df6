# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others wait for, from a file of their waits.

``waits.json`` holds facts that were read from the sources of the Terraform AWS provider (5.46 of 2024-04, single newer
files) and of Airflow's Amazon provider (9.39). Each entry has the ``source``, ``file`` and ``function`` that it comes
from, and what that function polls and waits for: ``service`` (boto3's name), ``operation``, ``path`` of the state,
``pending`` (states that it waits through), ``target``, ``failure``, ``timeout`` and ``delay`` (before the first look)
in seconds, ``poll_interval``, ``continuous_target`` (how often in a row the target must be seen) and ``not_found``
(``ok``: its goal). Any key may be missing. An entry lists what its authors have met: no list is complete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("waits.json")
ENDED = re.compile(
    r"(deleted|terminated|deregistered|dis?associated|detached|removed|archived|gone)(.with.errors)?$", re.IGNORECASE
)
"""How a state is called that a resource is in, or was in last, when it has gone."""
CHANGES = re.compile(r"updat|modif|chang|afteruse|resiz|scal|upgrad|reboot|insync|moving", re.IGNORECASE)
"""How a change of something is called that is there before and after it."""
LEAVES = re.compile(r"deleting|terminating|delete.in.progress|delete.pending|shutting.down", re.IGNORECASE)
"""How a state is called that leads nowhere but to the deletion."""
_FAILED = re.compile(r"fail|error|rollback|unsuccessful", re.IGNORECASE)
_EVENTS = {
    "create": re.compile(r"creat|exist|launch|register(?<!deregister)", re.IGNORECASE),
    "update": re.compile(r"updat|modif|upgrad|resiz", re.IGNORECASE),
    "delete": re.compile(r"delet|terminat|not_exist", re.IGNORECASE),
    "part": re.compile(r"detach|disassoc|deregist|(associat|attach|registr|permission|member).*delet", re.IGNORECASE),
    "roll back": re.compile(r"roll_?back", re.IGNORECASE),
    "cancel": re.compile(r"cancel", re.IGNORECASE),
}


def events(name: str) -> set[str]:
    """The events, if any, that a waiter or a function awaits by its name. A state at rest (stopped) is none."""
    return {event for event, words in _EVENTS.items() if words.search(name)}


class Wait(NamedTuple):
    """One wait of somebody else's."""

    source: str
    file: str
    function: str
    service: str
    operations: tuple[str, ...]
    paths: tuple[str, ...]
    pending: tuple[str, ...]
    target: tuple[str, ...]
    failure: tuple[str, ...]
    timeout: float | None
    delay: float
    poll_interval: float | None
    continuous_target: int
    not_found: str

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Wait:
        """The wait of an entry, whatever that lacks."""
        return cls(
            source=_text(entry.get("source")),
            file=_text(entry.get("file")),
            function=_text(entry.get("function")),
            service=_text(entry.get("service")),
            operations=_texts(entry.get("operation")),
            paths=_texts(entry.get("path")),
            pending=_texts(entry.get("pending")),
            target=_texts(entry.get("target")),
            failure=_texts(entry.get("failure")),
            timeout=max(_numbers(entry.get("timeout")), default=None),
            delay=max(_numbers(entry.get("delay")), default=0),
            poll_interval=max(_numbers(entry.get("poll_interval")), default=None),
            continuous_target=int(max(_numbers(entry.get("continuous_target")), default=1)),
            not_found=_text(entry.get("not_found")),
        )

    @property
    def awaits_deletion(self) -> bool:
        """Whether its goal is that something is gone."""
        return all(ENDED.search(state) for state in self.target) if self.target else self.not_found == "ok"

    @property
    def awaits_any_end(self) -> bool:
        """Whether its targets are states in which things are over, well or not, for the caller to look at."""
        return len(self.goals) < len(self.target)

    @property
    def goals(self) -> tuple[str, ...]:
        """The targets without those in which things went wrong or, where not all are such, have ended."""
        ended = all(ENDED.search(state) for state in self.target)
        return tuple(state for state in self.target if not _FAILED.search(state) and (ended or not ENDED.search(state)))

    @property
    def awaits_change(self) -> bool:
        """Whether it follows a change of something that is there: by its name, or by what it waits through."""
        if events(self.function) - {"update"}:
            return False
        return any(CHANGES.search(text) for text in (self.function, *self.pending))

    @property
    def distrusts_first_look(self) -> bool:
        """Whether it looks late, or more than once. A delay as long as the interval says nothing (Airflow's)."""
        is_late = self.delay >= 30 and (self.poll_interval is None or self.delay > self.poll_interval)
        return is_late or self.continuous_target >= 2

    def __str__(self) -> str:
        return f"{self.source}: {self.file}:{self.function}"


def read(path: Path = FILE) -> list[Wait]:
    """The waits of a file; those that name no service or operation are left out."""
    entries = json.loads(path.read_text(encoding="utf-8"))
    waits = [Wait.of(entry) for entry in entries if isinstance(entry, Mapping)]
    return [wait for wait in waits if wait.service and wait.operations]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    """The texts of a list or a single one, without those that couldn't be resolved (``?…``)."""
    texts = value if isinstance(value, list) else [value]
    return tuple(text for text in texts if isinstance(text, str) and text and not text.startswith("?"))


def _numbers(value: Any) -> list[float]:
    numbers = value if isinstance(value, list) else [value]
    return [float(number) for number in numbers if isinstance(number, (int, float)) and not isinstance(number, bool)]
