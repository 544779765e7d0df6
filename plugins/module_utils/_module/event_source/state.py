# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an event source must know after a restart: how far its waits have come, and which events were delivered.

The file has one JSON object on each line. The first is ``{"cloudwait_state": 1}``; each of the others adds to what is
known of one wait or of one event, so that a line that was cut short by a crash costs no other:

* ``{"wait": key, …}``: members of a ``Record``; ``change`` is one more entry of its ``changes``
* ``{"event": {…}}``: an event that is to be delivered, with its ``meta.uuid``; also as a member of a wait's line
* ``{"delivering": uuid}``, ``{"delivered": uuid}``: before and after the event is handed to the rulebook
* ``{"forget": key}``: nobody needs the wait any more
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypedDict

from ..._definition.problem import BadInput, Problem, cite
from ..._engine.timeline import MOST_SIGHTINGS

Event = dict[str, Any]
Line = dict[str, Any]

HEADER: Line = {"cloudwait_state": 1}
MODE = 0o600
ROOM = 1_000_000
"""Bytes that may be appended to the file before it is written anew, at least; more where it is larger."""


class Record(TypedDict, total=False):
    """What is known of a wait. Times in seconds, ``began`` since the epoch and the others since then.

    ``origin``: the file that it comes from; ``ended``: its outcome; the others are those of a ``Checkpoint``.
    """

    began: float
    origin: str | None
    ended: str
    elapsed: float
    due: float
    attempts: int
    seen: list[str]
    successes: int
    transient_spent: float
    changes: list[list[Any]]


class Delivery(NamedTuple):
    """An event that is to be delivered. ``has_begun``: it may have been."""

    event: Event
    has_begun: bool


class State:
    """The records of all waits by their keys, and the events to be delivered by their ids. For any thread.

    Without a path it is kept in memory alone. After a write that failed ``sync`` writes the file anew; until it can,
    ``problem`` says why.
    """

    def __init__(self, path: str | None = None) -> None:
        """BadInput where the file can't be used."""
        self._path, self._descriptor, self._size, self._limit = path, -1, 0, 0
        self._lock = threading.Lock()
        self._is_dirty = self._is_broken = False
        self.records: dict[str, Record] = {}
        self.deliveries: dict[str, Delivery] = {}
        self.problem: str | None = None
        if path is None:
            return
        try:
            self._descriptor = _locked(path)
            self._read()
            self._rewrite()
        except (OSError, ValueError) as error:
            self.close()
            raise BadInput([Problem("state", f"{cite(path)} can't be used: {_reason(error)}")]) from None

    @property
    def is_on_disk(self) -> bool:
        """Whether anything is kept after the process."""
        return self._path is not None

    def save(self, key: str, record: Record, change: list[Any] | None = None, event: Event | None = None) -> None:
        """Add to a record; ``change``: an entry of the timeline. ``event`` is to be delivered."""
        told = {} if event is None else {"event": event}
        self._write({"wait": key, **record, **({} if change is None else {"change": change}), **told})

    def forget(self, key: str) -> None:
        """Drop the record of a wait. Its events are delivered."""
        self._write({"forget": key})

    def deliver(self, event: Event) -> None:
        """Note an event that is no wait's."""
        self._write({"event": event})

    def delivering(self, uuid: str) -> None:
        """Note that an event is about to be delivered. On return that and its wait's end are on the disk."""
        self._write({"delivering": uuid})
        self.sync()

    def delivered(self, uuid: str) -> None:
        """Note that an event was delivered."""
        self._write({"delivered": uuid})

    def sync(self) -> None:
        """Bring what was written to the disk; shorten the file where it has grown."""
        with self._lock:
            if self._descriptor < 0 or not self._is_dirty:
                return
            self._is_dirty = False
            if self._is_broken or self._size > self._limit:
                self._try(self._repair)
                return
            descriptor = os.dup(self._descriptor)  # others may write meanwhile
        try:
            os.fsync(descriptor)
        except OSError as error:
            self._fail(error)
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Close the file. Nothing is written any more."""
        with self._lock:
            if self._descriptor >= 0:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)  # a copy of it may be open in ``sync``
                os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, line: Line) -> None:
        with self._lock:
            self._take(line)
            if self._descriptor < 0:
                return
            self._is_dirty = True
            if not self._is_broken:
                self._try(lambda: self._append(_encoded(line)))

    def _append(self, text: bytes) -> None:
        written = os.write(self._descriptor, text)
        self._size += written
        if written < len(text):
            raise OSError("a line was cut short; the disk may be full")

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except OSError as error:
            self._fail(error)

    def _repair(self) -> None:
        self._rewrite()
        if self._is_broken:
            self._is_broken, self.problem = False, None

    def _fail(self, error: OSError) -> None:
        self._is_broken = self._is_dirty = True
        self.problem = self.problem or f"can't be written to: {_reason(error)}"

    # --- what a line says

    def _take(self, line: Line) -> None:
        if "forget" in line:
            self.records.pop(line["forget"], None)
        if "delivered" in line:
            self.deliveries.pop(line["delivered"], None)
        if "delivering" in line and line["delivering"] in self.deliveries:
            uuid = line["delivering"]
            self.deliveries[uuid] = self.deliveries[uuid]._replace(has_begun=True)
        event, key = line.get("event"), line.get("wait")
        if event is not None:
            self.deliveries[event["meta"]["uuid"]] = Delivery(event, bool(line.get("has_begun")))
        known = {name: value for name, value in line.items() if name in Record.__annotations__}
        if key is None or not (key in self.records or "began" in known or "origin" in known):
            return  # it was forgotten meanwhile
        record = self.records.setdefault(key, {})
        record.update(known)  # type: ignore[typeddict-item]
        if "change" in line:
            changes = record.setdefault("changes", [])
            changes.append(line["change"])
            if len(changes) > MOST_SIGHTINGS:  # a timeline, too, keeps the first and the last ones
                del changes[MOST_SIGHTINGS // 2]
        if "ended" in record:  # of a wait that has ended the rest is not needed
            self.records[key] = {"ended": record["ended"], "origin": record.get("origin")}

    def _lines(self) -> Iterator[Line]:
        """The whole state in as few lines as can be."""
        yield HEADER
        for key, record in self.records.items():
            yield {"wait": key, **record}
        for delivery in self.deliveries.values():
            yield delivery._asdict()

    # --- the file

    def _read(self) -> None:
        with open(self._descriptor, "rb", closefd=False) as file:
            lines = file.read().split(b"\n")
        first, *others = lines
        if lines != [b""] and first + b"\n" != _encoded(HEADER):
            raise ValueError("it is not the state of an event source")
        bad = [number for number, text in enumerate(others, 2) if text and not self._takes(text)]
        if bad and bad[0] < len(lines):  # the last line was cut short by a crash
            self.problem = f"line {bad[0]} can't be read and is left out"

    def _takes(self, text: bytes) -> bool:
        try:
            self._take(json.loads(text))
        except (ValueError, TypeError, LookupError, AttributeError):
            return False
        return True

    def _rewrite(self) -> None:
        """Write the state to a new file, and put it in the place of the old one."""
        path = os.path.realpath(self._path or "")
        new = f"{path}.new"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)
        descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            text = b"".join(_encoded(line) for line in self._lines())
            if os.write(descriptor, text) < len(text):
                raise OSError("it was cut short; the disk may be full")
            os.fsync(descriptor)
            os.replace(new, path)
        except BaseException:
            os.close(descriptor)
            raise
        old, self._descriptor = self._descriptor, descriptor
        os.close(old)
        self._size, self._limit, self._is_dirty = len(text), len(text) * 2 + ROOM, False
        folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _locked(path: str) -> int:
    """The file, opened and locked: two sources must not share it. OSError."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOCTTY, MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found, opened = os.stat(path), os.fstat(descriptor)
            if (found.st_dev, found.st_ino) == (opened.st_dev, opened.st_ino):  # else it was replaced meanwhile
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise ValueError("another event source uses it") from None
        except FileNotFoundError:
            pass
        os.close(descriptor)


def _encoded(line: Line) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _reason(error: Exception) -> str:
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
