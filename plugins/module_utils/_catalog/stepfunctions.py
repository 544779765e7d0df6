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
}
