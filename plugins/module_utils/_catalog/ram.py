# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters for AWS RAM."""

WAITERS = {
    "resource_share_active": {
        "description": "Wait until resource shares are active.",
        "operation": "GetResourceShares",
        "delay": 5,
        "max_attempts": 120,
        "path": "resourceShares[].status",
        "success": ["ACTIVE"],
        "failure": ["FAILED", "DELETING", "DELETED"],
        "retry": ["PENDING"],
    },
}
