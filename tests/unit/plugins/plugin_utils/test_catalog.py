# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue's files as the controller reads them, and what a task is given of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import find, shipped, snake_case
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.plugin_utils import _catalog

MODELS = Models(CATALOG)
SERVICES = sorted(CATALOG.names)

WEB = """---
waiters:
  __base:
    delay: 30
    path: Status
  site_up:
    extends: __base
    operation: GetSite
    success: [UP]
  site_checked:
    extends: site_up
    failure: [BROKEN]
corrections:
  SiteGone:
    - {gone: true, reason: It vanishes.}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A catalogue of two services in a folder of its own."""
    (tmp_path / "web.yml").write_text(WEB)
    (tmp_path / "mail.yml").write_text("waiters:\n  box_up: {operation: GetBox, path: S, success: [UP]}\n")
    monkeypatch.setattr(_catalog, "FOLDER", tmp_path)
    _catalog._text.cache_clear()
    yield tmp_path
    _catalog._text.cache_clear()


def names(selected: dict[str, Any], key: str = "waiters") -> dict[str, list[str]]:
    return {service: sorted(found) for service, found in selected[key].items()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_task_is_given_all_that_its_waiter_needs(service: str) -> None:
    """Each waiter is the same with a task's part of the catalogue as with all of it, in both spellings."""
    for known in shipped(MODELS, service):
        for name in (known.name, snake_case(known.name)):
            given = Catalog.of(_catalog.for_task({"service": service, "waiter": name}))
            found, _problems = find(Models(given), service, name)
            assert found == known, name


@pytest.mark.parametrize("waiter", ["site_checked", "SiteChecked"])
def test_a_waiter_comes_with_its_ancestors_and_nothing_else(folder: Path, waiter: str) -> None:
    selected = _catalog.for_task({"service": "web", "waiter": waiter})
    assert names(selected) == {"web": ["__base", "site_checked", "site_up"]}
    assert names(selected, "corrections") == {"web": []}


def test_a_built_in_comes_with_its_corrections(folder: Path) -> None:
    selected = _catalog.for_task({"service": "web", "waiter": "site_gone"})
    assert names(selected) == {"web": []}
    assert names(selected, "corrections") == {"web": ["SiteGone"]}


@pytest.mark.parametrize("as_text", [False, True], ids=["data", "JSON"])
@pytest.mark.parametrize(
    "args",
    [
        {"service": "web", "definition": {"extends": "site_up", "failure": ["DOWN"]}},
        {"service": "web", "waiter": "mine", "definitions": {"mine": {"extends": "site_up"}}},
        {
            "service": "web",
            "waiter": "mine",
            "definitions": {"version": 2, "waiters": {"mine": {"extends": "site_up"}}},
        },
        {"waiter": "mine", "definitions": {"mine": {"extends": "site_up", "service": "web"}}},
        {"waits": [{"service": "mail", "waiter": "box_up"}, {"service": "web", "waiter": "site_up"}]},
        {"service": "web", "waits": [{"waiter": "nothing"}, {"waiter": "SiteUp"}]},
        {"waits": [{"service": "web", "definition": {"extends": "site_up"}}]},
        {"service": "web", "waits": [{"waiter": "mine"}], "definitions": {"mine": {"extends": "site_up"}}},
        {"waiter": "site_up", "waits": [{"service": "web"}]},
    ],
)
def test_what_a_task_names_anywhere_is_found(folder: Path, args: dict[str, Any], as_text: bool) -> None:
    """Ad hoc commands give mappings as JSON text, which the module takes too."""
    if as_text:
        args = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in args.items()}
    assert {"__base", "site_up"} <= set(_catalog.for_task(args)["waiters"]["web"])


def test_names_are_passed_for_suggestions(folder: Path) -> None:
    assert _catalog.for_task({"service": "web", "waiter": "site_upp"})["names"] == {"web": ["site_up", "site_checked"]}
    assert _catalog.for_task({"service": "web", "waiter": "BoxUp"})["names"] == {
        "web": ["site_up", "site_checked"],
        "mail": ["box_up"],
    }


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"service": ["web"], "waiter": {}},
        {"service": "../web", "waiter": "site_up"},
        {"service": "web\n", "waiter": 3},
        {"service": "unheard-of", "waiter": "x"},
        {"waits": "no, list"},
        {"waits": [3, None, ["x"], {"service": 4, "definition": "a text", "definitions": [1]}]},
        {"service": "web", "definitions": {"waiters": 3}, "definition": {"extends": 5}},
    ],
)
def test_bad_input_is_left_to_the_module(folder: Path, args: dict[str, Any]) -> None:
    selected = _catalog.for_task(args)
    assert not any(found for key in ("waiters", "corrections") for found in selected[key].values())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("waiters: [", r"the catalogue's file {}, line 2 can't be read: "),
        ("waiters: {a: b", r"the catalogue's file {}, line 2 can't be read: "),
        (b"\xff\xfe\x00", r"the catalogue's file {} can't be read: "),
        ("- a list", r"the catalogue's file {} must map waiters, corrections and diagnoses, and nothing else"),
        ("", r"the catalogue's file {} must map waiters, corrections and diagnoses, and nothing else"),
        ("hosts: all\n", r"the catalogue's file {} must map waiters, corrections and diagnoses, and nothing else"),
        ("waiters: [a]\n", r"waiters in the catalogue's file {} must map names to definitions"),
        ("waiters: {a: b}\n", r"waiters in the catalogue's file {} must map names to definitions"),
        (
            "corrections: {A: {gone: true}}\n",
            r"corrections in the catalogue's file {} must map names to lists of changes",
        ),
    ],
)
def test_a_file_that_is_no_catalogue_is_named_in_one_sentence(folder: Path, text: Any, says: str) -> None:
    path = folder / "web.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for read in (lambda: _catalog.for_task({"service": "web", "waiter": "site_up"}), _catalog.whole):
        with pytest.raises(_catalog.CatalogError) as error:
            read()
        assert str(error.value).startswith(says.format(path))
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("service", SERVICES)
def test_a_part_of_a_file_is_read_as_the_whole_is(service: str) -> None:
    """Also each correction, which tasks name by the waiter."""
    for key in ("waiters", "corrections"):
        for name, raw in _catalog.whole(service)[key][service].items():
            found = _catalog.for_task({"service": service, "waiter": name})
            assert found[key][service][name] == raw


def test_other_files_are_no_services(folder: Path) -> None:
    for name in ("README.md", "web.yml.orig", ".web.yml.swp", "Not A Service.yml"):
        (folder / name).write_text("- no catalogue")
    assert sorted(_catalog.whole()["waiters"]) == ["mail", "web"]


def test_a_missing_folder_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_catalog, "FOLDER", folder / "gone")
    with pytest.raises(_catalog.CatalogError, match="install the collection again"):
        _catalog.for_task({"service": "web", "waiter": "site_up"})


def test_the_names_found_by_search_are_those_of_the_files() -> None:
    every = {name for names in CATALOG.names.values() for name in names}
    assert dict(_catalog._called(every)) == {service: names for service, names in CATALOG.names.items() if names}
