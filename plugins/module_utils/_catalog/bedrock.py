# SPDX-License-Identifier: GPL-3.0-or-later
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
    "model_import_job_completed": {
        "description": "Wait until a model import job is complete.",
        "operation": "GetModelImportJob",
        "delay": 60,
        "max_attempts": 180,
        "path": "status",
        "success": ["Completed"],
        "failure": ["Failed"],
        "retry": ["InProgress"],
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
