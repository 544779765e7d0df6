"""Waiters for AWS AppSync."""

WAITERS = {
    "schema_created": {
        "description": "Wait until a schema has been created.",
        "operation": "GetSchemaCreationStatus",
        "delay": 5,
        "max_attempts": 120,
        "message": "details",
        "path": "status",
        "success": ["SUCCESS", "ACTIVE"],
        "failure": ["FAILED", "DELETING", "NOT_APPLICABLE"],
        "retry": ["PROCESSING"],
    },
    "api_cache_available": {
        "description": "Wait until the cache of an API is available.",
        "operation": "GetApiCache",
        "delay": 15,
        "max_attempts": 240,
        "path": "apiCache.status",
        "success": ["AVAILABLE"],
        "failure": ["DELETING", "FAILED"],
        "retry": ["CREATING", "MODIFYING"],
    },
}
