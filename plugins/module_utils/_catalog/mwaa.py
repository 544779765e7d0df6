"""Waiters for Amazon MWAA."""

WAITERS = {
    "environment_available": {
        "description": "Wait until an environment is available.",
        "operation": "GetEnvironment",
        "delay": 60,
        "max_attempts": 120,
        "path": "Environment.Status",
        "success": ["AVAILABLE"],
        "failure": ["CREATE_FAILED", "DELETING", "DELETED", "UNAVAILABLE", "UPDATE_FAILED"],
        "retry": ["CREATING", "UPDATING", "ROLLING_BACK", "CREATING_SNAPSHOT", "PENDING", "MAINTENANCE"],
    },
    "environment_deleted": {
        "description": "Wait until an environment has been deleted.",
        "operation": "GetEnvironment",
        "delay": 60,
        "max_attempts": 60,
        "path": "Environment.Status",
        "success": ["DELETED"],
        "retry": [
            "CREATING",
            "CREATE_FAILED",
            "AVAILABLE",
            "UPDATING",
            "DELETING",
            "UNAVAILABLE",
            "UPDATE_FAILED",
            "ROLLING_BACK",
            "CREATING_SNAPSHOT",
            "PENDING",
            "MAINTENANCE",
        ],
        "success_errors": ["ResourceNotFoundException"],
    },
}
