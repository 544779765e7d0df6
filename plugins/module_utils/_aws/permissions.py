# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM action that allows an operation."""

from __future__ import annotations

from typing import Any

# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_PREFIXES = {"cloudwatch": "cloudwatch", "iotsecuretunneling": "iot"}
_ACTIONS = {
    ("s3", "HeadBucket"): "s3:ListBucket",
    ("s3", "HeadObject"): "s3:GetObject",
    ("s3", "ListObjects"): "s3:ListBucket",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
}


def permission(operation_model: Any) -> str:
    """The action that a policy must allow, such as ``ec2:DescribeInstances``.

    Its prefix is the name that requests are signed with, which holds for all services but those of ``_PREFIXES``.
    """
    model = operation_model.service_model
    service, name = model.service_name, operation_model.name
    if (service, name) in _ACTIONS:
        return _ACTIONS[service, name]
    if service in ("apigateway", "apigatewayv2"):
        return f"apigateway:{operation_model.http['method']}"  # its actions are HTTP methods
    return f"{_PREFIXES.get(service) or model.signing_name}:{name}"
