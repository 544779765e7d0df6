# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache folder: nobody else can put something into it, it has a limit, and it never fails a task."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._aws import cache_folder
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.cache_folder import CacheFolder, user_cache


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_is_read_and_only_the_user_can(tmp_path: Path) -> None:
    folder = CacheFolder(str(tmp_path / "a/b"))
    assert folder.read("x.json") is None
    folder.write("x.json", b"1")
    folder.write("x.json", b"22")
    assert folder.read("x.json") == b"22"
    assert (mode(tmp_path / "a/b"), mode(tmp_path / "a/b/x.json")) == (0o700, 0o600)
    assert [path.name for path in (tmp_path / "a/b").iterdir()] == ["x.json"]


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 33, None])
def test_a_damaged_file_is_ignored_and_replaced(damage: bytes | None, tmp_path: Path) -> None:
    folder, path = CacheFolder(str(tmp_path)), tmp_path / "x"
    tmp_path.chmod(0o700)
    folder.write("x", b"good")
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    assert folder.read("x") is None
    folder.write("x", b"new")
    assert folder.read("x") == b"new"


@pytest.mark.parametrize("wide", [0o755, 0o770, 0o707])
def test_a_folder_that_others_can_enter_is_ignored_and_closed(wide: int, tmp_path: Path) -> None:
    folder = CacheFolder(str(tmp_path))
    tmp_path.chmod(0o700)
    folder.write("x", b"1")
    tmp_path.chmod(wide)
    assert folder.read("x") is None
    folder.write("y", b"2")
    assert (mode(tmp_path), folder.read("y")) == (0o700, b"2")


def test_a_file_that_others_can_write_is_ignored_and_replaced(tmp_path: Path) -> None:
    folder = CacheFolder(str(tmp_path))
    tmp_path.chmod(0o700)
    folder.write("x", b"1")
    (tmp_path / "x").chmod(0o666)
    assert folder.read("x") is None
    folder.write("x", b"2")
    assert folder.read("x") == b"2"


def test_the_folder_and_the_files_of_another_user_are_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = CacheFolder(str(tmp_path))
    tmp_path.chmod(0o700)
    folder.write("x", b"1")
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    folder.write("y", b"2")
    assert folder.read("x") is None
    assert not (tmp_path / "y").exists()


def test_nothing_is_written_in_the_home_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not tmp_path.stat().st_uid:
        os.chown(tmp_path, 4242, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    CacheFolder(str(tmp_path / ".cache/cloudwait.aws")).write("x", b"1")
    assert not (tmp_path / ".cache").exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere, place = tmp_path / "elsewhere", tmp_path / "place"
    CacheFolder(str(elsewhere)).write("x", b"1")
    place.symlink_to(elsewhere)
    assert CacheFolder(str(place)).read("x") is None
    (elsewhere / "y").symlink_to(elsewhere / "x")
    assert CacheFolder(str(elsewhere)).read("y") is None


@pytest.mark.parametrize("kind", ["none", "file", "inside a file", "a directory for a file", "a pipe for a file"])
def test_where_there_is_no_place_to_write_nothing_is_kept(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    if kind in ("file", "inside a file"):
        place.write_text("")
    else:
        place.mkdir(mode=0o700)
    if kind == "a directory for a file":
        (place / "x").mkdir()
    if kind == "a pipe for a file":
        os.mkfifo(place / "x", 0o600)
        assert CacheFolder(str(place)).read("x") is None
        return
    folder = CacheFolder({"none": None, "inside a file": str(place / "cache")}.get(kind, str(place)))
    folder.write("x", b"1")
    assert folder.read("x") is None
    assert not list(tmp_path.rglob("tmp*"))


def test_the_oldest_files_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_folder, "MOST_BYTES", 1000)
    folder = CacheFolder(str(tmp_path / "cache"))
    for number in range(8):
        folder.write(f"{number}", b"x" * 150)
        os.utime(tmp_path / f"cache/{number}", (number, number))
    folder.write("too large", b"x" * 300)
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["3", "4", "5", "6", "7"]


def test_threads_and_forks_read_whole_files(tmp_path: Path) -> None:
    folder, contents = CacheFolder(str(tmp_path / "cache")), [bytes([number]) * 50_000 for number in range(4)]
    folder.write("x", contents[0])
    found: set[bytes | None] = set()

    def work(content: bytes) -> None:
        for _round in range(20):
            folder.write("x", content)
            found.add(folder.read("x"))

    if not (child := os.fork()):
        work(contents[0])
        os._exit(0)
    threads = [threading.Thread(target=work, args=(content,)) for content in contents[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.waitpid(child, 0)
    assert found <= set(contents)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("xdg", "home", "expected"),
    [
        ("/var/me", "/home/me", "/var/me/cloudwait.aws"),
        ("", "/home/me", "/home/me/.cache/cloudwait.aws"),
        ("relative", "/home/me", "/home/me/.cache/cloudwait.aws"),
        ("", "nowhere", None),
    ],
)
def test_the_folder_is_the_users(xdg: str, home: str, expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    monkeypatch.setenv("HOME", home)
    assert vars(user_cache()) == vars(CacheFolder(expected))
