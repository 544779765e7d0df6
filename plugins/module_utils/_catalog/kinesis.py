"""Waiters for Amazon Kinesis Data Streams."""

WAITERS = {
    "stream_consumer_active": {
        "description": "Wait until a stream consumer is active.",
        "operation": "DescribeStreamConsumer",
        "delay": 5,
        "max_attempts": 120,
        "path": "ConsumerDescription.ConsumerStatus",
        "success": ["ACTIVE"],
        "failure": ["DELETING"],
        "retry": ["CREATING"],
    },
    "stream_consumer_deleted": {
        "description": "Wait until a stream consumer has been deleted.",
        "operation": "DescribeStreamConsumer",
        "delay": 5,
        "max_attempts": 120,
        "path": "ConsumerDescription.ConsumerStatus",
        "retry": ["CREATING", "DELETING", "ACTIVE"],
        "success_errors": ["ResourceNotFoundException"],
    },
}
