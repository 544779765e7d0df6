# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The usual way to wait for many resources with boto3: a waiter for each, in threads. Prints how many waits failed.

    python threads.py waits.json

One client with a connection for each thread and one waiter serve them all, which is the cheapest way to do it.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError


def main() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]  # a connection is a file
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    waits = json.loads(Path(sys.argv[1]).read_text())
    config = Config(max_pool_connections=len(waits["params"]))
    waiter = boto3.client(waits["service"], config=config).get_waiter(waits["waiter"])
    killed = []

    def wait(params: dict[str, object]) -> None:
        try:
            waiter.wait(**params, WaiterConfig={"Delay": waits["delay"]})
        except BotoCoreError as error:
            killed.append(error)

    threads = [threading.Thread(target=wait, args=(params,)) for params in waits["params"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"killed": len(killed)}))


if __name__ == "__main__":
    main()
