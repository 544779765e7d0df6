# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS Glue."""

WAITERS = {
    "job_run_succeeded": {
        "description": "Wait until a job run has succeeded.",
        "operation": "GetJobRun",
        "delay": 30,
        "max_attempts": 1440,
        "path": "JobRun.JobRunState",
        "success": ["SUCCEEDED"],
        "failure": ["STOPPED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED"],
        "retry": ["STARTING", "RUNNING", "STOPPING", "WAITING"],
    },
    "crawler_ready": {
        "description": "Wait until a crawler is ready, whatever its last crawl came to.",
        "operation": "GetCrawler",
        "delay": 15,
        "max_attempts": 480,
        "path": "Crawler.State",
        "success": ["READY"],
        "retry": ["RUNNING", "STOPPING"],
    },
    "crawl_succeeded": {
        "description": "Wait until the last crawl of a crawler that is ready has succeeded.",
        "operation": "GetCrawler",
        "delay": 15,
        "max_attempts": 480,
        "message": "Crawler.LastCrawl.ErrorMessage",
        "path": "Crawler.State=='READY' && Crawler.LastCrawl.Status",
        "success": ["SUCCEEDED"],
        "failure": ["CANCELLED", "FAILED"],
    },
    "workflow_run_completed": {
        "description": "Wait until a workflow run is complete.",
        "operation": "GetWorkflowRun",
        "delay": 30,
        "max_attempts": 1440,
        "path": "Run.Status",
        "success": ["COMPLETED"],
        "failure": ["STOPPED", "ERROR"],
        "retry": ["RUNNING", "STOPPING"],
    },
    "data_quality_evaluation_run_succeeded": {
        "description": "Wait until a data quality evaluation run has succeeded.",
        "operation": "GetDataQualityRulesetEvaluationRun",
        "delay": 30,
        "max_attempts": 480,
        "path": "Status",
        "success": ["SUCCEEDED"],
        "failure": ["STOPPED", "FAILED", "TIMEOUT"],
        "retry": ["STARTING", "RUNNING", "STOPPING"],
    },
}
