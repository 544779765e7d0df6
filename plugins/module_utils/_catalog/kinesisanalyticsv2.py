"""Waiters for Amazon Managed Service for Apache Flink."""

WAITERS = {
    # READY: an application whose start has failed goes back there.
    "application_running": {
        "description": "Wait until an application is running.",
        "operation": "DescribeApplication",
        "delay": 10,
        "max_attempts": 180,
        "path": "ApplicationDetail.ApplicationStatus",
        "success": ["RUNNING"],
        "failure": ["DELETING", "STOPPING", "FORCE_STOPPING", "READY", "ROLLED_BACK"],
        "retry": ["STARTING", "UPDATING", "AUTOSCALING", "ROLLING_BACK", "MAINTENANCE"],
    },
    "application_ready": {
        "description": "Wait until an application is ready to be started.",
        "operation": "DescribeApplication",
        "delay": 10,
        "max_attempts": 180,
        "path": "ApplicationDetail.ApplicationStatus",
        "success": ["READY"],
        "failure": ["DELETING"],
        "retry": [
            "STARTING",
            "STOPPING",
            "RUNNING",
            "UPDATING",
            "AUTOSCALING",
            "FORCE_STOPPING",
            "ROLLING_BACK",
            "MAINTENANCE",
            "ROLLED_BACK",
        ],
    },
}
