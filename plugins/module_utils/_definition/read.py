# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what somebody wrote to the one model: finds the dialect and reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import long_form, short_form
from .fields import Fields
from .model import Backoff, Definition, Source, State
from .problem import Problem, cite

_COMMON = {
    "operation": "operation",
    "description": "description",
    "delay": "delay",
    "maxAttempts": "max_attempts",
    "max_attempts": "max_attempts",
    "backoff": "backoff",
    "maxDelay": "max_delay",
    "max_delay": "max_delay",
    "message": "message",
}


@dataclass(frozen=True)
class Reading:
    """What could be read. ``definition`` holds the sound parts (None: nothing), ``problems`` all that was wrong.

    ``complete``: no acceptor had to be left out.
    """

    definition: Definition | None
    problems: tuple[Problem, ...] = ()
    complete: bool = True


def read_definition(raw: Any, name: str | None = None, source: Source = Source.INLINE) -> Reading:
    """Read one definition, in the long or the short form."""
    if not isinstance(raw, Mapping):
        return Reading(None, (Problem("", f"a definition must be a mapping, not {cite(raw)}"),))
    keys = {str(key) for key in raw}
    long, short = keys & long_form.KEYS.keys(), keys & short_form.KEYS.keys()
    dialect = short_form if short and not long else long_form
    # a key of the other form is reported as a mixture, not as unknown
    fields = Fields(raw, {**_COMMON, **long_form.KEYS, **short_form.KEYS})
    misspelt = bool(fields.problems)
    operation = fields.text("operation", required=True)
    before = len(fields.problems)
    if long and short:
        mixed = ", ".join(sorted(short))
        fields.problems.append(Problem("acceptors", f"can't be mixed with the short form's keys ({mixed})"))
    if long or short:
        acceptors = dialect.read_acceptors(fields)
    else:
        acceptors = ()
        fields.problems.append(
            Problem("", "a definition needs acceptors, or path with success (and failure, pending), or success_errors")
        )
    complete = not misspelt and len(fields.problems) == before
    delay, max_delay = fields.seconds("delay"), fields.seconds("max_delay")
    if max_delay is not None and delay is not None and max_delay < delay:
        fields.problems.append(Problem(fields.path("max_delay"), f"{max_delay:g} s is less than delay, {delay:g} s"))
    definition = Definition(
        operation=operation or "",
        acceptors=acceptors,
        name=name,
        source=source,
        delay=delay,
        max_attempts=fields.count("max_attempts"),
        backoff=fields.choice("backoff", Backoff),
        max_delay=max_delay,
        message=fields.expression("message"),
        description=fields.text("description") or "",
    )
    return Reading(definition, tuple(fields.problems), complete)


def read_definitions(raw: Any) -> dict[str, Reading]:
    """Read a mapping of names to definitions, or a whole waiters-2 document (``{version: 2, waiters: {…}}``)."""
    if isinstance(raw, Mapping) and isinstance(raw.get("waiters"), Mapping) and set(raw) <= {"version", "waiters"}:
        if raw.get("version", 2) not in (2, "2"):
            return {"version": Reading(None, (Problem("", f"must be 2, not {cite(raw['version'])}"),))}
        raw = raw["waiters"]
    if not isinstance(raw, Mapping):
        return {"definitions": Reading(None, (Problem("", f"must map names to definitions, not {cite(raw)}"),))}
    return {str(name): read_definition(entry, str(name)) for name, entry in raw.items()}


def can_succeed(definition: Definition) -> bool:
    return any(acceptor.state is State.SUCCESS for acceptor in definition.acceptors)
