# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long form: an entry of botocore's waiters-2; snake_case is accepted as well as camelCase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from .fields import Fields
from .model import Acceptor, Fragment, Matcher, State
from .problem import Problem, cite

KEYS = {"acceptors": "acceptors"}
ACCEPTOR_KEYS = {"state": "state", "matcher": "matcher", "argument": "argument", "expected": "expected"}


def read_acceptors(layers: Sequence[Fields]) -> list[Acceptor | Fragment]:
    """The acceptors of the nearest layer, then those of the next."""
    return list(read_each(layers, _read_acceptor))


def read_each(layers: Sequence[Fields], read: Callable[[Fields], Acceptor | Fragment]) -> Iterator[Acceptor | Fragment]:
    """``read`` applied to each item of ``acceptors``; an item that isn't a mapping is a problem."""
    for fields in layers:
        if "acceptors" not in fields:
            continue
        raw, where = fields.raw("acceptors"), fields.path("acceptors")
        if not isinstance(raw, (list, tuple)) or not raw:
            fields.note(
                "acceptors", "is an empty list" if raw == [] else f"must be a list of acceptors, not {cite(raw)}"
            )
            yield Fragment()
            continue
        for index, item in enumerate(raw):
            at = f"{where}[{index}]"
            if isinstance(item, Mapping):
                found = Fields(item, ACCEPTOR_KEYS, at)
                yield read(found)
                fields.problems.extend(found.problems)
            else:
                text = f"must be a mapping with state, matcher and expected, not {cite(item)}"
                fields.problems.append(Problem(at, text))
                yield Fragment()


def _read_acceptor(fields: Fields) -> Acceptor | Fragment:
    state = fields.choice("state", State, required=True)
    matcher = fields.choice("matcher", Matcher, required=True)
    if matcher is not None and not matcher.takes_path and "argument" in fields:
        fields.note("argument", f"the matcher {matcher.value} takes no argument")
    argument = None
    if matcher is None or matcher.takes_path:
        argument = fields.expression("argument", required=matcher is not None)
    if fields.raw("expected") is None:
        fields.miss("expected")
    before = len(fields.problems)
    listed = fields.listed("expected")
    expected, places = tuple(value for value, _at in listed), tuple(at for _value, at in listed)
    part = Fragment(state, matcher, expected, argument, argument_at=fields.path("argument"), expected_at=places)
    return (part.whole() if len(fields.problems) == before else None) or part
