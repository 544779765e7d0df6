# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole catalogue, as a task that needs all of it would be given it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import whole

CATALOG = Catalog.of(whole())

Check = Callable[[str, str], None]
"""A test of one waiter, by its service and its name."""


def every(waiters: Iterable[tuple[str, str]]) -> Callable[[Check], Callable[[str], None]]:
    """Makes a check of each of these waiters a test for each service, which names all waiters that don't pass.

    A test for each waiter would take longer to be called than to run.
    """
    names: dict[str, list[str]] = {}
    for service, name in waiters:
        names.setdefault(service, []).append(name)

    def decorate(check: Check) -> Callable[[str], None]:
        def test(service: str) -> None:
            failed = {}
            for name in names[service]:
                try:
                    check(service, name)
                except AssertionError as error:  # noqa: PERF203
                    failed[name] = str(error)
            assert not failed, "\n\n".join(f"{service} {name}: {text}" for name, text in failed.items())

        test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
        marked: Callable[[str], None] = pytest.mark.parametrize("service", names)(test)
        return marked

    return decorate
