"""Waiters for Amazon Redshift Serverless."""

WAITERS = {
    "namespace_available": {
        "description": "Wait until a namespace is available.",
        "operation": "GetNamespace",
        "delay": 10,
        "max_attempts": 180,
        "path": "namespace.status",
        "success": ["AVAILABLE"],
        "failure": ["DELETING"],
        "retry": ["MODIFYING"],
    },
    "workgroup_available": {
        "description": "Wait until a workgroup is available.",
        "operation": "GetWorkgroup",
        "delay": 15,
        "max_attempts": 120,
        "path": "workgroup.status",
        "success": ["AVAILABLE"],
        "failure": ["DELETING"],
        "retry": ["CREATING", "MODIFYING"],
    },
}
