# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source for ansible-rulebook that waits for AWS resources."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

DOCUMENTATION = r"""
short_description: Wait for AWS resources and send an event for each
description:
  - Runs any number of waits in one process, as M(cloudwait.aws.wait_many) does, and sends an event when a wait ends.
  - Takes the options of M(cloudwait.aws.wait_many) except O(ignore:progress), and those that are listed here.
  - The payload of an event is the result of its wait. RV(ignore:meta.event) is V(ended), V(changed) or V(fault).
options:
  waits:
    description:
      - The waits, as in M(cloudwait.aws.wait_many). Required unless O(entries_from) is set.
    type: list
    elements: dict
  fail_fast:
    description:
      - Whether to cancel the other waits in O(waits) as soon as O(require) can no longer be met.
    type: bool
    default: false
  require:
    description:
      - How many of O(waits) must succeed. Once that many have succeeded, the others are cancelled.
    type: str
    default: all
  events:
    description:
      - V(endings) sends one event for each wait, when it ends.
      - V(changes) also sends one each time the observed value changes. Its outcome is V(pending).
    type: str
    choices: [endings, changes]
    default: endings
  state:
    description:
      - A file from which the source continues after a restart. It keeps deadlines, attempts, and which events were
        delivered. A wait that has ended isn't started again.
      - Without it, a restart begins all waits again.
    type: path
  entries_from:
    description:
      - A YAML or JSON file with further waits, or a folder of such files, whose names end in C(.yml), C(.yaml) or
        C(.json). It is read again whenever it changes.
      - A new entry begins a wait. An entry that is removed, or whose file is removed from the folder, cancels its wait.
    type: path
  keep_alive:
    description:
      - Whether the source continues to run after the last wait has ended.
      - When a source ends, ansible-rulebook ends, and may interrupt actions that are still running.
    type: bool
    default: true
"""

EXAMPLES = r"""
- cloudwait.aws.wait:
    region: eu-west-1
    timeout: 7200
    state: /var/lib/rulebook/waits.jsonl
    waits:
      - {name: orders, service: rds, waiter: db_instance_available, params: {DBInstanceIdentifier: orders}}

- cloudwait.aws.wait:
    region: eu-west-1
    entries_from: /var/lib/rulebook/waits
    state: /var/lib/rulebook/waits.jsonl
    events: changes
"""


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Send events until cancelled."""
    loop = asyncio.get_running_loop()
    loading = ThreadPoolExecutor(1, "cloudwait-load")  # imports take time
    try:
        find_collections = await loop.run_in_executor(loading, _load_ansible)
        find_collections()  # two sources that did it at once would be in each other's way
        run = await loop.run_in_executor(loading, _load)
    except ImportError as error:
        needs = "ansible-core, boto3 and the collection amazon.aws in the Python of ansible-rulebook"
        raise RuntimeError(f"cloudwait.aws.wait needs {needs}: {error}") from None
    finally:
        loading.shutdown(wait=False)
    await run(queue, args)


def _load_ansible() -> Callable[[], None]:
    """What tells Python where collections are: ansible-rulebook runs this file without that."""
    from ansible.plugins.loader import init_plugin_loader
    from ansible.utils.collection_loader import AnsibleCollectionConfig

    def find_collections() -> None:
        if AnsibleCollectionConfig.collection_finder is None:
            own = [str(folder.parent) for folder in Path(__file__).parents if folder.name == "ansible_collections"]
            init_plugin_loader(own[:1])

    return find_collections


def _load() -> Callable[..., Awaitable[None]]:
    """The source."""
    from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.main import run
    from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import for_task
    from ansible_collections.cloudwait.aws.plugins.plugin_utils._entry_files import EntryFiles

    return lambda queue, args: run(queue, args, for_task, EntryFiles)
