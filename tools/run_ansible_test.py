# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-test on a copy of this checkout, in the layout that it requires: ``run_ansible_test.py sanity``."""

from __future__ import annotations

import ast
import configparser
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ansible_collections.amazon.aws
from ansible_test._internal.host_configs import NativePythonConfig
from ansible_test._internal.python_requirements import get_venv_packages

REPO = Path(__file__).parents[1]
COLLECTIONS = REPO / ".work/tree/ansible_collections"
HOME = REPO / ".work/home"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def main(command: str, *arguments: str) -> int:
    tree = copy_collections()
    if command == "integration":
        write_integration_config(tree)
    allow_pip()
    ansible_test = Path(sys.executable).with_name("ansible-test")
    return subprocess.call(
        [ansible_test, command, "--local", "--python", PYTHON, "--color", "no", *arguments],
        cwd=tree,
        env=os.environ | {"HOME": str(HOME), "LC_ALL": "C.UTF-8"},
    )


def copy_collections() -> Path:
    """Our files that git tracks or would add, next to amazon.aws."""
    shutil.rmtree(COLLECTIONS, ignore_errors=True)
    [amazon] = ansible_collections.amazon.aws.__path__
    shutil.copytree(amazon, COLLECTIONS / "amazon/aws")
    tree = COLLECTIONS / "cloudwait/aws"
    listing = subprocess.check_output(["git", "ls-files", "-coz", "--exclude-standard"], cwd=REPO, text=True)
    for name in listing.rstrip("\0").split("\0"):
        if (REPO / name).is_file():  # git lists deleted files too
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPO / name, tree / name)
    subprocess.check_call(["git", "init", "--quiet", tree])  # else ansible-test uses our own repository
    return tree


def write_integration_config(tree: Path) -> None:
    """ansible-test hides the environment from the targets; they get these as variables."""
    names = {
        "endpoint_url": "AWS_ENDPOINT_URL",
        "access_key": "AWS_ACCESS_KEY_ID",
        "secret_key": "AWS_SECRET_ACCESS_KEY",
        "region": "AWS_DEFAULT_REGION",
    }
    config = json.dumps({variable: os.environ[name] for variable, name in names.items()})
    (tree / "tests/integration/integration_config.yml").write_text(config)


def allow_pip() -> None:
    """ansible-test creates virtual environments with pip, but downloads pip and hides the caller's settings from it."""
    version = get_venv_packages(NativePythonConfig(version=PYTHON))["pip"].replace(".", "_")
    bootstrap = HOME / f".ansible/test/cache/get_pip_{version}.py"
    bootstrap.parent.mkdir(parents=True, exist_ok=True)
    bootstrap.write_text("import ensurepip\n\nensurepip.bootstrap()\n")

    settings = configparser.RawConfigParser()
    settings.read_dict({"global": {"quiet": "1"}})
    listing = subprocess.check_output([sys.executable, "-m", "pip", "config", "list"], text=True)
    for line in listing.splitlines():
        name, value = line.split("=", 1)
        section, option = name.split(".", 1)
        section = section.replace(":env:", "global")
        if not settings.has_section(section):
            settings.add_section(section)
        settings.set(section, option, ast.literal_eval(value))
    (HOME / ".config/pip").mkdir(parents=True, exist_ok=True)
    with (HOME / ".config/pip/pip.conf").open("w") as file:
        settings.write(file)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
