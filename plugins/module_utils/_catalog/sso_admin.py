"""Waiters for AWS IAM Identity Center."""

WAITERS = {
    "account_assignment_created": {
        "description": "Wait until an account assignment has been created.",
        "operation": "DescribeAccountAssignmentCreationStatus",
        "delay": 5,
        "max_attempts": 180,
        "path": "AccountAssignmentCreationStatus.Status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
    "account_assignment_deleted": {
        "description": "Wait until an account assignment has been deleted.",
        "operation": "DescribeAccountAssignmentDeletionStatus",
        "delay": 5,
        "max_attempts": 180,
        "path": "AccountAssignmentDeletionStatus.Status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
}
