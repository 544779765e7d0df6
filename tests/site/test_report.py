# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the callback ``report`` in a browser: it needs no mouse, no wide screen and nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from tests.support.browser import PHONE, resize, served
from tests.support.waits import WAIT, waits

from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_page import page
from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_waits import State

HERE = Path(__file__).parent
STARTED = "2026-01-01 00:00:00 +0000"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("report")
    states = (State(0.0, "pending"), State(15.0, "starting"), State(31.0, "running"))
    many = [WAIT._replace(began=float(number), states=states) for number in range(1_000)]
    (folder / "one.html").write_text(page(waits()[:1], "site.yml", STARTED), encoding="utf-8")
    (folder / "few.html").write_text(page(waits(), "site.yml", STARTED), encoding="utf-8")
    (folder / "many.html").write_text(page(many, "site.yml", STARTED), encoding="utf-8")
    with served(folder) as address:
        yield address


def visible(driver: Chrome) -> int:
    return sum(wait.is_displayed() for wait in driver.find_elements(By.CSS_SELECTOR, "details"))


def test_it_requests_nothing_and_has_no_faults(driver: Chrome, report: str) -> None:
    driver.get_log("performance")
    driver.get(f"{report}/few.html")
    sent = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    urls = [event["params"]["request"]["url"] for event in sent if event["method"] == "Network.requestWillBeSent"]
    assert [url for url in urls if not url.startswith("data:")] == [f"{report}/few.html"]
    assert driver.get_log("browser") == []


def test_a_hostile_text_is_only_text(driver: Chrome, report: str) -> None:
    driver.get(f"{report}/few.html")
    assert driver.find_elements(By.CSS_SELECTOR, "script, img") == []
    assert len(driver.find_elements(By.CSS_SELECTOR, "details")) == len(waits())
    assert "onerror=alert(1)" in driver.find_element(By.CSS_SELECTOR, "article").text


def test_a_bar_has_the_colours_of_its_states_one_after_the_other(driver: Chrome, report: str) -> None:
    driver.get(f"{report}/one.html")
    bars = driver.find_elements(By.CSS_SELECTOR, "details:first-of-type .bar")[:2]
    assert len({mark.value_of_css_property("background-color") for mark in bars}) == 2
    first, second = (mark.rect for mark in bars)
    assert first["x"] + first["width"] == pytest.approx(second["x"], abs=1)


def test_the_message_is_shown_on_hover(driver: Chrome, report: str) -> None:
    driver.get(f"{report}/one.html")
    script = """
        const r = document.querySelector(arguments[0]).getBoundingClientRect();
        return document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2).title;
    """
    assert driver.execute_script(script, ".fault").startswith("▲ throttled: RequestLimitExceeded: Slow down.")
    assert driver.execute_script(script, ".bar").startswith("pending ×2")


def test_the_keyboard_is_enough(driver: Chrome, report: str) -> None:
    driver.get(f"{report}/few.html")
    box = driver.find_element(By.ID, "problems")
    everything = visible(driver)
    box.send_keys(Keys.SPACE)
    assert 0 < visible(driver) < everything
    box.send_keys(Keys.SPACE)
    assert visible(driver) == everything
    box.send_keys(Keys.TAB)
    focused = driver.switch_to.active_element
    assert focused.tag_name == "summary"
    assert focused.value_of_css_property("outline-style") == "solid"
    focused.send_keys(Keys.ENTER)
    assert driver.find_element(By.CSS_SELECTOR, "details[open] .message").text.startswith(
        "rds db_instance_available timed out"
    )


def test_it_fits_on_a_phone_and_is_legible_there(driver: Chrome, report: str) -> None:
    resize(driver, PHONE)
    for name in ("few", "many"):
        driver.get(f"{report}/{name}.html")
        wide, smallest = driver.execute_script((HERE / "phone.js").read_text(encoding="utf-8"))
        assert wide == []
        assert smallest >= 11
        assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(driver: Chrome, report: str, scheme: str) -> None:
    """By the rules of WCAG, level AA: 4.5 to 1."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    driver.get(f"{report}/few.html")
    assert driver.execute_script((HERE / "contrast.js").read_text(encoding="utf-8")) == []


def test_the_schemes_differ(driver: Chrome, report: str) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        driver.get(f"{report}/few.html")
        grounds.add(driver.find_element(By.TAG_NAME, "body").value_of_css_property("background-color"))
    assert len(grounds) == 2


def test_a_thousand_waits_are_drawn(driver: Chrome, report: str) -> None:
    driver.get(f"{report}/many.html")
    assert len(driver.find_elements(By.CSS_SELECTOR, "details .bar")) == 2_000
