"""Waiters for Amazon Athena."""

WAITERS = {
    "query_succeeded": {
        "description": "Wait until a query has succeeded.",
        "operation": "GetQueryExecution",
        "delay": 5,
        "max_attempts": 360,
        "path": "QueryExecution.Status.State",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "CANCELLED"],
        "retry": ["QUEUED", "RUNNING"],
    },
    "calculation_completed": {
        "description": "Wait until a calculation is complete.",
        "operation": "GetCalculationExecution",
        "delay": 5,
        "max_attempts": 720,
        "path": "Status.State",
        "success": ["COMPLETED"],
        "failure": ["CANCELED", "FAILED"],
        "retry": ["CREATING", "CREATED", "QUEUED", "RUNNING", "CANCELING"],
    },
}
