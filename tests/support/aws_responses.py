# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's responses: their members, and whole responses and errors as boto3 returns and raises them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError


def answered(status: int = 200, /, **members: Any) -> dict[str, Any]:
    """A response as boto3 returns it."""
    return {**members, "ResponseMetadata": {"HTTPStatusCode": status}}


def refused(code: str, status: int = 400, message: str = "") -> ClientError:
    """An error as boto3 raises it."""
    body = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(body, "Ask")


# --- EC2 DescribeInstances


def instance(name: str, state: str, **more: Any) -> dict[str, Any]:
    return {"InstanceId": name, "State": {"Name": state}, **more}


def instances(*items: dict[str, Any], token: str | None = None, **states: str) -> dict[str, Any]:
    """Each in its own reservation: ``instances(i_1="running")``. ``token``: there is another page."""
    found = [*items, *(instance(name.replace("_", "-"), state) for name, state in states.items())]
    return {"Reservations": [{"Instances": [item]} for item in found], **({"NextToken": token} if token else {})}


def scripted_instances(*items: dict[str, Any], token: str | None = None, **states: str) -> dict[str, Any]:
    """As a response of the scripted endpoint."""
    return {"data": instances(*items, token=token, **states)}


# --- RDS DescribeDBInstances


def db_instances(states: Mapping[str, str]) -> dict[str, Any]:
    """``states``: the state of each database, by its identifier."""
    found = [{"DBInstanceIdentifier": name, "DBInstanceStatus": state} for name, state in states.items()]
    return {"DBInstances": found}


# --- ECS DescribeServices


def ecs_service(name: str, status: str = "ACTIVE", **more: Any) -> dict[str, Any]:
    """A service. ``more``: other members, such as counts and deployments."""
    return {"serviceName": name, "status": status, **more}


def ecs_services(*items: dict[str, Any], missing: Iterable[str] = ()) -> dict[str, Any]:
    """``missing``: the ARNs of services that don't exist."""
    return {"services": list(items), "failures": [{"arn": arn, "reason": "MISSING"} for arn in missing]}
