"""Waiters for Amazon SES."""

WAITERS = {
    "email_identity_verified": {
        "description": "Wait until an email identity is verified.",
        "operation": "GetEmailIdentity",
        "delay": 30,
        "max_attempts": 120,
        "path": "VerificationStatus",
        "success": ["SUCCESS"],
        "failure": ["FAILED"],
        "retry": ["PENDING", "TEMPORARY_FAILURE", "NOT_STARTED"],
    },
}
