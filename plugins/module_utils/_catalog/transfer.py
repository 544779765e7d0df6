"""Waiters for AWS Transfer Family."""

WAITERS = {
    "execution_completed": {
        "description": "Wait until a workflow execution is completed.",
        "operation": "DescribeExecution",
        "delay": 10,
        "max_attempts": 360,
        "path": "Execution.Status",
        "success": ["COMPLETED"],
        "failure": ["EXCEPTION"],
        "retry": ["IN_PROGRESS", "HANDLING_EXCEPTION"],
    },
    "file_transfer_completed": {
        "description": "Wait until the files of a transfer are transferred.",
        "operation": "ListFileTransferResults",
        "delay": 10,
        "max_attempts": 360,
        "path": "FileTransferResults[].StatusCode",
        "success": ["COMPLETED"],
        "failure": ["FAILED"],
        "retry": ["QUEUED", "IN_PROGRESS"],
    },
}
