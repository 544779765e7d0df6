# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue page: it has all waiters, and the search finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.validate import ParamValidator
from bs4 import BeautifulSoup
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import text_to_be_present_in_element, url_to_be
from selenium.webdriver.support.wait import WebDriverWait
from tests.support.browser import PHONE, resize
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import shipped, snake_case
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models

ATHENA = "athena-query_succeeded"
COPY = (By.CSS_SELECTOR, f"#{ATHENA} .copy")


class Catalogue:
    """The page as readers see it."""

    def __init__(self, driver: Chrome, address: str, asked: str = "") -> None:
        self.driver = driver
        driver.get(f"{address}/catalogue.html{asked}")

    @property
    def box(self) -> Any:
        return self.driver.find_element(By.ID, "q")

    def search(self, text: str) -> None:
        self.box.clear()
        self.box.send_keys(text)

    def choose(self, source: str) -> None:
        self.driver.find_element(By.CSS_SELECTOR, f"input[name=source][value='{source}']").click()

    @property
    def shown(self) -> list[str]:
        """The anchors of the waiters that can be seen."""
        script = "return [...document.querySelectorAll('.waiter')].filter((e) => e.checkVisibility()).map((e) => e.id)"
        return list(self.driver.execute_script(script))

    @property
    def count(self) -> str:
        return str(self.driver.find_element(By.ID, "count").text)

    @property
    def says_none(self) -> bool:
        return bool(self.driver.find_element(By.ID, "none").is_displayed())

    @property
    def asked(self) -> str:
        """The query of the page's address."""
        return str(self.driver.current_url).split("catalogue.html")[1]

    def waiter(self, anchor: str) -> Any:
        return self.driver.find_element(By.ID, anchor)

    def is_open(self, anchor: str) -> bool:
        return self.waiter(anchor).get_attribute("open") is not None

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()


def until(driver: Chrome, condition: Callable[[Any], Any]) -> None:
    """Waits for asynchronous changes of a page."""
    WebDriverWait(driver, 20).until(condition)


@pytest.fixture
def page(driver: Chrome, site: str) -> Catalogue:
    return Catalogue(driver, site)


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(CATALOG)


@pytest.fixture(scope="module")
def sources(models: Models) -> dict[str, str]:
    """The source of each waiter, by its anchor."""
    return {
        f"{service}-{snake_case(waiter.name)}": waiter.source.value
        for service in models.services()
        for waiter in shipped(models, service)
    }


@pytest.fixture(scope="module")
def rows(built: Path) -> list[Any]:
    text = (built / "catalogue.html").read_text(encoding="utf-8")
    return list(BeautifulSoup(text, "html.parser").select(".waiter"))


def test_every_waiter_is_there_once_with_its_source(rows: list[Any], sources: dict[str, str]) -> None:
    assert sorted(row["id"] for row in rows) == sorted(sources)
    assert {row["id"]: row["data-source"] for row in rows} == sources


def test_every_waiter_shows_what_ends_it_and_how_long_it_waits(rows: list[Any]) -> None:
    for row in rows:
        assert row.select(".acceptors .success"), row["id"]
        assert " × " in row.select_one(".facts").text, row["id"]
        assert bool(row.select(".corrections li")) == (row["data-source"] == "corrected"), row["id"]


def test_every_task_can_be_pasted(rows: list[Any], models: Models) -> None:
    """It is YAML, and has parameters that the operation takes."""
    for row in rows:
        [task] = yaml.safe_load(row.select_one(".task").text)
        wait = task["cloudwait.aws.wait"]
        assert f"{wait['service']}-{wait['waiter']}" == row["id"]
        operation = row.select_one(".facts span").text
        shape = models.service_model(wait["service"]).operation_model(operation).input_shape
        assert not ParamValidator().validate(wait.get("params", {}), shape).generate_report(), row["id"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("athena query", {ATHENA}),
        ("wait for athena query ansible", {ATHENA}),
        ("Wait until the EC2 instance is running", {"ec2-instance_running"}),
        ("InstanceRunning", {"ec2-instance_running", "lightsail-instance_running"}),
        ("ec2 instance_term", {"ec2-instance_terminated"}),
        ("GetQueryExecution", {ATHENA}),
        ("DBInstanceIdentifier stopped", {"rds-db_instance_stopped"}),
        ("step functions", {"stepfunctions-execution_succeeded"}),
        ("ROLLBACK_COMPLETE", {"cloudformation-stack_create_complete", "cloudformation-stack_rollback_complete"}),
    ],
)
def test_what_is_typed_narrows_the_list(page: Catalogue, text: str, found: set[str]) -> None:
    everything = page.shown
    page.search(text)
    assert found <= set(page.shown)
    assert len(page.shown) < 12
    assert page.count == f"{len(page.shown)} of {len(everything)} waiters"
    assert not page.says_none


def test_what_matches_nothing_is_said_and_can_be_cleared(page: Catalogue) -> None:
    everything = page.shown
    page.search("abracadabra")
    assert page.shown == []
    assert page.says_none
    assert page.count == f"0 of {len(everything)} waiters"
    page.driver.find_element(By.ID, "clear").click()
    assert page.shown == everything
    assert page.count == f"{len(everything)} waiters"
    assert not page.says_none
    assert page.asked == ""


def test_services_without_a_match_are_not_named(page: Catalogue) -> None:
    page.search("athena query")
    assert [title.text.split()[0] for title in page.driver.find_elements(By.TAG_NAME, "h2") if title.text] == ["athena"]


@pytest.mark.parametrize("source", ["builtin", "corrected", "catalog"])
def test_the_source_narrows_the_list(page: Catalogue, sources: dict[str, str], source: str) -> None:
    page.choose(source)
    assert sorted(page.shown) == sorted(anchor for anchor, of in sources.items() if of == source)
    page.search("ec2")
    assert {sources[anchor] for anchor in page.shown} == {source}
    assert page.asked == f"?q=ec2&source={source}"


def test_an_address_finds_again_what_was_looked_for(driver: Chrome, site: str) -> None:
    page = Catalogue(driver, site)
    page.search("rds snapshot")
    page.choose("corrected")
    before, address = page.shown, page.asked
    driver.get("about:blank")
    again = Catalogue(driver, site, address)
    assert again.shown == before
    assert again.box.get_attribute("value") == "rds snapshot"
    assert 0 < len(before) < 10


def test_an_unknown_source_in_the_address_means_all(driver: Chrome, site: str) -> None:
    assert len(Catalogue(driver, site, "?source=nobody").shown) == len(Catalogue(driver, site).shown)


def in_sight(page: Catalogue, anchor: str) -> bool:
    script = "const r = arguments[0].getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight"
    return bool(page.driver.execute_script(script, page.waiter(anchor)))


@pytest.mark.parametrize("asked", [f"#{ATHENA}", f"?q=athena#{ATHENA}", f"?q=ec2&source=corrected#{ATHENA}"])
def test_a_waiter_can_be_linked_to(driver: Chrome, site: str, asked: str) -> None:
    """The waiter in the address is open and visible, even if the search doesn't match it."""
    page = Catalogue(driver, site, asked)
    assert ATHENA in page.shown
    assert page.is_open(ATHENA)
    assert in_sight(page, ATHENA)
    assert page.asked.endswith(f"#{ATHENA}")


def test_a_service_can_be_linked_to(driver: Chrome, site: str) -> None:
    page = Catalogue(driver, site, "#workspaces")
    assert in_sight(page, "workspaces")


def test_each_waiter_links_to_itself(page: Catalogue) -> None:
    page.search("athena query")
    page.waiter(ATHENA).find_element(By.TAG_NAME, "summary").click()
    page.waiter(ATHENA).find_element(By.CSS_SELECTOR, ".links a").click()
    assert page.asked == f"?q=athena+query#{ATHENA}"


def test_the_keyboard_is_enough(page: Catalogue) -> None:
    """From the search box and the sources to the first waiter, which Enter opens."""
    page.search("athena query")
    page.press(Keys.TAB, Keys.ARROW_RIGHT)
    assert page.asked == "?q=athena+query&source=builtin"
    page.press(Keys.ARROW_LEFT, Keys.TAB)
    assert page.driver.switch_to.active_element.tag_name == "summary"
    page.press(Keys.ENTER)
    assert page.is_open(ATHENA)
    until(page.driver, text_to_be_present_in_element(COPY, "Copy the task"))
    page.press(Keys.TAB)
    assert page.driver.switch_to.active_element.text == "Copy the task"


def test_enter_in_the_box_stays_on_the_page(page: Catalogue) -> None:
    page.search("athena query")
    page.box.send_keys(Keys.ENTER)
    assert page.shown == [ATHENA]


def test_the_count_is_announced(page: Catalogue) -> None:
    count = page.driver.find_element(By.ID, "count")
    assert count.aria_role == "status"
    assert count.get_attribute("aria-live") == "polite"
    assert page.box.accessible_name == "Service, name, operation, state"


def test_the_task_can_be_copied(driver: Chrome, site: str) -> None:
    permissions = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": site}
    driver.execute_cdp_cmd("Browser.grantPermissions", permissions)
    page = Catalogue(driver, site, f"#{ATHENA}")
    until(driver, text_to_be_present_in_element(COPY, "Copy the task"))
    page.driver.find_element(*COPY).click()
    until(driver, text_to_be_present_in_element(COPY, "Copied"))
    read = "navigator.clipboard.readText().then(arguments[0], (problem) => arguments[0](String(problem)))"
    [task] = yaml.safe_load(driver.execute_async_script(read))
    assert task["cloudwait.aws.wait"]["waiter"] == "query_succeeded"


@contextmanager
def without_scripts(driver: Chrome) -> Iterator[None]:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        yield
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_all_of_it_can_be_read_without_scripts(driver: Chrome, site: str, sources: dict[str, str]) -> None:
    with without_scripts(driver):
        driver.get(f"{site}/catalogue.html")
        assert len(driver.find_elements(By.CSS_SELECTOR, ".waiter:not([hidden])")) == len(sources)
        assert not driver.find_element(By.ID, "filter").is_displayed()
        assert not driver.find_element(By.ID, "none").is_displayed()
        waiter = driver.find_element(By.CSS_SELECTOR, ".waiter")
        waiter.find_element(By.TAG_NAME, "summary").click()
        assert waiter.find_element(By.CLASS_NAME, "task").is_displayed()


def test_it_is_usable_on_a_phone(driver: Chrome, site: str) -> None:
    resize(driver, PHONE)
    page = Catalogue(driver, site)
    page.search("athena query")
    assert page.shown == [ATHENA]
    page.waiter(ATHENA).find_element(By.TAG_NAME, "summary").click()
    assert page.is_open(ATHENA)
    box = page.box.rect
    assert box["width"] > PHONE[0] / 2
    assert box["height"] >= 40  # as large as a finger


def test_the_landing_page_searches_too(driver: Chrome, site: str) -> None:
    driver.get(f"{site}/index.html")
    driver.find_element(By.ID, "find").send_keys("athena query", Keys.ENTER)
    until(driver, url_to_be(f"{site}/catalogue.html?q=athena+query"))
