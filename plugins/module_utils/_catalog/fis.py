"""Waiters for AWS Fault Injection Service."""

WAITERS = {
    "experiment_completed": {
        "description": "Wait until an experiment is complete.",
        "operation": "GetExperiment",
        "delay": 15,
        "max_attempts": 960,
        "path": "experiment.state.status",
        "success": ["completed"],
        "failure": ["stopped", "failed", "cancelled"],
        "retry": ["pending", "initiating", "running", "stopping"],
    },
}
