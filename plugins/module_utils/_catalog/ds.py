"""Waiters for AWS Directory Service."""

WAITERS = {
    "directory_active": {
        "description": "Wait until directories are active.",
        "operation": "DescribeDirectories",
        "delay": 30,
        "max_attempts": 180,
        "path": "DirectoryDescriptions[].Stage",
        "success": ["Active"],
        "failure": ["Inoperable", "RestoreFailed", "Deleting", "Deleted", "Failed"],
        "retry": ["Requested", "Creating", "Created", "Impaired", "Restoring", "Updating"],
    },
    "directory_deleted": {
        "description": "Wait until directories are deleted.",
        "operation": "DescribeDirectories",
        "delay": 30,
        "max_attempts": 120,
        "acceptors": [
            {"state": "success", "matcher": "error", "expected": "EntityDoesNotExistException"},
            {
                "state": "failure",
                "matcher": "pathAny",
                "argument": "DirectoryDescriptions[].Stage",
                "expected": "Failed",
            },
            {"state": "success", "matcher": "path", "argument": "!DirectoryDescriptions", "expected": True},
            {
                "state": "success",
                "matcher": "pathAll",
                "argument": "DirectoryDescriptions[].Stage",
                "expected": "Deleted",
            },
            {
                "state": "retry",
                "matcher": "pathAny",
                "argument": "DirectoryDescriptions[].Stage",
                "expected": [
                    "Requested",
                    "Creating",
                    "Created",
                    "Active",
                    "Inoperable",
                    "Impaired",
                    "Restoring",
                    "RestoreFailed",
                    "Deleting",
                    "Updating",
                ],
            },
        ],
    },
}
