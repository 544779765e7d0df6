# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a picture of the report of a real run, docs/report.png: ``make report-picture``.

AWS is played by the tests' scripted server. The page is also kept, as .work/report.html.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.support.browser import browser, resize
from tests.support.playbook import REPO, SECRET, WORK, Ansible
from tests.support.scripted import ScriptedEndpoint

PLAYBOOK = """
- name: Start the servers
  hosts: web1,web2
  connection: local
  gather_facts: false
  tasks:
    - name: Wait until the instances run
      cloudwait.aws.wait:
        service: ec2
        waiter: instance_running
        params: {InstanceIds: [i-0ab1, i-0cd2]}
        delay: 2
        access_key: "{{ inventory_hostname }}"
        event_log: "{{ log }}"
    - name: Wait until the snapshot is complete
      cloudwait.aws.wait:
        service: ec2
        waiter: snapshot_completed
        params: {SnapshotIds: ["snap-{{ inventory_hostname }}"]}
        delay: 2
        access_key: "snap-{{ inventory_hostname }}"
        event_log: "{{ log }}"
- name: Run the nightly jobs
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Wait until the jobs are done
      cloudwait.aws.wait_many:
        access_key: nightly
        event_log: "{{ log }}"
        delay: 2
        fail_fast: false
        waits:
          - {service: glue, waiter: job_run_succeeded, params: {JobName: orders, RunId: jr-7c1}}
          - {service: athena, waiter: query_succeeded, params: {QueryExecutionId: daily-sales}}
          - {service: ecs, waiter: services_stable, params: {cluster: prod, services: [shop]}}
          - {name: web volume, service: ec2, waiter: volume_available, params: {VolumeIds: [vol-0ab1]}}
          - {name: log volume, service: ec2, waiter: volume_available, params: {VolumeIds: [vol-0cd2]}}
      ignore_errors: true
"""
SIZE = (1200, 880)
THROTTLED = {"error": "RequestLimitExceeded", "message": "Request limit exceeded.", "status": 503}
BROKEN = {"error": "InternalError", "message": "An internal error has occurred.", "status": 500}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ScriptedEndpoint(world()) as aws:
        ansible = Ansible(Path(folder))
        done = ansible.play(
            PLAYBOOK,
            "--inventory=web1,web2,",
            variables={"log": f"{folder}/log"},
            environment={
                "ANSIBLE_CALLBACKS_ENABLED": "cloudwait.aws.report",
                "AWS_ENDPOINT_URL": aws.url,
                "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_DEFAULT_REGION": "eu-west-1",
            },
        )
        if done.returncode or aws.problems:
            raise SystemExit(f"{done.stdout}{done.stderr}{aws.problems}")
        page = shutil.copy(ansible.home / "cloudwait-report.html", WORK / "report.html")
    with browser() as driver:
        resize(driver, SIZE)
        driver.get(page.as_uri())
        driver.execute_script("document.querySelector('.bad').closest('details').open = true")
        driver.save_screenshot(str(REPO / "docs/report.png"))


def world() -> dict[str, Any]:
    """What AWS returns, by the seconds since the first request."""

    def at(seconds: float, answer: dict[str, Any]) -> dict[str, Any]:
        return {"at": seconds, **answer}

    def instances(*states: str) -> dict[str, Any]:
        ids = ("i-0ab1", "i-0cd2")
        found = [{"InstanceId": name, "State": {"Name": state}} for name, state in zip(ids, states, strict=True)]
        return {"data": {"Reservations": [{"Instances": found}]}}

    def snapshot(host: str, state: str) -> dict[str, Any]:
        return {"data": {"Snapshots": [{"SnapshotId": f"snap-{host}", "State": state}]}}

    def job(state: str) -> dict[str, Any]:
        return {"data": {"JobRun": {"Id": "jr-7c1", "JobName": "orders", "JobRunState": state}}}

    def query(state: str, reason: str = "") -> dict[str, Any]:
        status = {"State": state, "StateChangeReason": reason}
        return {"data": {"QueryExecution": {"QueryExecutionId": "daily-sales", "Status": status}}}

    def service(running: int) -> dict[str, Any]:
        counts = {"desiredCount": 2, "runningCount": running, "deployments": [{"status": "PRIMARY"}]}
        return {"data": {"services": [{"serviceName": "shop", "status": "ACTIVE", **counts}]}}

    def volumes(*states: str) -> dict[str, Any]:
        found = [
            {"VolumeId": name, "State": state} for name, state in zip(("vol-0ab1", "vol-0cd2"), states, strict=True)
        ]
        return {"data": {"Volumes": found}}

    worlds = {}
    for host, later in (("web1", 0), ("web2", 4)):
        worlds[host] = {
            "by_time": [
                at(0, instances("pending", "pending")),
                at(5 + later, THROTTLED if later else instances("running", "pending")),
                at(7 + later, instances("running", "pending")),
                at(11 + later, instances("running", "running")),
            ]
        }
        completed = [
            at(0, snapshot(host, "pending")),
            at(9 + later, BROKEN),
            at(10 + later, snapshot(host, "completed")),
        ]
        worlds[f"snap-{host}"] = {"by_time": completed}
    reason = "HIVE_BAD_DATA: Error parsing field value '2026-13-01' for field 3: date expected"
    worlds["nightly"] = {
        "by_time": {
            "GetJobRun": [at(0, job("STARTING")), at(6, job("RUNNING")), at(19, job("SUCCEEDED"))],
            "GetQueryExecution": [at(0, query("QUEUED")), at(4, query("RUNNING")), at(11, query("FAILED", reason))],
            "DescribeServices": [at(0, service(0)), at(5, service(1)), at(13, service(2))],
            "DescribeVolumes": [
                at(0, volumes("creating", "creating")),
                at(3, THROTTLED),
                at(4, volumes("available", "creating")),
                at(9, volumes("available", "available")),
            ],
        }
    }
    return worlds


if __name__ == "__main__":
    main()
