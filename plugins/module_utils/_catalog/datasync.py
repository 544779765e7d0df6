"""Waiters for AWS DataSync."""

WAITERS = {
    "task_execution_succeeded": {
        "description": "Wait until a task execution has succeeded.",
        "operation": "DescribeTaskExecution",
        "delay": 30,
        "max_attempts": 2880,
        "path": "Status",
        "success": ["SUCCESS"],
        "failure": ["ERROR"],
        "retry": ["QUEUED", "CANCELLING", "LAUNCHING", "PREPARING", "TRANSFERRING", "VERIFYING"],
    },
    "agent_online": {
        "description": "Wait until an agent is online.",
        "operation": "DescribeAgent",
        "delay": 10,
        "max_attempts": 120,
        "path": "Status",
        "success": ["ONLINE"],
        "retry": ["OFFLINE"],
    },
}
