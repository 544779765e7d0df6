# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``wait_for_module`` in a playbook: modules and action plugins, the task's keywords, and a broken connection."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.support.playbook import REPO, Ansible

SNIPPETS = dict(re.findall(r"```\w+\n# (\S+)\n(.*?)```", (REPO / "docs/any_module.md").read_text(), re.DOTALL))
PLAYBOOK = """
- name: Wait for modules
  hosts: localhost
  connection: local
  gather_facts: false
  module_defaults:
    ansible.builtin.command: {chdir: /usr}
  tasks:
    - name: A module with defaults and an environment
      cloudwait.aws.wait_for_module:
        module: ansible.builtin.command
        args: {cmd: sh -c 'pwd; printenv WHO'}
      environment: {WHO: tester}
      register: command

    - name: An action plugin that fails at once
      cloudwait.aws.wait_for_module:
        module: ansible.builtin.uri
        args: {url: "http://127.0.0.1:9/"}
        definition: {path: status, success: [200], failure: [-1]}
      register: uri
      ignore_errors: true

    - name: A module of the playbook's own
      cloudwait.aws.wait_for_module:
        module: slept
        args: {file: "{{ file }}"}
        definition: {path: times, success: [3]}
        delay: 0.1
      register: slept

    - name: A host that can't be reached
      cloudwait.aws.wait_for_module:
        module: ansible.builtin.ping
        timeout: 3
      delegate_to: 127.0.0.1
      vars: {ansible_connection: ssh, ansible_port: 9, ansible_ssh_retries: 0}
      register: unreachable
      ignore_errors: true

    - name: Check mode
      cloudwait.aws.wait_for_module:
        module: ansible.builtin.command
        args: {cmd: "true"}
      check_mode: true
      register: look

    - name: In the background
      cloudwait.aws.wait_for_module: {module: ansible.builtin.ping}
      async: 10
      register: background
      ignore_errors: true

    - name: No such module
      cloudwait.aws.wait_for_module: {module: ansible.builtin.pong}
      register: missing
      ignore_errors: true

    - name: In secret
      cloudwait.aws.wait_for_module:
        module: ansible.builtin.command
        args: {cmd: echo xyzzy}
        progress: all
      no_log: true

    - name: Write
      ansible.builtin.copy:
        content: "{{ [command, uri, slept, unreachable, look, background, missing] | to_json }}"
        dest: "{{ results }}"
        mode: "0600"
      no_log: true
"""


@pytest.fixture(scope="module")
def played(ansible: Ansible) -> tuple[dict[str, Any], str]:
    """The results by name, and the output."""
    (ansible.home / "library").mkdir()
    (ansible.home / "library/slept.py").write_text(SNIPPETS["library/slept.py"])
    results = ansible.home / "results.json"
    process = ansible.play(PLAYBOOK, variables={"results": str(results), "file": str(ansible.home / "times")})
    assert process.returncode == 0, process.stdout + process.stderr
    names = ("command", "uri", "slept", "unreachable", "look", "background", "missing")
    return dict(zip(names, json.loads(results.read_text()), strict=True)), process.stdout + process.stderr


def test_the_defaults_and_keywords_of_the_module_apply(played: Any) -> None:
    assert played[0]["command"]["response"]["stdout"] == "/usr\ntester"
    assert played[0]["command"]["outcome"] == "success"


def test_an_action_plugin_is_run_and_its_failure_quoted(played: Any) -> None:
    assert played[0]["uri"]["outcome"] == "failure"
    assert "status is -1 (wanted 200). uri says: Status code was -1" in played[0]["uri"]["msg"]


def test_a_module_beside_the_playbook_is_polled_until_its_third_run(played: Any) -> None:
    assert (played[0]["slept"]["outcome"], played[0]["slept"]["attempts"]) == ("success", 3)
    assert "localhost: slept: 3 (attempt 3" in played[1]


def test_a_host_that_cannot_be_reached_is_tried_to_the_deadline(played: Any) -> None:
    assert played[0]["unreachable"]["outcome"] == "timeout"
    assert played[0]["unreachable"]["transient"]["connection"] >= 2
    assert "The last request ended with Unreachable" in played[0]["unreachable"]["msg"]


def test_check_mode_is_pending_where_the_module_skips(played: Any) -> None:
    assert (played[0]["look"]["outcome"], played[0]["look"]["failed"]) == ("pending", False)


def test_async_and_a_missing_module_are_refused_in_one_sentence(played: Any) -> None:
    assert played[0]["background"]["msg"].startswith("wait_for_module can't run in the background")
    assert played[0]["missing"]["msg"] == "module: there is no module 'ansible.builtin.pong' (the module didn't run)"


def test_a_secret_task_shows_nothing(played: Any) -> None:
    assert "xyzzy" not in played[1]


def test_the_playbook_in_the_documentation_runs(ansible: Ansible, tmp_path: Path) -> None:
    (ansible.home / "library").mkdir(exist_ok=True)
    (ansible.home / "library/slept.py").write_text(SNIPPETS["library/slept.py"])
    process = ansible.play(SNIPPETS["slept.yml"], variables={"file": str(tmp_path / "times")})
    assert process.returncode == 0, process.stdout + process.stderr
