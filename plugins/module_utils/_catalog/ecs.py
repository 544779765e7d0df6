"""Waiters for Amazon ECS."""

WAITERS = {
    "service_deployment_successful": {
        "description": "Wait until service deployments have been successful.",
        "operation": "DescribeServiceDeployments",
        "delay": 15,
        "max_attempts": 480,
        "path": "serviceDeployments[].status",
        "success": ["SUCCESSFUL"],
        "failure": ["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"],
        "retry": ["PENDING", "STOP_REQUESTED", "IN_PROGRESS", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"],
    },
    "task_set_steady": {
        "description": "Wait until task sets are in a steady state.",
        "operation": "DescribeTaskSets",
        "delay": 10,
        "max_attempts": 180,
        "path": "taskSets[].stabilityStatus",
        "success": ["STEADY_STATE"],
        "retry": ["STABILIZING"],
    },
}
