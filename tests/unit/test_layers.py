# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The architecture: a file imports from its own layer or below, and each library is imported in one place."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
EXTENSIONS = PLUGINS.parent / "extensions/eda/plugins"
TESTS = Path(__file__).parents[1]
OURS = "ansible_collections.cloudwait.aws.plugins."

CORE = {"module_utils._definition", "module_utils._engine"}
AWS = {"module_utils._aws"}
ANSIBLE = {"module_utils._module"}

# The folders that a folder may import from besides itself. The controller (action, plugin_utils) has no botocore; what
# an action plugin imports of the Ansible layer works without.
MAY_IMPORT = {
    "module_utils._definition": set(),
    "module_utils._engine": {"module_utils._definition"},
    "module_utils._aws": CORE,
    "module_utils._module": CORE | AWS,
    "modules": CORE | AWS | ANSIBLE,
    "plugin_utils": CORE,
    "action": CORE | ANSIBLE | {"plugin_utils"},
    "callback": CORE | {"plugin_utils"},
    "event_source": ANSIBLE | {"plugin_utils"},
    "doc_fragments": set(),
}

# Where each library may be imported; only the standard library isn't listed.
LIBRARIES = {
    "jmespath": {"module_utils._definition.expression", "module_utils._definition.interpreter"},
    "botocore": {"module_utils._aws"},
    "boto3": {"module_utils._aws"},
    "ansible": {"module_utils._module", "modules", "plugin_utils", "action", "callback", "event_source"},
    "yaml": {"plugin_utils._yaml_file"},
    "ansible_collections.amazon.aws": {"module_utils._module.connection"},
}


def modules() -> list[str]:
    found = [path.relative_to(root) for root in (PLUGINS, EXTENSIONS) for path in root.rglob("*.py")]
    return sorted(".".join(path.with_suffix("").parts) for path in found)


def source(module: str) -> str:
    root = EXTENSIONS if module.startswith("event_source.") else PLUGINS
    return (root / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")


def imports(module: str, text: str) -> Iterator[str]:
    """The full name of everything imported, including imports in functions and for type checkers only."""
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
    """The forbidden imports of this module."""
    [folder] = [folder for folder in MAY_IMPORT if stands_in(module, {folder})]
    wrong = []
    for name in imports(module, text):
        if name.startswith(OURS):
            allowed = stands_in(name.removeprefix(OURS), {folder} | MAY_IMPORT[folder])
        elif library := next((library for library in LIBRARIES if stands_in(name, {library})), None):
            allowed = stands_in(module, LIBRARIES[library])
        else:
            allowed = name.split(".")[0] in sys.stdlib_module_names
        if not allowed:
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("module", modules())
def test_a_file_imports_from_its_own_layer_or_below(module: str) -> None:
    """One case for each file; the failure names the forbidden imports."""
    assert misplaced(module, source(module)) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("module_utils._definition.model", "from .._engine import poll_loop"),
        ("module_utils._definition.model", "import jmespath"),
        ("module_utils._engine.poll_loop", "from .. import _aws"),
        ("module_utils._engine.poll_loop", "if TYPE_CHECKING:\n    from .._aws.models import Models"),
        ("module_utils._engine.poll_loop", "def late():\n    import botocore.exceptions"),
        ("module_utils._aws.models", f"from {OURS}module_utils._module import request"),
        ("module_utils._aws.models", "from ansible.module_utils.basic import AnsibleModule"),
        ("module_utils._module.request", "from ansible_collections.amazon.aws.plugins.module_utils import modules"),
        ("module_utils._module.request", "import requests"),
        ("modules.wait", "import boto3"),
        ("plugin_utils._progress", "from ..module_utils._aws import models"),
        ("action.wait", "from ..module_utils._aws import models"),
        ("event_source.wait", f"from {OURS}module_utils._engine import scheduler"),
        ("module_utils._module.event_source.main", "from ....plugin_utils import _catalog"),
    ],
)
def test_an_import_upwards_is_found(module: str, text: str) -> None:
    """The check itself, on forbidden imports."""
    assert len(misplaced(module, text)) == 1


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("module_utils._definition.read", "from . import short_form"),
        ("module_utils._engine.poll_loop", "import time\nfrom .._definition.model import Definition"),
        ("module_utils._aws.models", "import botocore.session\nfrom .._engine import outcome"),
        ("modules.wait", "from ..module_utils._module.wait import main"),
        ("action.wait", "from ansible.plugins.action import ActionBase\nfrom ..plugin_utils import _wait_action"),
    ],
)
def test_an_import_downwards_is_allowed(module: str, text: str) -> None:
    assert misplaced(module, text) == []


CONTRIBUTING = (PLUGINS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
LAYERS = ("entry points", "Ansible layer", "AWS layer", "core")


def test_the_diagram_shows_every_folder_in_its_layer() -> None:
    """The diagram has, below a folder, only those that it may import from."""
    [diagram] = re.findall(r"```text\n(.*?)```", CONTRIBUTING, re.DOTALL)
    layers = re.split(rf"^({'|'.join(LAYERS)}) +│", diagram, flags=re.MULTILINE)[1:]
    shown = {
        name: {folder.rstrip("/").replace("/", ".") for folder in re.findall(r"[\w/]+/(?=\s)", text)}
        for name, text in zip(layers[::2], layers[1::2], strict=True)
    }
    assert tuple(shown) == LAYERS
    assert set().union(*shown.values()) == set(MAY_IMPORT) - {"doc_fragments"}
    for number, name in enumerate(LAYERS):
        at_most = set().union(*(shown[lower] for lower in LAYERS[number:]))
        assert all(MAY_IMPORT[folder] <= at_most for folder in shown[name])


def test_the_files_that_contributing_names_exist() -> None:
    named = re.findall(r"`((?:_\w+|plugin_utils)/[\w/]+\.py)`", CONTRIBUTING)
    assert len(named) > 10
    folders = (PLUGINS, PLUGINS / "module_utils")
    assert [name for name in named if not any((folder / name).exists() for folder in folders)] == []


def test_no_file_imports_from_a_test_module() -> None:
    """What several tests need is in ``tests/support``, or next to them in a file without tests."""
    files = [path for folder in (TESTS, TESTS.parent / "tools") for path in folder.rglob("*.py")]
    assert len(files) > 100
    found = {
        (str(path.relative_to(TESTS.parent)), name)
        for path in files
        for name in imports("tests", path.read_text(encoding="utf-8"))
        if re.match(r"tests\..*\btest_", name)
    }
    assert found == set()


def dataclasses() -> list[tuple[str, str, str]]:
    """Each dataclass: its name, its decorator and its body."""
    found = []
    for module in modules():
        for node in ast.walk(ast.parse(source(module))):
            if isinstance(node, ast.ClassDef):
                decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
                found += [(node.name, text, ast.unparse(node)) for text in decorators if text.startswith("dataclass")]
    return found


@pytest.mark.parametrize(
    ("name", "decorator", "body"), dataclasses(), ids=lambda text: text if text.isidentifier() else ""
)
def test_a_dataclass_is_what_a_named_tuple_cannot_be(name: str, decorator: str, body: str) -> None:
    """It caches what it derives or has fields that comparisons ignore; or it is a private record that changes."""
    if decorator == "dataclass(frozen=True)":
        assert "@cached_property" in body or "compare=False" in body
    else:
        assert (decorator, name[0]) == ("dataclass(eq=False)", "_")
