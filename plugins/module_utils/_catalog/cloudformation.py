# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS CloudFormation."""

WAITERS = {
    "stack_set_operation_succeeded": {
        "description": "Wait until a stack set operation has succeeded.",
        "operation": "DescribeStackSetOperation",
        "delay": 30,
        "max_attempts": 720,
        "path": "StackSetOperation.Status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "STOPPED"],
        "retry": ["RUNNING", "STOPPING", "QUEUED"],
    },
    "stack_drift_detection_complete": {
        "description": "Wait until a stack drift detection is complete.",
        "operation": "DescribeStackDriftDetectionStatus",
        "delay": 5,
        "max_attempts": 360,
        "path": "DetectionStatus",
        "success": ["DETECTION_COMPLETE"],
        "failure": ["DETECTION_FAILED"],
        "retry": ["DETECTION_IN_PROGRESS"],
    },
    "change_set_deleted": {
        "description": "Wait until a change set is deleted.",
        "operation": "DescribeChangeSet",
        "delay": 5,
        "max_attempts": 120,
        "path": "Status",
        "success": ["DELETE_COMPLETE"],
        "failure": ["DELETE_FAILED"],
        "retry": [
            "CREATE_PENDING",
            "CREATE_IN_PROGRESS",
            "CREATE_COMPLETE",
            "DELETE_PENDING",
            "DELETE_IN_PROGRESS",
            "FAILED",
        ],
        "success_errors": ["ChangeSetNotFound"],
    },
}
