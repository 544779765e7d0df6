# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS IoT."""

WAITERS = {
    "job_completed": {
        "description": "Wait until a job is completed.",
        "operation": "DescribeJob",
        "delay": 30,
        "max_attempts": 480,
        "path": "job.status",
        "success": ["COMPLETED"],
        "failure": ["CANCELED", "DELETION_IN_PROGRESS"],
        "retry": ["IN_PROGRESS", "SCHEDULED"],
    },
    "thing_registration_task_completed": {
        "description": "Wait until a bulk thing registration task is completed.",
        "operation": "DescribeThingRegistrationTask",
        "delay": 15,
        "max_attempts": 240,
        "path": "status",
        "success": ["Completed"],
        "failure": ["Failed", "Cancelled"],
        "retry": ["InProgress", "Cancelling"],
    },
}
