# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts threads that leave all signals to the main thread."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

HANDLED = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGALRM}
"""What ends a wait, and what Ansible's keyword ``timeout`` uses."""


def start(work: Callable[[], object], name: str) -> threading.Thread:
    """Do ``work`` in a daemon thread. RuntimeError where the system has none to spare.

    The system hands a signal to any thread that doesn't block it, and Python runs its handler in the main thread
    alone, which stays asleep in its system call where another thread has got the signal.
    """
    thread = threading.Thread(target=work, name=name, daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)  # a new thread inherits it
    try:
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return thread
