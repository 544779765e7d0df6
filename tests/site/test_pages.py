# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the site: working links, fits on a phone, sufficient contrast, no console errors."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup
from selenium.webdriver import Chrome
from tests.support.browser import PHONE, resize

REPO = Path(__file__).parents[2]
NO_PAGES = {"genindex.html", "search.html"}  # Sphinx's own, without links to them
LINKS = {"a": "href", "link": "href", "script": "src", "img": "src", "form": "action", "object": "data"}


class Crawl:
    """The pages that the landing page leads to, over HTTP, within the site."""

    def __init__(self, site: str) -> None:
        self.pages: dict[str, BeautifulSoup] = {}
        self.places: dict[str, Counter[str]] = {}
        self.problems: list[str] = []
        self.links: set[tuple[str, str]] = set()
        self._seen: set[str] = set()
        self._site = site
        self._visit(f"{site}/index.html", "the reader")
        for page, link in sorted(self.links):
            self._check_fragment(page, link)

    def _visit(self, url: str, found_on: str) -> None:
        todo = [(url, found_on)]
        while todo:
            url, found_on = todo.pop()
            if url in self._seen:
                continue
            self._seen.add(url)
            try:
                with urlopen(url) as answer:
                    body, kind = answer.read(), answer.headers.get_content_type()
            except HTTPError as error:
                self.problems.append(f"{found_on} leads to {url}: {error.code}")
                continue
            if kind == "text/html":
                todo += self._read(url, body)

    def _read(self, url: str, body: bytes) -> list[tuple[str, str]]:
        page = self.pages[url] = BeautifulSoup(body, "html.parser")
        self.places[url] = Counter(element["id"] for element in page.find_all(id=True))
        found = []
        for tag, attribute in LINKS.items():
            for element in page.find_all(tag, attrs={attribute: True}):
                link = urljoin(url, element[attribute])
                if link.startswith(f"{self._site}/"):
                    self.links.add((url, link))
                    found.append((urldefrag(link).url.partition("?")[0], url))
                elif tag != "a" and urlsplit(link).scheme != "data":
                    self.problems.append(f"{url} takes {link} from elsewhere")
        return found

    def _check_fragment(self, page: str, link: str) -> None:
        target, fragment = urldefrag(link)
        there = self.places.get(target.partition("?")[0])
        if there is not None and fragment and unquote(fragment) not in there:
            self.problems.append(f"{page} leads to {link}, which has no such place")


@pytest.fixture(scope="module")
def crawl(site: str) -> Crawl:
    return Crawl(site)


def test_every_link_and_picture_is_there(crawl: Crawl) -> None:
    assert len(crawl.links) > 1000
    assert crawl.problems == []


def test_every_page_can_be_reached(crawl: Crawl, built: Path, site: str) -> None:
    files = {path.relative_to(built).as_posix() for path in built.rglob("*.html")}
    assert {page.removeprefix(f"{site}/") for page in crawl.pages} >= files - NO_PAGES - {
        "collection/changelog.html",  # says that it is empty, before the first release
        "collection/environment_variables.html",  # says that there are none
    }


def test_what_the_repository_has_for_readers_is_on_the_site(crawl: Crawl, site: str) -> None:
    pages = [path.relative_to(REPO) for path in (*(REPO / "docs").glob("*.md"), *(REPO / "playbooks").glob("*.yml"))]
    modules = [Path(f"collection/{path.stem}_module") for path in (REPO / "plugins/modules").glob("*.py")]
    roles = [Path(f"collection/{path.name}_role") for path in (REPO / "roles").iterdir()]
    wanted = {f"{site}/{path.with_suffix('.html').as_posix()}" for path in (*pages, *modules, *roles)}
    assert wanted <= set(crawl.pages)


def test_no_place_has_two_meanings(crawl: Crawl) -> None:
    for url, places in crawl.places.items():
        assert {name for name, times in places.items() if times > 1} == set(), url


def test_every_page_has_a_title_of_its_own(crawl: Crawl) -> None:
    titles = Counter(page.title.text for page in crawl.pages.values() if page.title)
    assert len(titles) == len(crawl.pages)


def test_links_to_the_repository_name_what_is_there(crawl: Crawl) -> None:
    ours = re.compile(r"https://github.com/cloudwait/cloudwait.aws/(?:blob|tree)/main/([^#]+)")
    links = {a["href"] for page in crawl.pages.values() for a in page.find_all("a", href=True)}
    files = [found[1] for link in links if (found := ours.match(link))]
    assert files
    assert [name for name in files if not (REPO / name).exists()] == []


def script(name: str) -> str:
    return Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")


def requests(driver: Chrome) -> list[str]:
    """The browser's requests since the last call."""
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    urls = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    return [url for url in urls if not url.startswith(("data:", "about:", "blob:"))]


def test_no_page_has_errors_or_requests_anything_from_another_site(driver: Chrome, crawl: Crawl, site: str) -> None:
    """Of the pages of services, which have the same scripts, a few are enough."""
    requests(driver)
    driver.get_log("browser")
    services = {url for url in crawl.pages if "/services/" in url}
    few = [f"{site}/services/{name}.html" for name in ("athena", "ec2", "rds")]
    for url in (*crawl.pages.keys() - services, *few, f"{site}/search.html?q=athena"):
        driver.get(url)
        assert [entry["message"] for entry in driver.get_log("browser")] == [], url
        asked = requests(driver)
        assert url in asked
        assert [request for request in asked if not request.startswith(f"{site}/")] == [], url


def test_every_page_fits_on_a_phone_and_is_legible_there(driver: Chrome, crawl: Crawl) -> None:
    resize(driver, PHONE)
    for url in crawl.pages:
        driver.get(url)
        wide, smallest = driver.execute_script(script("phone"))
        assert wide == [], url
        assert smallest >= 11, url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    [
        "index",
        "catalogue",
        "services/ec2",
        "collection/wait_module",
        "collection/index",
        "docs/definitions",
        "docs/waiters",
    ],
)
def test_text_has_enough_contrast(driver: Chrome, site: str, name: str, scheme: str) -> None:
    """By the rules of WCAG, level AA: 4.5 to 1."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    driver.get(f"{site}/{name}.html")
    assert driver.execute_script(script("contrast")) == []
