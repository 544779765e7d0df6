"""Waiters for AWS CodePipeline."""

WAITERS = {
    "pipeline_execution_succeeded": {
        "description": "Wait until a pipeline execution has succeeded.",
        "operation": "GetPipelineExecution",
        "delay": 15,
        "max_attempts": 960,
        "message": "pipelineExecution.statusSummary",
        "path": "pipelineExecution.status",
        "success": ["Succeeded"],
        "failure": ["Cancelled", "Stopped", "Superseded", "Failed"],
        "retry": ["InProgress", "Stopping"],
    },
}
