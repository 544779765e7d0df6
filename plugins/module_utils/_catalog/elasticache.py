"""Waiters for Amazon ElastiCache."""

WAITERS = {
    "serverless_cache_available": {
        "description": "Wait until serverless caches are available.",
        "operation": "DescribeServerlessCaches",
        "delay": 15,
        "max_attempts": 240,
        "path": "ServerlessCaches[].Status",
        "success": ["available", "AVAILABLE"],
        "failure": ["create-failed", "CREATE-FAILED", "deleting", "DELETING"],
    },
    "serverless_cache_deleted": {
        "description": "Wait until serverless caches are deleted.",
        "operation": "DescribeServerlessCaches",
        "delay": 15,
        "max_attempts": 240,
        "path": "!ServerlessCaches",
        "success": [True],
        "retry": [False],
        "success_errors": ["ServerlessCacheNotFoundFault"],
    },
    "serverless_cache_snapshot_available": {
        "description": "Wait until snapshots of serverless caches are available.",
        "operation": "DescribeServerlessCacheSnapshots",
        "delay": 15,
        "max_attempts": 240,
        "path": "ServerlessCacheSnapshots[].Status",
        "success": ["available", "AVAILABLE"],
        "failure": ["create-failed", "CREATE-FAILED", "failed", "deleting", "DELETING"],
    },
    "snapshot_available": {
        "description": "Wait until snapshots are available.",
        "operation": "DescribeSnapshots",
        "delay": 15,
        "max_attempts": 240,
        "path": "Snapshots[].SnapshotStatus",
        "success": ["available"],
        "failure": ["failed", "deleting"],
        "retry": ["creating", "copying", "restoring", "exporting"],
    },
}
