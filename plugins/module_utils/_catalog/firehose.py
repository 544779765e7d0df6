"""Waiters for Amazon Data Firehose."""

WAITERS = {
    "delivery_stream_active": {
        "description": "Wait until a delivery stream is active.",
        "operation": "DescribeDeliveryStream",
        "delay": 10,
        "max_attempts": 120,
        "path": "DeliveryStreamDescription.DeliveryStreamStatus",
        "success": ["ACTIVE"],
        "failure": ["CREATING_FAILED", "DELETING", "DELETING_FAILED"],
        "retry": ["CREATING"],
    },
    "delivery_stream_deleted": {
        "description": "Wait until a delivery stream is deleted.",
        "operation": "DescribeDeliveryStream",
        "delay": 10,
        "max_attempts": 120,
        "path": "DeliveryStreamDescription.DeliveryStreamStatus",
        "failure": ["DELETING_FAILED"],
        "retry": ["CREATING", "CREATING_FAILED", "DELETING", "ACTIVE"],
        "success_errors": ["ResourceNotFoundException"],
    },
}
