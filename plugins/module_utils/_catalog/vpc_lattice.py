"""Waiters for Amazon VPC Lattice."""

WAITERS = {
    "service_active": {
        "description": "Wait until a service is active.",
        "operation": "GetService",
        "delay": 5,
        "max_attempts": 180,
        "path": "status",
        "success": ["ACTIVE"],
        "failure": ["DELETE_IN_PROGRESS", "CREATE_FAILED", "DELETE_FAILED"],
        "retry": ["CREATE_IN_PROGRESS"],
    },
    # UNAVAILABLE: health checks are off, so no target will ever be healthy.
    "targets_healthy": {
        "description": "Wait until the targets of a target group are healthy.",
        "operation": "ListTargets",
        "delay": 10,
        "max_attempts": 90,
        "path": "items[].status",
        "success": ["HEALTHY"],
        "failure": ["UNAVAILABLE"],
        "retry": ["DRAINING", "UNHEALTHY", "INITIAL", "UNUSED"],
    },
}
