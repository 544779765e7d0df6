"""Waiters for Amazon Bedrock."""

WAITERS = {
    "model_customization_job_completed": {
        "description": "Wait until a model customization job is complete.",
        "operation": "GetModelCustomizationJob",
        "delay": 60,
        "max_attempts": 1440,
        "path": "status",
        "success": ["Completed"],
        "failure": ["Failed", "Stopped"],
        "retry": ["InProgress", "Stopping"],
    },
    "provisioned_model_throughput_in_service": {
        "description": "Wait until provisioned throughput is in service.",
        "operation": "GetProvisionedModelThroughput",
        "delay": 30,
        "max_attempts": 120,
        "path": "status",
        "success": ["InService"],
        "failure": ["Failed"],
        "retry": ["Creating", "Updating"],
    },
}
