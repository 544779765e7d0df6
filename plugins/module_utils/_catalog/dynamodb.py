"""Waiters for Amazon DynamoDB."""

WAITERS = {
    "backup_available": {
        "description": "Wait until a backup is available.",
        "operation": "DescribeBackup",
        "delay": 5,
        "max_attempts": 360,
        "path": "BackupDescription.BackupDetails.BackupStatus",
        "success": ["AVAILABLE"],
        "failure": ["DELETED"],
        "retry": ["CREATING"],
    },
    "global_secondary_indexes_active": {
        "description": "Wait until the global secondary indexes of a table are active.",
        "operation": "DescribeTable",
        "delay": 15,
        "max_attempts": 1440,
        "path": "Table.GlobalSecondaryIndexes[].IndexStatus",
        "success": ["ACTIVE"],
        "retry": ["CREATING", "UPDATING", "DELETING"],
    },
    "point_in_time_recovery_enabled": {
        "description": "Wait until point-in-time recovery is enabled.",
        "operation": "DescribeContinuousBackups",
        "delay": 5,
        "max_attempts": 240,
        "path": "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus",
        "success": ["ENABLED"],
        "retry": ["DISABLED"],
    },
}
