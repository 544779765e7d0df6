"""Waiters for Amazon S3 Glacier."""

WAITERS = {
    "job_succeeded": {
        "description": "Wait until a job has succeeded.",
        "operation": "DescribeJob",
        "delay": 120,
        "max_attempts": 720,
        "path": "StatusCode",
        "success": ["Succeeded"],
        "failure": ["Failed"],
        "retry": ["InProgress"],
    },
}
