"""Waiters for Amazon EKS."""

WAITERS = {
    "identity_provider_config_active": {
        "description": "Wait until an identity provider configuration is active.",
        "operation": "DescribeIdentityProviderConfig",
        "delay": 15,
        "max_attempts": 240,
        "path": "identityProviderConfig.oidc.status",
        "success": ["ACTIVE"],
        "failure": ["DELETING"],
        "retry": ["CREATING"],
    },
}
