"""Waiters for Amazon DocumentDB."""

WAITERS = {
    "db_cluster_available": {
        "description": "Wait until clusters are available.",
        "operation": "DescribeDBClusters",
        "delay": 30,
        "max_attempts": 120,
        "path": "DBClusters[].Status",
        "success": ["available"],
        "failure": [
            "deleting",
            "failed",
            "incompatible-network",
            "incompatible-parameters",
            "incompatible-restore",
            "inaccessible-encryption-credentials",
        ],
    },
    "db_cluster_deleted": {
        "description": "Wait until clusters are deleted.",
        "operation": "DescribeDBClusters",
        "delay": 30,
        "max_attempts": 120,
        "path": "!DBClusters",
        "success": [True],
        "retry": [False],
        "success_errors": ["DBClusterNotFoundFault"],
    },
}
