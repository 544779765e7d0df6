# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site that ``make docs`` has built, a server for it, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from tests.support.browser import CHROMIUM, DESKTOP, DRIVER, browser, resize, served
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import shipped, snake_case
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models

BUILT = Path(__file__).parents[2] / "docs/_build"


@pytest.fixture(scope="session")
def built() -> Path:
    if not (BUILT / "index.html").exists():
        pytest.fail(f"there is no site in {BUILT}: run `make docs`")
    return BUILT


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    with served(built) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("CHROMIUM IS NOT THERE, SO NO PAGE IS LOOKED AT: apt-get install chromium chromium-driver")
    with browser() as driver:
        yield driver


@pytest.fixture
def driver(chromium: Chrome) -> Chrome:
    """The browser as each test finds it."""
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    resize(chromium, DESKTOP)
    chromium.get("about:blank")  # or an address that differs in its hash alone would load nothing
    return chromium


@pytest.fixture(scope="session")
def models() -> Models:
    return Models(CATALOG)


@pytest.fixture(scope="session")
def sources(models: Models) -> dict[str, str]:
    """The source of each waiter, by its service and name: "athena query_succeeded"."""
    return {
        f"{service} {snake_case(waiter.name)}": waiter.source.value
        for service in models.services()
        for waiter in shipped(models, service)
    }
