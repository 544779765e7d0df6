"""Waiters for AWS Certificate Manager."""

WAITERS = {
    "certificate_issued": {
        "description": "Wait until a certificate has been issued.",
        "operation": "DescribeCertificate",
        "delay": 60,
        "max_attempts": 60,
        "path": "Certificate.Status",
        "success": ["ISSUED"],
        "failure": ["INACTIVE", "EXPIRED", "VALIDATION_TIMED_OUT", "REVOKED", "FAILED"],
        "retry": ["PENDING_VALIDATION"],
    },
}
