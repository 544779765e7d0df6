"""Waiters for Amazon QuickSight."""

WAITERS = {
    "ingestion_completed": {
        "description": "Wait until an ingestion is completed.",
        "operation": "DescribeIngestion",
        "delay": 10,
        "max_attempts": 1440,
        "path": "Ingestion.IngestionStatus",
        "success": ["COMPLETED"],
        "failure": ["FAILED", "CANCELLED"],
        "retry": ["INITIALIZED", "QUEUED", "RUNNING"],
    },
    "data_source_available": {
        "description": "Wait until a data source is created or updated.",
        "operation": "DescribeDataSource",
        "delay": 5,
        "max_attempts": 180,
        "path": "DataSource.Status",
        "success": ["CREATION_SUCCESSFUL", "UPDATE_SUCCESSFUL"],
        "failure": ["CREATION_FAILED", "UPDATE_FAILED", "DELETED"],
        "retry": ["CREATION_IN_PROGRESS", "UPDATE_IN_PROGRESS"],
    },
}
