# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Named definitions, and the chain of all that a definition extends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from .model import Source
from .problem import Checked, Problem, cite, path_to
from .read import Layer, Reading, read_layers

DEFAULT = "__default__"

FindInLibrary = Callable[[str], Checked[Sequence[Layer]]]
"""Looks up a built-in waiter or one of the catalogue by its name: its layers, none if there is no such waiter.

The problem then has an empty path; if it can't be known, there is no problem.
"""


class Definitions:
    """The definitions of a task that waits on one service can use.

    Names are matched as written first, then in ``snake`` case.
    """

    def __init__(self, raw: Any, at: str, service: str | None, snake: Callable[[str], str]) -> None:
        """``raw``: a mapping of names to definitions, or a whole waiters-2 document; None for no definitions.

        ``at``: its path, for the problems. ``service``: entries for another service are skipped; None: no entries are.
        """
        self.problems: list[Problem] = []
        """What is wrong with all of them together."""
        self.services: dict[str, Any] = {}
        """The service that entries set, by the entries' names, including those that are skipped."""
        self._layers: dict[str, Layer] = {}
        self._unusable: dict[str, Problem] = {}
        self._snake = snake
        entries, at = self._entries({} if raw is None else raw, at)
        for name, entry in entries.items():
            self._add(str(name), entry, path_to(at, name), service)
        self.parents = list(self._layers)
        """The definitions that can be extended."""
        self.names = [name for name in self._layers if not is_abstract(name)]
        """The definitions that can be waited on."""

    @cached_property
    def _by_snake(self) -> dict[str, str]:
        """The first entry of each name in snake case."""
        return {self._snake(name): name for name in reversed(self.names)}

    def unusable(self, name: str) -> Problem | None:
        """The problem of the entry of that name if it isn't a definition."""
        return self._unusable.get(name)

    def find(self, name: str) -> str | None:
        """The name, as written, of the entry that ``name`` refers to."""
        if name in self._layers:
            return name
        return self._by_snake.get(self._snake(name))

    def service_of(self, name: str) -> Any:
        """The service that the entry sets, else that of the nearest entry that it extends, else None."""
        line: list[str] = []
        while name not in self.services and name not in line:
            line.append(name)
            parent = self._layers[name].raw.get("extends") if name in self._layers else None
            name = (self.find(parent) if isinstance(parent, str) else None) or name
        return self.services.get(name)

    def read(self, name: str, find_in_library: FindInLibrary) -> Reading:
        """Read the entry of that name with all that it extends."""
        return self.read_from(self._layers[name], find_in_library, name, Source.DEFINITIONS)

    def read_from(
        self, layer: Layer, find_in_library: FindInLibrary, name: str | None = None, source: Source = Source.INLINE
    ) -> Reading:
        """Read a definition, one of these or another, with all that it extends."""
        layers, whole, problems = self._line(layer, name, find_in_library)
        reading = read_layers(layers, name, source, whole)
        return reading._replace(problems=(*reading.problems, *problems))

    def check_forms(self) -> list[Problem]:
        """The problems in the form of all entries, and in what they extend of one another."""
        problems: dict[Problem, None] = dict.fromkeys(self._unusable.values())
        for name, layer in self._layers.items():
            layers, whole, mistakes = self._line(layer, name, lambda _parent: ((), []))
            if is_abstract(name):
                layers, whole = [layer], False
            problems.update(dict.fromkeys([*read_layers(layers, name, whole=whole).problems, *mistakes]))
        return list(problems)

    def _entries(self, raw: Any, at: str) -> tuple[Mapping[Any, Any], str]:
        if isinstance(raw, Mapping) and isinstance(raw.get("waiters"), Mapping) and set(raw) <= {"version", "waiters"}:
            version = raw.get("version", 2)
            if version not in (2, "2"):
                self.problems.append(Problem(path_to(at, "version"), f"must be 2, not {cite(version)}"))
            return raw["waiters"], path_to(at, "waiters")
        if isinstance(raw, Mapping):
            return raw, at
        self.problems.append(Problem(at, f"must map names to definitions, not {cite(raw)}"))
        return {}, at

    def _add(self, name: str, entry: Any, at: str, service: str | None) -> None:
        if not isinstance(entry, Mapping):
            self._unusable[name] = Problem(at, f"a definition must be a mapping, not {cite(entry)}")
            return
        if "service" in entry:
            self.services[name] = entry["service"]
            if service is not None and entry["service"] != service:
                return
            entry = {key: value for key, value in entry.items() if key != "service"}
        self._layers[name] = Layer(entry, at)

    def _line(
        self, start: Layer, name: str | None, find_in_library: FindInLibrary
    ) -> tuple[list[Layer], bool, list[Problem]]:
        """The layers from ``start`` to its last ancestor, whether these are all, and what is wrong.

        ``__default__`` comes last, where any is one of ours.
        """
        layers, names = [start], [name]
        while isinstance(parent := layers[-1].raw.get("extends"), str):
            at = path_to(layers[-1].at, "extends")
            own = self.find(parent)
            if own is None and parent in self._unusable:
                return layers, False, [self._unusable[parent]]
            if own is None or own == names[-1]:  # an entry may extend the built-in of the same name
                found, problems = find_in_library(parent)
                if found:
                    layers.extend(found)
                    break
                if own is None or not problems:
                    return layers, False, [problem.under(at) for problem in problems]
            if own in names:
                return layers, False, [self._circle([name for name in names[names.index(own) :] if name is not None])]
            layers.append(self._layers[own])
            names.append(own)
        if (
            layers[-1].raw.get("extends") is not None and not layers[-1].borrowed
        ):  # not a string, which its reader reports
            return layers, False, []
        if any(names) and DEFAULT not in names:
            if DEFAULT in self._unusable:
                return layers, False, [self._unusable[DEFAULT]]
            if DEFAULT in self._layers:
                layers.append(self._layers[DEFAULT])
        return layers, True, []

    def _circle(self, names: list[str]) -> Problem:
        """These extend one another. The text is the same wherever one begins: it starts with the task's first entry."""
        first = names.index(next(name for name in self._layers if name in names))
        names = [*names[first:], *names[:first]]
        at = path_to(self._layers[names[-1]].at, "extends")
        return Problem(at, f"{' → '.join([*names, names[0]])} is a circular reference")


def is_abstract(name: str) -> bool:
    """Whether a definition can only be extended: its name begins with two underscores."""
    return name.startswith("__")
