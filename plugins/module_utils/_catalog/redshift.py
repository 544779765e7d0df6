"""Waiters for Amazon Redshift."""

WAITERS = {
    "cluster_paused": {
        "description": "Wait until clusters are paused.",
        "operation": "DescribeClusters",
        "delay": 30,
        "max_attempts": 120,
        "path": "Clusters[].ClusterStatus",
        "success": ["paused"],
        "failure": [
            "deleting",
            "hardware-failure",
            "incompatible-hsm",
            "incompatible-network",
            "incompatible-parameters",
            "incompatible-restore",
        ],
        "retry": ["available", "modifying", "pausing", "resuming"],
    },
    "resize_succeeded": {
        "description": "Wait until the resize of a cluster has succeeded.",
        "operation": "DescribeResize",
        "delay": 60,
        "max_attempts": 720,
        "path": "Status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "CANCELLING"],
        "retry": ["NONE", "IN_PROGRESS"],
    },
}
