"""Corrections of built-in waiters, for the services whose names begin with a to d."""

CORRECTIONS = {
    "account-access": {
        "ApplicationActive": [
            {
                "path": "status",
                "failure": ["DELETE_IN_PROGRESS"],
                "reason": "An application that is being deleted never becomes active.",
            }
        ]
    },
    "acm": {
        "AcmeDomainValidationValidated": [
            {
                "path": "AcmeDomainValidation.Status",
                "failure": ["DELETING"],
                "reason": "A domain validation that is being deleted never becomes valid.",
            }
        ],
        "AcmeEndpointActive": [
            {
                "path": "AcmeEndpoint.Status",
                "failure": ["DELETING"],
                "reason": "An endpoint that is being deleted never becomes active.",
            }
        ],
        "CertificateValidated": [
            {
                "path": "Certificate.DomainValidationOptions[].ValidationStatus",
                "failure": ["FAILED"],
                "reason": "A domain whose validation failed isn't validated again.",
            },
            {
                "path": "Certificate.Status",
                "failure": ["VALIDATION_TIMED_OUT"],
                "reason": "A certificate whose validation timed out is never issued.",
            },
            {
                "now": {"state": "success", "matcher": "path", "argument": "Certificate.Status", "expected": "ISSUED"},
                "reason": "An issued certificate is valid, also a private one, which lists no validations.",
            },
        ],
    },
    "agent-registry-control": {
        "RegistryReady": [
            {
                "path": "status",
                "failure": ["DELETING"],
                "reason": "A registry that is being deleted never becomes ready.",
            }
        ]
    },
    "amp": {
        "AnomalyDetectorActive": [
            {
                "path": "anomalyDetector.status.statusCode",
                "failure": ["CREATION_FAILED", "UPDATE_FAILED", "DELETING", "DELETION_FAILED"],
                "reason": "An anomaly detector that failed or is being deleted never becomes active.",
            }
        ],
        "AnomalyDetectorDeleted": [
            {
                "path": "anomalyDetector.status.statusCode",
                "failure": ["DELETION_FAILED"],
                "reason": "A deletion that failed isn't tried again.",
            }
        ],
        "ScraperActive": [
            {
                "path": "scraper.status.statusCode",
                "failure": ["UPDATE_FAILED", "DELETING", "DELETION_FAILED"],
                "reason": "A scraper that failed or is being deleted never becomes active.",
            }
        ],
        "WorkspaceActive": [
            {
                "path": "workspace.status.statusCode",
                "failure": ["CREATION_FAILED", "DELETING"],
                "reason": "A workspace that failed or is being deleted never becomes active.",
            }
        ],
    },
    "appconfig": {
        "EnvironmentReadyForDeployment": [
            {
                "was": {"state": "success", "matcher": "path", "argument": "State", "expected": "ReadyForDeployment"},
                "now": {"state": "success", "matcher": "path", "argument": "State", "expected": "READY_FOR_DEPLOYMENT"},
                "reason": "AppConfig writes READY_FOR_DEPLOYMENT, so ReadyForDeployment never matches.",
            },
            {
                "was": {"state": "failure", "matcher": "path", "argument": "State", "expected": "RolledBack"},
                "now": {"state": "failure", "matcher": "path", "argument": "State", "expected": "ROLLED_BACK"},
                "reason": "AppConfig writes ROLLED_BACK, so RolledBack never matches.",
            },
            {
                "was": {"state": "failure", "matcher": "path", "argument": "State", "expected": "Reverted"},
                "now": {"state": "failure", "matcher": "path", "argument": "State", "expected": "REVERTED"},
                "reason": "AppConfig writes REVERTED, so Reverted never matches.",
            },
        ]
    },
    "bedrock-agentcore-control": {
        "MemoryCreated": [
            {
                "path": "memory.status",
                "failure": ["DELETING"],
                "reason": "A memory that is being deleted never becomes active.",
            }
        ],
        "PolicyActive": [
            {
                "path": "status",
                "failure": ["DELETING"],
                "reason": "A policy that is being deleted never becomes active.",
            }
        ],
        "PolicyEngineActive": [
            {
                "path": "status",
                "failure": ["DELETING"],
                "reason": "A policy engine that is being deleted never becomes active.",
            }
        ],
    },
    "cloudformation": {
        "StackCreateComplete": [
            {
                "now": {
                    "state": "success",
                    "matcher": "pathAll",
                    "argument": "Stacks[].StackStatus",
                    "expected": "IMPORT_COMPLETE",
                },
                "reason": "A stack that resources were imported into has been created.",
            }
        ],
        "StackUpdateComplete": [
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Stacks[].StackStatus",
                    "expected": [
                        "ROLLBACK_COMPLETE",
                        "ROLLBACK_FAILED",
                        "DELETE_IN_PROGRESS",
                        "DELETE_FAILED",
                        "DELETE_COMPLETE",
                    ],
                },
                "reason": "A stack whose creation was rolled back, or that is deleted, can't be updated.",
            }
        ],
        "StackImportComplete": [
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Stacks[].StackStatus",
                    "expected": ["DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE"],
                },
                "reason": "Nothing can be imported into a stack that is deleted.",
            }
        ],
        "StackRollbackComplete": [
            {
                "now": {
                    "state": "success",
                    "matcher": "pathAll",
                    "argument": "Stacks[].StackStatus",
                    "expected": "ROLLBACK_COMPLETE",
                },
                "reason": "The rollback of a stack's creation ends in ROLLBACK_COMPLETE.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "Stacks[].StackStatus",
                    "expected": ["ROLLBACK_FAILED", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"],
                },
                "reason": "A rollback that failed, or a stack that is deleted, isn't rolled back any more.",
            },
        ],
        "ChangeSetCreateComplete": [
            {
                "path": "Status",
                "failure": ["DELETE_PENDING", "DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED"],
                "reason": "The creation of a change set that is deleted never completes.",
            }
        ],
        "StackRefactorCreateComplete": [
            {
                "path": "Status",
                "failure": ["DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED"],
                "reason": "The creation of a stack refactor that is deleted never completes.",
            }
        ],
        "StackRefactorExecuteComplete": [
            {
                "path": "ExecutionStatus",
                "failure": ["OBSOLETE", "ROLLBACK_FAILED"],
                "reason": "A stack refactor that is obsolete or whose rollback failed is never executed.",
            }
        ],
    },
    "codeguru-reviewer": {
        "RepositoryAssociationSucceeded": [
            {
                "path": "RepositoryAssociation.State",
                "failure": ["Disassociating", "Disassociated"],
                "reason": "A repository that is being disassociated never becomes associated.",
            }
        ],
        "CodeReviewCompleted": [
            {
                "path": "CodeReview.State",
                "failure": ["Deleting"],
                "reason": "A review that is being deleted never becomes complete.",
            }
        ],
    },
    "deadline": {
        "JobComplete": [
            {
                "path": "lifecycleStatus",
                "failure": ["CREATE_FAILED", "UPLOAD_FAILED"],
                "reason": "A job whose creation failed never runs.",
            }
        ],
        "JobSucceeded": [
            {
                "path": "lifecycleStatus",
                "failure": ["CREATE_FAILED", "UPLOAD_FAILED"],
                "reason": "A job whose creation failed never runs.",
            }
        ],
        "LicenseEndpointValid": [
            {
                "path": "status",
                "failure": ["DELETE_IN_PROGRESS"],
                "reason": "A license endpoint that is being deleted never becomes ready.",
            }
        ],
    },
    "dms": {
        "ReplicationInstanceAvailable": [
            {
                "path": "ReplicationInstances[].ReplicationInstanceStatus",
                "failure": ["failed"],
                "reason": "A replication instance that failed never becomes available.",
            },
            {
                "now": {
                    "state": "failure",
                    "matcher": "pathAll",
                    "argument": "ReplicationInstances[].ReplicationInstanceStatus",
                    "expected": "deleted",
                },
                "reason": "A deleted replication instance never becomes available.",
            },
        ],
        "MetadataModelImported": [
            {
                "path": "Requests[].Status",
                "failure": ["CANCELED"],
                "reason": "A request that was cancelled never succeeds.",
            }
        ],
        "MetadataModelAssessed": [
            {
                "path": "Requests[].Status",
                "failure": ["CANCELED"],
                "reason": "A request that was cancelled never succeeds.",
            }
        ],
        "MetadataModelConverted": [
            {
                "path": "Requests[].Status",
                "failure": ["CANCELED"],
                "reason": "A request that was cancelled never succeeds.",
            }
        ],
        "MetadataModelExportedAsScript": [
            {
                "path": "Requests[].Status",
                "failure": ["CANCELED"],
                "reason": "A request that was cancelled never succeeds.",
            }
        ],
        "MetadataModelExportedToTarget": [
            {
                "path": "Requests[].Status",
                "failure": ["CANCELED"],
                "reason": "A request that was cancelled never succeeds.",
            }
        ],
        "MetadataModelCreated": [
            {
                "path": "Requests[].Status",
                "failure": ["CANCELED"],
                "reason": "A request that was cancelled never succeeds.",
            }
        ],
        "ExtensionPackAssociated": [
            {
                "path": "Requests[].Status",
                "failure": ["CANCELED"],
                "reason": "A request that was cancelled never succeeds.",
            }
        ],
        "MetadataModelConversionCancelled": [
            {
                "path": "Requests[].Status",
                "failure": ["SUCCESS"],
                "reason": "A request that succeeded before it could be cancelled stays so.",
            }
        ],
        "MetadataModelCreationCancelled": [
            {
                "path": "Requests[].Status",
                "failure": ["SUCCESS"],
                "reason": "A request that succeeded before it could be cancelled stays so.",
            }
        ],
    },
    "docdb": {
        "DBInstanceAvailable": [
            {
                "path": "DBInstances[].DBInstanceStatus",
                "failure": ["inaccessible-encryption-credentials"],
                "reason": "A database whose encryption key is lost never becomes available.",
            }
        ]
    },
    "dsql": {
        "ClusterActive": [
            {
                "path": "status",
                "failure": ["FAILED", "PENDING_DELETE", "DELETING", "DELETED"],
                "reason": "A cluster that failed or is deleted never becomes active.",
            }
        ],
        "StreamActive": [
            {
                "path": "status",
                "failure": ["FAILED", "DELETING", "DELETED"],
                "reason": "A stream that failed or is deleted never becomes active.",
            }
        ],
    },
    "dynamodb": {
        "TableExists": [
            {
                "path": "Table.TableStatus",
                "failure": ["INACCESSIBLE_ENCRYPTION_CREDENTIALS"],
                "reason": "A table whose encryption key can't be used stays so until somebody mends the key.",
            },
            {
                "path": "Table.TableStatus",
                "failure": ["ARCHIVING", "ARCHIVED"],
                "reason": "An archived table never becomes active.",
            },
        ]
    },
}
