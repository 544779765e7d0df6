"""Waiters for AWS App Runner."""

WAITERS = {
    "service_running": {
        "description": "Wait until a service is running.",
        "operation": "DescribeService",
        "delay": 10,
        "max_attempts": 180,
        "path": "Service.Status",
        "success": ["RUNNING"],
        "failure": ["CREATE_FAILED", "DELETED", "DELETE_FAILED"],
        "retry": ["PAUSED", "OPERATION_IN_PROGRESS"],
    },
    "service_deleted": {
        "description": "Wait until a service is deleted.",
        "operation": "DescribeService",
        "delay": 10,
        "max_attempts": 180,
        "path": "Service.Status",
        "success": ["DELETED"],
        "failure": ["DELETE_FAILED"],
        "retry": ["CREATE_FAILED", "RUNNING", "PAUSED", "OPERATION_IN_PROGRESS"],
        "success_errors": ["ResourceNotFoundException"],
    },
}
