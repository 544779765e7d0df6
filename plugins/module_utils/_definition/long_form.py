# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long form: an entry of botocore's waiters-2, with snake_case accepted beside its camelCase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .fields import Fields
from .model import Acceptor, Matcher, State
from .problem import Problem, cite

KEYS = {"acceptors": "acceptors"}
ACCEPTOR_KEYS = {"state": "state", "matcher": "matcher", "argument": "argument", "expected": "expected"}


def read_acceptors(layers: Sequence[Fields]) -> tuple[Acceptor, ...]:
    """The acceptors of the nearest layer, then those of the next."""
    return tuple(
        acceptor for fields in layers for item in each_acceptor(fields) for acceptor in _read_acceptor(item, fields)
    )


def each_acceptor(fields: Fields) -> Iterator[Fields]:
    """The fields of each item of ``acceptors``; of whatever is no mapping a problem is noted."""
    raw, where = fields.raw("acceptors"), fields.path("acceptors")
    if "acceptors" not in fields:
        return
    if not isinstance(raw, (list, tuple)):
        fields.problems.append(Problem(where, f"must be a list of acceptors, not {cite(raw)}"))
        return
    if not raw:
        fields.problems.append(Problem(where, "is an empty list"))
    for index, item in enumerate(raw):
        at = f"{where}[{index}]"
        if isinstance(item, Mapping):
            yield Fields(item, ACCEPTOR_KEYS, at)
        else:
            text = f"must be a mapping of state, matcher and expected, not {cite(item)}"
            fields.problems.append(Problem(at, text))


def _read_acceptor(fields: Fields, within: Fields) -> Iterator[Acceptor]:
    state = fields.choice("state", State, required=True)
    matcher = fields.choice("matcher", Matcher, required=True)
    if matcher is not None and not matcher.takes_path and "argument" in fields:
        fields.note("argument", f"the matcher {matcher.value} takes no argument")
    argument = fields.expression("argument", required=True) if matcher is not None and matcher.takes_path else None
    if fields.raw("expected") is None:
        fields.note("expected", "is missing")
    expected = fields.scalars("expected")
    within.problems.extend(fields.problems)
    if state is not None and matcher is not None and not fields.problems:
        at, places = fields.path("argument"), fields.places("expected")
        yield Acceptor(state, matcher, expected, argument, argument_at=at, expected_at=places)
