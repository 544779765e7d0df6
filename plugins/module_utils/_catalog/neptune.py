# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for Amazon Neptune."""

WAITERS = {
    "db_cluster_available": {
        "description": "Wait until clusters are available.",
        "operation": "DescribeDBClusters",
        "delay": 30,
        "max_attempts": 120,
        "path": "DBClusters[].Status",
        "success": ["available"],
        "failure": ["cloning-failed", "deleting", "failed", "inaccessible-encryption-credentials", "migration-failed"],
        "retry": [
            "creating",
            "backing-up",
            "cloning",
            "failing-over",
            "maintenance",
            "migrating",
            "modifying",
            "preparing-data-migration",
            "promoting",
            "rebooting",
            "renaming",
            "resetting-master-credentials",
            "starting",
            "upgrading",
            "stopped",
            "stopping",
        ],
    },
    "db_cluster_deleted": {
        "description": "Wait until clusters have been deleted.",
        "operation": "DescribeDBClusters",
        "delay": 30,
        "max_attempts": 120,
        "path": "!DBClusters",
        "success": [True],
        "retry": [False],
        "success_errors": ["DBClusterNotFoundFault"],
    },
}
