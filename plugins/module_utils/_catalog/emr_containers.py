"""Waiters for Amazon EMR on EKS."""

WAITERS = {
    "job_run_completed": {
        "description": "Wait until a job run is complete.",
        "operation": "DescribeJobRun",
        "delay": 15,
        "max_attempts": 960,
        "path": "jobRun.state",
        "success": ["COMPLETED"],
        "failure": ["FAILED", "CANCELLED"],
        "retry": ["PENDING", "SUBMITTED", "RUNNING", "CANCEL_PENDING"],
    },
}
