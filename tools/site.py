# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the sources of the site for Sphinx to the given folder: ``make docs``.

The pages keep the places that they have in the repository, so that their links to each other hold. A link to what is no
page of the site becomes one to the repository.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from os.path import normpath, relpath
from pathlib import Path
from typing import Any

import jinja2
import yaml
from tools.waiters_page import change_in_words, duration

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.drafting.placeholders import placeholders
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.module_utils._module.waiter_info import (
    waiter_info,
    waiter_info_spec,
)
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import whole

REPO = Path(__file__).parents[1]
SITE = REPO / "docs/site"
# The guide, in reading order; the other pages of docs/ are for reference.
GUIDE = (
    "migrating",
    "own_waiter",
    "definitions",
    "timing",
    "scaling",
    "execution_environment",
    "troubleshooting",
)
SOURCES = {"builtin": "built-in", "corrected": "corrected", "catalog": "catalogue"}
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")


def main(target: Path) -> None:
    pages = {path.relative_to(REPO).as_posix(): path.read_text(encoding="utf-8") for path in _markdown()}
    playbooks = sorted((REPO / "playbooks").glob("*.yml"))
    elsewhere = {f"playbooks/{path.name}": f"playbooks/{path.stem}.md" for path in playbooks}
    elsewhere |= {"README.md": "index.md", "CHANGELOG.rst": "collection/changelog.rst"}
    shutil.copytree(SITE, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("conf.py", "*.j2"))
    for name, text in pages.items():
        _write(target / name, _relinked(name, text, elsewhere, {*pages, *elsewhere.values()}))
    for path in playbooks:
        _write(target / f"playbooks/{path.stem}.md", _playbook(path))
    _append(target / "playbooks/README.md", [_toctree("Playbooks", [path.stem for path in playbooks])])
    for path in (REPO / "docs").glob("*.svg"):
        shutil.copy(path, target / "docs")
    _append(target / "index.md", _contents(pages))
    _write(target / "catalogue.html", catalogue(Models(Catalog.of(whole()))))


def _markdown() -> Iterator[Path]:
    yield from (REPO / "README.md", REPO / "CONTRIBUTING.md", REPO / "playbooks/README.md")
    yield from (REPO / "docs").glob("*.md")
    yield from (REPO / "roles").glob("*/README.md")


def _relinked(name: str, text: str, elsewhere: Mapping[str, str], there: set[str]) -> str:
    """The text of a page, with links that work on the site."""
    folder = Path(name).parent.as_posix()
    repository = _yaml("galaxy.yml")["repository"]

    def link(match: re.Match[str]) -> str:
        path = normpath(f"{folder}/{match[1]}")
        if not (REPO / path).exists():
            raise SystemExit(f"{name} links to {match[1]}, which isn't there")
        path = elsewhere.get(path, path)
        if path in there or path.endswith(".svg"):
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
    yield _toctree("Modules", [f"{name} <collection/{name}_module>" for name in ("wait", "wait_many", "waiter_info")])
    yield _toctree("Roles", [entry for role in roles for entry in _of_role(role)])
    yield _toctree("Reference", [*(f"docs/{name}" for name in reference), "The collection <collection/index>"])
    yield _toctree("Project", ["CONTRIBUTING", "collection/changelog"])


def _of_role(role: str) -> tuple[str, str]:
    return f"{role} <roles/{role}/README>", f"{role}: variables <collection/{role}_role>"


def _toctree(caption: str, entries: Iterable[str]) -> str:
    return "\n".join(("", "```{toctree}", ":hidden:", f":caption: {caption}", "", *entries, "```", ""))


def catalogue(models: Models) -> str:
    """All waiters as HTML."""
    waiters = waiter_info({**dict.fromkeys(waiter_info_spec()), "details": True}, models)["waiters"]
    rows = [_row(waiter, models) for waiter in waiters]
    counts = {source: sum(row["source"] == source for row in rows) for source in SOURCES}
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SITE), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("catalogue.html.j2").render(
        waiters=rows,
        services={service: list(found) for service, found in groupby(rows, key=lambda row: row["service"])},
        counts=counts,
        sources=[("all", "all", len(rows)), *((source, text, counts[source]) for source, text in SOURCES.items())],
    )


def _row(waiter: Mapping[str, Any], models: Models) -> dict[str, Any]:
    service, name = waiter["service"], waiter["name"]
    service_model = models.service_model(service)
    operation = service_model.operation_model(waiter["operation"])
    return {
        **waiter,
        "anchor": f"{service}-{name}",
        "service_title": service_model.metadata["serviceFullName"],
        "source_text": SOURCES[waiter["source"]],
        "budget": f"{duration(waiter['delay'])} × {waiter['max_attempts']} = {duration(waiter['max_wait'])}",
        "corrections": [{**change, "change": change_in_words(change)} for change in waiter["corrections"]],
        "params": list(_params(waiter, operation, models)),
        "task": _task(waiter, placeholders(service, operation)),
    }


def _params(waiter: Mapping[str, Any], operation: Any, models: Models) -> Iterator[dict[str, str]]:
    """The operation's parameters, required ones first, without those for pagination."""
    paginator = models.paginator(waiter["service"], operation.name) or {}
    of_pages = {str(paginator.get("input_token")), str(paginator.get("limit_key"))}
    required = waiter["required_params"]
    for name in sorted(operation.input_shape.members, key=lambda name: (name not in required, name)):
        if name not in of_pages:
            yield {"name": name, "about": _about(name, waiter)}


def _about(name: str, waiter: Mapping[str, Any]) -> str:
    notes = ["required"] if name in waiter["required_params"] else []
    if name == waiter["id_param"]:
        limit = waiter["id_limit"]
        notes.append(f"a list of any length, sent {limit:,} at a time" if limit else "a list")
    return f" ({', '.join(notes)})" if notes else ""


class _Indented(yaml.SafeDumper):
    """Indents lists below their key, as ansible-lint requires."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)


def _task(waiter: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    """A task to copy, with placeholders for what only the user knows."""
    description = waiter["description"].rstrip(".") if waiter["source"] == "catalog" else ""
    named = {"service": waiter["service"], "waiter": waiter["name"]}
    task = {
        "name": description or f"Wait for {waiter['service']} {waiter['name']}",
        "cloudwait.aws.wait": {**named, "params": dict(params)} if params else named,
    }
    return str(yaml.dump([task], Dumper=_Indented, sort_keys=False, width=1000))


def _append(path: Path, parts: Iterable[str]) -> None:
    with path.open("a", encoding="utf-8") as page:
        page.writelines(parts)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
