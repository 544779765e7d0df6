"""Waiters for Amazon API Gateway (HTTP and WebSocket APIs)."""

WAITERS = {
    "vpc_link_available": {
        "description": "Wait until a VPC link is available.",
        "operation": "GetVpcLink",
        "delay": 10,
        "max_attempts": 120,
        "path": "VpcLinkStatus",
        "success": ["AVAILABLE"],
        "failure": ["FAILED", "DELETING", "INACTIVE"],
        "retry": ["PENDING"],
    },
    "deployment_deployed": {
        "description": "Wait until a deployment is deployed.",
        "operation": "GetDeployment",
        "delay": 5,
        "max_attempts": 120,
        "path": "DeploymentStatus",
        "success": ["DEPLOYED"],
        "failure": ["FAILED"],
        "retry": ["PENDING"],
    },
    "domain_name_available": {
        "description": "Wait until a custom domain name is available.",
        "operation": "GetDomainName",
        "delay": 15,
        "max_attempts": 240,
        "path": "DomainNameConfigurations[].DomainNameStatus",
        "success": ["AVAILABLE"],
        "failure": ["PENDING_CERTIFICATE_REIMPORT"],
        "retry": ["UPDATING", "PENDING_OWNERSHIP_VERIFICATION"],
    },
}
