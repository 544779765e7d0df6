"""Waiters for AWS Organizations."""

WAITERS = {
    "account_created": {
        "description": "Wait until an account has been created.",
        "operation": "DescribeCreateAccountStatus",
        "delay": 10,
        "max_attempts": 360,
        "path": "CreateAccountStatus.State",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
    "account_closed": {
        "description": "Wait until an account is closed.",
        "operation": "DescribeAccount",
        "delay": 30,
        "max_attempts": 120,
        "path": "Account.State",
        "success": ["CLOSED"],
        "retry": ["PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE"],
        "success_errors": ["AccountNotFoundException"],
    },
    "handshake_accepted": {
        "description": "Wait until a handshake has been accepted.",
        "operation": "DescribeHandshake",
        "delay": 30,
        "max_attempts": 120,
        "path": "Handshake.State",
        "success": ["ACCEPTED"],
        "failure": ["CANCELED", "DECLINED", "EXPIRED"],
        "retry": ["REQUESTED", "OPEN"],
    },
}
