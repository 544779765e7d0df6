"""Waiters for AWS Elemental MediaConvert."""

WAITERS = {
    "job_completed": {
        "description": "Wait until a job is complete.",
        "operation": "GetJob",
        "delay": 10,
        "max_attempts": 1440,
        "path": "Job.Status",
        "success": ["COMPLETE"],
        "failure": ["CANCELED", "ERROR"],
        "retry": ["SUBMITTED", "PROGRESSING"],
    },
}
