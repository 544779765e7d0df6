"""Waiters for Amazon Lightsail."""

WAITERS = {
    "operation_succeeded": {
        "description": "Wait until an operation has succeeded.",
        "operation": "GetOperation",
        "delay": 5,
        "max_attempts": 360,
        "path": "operation.status",
        "success": ["Completed", "Succeeded"],
        "failure": ["Failed"],
        "retry": ["NotStarted", "Started"],
    },
    "instance_running": {
        "description": "Wait until an instance is running.",
        "operation": "GetInstanceState",
        "delay": 5,
        "max_attempts": 120,
        "path": "state.name",
        "success": ["running"],
        "failure": ["shutting-down", "terminated", "stopping"],
        "retry": ["pending", "stopped"],
    },
    "instance_snapshot_available": {
        "description": "Wait until an instance snapshot is available.",
        "operation": "GetInstanceSnapshot",
        "delay": 15,
        "max_attempts": 240,
        "path": "instanceSnapshot.state",
        "success": ["available"],
        "failure": ["error"],
        "retry": ["pending"],
    },
}
