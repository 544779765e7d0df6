"""Waiters for AWS Network Firewall."""

WAITERS = {
    "firewall_ready": {
        "description": "Wait until a firewall is ready.",
        "operation": "DescribeFirewall",
        "delay": 30,
        "max_attempts": 60,
        "path": "FirewallStatus.Status",
        "success": ["READY"],
        "failure": ["DELETING", "FAILED"],
        "retry": ["PROVISIONING"],
    },
    "firewall_deleted": {
        "description": "Wait until a firewall has been deleted.",
        "operation": "DescribeFirewall",
        "delay": 30,
        "max_attempts": 60,
        "path": "FirewallStatus.Status",
        "retry": ["PROVISIONING", "DELETING", "READY", "FAILED"],
        "success_errors": ["ResourceNotFoundException"],
    },
}
