"""Waiters for AWS Global Accelerator."""

WAITERS = {
    "accelerator_deployed": {
        "description": "Wait until an accelerator is deployed.",
        "operation": "DescribeAccelerator",
        "delay": 10,
        "max_attempts": 120,
        "path": "Accelerator.Status",
        "success": ["DEPLOYED"],
        "retry": ["IN_PROGRESS"],
    },
}
