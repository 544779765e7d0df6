"""Waiters for Amazon Kendra."""

WAITERS = {
    "index_active": {
        "description": "Wait until an index is active.",
        "operation": "DescribeIndex",
        "delay": 60,
        "max_attempts": 60,
        "path": "Status",
        "success": ["ACTIVE"],
        "failure": ["DELETING", "FAILED"],
        "retry": ["CREATING", "UPDATING", "SYSTEM_UPDATING"],
    },
    "data_source_active": {
        "description": "Wait until a data source is active.",
        "operation": "DescribeDataSource",
        "delay": 30,
        "max_attempts": 60,
        "path": "Status",
        "success": ["ACTIVE"],
        "failure": ["DELETING", "FAILED"],
        "retry": ["CREATING", "UPDATING"],
    },
}
