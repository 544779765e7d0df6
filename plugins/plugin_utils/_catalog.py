# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the catalogue's files on the controller, and selects what a task needs of them.

A file ``catalog/<service>.yml`` maps ``waiters`` to definitions, as a task's ``definitions`` does, ``corrections`` to
changes of built-in waiters, and ``diagnoses`` to where AWS keeps the cause of a failure. Names of waiters that begin
with two underscores can be extended and not waited for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible.module_utils.common.validation import check_type_dict, check_type_list

from ._yaml_file import UnreadableFile, parse_yaml, read_text

FOLDER = Path(__file__).parent / "catalog"
KEYS = ("waiters", "corrections", "diagnoses")
_FORMS = {
    "waiters": (Mapping, "definitions"),
    "corrections": (list, "lists of changes"),
    "diagnoses": (Mapping, "steps"),
}
_SERVICE = re.compile(r"[a-z0-9][a-z0-9-]*")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAME = re.compile(r"^  (\w+):", re.MULTILINE)
_WAITERS = re.compile(r"^waiters:\n((?:[ #].*\n|\n)*)", re.MULTILINE)

Data = dict[str, Any]


class CatalogError(Exception):
    """A file of the catalogue can't be used; the message is one sentence with its path."""


def for_task(args: Mapping[str, Any]) -> Data:
    """What the waits of a task may need: the waiters that it names, all that these extend, and their corrections,
    and the diagnoses of their services.

    Returns ``{waiters, corrections, diagnoses, names}`` as ``Catalog`` has them; also the names of other services'
    waiters that are called alike. ``args`` are the task's own, not yet checked by the module. CatalogError.
    """
    services, names = set[str](), set[str]()
    for wait in _waits(args):
        _collect(wait, services, names)
    wanted = {_fold(name) for name in names}
    selected: Data = {"waiters": {}, "corrections": {}, "diagnoses": {}, "names": {}}
    for service in filter(_is_service, services):
        found = _with_ancestors(service, wanted)
        for key in KEYS:
            selected[key][service] = found[key]
        selected["names"][service] = _names(service)
    if wanted - {_fold(name) for found in selected["waiters"].values() for name in found}:
        for service, alike in _called({_snake(name) for name in names}):
            selected["names"].setdefault(service, alike)
    return selected


def whole(service: Any = None) -> Data:
    """All that the catalogue has for one service, or for every service. CatalogError."""
    services = _services() if service is None else filter(_is_service, [service])
    data = {name: _parsed(name, _text(name)) for name in services}
    return {
        **{key: {name: found[key] for name, found in data.items()} for key in KEYS},
        "names": {name: _names(name) for name in data},
    }


def _waits(args: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The task's options, and those of each of its entries together with the task's."""
    yield args
    for entry in _as(check_type_list, args.get("waits")) or ():
        given = _as(check_type_dict, entry)
        if given is not None:
            yield given


def _collect(wait: Mapping[str, Any], services: set[str], names: set[str]) -> None:
    """Add the services and the waiters that a wait's options may mean; what can't be read is for the module to say."""
    definitions = _as(check_type_dict, wait.get("definitions")) or {}
    entries = definitions.get("waiters") if isinstance(definitions.get("waiters"), Mapping) else definitions
    raws = [_as(check_type_dict, wait.get("definition")), *(entries or {}).values()]
    found = [raw for raw in raws if isinstance(raw, Mapping)]
    services.update(given for one in (wait, *found) if isinstance(given := one.get("service"), str))
    spoken = (wait.get("waiter"), *(raw.get("extends") for raw in found))
    names.update(name for name in spoken if isinstance(name, str))


def _as(check: Any, value: Any) -> Any:
    """The value as the module will read it, which takes JSON and ``key=value`` too; None if it can't be read."""
    try:
        return None if value is None else check(value)
    except (TypeError, ValueError):
        return None


def _with_ancestors(service: str, wanted: set[str]) -> Data:
    """The service's waiters and corrections of these names, with all that they extend, and its diagnoses."""
    while True:
        found = _parsed(service, _without_others(_text(service), wanted))
        parents = {_fold(raw.get("extends")) for raw in found["waiters"].values()} - {""}
        if parents <= wanted:
            return found
        wanted = wanted | parents


def _without_others(text: str, wanted: set[str]) -> str:
    """The text with empty lines in place of the waiters and corrections of other names: to parse all takes a while."""
    kept: list[str] = []
    section, is_wanted = "", True
    for line in text.split("\n"):
        if line[:1].isalpha():
            section, is_wanted = line.partition(":")[0], True
        elif (name := _NAME.match(line)) and section != "diagnoses":
            is_wanted = _fold(name[1]) in wanted
        kept.append(line if is_wanted else "")
    return "\n".join(kept)


def _names(service: str) -> list[str]:
    """The names of a service's waiters that can be waited for. The file is searched, not parsed."""
    waiters = _WAITERS.search(_text(service))
    return [name for name in _NAME.findall(waiters[1]) if not name.startswith("__")] if waiters is not None else []


def _called(wanted: set[str]) -> Iterator[tuple[str, list[str]]]:
    """The services that have a waiter of one of these names, and those names."""
    lines = [f"\n  {name}:".encode() for name in wanted]
    for service in _services():
        content = _path(service).read_bytes()  # next to none has it, and to look for names in all of them takes a while
        if any(line in content for line in lines) and (alike := [name for name in _names(service) if name in wanted]):
            yield service, alike


@cache
def _text(service: str) -> str:
    """The text of a service's file, empty if there is none. CatalogError."""
    path = _path(service)
    if not FOLDER.is_dir():
        raise CatalogError(f"the collection's folder {FOLDER} is missing; install the collection again")
    try:
        return read_text(path) if path.exists() else "waiters: {}"
    except UnreadableFile as error:
        raise CatalogError(f"the catalogue's file {error}") from None


def _parsed(service: str, text: str) -> Data:
    """The content of a service's file, of which this is the text. CatalogError."""
    path = _path(service)
    try:
        data = parse_yaml(text, path)
    except UnreadableFile as error:
        raise CatalogError(f"the catalogue's file {error}") from None
    return {key: _mapping(data, key, path) for key in KEYS}


def _mapping(data: Any, key: str, path: Path) -> Data:
    """What stands under a key of a file. CatalogError where the file doesn't look like one of the catalogue."""
    if not isinstance(data, Mapping) or set(data) - set(KEYS):
        raise CatalogError(f"the catalogue's file {path} must map waiters, corrections and diagnoses, and nothing else")
    found = data.get(key) or {}
    kind, form = _FORMS[key]
    if not isinstance(found, Mapping) or not all(isinstance(value, kind) for value in found.values()):
        raise CatalogError(f"{key} in the catalogue's file {path} must map names to {form}")
    return dict(found)


def _services() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yml") if _is_service(path.stem))


def _path(service: str) -> Path:
    return FOLDER / f"{service}.yml"


def _is_service(name: Any) -> bool:
    return isinstance(name, str) and _SERVICE.fullmatch(name) is not None


def _snake(name: str) -> str:
    """A waiter's name in snake_case."""
    return _WORD.sub("_", name).lower()


def _fold(name: Any) -> str:
    """A name without regard to its spelling, CamelCase or snake_case."""
    return name.replace("_", "").casefold() if isinstance(name, str) else ""
