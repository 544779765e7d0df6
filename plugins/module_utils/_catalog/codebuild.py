# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS CodeBuild."""

WAITERS = {
    "build_succeeded": {
        "description": "Wait until builds have succeeded.",
        "operation": "BatchGetBuilds",
        "delay": 15,
        "max_attempts": 1920,
        "message": "builds[].phases[?phaseStatus!='SUCCEEDED'][].contexts[].message | [0]",
        "path": "builds[].buildStatus",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        "retry": ["IN_PROGRESS"],
    },
    "build_batch_succeeded": {
        "description": "Wait until batch builds have succeeded.",
        "operation": "BatchGetBuildBatches",
        "delay": 15,
        "max_attempts": 1920,
        "message": "buildBatches[].phases[?phaseStatus!='SUCCEEDED'][].contexts[].message | [0]",
        "path": "buildBatches[].buildBatchStatus",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        "retry": ["IN_PROGRESS"],
    },
}
