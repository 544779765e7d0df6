# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters of the catalogue that look at more than one state: what they decide on which response."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.catalog.runs import end, waiter
from tests.unit.plugins.module_utils._module.waits import answered


def workspace(state: str, *modifications: str) -> dict[str, Any]:
    return {"State": state, "ModificationStates": [{"Resource": "COMPUTE_TYPE", "State": m} for m in modifications]}


def decision(service: str, name: str, response: dict[str, Any]) -> str:
    """``timeout``: the wait goes on."""
    return end(waiter(service, name, True), answered(**response)).ending


@pytest.mark.parametrize(
    ("workspaces", "expected"),
    [
        ([workspace("AVAILABLE")], "success"),
        ([{"State": "AVAILABLE"}], "success"),
        ([workspace("AVAILABLE", "UPDATE_INITIATED")], "timeout"),
        ([workspace("AVAILABLE"), workspace("AVAILABLE", "UPDATE_IN_PROGRESS")], "timeout"),
        ([workspace("AVAILABLE", "UPDATE_FAILED")], "success"),
        ([workspace("ERROR", "UPDATE_IN_PROGRESS")], "failure"),
    ],
)
def test_a_workspace_that_is_being_modified_is_waited_for(workspaces: list[dict[str, Any]], expected: str) -> None:
    assert decision("workspaces", "workspace_available", {"Workspaces": workspaces}) == expected


DELETED_ITEMS = [
    ("workspaces", "workspace_available", "Workspaces", "State", "AVAILABLE", "TERMINATING", "failure"),
    ("workspaces", "workspace_stopped", "Workspaces", "State", "STOPPED", "TERMINATED", "failure"),
    ("workspaces", "directory_registered", "Directories", "State", "REGISTERED", "DEREGISTERING", "failure"),
    ("rekognition", "project_created", "ProjectDescriptions", "Status", "CREATED", "DELETING", "failure"),
    ("securityhub", "standards_ready", "StandardsSubscriptions", "StandardsStatus", "READY", "DELETING", "failure"),
    ("savingsplans", "savings_plan_active", "savingsPlans", "state", "active", "retired", "failure"),
    ("s3outposts", "endpoints_available", "Endpoints", "Status", "Available", "Deleting", "failure"),
    ("vpc-lattice", "targets_healthy", "items", "status", "HEALTHY", "DRAINING", "timeout"),
]


@pytest.mark.parametrize(("service", "name", "items", "member", "wanted", "deleted", "alone"), DELETED_ITEMS)
def test_a_deleted_item_does_not_decide_for_the_others(
    service: str, name: str, items: str, member: str, wanted: str, deleted: str, alone: str
) -> None:
    assert decision(service, name, {items: [{member: wanted}, {member: deleted}]}) == "success"
    assert decision(service, name, {items: [{member: deleted}]}) == alone
    assert decision(service, name, {items: []}) == "timeout"


@pytest.mark.parametrize(
    ("service", "name", "done", "partly"),
    [
        (
            "s3control",
            "job_succeeded",
            {"Job": {"Status": "Complete", "ProgressSummary": {"NumberOfTasksFailed": 0}}},
            {"Job": {"Status": "Complete", "ProgressSummary": {"NumberOfTasksFailed": 1}}},
        ),
        (
            "sesv2",
            "import_job_succeeded",
            {"JobStatus": "COMPLETED", "FailedRecordsCount": 0},
            {"JobStatus": "COMPLETED", "FailedRecordsCount": 1},
        ),
        (
            "ssm",
            "command_succeeded",
            {"Commands": [{"Status": "Success", "StatusDetails": "Success"}]},
            {"Commands": [{"Status": "Success", "StatusDetails": "Incomplete"}]},
        ),
        ("textract", "document_analysis_succeeded", {"JobStatus": "SUCCEEDED"}, {"JobStatus": "PARTIAL_SUCCESS"}),
    ],
)
def test_what_failed_in_part_has_not_succeeded(
    service: str, name: str, done: dict[str, Any], partly: dict[str, Any]
) -> None:
    assert decision(service, name, done) == "success"
    assert decision(service, name, partly) == "failure"


@pytest.mark.parametrize(
    ("restore", "expected"),
    [
        ({"Restore": 'ongoing-request="true"'}, "timeout"),
        ({"Restore": 'ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"'}, "success"),
        ({}, "timeout"),
    ],
)
def test_an_object_is_restored_once_its_header_says_so(restore: dict[str, str], expected: str) -> None:
    assert decision("s3", "object_restored", restore) == expected


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([{"Identifier": {}}], "success"),
        ([{"Identifier": {}, "Status": {"Name": "PENDING"}}, {"Identifier": {}}], "timeout"),
        ([], "success"),
    ],
)
def test_a_group_is_settled_when_no_resource_is_pending(resources: list[dict[str, Any]], expected: str) -> None:
    assert decision("resource-groups", "group_resources_settled", {"Resources": resources}) == expected


@pytest.mark.parametrize(
    ("protection", "expected"),
    [
        ({}, "success"),
        ({"ApplicationLayerAutomaticResponseConfiguration": {"Status": "DISABLED"}}, "success"),
        ({"ApplicationLayerAutomaticResponseConfiguration": {"Status": "ENABLED"}}, "timeout"),
    ],
)
def test_an_automatic_response_that_is_not_configured_is_disabled(protection: dict[str, Any], expected: str) -> None:
    found = decision("shield", "application_layer_automatic_response_disabled", {"Protection": protection})
    assert found == expected


@pytest.mark.parametrize("rule", ["AssertionRule", "GatingRule"])
def test_a_safety_rule_of_either_kind_is_seen(rule: str) -> None:
    found = {rule: {"Status": "DEPLOYED"}}
    assert decision("route53-recovery-control-config", "safety_rule_created", found) == "success"
