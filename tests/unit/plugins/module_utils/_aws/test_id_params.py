# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where responses repeat the ids of botocore's id-list waiters, as derived from the models."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.model import ServiceModel
from tests.support.catalog import CATALOG
from tests.support.services import services_with_waiters

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.id_params import (
    _LIMITS,
    id_params,
    identity_of,
    lone_identity,
    subject,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression

MODELS = Models(CATALOG)
service_model = cache(MODELS.service_model)


def model(service: str, operation: str) -> Any:
    return service_model(service).operation_model(operation)


def waited_on() -> list[tuple[str, str]]:
    """Every operation that a built-in waiter polls."""
    services = services_with_waiters()
    return sorted({(name, row["operation"]) for name in services for row in MODELS.waiters(name).values()})


def derived(service: str, operation: str) -> dict[str, str]:
    """Each id parameter with its lists as ``path[].path[] key key``; ``{}``: a mapping, ``?``: remarks alone."""
    found = {}
    for id_param in id_params(service, model(service, operation)):
        lists = []
        for item_list in id_param.lists:
            path = "".join(f"{'.' if index else ''}{name}[]" for index, name in enumerate(item_list.path))
            keys = sorted({".".join(key) for _member, key in item_list.keys})
            mark = "{}" if item_list.is_map else "?" if item_list.echoes_only else ""
            lists.append(" ".join([path.replace("[]", mark) if mark else path, *keys]))
        found[id_param.name] = "; ".join(sorted(lists))
    return found


FAILURES = "failures? arn"

# From the API references of the operations, for the newest botocore; an older one may lack some.
TABLE: dict[tuple[str, str], dict[str, str]] = {
    ("appstream", "DescribeFleets"): {"Names": "Fleets[] Arn Name"},
    ("cloudwatch", "DescribeAlarms"): {
        "AlarmNames": "CompositeAlarms[] AlarmArn AlarmName; LogAlarms[] AlarmArn AlarmName; "
        "MetricAlarms[] AlarmArn AlarmName"
    },
    ("ec2", "DescribeBundleTasks"): {"BundleIds": "BundleTasks[] BundleId"},
    ("ec2", "DescribeConversionTasks"): {"ConversionTaskIds": "ConversionTasks[] ConversionTaskId"},
    ("ec2", "DescribeCustomerGateways"): {"CustomerGatewayIds": "CustomerGateways[] CustomerGatewayId"},
    ("ec2", "DescribeExportTasks"): {"ExportTaskIds": "ExportTasks[] ExportTaskId"},
    ("ec2", "DescribeImages"): {"ImageIds": "Images[] ImageId"},
    ("ec2", "DescribeImageUsageReports"): {
        "ImageIds": "ImageUsageReports[] ImageId",
        "ReportIds": "ImageUsageReports[] ReportId",
    },
    ("ec2", "DescribeImportSnapshotTasks"): {"ImportTaskIds": "ImportSnapshotTasks[] ImportTaskId"},
    ("ec2", "DescribeInstances"): {"InstanceIds": "Reservations[].Instances[] InstanceId"},
    ("ec2", "DescribeInstanceStatus"): {"InstanceIds": "InstanceStatuses[] InstanceId"},
    ("ec2", "DescribeInternetGateways"): {"InternetGatewayIds": "InternetGateways[] InternetGatewayId"},
    ("ec2", "DescribeKeyPairs"): {"KeyNames": "KeyPairs[] KeyName", "KeyPairIds": "KeyPairs[] KeyPairId"},
    ("ec2", "DescribeNatGateways"): {"NatGatewayIds": "NatGateways[] NatGatewayId"},
    ("ec2", "DescribeNetworkInterfaces"): {"NetworkInterfaceIds": "NetworkInterfaces[] NetworkInterfaceId"},
    ("ec2", "DescribeSecondaryNetworks"): {
        "SecondaryNetworkIds": "SecondaryNetworks[] SecondaryNetworkArn SecondaryNetworkId"
    },
    ("ec2", "DescribeSecondarySubnets"): {
        "SecondarySubnetIds": "SecondarySubnets[] SecondarySubnetArn SecondarySubnetId"
    },
    ("ec2", "DescribeSecurityGroups"): {
        "GroupIds": "SecurityGroups[] GroupId",
        "GroupNames": "SecurityGroups[] GroupName",
    },
    ("ec2", "DescribeSnapshots"): {"SnapshotIds": "Snapshots[] SnapshotId"},
    ("ec2", "DescribeSpotInstanceRequests"): {"SpotInstanceRequestIds": "SpotInstanceRequests[] SpotInstanceRequestId"},
    ("ec2", "DescribeStoreImageTasks"): {"ImageIds": "StoreImageTaskResults[] AmiId"},
    ("ec2", "DescribeSubnets"): {"SubnetIds": "Subnets[] SubnetArn SubnetId"},
    ("ec2", "DescribeVolumes"): {"VolumeIds": "Volumes[] VolumeArn VolumeId"},
    ("ec2", "DescribeVpcPeeringConnections"): {
        "VpcPeeringConnectionIds": "VpcPeeringConnections[] VpcPeeringConnectionId"
    },
    ("ec2", "DescribeVpcs"): {"VpcIds": "Vpcs[] VpcId"},
    ("ec2", "DescribeVpnConnections"): {"VpnConnectionIds": "VpnConnections[] VpnConnectionId"},
    ("ecs", "DescribeDaemonDeployments"): {
        "daemonDeploymentArns": f"daemonDeployments[] daemonDeploymentArn; {FAILURES}"
    },
    ("ecs", "DescribeServices"): {"services": f"{FAILURES}; services[] serviceArn serviceName"},
    ("ecs", "DescribeTasks"): {"tasks": f"{FAILURES}; tasks[] taskArn"},
    ("elasticbeanstalk", "DescribeEnvironments"): {
        "EnvironmentIds": "Environments[] EnvironmentArn EnvironmentId",
        "EnvironmentNames": "Environments[] EnvironmentArn EnvironmentName",
    },
    ("elb", "DescribeInstanceHealth"): {"Instances": "InstanceStates[] InstanceId"},
    ("elbv2", "DescribeLoadBalancers"): {
        "LoadBalancerArns": "LoadBalancers[] LoadBalancerArn",
        "Names": "LoadBalancers[] LoadBalancerArn LoadBalancerName",
    },
    ("elbv2", "DescribeTargetHealth"): {
        "Targets": "TargetHealthDescriptions[] Target.AvailabilityZone Target.Id Target.Port Target.QuicServerId"
    },
    ("rekognition", "DescribeProjectVersions"): {"VersionNames": "ProjectVersionDescriptions[] ProjectVersionArn"},
    ("ses", "GetIdentityVerificationAttributes"): {"Identities": "VerificationAttributes{}"},
}
# Members that are missing in the oldest supported botocore.
LATER = (" SubnetArn", " VolumeArn", " Target.QuicServerId", "LogAlarms[] AlarmArn AlarmName; ")


@pytest.mark.parametrize(("service", "operation"), waited_on())
def test_the_ids_of_every_operation_that_is_waited_on(service: str, operation: str) -> None:
    """An operation that isn't in the table has no id list, or one that the response doesn't repeat."""
    found, expected = derived(service, operation), TABLE.get((service, operation), {})
    assert found.keys() == expected.keys()
    for name, lists in expected.items():
        older = lists
        for text in LATER:
            older = older.replace(text, "")
        assert found[name] in (lists, older)


def test_an_arn_of_rekognition_has_the_name_of_the_version_in_its_middle() -> None:
    [id_param] = id_params("rekognition", model("rekognition", "DescribeProjectVersions"))
    assert [item_list.arn_segment for item_list in id_param.lists] == [3]
    identity = identity_of([id_param], {"VersionNames": ["v1"]}, "rekognition", frozenset())
    arn = "arn:aws:rekognition:eu-west-1:1:project/cats/version/v1/1690000000000"
    response = {"ProjectVersionDescriptions": [{"ProjectVersionArn": arn}]}
    assert identity is not None
    assert not identity.split(response).unmatched


def limits(service: str, operation: str) -> dict[str, int | None]:
    return {id_param.name: id_param.limit for id_param in id_params(service, model(service, operation))}


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("rekognition", "DescribeProjects", {"ProjectNames": "ProjectDescriptions[] ProjectArn"}),
        ("securitylake", "ListDataLakes", {"regions": "dataLakes[] region"}),
        ("storagegateway", "DescribeCachediSCSIVolumes", {"VolumeARNs": "CachediSCSIVolumes[] VolumeARN"}),
        ("storagegateway", "DescribeNFSFileShares", {"FileShareARNList": "NFSFileShareInfoList[] FileShareARN"}),
        ("storagegateway", "DescribeSMBFileShares", {"FileShareARNList": "SMBFileShareInfoList[] FileShareARN"}),
        ("storagegateway", "DescribeStorediSCSIVolumes", {"VolumeARNs": "StorediSCSIVolumes[] VolumeARN"}),
        (
            "storagegateway",
            "DescribeFileSystemAssociations",
            {"FileSystemAssociationARNList": "FileSystemAssociationInfoList[] FileSystemAssociationARN"},
        ),
        ("support", "DescribeTrustedAdvisorCheckRefreshStatuses", {"checkIds": "statuses[] checkId"}),
        ("workspaces", "DescribeConnectionAliases", {"AliasIds": "ConnectionAliases[] AliasId"}),
    ],
)
def test_ids_that_names_do_not_lead_to_stand_in_a_table(service: str, operation: str, expected: dict[str, str]) -> None:
    assert derived(service, operation) == expected
    [id_param] = id_params(service, model(service, operation))
    for item_list in id_param.lists:
        items = model(service, operation).output_shape.members[item_list.path[0]]
        assert {member for member, _key in item_list.keys} <= items.member.members.keys()


@pytest.mark.parametrize(("service", "operation", "name"), _LIMITS)
def test_every_limit_in_the_table_is_used(service: str, operation: str, name: str) -> None:
    assert limits(service, operation)[name] == _LIMITS[service, operation, name]


def test_other_limits_come_from_ec2s_advice_and_from_the_model_if_at_all() -> None:
    assert limits("ec2", "DescribeInstances") == {"InstanceIds": 1000}
    assert limits("ses", "GetIdentityVerificationAttributes") == {"Identities": 100}
    assert limits("elb", "DescribeInstanceHealth") == {"Instances": None}


def test_the_same_rules_serve_operations_that_no_builtin_polls() -> None:
    assert derived("ecs", "DescribeClusters") == {"clusters": f"clusters[] clusterArn clusterName; {FAILURES}"}
    assert derived("autoscaling", "DescribeAutoScalingGroups")["AutoScalingGroupNames"].startswith(
        "AutoScalingGroups[] AutoScalingGroupARN AutoScalingGroupName"
    )


def test_filters_and_owners_are_no_ids() -> None:
    for service, operation, name in (
        ("ec2", "DescribeInstances", "Filters"),
        ("ec2", "DescribeImages", "Owners"),
        ("redshift", "DescribeClusters", "TagKeys"),
    ):
        assert name in model(service, operation).input_shape.members
        assert name not in derived(service, operation)


@pytest.mark.parametrize(("enum", "names"), [(["car", "doll"], []), ([], ["Toys"])], ids=["an enum", "a text"])
def test_kinds_that_are_listed_are_no_ids(enum: list[str], names: list[str]) -> None:
    """``Toys: [car]`` selects by kind if the model has an enum of the kinds."""
    shapes: dict[str, Any] = {
        "Request": {"type": "structure", "members": {"Toys": {"shape": "Kinds"}}},
        "PollResult": {"type": "structure", "members": {"Toys": {"shape": "List"}}},
        "Kinds": {"type": "list", "member": {"shape": "Kind"}},
        "Kind": {"type": "string", "enum": enum},
        "List": {"type": "list", "member": {"shape": "Toy"}},
        "Toy": {"type": "structure", "members": {"Toy": {"shape": "Kind"}}},
    }
    get = {"name": "Get", "input": {"shape": "Request"}, "output": {"shape": "PollResult"}}
    toys = ServiceModel({"metadata": {}, "operations": {"Get": get}, "shapes": shapes}, "toys")
    assert [id_param.name for id_param in id_params("toys", toys.operation_model("Get"))] == names


def _roots(*texts: str) -> frozenset[str]:
    return frozenset[str]().union(*(Expression(text).roots for text in texts))


@pytest.mark.parametrize(
    ("argument", "there"),
    [
        ("length(MetricAlarms[]) > `0`", ["cpu"]),
        ("length(CompositeAlarms[]) > `0`", ["all"]),
        ("Other", ["cpu", "all"]),
    ],
)
def test_of_several_lists_the_one_that_the_acceptors_look_at_says_who_is_there(argument: str, there: list[str]) -> None:
    listed = id_params("cloudwatch", model("cloudwatch", "DescribeAlarms"))
    identity = identity_of(listed, {"AlarmNames": ["cpu", "all"]}, "cloudwatch", _roots(argument))
    assert identity is not None
    response = {"MetricAlarms": [{"AlarmName": "cpu"}], "CompositeAlarms": [{"AlarmName": "all"}]}
    assert [resource.label for resource, _part, present in identity.split(response).by_resource if present] == there


def test_ids_in_several_parameters_are_all_requested() -> None:
    listed = id_params("ec2", model("ec2", "DescribeKeyPairs"))
    identity = identity_of(listed, {"KeyNames": ["a"], "KeyPairIds": ["key-1"]}, "ec2", frozenset({"KeyPairs"}))
    assert identity is not None
    response = {"KeyPairs": [{"KeyName": "a", "KeyPairId": "key-9"}, {"KeyName": "b", "KeyPairId": "key-1"}]}
    assert [present for _resource, _part, present in identity.split(response).by_resource] == [True, True]


def test_without_an_id_list_there_is_no_identity() -> None:
    assert identity_of([], {}, "ec2", frozenset()) is None


@pytest.mark.parametrize(("service", "folds"), [("rds", True), ("ses", True), ("ec2", False), ("ecs", False)])
def test_case_is_folded_for_the_services_that_do_so(service: str, folds: bool) -> None:
    [id_param] = id_params("ec2", model("ec2", "DescribeVpcs"))
    identity = identity_of([id_param], {"VpcIds": ["vpc-1"]}, service, frozenset())
    assert identity is not None
    assert identity.folds_case is folds


@pytest.mark.parametrize(
    ("service", "operation", "params", "path"),
    [
        ("rds", "DescribeDBInstances", {"DBInstanceIdentifier": "orders"}, "DBInstances"),
        ("redshift", "DescribeClusters", {"ClusterIdentifier": "dwh"}, "Clusters"),
        ("cloudformation", "DescribeStacks", {"StackName": "web"}, "Stacks"),
        ("rds", "DescribeDBInstances", {}, None),
        ("s3", "HeadBucket", {"Bucket": "logs"}, None),
        ("eks", "DescribeCluster", {"name": "prod"}, None),
    ],
)
def test_one_resource_requested_by_a_plain_parameter(
    service: str, operation: str, params: dict[str, str], path: str | None
) -> None:
    roots = frozenset({"DBInstances", "Clusters", "Stacks", "cluster"})
    identity = lone_identity(service, model(service, operation), params, roots)
    if path is None:
        assert identity is None
        return
    assert identity is not None
    assert identity.lone
    assert identity.is_empty({path: []})
    assert not identity.is_empty({path: [{}]})


@pytest.mark.parametrize(
    ("service", "operation", "params", "name"),
    [
        ("s3", "HeadBucket", {"Bucket": "logs"}, "logs"),
        ("s3", "HeadObject", {"Bucket": "logs", "Key": "a/b"}, "logs/a/b"),
        ("s3", "HeadObject", {"Bucket": "logs", "Key": "a", "VersionId": "v"}, "logs/a"),
        ("eks", "DescribeNodegroup", {"clusterName": "prod", "nodegroupName": "blue"}, "prod/blue"),
        ("rds", "DescribeDBInstances", {"DBInstanceIdentifier": "orders"}, "orders"),
        ("rds", "DescribeDBInstances", {"MaxRecords": 20}, None),
        ("rds", "DescribeDBInstances", {"Filters": [{"Name": "x", "Values": ["y"]}]}, None),
        ("lambda", "GetFunction", {"FunctionName": "f", "Qualifier": "1"}, "f"),
        ("sts", "GetCallerIdentity", {}, None),
    ],
)
def test_people_name_what_is_waited_for_by_its_identifying_parameters(
    service: str, operation: str, params: dict[str, Any], name: str | None
) -> None:
    assert subject(model(service, operation), params) == name
