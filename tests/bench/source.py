# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measures what the event source takes for many waits, and writes it to docs/event_driven.md: ``make bench``.

``python -m tests.bench.source 100`` measures fleets of up to so many instances, and writes nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import resource
import runpy
import subprocess
import sys
import threading
import time
from datetime import date
from importlib.metadata import version
from typing import Any

from tests.bench.endpoint import Aws, Setting, endpoint
from tests.bench.resources import FLEETS
from tests.bench.tables import table
from tests.support.playbook import REPO, SECRET, WORK

PAGE = REPO / "docs/event_driven.md"
BEGIN, END = "<!-- measured by make bench -->", "<!-- until here -->"
FILE = WORK / "collections/ansible_collections/cloudwait/aws/extensions/eda/plugins/event_source/wait.py"
COUNTS, SECONDS, DELAY = (100, 1000, 10_000), 120, 15
HEAD = ("waits", "requests", "CPU", "peak memory", "threads", "after the last")


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2], int(sys.argv[3]))
        return
    most = int(sys.argv[1]) if sys.argv[1:] else max(COUNTS)
    with endpoint() as aws:
        rows = [measured(aws, count) for count in COUNTS if count <= most]
    versions = ", ".join(f"{name} {version(name)}" for name in ("ansible-core", "boto3", "botocore"))
    text = f"""> Measured on {date.today()} with {versions}
> and Python {platform.python_version()} on {os.cpu_count()} CPUs.

{table(HEAD, rows)}"""
    print(text)
    if not sys.argv[1:]:
        before, _mark, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}")


def measured(aws: Aws, count: int) -> tuple[str, ...]:
    """One row: a source of its own process, with a state file, whose instances become ready at random."""
    aws.put(Setting("ec2", count, SECONDS))
    command = [sys.executable, "-m", "tests.bench.source", "run", aws.url, str(count)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=REPO)
    found, report = json.loads(done.stdout), aws.report()
    return (
        f"{count:,}",
        f"{report.requests:,}",
        f"{found['cpu']:.1f} s",
        f"{found['memory'] / 1e6:.0f} MB",
        f"{found['threads']}",
        f"{found['last'] - report.ready_at:.1f} s",
    )


def run(url: str, count: int) -> None:
    """The process that is measured."""
    threads, last = 0, 0.0

    class Queue:
        async def put(self, _event: Any) -> None:
            nonlocal threads, last
            threads, last = max(threads, threading.active_count()), time.monotonic()

    waits = [{"name": name, "params": {"InstanceIds": [name]}} for name in FLEETS["ec2"](count).names]
    state = WORK / "bench-state"
    state.unlink(missing_ok=True)
    args = {
        "access_key": "AKID",
        "secret_key": SECRET,
        "region": "us-east-1",
        "endpoint_url": url,
        "service": "ec2",
        "waiter": "instance_running",
        "delay": DELAY,
        "state": str(state),
        "keep_alive": False,
        "waits": waits,
    }
    asyncio.run(runpy.run_path(str(FILE))["main"](Queue(), args))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
    print(json.dumps({"cpu": cpu, "memory": memory, "threads": threads, "last": last}))


if __name__ == "__main__":
    main()
