"""Waiters for Amazon MemoryDB."""

WAITERS = {
    "cluster_available": {
        "description": "Wait until clusters are available.",
        "operation": "DescribeClusters",
        "delay": 30,
        "max_attempts": 120,
        "path": "Clusters[].Status",
        "success": ["available"],
        "failure": ["create-failed", "deleting"],
        "retry": ["creating", "updating", "snapshotting"],
    },
    "cluster_deleted": {
        "description": "Wait until clusters have been deleted.",
        "operation": "DescribeClusters",
        "delay": 30,
        "max_attempts": 120,
        "path": "!Clusters",
        "success": [True],
        "retry": [False],
        "success_errors": ["ClusterNotFoundFault"],
    },
    "snapshot_available": {
        "description": "Wait until snapshots are available.",
        "operation": "DescribeSnapshots",
        "delay": 15,
        "max_attempts": 240,
        "path": "Snapshots[].Status",
        "success": ["available"],
        "failure": ["deleting"],
        "retry": ["creating", "copying", "restoring"],
    },
}
