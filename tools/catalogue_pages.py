# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site's pages of waiters: an index with a search, and a page for each service.

The index loads quickly because it has only the services; the search loads ``waiters.js``, what it looks through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
import yaml
from tools.words import budget, change_in_words, settling

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.drafting.placeholders import placeholders
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._module.waiter_info import (
    waiter_info,
    waiter_info_spec,
)

SOURCES = {"builtin": "built-in", "corrected": "corrected", "catalog": "catalogue"}

Row = dict[str, Any]


class CataloguePages:
    """The pages, from all waiters that there are. ``templates``: the folder of the templates."""

    def __init__(self, models: Models, templates: Path) -> None:
        waiters = waiter_info({**dict.fromkeys(waiter_info_spec()), "details": True}, models)["waiters"]
        groups = groupby(waiters, key=lambda waiter: waiter["service"])
        self._services = {service: _service(service, found, models) for service, found in groups}
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(templates),
            autoescape=True,
            trim_blocks=True,
            undefined=jinja2.StrictUndefined,
        )

    def index(self) -> str:
        """The page with all services, as HTML."""
        rows = [row for service in self._services.values() for row in service["waiters"]]
        counts = {source: sum(row["source"] == source for row in rows) for source in SOURCES}
        sources = [("all", "all", len(rows)), *((source, text, counts[source]) for source, text in SOURCES.items())]
        return self._templates.get_template("catalogue.html.j2").render(
            services=self._services, counts=counts, sources=sources
        )

    def search_data(self) -> str:
        """``waiters.js``: what the search looks through. A script, as browsers don't let a local page read a file."""
        services = {name: _searched(service) for name, service in self._services.items()}
        data = {"sources": SOURCES, "services": services}
        return f"const CATALOGUE = {json.dumps(data, separators=(',', ':'), ensure_ascii=False)};\n"

    def services(self) -> dict[str, dict[str, str]]:
        """For each service the title, the description and the body of its page."""
        template = self._templates.get_template("service.html.j2")
        return {
            name: {
                "title": f"{name} waiters",
                "description": f"How to wait for {service['title']} from Ansible: {len(service['waiters'])} waiters.",
                "body": template.render(service=service, name=name),
            }
            for name, service in self._services.items()
        }


def _service(service: str, waiters: Iterable[Mapping[str, Any]], models: Models) -> dict[str, Any]:
    model = models.service_model(service)
    return {"title": model.metadata["serviceFullName"], "waiters": [_row(waiter, model, models) for waiter in waiters]}


def _row(waiter: Mapping[str, Any], service_model: Any, models: Models) -> Row:
    service, operation = waiter["service"], service_model.operation_model(waiter["operation"])
    return {
        **waiter,
        "source_text": SOURCES[waiter["source"]],
        "budget": budget(waiter),
        "always": settling(waiter),
        "after_change": settling(waiter["settle"] or {}),
        "corrections": [{**change, "change": change_in_words(change)} for change in waiter["corrections"]],
        "needed": [action for action in waiter["permissions"] if action not in waiter["diagnosis"]],
        "params": list(_params(waiter, operation, models)),
        "task": _task(waiter, placeholders(service, operation)),
    }


def _params(waiter: Mapping[str, Any], operation: Any, models: Models) -> Iterator[dict[str, str]]:
    """The operation's parameters, required ones first, without those for pagination."""
    if operation.input_shape is None:
        return
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


def _searched(service: Mapping[str, Any]) -> dict[str, Any]:
    """What the search needs to know of a service: the parameters of its operations, and its waiters."""
    waiters = service["waiters"]
    params = {row["operation"]: " ".join(param["name"] for param in row["params"]) for row in waiters}
    return {"title": service["title"], "params": params, "waiters": [_of_search(row) for row in waiters]}


def _of_search(row: Row) -> list[str]:
    """Name, source, operation, description and the states and errors."""
    expected = [acceptor["expected"] for acceptor in row["acceptors"]]
    values = [value for one in expected for value in (one if isinstance(one, list) else [one])]
    states = dict.fromkeys(value for value in values if isinstance(value, str))
    return [row["name"], row["source"], row["operation"], row["description"], " ".join(states)]
