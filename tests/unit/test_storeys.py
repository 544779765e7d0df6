# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house: a file imports from its own storey or below, and a library stays in its rooms."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
OURS = "ansible_collections.cloudwait.aws.plugins."

CELLAR = {"module_utils._definition", "module_utils._catalog", "module_utils._engine"}
WORKSHOP = {"module_utils._aws"}
HALL = {"module_utils._module"}

# Which rooms a room sees besides itself. The controller's side (action, plugin_utils) never sees the workshop.
SEES = {
    "module_utils._definition": set(),
    "module_utils._catalog": {"module_utils._definition"},
    "module_utils._engine": {"module_utils._definition"},
    "module_utils._aws": CELLAR,
    "module_utils._module": CELLAR | WORKSHOP,
    "modules": CELLAR | WORKSHOP | HALL,
    "plugin_utils": CELLAR,
    "action": CELLAR | {"plugin_utils"},
    "doc_fragments": set(),
}

# Where each library may be imported; whatever is not named here comes with Python.
LIBRARIES = {
    "jmespath": {"module_utils._definition.expression", "module_utils._definition.interpreter"},
    "botocore": {"module_utils._aws"},
    "boto3": {"module_utils._aws"},
    "ansible": {"module_utils._module", "modules", "plugin_utils", "action"},
    "ansible_collections.amazon.aws": {"module_utils._module.connection"},
}


def modules() -> list[str]:
    return sorted(".".join(path.relative_to(PLUGINS).with_suffix("").parts) for path in PLUGINS.rglob("*.py"))


def source(module: str) -> str:
    return (PLUGINS / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")


def imports(module: str, text: str) -> Iterator[str]:
    """The full name of everything imported, also within functions and for type checkers alone."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = (OURS + module).split(".")[: -node.level] if node.level else []
            origin = [*package, node.module] if node.module else package
            yield from (".".join([*origin, alias.name]) for alias in node.names)


def stands_in(name: str, places: set[str]) -> bool:
    return any(f"{name}.".startswith(f"{place}.") for place in places)


def misplaced(module: str, text: str) -> list[str]:
    """The imports that this module must not have."""
    [room] = [room for room in SEES if stands_in(module, {room})]
    wrong = []
    for name in imports(module, text):
        if name.startswith(OURS):
            allowed = stands_in(name.removeprefix(OURS), {room} | SEES[room])
        elif library := next((library for library in LIBRARIES if stands_in(name, {library})), None):
            allowed = stands_in(module, LIBRARIES[library])
        else:
            allowed = name.split(".")[0] in sys.stdlib_module_names
        if not allowed:
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("module", modules())
def test_a_file_imports_from_its_own_storey_or_below(module: str) -> None:
    """One case a file: the import to move stands in the failure."""
    assert misplaced(module, source(module)) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("module_utils._definition.model", "from .._engine import loop"),
        ("module_utils._definition.model", "import jmespath"),
        ("module_utils._engine.loop", "from .. import _aws"),
        ("module_utils._engine.loop", "if TYPE_CHECKING:\n    from .._aws.client import Client"),
        ("module_utils._engine.loop", "def late():\n    import botocore.exceptions"),
        ("module_utils._aws.client", f"from {OURS}module_utils._module import request"),
        ("module_utils._aws.client", "from ansible.module_utils.basic import AnsibleModule"),
        ("module_utils._module.request", "from ansible_collections.amazon.aws.plugins.module_utils import modules"),
        ("module_utils._module.request", "import requests"),
        ("modules.wait", "import boto3"),
        ("plugin_utils.progress", "from ..module_utils._aws import client"),
        ("action.wait", "from ..module_utils._aws import client"),
    ],
)
def test_an_import_upwards_is_found(module: str, text: str) -> None:
    """The check itself, on imports that nobody should write."""
    assert len(misplaced(module, text)) == 1


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("module_utils._definition.read", "from . import short_form"),
        ("module_utils._engine.loop", "import time\nfrom .._definition.model import Definition"),
        ("module_utils._aws.client", "import botocore.session\nfrom .._engine import outcome"),
        ("modules.wait", "from ..module_utils._module.run import run"),
        ("action.wait", "from ansible.plugins.action import ActionBase\nfrom ..plugin_utils import progress"),
    ],
)
def test_an_import_downwards_is_allowed(module: str, text: str) -> None:
    assert misplaced(module, text) == []


HOUSE = (PLUGINS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
STOREYS = ("doors", "hall", "workshop", "cellar")


def test_the_picture_of_the_house_has_its_rooms() -> None:
    """Each on its storey, and under a room none but those that it sees."""
    [picture] = re.findall(r"```text\n(.*?)```", HOUSE, re.DOTALL)
    storeys = re.split(rf"^ ({'|'.join(STOREYS)}) +│", picture, flags=re.MULTILINE)[1:]
    shown = {
        name: {room.rstrip("/").replace("/", ".") for room in re.findall(r"[\w/]+/(?=\s)", text)}
        for name, text in zip(storeys[::2], storeys[1::2], strict=True)
    }
    assert tuple(shown) == STOREYS
    assert set().union(*shown.values()) == set(SEES) - {"doc_fragments"}
    for number, name in enumerate(STOREYS):
        at_most = set().union(*(shown[lower] for lower in STOREYS[number:]))
        assert all(SEES[room] <= at_most for room in shown[name])


def test_the_way_of_a_wait_leads_through_files_that_there_are() -> None:
    named = re.findall(r"`((?:_\w+|plugin_utils)/\w+\.py)`", HOUSE)
    assert len(named) > 10
    folders = (PLUGINS, PLUGINS / "module_utils")
    assert [name for name in named if not any((folder / name).exists() for folder in folders)] == []
