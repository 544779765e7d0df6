"""Waiters for AWS CloudHSM."""

WAITERS = {
    "cluster_active": {
        "description": "Wait until clusters are active.",
        "operation": "DescribeClusters",
        "delay": 30,
        "max_attempts": 240,
        "path": "Clusters[].State",
        "success": ["ACTIVE"],
        "failure": ["DELETE_IN_PROGRESS", "DELETED"],
        "retry": [
            "CREATE_IN_PROGRESS",
            "UNINITIALIZED",
            "INITIALIZE_IN_PROGRESS",
            "INITIALIZED",
            "UPDATE_IN_PROGRESS",
            "MODIFY_IN_PROGRESS",
            "ROLLBACK_IN_PROGRESS",
            "DEGRADED",
        ],
    },
    "hsm_active": {
        "description": "Wait until the HSMs of clusters are active.",
        "operation": "DescribeClusters",
        "delay": 30,
        "max_attempts": 240,
        "path": "Clusters[].Hsms[].State",
        "success": ["ACTIVE"],
        "retry": ["CREATE_IN_PROGRESS", "DEGRADED", "DELETE_IN_PROGRESS", "DELETED"],
    },
}
