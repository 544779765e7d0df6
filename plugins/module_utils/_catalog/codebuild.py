"""Waiters for AWS CodeBuild."""

WAITERS = {
    "build_succeeded": {
        "description": "Wait until builds have succeeded.",
        "operation": "BatchGetBuilds",
        "delay": 15,
        "max_attempts": 1920,
        "message": "builds[].phases[?phaseStatus!='SUCCEEDED'][].contexts[].{code: statusCode, text: message}",
        "path": "builds[].buildStatus",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        "retry": ["IN_PROGRESS"],
    },
}
