"""Waiters for Amazon EC2 Auto Scaling."""

WAITERS = {
    "instance_refresh_successful": {
        "description": "Wait until instance refreshes, of a group its newest, have been successful.",
        "operation": "DescribeInstanceRefreshes",
        "delay": 30,
        "max_attempts": 360,
        "path": "InstanceRefreshes[0].Status",
        "success": ["Successful"],
        "failure": ["Failed", "Cancelled", "RollbackFailed", "RollbackSuccessful"],
        "retry": ["Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking"],
    },
    "group_in_service": {
        "description": "Wait until groups have at least as many instances in service as desired.",
        "operation": "DescribeAutoScalingGroups",
        "delay": 15,
        "max_attempts": 80,
        "path": "AutoScalingGroups[].[length(Instances[?LifecycleState=='InService']) >= DesiredCapacity][]",
        "success": [True],
        "retry": [False],
    },
    "group_deleted": {
        "description": "Wait until groups are deleted.",
        "operation": "DescribeAutoScalingGroups",
        "delay": 15,
        "max_attempts": 120,
        "path": "!AutoScalingGroups",
        "success": [True],
        "retry": [False],
    },
}
