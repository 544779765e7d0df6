# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS Control Tower."""

WAITERS = {
    "landing_zone_operation_succeeded": {
        "description": "Wait until a landing zone operation has succeeded.",
        "operation": "GetLandingZoneOperation",
        "delay": 60,
        "max_attempts": 240,
        "path": "operationDetails.status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
    "control_operation_succeeded": {
        "description": "Wait until a control operation has succeeded.",
        "operation": "GetControlOperation",
        "delay": 15,
        "max_attempts": 480,
        "path": "controlOperation.status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
    "baseline_operation_succeeded": {
        "description": "Wait until a baseline operation has succeeded.",
        "operation": "GetBaselineOperation",
        "delay": 30,
        "max_attempts": 480,
        "path": "baselineOperation.status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
}
