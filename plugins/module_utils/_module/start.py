# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saves most of what the start of a module costs. It has to run before the rest of the collection is imported."""

from __future__ import annotations

import atexit
import gc
import hashlib
import importlib.util
import marshal
import os
import sys
import zipimport
from types import CodeType
from typing import Any

from .._aws.cache_folder import CacheFolder, user_cache

SELDOM = 50_000
"""Objects: a few megabytes. With Python's 700, collections take a fifth of the time in which responses are parsed."""


def start(module: str) -> None:
    """Prepare the start of a module.

    Ansible sends sources in a zip file, from which Python compiles each file anew: a third of the time.
    """
    gc.disable()  # startup makes many objects and little garbage: collecting it took a sixth of the time
    loader: Any = __spec__.loader
    if isinstance(loader, zipimport.zipimporter):  # else Python itself keeps what it has compiled
        use_compiled(loader.archive, module, user_cache())


def started() -> None:
    """Collect garbage from now on, but not in what is loaded, and seldom: responses have many objects and no cycles."""
    gc.freeze()
    gc.set_threshold(SELDOM)
    gc.enable()


def use_compiled(archive: str, module: str, cache: CacheFolder) -> None:
    """Import from the zip file what the cache has, and at the end of the process, add to the cache what it hasn't."""
    compiled = Compiled(f"{module}-{sys.implementation.cache_tag}.code", cache)

    class Importer(zipimport.zipimporter):
        """Takes the compiled code of a file from the cache, if it has been compiled from the same source."""

        def __init__(self, path: str) -> None:
            if path != archive and not path.startswith(archive + os.sep):
                raise zipimport.ZipImportError(f"not in {archive}")
            super().__init__(path)

        def get_filename(self, fullname: str) -> str:
            """As zipimporter's, which compiles the file once more to find out whether there is a compiled one."""
            end = f"{os.sep}__init__.py" if self.is_package(fullname) else ".py"
            return os.path.join(self.archive, self.prefix + fullname.rpartition(".")[2] + end)

        def get_code(self, fullname: str) -> CodeType:
            source = self.get_source(fullname)
            if source is None:
                return super().get_code(fullname)
            # the folder of the zip file has another name each time
            return compiled.code(
                fullname, source, os.path.relpath(self.get_filename(fullname), os.path.dirname(archive))
            )

    sys.path_hooks.insert(0, Importer)
    for path in [path for path in sys.path_importer_cache if path == archive or path.startswith(archive + os.sep)]:
        del sys.path_importer_cache[path]
    atexit.register(compiled.save)


class Compiled:
    """Compiled code by the name of its module, in one file of the cache."""

    def __init__(self, file: str, cache: CacheFolder) -> None:
        self._file, self._cache = file, cache
        self._kept = _loaded(cache.read(file))
        self._is_changed = False

    def code(self, name: str, source: str, filename: str) -> CodeType:
        """The code of a module, compiled from its source if the cache has none."""
        digest = hashlib.sha256(source.encode()).digest()
        known, content = self._kept.get(name, (b"", b""))
        if known == digest:
            kept: CodeType = marshal.loads(content)
            return kept
        made = compile(source, filename, "exec", dont_inherit=True)
        self._kept[name] = digest, marshal.dumps(made)
        self._is_changed = True
        return made

    def save(self) -> None:
        """Write what has been compiled, if anything has."""
        if self._is_changed:
            self._cache.write(self._file, _KIND + marshal.dumps(self._kept))


_KIND = importlib.util.MAGIC_NUMBER + bytes([sys.flags.optimize])
"""What code depends on besides the source."""


def _loaded(content: bytes | None) -> dict[str, tuple[bytes, bytes]]:
    if content is None or not content.startswith(_KIND):
        return {}
    loaded: dict[str, tuple[bytes, bytes]] = marshal.loads(content[len(_KIND) :])
    return loaded
