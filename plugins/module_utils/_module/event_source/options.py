# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the event source, and the entries that it reads from them and from files."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ..._aws.botocore_imports import HAS_BOTOCORE
from ..._aws.models import Models
from ..._definition.catalog import Catalog
from ..._definition.problem import BadInput, Problem, cite, nearest
from ..connection import LEAST_BOTOCORE, connection_spec
from ..entries import OF_THE_TASK, Connect, Entry, read_entries, read_policy, wait_many_spec
from ..options import wait_spec
from ..secrets import hide_sensitive, passwords

ENDINGS, CHANGES = "endings", "changes"
OF_THE_RULEBOOK = ("feedback", "eda_feedback_queue")
"""Options that ansible-rulebook adds, or reads itself."""

CatalogOf = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What the catalogue has for the waits of a task; see ``_catalog.for_task``."""


class SourceWait(NamedTuple):
    """One entry, ready to start. ``key``: equal for the same entry of the same file after a restart."""

    key: str
    entry: Entry
    models: Models


class Task:
    """Takes the place of a module for the code that reads options, connects and opens the event log."""

    check_mode = no_log = False

    def __init__(self, params: Mapping[str, Any], no_log_values: set[str]) -> None:
        own = {"progress": "none", "_progress": None, "_host": socket.gethostname()}
        self.params: dict[str, Any] = {**params, **own}
        self.no_log_values = no_log_values

    def fail_json(self, msg: str, **_more: Any) -> NoReturn:
        """BadInput, instead of the end of the process."""
        raise BadInput([Problem("connection", str(msg))])

    def log_invocation(self) -> None:
        """There is no log."""


class Options:
    """The options of a source. BadInput with all of their problems, but for those of the entries."""

    def __init__(self, given: Mapping[str, Any], catalog_of: CatalogOf, secrets: set[str]) -> None:
        """``secrets``: those that the options hold are added."""
        if not HAS_BOTOCORE:
            text = f"boto3 and botocore >= {LEAST_BOTOCORE} must be installed in the Python of ansible-rulebook"
            raise BadInput([Problem("", text)])
        self._given = {name: value for name, value in given.items() if name not in OF_THE_RULEBOOK}
        self._catalog_of = catalog_of
        self.no_log_values = secrets
        self.params = self._validated(self._given)
        self.task = Task(self.params, self.no_log_values)
        self.no_log_values.update(passwords(self.params))
        self.policy, problems = read_policy(self.params, len(self.params["waits"] or ()))
        problems.extend(_problems(self.params))
        if problems:
            raise BadInput(problems)

    def read(self, connect: Connect) -> list[SourceWait]:
        """The waits that the rulebook lists. BadInput."""
        return self._read(self._given, None, connect) if self.params["waits"] else []

    def read_more(self, waits: Sequence[Any], origin: str, connect: Connect) -> list[SourceWait]:
        """Waits that a file lists, with the source's options as defaults. BadInput. ``origin``: the file's name."""
        return self._read({**self._given, "waits": list(waits)}, origin, connect) if waits else []

    def _read(self, given: Mapping[str, Any], origin: str | None, connect: Connect) -> list[SourceWait]:
        args = self._validated(given)
        models = Models(Catalog.of(self._catalog_of(given)))
        entries = read_entries(args, models, connect)
        hide_sensitive(self.task, (entry.request.binding for entry in entries))
        keys = _keys(args, origin)
        return [SourceWait(key, entry, models) for key, entry in zip(keys, entries, strict=True)]

    def _validated(self, given: Mapping[str, Any]) -> dict[str, Any]:
        result = ArgumentSpecValidator(source_spec()).validate(given)
        self.no_log_values.update(result._no_log_values)
        problems = [
            Problem("", str(error)) for error in result.errors.errors if not isinstance(error, UnsupportedError)
        ]
        problems += [_unsupported(path) for path in sorted(map(_path, result.unsupported_parameters))]
        if problems:
            raise BadInput(problems)
        validated: dict[str, Any] = result.validated_parameters
        return validated


def source_spec() -> dict[str, dict[str, Any]]:
    """The argument specification: that of ``wait_many`` with the connection options, and the source's own."""
    many = {name: option for name, option in wait_many_spec().items() if name != "progress"}
    return {
        **connection_spec(),
        **many,
        "waits": {**many["waits"], "required": False},
        "fail_fast": {"type": "bool", "default": False},
        "events": {"type": "str", "choices": [ENDINGS, CHANGES], "default": ENDINGS},
        "entries_from": {"type": "path"},
        "state": {"type": "path"},
        "keep_alive": {"type": "bool", "default": True},
    }


def _problems(params: Mapping[str, Any]) -> Iterator[Problem]:
    path = params["entries_from"]
    if path is not None and not os.path.exists(path):
        yield Problem("entries_from", f"there is no file or folder {cite(path)}")
    if path is None and not params["waits"]:
        yield Problem("waits", "is missing or empty; list the waits, or name a file or a folder in entries_from")


def _path(name: Any) -> tuple[str, ...]:
    return name if isinstance(name, tuple) else (name,)


def _unsupported(path: tuple[str, ...]) -> Problem:
    spec = source_spec()
    known = spec["waits"]["options"] if path[0] == "waits" and len(path) > 1 else spec
    names = [*known, *(alias for option in known.values() for alias in option.get("aliases", ()))]
    return Problem(".".join(path), "is not an option", nearest(path[-1], names))


# Definitions may be large, and a wait goes on with one that was improved.
_IN_KEYS = tuple(name for name in wait_spec() if name not in (*OF_THE_TASK, "definitions"))


def _keys(args: Mapping[str, Any], origin: str | None) -> Iterator[str]:
    """A key for each entry, from all that distinguishes it. The second of two that are equal has another one."""
    seen = Counter[str]()
    for given in args["waits"]:
        merged = {name: args[name] if given.get(name) is None else given[name] for name in _IN_KEYS}
        about = [origin, given.get("name"), given.get("region"), given.get("profile"), merged]
        digest = hashlib.sha256(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()[:20]
        seen[digest] += 1
        yield digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
