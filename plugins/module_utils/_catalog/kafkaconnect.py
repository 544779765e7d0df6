"""Waiters for Amazon MSK Connect."""

WAITERS = {
    "connector_running": {
        "description": "Wait until a connector is running.",
        "operation": "DescribeConnector",
        "delay": 30,
        "max_attempts": 120,
        "path": "connectorState",
        "success": ["RUNNING"],
        "failure": ["DELETING", "FAILED"],
        "retry": ["CREATING", "UPDATING", "PAUSED", "RESTARTING", "PAUSING", "RESUMING"],
    },
}
