# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS Step Functions."""

WAITERS = {
    "execution_succeeded": {
        "description": "Wait until an execution has succeeded.",
        "operation": "DescribeExecution",
        "delay": 10,
        "max_attempts": 1440,
        "path": "status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "TIMED_OUT", "ABORTED"],
        "retry": ["RUNNING", "PENDING_REDRIVE"],
    },
    "map_run_succeeded": {
        "description": "Wait until a map run has succeeded.",
        "operation": "DescribeMapRun",
        "delay": 15,
        "max_attempts": 960,
        "path": "status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "ABORTED"],
        "retry": ["RUNNING"],
    },
}
