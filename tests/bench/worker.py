# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cost of a progress line for the process that runs a task, as JSON: ``{"lines": count, "cpu": seconds}``.

    python -m tests.bench.worker events.jsonl

Reads an event log as the action plugin reads what its module writes, one poll at a time, words the lines and hands
them to Ansible's display, which sends them to the controller's main process.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from itertools import groupby
from pathlib import Path
from typing import Any

from ansible.executor.task_queue_manager import FinalQueue
from ansible.utils.display import Display
from ansible.utils.multiprocessing import context

from ansible_collections.cloudwait.aws.plugins.plugin_utils._events import Tail
from ansible_collections.cloudwait.aws.plugins.plugin_utils._progress import Progress
from ansible_collections.cloudwait.aws.plugins.plugin_utils._screen import columns, show


def main() -> None:
    lines = Path(sys.argv[1]).read_bytes().splitlines(keepends=True)
    queue, found = FinalQueue(), context.SimpleQueue()
    worker = context.Process(target=work, args=(lines, queue, found))
    worker.start()
    while queue.get() is not None:
        pass
    print(json.dumps(found.get()))
    worker.join()


def work(lines: list[bytes], queue: Any, found: Any) -> None:
    Display().set_queue(queue)
    progress, count, seconds = Progress("localhost", True, columns()), 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "progress")
        path.touch()
        tail = Tail(path)
        with path.open("ab", buffering=0) as file:
            for _attempt, told in groupby(lines, key=lambda line: json.loads(line).get("attempt")):
                file.write(b"".join(told))
                began = time.process_time()
                for event in tail.read():
                    for line in progress.handle(event, time.monotonic()):
                        show(line)
                        count += 1
                seconds += time.process_time() - began
        tail.close()
    queue.put(None)
    found.put({"lines": count, "cpu": seconds})


if __name__ == "__main__":
    main()
