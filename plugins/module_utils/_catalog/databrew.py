"""Waiters for AWS Glue DataBrew."""

WAITERS = {
    "job_run_succeeded": {
        "description": "Wait until a job run has succeeded.",
        "operation": "DescribeJobRun",
        "delay": 30,
        "max_attempts": 480,
        "path": "State",
        "success": ["SUCCEEDED"],
        "failure": ["STOPPED", "FAILED", "TIMEOUT"],
        "retry": ["STARTING", "RUNNING", "STOPPING"],
    },
}
