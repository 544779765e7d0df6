"""Waiters for AWS Service Catalog."""

WAITERS = {
    "provisioned_product_available": {
        "description": "Wait until a provisioned product is available.",
        "operation": "DescribeProvisionedProduct",
        "delay": 15,
        "max_attempts": 480,
        "path": "ProvisionedProductDetail.Status",
        "success": ["AVAILABLE"],
        "failure": ["TAINTED", "ERROR"],
        "retry": ["UNDER_CHANGE", "PLAN_IN_PROGRESS"],
    },
    "record_succeeded": {
        "description": "Wait until a request has succeeded.",
        "operation": "DescribeRecord",
        "delay": 15,
        "max_attempts": 480,
        "path": "RecordDetail.Status",
        "success": ["SUCCEEDED"],
        "failure": ["FAILED"],
        "retry": ["CREATED", "IN_PROGRESS", "IN_PROGRESS_IN_ERROR"],
    },
}
