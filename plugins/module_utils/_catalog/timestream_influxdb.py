"""Waiters for Amazon Timestream for InfluxDB."""

WAITERS = {
    "db_instance_available": {
        "description": "Wait until a DB instance is available.",
        "operation": "GetDbInstance",
        "delay": 30,
        "max_attempts": 120,
        "path": "status",
        "success": ["AVAILABLE"],
        "failure": ["DELETING", "DELETED", "FAILED", "REBOOT_FAILED", "RESTORE_FAILED"],
        "retry": [
            "CREATING",
            "MODIFYING",
            "UPDATING",
            "UPDATING_DEPLOYMENT_TYPE",
            "UPDATING_INSTANCE_TYPE",
            "MAINTENANCE",
            "REBOOTING",
            "RESTORING",
        ],
    },
}
