# SPDX-License-Identifier: GPL-3.0-or-later
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
    "container_service_ready": {
        "description": "Wait until a container service is ready or running.",
        "operation": "GetContainerServices",
        "delay": 10,
        "max_attempts": 180,
        "path": "containerServices[].state",
        "success": ["READY", "RUNNING"],
        "failure": ["DELETING", "DISABLED"],
        "retry": ["PENDING", "UPDATING", "DEPLOYING"],
    },
}
