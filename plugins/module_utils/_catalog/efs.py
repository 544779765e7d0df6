"""Waiters for Amazon EFS."""

WAITERS = {
    "file_system_available": {
        "description": "Wait until file systems are available.",
        "operation": "DescribeFileSystems",
        "delay": 5,
        "max_attempts": 180,
        "path": "FileSystems[].LifeCycleState",
        "success": ["available"],
        "failure": ["deleting", "deleted", "error"],
        "retry": ["creating", "updating"],
    },
    "file_system_deleted": {
        "description": "Wait until file systems are deleted.",
        "operation": "DescribeFileSystems",
        "delay": 5,
        "max_attempts": 180,
        "acceptors": [
            {"state": "success", "matcher": "error", "expected": "FileSystemNotFound"},
            {"state": "success", "matcher": "path", "argument": "!FileSystems", "expected": True},
            {
                "state": "success",
                "matcher": "pathAll",
                "argument": "FileSystems[].LifeCycleState",
                "expected": "deleted",
            },
            {
                "state": "retry",
                "matcher": "pathAny",
                "argument": "FileSystems[].LifeCycleState",
                "expected": ["creating", "available", "updating", "deleting", "error"],
            },
        ],
    },
    "mount_target_available": {
        "description": "Wait until mount targets are available.",
        "operation": "DescribeMountTargets",
        "delay": 5,
        "max_attempts": 180,
        "path": "MountTargets[].LifeCycleState",
        "success": ["available"],
        "failure": ["deleting", "deleted", "error"],
        "retry": ["creating", "updating"],
    },
    "replication_enabled": {
        "description": "Wait until the replication of a file system is enabled.",
        "operation": "DescribeReplicationConfigurations",
        "delay": 15,
        "max_attempts": 240,
        "path": "Replications[].Destinations[].Status",
        "success": ["ENABLED"],
        "failure": ["DELETING", "ERROR"],
        "retry": ["ENABLING", "PAUSED", "PAUSING"],
    },
}
