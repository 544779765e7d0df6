# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make release-check` can fail: it reports disagreements and the importer's findings."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tools.release import agreement, cores, importer
from tools.release.__main__ import table
from tools.release.step import REPO, Row, State

FILES = ["galaxy.yml", "README.md", "meta/runtime.yml", "requirements.txt", "changelogs/config.yaml"]
VERSION = "7.1.2"
CHANGELOG = "ancestor: null\nreleases:\n" + "".join(
    f"  {version}:\n    changes:\n      release_summary: Good.\n    release_date: '2026-01-01'\n"
    for version in ("7.1.1", "7.1.2-rc1", VERSION)
)


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree without any mistakes and without anything from a real release."""
    tree = tmp_path_factory.mktemp("agreed")
    for name in [*FILES, agreement.CONNECTION]:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPO / name, tree / name)
    replace(tree / "galaxy.yml", r"^version: .*", f"version: {VERSION}")
    replace(tree / agreement.CONNECTION, r'(VERSION = "cloudwait\.aws", )"[^"]*"', rf'\1"{VERSION}"')
    (tree / "changelogs/changelog.yaml").write_text(CHANGELOG)
    (tree / "changelogs/fragments").mkdir()
    (tree / "docs").mkdir()
    (tree / "docs/measured.md").write_text("Measured with cloudwait.aws 7.1.1.\n")
    git(tree, "init", "--quiet")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message=Agree")
    subprocess.run([agreement.GENERATOR, "generate"], cwd=tree, check=True)
    return tree


def git(tree: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Anybody", "-c", "user.email=anybody@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=tree, check=True)


def replace(path: Path, pattern: str, new: str) -> None:
    text, count = re.subn(pattern, new, path.read_text(), count=1, flags=re.MULTILINE)
    assert count == 1
    path.write_text(text)


def test_what_agrees_is_not_complained_of(agreed: Path) -> None:
    assert list(agreement.problems(agreed)) == []


def test_versions_that_are_stated_in_two_places_agree() -> None:
    assert list(agreement.standing(REPO)) == []


CHANGES = {
    "galaxy.yml": (r"^version: .*", "version: 7.2.0", "the newest release of changelogs/changelog.yaml is 7.1.2"),
    agreement.CONNECTION: (r'"7\.1\.2"', '"7.1.1"', "tells AWS 7.1.1, galaxy.yml says 7.1.2"),
    "requirements.txt": (r"^boto3>=.*", "boto3>=1.2.3", "requirements.txt asks for boto3 1.2.3"),
    "meta/runtime.yml": (r">=2\.17", ">=2.18", "README.md asks for ansible-core 2.17, what travels for 2.18"),
    "README.md": (r"amazon\.aws \d+\.\d+\.\d+ or", "amazon.aws 9.9.9 or", "README.md asks for amazon.aws 9.9.9"),
    "docs/measured.md": (r"7\.1\.1", "7.0.0", "docs/measured.md names 7.0.0, which the changelog doesn't know"),
    "CHANGELOG.rst": (r"Good\.", "Better.", "CHANGELOG.rst isn't what antsibull-changelog makes"),
    "changelogs/changelog.yaml": (
        r"(7\.1\.2:\n    changes:\n)      release_summary:.*",
        r"\1      trivial: []",
        "the changelog has no release_summary for 7.1.2",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_disagreements_are_reported(agreed: Path, tmp_path: Path, name: str) -> None:
    tree = shutil.copytree(agreed, tmp_path / "tree")
    pattern, new, words = CHANGES[name]
    replace(tree / name, pattern, new)
    assert any(words in problem for problem in agreement.problems(tree))


def test_a_leftover_fragment_is_reported(agreed: Path, tmp_path: Path) -> None:
    tree = shutil.copytree(agreed, tmp_path / "tree")
    (tree / "changelogs/fragments/late.yml").write_text("bugfixes:\n  - wait - late.\n")
    assert list(agreement.problems(tree)) == ["fragments not yet in the changelog: late.yml"]


def test_an_already_tagged_version_is_reported(agreed: Path, tmp_path: Path) -> None:
    tree = shutil.copytree(agreed, tmp_path / "tree")
    git(tree, "tag", VERSION)
    assert list(agreement.problems(tree)) == []
    git(tree, "commit", "--quiet", "--allow-empty", "--message=Go on")
    assert list(agreement.problems(tree)) == [f"{VERSION} is the tag of another commit: raise the version"]
    git(tree, "tag", "8.0.0")
    assert f"this commit is tagged 8.0.0, galaxy.yml says {VERSION}" in list(agreement.problems(tree))


def test_of_the_importer_only_what_is_incurable_is_let_pass() -> None:
    said = [
        "Importing with galaxy-importer",
        "WARNING: plugins/modules/wait.py:1:1: W503 line break before binary operator",
        "WARNING: plugins/modules/wait.py:2:1: F401 're' imported but unused",
        "ERROR: No collection readme found",
    ]
    found, known = importer.sift("\n".join(said))
    assert found == said[2:]
    assert known == {"W503 line break before binary operator": 1}


def test_each_core_is_tried_and_each_python_has_its_turn() -> None:
    takes = {(3, 10): {(2, 17)}, (3, 11): {(2, 17), (2, 18)}, (3, 12): {(2, 17), (2, 18), (2, 20)}, (3, 13): {(2, 20)}}
    assert cores.plan(takes, "boto3==1.0") == [
        cores.Planned((2, 17), (3, 10)),
        cores.Planned((2, 18), (3, 11)),
        cores.Planned((2, 20), (3, 13), newest=True),
        cores.Planned((2, 17), (3, 10), "boto3==1.0"),
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    {
        "[WARNING]: Collection at '/venv/ansible/_protomatter' does not have a MANIFEST.json file": False,
        "[WARNING]: Module did not set no_log for secret": True,
        "[DEPRECATION WARNING]: cloudwait.aws.wait has been deprecated.": True,
        "Traceback (most recent call last):": True,
    }.items(),
)
def test_a_warning_about_this_collection_is_wrong(text: str, wrong: bool) -> None:
    assert bool(cores.WRONG.search(text)) is wrong


def test_what_was_not_tested_is_in_the_table() -> None:
    rows = [Row("ansible-core 2.30", State.UNTESTED, ["no Python takes it"]), Row("importer", State.OK)]
    assert list(table(rows)) == [
        "ansible-core 2.30  NOT TESTED  no Python takes it",
        "importer           ok",
    ]
