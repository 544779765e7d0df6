# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long form: an entry of botocore's waiters-2, with snake_case accepted beside its camelCase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .fields import Fields
from .model import Acceptor, Matcher, State
from .problem import Problem, cite

KEYS = {"acceptors": "acceptors"}
_ACCEPTOR_KEYS = {"state": "state", "matcher": "matcher", "argument": "argument", "expected": "expected"}


def read_acceptors(fields: Fields) -> tuple[Acceptor, ...]:
    raw = fields.raw("acceptors")
    where = fields.path("acceptors")
    if not isinstance(raw, (list, tuple)):
        fields.problems.append(Problem(where, f"must be a list of acceptors, not {cite(raw)}"))
        return ()
    if not raw:
        fields.problems.append(Problem(where, "is an empty list"))
    acceptors = []
    for index, item in enumerate(raw):
        at = f"{where}[{index}]"
        if not isinstance(item, Mapping):
            fields.problems.append(Problem(at, f"must be a mapping of state, matcher and expected, not {cite(item)}"))
            continue
        acceptor, problems = _read_acceptor(item, at)
        fields.problems.extend(problems)
        if acceptor is not None:
            acceptors.append(acceptor)
    return tuple(acceptors)


def _read_acceptor(raw: Mapping[Any, Any], at: str) -> tuple[Acceptor | None, list[Problem]]:
    fields = Fields(raw, _ACCEPTOR_KEYS, at)
    state = fields.choice("state", State, required=True)
    matcher = fields.choice("matcher", Matcher, required=True)
    if matcher is not None and not matcher.takes_path and "argument" in fields:
        fields.problems.append(Problem(fields.path("argument"), f"the matcher {matcher.value} takes no argument"))
    argument = fields.expression("argument", required=True) if matcher is not None and matcher.takes_path else None
    if fields.raw("expected") is None:
        fields.problems.append(Problem(fields.path("expected"), "is missing"))
    expected = fields.scalars("expected")
    if state is None or matcher is None or fields.problems:
        return None, fields.problems
    return (
        Acceptor(
            state,
            matcher,
            expected,
            argument,
            argument_at=fields.path("argument"),
            expected_at=fields.path("expected"),
        ),
        [],
    )
