# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source in the event loop of ansible-rulebook, which it never blocks: all work is done in threads."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from ansible.module_utils.common.parameters import remove_values

from ..._definition.problem import BadInput
from ..._definition.text import for_people
from ..._engine.thread import start
from ..entries import Account
from ..exit import LONGEST_MSG, sentence
from ..wait_many import Clients
from ..watch import Abandoned
from .options import CatalogOf, Options
from .payload import Event, Payloads
from .state import State
from .waits import Waits

EVERY = 1.0
"""Seconds between two looks at the files, and between two writes to the disk where no event requires one."""
HELPERS = 2
"""Threads for what takes time: one may wait for the disk while another reads files."""
LONGEST_STOP = 1.0
LONGEST_FEEDBACK = 60.0
"""Seconds until the rulebook has confirmed an event, where it does so. It skips those that it can't read."""
logger = logging.getLogger(__name__)


class Found(Protocol):
    """What a file holds: its waits, None where it can't be read because of the ``problem``."""

    origin: str
    waits: list[Any] | None
    problem: str | None


class Files(Protocol):
    """Files with waits; see ``plugin_utils/_entry_files.py``."""

    def look(self) -> Iterable[Found]:
        """The files that have changed, also those that are gone."""


FilesOf = Callable[[str, Iterable[str]], Files]
"""Watches the file or folder at a path. The others are the files that were known before a restart."""


class Queue(Protocol):
    """What ansible-rulebook hands to a source."""

    async def put(self, event: Event) -> None:
        """Comes back when the rulebook has room for it."""


async def run(queue: Queue, args: Mapping[str, Any], catalog_of: CatalogOf, files_of: FilesOf) -> None:
    """Run the source until it is cancelled, or until all has ended where ``keep_alive`` is false.

    ValueError with the problems of the input. Whatever goes wrong later is an event.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Event] = asyncio.Queue()
    source = _Source(args, catalog_of, files_of, partial(_tell, loop, told))
    helpers = ThreadPoolExecutor(HELPERS, "cloudwait-helper")
    delivering = None
    try:
        await loop.run_in_executor(helpers, source.set_up)
        delivering = asyncio.create_task(_deliver(queue, told, source.state, helpers, args.get("eda_feedback_queue")))
        while not source.is_over:
            await asyncio.sleep(EVERY)
            await loop.run_in_executor(helpers, source.tick)
        await asyncio.sleep(0)  # what was told before is in the queue then
        await told.join()
    except BadInput as bad:
        raise ValueError(source.conceal(sentence(bad))) from None
    finally:
        if delivering is not None:
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
        source.stop()
        until = loop.time() + LONGEST_STOP
        while source.is_running and loop.time() < until:
            await asyncio.sleep(0.01)
        source.state.close()
        helpers.shutdown(wait=False, cancel_futures=True)


def _tell(loop: asyncio.AbstractEventLoop, told: asyncio.Queue[Event], event: Event) -> None:
    with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
        loop.call_soon_threadsafe(told.put_nowait, event)


async def _deliver(
    queue: Queue,
    told: asyncio.Queue[Event],
    state: State,
    helpers: ThreadPoolExecutor,
    feedback: asyncio.Queue[Any] | None,
) -> None:
    """Hand events to the rulebook, which may take its time."""
    loop = asyncio.get_running_loop()
    while True:
        event = await told.get()
        uuid = event["meta"]["uuid"]
        try:
            if state.is_on_disk:
                await loop.run_in_executor(helpers, state.delivering, uuid)
            await queue.put(copy.deepcopy(event))  # filters change it
            if feedback is not None:
                await asyncio.wait_for(feedback.get(), LONGEST_FEEDBACK)
            state.delivered(uuid)
        except Exception:  # of a filter, say; after a restart the event is delivered again
            logger.exception("the event %s of cloudwait.aws.wait could not be delivered", uuid)
        told.task_done()


class _Source:
    """The options, the state, the waits and the files of a source. Its methods take time: they are for threads."""

    def __init__(
        self, args: Mapping[str, Any], catalog_of: CatalogOf, files_of: FilesOf, tell: Callable[[Event], None]
    ) -> None:
        self._args, self._catalog_of, self._files_of, self._tell = args, catalog_of, files_of, tell
        self._secrets: set[str] = set()
        self._payloads = Payloads(self._secrets)
        self._is_stopped = self._is_setting_up = False
        self._thread: threading.Thread | None = None
        self._files: Files | None = None
        self._problem: str | None = None
        self.state = State()

    def set_up(self) -> None:
        """Read all input, and begin the waits. BadInput."""
        self._is_setting_up = True
        try:
            self._set_up()
            self._thread = start(self._waits.run, "cloudwait-scheduler")
            if self._is_stopped:
                self._waits.stop()
                self.state.close()
        except BaseException:
            self.state.close()
            raise
        finally:
            self._is_setting_up = False

    def _set_up(self) -> None:
        self._options = options = Options(self._args, self._catalog_of, self._secrets)
        self._clients = Clients(options.task)
        own = options.read(self._connect)
        self.state = State(options.params["state"])
        self._waits = Waits(options, self.state, self._tell, self._clients)
        for event, has_begun in list(self.state.deliveries.values()):
            self._tell({**event, "meta": {**event["meta"], "repeated": has_begun}})
        self._waits.replace(None, own)
        if options.params["entries_from"] is not None:
            known = {origin for record in self.state.records.values() if (origin := record.get("origin")) is not None}
            self._files = self._files_of(options.params["entries_from"], known)
        self.tick()

    def tick(self) -> None:
        """Look at the files, and bring the state to the disk."""
        try:
            for found in self._files.look() if self._files is not None else ():
                self._replace(found)
            self.state.sync()
        except Exception as error:
            logger.exception("the files or the state of cloudwait.aws.wait could not be handled")
            self._tell(self._payloads.fault(f"The files or the state could not be handled: {error!r}"))
        before, self._problem = self._problem, self.state.problem
        if self._problem is not None and self._problem != before:
            path = self._options.params["state"]
            self._tell(
                self._payloads.fault(f"state: {path!r} {self._problem}. After a restart something may be repeated.")
            )

    def stop(self) -> None:
        """Leave all waits as they are. ``set_up`` ends, too."""
        self._is_stopped = True
        if self._thread is not None:
            self._waits.stop()

    @property
    def is_running(self) -> bool:
        """Whether a thread of its own is still at work."""
        return self._is_setting_up or (self._thread is not None and self._thread.is_alive())

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be done."""
        keeps_alive = self._options.params["keep_alive"]
        return not keeps_alive and (self._waits.is_idle or self._waits.has_ended)

    def conceal(self, text: str) -> str:
        """The text without secrets, for display."""
        return for_people(remove_values(text, set(self._secrets)), LONGEST_MSG)

    def _connect(self, account: Account, service: str, operation: str) -> Any:
        if self._is_stopped:
            raise Abandoned
        return self._clients.get(account, service, operation)

    def _replace(self, found: Found) -> None:
        if found.waits is None:
            self._tell(self._payloads.fault(str(found.problem), None, found.origin))
            return
        try:
            given = self._options.read_more(found.waits, found.origin, self._connect)
            self._waits.replace(found.origin, given)
        except BadInput as bad:
            self._tell(self._payloads.fault(found.origin, bad, found.origin))
        except Exception as error:  # of a bug; the other files are read
            logger.exception("the waits of %s could not be begun", found.origin)
            self._tell(self._payloads.fault(f"{found.origin}: {error!r}", None, found.origin))
