# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No thread of ours takes a signal away from the main thread, which alone can act on it."""

from __future__ import annotations

import re
import signal
import threading
from pathlib import Path

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._engine import thread

PLUGINS = Path(__file__).parents[5] / "plugins"


def blocked() -> set[signal.Signals]:
    return {signal.Signals(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, ())}


def test_a_thread_blocks_what_others_handle() -> None:
    found: list[set[signal.Signals]] = []
    thread.start(lambda: found.append(blocked()), "test").join(10)
    assert found[0] >= thread.HANDLED


def test_the_caller_gets_its_signals_as_before() -> None:
    before = blocked()
    assert before.isdisjoint(thread.HANDLED), "an earlier thread has left them blocked"
    thread.start(lambda: None, "test").join(10)
    assert blocked() == before


def test_the_caller_gets_its_signals_though_no_thread_could_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_to_spare(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    before = blocked()
    monkeypatch.setattr(threading.Thread, "start", none_to_spare)
    with pytest.raises(RuntimeError):
        thread.start(lambda: None, "test")
    assert blocked() == before


def test_no_thread_is_started_otherwise() -> None:
    """But in the event source, which runs in a process of others: asyncio hears of its signals in any thread."""
    starting = re.compile(r"\bThread\(|\bThreadPoolExecutor\(|\bTimer\(")
    found = {path for path in PLUGINS.rglob("*.py") if starting.search(path.read_text())}
    own = PLUGINS / "module_utils"
    assert found == {own / "_engine/thread.py", own / "_module/event_source/main.py"}
