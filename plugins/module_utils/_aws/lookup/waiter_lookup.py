# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All waiters that a task can name, in the order in which they are looked for: its own, botocore's, the catalogue's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._definition.inherit import Definitions, is_abstract
from ..._definition.problem import Checked, Problem, cite, nearest, path_to
from ..._definition.read import Layer, Reading
from ..models import Models
from .library_waiters import LibraryWaiter, find, snake_case


class WaiterLookup:
    """The waiters of one service, those among them that the task defines."""

    def __init__(
        self, models: Models, definitions: Any, at: str, service: str | None, corrections: bool = True
    ) -> None:
        """``at``: where ``definitions`` stand in the input. ``service``: None where it isn't known."""
        self.own = Definitions(definitions, at, service, snake_case)
        self._models, self._at, self._service, self._corrections = models, at, service, corrections

    def named(self, waiter: str) -> Reading:
        """The definition of that name."""
        own = self.own.find(waiter)
        if is_abstract(own or waiter):
            text = f"{cite(own or waiter)} begins with __, so it can only be extended, not waited for"
            return Reading(None, (Problem("waiter", text),))
        if own is not None:
            return self.own.read(own, self._lend)
        if (unusable := self.own.unusable(waiter)) is not None:
            return Reading(None, (unusable,))
        found, problems = self._shipped(waiter, self.own.names)
        definition = found.definition if found is not None else None
        return Reading(definition, tuple(problem.under("waiter") for problem in problems))

    def inline(self, raw: Any, at: str) -> Reading:
        """A definition without a name, written where it is used."""
        if not isinstance(raw, dict):
            return Reading(None, (Problem(at, f"a definition must be a mapping, not {cite(raw)}"),))
        return self.own.read_from(Layer(raw, at), self._lend)

    def problems(self) -> list[Problem]:
        """What is wrong with the form of the task's definitions, whichever of them is used."""
        return [*self.own.problems, *self.problems_of_entries()]

    def problems_of_entries(self) -> list[Problem]:
        """What is wrong with the form of single definitions."""
        return [*self._wrong_services(), *self.own.check_forms()]

    def _lend(self, name: str) -> Checked[Sequence[Layer]]:
        found, problems = self._shipped(name, self.own.parents)
        return found.layers if found is not None else (), problems

    def _shipped(self, name: str, own_names: list[str]) -> Checked[LibraryWaiter | None]:
        """``own_names``: those of the task's definitions that could be meant as well."""
        if self._service is None:
            return None, []
        found, problems = find(self._models, self._service, name, self._corrections)
        if found is not None:
            return found, []
        elsewhere = [service for own, service in self.own.services.items() if snake_case(own) == snake_case(name)]
        if elsewhere:
            text = f"{cite(name)} is defined for the service {cite(elsewhere[0])}, not for {self._service}"
            return None, [Problem("", text)]
        return None, [
            problem._replace(suggestion=nearest(name, own_names) or problem.suggestion) for problem in problems
        ]

    def _wrong_services(self) -> list[Problem]:
        problems = []
        for name, service in self.own.services.items():
            at = path_to(path_to(self._at, name), "service")
            if not isinstance(service, str):
                problems.append(Problem(at, f"must be a string, not {cite(service)}"))
                continue
            problems.extend(problem._replace(path=at) for problem in self._models.service_problems(service))
        return problems
