"""Waiters for Amazon Route 53 Resolver."""

WAITERS = {
    "resolver_endpoint_operational": {
        "description": "Wait until an endpoint is operational.",
        "operation": "GetResolverEndpoint",
        "delay": 10,
        "max_attempts": 120,
        "path": "ResolverEndpoint.Status",
        "success": ["OPERATIONAL"],
        "failure": ["ACTION_NEEDED", "DELETING"],
        "retry": ["CREATING", "UPDATING", "AUTO_RECOVERING"],
    },
    "resolver_endpoint_deleted": {
        "description": "Wait until an endpoint has been deleted.",
        "operation": "GetResolverEndpoint",
        "delay": 10,
        "max_attempts": 120,
        "path": "ResolverEndpoint.Status",
        "retry": ["CREATING", "OPERATIONAL", "UPDATING", "AUTO_RECOVERING", "ACTION_NEEDED", "DELETING"],
        "success_errors": ["ResourceNotFoundException"],
    },
    "resolver_rule_association_complete": {
        "description": "Wait until a rule is associated.",
        "operation": "GetResolverRuleAssociation",
        "delay": 5,
        "max_attempts": 180,
        "path": "ResolverRuleAssociation.Status",
        "success": ["COMPLETE"],
        "failure": ["DELETING", "FAILED", "OVERRIDDEN"],
        "retry": ["CREATING"],
    },
}
