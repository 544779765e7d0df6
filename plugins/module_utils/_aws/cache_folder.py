# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user's cache folder. It only saves time: files may vanish at any moment, and nothing here raises an error."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress

NAME = "cloudwait.aws"
MOST_BYTES = 32_000_000
_DIGEST = 32


class CacheFolder:
    """Named files that their owner alone can change, each written as a whole and read with its checksum."""

    def __init__(self, path: str | None) -> None:
        """``path`` None: there is no place for a cache."""
        self._path = path

    def read(self, name: str) -> bytes | None:
        """The content of a file; None if it is missing or damaged, or if someone else may have written it."""
        if self._path is None:
            return None
        with suppress(OSError):
            if not _is_private(os.lstat(self._path), stat.S_ISDIR):
                return None
            number = os.open(os.path.join(self._path, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(number, "rb") as file:
                if _is_private(os.fstat(number), stat.S_ISREG):
                    digest, content = file.read(_DIGEST), file.read()
                    return content if hashlib.sha256(content).digest() == digest else None
        return None

    def write(self, name: str, content: bytes) -> None:
        """Replace a file, for all processes at once. Where that isn't possible, there is no file."""
        if self._path is None or len(content) > MOST_BYTES // 4:
            return
        with suppress(OSError):
            if not _is_own_place(self._path):
                return
            os.makedirs(self._path, 0o700, exist_ok=True)
            found = os.lstat(self._path)
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                return
            if not _is_private(found, stat.S_ISDIR):
                os.chmod(self._path, 0o700)
            number, new = tempfile.mkstemp(dir=self._path)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(hashlib.sha256(content).digest() + content)
                os.replace(new, os.path.join(self._path, name))
            except OSError:
                os.unlink(new)
            self._remove_oldest(self._path)

    @staticmethod
    def _remove_oldest(path: str) -> None:
        """Keep the newest files, as many as the folder may hold."""
        files = []
        for entry in os.scandir(path):
            with suppress(OSError):  # another process removed it
                found = entry.stat(follow_symlinks=False)
                files.append((found.st_mtime, found.st_size, entry.path))
        total = 0
        for _time, size, path in sorted(files, reverse=True):
            total += size
            if total > MOST_BYTES:
                with suppress(OSError):
                    os.unlink(path)


def user_cache() -> CacheFolder:
    """The folder in $XDG_CACHE_HOME, else in ``~/.cache``. As the specification says, a relative path is ignored."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return CacheFolder(os.path.join(base, NAME) if os.path.isabs(base) else None)


def _is_own_place(path: str) -> bool:
    """Whether no other user can put a link there: with sudo, $HOME may still be that of the user who called it."""
    parent = os.path.dirname(path)
    while not os.path.lexists(parent):
        parent = os.path.dirname(parent)
    return os.stat(parent).st_uid in (0, os.geteuid())


def _is_private(found: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether only the user of this process can write it."""
    return is_kind(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
