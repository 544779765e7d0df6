# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters and filters that list ids, and the lists in the response that repeat them, where names don't tell.

Source: the API references of the operations.
"""

from __future__ import annotations

from .._engine.response_split import ItemList


def _list(name: str, *keys: str) -> tuple[ItemList, ...]:
    return (ItemList((name,), tuple((key, (key,)) for key in keys)),)


def _members(name: str, remarks: str, key: str) -> tuple[ItemList, ...]:
    """A list, and one of remarks about what isn't in it."""
    [items], [noted] = _list(name, key), _list(remarks, key)
    return (items, noted._replace(echoes_only=True))


# (service, operation, parameter) → the lists of the response that the names don't lead to. StoreImageTasks calls an
# image AmiId, a project version is known by its ARN alone, a stack is requested by its name or by its id, which is an
# ARN, a parameter also by "name:version", of which the response has only the name; ECR's preview is not a list of the
# requested images; what belongs to one other resource (an address's allocation) may be known by that
BY_HAND: dict[tuple[str, str, str], tuple[ItemList, ...]] = {
    ("autoscaling", "DescribeInstanceRefreshes", "InstanceRefreshIds"): _list("InstanceRefreshes", "InstanceRefreshId"),
    ("batch", "DescribeJobs", "jobs"): _list("jobs", "jobId"),  # not by name
    ("cloudformation", "DescribeStacks", "StackName"): _list("Stacks", "StackName", "StackId"),
    ("cloudsearch", "DescribeIndexFields", "FieldNames"): (
        ItemList(("IndexFields",), (("IndexFieldName", ("Options", "IndexFieldName")),)),
    ),
    ("detective", "GetMembers", "AccountIds"): _members("MemberDetails", "UnprocessedAccounts", "AccountId"),
    ("ec2", "DescribeAddresses", "AllocationIds"): _list("Addresses", "AllocationId"),
    ("ec2", "DescribeAddresses", "PublicIps"): _list("Addresses", "PublicIp"),
    ("ec2", "DescribeAddressesAttribute", "AllocationIds"): _list("Addresses", "AllocationId"),
    ("ec2", "DescribeAddressTransfers", "AllocationIds"): _list("AddressTransfers", "AllocationId"),
    ("ec2", "DescribeClientVpnTargetNetworks", "AssociationIds"): _list("ClientVpnTargetNetworks", "AssociationId"),
    ("ec2", "DescribeStoreImageTasks", "ImageIds"): _list("StoreImageTaskResults", "AmiId"),
    ("ec2", "DescribeTransitGatewayConnects", "TransitGatewayAttachmentIds"): _list(
        "TransitGatewayConnects", "TransitGatewayAttachmentId"
    ),
    ("ecr", "GetLifecyclePolicyPreview", "imageIds"): (),
    ("elasticache", "DescribeUpdateActions", "CacheClusterIds"): _list("UpdateActions", "CacheClusterId"),
    ("elasticache", "DescribeUpdateActions", "ReplicationGroupIds"): _list("UpdateActions", "ReplicationGroupId"),
    ("guardduty", "GetMembers", "AccountIds"): _members("Members", "UnprocessedAccounts", "AccountId"),
    ("memorydb", "DescribeServiceUpdates", "ClusterNames"): _list("ServiceUpdates", "ClusterName"),
    ("ram", "ListReplacePermissionAssociationsWork", "workIds"): _list("replacePermissionAssociationsWorks", "id"),
    ("rekognition", "DescribeProjects", "ProjectNames"): (
        ItemList(("ProjectDescriptions",), (("ProjectArn", ("ProjectArn",)),), arn_segment=1),
    ),
    ("rekognition", "DescribeProjectVersions", "VersionNames"): (
        ItemList(("ProjectVersionDescriptions",), (("ProjectVersionArn", ("ProjectVersionArn",)),), arn_segment=3),
    ),
    ("securityhub", "GetMembers", "AccountIds"): _members("Members", "UnprocessedAccounts", "AccountId"),
    ("securitylake", "ListDataLakes", "regions"): _list("dataLakes", "region"),
    ("ssm", "GetParameters", "Names"): (
        ItemList(("Parameters",), (("Name", ("Name",)), ("ARN", ("ARN",))), is_guess=True),
    ),
    ("storagegateway", "DescribeFileSystemAssociations", "FileSystemAssociationARNList"): _list(
        "FileSystemAssociationInfoList", "FileSystemAssociationARN"
    ),
    ("storagegateway", "DescribeNFSFileShares", "FileShareARNList"): _list("NFSFileShareInfoList", "FileShareARN"),
    ("storagegateway", "DescribeSMBFileShares", "FileShareARNList"): _list("SMBFileShareInfoList", "FileShareARN"),
    ("storagegateway", "DescribeCachediSCSIVolumes", "VolumeARNs"): _list("CachediSCSIVolumes", "VolumeARN"),
    ("storagegateway", "DescribeStorediSCSIVolumes", "VolumeARNs"): _list("StorediSCSIVolumes", "VolumeARN"),
    ("support", "DescribeTrustedAdvisorCheckRefreshStatuses", "checkIds"): _list("statuses", "checkId"),
    ("workspaces", "DescribeConnectionAliases", "AliasIds"): _list("ConnectionAliases", "AliasId"),
    ("workspaces", "DescribeWorkspaceDirectories", "WorkspaceDirectoryNames"): _list(
        "Directories", "WorkspaceDirectoryName"
    ),
}
# (service, operation, filter) → the same of filters that select by another id, by a name, or by the one resource that
# each item belongs to
FILTERS_BY_HAND: dict[tuple[str, str, str], tuple[ItemList, ...]] = {
    ("dms", "DescribeConnections", "endpoint-arn"): _list("Connections", "EndpointArn"),
    ("dms", "DescribeEventSubscriptions", "event-subscription-id"): _list(
        "EventSubscriptionsList", "CustSubscriptionId"
    ),
    ("dms", "DescribeReplications", "replication-config-arn"): _list("Replications", "ReplicationConfigArn"),
    ("dms", "DescribeReplications", "replication-config-id"): _list("Replications", "ReplicationConfigIdentifier"),
    ("drs", "DescribeRecoveryInstances", "sourceServerIDs"): _list("items", "sourceServerID"),
    ("ec2", "DescribeClientVpnEndpoints", "endpoint-id"): _list("ClientVpnEndpoints", "ClientVpnEndpointId"),
    ("ec2", "DescribeFastSnapshotRestores", "snapshot-id"): _list("FastSnapshotRestores", "SnapshotId"),
    ("ec2", "DescribeIamInstanceProfileAssociations", "instance-id"): _list(
        "IamInstanceProfileAssociations", "InstanceId"
    ),
    ("ec2", "DescribeSecurityGroupVpcAssociations", "group-id"): _list("SecurityGroupVpcAssociations", "GroupId"),
    ("ec2", "DescribeSnapshotTierStatus", "snapshot-id"): _list("SnapshotTierStatuses", "SnapshotId"),
    ("ec2", "DescribeVpcEndpointConnections", "vpc-endpoint-id"): _list("VpcEndpointConnections", "VpcEndpointId"),
    ("ec2", "GetTransitGatewayRouteTableAssociations", "transit-gateway-attachment-id"): _list(
        "Associations", "TransitGatewayAttachmentId"
    ),
    ("ec2", "GetTransitGatewayRouteTablePropagations", "transit-gateway-attachment-id"): _list(
        "TransitGatewayRouteTablePropagations", "TransitGatewayAttachmentId"
    ),
    ("rds", "DescribeBlueGreenDeployments", "blue-green-deployment-name"): _list(
        "BlueGreenDeployments", "BlueGreenDeploymentName"
    ),
    ("rds", "DescribeDBCapacityReservations", "db-capacity-reservation-name"): _list(
        "DBCapacityReservations", "DBCapacityReservationName"
    ),
    ("rds", "DescribeDBClusterBacktracks", "db-cluster-backtrack-id"): _list(
        "DBClusterBacktracks", "BacktrackIdentifier"
    ),
    ("rds", "DescribeDBClusters", "db-cluster-resource-id"): _list("DBClusters", "DbClusterResourceId"),
    ("rds", "DescribeDBInstanceAutomatedBackups", "db-instance-id"): _list(
        "DBInstanceAutomatedBackups", "DBInstanceIdentifier", "DBInstanceArn"
    ),
    ("rds", "DescribeDBInstanceAutomatedBackups", "dbi-resource-id"): _list(
        "DBInstanceAutomatedBackups", "DbiResourceId"
    ),
    ("rds", "DescribeDBInstances", "dbi-resource-id"): _list("DBInstances", "DbiResourceId"),
    ("rds", "DescribeTenantDatabases", "tenant-database-resource-id"): _list(
        "TenantDatabases", "TenantDatabaseResourceId"
    ),
    ("ssm", "DescribeAutomationExecutions", "ExecutionId"): _list(
        "AutomationExecutionMetadataList", "AutomationExecutionId"
    ),
    ("ssm", "DescribeInstanceProperties", "InstanceIds"): _list("InstanceProperties", "InstanceId"),
    ("ssm", "ListNodes", "InstanceId"): _list("Nodes", "Id"),
}
