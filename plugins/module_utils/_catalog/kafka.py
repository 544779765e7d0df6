"""Waiters for Amazon MSK."""

WAITERS = {
    "cluster_active": {
        "description": "Wait until a cluster is active.",
        "operation": "DescribeClusterV2",
        "delay": 60,
        "max_attempts": 120,
        "path": "ClusterInfo.State",
        "success": ["ACTIVE"],
        "failure": ["DELETING", "FAILED"],
        "retry": ["CREATING", "HEALING", "MAINTENANCE", "REBOOTING_BROKER", "UPDATING"],
    },
    "cluster_deleted": {
        "description": "Wait until a cluster has been deleted.",
        "operation": "DescribeClusterV2",
        "delay": 60,
        "max_attempts": 60,
        "path": "ClusterInfo.State",
        "retry": ["ACTIVE", "CREATING", "DELETING", "FAILED", "HEALING", "MAINTENANCE", "REBOOTING_BROKER", "UPDATING"],
        "success_errors": ["NotFoundException"],
    },
    "cluster_operation_succeeded": {
        "description": "Wait until an operation on a cluster has succeeded.",
        "operation": "DescribeClusterOperationV2",
        "delay": 60,
        "max_attempts": 240,
        "path": "ClusterOperationInfo.OperationState",
        "success": ["UPDATE_COMPLETE"],
        "failure": ["UPDATE_FAILED"],
        "retry": ["PENDING", "UPDATE_IN_PROGRESS"],
    },
}
