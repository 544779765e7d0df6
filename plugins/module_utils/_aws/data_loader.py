# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads botocore's data files faster than botocore does: from the same places, with the same content."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from .botocore_imports import HAS_BOTOCORE, botocore
from .cache_folder import CacheFolder, user_cache

FORMAT = 1
"""The version of what is cached: another one for each change of ``trimmed_model`` and ``trimmed_endpoints``."""
_OPENERS: Mapping[str, Callable[..., Any]] = {".json": open, ".json.gz": gzip.open}
_MODEL, _ENDPOINTS = "service-2", "endpoints"
# Clients call these of their own accord: to find a bucket's region, and for sessions of S3 Express.
_CALLED_BY_CLIENTS = {"s3": ("CreateSession", "HeadBucket")}
# The endpoints of botocore's credential providers, which use the same session.
_OF_CREDENTIALS = ("oidc", "portal.sso", "signin", "sts")

_Loader: Any = botocore.loaders.Loader if HAS_BOTOCORE else object
_FileLoader: Any = botocore.loaders.JSONFileLoader if HAS_BOTOCORE else object


class PlainFiles(_FileLoader):  # type: ignore[misc]
    """Reads JSON into plain dictionaries; botocore's ordered ones take three times as long."""

    def load_file(self, file_path: str) -> Any:
        """The content of the file with this path, an extension added; None if there is none."""
        for extension, opener in _OPENERS.items():
            if os.path.isfile(file_path + extension):
                with opener(file_path + extension, "rb") as file:
                    return json.loads(file.read())
        return None


class _Services(Sequence[str]):
    """The names of all services. botocore only asks whether it has one; to list them takes 8 ms."""

    def __init__(self, has: Callable[[str], bool], names: Callable[[], list[str]]) -> None:
        self._has, self._names = has, names

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._has(name)

    def __getitem__(self, index: Any) -> Any:
        return self._names()[index]

    def __len__(self) -> int:
        return len(self._names())


class DataLoader(_Loader):  # type: ignore[misc]
    """botocore's loader, which reads plain JSON and lists the services only on demand."""

    def __init__(self, search_paths: Sequence[str]) -> None:
        super().__init__(list(search_paths), PlainFiles(), include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> Sequence[str]:
        """The names of the services with a file of this type."""
        listed = super().list_available_services
        return _Services(lambda name: self._has(name, type_name), lambda: sorted(listed(type_name)))

    def _has(self, service: str, type_name: str) -> bool:
        try:
            return bool(self.determine_latest_version(service, type_name))
        except (botocore.exceptions.DataNotFoundError, ValueError):
            return False


class TrimmedLoader(DataLoader):
    """Loads one operation of a service, from the user's cache if it is there. Anything else is loaded as a whole."""

    def __init__(self, whole: DataLoader, service: str, operation: str, cache: CacheFolder | None = None) -> None:
        """``whole``: loads what the cache hasn't."""
        super().__init__(whole.search_paths)
        self._whole, self._service, self._operation = whole, service, operation
        self._folder = user_cache() if cache is None else cache
        self._loaded: dict[str, Any] = {}

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """As botocore's, but without other operations. If the service has no such operation, it is complete."""
        if (service_name, type_name) != (self._service, _MODEL) or not self._has(service_name, type_name):
            return super().load_service_model(service_name, type_name, api_version)
        version = api_version or self.determine_latest_version(service_name, type_name)
        files = list(self._files(os.path.join(service_name, version, type_name)))
        kept = (self._operation, *_CALLED_BY_CLIENTS.get(service_name, ()))

        def load_whole() -> Any:
            return self._whole.load_service_model(service_name, type_name, version)

        return self._cached(service_name, (kept, files), lambda: trimmed_model(load_whole(), kept)) or load_whole()

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        """As botocore's; of the endpoints only those of the service and of credential providers."""
        files = list(self._files(name)) if name == _ENDPOINTS else []
        if not files:
            found: tuple[Any, str] = super().load_data_with_path(name)
            return found
        prefix = self.load_service_model(self._service, _MODEL)["metadata"]["endpointPrefix"]
        kept = (prefix, self._service, *_OF_CREDENTIALS)
        first: str = files[0][0]
        path = first[: first.rindex(".json")]
        return self._cached(name, (kept, files), lambda: trimmed_endpoints(self._whole.load_data(name), kept)), path

    def _files(self, name: str) -> Iterator[tuple[str, int, int]]:
        """The files that make up the data of this name, with modification time and size; the first one wins."""
        kinds = ("", *(f".{kind}-extras" for kind in self.extras_types))
        for path in (os.path.join(base, name + kind) for base in self.search_paths for kind in kinds):
            for extension in _OPENERS:
                try:
                    found = os.stat(path + extension)
                except OSError:
                    continue
                yield path + extension, found.st_mtime_ns, found.st_size

    def _cached(self, kind: str, key: Sequence[Any], make: Callable[[], Any]) -> Any:
        """What ``make`` returns, from the cache if it is there. It keeps nothing if that is None."""
        text = json.dumps([FORMAT, botocore.__version__, *key])
        name = f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
        if name not in self._loaded:
            content = self._folder.read(name)
            self._loaded[name] = make() if content is None else json.loads(content)
            if content is None and self._loaded[name] is not None:
                self._folder.write(name, json.dumps(self._loaded[name], separators=(",", ":")).encode())
        return self._loaded[name]


def trimmed_model(model: Mapping[str, Any], operations: Sequence[str]) -> Mapping[str, Any] | None:
    """A service model with the operations, and all that they and the service's errors refer to.

    None if the first of them isn't in the model.
    """
    own, shapes = model["operations"], model["shapes"]
    if operations[0] not in own:
        return None
    kept = {
        name: operation for name, operation in own.items() if name in operations or operation.get("endpointoperation")
    }
    errors = [name for name, shape in shapes.items() if shape.get("exception") or shape.get("error")]
    needed = dict.fromkeys(errors)
    waiting: list[Any] = [kept, *(shapes[name] for name in errors)]
    while waiting:
        for name in _shape_names(waiting.pop()):
            if name in shapes and name not in needed:
                needed[name] = None
                waiting.append(shapes[name])
    used = {name: shape for name, shape in shapes.items() if name in needed}
    return {**model, "operations": _undocumented(kept), "shapes": _undocumented(used)}


def trimmed_endpoints(endpoints: Mapping[str, Any], services: Collection[str]) -> Mapping[str, Any]:
    """The endpoints with all partitions and regions, and the services."""
    partitions = [
        {**partition, "services": {name: own for name, own in partition["services"].items() if name in services}}
        for partition in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": partitions}


def _shape_names(part: Any) -> Iterator[str]:
    """What a part of a model refers to. A member may have the name ``shape``; then it isn't a string."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "shape" and isinstance(value, str):
                yield value
            else:
                yield from _shape_names(value)
    elif isinstance(part, list):
        for value in part:
            yield from _shape_names(value)


def _undocumented(part: Any) -> Any:
    """Operations or shapes without descriptions, which are optional there. A member may have that name, too."""
    if isinstance(part, dict):
        return {
            key: _undocumented(value)
            for key, value in part.items()
            if key != "documentation" or not isinstance(value, str)
        }
    return [_undocumented(value) for value in part] if isinstance(part, list) else part
