"""Waiters for Amazon OpenSearch Serverless."""

WAITERS = {
    "collection_active": {
        "description": "Wait until collections are active.",
        "operation": "BatchGetCollection",
        "delay": 15,
        "max_attempts": 120,
        "path": "collectionDetails[].status",
        "success": ["ACTIVE"],
        "failure": ["DELETING", "FAILED", "UPDATE_FAILED"],
        "retry": ["CREATING", "UPDATING"],
    },
    "collection_deleted": {
        "description": "Wait until collections have been deleted.",
        "operation": "BatchGetCollection",
        "delay": 15,
        "max_attempts": 120,
        "path": "!collectionDetails",
        "success": [True],
        "retry": [False],
    },
}
