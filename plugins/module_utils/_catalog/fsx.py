"""Waiters for Amazon FSx."""

WAITERS = {
    "file_system_available": {
        "description": "Wait until file systems are available.",
        "operation": "DescribeFileSystems",
        "delay": 30,
        "max_attempts": 240,
        "path": "FileSystems[].Lifecycle",
        "success": ["AVAILABLE"],
        "failure": ["FAILED", "DELETING", "MISCONFIGURED", "MISCONFIGURED_UNAVAILABLE"],
        "retry": ["CREATING", "UPDATING"],
    },
    "file_system_deleted": {
        "description": "Wait until file systems are deleted.",
        "operation": "DescribeFileSystems",
        "delay": 30,
        "max_attempts": 180,
        "path": "FileSystems[].Lifecycle",
        "failure": ["FAILED"],
        "retry": ["AVAILABLE", "CREATING", "DELETING", "MISCONFIGURED", "UPDATING", "MISCONFIGURED_UNAVAILABLE"],
        "success_errors": ["FileSystemNotFound"],
    },
    "backup_available": {
        "description": "Wait until backups are available.",
        "operation": "DescribeBackups",
        "delay": 30,
        "max_attempts": 480,
        "path": "Backups[].Lifecycle",
        "success": ["AVAILABLE"],
        "failure": ["DELETED", "FAILED"],
        "retry": ["CREATING", "TRANSFERRING", "PENDING", "COPYING"],
    },
}
