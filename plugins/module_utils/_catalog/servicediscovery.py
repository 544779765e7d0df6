"""Waiters for AWS Cloud Map."""

WAITERS = {
    "operation_succeeded": {
        "description": "Wait until an operation has succeeded.",
        "operation": "GetOperation",
        "delay": 5,
        "max_attempts": 180,
        "path": "Operation.Status",
        "success": ["SUCCESS"],
        "failure": ["FAIL"],
        "retry": ["SUBMITTED", "PENDING"],
    },
}
