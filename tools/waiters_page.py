# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints docs/waiters.md, the catalogue and the corrections, from the collection's data: ``make waiters``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import (
    LibraryWaiter,
    shipped,
    snake_case,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.describe import describe
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Source
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import whole

IN_CATALOG = ("service", "waiter", "description", "operation", "delay", "at most")


def page(models: Models) -> str:
    """The page as Markdown."""
    waiters = [(service, waiter) for service in models.services() for waiter in shipped(models, service)]
    catalog = [(service, waiter) for service, waiter in waiters if waiter.source is Source.CATALOG]
    corrected = [(service, waiter) for service, waiter in waiters if waiter.source is Source.CORRECTED]
    services = {service for service, _waiter in catalog}
    alone = sum(not models.waiters(service) for service in services)
    return f"""# Additional and corrected waiters

`make waiters` generates this page from the collection's data, and a test keeps it up to date.
`cloudwait.aws.waiter_info` with `details: true` shows the same information, and everything that ends the wait, for any
waiter, including boto3's own.

## The catalogue

{len(catalog)} waiters that boto3 lacks, for {len(services)} services, of which {alone} have none in boto3 at all.
Tasks refer to them by name, like any other: `service: athena`, `waiter: query_succeeded`.
Each handles every state that its resource can have. The last two columns are the default delay and the default limit.

{_table(IN_CATALOG, (_in_catalog(*entry) for entry in catalog))}

## The corrections

{len(corrected)} of boto3's waiters keep polling in a state that is final, or end with the wrong outcome. The collection
corrects them unless the task sets `corrections: false`; the result then has `source: corrected`. A correction has no
effect if the installed botocore has fixed the waiter. See also the [waiters that look defective but aren't
corrected](left_alone.md).

{_table(("service", "waiter", "reason", "change"), (row for entry in corrected for row in _corrections(*entry)))}
"""


def _in_catalog(service: str, waiter: LibraryWaiter) -> tuple[str, ...]:
    definition = waiter.definition
    delay, attempts = definition.delay or 0, definition.max_attempts or 0
    times = duration(delay), duration(delay * attempts)
    return service, f"`{snake_case(waiter.name)}`", definition.description, definition.operation, *times


def _corrections(service: str, waiter: LibraryWaiter) -> Iterator[tuple[str, ...]]:
    for change in waiter.layers[0].changes:
        yield service, f"`{snake_case(waiter.name)}`", change["reason"], change_in_words(change)


def change_in_words(change: Mapping[str, Any]) -> str:
    """How a correction changes the conditions."""
    if change.get("gone"):
        return "succeeds when a resource that was seen is now missing"
    was, now = (_acceptor(change.get(key)) for key in ("was", "now"))
    if not was:
        return now
    return f"{now}, and no longer {was}" if now else f"no longer {was}"


def _acceptor(raw: Mapping[str, Any] | None) -> str:
    if raw is None:
        return ""
    definition = read_definition({"operation": "Any", "acceptors": [raw]}).definition
    return describe(definition.acceptors[0]) if definition else ""


def duration(seconds: float) -> str:
    """A time in the largest unit that is whole: "45 s", "10 min", "8 h"."""
    hours, minutes = seconds / 3600, seconds / 60
    if hours >= 2 and hours == int(hours):
        return f"{hours:.0f} h"
    return f"{minutes:.0f} min" if minutes >= 2 and minutes == int(minutes) else f"{seconds:.0f} s"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in (head, ("---",) * len(head), *rows))
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)


if __name__ == "__main__":
    sys.stdout.write(page(Models(Catalog.of(whole()))))
