# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""botocore's own waiters, found by either spelling of their names."""

from __future__ import annotations

from collections.abc import Iterator

from .._definition.model import Definition, Source
from .._definition.problem import BadInput, Problem, nearest
from .._definition.read import read_definition
from .models import Models
from .sdk import xform_name


def builtin(models: Models, service: str, name: str) -> Definition:
    """The built-in waiter called ``name``, in snake_case or CamelCase; BadInput with the nearest name where none is."""
    waiters = models.waiters(service)
    by_name = {spelling: model_name for model_name in waiters for spelling in (model_name, snake_case(model_name))}
    if name not in by_name:
        raise BadInput([_unknown(service, name, list(by_name))])
    return _read(by_name[name], waiters[by_name[name]])


def builtins(models: Models, service: str) -> Iterator[Definition]:
    """All built-in waiters of a service, in botocore's order."""
    for name, raw in models.waiters(service).items():
        yield _read(name, raw)


def snake_case(name: str) -> str:
    """The waiter's name as boto3 users type it."""
    snake: str = xform_name(name)
    return snake


def _read(name: str, raw: object) -> Definition:
    reading = read_definition(raw, name, Source.BUILTIN)
    if reading.definition is None or reading.problems:
        raise BadInput(problem.under(f"{name} as botocore ships it") for problem in reading.problems)
    return reading.definition


def _unknown(service: str, name: str, spellings: list[str]) -> Problem:
    if not spellings:
        return Problem("waiter", f"boto3 has no waiters for {service}; write one as definition, {name!r} is not known")
    snake = name == name.lower()
    same_style = [spelling for spelling in spellings if (spelling == spelling.lower()) == snake]
    return Problem("waiter", f"{service} has no waiter {name!r}", nearest(name, same_style))
