# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that a waiting module depends on: the module writes its events to it, and ends once it is removed.

So no poller outlives its task, however the task ends: normally, by the keyword ``timeout``, by a signal, or because the
controller ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from ansible import constants

DEADLY = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


class LivenessFile:
    """The file, which exists only as long as the controller's process. OSError if it can't be created."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="cloudwait-", suffix=".jsonl", dir=constants.DEFAULT_LOCAL_TMP)
        os.close(handle)
        self.path = Path(name)
        self._controller = os.getppid()

    def is_orphaned(self) -> bool:
        """Whether the process that started this one is gone."""
        return os.getppid() != self._controller

    def remove(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()

    @contextlib.contextmanager
    def removed_at_end(self) -> Iterator[None]:
        """Remove the file when the block ends, for whatever reason."""
        with self._removed_by_signals():
            try:
                yield
            finally:
                self.remove()

    @contextlib.contextmanager
    def _removed_by_signals(self) -> Iterator[None]:
        # Ansible ends its workers with signals that skip `finally`.
        before = {number: signal.getsignal(number) for number in DEADLY}

        def remove_and_pass_on(number: int, frame: FrameType | None) -> None:
            self.remove()
            signal.signal(number, before[signal.Signals(number)] or signal.SIG_DFL)
            os.kill(os.getpid(), number)

        try:
            for number in DEADLY:
                signal.signal(number, remove_and_pass_on)
        except ValueError:  # not in the main thread, which alone can handle signals
            yield
            return
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler or signal.SIG_DFL)
