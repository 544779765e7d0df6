# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The start of a module: what Ansible sends is compiled once, and whatever it is, the code is that of the source."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import ansible_collections.cloudwait.aws

MAIN = """\
import builtins, json, sys
sys.path[:0] = [{archive!r}, {collections!r}]
compiled = []
compile_file = builtins.compile
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.cache_folder import CacheFolder
from ansible_collections.cloudwait.aws.plugins.module_utils._module import start
import pack  # has a path importer already
start.compile = lambda text, name, *more, **how: compiled.append(name) or compile_file(text, name, *more, **how)
start.use_compiled({archive!r}, "wait", CacheFolder({cache!r}))
from pack import sub
from pack.sub import one
print(json.dumps(dict(value=one.VALUE, file=one.__file__, package=sub.__path__, code=one.f.__code__.co_filename,
    source=one.__loader__.get_source("pack.sub.one"), compiled=compiled)))
"""


COLLECTIONS = Path(next(iter(ansible_collections.cloudwait.aws.__path__))).parents[2]


class World:
    """A zip file with a package, and a cache."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.cache = folder, folder / "cache"

    def run(self, value: int = 1, place: str = "first") -> dict[str, Any]:
        """What a process finds that imports from the zip file, in a folder of its own as Ansible makes one."""
        archive = self._folder / place / "payload.zip"
        archive.parent.mkdir(exist_ok=True)
        files: Mapping[str, str] = {
            "pack/__init__.py": "",
            "pack/sub/__init__.py": "",
            "pack/sub/one.py": f"VALUE = {value}\n\ndef f(): pass\n",
        }
        with zipfile.ZipFile(archive, "w") as zipped:
            for name, text in files.items():
                zipped.writestr(name, text)
        main = MAIN.format(archive=str(archive), collections=str(COLLECTIONS), cache=str(self.cache))
        done = subprocess.run([sys.executable, "-c", main], capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_what_is_loaded_is_not_collected_again_and_the_rest_seldom() -> None:
    script = f"""
import gc, sys
sys.path.insert(0, {str(COLLECTIONS)!r})
from ansible_collections.cloudwait.aws.plugins.module_utils._module import start
start.start("wait")
was = gc.isenabled()
start.started()
print(was, gc.isenabled(), gc.get_freeze_count() > 1000, gc.get_threshold()[0] == start.SELDOM)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True", "True"]


def test_a_file_is_compiled_once_for_all_processes(world: World) -> None:
    first, second = world.run(place="first"), world.run(place="second")
    assert first["compiled"] == ["payload.zip/pack/sub/__init__.py", "payload.zip/pack/sub/one.py"]
    assert second["compiled"] == []
    assert (first["value"], second["value"]) == (1, 1)
    assert second["file"].endswith("second/payload.zip/pack/sub/one.py")
    assert second["package"][0].endswith("second/payload.zip/pack/sub")
    assert second["code"] == "payload.zip/pack/sub/one.py"
    assert second["source"].startswith("VALUE = 1")


def test_another_source_is_compiled_anew(world: World) -> None:
    assert [world.run(value)["value"] for value in (1, 2, 1)] == [1, 2, 1]


@pytest.mark.parametrize("content", [b"", b"garbage", b"x" * 5000])
def test_a_damaged_file_is_replaced(content: bytes, world: World) -> None:
    world.run()
    [file] = world.cache.iterdir()
    file.write_bytes(content)
    assert world.run()["value"] == 1
    assert world.run()["compiled"] == []


def test_without_a_cache_all_is_compiled(world: World) -> None:
    world.cache.write_text("")
    assert [len(world.run()["compiled"]) for _round in range(2)] == [2, 2]
