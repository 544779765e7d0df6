"""Waiters for AWS Lambda."""

WAITERS = {
    "event_source_mapping_enabled": {
        "description": "Wait until an event source mapping is enabled.",
        "operation": "GetEventSourceMapping",
        "delay": 5,
        "max_attempts": 180,
        "path": "State",
        "success": ["Enabled"],
        "failure": ["Deleting"],
        "retry": ["Creating", "Enabling", "Updating", "Disabling", "Disabled"],
    },
    "event_source_mapping_deleted": {
        "description": "Wait until an event source mapping has been deleted.",
        "operation": "GetEventSourceMapping",
        "delay": 5,
        "max_attempts": 180,
        "path": "State",
        "retry": ["Creating", "Enabling", "Enabled", "Updating", "Disabling", "Disabled", "Deleting"],
        "success_errors": ["ResourceNotFoundException"],
    },
    "provisioned_concurrency_ready": {
        "description": "Wait until provisioned concurrency is ready.",
        "operation": "GetProvisionedConcurrencyConfig",
        "delay": 5,
        "max_attempts": 360,
        "path": "Status",
        "success": ["READY"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
}
