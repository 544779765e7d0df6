# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How waiters of the services from drs to efs judge answers that say more than one state."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from tests.support.catalog import CATALOG
from tests.unit.catalog.runs import End, end, holds, member, service_model, waiter
from tests.unit.plugins.module_utils._module.waits import answered

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import bind
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Acceptor, Matcher, State

WAITERS = [(service, name) for service in CATALOG.names for name in CATALOG.names_of(service)]
SERVICES = {"drs", "ds", "dsql", "dynamodb", "dynamodbstreams", "ec2", "ecr", "ecr-public", "ecs", "efs"}


class Lingering(NamedTuple):
    """A waiter for items of a list in which those that are gone stay for a while."""

    service: str
    name: str
    success: Acceptor
    gone: Acceptor

    def __str__(self) -> str:
        return f"{self.service} {self.name}"


def lingering() -> list[Lingering]:
    """The waiters whose success leaves out the items that are gone."""
    found = []
    for service, name in WAITERS:
        acceptors = [a for a in waiter(service, name).acceptors if a.matcher is Matcher.PATH_ALL]
        plain = {member(a.argument): a for a in acceptors if a.argument and a.argument.plain_path}
        for success in acceptors if service in SERVICES else []:
            gone = plain.get(member(success.argument)) if success.argument else None
            if gone and gone.state is State.FAILURE and success.state is State.SUCCESS:
                found.append(Lingering(service, name, success, gone))
    return found


LINGERING = lingering()
every_list = pytest.mark.parametrize("listed", LINGERING, ids=str)


@every_list
def test_what_is_gone_does_not_decide_for_the_others_in_a_list(listed: Lingering) -> None:
    found, path = waiter(listed.service, listed.name), listed.gone.argument
    assert path is not None
    for value in listed.gone.expected:
        assert end(found, holds(path.text, listed.success.expected[0], value)) == End("success", 1), value


@every_list
def test_a_wait_fails_when_all_that_it_finds_is_gone(listed: Lingering) -> None:
    found, path = waiter(listed.service, listed.name), listed.gone.argument
    assert path is not None
    for value in listed.gone.expected:
        assert end(found, holds(path.text, value, value)) == End("failure", 1), value


def test_lists_in_which_items_linger_are_found() -> None:
    names = {str(waiter) for waiter in LINGERING}
    assert {"ec2 vpc_peering_connection_active", "efs mount_target_available", "ds directory_active"} <= names


def test_each_id_is_judged_on_its_own_item() -> None:
    ids = ["tgw-1", "tgw-2"]
    found = waiter("ec2", "transit_gateway_available")
    model = service_model("ec2").operation_model(found.operation)
    binding, problems = bind("ec2", found, {"TransitGatewayIds": ids}, model, None)
    assert problems == []
    items = [
        {"TransitGatewayId": name, "State": state} for name, state in zip(ids, ["available", "deleted"], strict=True)
    ]
    assert end(found, answered(TransitGateways=items), identity=binding.identity) == End("failure", 1)


def tasks(*codes: int | None, status: str = "STOPPED") -> dict[str, Any]:
    containers = [{"name": "main"} if code is None else {"name": "main", "exitCode": code} for code in codes]
    return {"tasks": [{"taskArn": "one", "lastStatus": status, "containers": containers}], "failures": []}


def fleet(capacity: float, kind: str = "instant", state: str = "active") -> dict[str, Any]:
    wanted = {"TotalTargetCapacity": 2}
    item = {"FleetState": state, "ActivityStatus": "fulfilled", "Type": kind, "FulfilledCapacity": capacity}
    return {"Fleets": [{**item, "TargetCapacitySpecification": wanted}]}


def job(status: str, *servers: str) -> dict[str, Any]:
    return {"items": [{"status": status, "participatingServers": [{"launchStatus": server} for server in servers]}]}


def history(*statuses: str) -> list[dict[str, str]]:
    """Runs of the past, the oldest first."""
    return [
        {"Status": status, "SchemaExtensionStatus": status, "StartTime": start, "StartDateTime": start}
        for status, start in zip(statuses, ["2026-01-01", "2026-01-02"], strict=True)
    ]


def table(*replicas: str) -> dict[str, Any]:
    found = [{"ReplicaStatus": status} for status in replicas]
    return {"Table": {"TableStatus": "ACTIVE", **({"Replicas": found} if found else {})}}


def encryption(**description: str) -> dict[str, Any]:
    return {"Table": {"TableStatus": "ACTIVE", **({"SSEDescription": description} if description else {})}}


def gateway(*states: str) -> dict[str, Any]:
    return {"VpnGateways": [{"VpcAttachments": [{"State": state} for state in states]}]}


def blocks(*states: str) -> dict[str, Any]:
    return {"Vpcs": [{"CidrBlockAssociationSet": [{"CidrBlockState": {"State": state}} for state in states]}]}


@pytest.mark.parametrize(
    ("named", "answer", "ending"),
    [
        ("ecs tasks_succeeded", tasks(0, 0), "success"),
        ("ecs tasks_succeeded", tasks(0, 1), "failure"),
        ("ecs tasks_succeeded", tasks(None), "failure"),
        ("ecs tasks_succeeded", tasks(), "failure"),
        ("ecs tasks_succeeded", tasks(0, None, status="RUNNING"), "timeout"),
        ("ec2 fleet_fulfilled", fleet(2.0), "success"),
        ("ec2 fleet_fulfilled", fleet(1.0), "failure"),
        ("ec2 fleet_fulfilled", fleet(1.0, kind="maintain"), "success"),
        ("ec2 fleet_fulfilled", fleet(2.0, state="deleted_running"), "failure"),
        ("drs job_servers_launched", job("COMPLETED", "LAUNCHED", "LAUNCHED"), "success"),
        ("drs job_servers_launched", job("COMPLETED", "LAUNCHED", "PENDING"), "failure"),
        ("drs job_servers_launched", job("STARTED", "LAUNCHED", "FAILED"), "failure"),
        ("drs job_servers_launched", job("STARTED", "LAUNCHED", "PENDING"), "timeout"),
        ("ecr replication_backfill_succeeded", {"status": "COMPLETE", "results": [{"status": "FAILED"}]}, "failure"),
        ("ecr replication_backfill_succeeded", {"status": "COMPLETE", "results": []}, "success"),
        ("ds schema_extension_completed", {"SchemaExtensionsInfo": history("Failed", "Completed")}, "success"),
        ("ds directory_updated", {"UpdateActivities": history("Updated", "Updating")}, "timeout"),
        ("ds directory_updated", {}, "timeout"),
        ("dynamodb server_side_encryption_disabled", encryption(), "success"),
        ("dynamodb server_side_encryption_disabled", encryption(Status="UPDATING"), "timeout"),
        ("dynamodb replicas_active", table("ACTIVE", "CREATING"), "timeout"),
        ("dynamodb replicas_deleted", table("DELETING"), "timeout"),
        ("dynamodb replicas_deleted", table(), "success"),
        ("ec2 vpn_gateway_attached", gateway("attached", "detached"), "success"),
        ("ec2 vpn_gateway_attached", gateway("detached"), "timeout"),
        ("ec2 vpn_gateway_detached", gateway("detached"), "success"),
        ("ec2 vpn_gateway_detached", gateway("detaching"), "timeout"),
        ("ec2 vpc_cidr_blocks_associated", blocks("associated", "disassociated"), "success"),
        ("ec2 vpc_cidr_blocks_associated", blocks("associated", "failing"), "timeout"),
        ("ec2 vpc_cidr_blocks_associated", blocks("associated", "failed"), "failure"),
        ("ec2 internet_gateway_attached", {"InternetGateways": [{"Attachments": [{"State": "available"}]}]}, "success"),
        ("ec2 network_interface_detached", {"NetworkInterfaces": [{"Attachment": {"Status": "attached"}}]}, "timeout"),
        ("ec2 network_interface_detached", {"NetworkInterfaces": [{"Status": "available"}]}, "success"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_an_answer_is_judged_by_all_that_it_says(named: str, answer: dict[str, Any], ending: str) -> None:
    service, name = named.split()
    assert name in CATALOG.names_of(service)
    assert end(waiter(service, name), answered(**answer)).ending == ending
