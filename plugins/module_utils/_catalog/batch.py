"""Waiters for AWS Batch."""

WAITERS = {
    "job_succeeded": {
        "description": "Wait until jobs have succeeded.",
        "operation": "DescribeJobs",
        "delay": 30,
        "max_attempts": 960,
        "path": "jobs[].status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"],
    },
    "job_running": {
        "description": "Wait until jobs are running or have succeeded.",
        "operation": "DescribeJobs",
        "delay": 15,
        "max_attempts": 240,
        "path": "jobs[].status",
        "success": ["RUNNING", "SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING"],
    },
    "compute_environment_valid": {
        "description": "Wait until compute environments are valid.",
        "operation": "DescribeComputeEnvironments",
        "delay": 10,
        "max_attempts": 120,
        "path": "computeEnvironments[].status",
        "success": ["VALID"],
        "failure": ["DELETING", "DELETED", "INVALID"],
        "retry": ["CREATING", "UPDATING"],
    },
    "job_queue_valid": {
        "description": "Wait until job queues are valid.",
        "operation": "DescribeJobQueues",
        "delay": 10,
        "max_attempts": 120,
        "path": "jobQueues[].status",
        "success": ["VALID"],
        "failure": ["DELETING", "DELETED", "INVALID"],
        "retry": ["CREATING", "UPDATING"],
    },
}
