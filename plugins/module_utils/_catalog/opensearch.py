"""Waiters for Amazon OpenSearch Service."""

WAITERS = {
    "domain_active": {
        "description": "Wait until a domain is active and no change is being applied.",
        "operation": "DescribeDomain",
        "delay": 60,
        "max_attempts": 120,
        "acceptors": [
            {
                "state": "failure",
                "matcher": "path",
                "argument": "DomainStatus.DomainProcessingStatus",
                "expected": ["Isolated", "Deleting"],
            },
            {
                "state": "success",
                "matcher": "path",
                "argument": "DomainStatus.DomainProcessingStatus",
                "expected": "Active",
            },
            # not every region says how far the processing is
            {
                "state": "success",
                "matcher": "path",
                "argument": "DomainStatus.[!DomainProcessingStatus && Created && Processing == `false`"
                " && !UpgradeProcessing && !Deleted] | [0]",
                "expected": True,
            },
            # the last change stays listed, and says nothing any more of a domain that is active
            {
                "state": "failure",
                "matcher": "path",
                "argument": "DomainStatus.ChangeProgressDetails.ConfigChangeStatus",
                "expected": "ValidationFailed",
            },
            {
                "state": "retry",
                "matcher": "path",
                "argument": "DomainStatus.DomainProcessingStatus",
                "expected": ["Creating", "Modifying", "UpgradingEngineVersion", "UpdatingServiceSoftware"],
            },
            {
                "state": "retry",
                "matcher": "path",
                "argument": "DomainStatus.ChangeProgressDetails.ConfigChangeStatus",
                "expected": [
                    "Pending",
                    "Initializing",
                    "Validating",
                    "ApplyingChanges",
                    "Completed",
                    "PendingUserInput",
                    "Cancelled",
                ],
            },
        ],
    },
    "domain_deleted": {
        "description": "Wait until a domain has been deleted.",
        "operation": "DescribeDomain",
        "delay": 60,
        "max_attempts": 90,
        "path": "DomainStatus.DomainProcessingStatus",
        "retry": [
            "Creating",
            "Active",
            "Modifying",
            "UpgradingEngineVersion",
            "UpdatingServiceSoftware",
            "Isolated",
            "Deleting",
        ],
        "success_errors": ["ResourceNotFoundException"],
    },
    "domain_upgraded": {
        "description": "Wait until the upgrade of a domain has succeeded.",
        "operation": "GetUpgradeStatus",
        "delay": 60,
        "max_attempts": 240,
        "acceptors": [
            {"state": "failure", "matcher": "path", "argument": "StepStatus", "expected": "FAILED"},
            {
                "state": "success",
                "matcher": "path",
                "argument": "UpgradeStep == 'UPGRADE' && contains(['SUCCEEDED', 'SUCCEEDED_WITH_ISSUES'], StepStatus)",
                "expected": True,
            },
            {
                "state": "retry",
                "matcher": "path",
                "argument": "StepStatus",
                "expected": ["IN_PROGRESS", "SUCCEEDED", "SUCCEEDED_WITH_ISSUES"],
            },
        ],
    },
    "vpc_endpoint_active": {
        "description": "Wait until VPC endpoints are active.",
        "operation": "DescribeVpcEndpoints",
        "delay": 30,
        "max_attempts": 120,
        "path": "VpcEndpoints[].Status",
        "success": ["ACTIVE"],
        "failure": ["CREATE_FAILED", "UPDATE_FAILED", "DELETING", "DELETE_FAILED"],
        "retry": ["CREATING", "UPDATING"],
    },
}
