# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Pythons on this machine, and the newest ansible-core they can run, in a virtual environment that is kept."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

OLDEST = (3, 12)  # ansible-core 2.20 needs it; the tests' own environment has 2.19
NEEDED = ["ansible-core", *(f"{name}=={version(name)}" for name in ("boto3", "botocore", "jmespath"))]
VERSION = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True)
class Environment:
    """The folder of Ansible's commands, and the interpreter for its modules."""

    commands: Path
    python: Path


def newest_core(folder: Path) -> Environment:
    """The environment, created in the folder if necessary; skips the test if there is no suitable Python."""
    found = max(pythons(OLDEST), default=None)
    if found is None:
        pytest.skip(f"NOT TESTED: the newest ansible-core, as there is no Python {OLDEST[0]}.{OLDEST[1]} or later")
    (major, minor), python = found
    home = folder.resolve() / f"core-on-{major}.{minor}"
    made = home / "made"
    if not made.exists():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([python, "-m", "venv", home], check=True)
        install = [home / "bin/pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check", *NEEDED]
        subprocess.run(install, check=True)
        made.touch()
    return Environment(home / "bin", home / "bin/python")


def pythons(oldest: tuple[int, int]) -> Iterator[tuple[tuple[int, int], Path]]:
    """The machine's Pythons from a minimum version, each with its version; may include duplicates."""
    for python in _candidates(oldest):
        with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
            told = subprocess.run([python, "-c", VERSION], capture_output=True, text=True, timeout=60, check=True)
            major, minor = map(int, told.stdout.strip().split("."))
            if (major, minor) >= oldest:
                yield (major, minor), python


def _candidates(oldest: tuple[int, int]) -> Iterator[Path]:
    """Possible Pythons; pyenv's shims on $PATH may not work."""
    yield Path(sys.executable)
    for minor in range(oldest[1], oldest[1] + 10):
        if found := shutil.which(f"python{oldest[0]}.{minor}"):
            yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path(pwd.getpwuid(os.getuid()).pw_dir, ".pyenv"))
    yield from pyenv.glob("versions/*/bin/python3")
