# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiters that are there already: botocore's built-ins, corrected or as shipped, and the catalogue's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..._catalog import load
from ..._definition.correct import corrected
from ..._definition.model import Definition, Source
from ..._definition.problem import BadInput, Checked, Problem, cite, nearest
from ..._definition.read import Layer, read_layers
from ..botocore_imports import xform_name
from ..models import Models


class LibraryWaiter(NamedTuple):
    """A waiter that nobody here wrote, not read yet. ``name``: CamelCase as botocore has it."""

    name: str
    layer: Layer
    source: Source

    @property
    def definition(self) -> Definition:
        reading = read_layers([self.layer], self.name, self.source)
        if reading.definition is None or reading.problems:
            raise BadInput(reading.problems)
        return reading.definition


def find(models: Models, service: str, name: str, corrections: bool = True) -> Checked[LibraryWaiter | None]:
    """The waiter called ``name``, in snake_case or CamelCase; else a problem (no path) with the nearest name."""
    builtins = models.waiters(service)
    for own in builtins:
        if name in (own, snake_case(own)):
            return _builtin(service, own, builtins[own], corrections), []
    catalog = load.waiters(service)  # only now: to load it takes a while
    for own in catalog:
        if name in (own, camel_case(own)) or snake_case(name) == own:
            return _of_catalog(service, own, catalog[own]), []
    names = {**dict.fromkeys(builtins), **{camel_case(own): None for own in catalog}}
    return None, [_unknown(models, service, name, names)]


def shipped(models: Models, service: str, corrections: bool = True) -> Iterator[LibraryWaiter]:
    """All waiters of a service: the built-ins in botocore's order, then the catalogue's."""
    for name, raw in models.waiters(service).items():
        yield _builtin(service, name, raw, corrections)
    for name, raw in load.waiters(service).items():
        yield _of_catalog(service, name, raw)


def snake_case(name: str) -> str:
    """The waiter's name as boto3 users type it."""
    snake: str = xform_name(name)
    return snake


def waiter_name(definition: Definition) -> str | None:
    """The waiter's name as users type it; None for a definition without a name."""
    return snake_case(definition.name) if definition.name else None


def camel_case(name: str) -> str:
    """A waiter of the catalogue's name as botocore would write it."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _builtin(service: str, name: str, raw: Mapping[str, Any], corrections: bool) -> LibraryWaiter:
    changes = load.corrections(service).get(name, []) if corrections else []
    waiter, made = corrected(raw, changes)
    source = Source.CORRECTED if made else Source.BUILTIN
    return LibraryWaiter(name, Layer(waiter, f"{service} {name}", borrowed=True, changes=tuple(made)), source)


def _of_catalog(service: str, name: str, raw: Mapping[str, Any]) -> LibraryWaiter:
    return LibraryWaiter(camel_case(name), Layer(raw, f"{service} {name}", borrowed=True), Source.CATALOG)


def _unknown(models: Models, service: str, name: str, names: Mapping[str, None]) -> Problem:
    from .suggestions import is_part, sentence, services_with, without_opposites

    if not name.strip():
        return Problem("", f"is empty; name a waiter of {service}")
    spellings = [snake_case(own) for own in names] if name == name.lower() else list(names)
    near = nearest(name, without_opposites(name, spellings))
    others = [] if near is not None and is_part(name, near) else services_with(models, service, name)
    if others:
        return Problem("", f"{service} has no waiter {cite(name)}; {sentence(others)}")
    if not names:
        text = f"{cite(name)} is not known: neither boto3 nor the catalogue has waiters for {service}"
        return Problem("", f"{text}; write one as definition")
    return Problem("", f"{service} has no waiter {cite(name)}", near)
