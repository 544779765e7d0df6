"""Waiters for Amazon EventBridge Pipes."""

WAITERS = {
    "pipe_running": {
        "description": "Wait until a pipe is running.",
        "operation": "DescribePipe",
        "delay": 5,
        "max_attempts": 240,
        "path": "CurrentState",
        "success": ["RUNNING"],
        "failure": [
            "DELETING",
            "CREATE_FAILED",
            "UPDATE_FAILED",
            "DELETE_FAILED",
            "CREATE_ROLLBACK_FAILED",
            "DELETE_ROLLBACK_FAILED",
            "UPDATE_ROLLBACK_FAILED",
            "STOP_FAILED",
            "START_FAILED",
        ],
        "retry": ["STOPPED", "CREATING", "UPDATING", "STARTING", "STOPPING"],
    },
    "pipe_stopped": {
        "description": "Wait until a pipe is stopped.",
        "operation": "DescribePipe",
        "delay": 5,
        "max_attempts": 240,
        "path": "CurrentState",
        "success": ["STOPPED"],
        "failure": [
            "DELETING",
            "CREATE_FAILED",
            "UPDATE_FAILED",
            "DELETE_FAILED",
            "CREATE_ROLLBACK_FAILED",
            "DELETE_ROLLBACK_FAILED",
            "UPDATE_ROLLBACK_FAILED",
            "STOP_FAILED",
        ],
        "retry": ["RUNNING", "CREATING", "UPDATING", "STARTING", "STOPPING", "START_FAILED"],
    },
}
