# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM actions of operations, as AWS's Service Authorization Reference names them."""

from __future__ import annotations

import pytest
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.permissions import permission


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ec2", "DescribeInstances", "ec2:DescribeInstances"),
        ("elbv2", "DescribeTargetHealth", "elasticloadbalancing:DescribeTargetHealth"),
        ("stepfunctions", "DescribeExecution", "states:DescribeExecution"),
        ("emr", "DescribeCluster", "elasticmapreduce:DescribeCluster"),
        ("cloudwatch", "DescribeAlarms", "cloudwatch:DescribeAlarms"),
        ("efs", "DescribeMountTargets", "elasticfilesystem:DescribeMountTargets"),
        ("opensearch", "DescribeDomain", "es:DescribeDomain"),
        ("neptune", "DescribeDBInstances", "rds:DescribeDBInstances"),
        ("sesv2", "GetEmailIdentity", "ses:GetEmailIdentity"),
        ("s3", "HeadObject", "s3:GetObject"),
        ("s3", "HeadBucket", "s3:ListBucket"),
        ("apigatewayv2", "GetVpcLink", "apigateway:GET"),
    ],
)
def test_the_action_of_an_operation(service: str, operation: str, action: str) -> None:
    assert permission(MODELS.service_model(service).operation_model(operation)) == action
