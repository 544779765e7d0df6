"""Waiters for the Amazon Redshift Data API."""

WAITERS = {
    "statement_finished": {
        "description": "Wait until a statement has finished.",
        "operation": "DescribeStatement",
        "delay": 2,
        "max_attempts": 1800,
        "path": "Status",
        "success": ["FINISHED"],
        "failure": ["ABORTED", "FAILED"],
        "retry": ["SUBMITTED", "PICKED", "STARTED", "ALL"],
    },
}
