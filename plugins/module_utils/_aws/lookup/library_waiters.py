# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiters that are there already: botocore's built-ins, corrected or as shipped, and the catalogue's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..._definition.correct import corrected
from ..._definition.model import Definition, Source
from ..._definition.problem import BadInput, Checked, Problem, cite, nearest
from ..._definition.read import Layer, read_layers
from ..botocore_imports import xform_name
from ..models import Models


class LibraryWaiter(NamedTuple):
    """A waiter that the task doesn't define, not read yet.

    ``name``: CamelCase as botocore has it. ``layers``: the waiter, and what it extends.
    """

    name: str
    layers: tuple[Layer, ...]
    source: Source

    @property
    def definition(self) -> Definition:
        reading = read_layers(self.layers, self.name, self.source)
        if reading.definition is None or reading.problems:
            raise BadInput(reading.problems)
        return reading.definition


def find(models: Models, service: str, name: str, corrections: bool = True) -> Checked[LibraryWaiter | None]:
    """The waiter called ``name``, in snake_case or CamelCase; else a problem (no path) with the nearest name."""
    builtins = models.waiters(service)
    for own in builtins:
        if name in (own, snake_case(own)):
            return _builtin(models, service, own, corrections), []
    for own in models.catalog.waiters_of(service):
        if name in (own, camel_case(own)) or snake_case(name) == own:
            return _of_catalog(models, service, own), []
    names = {**dict.fromkeys(builtins), **{camel_case(own): None for own in models.catalog.names_of(service)}}
    return None, [_unknown(models, service, name, names)]


def shipped(models: Models, service: str, corrections: bool = True) -> Iterator[LibraryWaiter]:
    """All waiters of a service: the built-ins in botocore's order, then the catalogue's."""
    for name in models.waiters(service):
        yield _builtin(models, service, name, corrections)
    for name in models.catalog.names_of(service):
        yield _of_catalog(models, service, name)


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


def _builtin(models: Models, service: str, name: str, corrections: bool) -> LibraryWaiter:
    changes = models.catalog.corrections_of(service, name) if corrections else ()
    waiter, made = corrected(models.waiters(service)[name], changes)
    source = Source.CORRECTED if made else Source.BUILTIN
    return LibraryWaiter(name, (Layer(waiter, f"{service} {name}", borrowed=True, changes=tuple(made)),), source)


def _of_catalog(models: Models, service: str, name: str) -> LibraryWaiter:
    raw = models.catalog.waiters_of(service)[name]
    inherited: tuple[Layer, ...] = ()
    if "extends" in raw:
        parent, problems = find(models, service, raw["extends"])
        if parent is None:
            raise BadInput(problem.under(f"{service} {name}.extends") for problem in problems)
        inherited = parent.layers
    return LibraryWaiter(camel_case(name), (Layer(raw, f"{service} {name}", borrowed=True), *inherited), Source.CATALOG)


def _unknown(models: Models, service: str, name: str, names: Mapping[str, None]) -> Problem:
    from .suggestions import is_part, sentence, services_with, synonym, without_opposites

    if not name.strip():
        return Problem("", f"is empty; name a waiter of {service}")
    spellings = [snake_case(own) for own in names] if name == name.lower() else list(names)
    near = synonym(name, spellings)
    if near is not None:
        return Problem("", f"{service} has no waiter {cite(name)}", near)
    near = nearest(name, without_opposites(name, spellings))
    others = [] if near is not None and is_part(name, near) else services_with(models, service, name)
    if others:
        return Problem("", f"{service} has no waiter {cite(name)}; {sentence(others)}")
    if not names:
        text = f"{cite(name)} is not known: neither boto3 nor the catalogue has waiters for {service}"
        return Problem("", f"{text}; write your own as definition")
    return Problem("", f"{service} has no waiter {cite(name)}", near)
