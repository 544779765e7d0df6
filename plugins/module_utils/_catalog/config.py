# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS Config."""

WAITERS = {
    "conformance_pack_complete": {
        "description": "Wait until conformance packs are complete.",
        "operation": "DescribeConformancePackStatus",
        "delay": 15,
        "max_attempts": 120,
        "path": "ConformancePackStatusDetails[].ConformancePackState",
        "success": ["CREATE_COMPLETE", "UPDATE_COMPLETE"],
        "failure": ["CREATE_FAILED", "UPDATE_FAILED", "DELETE_IN_PROGRESS", "DELETE_FAILED"],
        "retry": ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"],
    },
    "organization_conformance_pack_successful": {
        "description": "Wait until organization conformance packs are created or updated in all accounts.",
        "operation": "DescribeOrganizationConformancePackStatuses",
        "delay": 30,
        "max_attempts": 120,
        "path": "OrganizationConformancePackStatuses[].Status",
        "success": ["CREATE_SUCCESSFUL", "UPDATE_SUCCESSFUL"],
        "failure": ["CREATE_FAILED", "DELETE_SUCCESSFUL", "DELETE_FAILED", "DELETE_IN_PROGRESS", "UPDATE_FAILED"],
        "retry": ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"],
    },
}
