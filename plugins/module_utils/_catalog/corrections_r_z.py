"""Corrections of built-in waiters, for the services whose names begin with r to z."""

CORRECTIONS = {
    "rds": {
        "DBClusterAvailable": [
            {
                "path": "DBClusters[].Status",
                "failure": ["inaccessible-encryption-credentials"],
                "reason": "A database whose encryption key is lost never becomes available.",
            },
            {
                "path": "DBClusters[].Status",
                "failure": ["cloning-failed", "migration-failed"],
                "reason": "A cluster that could not be cloned or migrated never becomes available.",
            },
        ],
        "DBInstanceAvailable": [
            {
                "path": "DBInstances[].DBInstanceStatus",
                "failure": ["inaccessible-encryption-credentials"],
                "reason": "A database whose encryption key is lost never becomes available.",
            },
            {
                "path": "DBInstances[].DBInstanceStatus",
                "failure": ["incompatible-create", "insufficient-capacity", "restore-error"],
                "reason": "A database that could not be created or restored never becomes available.",
            },
        ],
        "TenantDatabaseAvailable": [
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "TenantDatabases[].Status",
                    "expected": "deleting",
                },
                "reason": "A tenant database that is being deleted never becomes available.",
            }
        ],
        "TenantDatabaseDeleted": [
            {
                "was": {"matcher": "error", "state": "success", "expected": "DBInstanceNotFoundFault"},
                "now": {"matcher": "error", "state": "success", "expected": "DBInstanceNotFound"},
                "reason": "RDS writes DBInstanceNotFound, so DBInstanceNotFoundFault never matches.",
            }
        ],
        "DBSnapshotCompleted": [
            {
                "was": {"expected": "DBSnapshotNotFound", "matcher": "error", "state": "success"},
                "reason": "A snapshot that doesn't exist isn't complete.",
            },
            {
                "path": "DBSnapshots[].Status",
                "failure": ["failed"],
                "reason": "A snapshot that failed never becomes available.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "DBSnapshots[].Status",
                    "expected": ["deleting", "deleted"],
                },
                "reason": "A snapshot that is deleted never becomes available.",
            },
        ],
    },
    "redshift": {
        "ClusterAvailable": [
            {
                "path": "Clusters[].ClusterStatus",
                "failure": ["incompatible-network", "incompatible-parameters", "incompatible-restore"],
                "reason": "A cluster that can't be set up as asked never becomes available.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Clusters[].ClusterStatus",
                    "expected": "final-snapshot",
                },
                "reason": "A cluster's final snapshot is part of its deletion.",
            },
        ],
        "ClusterRestored": [
            {
                "path": "Clusters[].RestoreStatus.Status",
                "failure": ["failed"],
                "reason": "A restore that failed never completes.",
            },
        ],
    },
    "rekognition": {
        "ProjectVersionTrainingCompleted": [
            {
                "now": {
                    "state": "success",
                    "matcher": "pathAll",
                    "argument": "ProjectVersionDescriptions[].Status",
                    "expected": ["STARTING", "RUNNING", "STOPPING", "STOPPED"],
                },
                "reason": "A model that has been started has been trained before.",
            },
            {
                "path": "ProjectVersionDescriptions[].Status",
                "failure": ["COPYING_FAILED", "DEPRECATED", "EXPIRED"],
                "reason": "A model that expired, or could not be copied, isn't trained any more.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "ProjectVersionDescriptions[].Status",
                    "expected": "DELETING",
                },
                "reason": "A model that is being deleted isn't trained any more.",
            },
        ],
        "ProjectVersionRunning": [
            {
                "path": "ProjectVersionDescriptions[].Status",
                "failure": ["TRAINING_FAILED", "COPYING_FAILED", "DEPRECATED", "EXPIRED"],
                "reason": "A model that failed, or has expired, never runs.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "ProjectVersionDescriptions[].Status",
                    "expected": "DELETING",
                },
                "reason": "A model that is being deleted never runs.",
            },
        ],
    },
    "repostspace": {
        "ChannelCreated": [
            {
                "path": "channelStatus",
                "failure": ["DELETING", "DELETE_FAILED", "DELETED"],
                "reason": "The creation of a channel that is deleted never completes.",
            }
        ],
        "SpaceCreated": [
            {
                "path": "status",
                "failure": ["DELETING", "DELETE_FAILED", "DELETED"],
                "reason": "The creation of a space that is deleted never completes.",
            }
        ],
    },
    "route53-recovery-control-config": {
        "ClusterCreated": [
            {
                "path": "Cluster.Status",
                "failure": ["PENDING_DELETION"],
                "reason": "A cluster that is being deleted never becomes deployed.",
            }
        ],
        "ControlPanelCreated": [
            {
                "path": "ControlPanel.Status",
                "failure": ["PENDING_DELETION"],
                "reason": "A control panel that is being deleted never becomes deployed.",
            }
        ],
        "RoutingControlCreated": [
            {
                "path": "RoutingControl.Status",
                "failure": ["PENDING_DELETION"],
                "reason": "A routing control that is being deleted never becomes deployed.",
            }
        ],
    },
    "rtbfabric": {
        "InboundExternalLinkActive": [
            {
                "path": "status",
                "failure": ["PENDING_DELETION"],
                "reason": "A link that is being deleted never becomes active.",
            }
        ],
        "InboundExternalLinkDeleted": [{"gone": True, "reason": "A deleted link is forgotten after a while."}],
        "LinkAccepted": [
            {
                "path": "status",
                "failure": ["PENDING_DELETION"],
                "reason": "A link that is being deleted never becomes accepted.",
            },
            {
                "now": {"state": "success", "matcher": "path", "argument": "status", "expected": "ACTIVE"},
                "reason": "An active link has been accepted.",
            },
        ],
        "LinkActive": [
            {
                "path": "status",
                "failure": ["PENDING_DELETION"],
                "reason": "A link that is being deleted never becomes active.",
            }
        ],
        "LinkDeleted": [{"gone": True, "reason": "A deleted link is forgotten after a while."}],
        "LinkRoutingRuleActive": [
            {
                "path": "status",
                "failure": ["DELETION_IN_PROGRESS"],
                "reason": "A rule that is being deleted never becomes active.",
            }
        ],
        "OutboundExternalLinkActive": [
            {
                "path": "status",
                "failure": ["PENDING_DELETION"],
                "reason": "A link that is being deleted never becomes active.",
            }
        ],
        "OutboundExternalLinkDeleted": [{"gone": True, "reason": "A deleted link is forgotten after a while."}],
        "RequesterGatewayActive": [
            {
                "path": "status",
                "failure": ["PENDING_DELETION"],
                "reason": "A gateway that is being deleted never becomes active.",
            }
        ],
        "ResponderGatewayActive": [
            {
                "path": "status",
                "failure": ["PENDING_DELETION"],
                "reason": "A gateway that is being deleted never becomes active.",
            }
        ],
    },
    "sagemaker": {
        "EndpointInService": [
            {
                "path": "EndpointStatus",
                "failure": ["Deleting", "UpdateRollbackFailed"],
                "reason": "An endpoint whose rollback failed or that is being deleted never becomes InService.",
            }
        ],
        "ImageCreated": [
            {
                "path": "ImageStatus",
                "failure": ["DELETING", "DELETE_FAILED"],
                "reason": "The creation of an image that is deleted never completes.",
            }
        ],
        "ImageUpdated": [
            {
                "path": "ImageStatus",
                "failure": ["CREATE_FAILED", "DELETING", "DELETE_FAILED"],
                "reason": "An image that could not be created or is deleted is never updated.",
            }
        ],
        "ImageVersionCreated": [
            {
                "path": "ImageVersionStatus",
                "failure": ["DELETING", "DELETE_FAILED"],
                "reason": "The creation of an image version that is deleted never completes.",
            }
        ],
        "NotebookInstanceInService": [
            {
                "path": "NotebookInstanceStatus",
                "failure": ["Deleting"],
                "reason": "A notebook instance that is being deleted never becomes InService.",
            }
        ],
        "NotebookInstanceStopped": [
            {
                "path": "NotebookInstanceStatus",
                "failure": ["Deleting"],
                "reason": "A notebook instance that is being deleted never becomes Stopped.",
            }
        ],
    },
    "ses": {
        "IdentityExists": [
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAny",
                    "argument": "VerificationAttributes.*.VerificationStatus",
                    "expected": "Failed",
                },
                "reason": "A verification that failed must be started again.",
            }
        ]
    },
    "ssm-incidents": {
        "WaitForReplicationSetActive": [
            {
                "path": "replicationSet.status",
                "failure": ["DELETING"],
                "reason": "A replication set that is being deleted never becomes active.",
            }
        ]
    },
}
