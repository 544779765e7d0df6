"""Waiters for AWS KMS."""

WAITERS = {
    "key_enabled": {
        "description": "Wait until a key is enabled.",
        "operation": "DescribeKey",
        "delay": 5,
        "max_attempts": 120,
        "path": "KeyMetadata.KeyState",
        "success": ["Enabled"],
        "failure": ["PendingDeletion", "PendingReplicaDeletion"],
        "retry": ["Creating", "Disabled", "PendingImport", "Unavailable", "Updating"],
    },
}
