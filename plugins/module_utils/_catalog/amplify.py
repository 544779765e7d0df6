# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS Amplify."""

WAITERS = {
    "job_succeeded": {
        "description": "Wait until a build has been deployed.",
        "operation": "GetJob",
        "delay": 10,
        "max_attempts": 360,
        "path": "job.summary.status",
        "success": ["SUCCEED"],
        "failure": ["FAILED", "CANCELLED"],
        "retry": ["CREATED", "PENDING", "PROVISIONING", "RUNNING", "CANCELLING"],
    },
    "domain_association_available": {
        "description": "Wait until a custom domain is available.",
        "operation": "GetDomainAssociation",
        "delay": 30,
        "max_attempts": 120,
        "path": "domainAssociation.domainStatus",
        "success": ["AVAILABLE"],
        "failure": ["FAILED"],
        "retry": [
            "PENDING_VERIFICATION",
            "IN_PROGRESS",
            "IMPORTING_CUSTOM_CERTIFICATE",
            "PENDING_DEPLOYMENT",
            "AWAITING_APP_CNAME",
            "CREATING",
            "REQUESTING_CERTIFICATE",
            "UPDATING",
        ],
    },
}
