# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What event logs add to the waits of a report: when transient errors happened, and each change as it was shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..module_utils._definition.text import for_people
from ._report_waits import Fault, State, Wait, key_of, states_of

LARGEST_READ = 16_000_000
"""Bytes at the end of an event log that are read: it may hold the waits of years."""
MOST_EVENTS = 500
"""States, and transient errors, that are kept of one wait."""
LONGEST_FAULT = 200
COMPARED = 500
"""Characters of a message that are compared: in the result, the cause of a failure may follow."""
SAME_TIME = 1.0
"""Seconds by which a wait may be longer in its result than in the log."""


class _Logged(NamedTuple):
    elapsed: float
    polls: int
    states: tuple[State, ...]
    faults: tuple[Fault, ...]


_Waits = dict[tuple[str, ...], dict[str, list[_Logged]]]
"""The waits of a log, by what they are about and by their messages."""


def with_logs(waits: Iterable[Wait], since: str) -> Iterator[Wait]:
    """The waits, completed from their event logs. ``since``: when the run began, as in the key ``time``."""
    logs: dict[str, _Waits] = {}
    for wait in waits:
        if wait.log is None:
            yield wait
            continue
        path = wait.log.path
        if path not in logs:
            logs[path] = _read(Path(path), since)
        found = _taken(logs[path].get(wait.log.about, {}), wait)
        if found is None:
            yield wait
        else:
            yield wait._replace(states=found.states or wait.states, faults=found.faults, polls=found.polls)


def _taken(logged: dict[str, list[_Logged]], wait: Wait) -> _Logged | None:
    """The logged wait with the same message that took the same time; it is taken only once."""
    message = wait.message[:COMPARED]
    if message not in logged:
        message = next((begin for begin in logged if begin and wait.message.startswith(begin)), "")
    same = logged.get(message, [])
    nearest = min(same, key=lambda found: abs(found.elapsed - wait.elapsed), default=None)
    if nearest is None or abs(nearest.elapsed - wait.elapsed) > SAME_TIME:
        return None
    same.remove(nearest)
    return nearest


def _read(path: Path, since: str) -> _Waits:
    """The waits of a log that ended since then. A log on another machine, or in a pipe, can't be read."""
    found: _Waits = defaultdict(lambda: defaultdict(list))
    events: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for line in _lines(path):
        try:
            event = json.loads(line)
            if event["time"] < since:
                continue
            if event["event"] in ("after_attempt", "faulted"):
                events[event["wait"]].append(event)
            elif event["event"] == "ended":
                about = key_of(event["host"], event["service"], event["waiter"], event["operation"], event["outcome"])
                logged = _logged(event, events.pop(event["wait"], []))
                found[about][for_people(str(event.get("msg") or ""))[:COMPARED]].append(logged)
        except (LookupError, TypeError, ValueError):  # not a line of ours
            continue
    return found


def _lines(path: Path) -> Iterator[bytes]:
    try:
        if not path.is_file():  # reading from a pipe would take events away, or wait for some
            return
        with path.open("rb") as file:
            begin = max(0, path.stat().st_size - LARGEST_READ)
            file.seek(begin)
            if begin:
                file.readline()
            yield from file
    except OSError:  # the report does without
        return


def _logged(ended: Mapping[str, Any], events: list[Mapping[str, Any]]) -> _Logged:
    changes = [event for event in events if event["event"] == "after_attempt" and event["changed"]]
    faults = [event for event in events if event["event"] == "faulted"]
    return _Logged(
        float(ended["elapsed"]),
        int(ended["attempts"]),
        states_of((float(event["elapsed"]), str(event["summary"])) for event in changes[:MOST_EVENTS]),
        tuple(
            Fault(float(event["elapsed"]), str(event["kind"]), for_people(_text(event), LONGEST_FAULT))
            for event in faults[:MOST_EVENTS]
        ),
    )


def _text(fault: Mapping[str, Any]) -> str:
    return ": ".join(str(part) for part in (fault.get("code"), fault.get("message")) if part)
