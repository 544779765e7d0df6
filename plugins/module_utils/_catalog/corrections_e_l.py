"""Corrections of built-in waiters, for the services whose names begin with e to l."""

CORRECTIONS = {
    "ec2": {
        "ConversionTaskCancelled": [
            {
                "path": "ConversionTasks[].State",
                "failure": ["completed"],
                "reason": "A conversion that has completed can't be cancelled.",
            }
        ],
        "ConversionTaskDeleted": [
            {"gone": True, "reason": "EC2 knows no state deleted, and lists a deleted task no more."}
        ],
        "ExportTaskCancelled": [
            {
                "path": "ExportTasks[].State",
                "failure": ["completed"],
                "reason": "An export that has completed can't be cancelled.",
            }
        ],
        "ExportTaskCompleted": [
            {
                "path": "ExportTasks[].State",
                "failure": ["cancelling", "cancelled"],
                "reason": "An export that was cancelled never completes.",
            }
        ],
        "ImageAvailable": [
            {
                "path": "Images[].State",
                "failure": ["invalid", "error"],
                "reason": "An image that is invalid or in error never becomes available.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Images[].State",
                    "expected": "deregistered",
                },
                "reason": "A deregistered image never becomes available.",
            },
        ],
        "ImageUsageReportAvailable": [
            {
                "path": "ImageUsageReports[].State",
                "failure": ["error"],
                "reason": "EC2 writes error where a report could not be created, never failed.",
            }
        ],
        "InstanceTerminated": [{"gone": True, "reason": "A terminated instance is forgotten after about an hour."}],
        "NetworkInterfaceAvailable": [
            {
                "was": {"expected": "InvalidNetworkInterfaceID.NotFound", "matcher": "error", "state": "failure"},
                "now": {"expected": "InvalidNetworkInterfaceID.NotFound", "matcher": "error", "state": "retry"},
                "reason": "A new network interface is not found for its first moments.",
            }
        ],
        "SnapshotImported": [
            {
                "path": "ImportSnapshotTasks[].SnapshotTaskDetail.Status",
                "failure": ["deleting", "deleted"],
                "reason": "An import that failed or was cancelled ends as deleted.",
            }
        ],
        "SubnetAvailable": [
            {
                "path": "Subnets[].State",
                "failure": ["failed", "failed-insufficient-capacity"],
                "reason": "A subnet that failed never becomes available.",
            }
        ],
        "VolumeAvailable": [
            {"path": "Volumes[].State", "failure": ["error"], "reason": "A volume in error never becomes available."},
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Volumes[].State",
                    "expected": "deleting",
                },
                "reason": "A volume that is being deleted never becomes available.",
            },
        ],
        "VolumeInUse": [
            {"path": "Volumes[].State", "failure": ["error"], "reason": "A volume in error is never attached."},
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Volumes[].State",
                    "expected": "deleting",
                },
                "reason": "A volume that is being deleted is never attached.",
            },
        ],
        "VpcAvailable": [
            {
                "now": {"state": "failure", "matcher": "pathAll", "argument": "Vpcs[].State", "expected": "deleting"},
                "reason": "A VPC that is being deleted never becomes available.",
            }
        ],
        "VpnConnectionDeleted": [{"gone": True, "reason": "A deleted VPN connection is forgotten after a while."}],
        "SecondaryNetworkCreateComplete": [
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "SecondaryNetworks[].State",
                    "expected": ["delete-in-progress", "delete-failed", "delete-complete"],
                },
                "reason": "The creation of a network that is deleted never completes.",
            }
        ],
        "SecondaryNetworkDeleteComplete": [{"gone": True, "reason": "A deleted network is forgotten after a while."}],
        "SecondarySubnetCreateComplete": [
            {
                "was": {
                    "expected": "delete-failed",
                    "matcher": "pathAny",
                    "state": "failure",
                    "argument": "SecondarySubnets[].State",
                },
                "now": {
                    "expected": "create-failed",
                    "matcher": "pathAny",
                    "state": "failure",
                    "argument": "SecondarySubnets[].State",
                },
                "reason": "A creation that fails ends in create-failed, not in delete-failed.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "SecondarySubnets[].State",
                    "expected": ["delete-in-progress", "delete-failed", "delete-complete"],
                },
                "reason": "The creation of a subnet that is deleted never completes.",
            },
        ],
        "SecondarySubnetDeleteComplete": [{"gone": True, "reason": "A deleted subnet is forgotten after a while."}],
    },
    "ecr": {
        "ImageScanComplete": [
            {
                "path": "imageScanStatus.status",
                "failure": ["UNSUPPORTED_IMAGE", "SCAN_ELIGIBILITY_EXPIRED", "IMAGE_ARCHIVED", "IMAGE_SIZE_EXCEEDED"],
                "reason": "An image that can't be scanned, or can't any more, never has a complete scan.",
            }
        ],
        "LifecyclePolicyPreviewComplete": [
            {"path": "status", "failure": ["EXPIRED"], "reason": "A preview that has expired never completes."}
        ],
    },
    "ecs": {
        "DaemonDeploymentStopped": [
            {
                "path": "daemonDeployments[].status",
                "failure": ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"],
                "reason": "A deployment that has ended otherwise isn't stopped any more.",
            }
        ],
        "ServicesInactive": [
            {
                "was": {
                    "matcher": "pathAny",
                    "argument": "services[].status",
                    "state": "success",
                    "expected": "INACTIVE",
                },
                "now": {
                    "matcher": "pathAll",
                    "argument": "services[].status",
                    "state": "success",
                    "expected": "INACTIVE",
                },
                "reason": "All services must be inactive, not any of them.",
            }
        ],
        "ServicesStable": [
            {
                "path": "services[].deployments[?status=='PRIMARY' && contains(not_null(rolloutStateReason, ''),"
                " 'rolling back')][].rolloutState",
                "failure": ["IN_PROGRESS"],
                "reason": "A service that is rolled back becomes stable only as it was before.",
            },
            {
                "path": "services[?length(deployments)!=`1`||runningCount!=desiredCount][]"
                ".deployments[?status=='PRIMARY'][].rolloutState",
                "failure": ["FAILED"],
                "reason": "A deployment that has failed starts no more tasks.",
            },
            {
                "was": {
                    "argument": "length(services[?!(length(deployments) == `1` && runningCount == desiredCount)])"
                    " == `0`",
                    "expected": True,
                    "matcher": "path",
                    "state": "success",
                },
                "now": {
                    "argument": "length(services[?!(runningCount == desiredCount && (length(not_null(deployments,"
                    " `[]`)) == `1` && !contains(['CODE_DEPLOY', 'EXTERNAL'], deploymentController.type)"
                    " || taskSets[?status=='PRIMARY'] && !(taskSets[?status!='DRAINING' &&"
                    " stabilityStatus!='STEADY_STATE'])))]) == `0`",
                    "expected": True,
                    "matcher": "path",
                    "state": "success",
                },
                "reason": "Under CODE_DEPLOY or EXTERNAL a service has task sets and no deployments.",
            },
        ],
        "TasksStopped": [{"gone": True, "reason": "A stopped task is forgotten after about an hour."}],
    },
    "eks": {
        "NodegroupActive": [
            {
                "path": "nodegroup.status",
                "failure": ["DELETING", "DELETE_FAILED"],
                "reason": "A node group that is deleted never becomes active.",
            }
        ],
        "AddonActive": [
            {
                "path": "addon.status",
                "failure": ["DELETING", "DELETE_FAILED"],
                "reason": "An add-on that is deleted never becomes active.",
            }
        ],
        "FargateProfileActive": [
            {
                "path": "fargateProfile.status",
                "failure": ["DELETING", "DELETE_FAILED"],
                "reason": "A Fargate profile that is deleted never becomes active.",
            }
        ],
    },
    "elasticache": {
        "ReplicationGroupAvailable": [
            {
                "path": "ReplicationGroups[].Status",
                "failure": ["create-failed"],
                "reason": "A replication group that could not be created never becomes available.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "ReplicationGroups[].Status",
                    "expected": "deleting",
                },
                "reason": "A replication group that is being deleted never becomes available.",
            },
        ]
    },
    "elasticbeanstalk": {
        "EnvironmentExists": [
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Environments[].Status",
                    "expected": "Terminated",
                },
                "reason": "A terminated environment never becomes ready.",
            }
        ],
        "EnvironmentUpdated": [
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Environments[].Status",
                    "expected": "Terminated",
                },
                "reason": "A terminated environment never becomes ready.",
            }
        ],
        "EnvironmentTerminated": [
            {"gone": True, "reason": "A terminated environment is listed no more after about an hour."}
        ],
    },
    "elbv2": {
        "LoadBalancerAvailable": [
            {
                "path": "LoadBalancers[].State.Code",
                "failure": ["failed"],
                "reason": "A load balancer that could not be set up never becomes active.",
            }
        ]
    },
    "emr": {
        "StepComplete": [
            {
                "path": "Step.Status.State",
                "failure": ["INTERRUPTED"],
                "reason": "A step that was interrupted never completes.",
            }
        ]
    },
    "eventbridgev2": {
        "EventBusActive": [
            {
                "path": "State",
                "failure": ["DELETING"],
                "reason": "An event bus that is being deleted never becomes active.",
            }
        ]
    },
    "gameliftstreams": {
        "ApplicationReady": [
            {
                "path": "Status",
                "failure": ["DELETING"],
                "reason": "An application that is being deleted never becomes ready.",
            }
        ],
        "StreamGroupActive": [
            {
                "path": "Status",
                "failure": ["EXPIRED"],
                "reason": "A stream group that has expired never becomes active.",
            }
        ],
        "StreamSessionActive": [
            {
                "now": {"state": "success", "matcher": "path", "argument": "Status", "expected": "CONNECTED"},
                "reason": "A session that a client has joined has become active before.",
            },
            {
                "path": "Status",
                "failure": ["TERMINATING", "TERMINATED"],
                "reason": "A session that is terminated never becomes active.",
            },
        ],
    },
    "groundstation": {
        "ContactScheduled": [
            {
                "path": "contactStatus",
                "failure": ["CANCELLING", "CANCELLED", "AWS_CANCELLED", "FAILED", "AWS_FAILED"],
                "reason": "A contact that was cancelled or failed is never scheduled.",
            },
            {
                "now": {
                    "state": "success",
                    "matcher": "path",
                    "argument": "contactStatus",
                    "expected": ["PREPASS", "PASS", "POSTPASS", "COMPLETED"],
                },
                "reason": "A contact that is under way or over has been scheduled.",
            },
        ],
        "ContactUpdated": [
            {
                "path": "version.status",
                "failure": ["SUPERSEDED"],
                "reason": "A version that a later one has replaced never becomes active.",
            }
        ],
    },
    "healthlake": {
        "FHIRDatastoreActive": [
            {
                "path": "DatastoreProperties.DatastoreStatus",
                "failure": ["DELETING", "UPDATE_FAILED"],
                "reason": "A data store whose update failed or that is being deleted never becomes active.",
            }
        ],
        "FHIRDatastoreDeleted": [{"gone": True, "reason": "A deleted data store is forgotten after a while."}],
        "FHIRImportJobCompleted": [
            {
                "path": "ImportJobProperties.JobStatus",
                "failure": ["CANCEL_COMPLETED", "CANCEL_FAILED"],
                "reason": "A job that was cancelled never completes.",
            }
        ],
    },
    "imagebuilder": {
        "ImageAvailable": [
            {
                "path": "image.state.status",
                "failure": ["DEPRECATED", "DISABLED", "DELETED"],
                "reason": "An image that is deprecated, disabled or deleted never becomes available.",
            }
        ]
    },
    "inspector2": {
        "ConnectorDeleted": [
            {
                "now": {
                    "state": "success",
                    "matcher": "pathAll",
                    "argument": "items[].enablementStatus",
                    "expected": "DELETED",
                },
                "reason": "A deleted connector may still be listed.",
            }
        ],
        "ConnectorEnabled": [
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "items[].enablementStatus",
                    "expected": ["PENDING_DELETION", "DELETED", "FAILED_TO_DELETE"],
                },
                "reason": "A connector that is deleted never becomes enabled.",
            }
        ],
    },
    "interconnect": {
        "ConnectionAvailable": [
            {
                "path": "connection.state",
                "failure": ["failed", "deleting"],
                "reason": "A connection that failed or is being deleted never becomes available.",
            }
        ],
        "ConnectionDeleted": [{"gone": True, "reason": "A deleted connection is forgotten after a while."}],
    },
    "iotsitewise": {
        "AssetModelActive": [
            {
                "path": "assetModelStatus.state",
                "failure": ["DELETING"],
                "reason": "An asset model that is being deleted never becomes active.",
            }
        ],
        "AssetActive": [
            {
                "path": "assetStatus.state",
                "failure": ["DELETING"],
                "reason": "An asset that is being deleted never becomes active.",
            }
        ],
        "PortalActive": [
            {
                "path": "portalStatus.state",
                "failure": ["FAILED", "DELETING"],
                "reason": "A portal that failed or is being deleted never becomes active.",
            }
        ],
    },
    "kinesis": {
        "StreamExists": [
            {
                "path": "StreamDescription.StreamStatus",
                "failure": ["DELETING"],
                "reason": "A stream that is being deleted never becomes active.",
            }
        ]
    },
    "lambda": {
        "FunctionActive": [
            {
                "path": "State",
                "failure": ["Deleting"],
                "reason": "A function that is being deleted never becomes active.",
            }
        ],
        "FunctionActiveV2": [
            {
                "path": "Configuration.State",
                "failure": ["Deleting"],
                "reason": "A function that is being deleted never becomes active.",
            }
        ],
        "PublishedVersionActive": [
            {
                "path": "State",
                "failure": ["Deleting"],
                "reason": "A function that is being deleted never becomes active.",
            }
        ],
    },
    "lambda-core": {
        "RuntimeAliasActive": [
            {
                "path": "State",
                "failure": ["DELETING", "PENDING_DELETION"],
                "reason": "An alias that is deleted never becomes active.",
            }
        ],
        "RuntimeVersionActive": [
            {
                "path": "State",
                "failure": ["DELETING", "PENDING_DELETION"],
                "reason": "A version that is deleted never becomes active.",
            }
        ],
    },
}
