"""Waiters for Amazon MQ."""

WAITERS = {
    # REPLICA: it runs once it is promoted.
    "broker_running": {
        "description": "Wait until a broker is running.",
        "operation": "DescribeBroker",
        "delay": 30,
        "max_attempts": 120,
        "path": "BrokerState",
        "success": ["RUNNING"],
        "failure": ["CREATION_FAILED", "DELETION_IN_PROGRESS", "CRITICAL_ACTION_REQUIRED"],
        "retry": ["CREATION_IN_PROGRESS", "REBOOT_IN_PROGRESS", "REPLICA"],
    },
    "broker_deleted": {
        "description": "Wait until a broker has been deleted.",
        "operation": "DescribeBroker",
        "delay": 30,
        "max_attempts": 120,
        "path": "BrokerState",
        "retry": [
            "CREATION_IN_PROGRESS",
            "CREATION_FAILED",
            "DELETION_IN_PROGRESS",
            "RUNNING",
            "REBOOT_IN_PROGRESS",
            "CRITICAL_ACTION_REQUIRED",
            "REPLICA",
        ],
        "success_errors": ["NotFoundException"],
    },
}
