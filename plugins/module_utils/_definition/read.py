# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a definition: finds the dialect of each mapping and reads it with everything that it extends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from . import long_form, php2, short_form, smithy
from .fields import Fields
from .model import Acceptor, Backoff, Definition, Fragment, Settle, Source, State
from .problem import Problem, cite

_COMMON = {
    "operation": "operation",
    "extends": "extends",
    "description": "description",
    "delay": "delay",
    "maxAttempts": "max_attempts",
    "max_attempts": "max_attempts",
    "backoff": "backoff",
    "maxDelay": "max_delay",
    "max_delay": "max_delay",
    "message": "message",
    "initialDelay": "initial_delay",
    "initial_delay": "initial_delay",
    "consecutive": "consecutive",
    "settle": "settle",
    "evidence": "evidence",
    "because": "because",
    "diagnose": "diagnose",
}
_SETTLE = {key: _COMMON[key] for key in ("initialDelay", "initial_delay", "consecutive")}
_DIALECTS: Mapping[str, Any] = {
    "botocore's": long_form,
    "the short form's": short_form,
    "Smithy's": smithy,
    "PHP's": php2,
}
_SPELLINGS = {
    key: name for keys in (_COMMON, *(dialect.KEYS for dialect in _DIALECTS.values())) for key, name in keys.items()
}

Value = TypeVar("Value")


class Layer(NamedTuple):
    """One mapping in a chain of inheritance, and its path.

    ``borrowed``: it is a built-in or from the catalogue. ``changes``: the corrections that were applied to it.
    """

    raw: Mapping[Any, Any]
    at: str = ""
    borrowed: bool = False
    changes: tuple[Mapping[str, Any], ...] = ()


class Reading(NamedTuple):
    """What could be read. ``definition`` has the valid parts (None: nothing), ``problems`` all problems.

    ``fragments``: the readable parts of invalid acceptors. ``complete``: none of these may lead to success.
    ``whole``: everything that the definition extends was found.
    """

    definition: Definition | None
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    fragments: tuple[Fragment, ...] = ()
    whole: bool = True


def read_definition(raw: Any, name: str | None = None, source: Source = Source.INLINE, at: str = "") -> Reading:
    """Read one definition that extends nothing, in any dialect."""
    if not isinstance(raw, Mapping):
        return Reading(None, (Problem(at, f"a definition must be a mapping, not {cite(raw)}"),))
    return read_layers([Layer(raw, at)], name, source)


def read_layers(
    layers: Sequence[Layer], name: str | None = None, source: Source = Source.INLINE, whole: bool = True
) -> Reading:
    """Read a definition and all that it extends, nearest first. ``whole``: these are all; else more may be inherited.

    For single values the nearest layer that has one wins; the acceptors of the nearest layer are evaluated first.
    Adjacent layers in the short form or in PHP's are read together, so that a layer may use the path of the next.
    """
    all_fields = [Fields(layer.raw, _SPELLINGS, layer.at, whole) for layer in layers]
    first = all_fields[0]
    dialects = [_dialect(fields) for fields in all_fields]
    holder, operation, is_borrowed = _operation(all_fields, layers)
    acceptors: list[Acceptor] = []
    fragments: list[Fragment] = []
    borrowed_at = tuple(f"{layer.at}." for layer in layers if layer.borrowed and is_borrowed)
    spoken = [(dialect, fields) for dialect, fields in zip(dialects, all_fields, strict=True) if dialect is not None]
    for dialect, group in groupby(spoken, key=itemgetter(0)):
        related = [fields for _same, fields in group]
        earlier = _problems(related)
        for found in _DIALECTS[dialect].read_acceptors(related):
            if isinstance(found, Fragment):
                fragments.append(found)
            else:
                borrowed = all(place.startswith(borrowed_at) for place in found.expected_at)
                acceptors.append(replace(found, borrowed=borrowed, origin=related[0].at))
        has_lists = _DIALECTS[dialect].KEYS is not long_form.KEYS and dialect != "Smithy's"
        is_understood = _problems(related) == earlier and not any(fields.unknown for fields in related)
        if has_lists and not is_understood:
            fragments.append(Fragment())  # any list that couldn't be read may have led to success
    if not spoken and whole:
        text = "a definition needs acceptors, or path with success (and failure, pending), or success_errors"
        first.problems.append(Problem(first.at, text))
    changes = tuple(change for layer in layers for change in layer.changes)
    definition = replace(
        _read_common(all_fields, "Smithy's" in dialects),
        operation=operation or "",
        acceptors=tuple(acceptors),
        name=name,
        source=source,
        gone_once_seen=any(change.get("gone") for change in changes),
        corrections=changes,
        at=first.at,
        operation_at=holder.path("operation"),
    )
    problems = _problems(all_fields)
    is_lost = not spoken or any(part.state in (None, State.SUCCESS) for part in fragments)
    complete = whole and not (problems and is_lost)
    return Reading(definition, problems, complete, tuple(fragments), whole)


def _problems(layers: Sequence[Fields]) -> tuple[Problem, ...]:
    return tuple(problem for fields in layers for problem in fields.problems)


def _operation(all_fields: Sequence[Fields], layers: Sequence[Layer]) -> tuple[Fields, str | None, bool]:
    """The nearest layer that names the operation, the operation, and whether that layer is a borrowed one.

    A borrowed waiter that polls a different operation must be checked like the user's own.
    """
    for fields, layer in zip(all_fields, layers, strict=True):
        if fields.raw("operation") is not None:
            return fields, fields.text("operation"), layer.borrowed
    all_fields[0].miss("operation")
    return all_fields[0], None, False


def _read_common(layers: Sequence[Fields], is_smithy: bool = False) -> Definition:
    """Everything except the operation and the acceptors, each from the nearest layer that has it."""

    def nearest(read: Callable[[Fields], Value | None]) -> Value | None:
        found = [value for value in map(read, layers) if value is not None]
        return found[0] if found else None

    for fields in layers:
        fields.text("extends")
    delay = nearest(lambda fields: fields.seconds("delay"))
    max_delay = nearest(lambda fields: fields.seconds("max_delay"))
    backoff = nearest(lambda fields: fields.choice("backoff", Backoff))
    if is_smithy:
        delay = smithy.MIN_DELAY if delay is None else delay
        max_delay = max(smithy.MAX_DELAY, delay) if max_delay is None else max_delay
        backoff = backoff or Backoff.EXPONENTIAL
    if max_delay is not None and delay is not None and max_delay < delay:
        holder = next((fields for fields in layers if "max_delay" in fields), layers[0])
        holder.note("max_delay", f"{max_delay:g} s is less than delay ({delay:g} s)")
    max_attempts = nearest(lambda fields: fields.count("max_attempts"))
    consecutive = nearest(lambda fields: fields.count("consecutive"))
    settle = nearest(_settle)
    if max_attempts is not None:
        for key, count in (("consecutive", consecutive), ("settle", settle and settle.consecutive)):
            if count is not None and count > max_attempts:
                holder = next((fields for fields in layers if key in fields), layers[0])
                holder.note(key, f"{count} in a row can't be reached within max_attempts ({max_attempts})")
    saying = next((fields for fields in layers if "message" in fields), layers[0])
    return Definition(
        operation="",
        acceptors=(),
        delay=delay,
        max_attempts=max_attempts,
        backoff=backoff,
        max_delay=max_delay,
        initial_delay=nearest(lambda fields: fields.seconds("initial_delay")),
        consecutive=consecutive,
        settle=settle,
        diagnosis=nearest(_diagnosis) or (),
        evidence=tuple(text for fields in layers for text in _evidence(fields)),
        message=nearest(lambda fields: fields.expression("message")),
        description=nearest(lambda fields: fields.text("description")) or "",
        message_at=saying.path("message"),
    )


def _settle(fields: Fields) -> Settle | None:
    """The timing after a change."""
    raw = fields.raw("settle")
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        fields.note("settle", f"must map initial_delay and consecutive, not be {cite(raw)}")
        return None
    own = Fields(raw, _SETTLE, fields.path("settle"))
    found = Settle(own.seconds("initial_delay"), own.count("consecutive"))
    fields.problems.extend(own.problems)
    return found


def _diagnosis(fields: Fields) -> tuple[Any, ...] | None:
    """The steps that look for the cause of a failure."""
    if fields.raw("diagnose") is None:
        return None
    from .diagnosis import read_diagnosis  # few definitions have one

    steps, problems = read_diagnosis(fields.raw("diagnose"), fields.path("diagnose"))
    fields.problems.extend(problems)
    return steps


def _evidence(fields: Fields) -> list[str]:
    """Where the states come from. ``because``, why a state is judged against that, is a text or one for each value."""
    because = fields.raw("because")
    if because is not None and not isinstance(because, (str, Mapping)):
        fields.note("because", f"must be a string, or map values to strings, not {cite(because)}")
    return [str(text) for text, _at in fields.listed("evidence")]


def _dialect(fields: Fields) -> str | None:
    """The dialect of a mapping; None if it has only an operation and timing."""
    own = {
        name: [key for key in dict.fromkeys(dialect.KEYS.values()) if key not in _COMMON.values()]
        for name, dialect in _DIALECTS.items()
    }
    keys = {name: fields.given(candidates) for name, candidates in own.items()}
    names = [name for name, used in keys.items() if used]
    if not names:  # else a misspelt key tells the dialect
        names = [name for name, candidates in own.items() if any(key in fields for key in candidates)][:1]
    if "acceptors" in fields and smithy.is_smithy(fields.raw("acceptors")):
        names = ["Smithy's", *(name for name in names if name not in ("botocore's", "Smithy's"))]
    if len(names) > 1:
        where = "acceptors" if "acceptors" in fields else keys[names[0]][0]
        fields.note(where, f"can't be mixed with {names[1]} keys ({', '.join(sorted(keys[names[1]]))})")
    return names[0] if names else None


def can_succeed(definition: Definition) -> bool:
    return any(acceptor.state is State.SUCCESS for acceptor in definition.acceptors)
