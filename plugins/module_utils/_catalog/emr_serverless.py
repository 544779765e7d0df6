"""Waiters for Amazon EMR Serverless."""

WAITERS = {
    "job_run_succeeded": {
        "description": "Wait until a job run has succeeded.",
        "operation": "GetJobRun",
        "delay": 15,
        "max_attempts": 2880,
        "message": "jobRun.stateDetails",
        "path": "jobRun.state",
        "success": ["SUCCESS"],
        "failure": ["FAILED", "CANCELLED"],
        "retry": ["SUBMITTED", "PENDING", "SCHEDULED", "RUNNING", "CANCELLING", "QUEUED"],
    },
    "application_started": {
        "description": "Wait until an application is started.",
        "operation": "GetApplication",
        "delay": 5,
        "max_attempts": 240,
        "message": "application.stateDetails",
        "path": "application.state",
        "success": ["STARTED"],
        "failure": ["TERMINATED"],
        "retry": ["CREATING", "CREATED", "STARTING", "STOPPING", "STOPPED"],
    },
}
