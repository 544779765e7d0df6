"""Waiters for Amazon CloudWatch Logs."""

WAITERS = {
    "query_completed": {
        "description": "Wait until a query is complete.",
        "operation": "GetQueryResults",
        "delay": 2,
        "max_attempts": 1800,
        "path": "status",
        "success": ["Complete"],
        "failure": ["Failed", "Cancelled", "Timeout"],
        "retry": ["Scheduled", "Running", "Unknown"],
    },
    "export_task_completed": {
        "description": "Wait until export tasks are completed.",
        "operation": "DescribeExportTasks",
        "delay": 15,
        "max_attempts": 960,
        "path": "exportTasks[].status.code",
        "success": ["COMPLETED"],
        "failure": ["CANCELLED", "FAILED"],
        "retry": ["PENDING", "PENDING_CANCEL", "RUNNING"],
    },
}
