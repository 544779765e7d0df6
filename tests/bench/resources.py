# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fleets of EC2 instances, RDS databases and ECS services, with responses as large as AWS's.

Everything is rendered beforehand, each resource once as it is before it is ready and once as it is from then on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import xmltodict

_LISTED_ID = re.compile(r"(InstanceId\.\d+|Filters\.Filter\.\d+\.Values\.Value\.\d+)$")
_NAME, _STATE, _CODE = "@name@", "@state@", "@code@"
CLUSTER = "production"
TAGS = ("Name", "Environment", "aws:autoscaling:groupName")


class Refused(Exception):
    """AWS returns this error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Fleet:
    """A number of resources of one kind. ``params``: the parameters of a separate waiter for each."""

    service: ClassVar[str]
    waiter: ClassVar[str]
    operation: ClassVar[str]
    protocol: ClassVar[str]
    throttle: ClassVar[tuple[int, str]]

    def __init__(self, count: int) -> None:
        self.names = self.names_of(count)
        self._places = {name: place for place, name in enumerate(self.names)}
        self._texts = [self._both(name) for name in self.names]

    @classmethod
    def names_of(cls, count: int) -> list[str]:
        raise NotImplementedError

    @classmethod
    def params_of(cls, name: str) -> dict[str, Any]:
        raise NotImplementedError

    def answer(self, request: bytes, is_ready: Callable[[int], bool]) -> str:
        """The body of the response; ``is_ready`` gets the resource's index. Raises Refused."""
        raise NotImplementedError

    def _both(self, name: str) -> tuple[str, str]:
        raise NotImplementedError

    def _texts_of(self, names: Sequence[str], is_ready: Callable[[int], bool]) -> list[str]:
        places = [self._places[name] for name in names]
        return [self._texts[place][is_ready(place)] for place in places]

    def _unknown(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name not in self._places]


class Instances(Fleet):
    """EC2: up to 1,000 ids in a request."""

    service, waiter, operation, protocol = "ec2", "instance_running", "DescribeInstances", "ec2"
    throttle = (503, "RequestLimitExceeded")

    @classmethod
    def names_of(cls, count: int) -> list[str]:
        return [f"i-{0x0AB1 + number * 7919:017x}" for number in range(count)]

    @classmethod
    def params_of(cls, name: str) -> dict[str, Any]:
        return {"InstanceIds": [name]}

    def answer(self, request: bytes, is_ready: Callable[[int], bool]) -> str:
        names = _listed(dict(parse_qsl(request.decode()))) or self.names
        if len(names) > 1000:
            raise Refused("InvalidParameterValue", "The maximum number of instance ids is 1000")
        if unknown := self._unknown(names):
            raise Refused("InvalidInstanceID.NotFound", f"The instance IDs '{', '.join(unknown)}' do not exist")
        items = "".join(self._texts_of(names, is_ready))
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>fleet</requestId>'
            f"<reservationSet>{items}</reservationSet></DescribeInstancesResponse>"
        )

    def _both(self, name: str) -> tuple[str, str]:
        text = _INSTANCE.replace(_NAME, name)
        return (
            text.replace(_STATE, "pending").replace(_CODE, "0"),
            text.replace(_STATE, "running").replace(_CODE, "16"),
        )


class Databases(Fleet):
    """RDS: one id, a filter of many, or all of them; a hundred on a page."""

    service, waiter, operation, protocol = "rds", "db_instance_available", "DescribeDBInstances", "query"
    throttle = (400, "Throttling")

    @classmethod
    def names_of(cls, count: int) -> list[str]:
        return [f"orders-{number:04}" for number in range(count)]

    @classmethod
    def params_of(cls, name: str) -> dict[str, Any]:
        return {"DBInstanceIdentifier": name}

    def answer(self, request: bytes, is_ready: Callable[[int], bool]) -> str:
        params = dict(parse_qsl(request.decode()))
        single, start = params.get("DBInstanceIdentifier"), int(params.get("Marker", 0))
        if single is not None and self._unknown([single]):
            raise Refused("DBInstanceNotFound", f"DBInstance {single} not found.")
        filtered = [name for name in _listed(params) if name in self._places]
        has_filter = any(name.startswith("Filters.") for name in params)
        names = [single] if single is not None else filtered if has_filter else self.names
        end = start + int(params.get("MaxRecords", 100))
        items = "".join(self._texts_of(names[start:end], is_ready))
        marker = f"<Marker>{end}</Marker>" if end < len(names) else ""
        return (
            '<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstancesResult>'
            f"<DBInstances>{items}</DBInstances>{marker}</DescribeDBInstancesResult>"
            "<ResponseMetadata><RequestId>fleet</RequestId></ResponseMetadata></DescribeDBInstancesResponse>"
        )

    def _both(self, name: str) -> tuple[str, str]:
        text = _DATABASE.replace(_NAME, name)
        return text.replace(_STATE, "creating"), text.replace(_STATE, "available")


class Services(Fleet):
    """ECS: up to ten services in a request."""

    service, waiter, operation, protocol = "ecs", "services_stable", "DescribeServices", "json"
    throttle = (400, "ThrottlingException")

    @classmethod
    def names_of(cls, count: int) -> list[str]:
        return [f"web-{number:04}" for number in range(count)]

    @classmethod
    def params_of(cls, name: str) -> dict[str, Any]:
        return {"cluster": CLUSTER, "services": [name]}

    def answer(self, request: bytes, is_ready: Callable[[int], bool]) -> str:
        names = json.loads(request)["services"]
        if len(names) > 10:
            raise Refused("InvalidParameterException", "Services cannot be more than 10")
        unknown = self._unknown(names)
        failures = [{"arn": f"{_ECS}:service/{CLUSTER}/{name}", "reason": "MISSING"} for name in unknown]
        found = ",".join(self._texts_of([name for name in names if name not in unknown], is_ready))
        return f'{{"services":[{found}],"failures":{json.dumps(failures)}}}'

    def _both(self, name: str) -> tuple[str, str]:
        text = _SERVICE.replace(_NAME, name)
        return text.replace(f'"{_STATE}"', "0"), text.replace(f'"{_STATE}"', "2")


FLEETS: Mapping[str, type[Fleet]] = {fleet.service: fleet for fleet in (Instances, Databases, Services)}


def _listed(params: Mapping[str, str]) -> list[str]:
    return [value for name, value in params.items() if _LISTED_ID.match(name)]


def _xml(tag: str, content: Mapping[str, Any]) -> str:
    return str(xmltodict.unparse({tag: content}, full_document=False))


_ACCOUNT, _AT, _ZONE = "123456789012", "2026-11-21T08:00:00.000Z", "us-east-1a"
_SUBNET, _VPC, _GROUP = "subnet-0a1b2c3d4e5f60718", "vpc-0a1b2c3d4e5f60718", "sg-0a1b2c3d4e5f60718"
_ECS = f"arn:aws:ecs:us-east-1:{_ACCOUNT}"
_GROUPS = {"item": {"groupId": _GROUP, "groupName": "web-servers"}}
_ADDRESS, _DNS = "10.0.17.42", "ip-10-0-17-42.ec2.internal"
_INSTANCE = _xml(
    "item",
    {
        "reservationId": "r-0a1b2c3d4e5f60718",
        "ownerId": _ACCOUNT,
        "groupSet": None,
        "instancesSet": {
            "item": {
                "instanceId": _NAME,
                "imageId": "ami-0a1b2c3d4e5f60718",
                "instanceState": {"code": _CODE, "name": _STATE},
                "privateDnsName": _DNS,
                "dnsName": "ec2-203-0-113-42.compute-1.amazonaws.com",
                "reason": None,
                "keyName": "production",
                "amiLaunchIndex": "0",
                "productCodes": None,
                "instanceType": "m7g.large",
                "launchTime": _AT,
                "placement": {"availabilityZone": _ZONE, "groupName": None, "tenancy": "default"},
                "monitoring": {"state": "disabled"},
                "subnetId": _SUBNET,
                "vpcId": _VPC,
                "privateIpAddress": _ADDRESS,
                "ipAddress": "203.0.113.42",
                "sourceDestCheck": "true",
                "groupSet": _GROUPS,
                "architecture": "arm64",
                "rootDeviceType": "ebs",
                "rootDeviceName": "/dev/xvda",
                "blockDeviceMapping": {
                    "item": {
                        "deviceName": "/dev/xvda",
                        "ebs": {
                            "volumeId": "vol-0a1b2c3d4e5f60718",
                            "status": "attached",
                            "attachTime": _AT,
                            "deleteOnTermination": "true",
                        },
                    }
                },
                "virtualizationType": "hvm",
                "clientToken": "a1b2c3d4-e5f6-0718-a1b2-c3d4e5f60718",
                "tagSet": {"item": [{"key": key, "value": f"value-of-{key}"} for key in TAGS]},
                "hypervisor": "xen",
                "networkInterfaceSet": {
                    "item": {
                        "networkInterfaceId": "eni-0a1b2c3d4e5f60718",
                        "subnetId": _SUBNET,
                        "vpcId": _VPC,
                        "description": None,
                        "ownerId": _ACCOUNT,
                        "status": "in-use",
                        "macAddress": "0a:1b:2c:3d:4e:5f",
                        "privateIpAddress": _ADDRESS,
                        "privateDnsName": _DNS,
                        "sourceDestCheck": "true",
                        "groupSet": _GROUPS,
                        "attachment": {
                            "attachmentId": "eni-attach-0a1b2c3d4e5f60718",
                            "deviceIndex": "0",
                            "status": "attached",
                            "attachTime": _AT,
                            "deleteOnTermination": "true",
                            "networkCardIndex": "0",
                        },
                        "privateIpAddressesSet": {
                            "item": {"privateIpAddress": _ADDRESS, "privateDnsName": _DNS, "primary": "true"}
                        },
                        "ipv6AddressesSet": None,
                        "interfaceType": "interface",
                    }
                },
                "iamInstanceProfile": {
                    "arn": f"arn:aws:iam::{_ACCOUNT}:instance-profile/web",
                    "id": "AIPA0A1B2C3D4E5F60718",
                },
                "ebsOptimized": "true",
                "enaSupport": "true",
                "metadataOptions": {
                    "state": "applied",
                    "httpTokens": "required",
                    "httpPutResponseHopLimit": "2",
                    "httpEndpoint": "enabled",
                    "httpProtocolIpv6": "disabled",
                    "instanceMetadataTags": "disabled",
                },
            }
        },
    },
)
_DATABASE = _xml(
    "DBInstance",
    {
        "DBInstanceIdentifier": _NAME,
        "DBInstanceClass": "db.m7g.large",
        "Engine": "postgres",
        "DBInstanceStatus": _STATE,
        "MasterUsername": "postgres",
        "DBName": "orders",
        "Endpoint": {
            "Address": f"{_NAME}.a1b2c3d4e5f6.us-east-1.rds.amazonaws.com",
            "Port": "5432",
            "HostedZoneId": "Z2R2ITUGPM61AM",
        },
        "AllocatedStorage": "100",
        "InstanceCreateTime": _AT,
        "PreferredBackupWindow": "03:00-04:00",
        "BackupRetentionPeriod": "7",
        "DBSecurityGroups": None,
        "VpcSecurityGroups": {"VpcSecurityGroupMembership": {"VpcSecurityGroupId": _GROUP, "Status": "active"}},
        "DBParameterGroups": {
            "DBParameterGroup": {"DBParameterGroupName": "orders-postgres17", "ParameterApplyStatus": "in-sync"}
        },
        "AvailabilityZone": _ZONE,
        "DBSubnetGroup": {
            "DBSubnetGroupName": "private",
            "DBSubnetGroupDescription": "Private subnets of production",
            "VpcId": _VPC,
            "SubnetGroupStatus": "Complete",
            "Subnets": {
                "Subnet": [
                    {
                        "SubnetIdentifier": _SUBNET,
                        "SubnetAvailabilityZone": {"Name": f"us-east-1{letter}"},
                        "SubnetOutpost": None,
                        "SubnetStatus": "Active",
                    }
                    for letter in "abc"
                ]
            },
        },
        "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
        "PendingModifiedValues": None,
        "MultiAZ": "true",
        "EngineVersion": "17.6",
        "AutoMinorVersionUpgrade": "true",
        "ReadReplicaDBInstanceIdentifiers": None,
        "LicenseModel": "postgresql-license",
        "StorageThroughput": "125",
        "Iops": "3000",
        "OptionGroupMemberships": {
            "OptionGroupMembership": {"OptionGroupName": "default:postgres-17", "Status": "in-sync"}
        },
        "PubliclyAccessible": "false",
        "StorageType": "gp3",
        "DbInstancePort": "0",
        "StorageEncrypted": "true",
        "KmsKeyId": f"arn:aws:kms:us-east-1:{_ACCOUNT}:key/a1b2c3d4-e5f6-0718-a1b2-c3d4e5f60718",
        "DbiResourceId": "db-A1B2C3D4E5F60718A1B2C3D4E5",
        "CACertificateIdentifier": "rds-ca-rsa2048-g1",
        "DomainMemberships": None,
        "CopyTagsToSnapshot": "true",
        "MonitoringInterval": "60",
        "DBInstanceArn": f"arn:aws:rds:us-east-1:{_ACCOUNT}:db:{_NAME}",
        "IAMDatabaseAuthenticationEnabled": "true",
        "PerformanceInsightsEnabled": "true",
        "DeletionProtection": "true",
        "AssociatedRoles": None,
        "TagList": {"Tag": [{"Key": key, "Value": f"value-of-{key}"} for key in TAGS]},
        "CustomerOwnedIpEnabled": "false",
        "BackupTarget": "region",
        "NetworkType": "IPV4",
        "CertificateDetails": {"CAIdentifier": "rds-ca-rsa2048-g1", "ValidTill": _AT},
        "DedicatedLogVolume": "false",
        "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
    },
)
_SERVICE = json.dumps(
    {
        "serviceArn": f"{_ECS}:service/{CLUSTER}/{_NAME}",
        "serviceName": _NAME,
        "clusterArn": f"{_ECS}:cluster/{CLUSTER}",
        "loadBalancers": [],
        "status": "ACTIVE",
        "desiredCount": 2,
        "runningCount": _STATE,
        "pendingCount": 0,
        "launchType": "FARGATE",
        "taskDefinition": f"{_ECS}:task-definition/web:7",
        "deployments": [{"id": "ecs-svc/0718", "status": "PRIMARY", "desiredCount": 2, "rolloutState": "IN_PROGRESS"}],
        "events": [
            {"id": f"event-{number}", "createdAt": 1795248000.0, "message": f"(service {_NAME}) has started 1 tasks."}
            for number in range(12)
        ],
        "schedulingStrategy": "REPLICA",
        "propagateTags": "NONE",
    }
)
