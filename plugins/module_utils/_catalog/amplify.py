"""Waiters for AWS Amplify."""

WAITERS = {
    "job_succeeded": {
        "description": "Wait until a build has been deployed.",
        "operation": "GetJob",
        "delay": 10,
        "max_attempts": 360,
        "path": "job.summary.status",
        "success": ["SUCCEED"],
        "failure": ["FAILED", "CANCELLED"],
        "retry": ["CREATED", "PENDING", "PROVISIONING", "RUNNING", "CANCELLING"],
    },
}
