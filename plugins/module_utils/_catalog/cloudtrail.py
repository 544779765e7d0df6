"""Waiters for AWS CloudTrail."""

WAITERS = {
    "query_finished": {
        "description": "Wait until a query has finished.",
        "operation": "DescribeQuery",
        "delay": 5,
        "max_attempts": 720,
        "path": "QueryStatus",
        "success": ["FINISHED"],
        "failure": ["FAILED", "CANCELLED", "TIMED_OUT"],
        "retry": ["QUEUED", "RUNNING"],
    },
    "import_completed": {
        "description": "Wait until an import is complete.",
        "operation": "GetImport",
        "delay": 60,
        "max_attempts": 720,
        "path": "ImportStatus",
        "success": ["COMPLETED"],
        "failure": ["FAILED", "STOPPED"],
        "retry": ["INITIALIZING", "IN_PROGRESS"],
    },
}
