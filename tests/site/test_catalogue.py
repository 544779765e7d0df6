# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue page: it has all services, the search finds all waiters, and it stays small."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import url_to_be
from tests.support.browser import PHONE, resize, until, without_scripts

ATHENA = "athena query_succeeded"


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

    def show_all(self) -> None:
        more = self.driver.find_element(By.CSS_SELECTOR, "#more button")
        if more.is_displayed():
            more.click()

    def _seen(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).map({})"
        return list(self.driver.execute_script(script.format("(e) => e.textContent"), selector))

    @property
    def waiters(self) -> list[str]:
        """The names of the waiters that can be seen, each after its service."""
        return self._seen("#waiters .name")

    @property
    def services(self) -> list[str]:
        """The services that can be seen."""
        return self._seen("#services a")

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

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()


@pytest.fixture
def page(driver: Chrome, site: str) -> Catalogue:
    return Catalogue(driver, site)


@pytest.fixture(scope="module")
def html(built: Path) -> Any:
    return BeautifulSoup((built / "catalogue.html").read_text(encoding="utf-8"), "html.parser")


def services_of(sources: dict[str, str]) -> list[str]:
    return sorted({waiter.split()[0] for waiter in sources})


def test_every_service_has_a_link_and_the_number_of_its_waiters(html: Any, sources: dict[str, str]) -> None:
    rows = {row["id"]: row for row in html.select("#services li")}
    assert sorted(rows) == services_of(sources)
    for service, row in rows.items():
        assert row.a["href"] == f"services/{service}.html"
        assert int(row.select("small")[-1].text) == sum(waiter.split()[0] == service for waiter in sources)


def test_the_page_stays_small_however_many_waiters_there_are(built: Path, html: Any) -> None:
    """What a reader downloads before anything shows, then what the search needs, packed as web servers do."""
    assert (built / "catalogue.html").stat().st_size < 100_000
    assert len(html.find_all(True)) < 2_500
    assert len(gzip.compress((built / "_static/waiters.js").read_bytes())) < 150_000


@pytest.mark.parametrize("text", ["", "a", "ec2", "available"])
def test_few_of_many_matches_are_laid_out_at_first(page: Catalogue, text: str) -> None:
    page.search(text)
    assert len(page.waiters) <= 100
    assert page.driver.execute_script("return document.getElementsByTagName('*').length") < 3_500


def test_the_search_looks_through_every_waiter(built: Path, sources: dict[str, str]) -> None:
    script = (built / "_static/waiters.js").read_text(encoding="utf-8")
    services = json.loads(script.removeprefix("const CATALOGUE = ").removesuffix(";\n"))["services"]
    found = {f"{service} {row[0]}": row[1] for service, data in services.items() for row in data["waiters"]}
    assert found == sources


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("athena query", {ATHENA}),
        ("wait for athena query ansible", {ATHENA}),
        ("Wait until the EC2 instance is running", {"ec2 instance_running"}),
        ("InstanceRunning", {"ec2 instance_running", "lightsail instance_running"}),
        ("ec2 instance_term", {"ec2 instance_terminated"}),
        ("GetQueryExecution", {ATHENA}),
        ("DBInstanceIdentifier stopped", {"rds db_instance_stopped"}),
        ("step functions", {"stepfunctions execution_succeeded"}),
        ("ROLLBACK_COMPLETE", {"cloudformation stack_create_complete", "cloudformation stack_rollback_complete"}),
    ],
)
def test_what_is_typed_narrows_the_list(page: Catalogue, text: str, found: set[str]) -> None:
    page.search(text)
    assert found <= set(page.waiters)
    assert len(page.waiters) < 20
    assert page.count.startswith(f"{len(page.waiters)} of ")
    assert not page.says_none


def test_those_named_like_it_come_first(page: Catalogue) -> None:
    page.search("rds")
    names = [waiter.split()[0] for waiter in page.waiters]
    assert names[0] == "rds"
    assert names == sorted(names, key=lambda name: name != "rds")


def test_all_that_match_can_be_shown(page: Catalogue) -> None:
    page.search("ec2")
    assert len(page.waiters) == 100
    page.show_all()
    assert page.count.startswith(f"{len(page.waiters)} of ")
    assert len(page.waiters) > 100


def test_what_matches_nothing_is_said_and_can_be_cleared(page: Catalogue, sources: dict[str, str]) -> None:
    everything = page.services
    page.search("abracadabra")
    assert (page.waiters, page.services) == ([], [])
    assert page.says_none
    assert page.count == f"0 of {len(sources):,} waiters"
    page.driver.find_element(By.ID, "clear").click()
    assert (page.waiters, page.services) == ([], everything)
    assert page.count == f"{len(sources):,} waiters"
    assert not page.says_none
    assert page.asked == ""


def test_the_services_that_match_by_name_or_title_are_named(page: Catalogue) -> None:
    page.search("athena query")
    assert page.services == []
    page.search("athena")
    assert page.services == ["athena"]
    page.search("step functions")
    assert page.services == ["stepfunctions"]


@pytest.mark.parametrize("source", ["builtin", "corrected", "catalog"])
def test_the_source_narrows_the_list(page: Catalogue, sources: dict[str, str], source: str) -> None:
    of_source = [waiter for waiter, its_source in sources.items() if its_source == source]
    page.choose(source)
    assert page.services == sorted({waiter.split()[0] for waiter in of_source})
    assert page.count == f"{len(of_source):,} of {len(sources):,} waiters"
    page.search("ec2")
    page.show_all()
    assert {sources[waiter] for waiter in page.waiters} == {source}
    assert page.asked == f"?q=ec2&source={source}"


def test_an_address_finds_again_what_was_looked_for(driver: Chrome, site: str) -> None:
    page = Catalogue(driver, site)
    page.search("rds snapshot")
    page.choose("corrected")
    before, address = page.waiters, page.asked
    driver.get("about:blank")
    again = Catalogue(driver, site, address)
    assert again.waiters == before
    assert again.box.get_attribute("value") == "rds snapshot"
    assert 0 < len(before) < 10


def test_an_unknown_source_in_the_address_means_all(driver: Chrome, site: str) -> None:
    assert Catalogue(driver, site, "?source=nobody").services == Catalogue(driver, site).services


def test_a_waiter_that_was_found_leads_to_its_place(page: Catalogue, site: str) -> None:
    page.search("athena query")
    page.driver.find_element(By.CSS_SELECTOR, "#waiters a").click()
    until(page.driver, url_to_be(f"{site}/services/athena.html#query_succeeded"))


@pytest.mark.parametrize("old", ["#athena-query_succeeded", "?q=athena#athena-query_succeeded"])
def test_an_address_of_the_old_page_leads_to_its_place(driver: Chrome, site: str, old: str) -> None:
    """All waiters were on this page in 1.0.0."""
    driver.get(f"{site}/catalogue.html{old}")
    until(driver, url_to_be(f"{site}/services/athena.html#query_succeeded"))


@pytest.mark.parametrize("address", ["#acm-pca", "#nobody-nothing", "#-", "#constructor-name"])
def test_any_other_address_stays_on_the_page(driver: Chrome, site: str, address: str) -> None:
    driver.get_log("browser")
    page = Catalogue(driver, site, address)
    assert page.asked == address
    assert page.services
    assert driver.get_log("browser") == []


def test_the_keyboard_is_enough(page: Catalogue, site: str) -> None:
    """From the search box and the sources to the first waiter, which Enter opens."""
    page.search("athena query")
    page.press(Keys.TAB, Keys.ARROW_RIGHT)
    assert page.asked == "?q=athena+query&source=builtin"
    page.press(Keys.ARROW_LEFT, Keys.TAB)
    page.press(Keys.ENTER)
    until(page.driver, url_to_be(f"{site}/services/athena.html#query_succeeded"))


def test_enter_in_the_box_stays_on_the_page(page: Catalogue) -> None:
    page.search("athena query")
    page.box.send_keys(Keys.ENTER)
    assert page.waiters == [ATHENA]


def test_the_count_is_announced(page: Catalogue) -> None:
    count = page.driver.find_element(By.ID, "count")
    assert count.aria_role == "status"
    assert count.get_attribute("aria-live") == "polite"
    assert page.box.accessible_name == "Service, name, operation, state"


def test_the_services_can_be_reached_without_scripts(driver: Chrome, site: str, sources: dict[str, str]) -> None:
    with without_scripts(driver):
        driver.get(f"{site}/catalogue.html")
        links = driver.find_elements(By.CSS_SELECTOR, "#services a")
        assert len(links) == len(services_of(sources))
        for hidden in ("filter", "none", "more"):
            assert not driver.find_element(By.ID, hidden).is_displayed()
        driver.find_element(By.LINK_TEXT, "athena").click()
        until(driver, url_to_be(f"{site}/services/athena.html"))


def test_it_is_usable_on_a_phone(driver: Chrome, site: str) -> None:
    resize(driver, PHONE)
    page = Catalogue(driver, site)
    page.search("athena query")
    assert page.waiters == [ATHENA]
    box = page.box.rect
    assert box["width"] > PHONE[0] / 2
    assert box["height"] >= 40  # as large as a finger


@pytest.mark.parametrize("start", ["index", "services/ec2"])
def test_other_pages_search_too(driver: Chrome, site: str, start: str) -> None:
    driver.get(f"{site}/{start}.html")
    driver.find_element(By.ID, "find").send_keys("athena query", Keys.ENTER)
    until(driver, url_to_be(f"{site}/catalogue.html?q=athena+query"))
