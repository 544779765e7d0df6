# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files from which the event source takes waits: which have changed, which are gone, which can't be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.cloudwait.aws.plugins.plugin_utils._entry_files import EntryFiles, Found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "waits"
    made.mkdir()
    return made


def write(path: Path, text: str) -> None:
    """Write a file as jobs should: it is whole from the beginning, and another file than before."""
    new = path.with_suffix(".tmp")
    new.write_text(text)
    os.replace(new, path)


def test_each_file_is_told_once_until_it_changes(folder: Path) -> None:
    write(folder / "b.yml", "[{name: b}]")
    write(folder / "a.json", '[{"name": "a"}]')
    files = EntryFiles(str(folder))
    assert files.look() == [Found("a.json", [{"name": "a"}]), Found("b.yml", [{"name": "b"}])]
    assert files.look() == []
    write(folder / "b.yml", "[{name: c}]")
    assert files.look() == [Found("b.yml", [{"name": "c"}])]
    (folder / "a.json").unlink()
    assert files.look() == [Found("a.json", [])]
    assert files.look() == []


def test_a_change_within_the_same_moment_is_seen(folder: Path) -> None:
    path = folder / "a.yml"
    write(path, "[{name: a}]")
    at = path.stat().st_mtime_ns
    files = EntryFiles(str(folder))
    files.look()
    write(path, "[{name: b}]")
    os.utime(path, ns=(at, at))
    assert files.look() == [Found("a.yml", [{"name": "b"}])]


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("[{name: a}, {name: b}]", [{"name": "a"}, {"name": "b"}]),
        ("waits: [{name: a}]", [{"name": "a"}]),
        ("waits:", []),
        ("{name: a, service: ec2}", [{"name": "a", "service": "ec2"}]),
        ("", []),
        ("[]", []),
    ],
)
def test_a_file_holds_a_list_or_one_wait(folder: Path, text: str, waits: list[object]) -> None:
    write(folder / "a.yml", text)
    assert EntryFiles(str(folder)).look() == [Found("a.yml", waits)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"[", ", line 2 can't be read: "),
        (b"\xff", " can't be read: it isn't UTF-8"),
        (b"text", " must be a list of waits, or map waits to one"),
        (b"waits: 7", " must be a list of waits, or map waits to one"),
        (b"true", " must be a list of waits, or map waits to one"),
    ],
)
def test_a_file_that_can_not_be_read_is_told_with_its_path(folder: Path, text: bytes, says: str) -> None:
    path = folder / "a.yml"
    path.write_bytes(text)
    [found] = EntryFiles(str(folder)).look()
    assert (found.origin, found.waits) == ("a.yml", None)
    assert str(found.problem).startswith(f"{path}{says}")


def test_other_and_hidden_files_are_not_read(folder: Path) -> None:
    for name in (".a.yml", "a.yml.tmp", "a.txt", "a.yml~"):
        (folder / name).write_text("[")
    assert EntryFiles(str(folder)).look() == []


def test_a_file_can_be_watched_by_itself(folder: Path) -> None:
    path = folder / "waits"
    write(path, "[{name: a}]")
    files = EntryFiles(str(path))
    assert files.look() == [Found("waits", [{"name": "a"}])]
    write(path, "[]")
    assert files.look() == [Found("waits", [])]


@pytest.mark.parametrize("is_folder", [True, False])
def test_what_can_not_be_reached_is_told_once_and_takes_no_wait_along(folder: Path, is_folder: bool) -> None:
    write(folder / "a.yml", "[{name: a}]")
    path = folder if is_folder else folder / "a.yml"
    files = EntryFiles(str(path))
    files.look()
    moved = path.with_name("moved")
    path.rename(moved)
    [found] = files.look()
    assert (found.origin, found.waits) == (str(path), None)
    assert found.problem == f"{path} can't be read: No such file or directory"
    assert files.look() == []
    moved.rename(path)
    assert files.look() == []


def test_files_that_were_known_before_and_are_gone_are_told_at_first(folder: Path) -> None:
    write(folder / "a.yml", "[{name: a}]")
    files = EntryFiles(str(folder), {"a.yml", "b.yml"})
    assert files.look() == [Found("a.yml", [{"name": "a"}]), Found("b.yml", [])]
