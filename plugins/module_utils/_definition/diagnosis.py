# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where AWS keeps the cause of a failure, as data: the key ``diagnose`` of a definition, and the catalogue's diagnoses.

A step asks ``operation`` (of ``service``, if that isn't the waiter's) with ``params``, and reads causes from the
response; without an operation it reads the wait's own last response. Values of ``params`` are JMESPath expressions of:

``input``, ``output``  the wait's parameters, and the part of its last response that is about the resource
``resource``           the resource's id as the task gave it, null if the parameters don't name one
``since``              one hour before the wait began, as ISO 8601
``previous``           the response of the step before
``cause``              the item of the step before with the first cause

A parameter is left out if it reads only ``input`` and is null: the wait does without it too. If any other is null, the
step isn't asked: many operations are about all resources if they get no id.

``items`` selects the items that may be causes, and ``texts``, ``time``, ``name``, ``type`` and ``state`` are asked of
each item; without ``items`` the whole response is the only one. ``start`` is a condition that items meet with which the
awaited change began: older ones are left out. Without it those from before ``since`` are. ``leave_out`` is a condition
of items that are only consequences. ``first`` says which item is the cause, the ``oldest`` or the ``newest``; items
without a time are of the same moment, and the message names them all. ``tail`` marks the last lines of a log. ``when``
is a condition, over the variables above, for the step to be taken. ``then`` is the next step, also after one that AWS
refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from .expression import Expression, ExpressionError
from .fields import Fields
from .problem import Checked, Problem, cite, path_to, short

MOST_STEPS = 3


class First(str, Enum):
    """Which of several items is the cause."""

    OLDEST = "oldest"
    NEWEST = "newest"


class Step(NamedTuple):
    """One step of a diagnosis. ``at``: where it was written. In ``params``
    None stands for an expression with a mistake. The other fields are described above."""

    operation: str | None = None
    service: str | None = None
    params: Mapping[str, Expression | None] = {}
    items: Expression | None = None
    texts: Expression | None = None
    time: Expression | None = None
    name: Expression | None = None
    type: Expression | None = None
    state: Expression | None = None
    start: Expression | None = None
    leave_out: Expression | None = None
    when: Expression | None = None
    first: First = First.OLDEST
    tail: bool = False
    at: str = ""


OF_ITEM = ("texts", "time", "name", "type", "state", "start", "leave_out")
_EXPRESSIONS = ("items", "when", *OF_ITEM)
_KEYS = {key: key for key in (*_EXPRESSIONS, "operation", "service", "params", "first", "tail", "then", "evidence")}


def read_diagnosis(raw: Any, at: str) -> Checked[tuple[Step, ...]]:
    """The steps of a diagnosis; with what is wrong with its form."""
    steps: list[Step] = []
    problems: list[Problem] = []
    while raw is not None:
        if not isinstance(raw, Mapping):
            problems.append(Problem(at, f"a diagnosis must be a mapping, not {cite(raw)}"))
            break
        if len(steps) == MOST_STEPS:
            problems.append(Problem(at, f"is one step too many; a diagnosis has at most {MOST_STEPS}"))
            break
        fields = Fields(raw, _KEYS, at)
        steps.append(_step(fields))
        problems.extend(fields.problems)
        raw, at = fields.raw("then"), fields.path("then")
    if steps and not problems and all(step.texts is None for step in steps):
        problems.append(Problem(steps[-1].at, "has no texts, so it can't find a cause"))
    return tuple(steps), problems


def _step(fields: Fields) -> Step:
    expressions = {key: fields.expression(key) for key in _EXPRESSIONS}
    tail = fields.raw("tail")
    if tail is not None and not isinstance(tail, bool):
        fields.note("tail", f"must be true or false, not {cite(tail)}")
    operation = fields.text("operation")
    if "params" in fields and operation is None:
        fields.note("params", "needs an operation to be sent with")
    return Step(
        operation=operation,
        service=fields.text("service"),
        params=dict(_params(fields)),
        first=fields.choice("first", First) or First.OLDEST,
        tail=tail is True,
        at=fields.at,
        **expressions,
    )


def _params(fields: Fields) -> Iterator[tuple[str, Expression | None]]:
    raw, at = fields.raw("params"), fields.path("params")
    if raw is None:
        return
    if not isinstance(raw, Mapping):
        fields.note("params", f"must map parameters to JMESPath expressions, not be {cite(raw)}")
        return
    for name, text in raw.items():
        where = path_to(at, name)
        if not isinstance(text, str):
            fields.problems.append(Problem(where, f"must be a JMESPath expression, not {cite(text)}"))
            yield str(name), None
            continue
        try:
            yield str(name), Expression(text)
        except ExpressionError as error:
            problem = f"{cite(text)} is not a JMESPath expression: {short(str(error), 160)}"
            fields.problems.append(Problem(where, problem))
            yield str(name), None
