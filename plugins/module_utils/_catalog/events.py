"""Waiters for Amazon EventBridge."""

WAITERS = {
    "connection_authorized": {
        "description": "Wait until a connection is authorized.",
        "operation": "DescribeConnection",
        "delay": 5,
        "max_attempts": 120,
        "path": "ConnectionState",
        "success": ["AUTHORIZED", "ACTIVE"],
        "failure": ["DELETING", "DEAUTHORIZED", "DEAUTHORIZING", "FAILED_CONNECTIVITY"],
        "retry": ["CREATING", "UPDATING", "AUTHORIZING"],
    },
    "replay_completed": {
        "description": "Wait until a replay is complete.",
        "operation": "DescribeReplay",
        "delay": 15,
        "max_attempts": 2880,
        "path": "State",
        "success": ["COMPLETED"],
        "failure": ["CANCELLED", "FAILED"],
        "retry": ["STARTING", "RUNNING", "CANCELLING"],
    },
}
