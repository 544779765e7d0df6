# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for Amazon EMR on EKS."""

WAITERS = {
    "job_run_completed": {
        "description": "Wait until a job run is complete.",
        "operation": "DescribeJobRun",
        "delay": 15,
        "max_attempts": 960,
        "path": "jobRun.state",
        "success": ["COMPLETED"],
        "failure": ["FAILED", "CANCELLED"],
        "retry": ["PENDING", "SUBMITTED", "RUNNING", "CANCEL_PENDING"],
    },
    "virtual_cluster_terminated": {
        "description": "Wait until a virtual cluster is terminated.",
        "operation": "DescribeVirtualCluster",
        "delay": 15,
        "max_attempts": 360,
        "path": "virtualCluster.state",
        "success": ["TERMINATED"],
        "retry": ["RUNNING", "TERMINATING", "ARRESTED"],
        "success_errors": ["ResourceNotFoundException"],
    },
}
