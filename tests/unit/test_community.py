# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checklists of the Ansible community package and of certification ask for, as far as a test can hold it."""

from __future__ import annotations

import fnmatch
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import tomllib
import yaml
from antsibull_docs.extra_docs import lint_required_conditions, load_extra_docs_index
from antsibull_docs.schemas.collection_links import CollectionLinks
from tests.support.snippets import FENCE, REPO
from tests.unit.plugins.module_utils._module.ec2_waits import result_for
from tests.unit.plugins.module_utils._module.waits import end, instances, running

from ansible_collections.cloudwait.aws.plugins.module_utils._module.connection import LEAST_BOTOCORE
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import result
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import FOLDER

README = FENCE.sub("", (REPO / "README.md").read_text(encoding="utf-8"))
HELP = "https://forum.ansible.com/tags/c/help/6/none/aws"
MODULES = sorted((REPO / "plugins/modules").glob("*.py"))


def read(path: str) -> Any:
    return yaml.safe_load((REPO / path).read_text(encoding="utf-8"))


# --- the README


@pytest.mark.parametrize(
    "heading",
    ["Requirements", "Installation", "Usage", "Support", "Communication", "Changelog", "License"],
)
def test_the_readme_has_the_heading(heading: str) -> None:
    assert len(re.findall(rf"^## {heading}$", README, re.MULTILINE)) == 1


def test_the_links_of_the_readme_are_absolute() -> None:
    """Galaxy and Automation Hub show it without the files beside it."""
    links = re.findall(r"\]\(([^)\s]+)\)", README)
    assert len(links) > 20
    assert [link for link in links if not link.startswith("https://")] == []


def test_the_readme_leads_to_the_forum_and_the_code_of_conduct() -> None:
    communication = README.partition("## Communication")[2].partition("\n## ")[0]
    assert HELP in communication
    assert "/CODE_OF_CONDUCT.md)" in README
    assert "https://docs.ansible.com/ansible/latest/community/code_of_conduct.html" in (
        REPO / "CODE_OF_CONDUCT.md"
    ).read_text(encoding="utf-8")


# --- versions


def test_the_matrix_has_each_core_that_the_collection_supports() -> None:
    least = re.findall(r">=(\d+\.\d+)\.0", read("meta/runtime.yml")["requires_ansible"])[0]
    sessions = tomllib.loads((REPO / "antsibull-nox.toml").read_text(encoding="utf-8"))["sessions"]
    sanity = sessions["ansible_test_sanity"]
    assert (sanity["min_version"], sanity["include_devel"]) == (least, True)
    assert not {"max_version", "except_versions", "skip_tests"} & sanity.keys()
    [supported] = re.findall(r"ansible-core (\d+\.\d+) and newer", (REPO / "docs/versions.md").read_text("utf-8"))
    assert supported == least


@pytest.mark.parametrize("path", sorted((REPO / ".github/workflows").glob("*.yml")), ids=lambda path: path.name)
def test_workflows_run_for_pull_requests_and_weekly(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert "pull_request" in workflow["on"]
    [schedule] = workflow["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", schedule["cron"])
    assert workflow["permissions"] == {"contents": "read"}


def test_the_versions_of_the_documentation_are_those_that_are_required() -> None:
    botocore = LEAST_BOTOCORE
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        found = re.search(r"^requirements:\n((?:  - .*\n)+)", source, re.MULTILINE)
        assert found, path.name
        if path.name != "wait_for_module.py":
            assert found[1] == f"  - python >= 3.10\n  - boto3 >= {botocore}\n  - botocore >= {botocore}\n"
            assert "amazon.aws.boto3" not in source  # it names older versions


@pytest.mark.parametrize("path", [*MODULES, REPO / "plugins/doc_fragments/wait.py"], ids=lambda path: path.name)
def test_no_page_begins_with_options_that_are_not_for_users(path: Path) -> None:
    """ansible-doc sorts options by their names."""
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"^  _\w+:$", source, re.MULTILINE)


# --- files


def test_what_does_not_belong_into_the_tarball_is_left_out() -> None:
    ignored = read("galaxy.yml")["build_ignore"]
    top = {path.name for path in REPO.iterdir()}
    left_out = {name for name in top if any(fnmatch.fnmatch(name, pattern) for pattern in ignored)}
    assert {"LICENSES", "REUSE.toml", "noxfile.py", "antsibull-nox.toml", ".github", "tools", "Makefile"} <= left_out
    needed = {"CHANGELOG.rst", "CODE_OF_CONDUCT.md", "LICENSE", "README.md", "changelogs", "docs", "extensions", "meta"}
    assert not needed & left_out
    assert "docs/upstream" in ignored


def test_plugins_need_no_files_outside_the_folders_that_the_ansible_package_allows() -> None:
    assert FOLDER.resolve().is_relative_to(REPO.resolve() / "plugins")
    for path in (REPO / "plugins").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"__file__\)\.(resolve\(\)\.)?parents\[[2-9]\]", source), path


def test_the_licence_is_where_reuse_looks_for_it() -> None:
    licence = REPO / "LICENSES/GPL-3.0-or-later.txt"
    assert licence.read_bytes() == (REPO / "LICENSE").read_bytes()
    [annotation] = tomllib.loads((REPO / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    assert annotation["SPDX-License-Identifier"] == read("galaxy.yml")["license"][0]


# --- the collection's page on docs.ansible.com


def test_the_collection_index_leads_to_each_guide() -> None:
    sections, errors = load_extra_docs_index(str(REPO / "docs/docsite/extra-docs.yml"))
    assert not errors
    assert [entry.ref for section in sections for entry in section.toctree] == ["guides"]
    page = (REPO / "docs/docsite/rst/guides.rst").read_text(encoding="utf-8")
    labels, wrong = lint_required_conditions(page, "cloudwait.aws")
    assert (labels, wrong) == (["ansible_collections.cloudwait.aws.docsite.guides"], [])
    linked = re.findall(r"`(.+?) <\S*/main/(docs/\S+\.md)>`__", page)
    assert {path for _title, path in linked} == {f"docs/{path.name}" for path in (REPO / "docs").glob("*.md")}
    for title, path in linked:
        assert (REPO / path).read_text(encoding="utf-8").startswith(f"# {title}\n")


def test_the_collection_index_leads_to_the_forum() -> None:
    links = CollectionLinks.model_validate(read("docs/docsite/links.yml"))
    assert [forum.url for forum in links.communication.forums] == [HELP]


# --- indirectly managed nodes


def counted(module: str, returned: dict[str, Any]) -> list[dict[str, Any]]:
    """What automation controller counts for a result."""
    jq = shutil.which("jq")
    if jq is None:
        pytest.skip("there is no jq")
    query = read("extensions/audit/event_query.yml")[f"cloudwait.aws.{module}"]["query"]
    done = subprocess.run(
        [jq, "--compact-output", query], input=json.dumps(returned), capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_resource_that_is_there_is_counted() -> None:
    ended = end(running("i-1", "i-2", max_attempts=1), instances(i_1="running"))
    found = counted("wait", result(ended.request, ended.schedule, ended.outcome, 1)[0])
    assert found == [
        {
            "name": "i-1",
            "canonical_facts": {"id": "i-1", "service": "ec2"},
            "facts": {"infra_type": "PublicCloud", "infra_bucket": "Compute", "device_type": "Instances"},
        }
    ]


def test_the_resources_of_many_waits_are_counted_with_their_region() -> None:
    found = counted("wait_many", result_for("i-run-1", "i-dead-1", fail_fast=False))
    assert [(node["name"], node["canonical_facts"]["region"]) for node in found] == [
        ("i-run-1", "us-east-1"),
        ("i-dead-1", "us-east-1"),
    ]


@pytest.mark.parametrize("module", ["wait", "wait_many"])
def test_bad_input_counts_nothing(module: str) -> None:
    assert counted(module, {"failed": True, "outcome": "error", "msg": "waiter: is missing", "problems": []}) == []
