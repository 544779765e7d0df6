# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that all places name the same version, and that the changelog describes it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from tools.release.step import REPO, Row, State, run

VERSION = r"\d+\.\d+\.\d+(?:-[\w.]+)?"
DOCUMENTED = ("plugins/modules/*.py", "plugins/action/*.py", "roles/*/meta/argument_specs.yml")
PAGES = ("README.md", "CONTRIBUTING.md", "docs/*.md", "roles/*/README.md", "playbooks/*.md")
GENERATOR = Path(sys.executable).with_name("antsibull-changelog")
CONNECTION = "plugins/module_utils/_module/connection.py"


def check(tarball: Path) -> Iterator[Row]:
    version = _version(REPO)
    found = list(problems(REPO))
    if tarball.name != f"cloudwait-aws-{version}.tar.gz":
        found.append(f"the tarball is {tarball.name}, galaxy.yml says {version}")
    yield Row("agreement", State.FAILED if found else State.OK, found or [f"all say {version}"])


def problems(repo: Path) -> Iterator[str]:
    """The disagreements in this working tree, one line each."""
    yield from standing(repo)
    yield from released(repo)


def standing(repo: Path) -> Iterator[str]:
    """What must always agree."""
    yield from _module_version(repo)
    yield from _needed(repo)


def released(repo: Path) -> Iterator[str]:
    """What must agree in a release."""
    releases = _yaml(repo / "changelogs/changelog.yaml")["releases"]
    version = _version(repo)
    yield from _changelog(repo, version, releases)
    yield from _tags(repo, version)
    yield from _named(repo, releases)


def _module_version(repo: Path) -> Iterator[str]:
    version = _version(repo)
    ours = _one(repo / CONNECTION, rf'COLLECTION, VERSION = "cloudwait.aws", "({VERSION})"')
    if ours != version:
        yield f"{CONNECTION} tells AWS {ours}, galaxy.yml says {version}"


def _changelog(repo: Path, version: str, releases: dict[str, Any]) -> Iterator[str]:
    if left := sorted(path.name for path in (repo / "changelogs/fragments").glob("*.y*ml")):
        yield f"fragments not yet in the changelog: {', '.join(left)}"
    newest = max(releases, key=_order, default=None)
    if newest != version:
        yield f"the newest release of changelogs/changelog.yaml is {newest}, galaxy.yml says {version}"
        return
    release = releases[version]
    if "release_summary" not in release.get("changes", {}):
        yield f"the changelog has no release_summary for {version}"
    generated = repo / ".work/release/changelog.rst"
    generated.parent.mkdir(parents=True, exist_ok=True)
    run([GENERATOR, "generate", "--output", generated], folder=repo)
    page = repo / "CHANGELOG.rst"
    if not page.exists() or page.read_text() != generated.read_text():
        yield "CHANGELOG.rst isn't what antsibull-changelog makes of changelogs/changelog.yaml"


def _tags(repo: Path, version: str) -> Iterator[str]:
    here = _git(repo, "tag", "--points-at", "HEAD")
    if here and version not in here:
        yield f"this commit is tagged {', '.join(here)}, galaxy.yml says {version}"
    if version not in here and version in _git(repo, "tag"):
        yield f"{version} is the tag of another commit: raise the version"


def _named(repo: Path, releases: dict[str, Any]) -> Iterator[str]:
    """A measurement may be older than the release, but the version that it names must have been released."""
    patterns = {
        rf"version_added: [\"']?({VERSION})": DOCUMENTED,
        rf"cloudwait[.-]aws[^\w\n]{{1,3}}({VERSION})": PAGES,
    }
    for pattern, places in patterns.items():
        for path in sorted(path for place in places for path in repo.glob(place)):
            for named in sorted({*re.findall(pattern, path.read_text())} - {*releases}):
                yield f"{path.relative_to(repo)} names {named}, which the changelog doesn't know"


def _needed(repo: Path) -> Iterator[str]:
    """The README names the required versions."""
    says = repo / "README.md"
    core = _one(repo / "meta/runtime.yml", r'requires_ansible: ">=(\d+\.\d+)\.0"')
    amazon = _one(repo / "galaxy.yml", rf'amazon\.aws: ">=({VERSION})"')
    least = _one(repo / CONNECTION, rf'LEAST_BOTOCORE = "({VERSION})"')
    for what, found, wanted in (
        ("ansible-core", _one(says, r"ansible-core (\d+\.\d+) or newer"), core),
        ("amazon.aws", _one(says, rf"amazon\.aws ({VERSION}) or newer"), amazon),
        ("boto3", _one(says, r"boto3 (\d+\.\d+) or newer"), least and least.removesuffix(".0")),
    ):
        if found is None or found != wanted:
            yield f"README.md asks for {what} {found}, what travels for {wanted}"
    for name in ("boto3", "botocore"):
        if (found := _one(repo / "requirements.txt", rf"^{name}>=({VERSION})$")) != least:
            yield f"requirements.txt asks for {name} {found}, {CONNECTION} for {least}"


def _version(repo: Path) -> str:
    return str(_yaml(repo / "galaxy.yml")["version"])


def _one(path: Path, pattern: str) -> str | None:
    found = re.findall(pattern, path.read_text(), re.MULTILINE)
    return found[0] if len(found) == 1 else None


def _order(version: str) -> tuple[list[int], bool, str]:
    """A pre-release sorts before its release."""
    numbers, _dash, suffix = version.partition("-")
    return [int(number) for number in numbers.split(".")], not suffix, suffix


def _git(repo: Path, *arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=repo, capture_output=True, text=True, check=True)
    return done.stdout.split()


def _yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    return content
