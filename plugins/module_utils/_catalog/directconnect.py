"""Waiters for AWS Direct Connect."""

WAITERS = {
    "connection_available": {
        "description": "Wait until connections are available.",
        "operation": "DescribeConnections",
        "delay": 30,
        "max_attempts": 120,
        "path": "connections[].connectionState",
        "success": ["available"],
        "failure": ["deleting", "deleted", "rejected"],
        "retry": ["ordering", "requested", "pending", "down", "unknown"],
    },
    "virtual_interface_available": {
        "description": "Wait until virtual interfaces are available.",
        "operation": "DescribeVirtualInterfaces",
        "delay": 15,
        "max_attempts": 120,
        "path": "virtualInterfaces[].virtualInterfaceState",
        "success": ["available"],
        "failure": ["deleting", "deleted", "rejected"],
        "retry": ["confirming", "verifying", "pending", "down", "testing", "unknown"],
    },
}
