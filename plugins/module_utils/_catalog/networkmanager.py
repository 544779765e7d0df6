"""Waiters for AWS Network Manager."""

WAITERS = {
    "core_network_available": {
        "description": "Wait until a core network is available.",
        "operation": "GetCoreNetwork",
        "delay": 30,
        "max_attempts": 120,
        "path": "CoreNetwork.State",
        "success": ["AVAILABLE"],
        "failure": ["DELETING"],
        "retry": ["CREATING", "UPDATING"],
    },
    "vpc_attachment_available": {
        "description": "Wait until a VPC attachment is available.",
        "operation": "GetVpcAttachment",
        "delay": 15,
        "max_attempts": 120,
        "path": "VpcAttachment.Attachment.State",
        "success": ["AVAILABLE"],
        "failure": ["REJECTED", "FAILED", "DELETING"],
        "retry": [
            "PENDING_ATTACHMENT_ACCEPTANCE",
            "CREATING",
            "UPDATING",
            "PENDING_NETWORK_UPDATE",
            "PENDING_TAG_ACCEPTANCE",
        ],
    },
}
