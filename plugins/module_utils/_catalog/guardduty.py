"""Waiters for Amazon GuardDuty."""

WAITERS = {
    "malware_scan_completed": {
        "description": "Wait until a malware scan is complete.",
        "operation": "GetMalwareScan",
        "delay": 30,
        "max_attempts": 480,
        "path": "ScanStatus",
        "success": ["COMPLETED", "COMPLETED_WITH_ISSUES"],
        "failure": ["FAILED", "SKIPPED"],
        "retry": ["RUNNING"],
    },
}
