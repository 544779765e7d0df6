# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of each service: it has all that readers need to know of its waiters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from botocore.validate import ParamValidator
from bs4 import BeautifulSoup
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import text_to_be_present_in_element
from tests.support.browser import PHONE, resize, until, without_scripts

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._module.waiter_info import waiter_info, waiter_info_spec

QUERY = "query_succeeded"
COPY = (By.CSS_SELECTOR, f"#{QUERY} .copy")


class Row(NamedTuple):
    """A waiter: its name after its service, what ``waiter_info`` says of it, and its part of the page."""

    name: str
    known: dict[str, Any]
    html: Any

    def texts(self, selector: str) -> list[str]:
        return [element.text for element in self.html.select(selector)]


@pytest.fixture(scope="module")
def rows(built: Path, models: Models) -> list[Row]:
    html = {f"{page.stem} {row['id']}": row for page in _pages(built) for row in _waiters(page)}
    known = waiter_info({**dict.fromkeys(waiter_info_spec()), "details": True}, models)["waiters"]
    return [Row(name, waiter, html[name]) for waiter in known for name in [f"{waiter['service']} {waiter['name']}"]]


def _pages(built: Path) -> Iterator[Path]:
    yield from (built / "services").glob("*.html")


def _waiters(page: Path) -> Iterator[Any]:
    yield from BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select(".waiter")


def test_every_waiter_is_on_the_page_of_its_service(built: Path, sources: dict[str, str]) -> None:
    found = [(f"{page.stem} {row['id']}", row["data-source"]) for page in _pages(built) for row in _waiters(page)]
    assert len(found) == len(sources)
    assert dict(found) == sources


def test_every_page_stays_small(built: Path) -> None:
    for page in _pages(built):
        text = page.read_text(encoding="utf-8")
        assert len(text) < 600_000, page.name
        assert text.count("</") < 10_000, page.name


def test_every_waiter_shows_what_ends_it_and_how_long_it_waits(rows: list[Row]) -> None:
    for row in rows:
        texts = [acceptor["text"] for acceptor in row.known["acceptors"]]
        assert row.texts(".acceptors li") == texts, row.name
        assert row.html.select(".acceptors .success"), row.name
        assert f"× {row.known['max_attempts']} = " in row.html.select_one(".facts").text, row.name


def test_every_waiter_shows_what_it_does_after_a_change(rows: list[Row]) -> None:
    for row in rows:
        settle = row.known["settle"] or {}
        text = "".join(row.texts(".after-change"))
        assert bool(text) == bool(settle), row.name
        assert ("before the first attempt" in text) == bool(settle.get("initial_delay")), row.name
        assert ("times in a row" in text) == ((settle.get("consecutive") or 1) > 1), row.name


def test_every_waiter_shows_its_evidence(rows: list[Row]) -> None:
    for row in rows:
        assert row.texts(".evidence li") == row.known["evidence"], row.name
        assert [link["href"] for link in row.html.select(".evidence a")] == [
            evidence for evidence in row.known["evidence"] if evidence.startswith("https:")
        ], row.name


def test_every_waiter_shows_the_permissions_that_it_needs(rows: list[Row]) -> None:
    for row in rows:
        assert row.texts(".permissions code") == row.known["permissions"], row.name
        assert ("cause of a failure" in row.html.select_one(".permissions").text) == bool(row.known["diagnosis"])


def test_every_correction_has_its_reason_and_its_change(rows: list[Row]) -> None:
    for row in rows:
        shown = row.texts(".corrections li")
        assert bool(shown) == (row.known["source"] == "corrected"), row.name
        for text, correction in zip(shown, row.known["corrections"], strict=True):
            assert text.startswith(f"{correction['reason']} Now it "), row.name
            assert not text.endswith(" it ."), row.name


def test_every_task_can_be_pasted(rows: list[Row], models: Models) -> None:
    """It is YAML, and has parameters that the operation takes."""
    for row in rows:
        [task] = yaml.safe_load(row.html.select_one(".task").text)
        wait = task["cloudwait.aws.wait"]
        assert f"{wait['service']} {wait['waiter']}" == row.name
        shape = models.service_model(wait["service"]).operation_model(row.known["operation"]).input_shape
        params = wait.get("params", {})
        assert not params if shape is None else not ParamValidator().validate(params, shape).generate_report(), row.name


def is_open(driver: Chrome, name: str) -> bool:
    return driver.find_element(By.ID, name).get_attribute("open") is not None


def in_sight(driver: Chrome, name: str) -> bool:
    script = "const r = arguments[0].getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight"
    return bool(driver.execute_script(script, driver.find_element(By.ID, name)))


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_waiter_can_be_linked_to(driver: Chrome, site: str, size: str) -> None:
    if size == "phone":
        resize(driver, PHONE)
    driver.get(f"{site}/services/rds.html#db_snapshot_available")
    assert is_open(driver, "db_snapshot_available")
    assert in_sight(driver, "db_snapshot_available")
    assert not is_open(driver, "db_instance_available")


def test_each_waiter_links_to_itself(driver: Chrome, site: str) -> None:
    driver.get(f"{site}/services/rds.html")
    waiter = driver.find_element(By.ID, "db_instance_available")
    waiter.find_element(By.TAG_NAME, "summary").click()
    waiter.find_element(By.CSS_SELECTOR, ".links a").click()
    assert driver.current_url == f"{site}/services/rds.html#db_instance_available"


def test_the_keyboard_is_enough(driver: Chrome, site: str) -> None:
    driver.get(f"{site}/services/rds.html")
    driver.find_element(By.CSS_SELECTOR, ".waiter summary").send_keys(Keys.ENTER)
    copy = (By.CSS_SELECTOR, ".waiter[open] .copy")
    until(driver, text_to_be_present_in_element(copy, "Copy the task"))


def test_the_task_can_be_copied(driver: Chrome, site: str) -> None:
    permissions = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": site}
    driver.execute_cdp_cmd("Browser.grantPermissions", permissions)
    driver.get(f"{site}/services/athena.html#{QUERY}")
    until(driver, text_to_be_present_in_element(COPY, "Copy the task"))
    driver.find_element(*COPY).click()
    until(driver, text_to_be_present_in_element(COPY, "Copied"))
    read = "navigator.clipboard.readText().then(arguments[0], (problem) => arguments[0](String(problem)))"
    [task] = yaml.safe_load(driver.execute_async_script(read))
    assert task["cloudwait.aws.wait"]["waiter"] == QUERY


def test_all_of_it_can_be_read_without_scripts(driver: Chrome, site: str) -> None:
    with without_scripts(driver):
        driver.get(f"{site}/services/rds.html")
        waiter = driver.find_element(By.CSS_SELECTOR, ".waiter")
        waiter.find_element(By.TAG_NAME, "summary").click()
        assert waiter.find_element(By.CLASS_NAME, "task").is_displayed()
