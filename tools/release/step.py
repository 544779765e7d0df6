# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by the release's checks: a row of the table, and running a command."""

from __future__ import annotations

import enum
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

REPO = Path(__file__).parents[2]
WORK = REPO / ".work/release"
LONGEST = 1200  # maximum seconds of a command, such as an installation over a slow network


class State(enum.Enum):
    OK = "ok"
    FAILED = "FAILED"
    UNTESTED = "NOT TESTED"


class Row(NamedTuple):
    check: str
    state: State
    notes: Sequence[str] = ()


class Wrong(Exception):
    """A command that failed, with its output."""


def surroundings(commands: Path, **more: str) -> dict[str, str]:
    """The environment of a user with an empty home; pip's settings are the caller's."""
    home = WORK / "home"
    home.mkdir(parents=True, exist_ok=True)
    caller = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or "_proxy" in name.lower()}
    path = f"{commands}:{os.environ.get('PATH', os.defpath)}"
    return {**caller, "PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8", **more}


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, folder: Path = REPO) -> str:
    """The command's output; raises Wrong if it fails."""
    try:
        done = subprocess.run(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise Wrong(f"{' '.join(map(str, command))} took more than {LONGEST} seconds") from expired
    if done.returncode:
        raise Wrong(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def virtual_environment(folder: Path, python: str | Path = sys.executable) -> Path:
    """The folder of its commands; an existing one is kept."""
    if not (folder / "bin/pip").exists():
        run([python, "-m", "venv", "--clear", folder])
    return folder / "bin"


def pip_install(commands: Path, *requirements: str | Path) -> None:
    quietly = ["--quiet", "--no-compile", "--disable-pip-version-check"]
    run([commands / "pip", "install", *quietly, *requirements])
