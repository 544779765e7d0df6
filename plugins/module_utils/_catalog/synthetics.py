# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for Amazon CloudWatch Synthetics."""

WAITERS = {
    "canary_ready": {
        "description": "Wait until a canary is created or updated.",
        "operation": "GetCanary",
        "delay": 5,
        "max_attempts": 180,
        "path": "Canary.Status.State",
        "success": ["READY", "RUNNING", "STOPPED"],
        "failure": ["ERROR", "DELETING"],
        "retry": ["CREATING", "STARTING", "UPDATING", "STOPPING"],
    },
    "canary_running": {
        "description": "Wait until a canary is running.",
        "operation": "GetCanary",
        "delay": 5,
        "max_attempts": 180,
        "path": "Canary.Status.State",
        "success": ["RUNNING"],
        "failure": ["ERROR", "DELETING", "STOPPING"],
        "retry": ["CREATING", "READY", "STARTING", "UPDATING", "STOPPED"],
    },
}
