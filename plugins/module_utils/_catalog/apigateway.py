"""Waiters for Amazon API Gateway (REST APIs)."""

WAITERS = {
    "vpc_link_available": {
        "description": "Wait until a VPC link is available.",
        "operation": "GetVpcLink",
        "delay": 15,
        "max_attempts": 80,
        "path": "status",
        "success": ["AVAILABLE"],
        "failure": ["FAILED", "DELETING"],
        "retry": ["PENDING"],
    },
    "domain_name_available": {
        "description": "Wait until a custom domain name is available.",
        "operation": "GetDomainName",
        "delay": 15,
        "max_attempts": 240,
        "path": "domainNameStatus",
        "success": ["AVAILABLE"],
        "failure": ["FAILED", "PENDING_CERTIFICATE_REIMPORT"],
        "retry": ["UPDATING", "PENDING", "PENDING_OWNERSHIP_VERIFICATION"],
    },
}
