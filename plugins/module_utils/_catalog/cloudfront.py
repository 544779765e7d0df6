"""Waiters for Amazon CloudFront."""

WAITERS = {
    "distribution_deleted": {
        "description": "Wait until a distribution is deleted.",
        "operation": "GetDistribution",
        "delay": 15,
        "max_attempts": 120,
        "success_errors": ["NoSuchDistribution"],
    },
    "key_value_store_ready": {
        "description": "Wait until a key value store is ready.",
        "operation": "DescribeKeyValueStore",
        "delay": 10,
        "max_attempts": 120,
        "path": "KeyValueStore.Status",
        "success": ["READY"],
        "retry": ["PROVISIONING"],
    },
}
