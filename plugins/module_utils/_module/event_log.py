# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that lines are appended to, each by a single write, so that several processes can share it."""

from __future__ import annotations

import errno
import os

from .._definition.problem import BadInput, Problem

MODE = 0o600
# A pipe without a reader, or a full one, must not block the wait. O_NONBLOCK has no effect on files.
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
_WORDS = {
    errno.EISDIR: "is a directory; name a file",
    errno.ENOTDIR: "is inside something that is not a directory",
    errno.ENXIO: "is a pipe without a reader, or not a device",
}


class EventLog:
    """An open file. The first failed write sets ``warning``; none raises."""

    def __init__(self, path: str, create: bool = True) -> None:
        """``create``: create the file if it doesn't exist. OSError or ValueError if it can't be opened."""
        self.path = path
        self.warning: str | None = None
        self._torn = False
        self._descriptor: int | None = os.open(path, _FLAGS | (os.O_CREAT if create else 0), MODE)

    def write(self, line: bytes) -> None:
        """Append a line, which ends in a line break. If the previous line was cut short, start a new line first."""
        if self._descriptor is None:
            return
        text = b"\n" + line if self._torn else line
        try:
            written = os.write(self._descriptor, text)
        except OSError as error:
            self._warn(_reason(error))
            return
        if written:
            self._torn = written < len(text)
        if written < len(text):
            self._warn("a line was cut short; the disk may be full")

    def close(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            try:
                os.close(descriptor)
            except OSError as error:  # network file systems report a full disk only now
                self._warn(_reason(error))

    def _warn(self, reason: str) -> None:
        self.warning = self.warning or f"event_log: some events could not be written to {self.path!r}: {reason}."


def open_event_log(path: str) -> EventLog:
    """The user's event log, opened; BadInput if it can't be written to."""
    try:
        return EventLog(path)
    except (OSError, ValueError) as error:
        raise BadInput([Problem("event_log", _unusable(path, error))]) from None


def event_log_problems(path: str) -> list[Problem]:
    """The problems of the path, found without creating the file."""
    try:
        EventLog(path, create=False).close()
    except (OSError, ValueError) as error:
        to_be_made = isinstance(error, FileNotFoundError) and os.path.isdir(os.path.dirname(path) or ".")
        return [] if to_be_made else [Problem("event_log", _unusable(path, error))]
    return []


def open_shared(path: str) -> EventLog | None:
    """A file that the action plugin has created; None if it can't be written to, as nothing depends on it."""
    try:
        return EventLog(path, create=False)
    except (OSError, ValueError):
        return None


def _unusable(path: str, error: Exception) -> str:
    folder = os.path.dirname(path)
    if isinstance(error, FileNotFoundError) and not os.path.isdir(folder or "."):
        return f"there is no folder {folder!r} to create {os.path.basename(path)!r} in"
    if isinstance(error, OSError) and error.errno in _WORDS:
        return f"{path!r} {_WORDS[error.errno]}"
    return f"{path!r} can't be written to: {_reason(error)}"


def _reason(error: Exception) -> str:
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
