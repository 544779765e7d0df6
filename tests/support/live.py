# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs a command and notes when each line of its output arrives, through pipes or on a terminal."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STEP = 0.05
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Heard:
    """A line without its line break; ``at`` is time.monotonic()."""

    at: float
    text: str

    @property
    def bare(self) -> str:
        """Without colours."""
        return COLOUR.sub("", self.text)


class Live:
    """A running command. ``out`` and ``err`` grow while it runs; a terminal gets both as ``out``."""

    def __init__(
        self,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        folder: Path,
        terminal: tuple[int, int] | None = None,
    ) -> None:
        """``terminal``: the lines and columns of a terminal to run it on."""
        self.out: list[Heard] = []
        self.err: list[Heard] = []
        self.ended_at: float | None = None
        if terminal is None:
            self._process = self._start(command, environment, folder, subprocess.PIPE, subprocess.PIPE)
            assert self._process.stdout is not None
            assert self._process.stderr is not None
            sources = [(self._process.stdout.fileno(), self.out), (self._process.stderr.fileno(), self.err)]
        else:
            ours, theirs = pty.openpty()
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *terminal, 0, 0))
            self._process = self._start(command, environment, folder, theirs, theirs)
            os.close(theirs)
            sources = [(ours, self.out)]
        self._readers = [threading.Thread(target=_read, args=source, daemon=True) for source in sources]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _start(
        command: Sequence[str | Path], environment: Mapping[str, str], folder: Path, stdout: int, stderr: int
    ) -> subprocess.Popen[bytes]:
        # its own session, so that a signal to the group reaches no other process
        return subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )

    def wait(self, seconds: float = 300) -> int:
        """Its exit status, once all of its output was read."""
        status = self._process.wait(seconds)
        self.ended_at = time.monotonic()
        for reader in self._readers:
            reader.join(10)
        return status

    def send(self, number: signal.Signals) -> None:
        """Send a signal only to the command, not to the processes that it has started."""
        self._process.send_signal(number)

    def until(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Wait for a condition while the command runs."""
        deadline = time.monotonic() + seconds
        while not condition():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"in vain, after:\n{self.output}")
            time.sleep(STEP)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    @property
    def output(self) -> str:
        return "\n".join(line.bare for line in (*self.out, *self.err))

    def lines(self, pattern: str) -> list[Heard]:
        """The lines of stdout whose beginning matches the expression."""
        return [line for line in self.out if re.match(pattern, line.bare)]

    def line(self, pattern: str) -> Heard:
        """The only one."""
        found = self.lines(pattern)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} lines match {pattern!r} in:\n{self.output}")
        return found[0]


def _read(descriptor: int, lines: list[Heard]) -> None:
    begun = b""
    while data := _some(descriptor):
        *whole, begun = (begun + data).split(b"\n")
        at = time.monotonic()
        lines.extend(Heard(at, line.decode(errors="backslashreplace").rstrip("\r")) for line in whole)
    if begun:
        lines.append(Heard(time.monotonic(), begun.decode(errors="backslashreplace")))


def _some(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # a terminal raises this when all writers have closed it
        return b""
