# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters of services from E to M that look at more than one member: how a response ends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.waits import MODELS, answered

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import find
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule


def file_systems(*items: tuple[str, Mapping[str, str]]) -> dict[str, Any]:
    """File systems by their lifecycle and their administrative actions, newest first: type and status."""
    return {
        "FileSystems": [
            {
                "Lifecycle": lifecycle,
                "AdministrativeActions": [
                    {"AdministrativeActionType": kind, "Status": status} for kind, status in actions.items()
                ],
            }
            for lifecycle, actions in items
        ]
    }


def update(status: str) -> dict[str, Any]:
    return file_systems(("AVAILABLE", {"STORAGE_OPTIMIZATION": "IN_PROGRESS", "FILE_SYSTEM_UPDATE": status}))


def snapshots(*states: str) -> dict[str, Any]:
    return {"Snapshots": [{"SnapshotStatus": state} for state in states]}


def environments(*items: tuple[str, str]) -> dict[str, Any]:
    return {"Environments": [{"Status": status, "Health": health} for status, health in items]}


def upgrade(step: str, status: str) -> dict[str, Any]:
    return {"UpgradeStep": step, "StepStatus": status}


def workflow_run(**statistics: int) -> dict[str, Any]:
    return {"Run": {"Status": "COMPLETED", "Statistics": {"SucceededActions": 2, **statistics}}}


def job(status: str, **counts: int) -> dict[str, Any]:
    return {"job": {"status": status, "jobProcessDetails": {"numberOfSucceededThings": 2, **counts}}}


FSX, FSX_UPDATE = ("fsx", "file_system_available"), ("fsx", "administrative_actions_completed")
SNAPSHOT, HEALTHY = ("elasticache", "snapshot_available"), ("elasticbeanstalk", "environment_healthy")
UPGRADE = ("es", "domain_upgraded")
WORKFLOW, JOB = ("glue", "workflow_run_succeeded"), ("iot", "job_succeeded")
THINGS = ("iot", "thing_registration_task_succeeded")


@pytest.mark.parametrize(
    ("name", "response", "ending"),
    [
        (FSX, {"FileSystems": [{"Lifecycle": "AVAILABLE"}]}, "success"),
        (FSX, file_systems(("AVAILABLE", {}), ("DELETING", {})), "success"),
        (FSX, file_systems(("DELETING", {}), ("DELETING", {})), "failure"),
        (FSX, file_systems(("AVAILABLE", {}), ("FAILED", {})), "failure"),
        (FSX, file_systems(("MISCONFIGURED", {"MISCONFIGURED_STATE_RECOVERY": "IN_PROGRESS"})), "timeout"),
        (FSX, update("PENDING"), "timeout"),
        (FSX, update("IN_PROGRESS"), "timeout"),
        (FSX, update("UPDATED_OPTIMIZING"), "success"),
        (FSX, update("FAILED"), "success"),
        (FSX_UPDATE, update("IN_PROGRESS"), "timeout"),
        (FSX_UPDATE, update("UPDATED_OPTIMIZING"), "success"),
        (FSX_UPDATE, update("FAILED"), "failure"),
        (SNAPSHOT, snapshots("deleting", "available"), "success"),
        (SNAPSHOT, snapshots("deleting", "creating"), "timeout"),
        (SNAPSHOT, snapshots("deleting", "failed"), "failure"),
        (SNAPSHOT, snapshots("deleting"), "failure"),
        (SNAPSHOT, snapshots(), "timeout"),
        (HEALTHY, environments(("Terminated", "Grey"), ("Ready", "Green")), "success"),
        (HEALTHY, environments(("Ready", "Red")), "timeout"),
        (HEALTHY, environments(("Updating", "Green")), "timeout"),
        (HEALTHY, environments(("Terminated", "Grey")), "failure"),
        (UPGRADE, upgrade("PRE_UPGRADE_CHECK", "SUCCEEDED"), "timeout"),
        (UPGRADE, upgrade("PRE_UPGRADE_CHECK", "FAILED"), "timeout"),
        (UPGRADE, upgrade("UPGRADE", "SUCCEEDED_WITH_ISSUES"), "success"),
        (UPGRADE, upgrade("UPGRADE", "FAILED"), "failure"),
        (WORKFLOW, workflow_run(FailedActions=0), "success"),
        (WORKFLOW, {"Run": {"Status": "COMPLETED"}}, "success"),
        (WORKFLOW, workflow_run(FailedActions=1), "failure"),
        (WORKFLOW, workflow_run(TimeoutActions=1), "failure"),
        (JOB, job("COMPLETED", numberOfFailedThings=0), "success"),
        (JOB, job("COMPLETED", numberOfTimedOutThings=1), "failure"),
        (JOB, job("IN_PROGRESS", numberOfFailedThings=1), "timeout"),
        (THINGS, {"status": "Completed", "successCount": 2}, "success"),
        (THINGS, {"status": "Completed", "failureCount": 1}, "failure"),
    ],
)
def test_a_response_ends_the_wait(name: tuple[str, str], response: Mapping[str, Any], ending: str) -> None:
    found, _problems = find(MODELS, *name)
    assert found is not None
    clock, definition = Clock(), found.definition
    steps = poll_loop(Judge(definition, None), Schedule(delay=definition.delay or 0, max_attempts=2), clock)
    assert run_wait(steps, lambda _budget: answered(**response), clock.sleep).ending.value == ending
