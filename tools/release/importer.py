# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that Galaxy's importer accepts the tarball in its strictest mode."""

from __future__ import annotations

import re
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tools.release.step import REPO, WORK, Row, State, pip_install, run, surroundings, virtual_environment

CONFIG = """\
[galaxy-importer]
ansible_local_tmp = {tmp}
check_changelog = True
check_required_tags = True
offline_ansible_lint = True
require_v1_or_greater = True
run_ansible_doc = True
run_ansible_lint = True
# It would need a container; `make sanity` runs the same tests.
run_ansible_test = False
run_flake8 = True
"""

# Findings that can't be avoided, and why. All others fail the check.
INCURABLE = {
    "W503 line break before binary operator": "the importer asks for this and for W504, its opposite",
    "W504 line break after binary operator": "the importer asks for this and for W503, its opposite",
    "E203 whitespace before ':'": "PEP 8 and ruff format set a slice of expressions so",
}


def check(tarball: Path) -> Iterator[Row]:
    folder = WORK / "importer"
    commands = virtual_environment(folder / "venv")
    pip_install(commands, "--requirement", REPO / "requirements/release.txt")
    _show_neighbours(commands)
    config = folder / "galaxy-importer.cfg"
    config.write_text(CONFIG.format(tmp=folder / "tmp"))
    output = run(
        [commands / "python", "-m", "galaxy_importer.main", tarball],
        surroundings(commands, GALAXY_IMPORTER_CONFIG=str(config)),
        folder,
    )
    (folder / "output.txt").write_text(output)
    found, known = sift(output)
    if "Importer processing completed successfully" not in output:
        found.append("it did not come to its end")
    notes = [f"{count} × {finding}: {INCURABLE[finding]}" for finding, count in known.items()]
    yield Row("importer", State.FAILED if found else State.OK, [*found, *notes])


def sift(output: str) -> tuple[list[str], Counter[str]]:
    """The lines to fix, and how often each of the unavoidable findings occurred."""
    lines = re.findall(r"^(?:WARNING|ERROR|CRITICAL): .*$", output, re.MULTILINE)
    known = Counter(finding for line in lines for finding in INCURABLE if line.endswith(f" {finding}"))
    found = [line for line in lines if not line.endswith(tuple(f" {finding}" for finding in INCURABLE))]
    return found, known


def neighbours() -> Path:
    """A folder with the required collections, from this environment's ansible package."""
    folder = WORK / "neighbours"
    for namespace in ("amazon", "community"):
        link = folder / "ansible_collections" / namespace / "aws"
        if not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(Path(sysconfig.get_path("purelib"), "ansible_collections", namespace, "aws"))
    return folder


def _show_neighbours(commands: Path) -> None:
    """Without them, ansible-lint stops at the first task that uses one and doesn't check the rest of the playbook."""
    where = run([commands / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip()
    Path(where, "neighbours.pth").write_text(f"{neighbours()}\n")
