"""Waiters for Amazon S3 Control."""

WAITERS = {
    "job_completed": {
        "description": "Wait until a batch operations job is complete.",
        "operation": "DescribeJob",
        "delay": 30,
        "max_attempts": 1440,
        "path": "Job.Status",
        "success": ["Complete"],
        "failure": ["Cancelled", "Failed"],
        "retry": [
            "Active",
            "Cancelling",
            "Completing",
            "Failing",
            "New",
            "Paused",
            "Pausing",
            "Preparing",
            "Ready",
            "Suspended",
        ],
    },
    "multi_region_access_point_operation_succeeded": {
        "description": "Wait until an operation on a Multi-Region Access Point has succeeded.",
        "operation": "DescribeMultiRegionAccessPointOperation",
        "delay": 30,
        "max_attempts": 2880,
        "path": "AsyncOperation.RequestStatus",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["NEW", "INPROGRESS"],
    },
}
