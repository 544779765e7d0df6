# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event log: its permissions, concurrent writers, and errors."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_log import (
    EventLog,
    event_log_problems,
    open_event_log,
    open_shared,
)

FULL = "/dev/full"
WRITES = """
import sys
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_log import open_event_log
log = open_event_log(sys.argv[1])
for number in range(300):
    log.write(sys.argv[2].encode() * 4000 + b"\\n")
log.close()
if log.warning:
    raise SystemExit(log.warning)
"""


def refusal(path: object) -> str:
    with pytest.raises(BadInput) as caught:
        open_event_log(str(path))
    [problem] = caught.value.problems
    assert problem.path == "event_log"
    assert [found.problem for found in event_log_problems(str(path))] == [problem.problem]
    return problem.problem


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_event_log(str(tmp_path / "log")).close()
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600


def test_lines_are_appended_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("before\n")
    path.chmod(0o644)
    log = open_event_log(str(path))
    log.write(b"one\n")
    assert path.read_text() == "before\none\n"
    log.write(b"two\n")
    log.close()
    assert path.read_text() == "before\none\ntwo\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert log.warning is None


def test_lines_of_several_processes_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "log"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    commands = [[sys.executable, "-c", WRITES, str(path), letter] for letter in "abcd"]
    processes = [subprocess.Popen(command, env=environment) for command in commands]
    assert [process.wait() for process in processes] == [0] * 4
    lines = Counter(path.read_text().splitlines())
    assert lines == {letter * 4000: 300 for letter in "abcd"}


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    assert refusal(folder / "log") == f"there is no folder {str(folder)!r} to create 'log' in"
    assert not folder.exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{str(tmp_path)!r} is a directory; name a file"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "log"
    assert refusal(path) == f"{str(path)!r} is inside something that is not a directory"


def test_a_path_that_no_system_takes_is_bad_input(tmp_path: Path) -> None:
    assert "can't be written to" in refusal(tmp_path / "a\0b")
    assert "too long" in refusal(tmp_path / ("x" * 300))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_without_the_right_to_write_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.touch(0o400)
    assert refusal(path) == f"{str(path)!r} can't be written to: permission denied"


def test_a_pipe_without_a_reader_is_bad_input_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "without a reader" in refusal(tmp_path / "pipe")


def test_looking_for_problems_makes_no_file(tmp_path: Path) -> None:
    assert event_log_problems(str(tmp_path / "log")) == []
    assert not list(tmp_path.iterdir())


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert event_log_problems("log") == []
    open_event_log("log").close()
    assert (tmp_path / "log").exists()


def test_a_full_disk_is_a_single_warning_and_never_an_exception() -> None:
    log = open_event_log(FULL)
    log.write(b"one\n")
    log.write(b"two\n")
    log.close()
    assert log.warning == "event_log: some events could not be written to '/dev/full': no space left on device."


def test_a_line_that_was_cut_short_spoils_no_other(tmp_path: Path) -> None:
    """The disk fills up within a line and has space again afterwards."""
    path = tmp_path / "log"
    log = open_event_log(str(path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6, hard))
    try:
        log.write(b"one\n")
        log.write(b"two\n")
        log.write(b"three\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    log.write(b"four\n")
    log.write(b"five\n")
    log.close()
    assert path.read_text() == "one\ntw\nfour\nfive\n"
    assert log.warning is not None
    assert "cut short" in log.warning


def test_what_is_closed_takes_no_line(tmp_path: Path) -> None:
    log = EventLog(str(tmp_path / "log"))
    log.close()
    log.write(b"late\n")
    log.close()
    assert (tmp_path / "log").read_text() == ""


def test_a_shared_file_is_never_made(tmp_path: Path) -> None:
    assert open_shared(str(tmp_path / "progress")) is None
    (tmp_path / "progress").touch()
    shared = open_shared(str(tmp_path / "progress"))
    assert shared is not None
    shared.write(b"line\n")
    shared.close()
    assert (tmp_path / "progress").read_text() == "line\n"
