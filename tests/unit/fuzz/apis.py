# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of the simulated AWS: their ids, items and errors, as the API references describe them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ACCOUNT = "us-east-1:123456789012"
Life = Sequence[tuple[float, "str | None"]]


@dataclass(frozen=True)
class Resource:
    """``tag``: its Name, which may be another one's id; ``group``: its reservation; ``life``: its states by time."""

    name: str
    arn: str
    tag: str
    group: int
    life: Life

    def at(self, time: float) -> str | None:
        """Its state at a time, None if it doesn't exist."""
        return next((state for since, state in reversed(self.life) if since <= time), None)


Item = Callable[[Resource, str], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Api:
    """One operation. ``param``: its id parameter; ``root``: the list of its answer; ``path``: where the state stands.

    ``ids``: the ids that resources have in these tests; ``texts``: messages of the not-found error ``code``, with the
    ``{ids}`` that are unknown, or the first ``{id}`` of them, or neither. Without a ``code`` unknown ids are left out.
    ``single``: the parameter takes one id, and without it the operation lists all (``lists``) or those of a ``filter``.
    ``tokens``: the members of request and response that hold the page token; ``most``: ids in one request at most.
    ``absent``: the state that the answer gives for what isn't there.
    """

    service: str
    operation: str
    param: str
    root: str
    path: str
    ids: Sequence[str]
    pending: Sequence[str]
    success: str
    failure: Sequence[str]
    item: Item
    waiters: Sequence[str] = ()
    code: str | None = None
    texts: Sequence[str] = ()
    status: int = 400
    arn: str = ""
    takes: Sequence[str] = ("name",)
    single: bool = False
    lists: bool = False
    filter: str | None = None
    tokens: tuple[str, str] | None = None
    most: int | None = None
    folds_case: bool = False
    denies: str | None = None
    common: Mapping[str, Any] = field(default_factory=dict)
    absent: str | None = None
    hidden: frozenset[str] = frozenset()
    wrap: Callable[[Sequence[dict[str, Any]], Sequence[Resource]], dict[str, Any]] | None = None

    def spellings(self, resource: Resource) -> list[Any]:
        """All ways to name the resource in the parameter."""
        if self.operation == "DescribeTargetHealth":
            target, port = resource.name.split(":")
            return [{"Id": target, "Port": int(port)}, *([{"Id": target}] if port == "80" else [])]
        found = [getattr(resource, kind) for kind in self.takes]
        return [*found, resource.name.upper()] if self.folds_case else found

    def arn_of(self, name: str) -> str:
        return f"arn:aws:{self.service.replace('v2', '').replace('elb', 'elasticloadbalancing')}:{self.arn}".format(
            account=ACCOUNT, name=name
        )


def _reservations(items: Sequence[dict[str, Any]], resources: Sequence[Resource]) -> dict[str, Any]:
    groups: dict[int, list[dict[str, Any]]] = {}
    for item, resource in zip(items, resources, strict=True):
        groups.setdefault(resource.group, []).append(item)
    return {"Reservations": [{"ReservationId": f"r-{n}", "Instances": group} for n, group in groups.items()]}


def _service(resource: Resource, state: str) -> dict[str, Any]:
    return {
        "serviceName": resource.name,
        "serviceArn": resource.arn,
        "clusterArn": f"arn:aws:ecs:{ACCOUNT}:cluster/web",
        "status": state if state in ("DRAINING", "INACTIVE") else "ACTIVE",
        "deployments": [{"id": f"ecs-svc/{resource.group}", "status": "PRIMARY"}],
        "desiredCount": 1,
        "runningCount": 1 if state == "STEADY" else 0,
    }


def _target(resource: Resource, state: str) -> dict[str, Any]:
    target, port = resource.name.split(":")
    return {
        "Target": {"Id": target, "Port": int(port)},
        "HealthCheckPort": port,
        "TargetHealth": {"State": state} | ({"Reason": "Target.NotRegistered"} if state == "unused" else {}),
    }


WORDS = ("web", "worker", "web-2", "cluster", "service", "not", "max", "eu")

APIS = {
    "instances": Api(
        "ec2",
        "DescribeInstances",
        "InstanceIds",
        "Reservations",
        "Reservations[].Instances[].State.Name",
        ("i-1", "i-11", "i-1a", "i-2", "i-22", "i-3"),
        ("pending", "stopping", "stopped"),
        "running",
        ("terminated", "shutting-down"),
        lambda r, s: {"InstanceId": r.name, "State": {"Name": s}, "Tags": [{"Key": "Name", "Value": r.tag}]},
        ("instance_running", "instance_terminated", "instance_exists", "instance_stopped"),
        code="InvalidInstanceID.NotFound",
        texts=("The instance IDs '{ids}' do not exist", "The instance ID '{id}' does not exist", "No such instance."),
        tokens=("NextToken", "NextToken"),
        wrap=_reservations,
    ),
    "key pairs": Api(
        "ec2",
        "DescribeKeyPairs",
        "KeyNames",
        "KeyPairs",
        "KeyPairs[].KeyType",
        ("alice", "alice@laptop", "prod", "prod.eu", "key", "deploy", "max", "max@laptop", "pair", "eu"),
        ("rsa",),
        "ed25519",
        (),
        lambda r, s: {"KeyName": r.name, "KeyPairId": f"key-{r.group}", "KeyType": s},
        ("key_pair_exists",),
        code="InvalidKeyPair.NotFound",
        texts=("The key pair '{id}' does not exist", "The key pairs '{ids}' do not exist", "Key not found."),
    ),
    "NAT gateways": Api(
        "ec2",
        "DescribeNatGateways",
        "NatGatewayIds",
        "NatGateways",
        "NatGateways[].State",
        ("nat-1", "nat-11", "nat-2", "nat-3"),
        ("pending",),
        "available",
        ("failed", "deleting", "deleted"),
        lambda r, s: {"NatGatewayId": r.name, "State": s, "Tags": [{"Key": "Name", "Value": r.tag}]},
        ("nat_gateway_available", "nat_gateway_deleted"),
        code="NatGatewayNotFound",
        texts=("NAT gateway {id} was not found", "The Nat Gateways {ids} were not found", "It was not found."),
        tokens=("NextToken", "NextToken"),
    ),
    "images": Api(
        "ec2",
        "DescribeImages",
        "ImageIds",
        "Images",
        "Images[].State",
        ("ami-1", "ami-12", "ami-2", "ami-3"),
        ("pending",),
        "available",
        ("failed", "error"),
        lambda r, s: {"ImageId": r.name, "Name": r.tag, "State": s},
        ("image_available", "image_exists"),
        code="InvalidAMIID.NotFound",
        texts=("The image ids '[{ids}]' do not exist", "The image id '[{id}]' does not exist", "No image."),
        tokens=("NextToken", "NextToken"),
    ),
    "services": Api(
        "ecs",
        "DescribeServices",
        "services",
        "services",
        "services[].status",
        WORDS,
        ("MOVING", "STEADY", "DRAINING"),
        "INACTIVE",
        (),
        _service,
        ("services_stable", "services_inactive"),
        arn="{account}:service/web/{name}",
        takes=("name", "arn"),
        most=10,
        denies="AccessDeniedException",
        common={"cluster": "web"},
    ),
    "tasks": Api(
        "ecs",
        "DescribeTasks",
        "tasks",
        "tasks",
        "tasks[].lastStatus",
        ("t1", "t11", "t2", "t3", "t4"),
        ("PENDING", "PROVISIONING"),
        "RUNNING",
        ("STOPPED",),
        lambda r, s: {"taskArn": r.arn, "lastStatus": s, "group": f"service:{r.tag}"},
        ("tasks_running", "tasks_stopped"),
        arn="{account}:task/web/{name}",
        takes=("name", "arn"),
        most=100,
        denies="AccessDeniedException",
        common={"cluster": "web"},
    ),
    "targets": Api(
        "elbv2",
        "DescribeTargetHealth",
        "Targets",
        "TargetHealthDescriptions",
        "TargetHealthDescriptions[].TargetHealth.State",
        ("i-1:80", "i-1:8080", "i-2:80", "i-2:8080", "i-11:80", "10.0.0.1:80"),
        ("initial", "draining"),
        "healthy",
        ("unhealthy",),
        _target,
        ("target_in_service", "target_deregistered"),
        common={"TargetGroupArn": f"arn:aws:elasticloadbalancing:{ACCOUNT}:targetgroup/web/1"},
        absent="unused",
    ),
    "balancers": Api(
        "elbv2",
        "DescribeLoadBalancers",
        "Names",
        "LoadBalancers",
        "LoadBalancers[].State.Code",
        WORDS,
        ("provisioning", "active_impaired"),
        "active",
        ("failed",),
        lambda r, s: {"LoadBalancerName": r.name, "LoadBalancerArn": r.arn, "DNSName": r.tag, "State": {"Code": s}},
        ("load_balancer_available", "load_balancers_deleted", "load_balancer_exists"),
        code="LoadBalancerNotFound",
        texts=("One or more load balancers not found", "Load balancers '[{ids}]' not found"),
        arn="{account}:loadbalancer/app/{name}/50dc6c49",
        tokens=("Marker", "NextMarker"),
        most=20,
    ),
    "databases": Api(
        "rds",
        "DescribeDBInstances",
        "DBInstanceIdentifier",
        "DBInstances",
        "DBInstances[].DBInstanceStatus",
        ("orders", "orders-2", "db", "web", "instance"),
        ("creating", "modifying", "backing-up"),
        "available",
        ("failed", "deleting"),
        lambda r, s: {"DBInstanceIdentifier": r.name, "DBInstanceStatus": s, "DBName": r.tag, "DBInstanceArn": r.arn},
        ("db_instance_available", "db_instance_deleted"),
        code="DBInstanceNotFound",
        texts=("DBInstance {id} not found.",),
        status=404,
        arn="{account}:db:{name}",
        takes=("name", "arn"),
        single=True,
        filter="db-instance-id",
        tokens=("Marker", "Marker"),
        folds_case=True,
        denies="AccessDenied",
    ),
    "warehouses": Api(
        "redshift",
        "DescribeClusters",
        "ClusterIdentifier",
        "Clusters",
        "Clusters[].ClusterStatus",
        ("dwh", "dwh-2", "cluster", "web"),
        ("creating", "modifying", "rebooting"),
        "available",
        ("deleting",),
        lambda r, s: {"ClusterIdentifier": r.name, "ClusterStatus": s, "DBName": r.tag},
        ("cluster_available", "cluster_deleted"),
        code="ClusterNotFound",
        texts=("Cluster {id} not found.",),
        status=404,
        arn="{account}:cluster:{name}",
        single=True,
        lists=True,
        tokens=("Marker", "Marker"),
        folds_case=True,
        denies="AccessDenied",
    ),
    "file systems": Api(
        "efs",
        "DescribeFileSystems",
        "FileSystemId",
        "FileSystems",
        "FileSystems[].LifeCycleState",
        ("fs-1", "fs-11", "fs-2", "fs-9"),
        ("creating", "updating"),
        "available",
        ("deleting", "error"),
        lambda r, s: {"FileSystemId": r.name, "Name": r.tag, "LifeCycleState": s, "CreationToken": r.tag},
        code="FileSystemNotFound",
        texts=("File system '{id}' does not exist.",),
        status=404,
        arn="{account}:file-system/{name}",
        single=True,
        lists=True,
        tokens=("Marker", "NextMarker"),
        denies="AccessDeniedException",
    ),
    "stacks": Api(
        "cloudformation",
        "DescribeStacks",
        "StackName",
        "Stacks",
        "Stacks[].StackStatus",
        ("web", "web-2", "stack", "id", "prod"),
        ("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"),
        "CREATE_COMPLETE",
        ("CREATE_FAILED", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"),
        lambda r, s: {"StackName": r.name, "StackId": r.arn, "StackStatus": s, "Description": r.tag},
        ("stack_exists", "stack_create_complete", "stack_delete_complete"),
        code="ValidationError",
        texts=("Stack with id {id} does not exist",),
        arn="{account}:stack/{name}/7-1",
        takes=("name", "arn"),
        single=True,
        lists=True,
        tokens=("NextToken", "NextToken"),
        denies="AccessDenied",
        hidden=frozenset({"DELETE_COMPLETE"}),
    ),
    "caches": Api(
        "elasticache",
        "DescribeCacheClusters",
        "CacheClusterId",
        "CacheClusters",
        "CacheClusters[].CacheClusterStatus",
        ("redis", "redis-001", "cache", "web"),
        ("creating", "modifying", "snapshotting"),
        "available",
        ("deleting", "incompatible-network"),
        lambda r, s: {"CacheClusterId": r.name, "CacheClusterStatus": s, "ReplicationGroupId": r.tag},
        ("cache_cluster_available", "cache_cluster_deleted"),
        code="CacheClusterNotFound",
        texts=("CacheCluster not found: {id}",),
        status=404,
        arn="{account}:cluster:{name}",
        single=True,
        lists=True,
        tokens=("Marker", "Marker"),
        folds_case=True,
        denies="AccessDenied",
    ),
    "tables": Api(
        "dynamodb",
        "DescribeTable",
        "TableName",
        "Table",
        "Table.TableStatus",
        ("web", "web-2", "table", "orders"),
        ("CREATING", "UPDATING"),
        "ACTIVE",
        ("DELETING", "ARCHIVED"),
        lambda r, s: {"TableName": r.name, "TableArn": r.arn, "TableStatus": s},
        ("table_exists", "table_not_exists"),
        code="ResourceNotFoundException",
        texts=("Requested resource not found: Table: {id} not found",),
        arn="{account}:table/{name}",
        takes=("name", "arn"),
        single=True,
        denies="AccessDeniedException",
        wrap=lambda items, _resources: {"Table": items[0]},
    ),
    "clusters": Api(
        "eks",
        "DescribeCluster",
        "name",
        "cluster",
        "cluster.status",
        ("web", "web-2", "cluster", "prod"),
        ("CREATING", "UPDATING", "PENDING"),
        "ACTIVE",
        ("FAILED", "DELETING"),
        lambda r, s: {"name": r.name, "arn": r.arn, "status": s, "tags": {}},
        ("cluster_active", "cluster_deleted"),
        code="ResourceNotFoundException",
        texts=("No cluster found for name: {id}.",),
        status=404,
        arn="{account}:cluster/{name}",
        single=True,
        denies="AccessDeniedException",
        wrap=lambda items, _resources: {"cluster": items[0]},
    ),
    "brokers": Api(
        "mq",
        "DescribeBroker",
        "BrokerId",
        "BrokerState",
        "BrokerState",
        ("b-1", "b-11", "b-2", "broker"),
        ("CREATION_IN_PROGRESS", "REBOOT_IN_PROGRESS"),
        "RUNNING",
        ("CREATION_FAILED", "DELETION_IN_PROGRESS"),
        # missing tags and empty lists don't mean that the broker doesn't exist
        lambda r, s: {"BrokerId": r.name, "BrokerState": s, **({"Tags": {}, "Users": []} if r.group else {})},
        code="NotFoundException",
        texts=("Can't find requested broker [{id}].",),
        status=404,
        arn="{account}:broker:{name}",
        single=True,
        denies="ForbiddenException",
        wrap=lambda items, _resources: items[0],
    ),
    "scaling groups": Api(
        "autoscaling",
        "DescribeAutoScalingGroups",
        "AutoScalingGroupNames",
        "AutoScalingGroups",
        "AutoScalingGroups[].Instances[].LifecycleState",
        WORDS,
        ("Pending",),
        "InService",
        ("Terminated",),
        lambda r, s: {
            "AutoScalingGroupName": r.name,
            "AutoScalingGroupARN": r.arn,
            "MinSize": 1,
            "Instances": [{"InstanceId": f"i-{n}", "LifecycleState": s} for n in range(r.group % 2 + 1)],
            "Tags": [{"Key": "Name", "Value": r.tag}],
        },
        arn="{account}:autoScalingGroup:1:autoScalingGroupName/{name}",
        tokens=("NextToken", "NextToken"),
    ),
}
