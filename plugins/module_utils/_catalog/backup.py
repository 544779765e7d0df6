"""Waiters for AWS Backup."""

WAITERS = {
    "backup_job_completed": {
        "description": "Wait until a backup job is complete.",
        "operation": "DescribeBackupJob",
        "delay": 60,
        "max_attempts": 480,
        "path": "State",
        "success": ["COMPLETED"],
        "failure": ["ABORTED", "FAILED", "EXPIRED", "PARTIAL"],
        "retry": ["CREATED", "PENDING", "RUNNING", "ABORTING"],
    },
    "restore_job_completed": {
        "description": "Wait until a restore job is complete.",
        "operation": "DescribeRestoreJob",
        "delay": 60,
        "max_attempts": 480,
        "path": "Status",
        "success": ["COMPLETED"],
        "failure": ["ABORTED", "FAILED"],
        "retry": ["PENDING", "RUNNING"],
    },
    "copy_job_completed": {
        "description": "Wait until a copy job is complete.",
        "operation": "DescribeCopyJob",
        "delay": 60,
        "max_attempts": 480,
        "path": "CopyJob.State",
        "success": ["COMPLETED"],
        "failure": ["FAILED", "PARTIAL"],
        "retry": ["CREATED", "RUNNING"],
    },
}
