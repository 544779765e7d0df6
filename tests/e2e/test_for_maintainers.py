# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action plugin of docs/for_maintainers.md, in a collection of its own, waits with this one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.playbook import Ansible, connection
from tests.support.scripted import ScriptedEndpoint
from tests.support.snippets import REPO, of_page

PAGE = REPO / "docs/for_maintainers.md"
MODULE = """\
from ansible.module_utils.basic import AnsibleModule

options = {name: {"type": "str"} for name in ("name", "region", "endpoint_url", "access_key")}
module = AnsibleModule({**options, "secret_key": {"type": "str", "no_log": True}}, supports_check_mode=True)
module.exit_json(changed=True)
"""


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the collection of the page."""
    folder = tmp_path_factory.mktemp("collections")
    [plugin] = [snippet for snippet in of_page(PAGE) if snippet.language == "python"]
    assert plugin.file is not None
    for name, text in {plugin.file: plugin.text, "plugins/modules/table.py": MODULE}.items():
        path = folder / "ansible_collections/example/cloud" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def table(status: str) -> dict[str, Any]:
    return {"data": {"Table": {"TableName": "orders", "TableStatus": status}}}


def play(
    ansible: Ansible, aws: ScriptedEndpoint, collections: Path, key: str, *options: str, **more: Any
) -> tuple[str, Mapping[str, Any]]:
    """The output of a play with one task, and the task's result."""
    kept = collections / "result.json"
    tasks = [
        {"example.cloud.table": {"name": "orders", **connection(aws, key), **more}, "register": "done"},
        {"ansible.builtin.copy": {"dest": str(kept), "content": "{{ done | to_json }}"}, "check_mode": False},
    ]
    tasks[0]["ignore_errors"] = True
    path = f"{collections}:{ansible.collections}"
    process = ansible.play(
        yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]),
        *options,
        environment={"ANSIBLE_COLLECTIONS_PATH": path},
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout, json.loads(kept.read_text(encoding="utf-8"))


def test_the_task_waits_and_returns_the_results_of_both(
    ansible: Ansible, aws: ScriptedEndpoint, collections: Path
) -> None:
    aws.add("ready", {"answers": [table("CREATING"), table("ACTIVE")]})
    output, done = play(ansible, aws, collections, "ready", wait_timeout=30)
    assert done["changed"] is True
    assert (done["waited"]["outcome"], done["waited"]["attempts"]) == ("success", 2)
    assert done["waited"]["source"] == "definitions"
    assert re.search(r"localhost: dynamodb table_ready: CREATING \(attempt 1, \d+ s of 30 s\)", output)
    assert "CREATING (attempt 1, 0 s of 30 s)" in PAGE.read_text(encoding="utf-8")


def test_the_task_fails_with_the_message_of_the_wait(
    ansible: Ansible, aws: ScriptedEndpoint, collections: Path
) -> None:
    aws.add("deleting", {"answers": [table("DELETING")]})
    _output, done = play(ansible, aws, collections, "deleting")
    assert done["failed"] is True
    msg = re.sub(r"in [\d.]+ s:", "in 0 s:", done["msg"])
    assert msg == "dynamodb table_ready failed after 1 poll in 0 s: orders is 'DELETING' (wanted 'ACTIVE')."
    assert f"> {msg}\n" in PAGE.read_text(encoding="utf-8")


def test_without_wait_and_in_check_mode_nothing_is_polled(
    ansible: Ansible, aws: ScriptedEndpoint, collections: Path
) -> None:
    aws.add("unasked", {"answers": [table("CREATING")]})
    assert "waited" not in play(ansible, aws, collections, "unasked", wait=False)[1]
    assert "waited" not in play(ansible, aws, collections, "unasked", "--check")[1]
    assert not [request for request in aws.requests if request.scenario == "unasked"]
