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
}
