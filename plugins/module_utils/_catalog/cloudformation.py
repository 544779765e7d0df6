"""Waiters for AWS CloudFormation."""

WAITERS = {
    "stack_set_operation_succeeded": {
        "description": "Wait until a stack set operation has succeeded.",
        "operation": "DescribeStackSetOperation",
        "delay": 30,
        "max_attempts": 720,
        "path": "StackSetOperation.Status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "STOPPED"],
        "retry": ["RUNNING", "STOPPING", "QUEUED"],
    },
    "stack_drift_detection_complete": {
        "description": "Wait until a stack drift detection is complete.",
        "operation": "DescribeStackDriftDetectionStatus",
        "delay": 5,
        "max_attempts": 360,
        "path": "DetectionStatus",
        "success": ["DETECTION_COMPLETE"],
        "failure": ["DETECTION_FAILED"],
        "retry": ["DETECTION_IN_PROGRESS"],
    },
}
