# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints docs/waiters.md, the names of the catalogue's and of the corrected waiters: ``make waiters``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import shipped, snake_case
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Source
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import whole

FOLDER = "../plugins/plugin_utils/catalog"


def page(models: Models) -> str:
    """The page as Markdown."""
    catalog, corrected = (_names(models, source) for source in (Source.CATALOG, Source.CORRECTED))
    alone = sum(not models.waiters(service) for service in catalog)
    return f"""# Additional and corrected waiters

`make waiters` generates this page from the collection's data, and a test keeps it up to date. The file that a service
links to has the definitions and the corrections, with their reasons and their evidence. `cloudwait.aws.waiter_info`
with `details: true` shows all of it for any waiter, including boto3's own. So does the site that `make docs` builds: it
has a search, and a page for each service.

## The catalogue

{_count(catalog):,} waiters that boto3 lacks, for {len(catalog)} services, of which {alone} have none in boto3 at all.
Tasks refer to them by name, like any other: `service: athena`, `waiter: query_succeeded`.
Each handles every state that its resource can have.

{_table(catalog)}

## The corrections

{_count(corrected)} of boto3's waiters keep polling in a state that is final, end with the wrong outcome or give up too
early. The collection corrects them unless the task sets `corrections: false`; the result then has `source: corrected`.
A correction has no effect if the installed botocore has fixed the waiter. See also the [waiters that look defective but
aren't corrected](left_alone.md).

{_table(corrected)}
"""


def _names(models: Models, source: Source) -> dict[str, list[str]]:
    """The waiters of this source, by service."""
    services = {
        service: sorted(snake_case(waiter.name) for waiter in shipped(models, service) if waiter.source is source)
        for service in models.services()
    }
    return {service: names for service, names in services.items() if names}


def _count(services: Mapping[str, Sequence[str]]) -> int:
    return sum(map(len, services.values()))


def _table(services: Mapping[str, Sequence[str]]) -> str:
    rows = (
        f"| [{service}]({FOLDER}/{service}.yml) | {len(names)} | {', '.join(f'`{name}`' for name in names)} |"
        for service, names in services.items()
    )
    return "\n".join(["| service | number | waiters |", "| --- | ---: | --- |", *rows])


if __name__ == "__main__":
    sys.stdout.write(page(Models(Catalog.of(whole()))))
