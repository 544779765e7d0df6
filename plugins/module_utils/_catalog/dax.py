"""Waiters for Amazon DynamoDB Accelerator (DAX)."""

WAITERS = {
    "cluster_available": {
        "description": "Wait until clusters are available.",
        "operation": "DescribeClusters",
        "delay": 30,
        "max_attempts": 90,
        "path": "Clusters[].Status",
        "success": ["available"],
        "failure": ["deleting", "incompatible-network", "incompatible-parameters"],
        "retry": ["creating", "modifying"],
    },
    "cluster_deleted": {
        "description": "Wait until clusters are deleted.",
        "operation": "DescribeClusters",
        "delay": 30,
        "max_attempts": 90,
        "path": "Clusters[].Status",
        "retry": ["available", "creating", "modifying", "deleting", "incompatible-network", "incompatible-parameters"],
        "success_errors": ["ClusterNotFoundFault"],
    },
}
