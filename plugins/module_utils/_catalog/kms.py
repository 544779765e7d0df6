# SPDX-License-Identifier: GPL-3.0-or-later
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
    "custom_key_store_connected": {
        "description": "Wait until a custom key store is connected.",
        "operation": "DescribeCustomKeyStores",
        "delay": 15,
        "max_attempts": 120,
        "path": "CustomKeyStores[].ConnectionState",
        "success": ["CONNECTED"],
        "failure": ["FAILED", "DISCONNECTING"],
        "retry": ["CONNECTING", "DISCONNECTED"],
    },
}
