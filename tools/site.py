# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the sources of the site for Sphinx to the given folder: ``make docs``.

The pages keep the places that they have in the repository, so that their links to each other hold, also where they are
absolute, as in the README. A link to what is no page of the site becomes one to the repository.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from os.path import normpath, relpath
from pathlib import Path
from typing import Any

import yaml
from tools.catalogue_pages import CataloguePages

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import whole

REPO = Path(__file__).parents[1]
SITE = REPO / "docs/site"
# The guide, in reading order; the other pages of docs/ are for reference.
GUIDE = (
    "migrating",
    "own_waiter",
    "definitions",
    "timing",
    "any_module",
    "scaling",
    "report",
    "event_driven",
    "execution_environment",
    "for_maintainers",
    "troubleshooting",
)
MODULES = ("wait", "wait_many", "wait_for_module", "waiter_info")
PICTURES = (".svg", ".png")
OWN = r"https://(?:github|raw\.githubusercontent)\.com/cloudwait/cloudwait\.aws/(?:(?:blob|tree)/)?main/"
_LINK = re.compile(rf"(?<=\]\()(?:({OWN})|(?![a-z]+:|#))([^)#\s]+)")


def main(target: Path) -> None:
    pages = {path.relative_to(REPO).as_posix(): path.read_text(encoding="utf-8") for path in _markdown()}
    playbooks = sorted((REPO / "playbooks").glob("*.yml"))
    elsewhere = {f"playbooks/{path.name}": f"playbooks/{path.stem}.md" for path in playbooks}
    elsewhere |= {"README.md": "index.md", "CHANGELOG.rst": "collection/changelog.rst"}
    shutil.copytree(SITE, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.j2"))
    for name, text in pages.items():
        _write(target / name, _relinked(name, text, elsewhere, {*pages, *elsewhere.values()}))
    for path in playbooks:
        _write(target / f"playbooks/{path.stem}.md", _playbook(path))
    _append(target / "playbooks/README.md", [_toctree("Playbooks", [path.stem for path in playbooks])])
    for path in (REPO / "docs").iterdir():
        if path.suffix in PICTURES:
            shutil.copy(path, target / "docs")
    _append(target / "index.md", _contents(pages))
    waiters = CataloguePages(Models(Catalog.of(whole())), SITE)
    _write(target / "catalogue.html", waiters.index())
    _write(target / "_static/waiters.js", waiters.search_data())
    _write(target / "services.json", json.dumps(waiters.services()))


def _markdown() -> Iterator[Path]:
    yield from (REPO / "README.md", REPO / "CONTRIBUTING.md", REPO / "playbooks/README.md")
    yield from (REPO / "docs").glob("*.md")
    yield from (REPO / "roles").glob("*/README.md")


def _relinked(name: str, text: str, elsewhere: Mapping[str, str], there: set[str]) -> str:
    """The text of a page, with links that work on the site."""
    folder = Path(name).parent.as_posix()
    repository = _yaml("galaxy.yml")["repository"]

    def link(match: re.Match[str]) -> str:
        path = normpath(match[2] if match[1] else f"{folder}/{match[2]}")
        if not (REPO / path).exists():
            raise SystemExit(f"{name} links to {match[2]}, which isn't there")
        path = elsewhere.get(path, path)
        if path in there or path.endswith(PICTURES):
            return relpath(path, folder)
        return f"{repository}/{'tree' if (REPO / path).is_dir() else 'blob'}/main/{path}"

    return _LINK.sub(link, text)


def _yaml(name: str) -> Any:
    return yaml.safe_load((REPO / name).read_text(encoding="utf-8"))


def _playbook(path: Path) -> str:
    return f"# {path.stem}.yml\n\n```yaml+jinja\n{path.read_text(encoding='utf-8')}```\n"


def _contents(pages: Iterable[str]) -> Iterator[str]:
    """The tables of contents, one for each part of the site."""
    docs = [Path(name).stem for name in pages if name.startswith("docs/")]
    reference = sorted(set(docs).difference(GUIDE))
    roles = sorted(Path(name).parent.name for name in pages if name.startswith("roles/"))
    yield _toctree("Guide", [*(f"docs/{name}" for name in GUIDE if name in docs), "playbooks/README"])
    yield _toctree("Modules", [f"{name} <collection/{name}_module>" for name in MODULES])
    yield _toctree("Roles", [entry for role in roles for entry in _of_role(role)])
    yield _toctree("Reference", [*(f"docs/{name}" for name in reference), "The collection <collection/index>"])
    yield _toctree("Project", ["CONTRIBUTING", "collection/changelog"])


def _of_role(role: str) -> tuple[str, str]:
    return f"{role} <roles/{role}/README>", f"{role}: variables <collection/{role}_role>"


def _toctree(caption: str, entries: Iterable[str]) -> str:
    return "\n".join(("", "```{toctree}", ":hidden:", f":caption: {caption}", "", *entries, "```", ""))


def _append(path: Path, parts: Iterable[str]) -> None:
    with path.open("a", encoding="utf-8") as page:
        page.writelines(parts)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
