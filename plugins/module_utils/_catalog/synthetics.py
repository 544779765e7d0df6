"""Waiters for Amazon CloudWatch Synthetics."""

WAITERS = {
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
