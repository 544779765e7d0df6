# SPDX-License-Identifier: GPL-3.0-or-later
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
    "connector_deleted": {
        "description": "Wait until a connector has been deleted.",
        "operation": "DescribeConnector",
        "delay": 30,
        "max_attempts": 60,
        "path": "connectorState",
        "retry": [
            "RUNNING",
            "CREATING",
            "UPDATING",
            "DELETING",
            "FAILED",
            "PAUSED",
            "RESTARTING",
            "PAUSING",
            "RESUMING",
        ],
        "success_errors": ["NotFoundException"],
    },
}
