# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback ``report`` in real runs: its table, its page, and what it leaves to the run."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from tests.support.aws_responses import scripted_instances
from tests.support.playbook import Ansible, connection
from tests.support.scripted import ScriptedEndpoint

PLAYBOOK = """
- name: Deploy
  hosts: web1
  connection: local
  gather_facts: false
  module_defaults:
    cloudwait.aws.wait: &options
      service: ec2
      waiter: instance_running
      params: {InstanceIds: [i-1]}
      endpoint_url: "{{ given.endpoint_url }}"
      region: "{{ given.region }}"
      secret_key: "{{ given.secret_key }}"
      access_key: ready
      delay: 0.2
      timeout: 20
    cloudwait.aws.wait_many: *options
  tasks:
    - name: Wait with a log
      cloudwait.aws.wait: {access_key: slow, event_log: "{{ log }}"}

    - name: Wait for many
      cloudwait.aws.wait_many:
        access_key: many
        params: {}
        waits:
          - {name: one, params: {InstanceIds: [i-1]}}
          - {name: two, params: {InstanceIds: [i-2]}}

    - name: Wait with a password
      cloudwait.aws.wait: {params: {InstanceIds: [i-secret]}, access_key: secret}
      no_log: true

    - name: Wait for each
      cloudwait.aws.wait: {access_key: loop, params: {InstanceIds: ["{{ item }}"]}}
      loop: [i-1, i-2]
      ignore_errors: true

    - name: Wait again and again
      cloudwait.aws.wait: {timeout: 0, waiter: instance_stopped}
      register: seen
      until: seen is succeeded
      retries: 1
      delay: 0
      ignore_errors: true

    - name: Start a wait in the background
      cloudwait.aws.wait:
      async: 60
      poll: 0
      register: job

    - name: Ask for it
      ansible.builtin.async_status: {jid: "{{ job.ansible_job_id }}"}
      register: asked
      until: asked is finished
      retries: 60
      delay: 1

    - name: Wait in the background
      cloudwait.aws.wait:
      async: 60
      poll: 1

    - name: Misspell a waiter
      cloudwait.aws.wait: {waiter: instance_runing}
      ignore_errors: true

    - name: Wait for a file
      cloudwait.aws.wait_for_module: {module: ansible.builtin.stat, args: {path: /}}

    - name: Look
      cloudwait.aws.wait: {waiter: instance_stopped}
      check_mode: true

    - name: Skip
      cloudwait.aws.wait:
      when: false

    - name: Do something else
      ansible.builtin.command: "true"

- name: Wait elsewhere
  hosts: gone
  gather_facts: false
  tasks:
    - name: Wait on a host that can't be reached
      cloudwait.aws.wait: {service: ec2, waiter: instance_running}
      ignore_unreachable: true
"""
HOSTILE = "<script>alert(1)</script>"
THROTTLED = {"error": "RequestLimitExceeded", "message": f"Slow {HOSTILE} down.", "status": 503}
PENDING, RUNNING = (scripted_instances(i_1=state, i_2=state) for state in ("pending", "running"))
SECRET_ID = "i-secret"
INVENTORY = "[all]\nweb1\ngone ansible_host=127.0.0.1 ansible_port=1 ansible_connection=ssh\n"


@dataclass(frozen=True)
class Run:
    output: str
    html: Any

    def row(self, what: str) -> list[str]:
        """A row of the table."""
        [line] = [line for line in self.output.splitlines() if re.match(rf" *[\d.]+ s .*  {re.escape(what)}$", line)]
        return line.split()

    def wait(self, what: str) -> Any:
        """A wait of the page."""
        [wait] = [wait for wait in self.html.select("details") if wait.select_one(".what").text.endswith(f" {what}")]
        return wait


@pytest.fixture(scope="module")
def run(ansible: Ansible, aws: ScriptedEndpoint) -> Run:
    for key, answers in {
        "slow": [PENDING, THROTTLED, PENDING, RUNNING],
        "many": [PENDING, RUNNING],
        "secret": [scripted_instances({"InstanceId": SECRET_ID, "State": {"Name": "running"}})],
        "loop": [RUNNING, scripted_instances(i_2="terminated")],
        "ready": [RUNNING],
    }.items():
        aws.add(key, {"answers": answers, "service": "ec2"})
    (ansible.home / "hosts").write_text(INVENTORY)
    process = ansible.play(
        PLAYBOOK,
        "--inventory=hosts",
        variables={"given": connection(aws, "ready"), "log": str(ansible.home / "log")},
        environment={"ANSIBLE_CALLBACKS_ENABLED": "cloudwait.aws.report", "COLUMNS": "150"},
    )
    assert process.returncode == 0, process.stdout + process.stderr
    assert "the report is incomplete" not in process.stderr
    page = ansible.home / "cloudwait-report.html"
    return Run(process.stdout, BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser"))


def test_the_table_has_every_wait_and_the_longest_is_first(run: Run) -> None:
    head, *rows, _page = run.output[run.output.index("WAITS: ") :].strip().splitlines()
    assert head.startswith("WAITS: 7 success, 2 timeout, ")
    assert head.endswith(" requests, 2 saved")
    assert rows[0].split() == ["time", "host", "outcome", "polls", "transient", "saved", "what"]
    assert len(rows) - 1 == len(run.html.select("details")) == 14
    times = [float(row.split()[0]) for row in rows[1:]]
    assert times == sorted(times, reverse=True)


def test_the_page_shows_when_a_throttled_wait_was_throttled_and_by_which_message(run: Run) -> None:
    [slow] = [wait for wait in run.html.select("details") if "Wait with a log" in wait.text]
    assert slow.select_one(".fault")["title"] == f"▲ throttled: RequestLimitExceeded: Slow {HOSTILE} down."
    assert [mark["title"].partition(",")[0] for mark in slow.select(".bar")][-1] == "pending"
    assert not run.html.select("script")


def test_requests_that_many_waits_saved_are_counted(run: Run) -> None:
    rows = [run.row(f"ec2 instance_running: {name}") for name in ("one", "two")]
    assert [row[4] for row in rows] == ["2", "2"]
    assert sum(row[5] == "2" for row in rows) == 1


def test_of_a_hidden_task_the_report_has_names_and_times_alone(run: Run) -> None:
    _time, _unit, host, outcome, *what = run.row("Wait with a password")
    assert (host, outcome, what) == ("web1", "hidden", ["Wait", "with", "a", "password"])
    assert SECRET_ID not in run.output[run.output.index("WAITS: ") :] + str(run.html)


def test_a_loop_shows_its_items(run: Run) -> None:
    facts = [wait.select_one(".more .facts").text for wait in run.html.select("details")]
    assert [text.partition(":")[0] for text in facts if text.startswith("Wait for each")] == [
        "Wait for each (item=i-1)",
        "Wait for each (item=i-2)",
    ]
    assert "failure" in run.wait("ec2 instance_running: i-2").select_one(".end").text


def test_each_run_of_a_task_with_until_is_reported(run: Run) -> None:
    timeouts = [wait for wait in run.html.select("details") if "Wait again and again" in wait.text]
    assert ["timeout" in wait.select_one(".end").text for wait in timeouts] == [True, True]


def test_waits_in_the_background_are_reported(run: Run) -> None:
    facts = [wait.select_one(".more .facts").text.partition(":")[0] for wait in run.html.select("details")]
    assert facts.count("Ask for it") == 1
    assert facts.count("Wait in the background") == 1
    assert facts.count("Start a wait in the background") == 0


def test_other_ends_are_reported(run: Run) -> None:
    assert run.row("Misspell a waiter")[:4] == ["0.0", "s", "web1", "error"]
    assert run.row("ansible.builtin.stat: Wait for a file")[3] == "success"
    assert run.row("Wait on a host that can't be reached")[2:4] == ["gone", "unreachable"]
    assert "pending" in run.output[run.output.index("WAITS: ") :]
    assert "Skip" not in str(run.html)


def test_the_plays_are_named(run: Run) -> None:
    assert [heading.text for heading in run.html.select("h2")] == ["Deploy", "Wait elsewhere"]


def test_check_mode_and_json_on_stdout_are_left_alone(ansible: Ansible, aws: ScriptedEndpoint) -> None:
    task = {"service": "ec2", "waiter": "instance_stopped", "params": {"InstanceIds": ["i-1"]}}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [{"cloudwait.aws.wait": "{{ task }}"}]}
    aws.add("look", {"answers": [RUNNING], "service": "ec2"})
    environment = {
        "ANSIBLE_CALLBACKS_ENABLED": "cloudwait.aws.report",
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "CLOUDWAIT_REPORT_PATH": "reports/checked.html",
    }
    variables = {"task": {**connection(aws, "look"), **task}}
    process = ansible.play(json.dumps([play]), "--check", variables=variables, environment=environment)
    assert process.returncode == 0, process.stdout + process.stderr
    assert json.loads(process.stdout)["stats"]
    assert "WAITS: 1 pending; 1 request" in process.stderr
    assert "pending" in (ansible.home / "reports/checked.html").read_text(encoding="utf-8")
