# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches the file or the folder from which the event source takes waits while it runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ._yaml_file import UnreadableFile, read_yaml

SUFFIXES = (".yml", ".yaml", ".json")

Signature = Optional[tuple[int, int, int]]  # noqa: UP045  # ansible-test mistakes the other form for an operation


class Found(NamedTuple):
    """A file that has changed. ``origin``: its name; ``waits``: empty if it is gone, None if there is a ``problem``."""

    origin: str
    waits: list[Any] | None
    problem: str | None = None


class EntryFiles:
    """The files at a path, by their names, with what tells that one has changed. Hidden files aren't read."""

    def __init__(self, path: str, known: Iterable[str] = ()) -> None:
        """``known``: files that were there before. Of those that are gone the first look tells."""
        self._path = Path(path)
        self._seen: dict[str, Signature] = dict.fromkeys(known)
        self._problem: str | None = None

    def look(self) -> list[Found]:
        """The files that have changed since the last look, and those that are gone."""
        try:
            now = self._signatures()
        except OSError as error:
            # what is unreachable for a moment must not cancel all waits
            before, self._problem = self._problem, f"{self._path} can't be read: {error.strerror or error}"
            return [Found(str(self._path), None, self._problem)] if before != self._problem else []
        self._problem = None
        changed = [name for name, signature in now.items() if signature != self._seen.get(name)]
        gone = [name for name in self._seen if name not in now]
        self._seen = now
        return [*map(self._read, changed), *(Found(name, []) for name in gone)]

    def _signatures(self) -> dict[str, Signature]:
        if not self._path.is_dir():
            return {self._path.name: _signature(self._path.stat())}
        found: dict[str, Signature] = {}
        with os.scandir(self._path) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(SUFFIXES) and not entry.name.startswith("."):
                    with contextlib.suppress(FileNotFoundError):  # it was removed just now
                        found[entry.name] = _signature(entry.stat())
        return found

    def _read(self, name: str) -> Found:
        path = self._path / name if self._path.is_dir() else self._path
        try:
            data = read_yaml(path)
        except UnreadableFile as error:
            if not path.exists():  # it was removed just now
                return Found(name, [])
            return Found(name, None, str(error))
        if isinstance(data, dict):
            data = data.get("waits", [data])
        if not isinstance(data or [], list):
            return Found(name, None, f"{path} must be a list of waits, or map waits to one")
        return Found(name, data or [])


def _signature(found: os.stat_result) -> Signature:
    return found.st_mtime_ns, found.st_size, found.st_ino
