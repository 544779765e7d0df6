"""Waiters for AWS Config."""

WAITERS = {
    "conformance_pack_complete": {
        "description": "Wait until conformance packs are complete.",
        "operation": "DescribeConformancePackStatus",
        "delay": 15,
        "max_attempts": 120,
        "path": "ConformancePackStatusDetails[].ConformancePackState",
        "success": ["CREATE_COMPLETE", "UPDATE_COMPLETE"],
        "failure": ["CREATE_FAILED", "UPDATE_FAILED", "DELETE_IN_PROGRESS", "DELETE_FAILED"],
        "retry": ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"],
    },
}
