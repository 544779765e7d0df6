# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file to which lines are appended, each by one write, so that several processes can share it."""

from __future__ import annotations

import errno
import os

from .._definition.problem import BadInput, Problem

MODE = 0o600
# A pipe without a reader, or a full one, must not hold up the wait; on files the last of these says nothing.
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
_WORDS = {
    errno.EISDIR: "is a directory; name a file",
    errno.ENOTDIR: "is inside something that is not a directory",
    errno.ENXIO: "is a pipe without a reader, or not a device",
}


class EventLog:
    """An open file. A write that fails is told by ``warning``, once, and never raised."""

    def __init__(self, path: str, create: bool = True) -> None:
        """``create``: make the file where there is none. OSError or ValueError where it can't be opened."""
        self.path = path
        self.warning: str | None = None
        self._torn = False
        self._descriptor: int | None = os.open(path, _FLAGS | (os.O_CREAT if create else 0), MODE)

    def write(self, line: bytes) -> None:
        """Append a line, which ends in a line break. After one that was cut short a new line is begun first."""
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
            except OSError as error:  # where files are kept elsewhere, it is only now that a full disk is noticed
                self._warn(_reason(error))

    def _warn(self, reason: str) -> None:
        self.warning = self.warning or f"event_log: some events could not be written to {self.path!r}: {reason}."


def open_event_log(path: str) -> EventLog:
    """The user's event log; BadInput where it can't be written to."""
    try:
        return EventLog(path)
    except (OSError, ValueError) as error:
        raise BadInput([Problem("event_log", _unusable(path, error))]) from None


def event_log_problems(path: str) -> list[Problem]:
    """What is wrong with the path, where no file is to be made."""
    try:
        EventLog(path, create=False).close()
    except (OSError, ValueError) as error:
        to_be_made = isinstance(error, FileNotFoundError) and os.path.isdir(os.path.dirname(path) or ".")
        return [] if to_be_made else [Problem("event_log", _unusable(path, error))]
    return []


def open_shared(path: str) -> EventLog | None:
    """A file that somebody else has made; None where it can't be written to, as nothing depends on it."""
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
