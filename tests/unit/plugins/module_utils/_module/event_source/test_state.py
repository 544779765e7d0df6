# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file from which the event source goes on: what it keeps, and what becomes of it when things go wrong."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.timeline import MOST_SIGHTINGS
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source import state as module
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.state import State


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.jsonl"


def event(name: str) -> dict[str, Any]:
    return {"name": name, "meta": {"uuid": name}}


def opened(path: Path) -> State:
    return State(str(path))


def reopened(state: State, path: Path) -> State:
    """The state as another process finds it. A killed one closes its file, too."""
    state.close()
    return opened(path)


def fill(state: State) -> None:
    state.save("a", {"began": 100.0, "origin": None})
    state.save("a", {"elapsed": 1.5, "due": 10.0, "attempts": 1}, [1.0, 1, ["pending"]])
    state.save("a", {"elapsed": 11.5, "due": 20.0, "attempts": 2})
    state.save("b", {"began": 100.0, "origin": "x.yml"})
    state.save("b", {"ended": "failure"}, None, event("b has ended"))


def test_it_keeps_what_is_known_of_each_wait(path: Path) -> None:
    state = opened(path)
    fill(state)
    known = {"began": 100.0, "origin": None, "elapsed": 11.5, "due": 20.0, "attempts": 2}
    for again in (state, reopened(state, path)):
        assert again.records == {
            "a": {**known, "changes": [[1.0, 1, ["pending"]]]},
            "b": {"ended": "failure", "origin": "x.yml"},
        }
        assert list(again.deliveries) == ["b has ended"]


def test_an_event_is_to_be_delivered_until_it_was_and_may_have_been_once_that_has_begun(path: Path) -> None:
    state = opened(path)
    state.deliver(event("first"))
    state.deliver(event("second"))
    state.deliver(event("third"))
    state.delivering("first")
    state.delivered("first")
    state.delivering("second")
    for _restart in range(2):
        state = reopened(state, path)
        assert {uuid: told.has_begun for uuid, told in state.deliveries.items()} == {"second": True, "third": False}


def test_a_wait_that_is_forgotten_stays_so(path: Path) -> None:
    state = opened(path)
    fill(state)
    state.forget("a")
    state.save("a", {"attempts": 3})  # it is just being cancelled
    assert list(reopened(state, path).records) == ["b"]


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_line_that_was_cut_short_costs_no_other(path: Path, cut: int) -> None:
    state = opened(path)
    fill(state)
    whole = dict(state.records)
    state.save("c", {"began": 7.0, "origin": None})
    state.close()
    path.write_bytes(path.read_bytes()[:-cut])
    again = opened(path)
    assert {key: again.records[key] for key in whole} == whole
    assert again.problem is None


def test_a_line_that_can_not_be_read_is_told(path: Path) -> None:
    state = opened(path)
    fill(state)
    state.close()
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], '{"wait": [}', "7", *lines[2:], ""]))
    again = opened(path)
    assert again.problem == "line 3 can't be read and is left out"
    assert list(again.records) == ["a", "b"]


@pytest.mark.parametrize("text", ["notes", "notes\n", '{"cloudwait_state":2}\n', "- a: b\n", "\n{}\n"])
def test_a_file_of_something_else_is_refused_and_left_alone(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(BadInput, match="is not the state of an event source"):
        opened(path)
    assert path.read_text() == text


def test_two_sources_do_not_share_it(path: Path) -> None:
    state = opened(path)
    with pytest.raises(BadInput, match="another event source uses it"):
        opened(path)
    state.save("a", {"began": 1.0})
    assert list(reopened(state, path).records) == ["a"]


@pytest.mark.parametrize(
    ("name", "says"), [("folder", "Is a directory"), ("none/state", "No such file"), ("a\0b", "null")]
)
def test_a_path_that_can_not_be_used_is_bad_input(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput) as bad:
        State(str(tmp_path / name))
    [problem] = bad.value.problems
    assert problem.path == "state"
    assert says.lower() in problem.problem


def test_nobody_else_can_read_it(path: Path) -> None:
    path.touch(0o644)
    opened(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path, path: Path) -> None:
    path.symlink_to(tmp_path / "volume")
    opened(path)
    assert path.is_symlink()


def test_it_stays_short_while_it_is_written_to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOM", 1000)
    state = opened(path)
    for number in range(300):
        state.save("a", {"began": 1.0, "attempts": number})
        state.sync()
        assert path.stat().st_size < 3000
    assert reopened(state, path).records == {"a": {"began": 1.0, "attempts": 299}}


def test_a_timeline_in_it_has_a_limit(path: Path) -> None:
    state = opened(path)
    state.save("a", {"began": 1.0})
    for number in range(2 * MOST_SIGHTINGS):
        state.save("a", {}, [number, number, None])
    changes = state.records["a"]["changes"]
    assert len(changes) == MOST_SIGHTINGS
    assert (changes[0][0], changes[-1][0]) == (0, 2 * MOST_SIGHTINGS - 1)


def test_after_a_full_disk_nothing_is_lost(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = opened(path)
    write = os.write

    def cut_short(descriptor: int, text: bytes) -> int:
        return write(descriptor, text[:5])

    monkeypatch.setattr(module.os, "write", cut_short)
    fill(state)
    state.sync()
    assert state.problem is not None
    assert "disk may be full" in state.problem
    monkeypatch.setattr(module.os, "write", write)
    state.save("c", {"began": 3.0})
    known = state.records
    state.sync()
    assert reopened(state, path).records == known


def test_an_event_is_on_the_disk_before_it_is_delivered(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[list[str]] = []
    state = opened(path)
    monkeypatch.setattr(module.os, "fsync", lambda _file: synced.append(path.read_text().splitlines()))
    fill(state)
    assert synced == []
    state.delivering("b has ended")
    [lines] = synced
    assert json.loads(lines[-1]) == {"delivering": "b has ended"}
    assert json.loads(lines[-2])["ended"] == "failure"


def test_without_a_path_there_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    state = State()
    fill(state)
    state.delivering("b has ended")
    state.delivered("b has ended")
    state.sync()
    state.close()
    assert (len(state.records), state.deliveries, list(tmp_path.iterdir())) == (2, {}, [])
