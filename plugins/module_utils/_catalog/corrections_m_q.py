"""Corrections of built-in waiters, for the services whose names begin with m to q."""

CORRECTIONS = {
    "machinelearning": {
        "DataSourceAvailable": [
            {
                "path": "Results[].Status",
                "failure": ["DELETED"],
                "reason": "A data source that is deleted never completes.",
            }
        ],
        "MLModelAvailable": [
            {"path": "Results[].Status", "failure": ["DELETED"], "reason": "A model that is deleted never completes."}
        ],
        "EvaluationAvailable": [
            {
                "path": "Results[].Status",
                "failure": ["DELETED"],
                "reason": "An evaluation that is deleted never completes.",
            }
        ],
        "BatchPredictionAvailable": [
            {
                "path": "Results[].Status",
                "failure": ["DELETED"],
                "reason": "A prediction that is deleted never completes.",
            }
        ],
    },
    "mediaconnect": {
        "FlowActive": [
            {
                "path": "Flow.Status",
                "failure": ["DELETING"],
                "reason": "A flow that is being deleted never becomes active.",
            }
        ],
        "FlowStandby": [
            {
                "path": "Flow.Status",
                "failure": ["DELETING"],
                "reason": "A flow that is being deleted never becomes idle.",
            }
        ],
        "InputActive": [
            {
                "path": "RouterInput.State",
                "failure": ["DELETING"],
                "reason": "An input that is being deleted never becomes active.",
            }
        ],
        "InputStandby": [
            {
                "path": "RouterInput.State",
                "failure": ["DELETING"],
                "reason": "An input that is being deleted never becomes idle.",
            }
        ],
        "OutputActive": [
            {
                "path": "RouterOutput.State",
                "failure": ["DELETING"],
                "reason": "An output that is being deleted never becomes active.",
            }
        ],
        "OutputStandby": [
            {
                "path": "RouterOutput.State",
                "failure": ["DELETING"],
                "reason": "An output that is being deleted never becomes idle.",
            }
        ],
    },
    "medialive": {
        "ChannelCreated": [
            {
                "path": "State",
                "failure": ["DELETING", "DELETED"],
                "reason": "A channel that is deleted never becomes idle.",
            }
        ],
        "ChannelRunning": [
            {
                "path": "State",
                "failure": ["CREATE_FAILED", "DELETING", "DELETED"],
                "reason": "A channel that failed or is deleted never becomes running.",
            }
        ],
        "ChannelStopped": [
            {
                "path": "State",
                "failure": ["CREATE_FAILED"],
                "reason": "A channel that could not be created never becomes idle.",
            }
        ],
        "ChannelDeleted": [{"gone": True, "reason": "A deleted channel is forgotten after a while."}],
        "InputAttached": [
            {
                "path": "State",
                "failure": ["DELETING", "DELETED"],
                "reason": "An input that is deleted never becomes attached.",
            }
        ],
        "InputDetached": [
            {
                "path": "State",
                "failure": ["DELETING", "DELETED"],
                "reason": "An input that is deleted never becomes detached.",
            }
        ],
        "InputDeleted": [{"gone": True, "reason": "A deleted input is forgotten after a while."}],
        "MultiplexCreated": [
            {
                "path": "State",
                "failure": ["DELETING", "DELETED"],
                "reason": "A multiplex that is deleted never becomes idle.",
            }
        ],
        "MultiplexRunning": [
            {
                "path": "State",
                "failure": ["CREATE_FAILED", "DELETING", "DELETED"],
                "reason": "A multiplex that failed or is deleted never becomes running.",
            }
        ],
        "MultiplexStopped": [
            {
                "path": "State",
                "failure": ["CREATE_FAILED", "DELETING", "DELETED"],
                "reason": "A multiplex that failed or is deleted never becomes idle.",
            }
        ],
        "MultiplexDeleted": [{"gone": True, "reason": "A deleted multiplex is forgotten after a while."}],
        "ClusterCreated": [
            {
                "path": "State",
                "failure": ["DELETING", "DELETE_FAILED", "DELETED"],
                "reason": "A cluster that is deleted never becomes active.",
            }
        ],
        "ClusterDeleted": [
            {"path": "State", "failure": ["DELETE_FAILED"], "reason": "A deletion that failed isn't tried again."},
            {"gone": True, "reason": "A deleted cluster is forgotten after a while."},
        ],
        "NodeRegistered": [
            {
                "path": "State",
                "failure": ["ACTIVATION_FAILED", "DEREGISTERING", "DEREGISTRATION_FAILED", "DEREGISTERED"],
                "reason": "A node that failed or is deregistered never becomes active.",
            }
        ],
        "NodeDeregistered": [
            {
                "path": "State",
                "failure": ["DEREGISTRATION_FAILED"],
                "reason": "A deregistration that failed isn't tried again.",
            },
            {"gone": True, "reason": "A deregistered node is forgotten after a while."},
        ],
        "ChannelPlacementGroupAssigned": [
            {
                "path": "State",
                "failure": ["DELETING", "DELETE_FAILED", "DELETED"],
                "reason": "A group that is deleted never becomes assigned.",
            }
        ],
        "ChannelPlacementGroupUnassigned": [
            {
                "path": "State",
                "failure": ["DELETING", "DELETE_FAILED", "DELETED"],
                "reason": "A group that is deleted never becomes unassigned.",
            }
        ],
        "ChannelPlacementGroupDeleted": [
            {"path": "State", "failure": ["DELETE_FAILED"], "reason": "A deletion that failed isn't tried again."},
            {"gone": True, "reason": "A deleted group is forgotten after a while."},
        ],
    },
    "neptune": {
        "DBInstanceAvailable": [
            {
                "path": "DBInstances[].DBInstanceStatus",
                "failure": ["inaccessible-encryption-credentials"],
                "reason": "A database whose encryption key is lost never becomes available.",
            }
        ]
    },
    "neptune-graph": {
        "ExportTaskSuccessful": [
            {"path": "status", "failure": ["DELETED"], "reason": "A task that is deleted never succeeds."}
        ],
        "ImportTaskSuccessful": [
            {"path": "status", "failure": ["DELETED"], "reason": "A task that is deleted never succeeds."}
        ],
    },
    "network-firewall": {
        "FirewallPolicyActive": [
            {
                "path": "FirewallPolicyResponse.FirewallPolicyStatus",
                "failure": ["DELETING"],
                "reason": "A firewall policy that is being deleted never becomes active.",
            }
        ]
    },
    "omics": {
        "AnnotationImportJobCreated": [
            {
                "path": "status",
                "failure": ["COMPLETED_WITH_FAILURES"],
                "reason": "An import with failures has ended, and not all was imported.",
            }
        ],
        "AnnotationStoreCreated": [
            {"path": "status", "failure": ["DELETING"], "reason": "A store that is being deleted never becomes active."}
        ],
        "AnnotationStoreVersionCreated": [
            {
                "path": "status",
                "failure": ["DELETING"],
                "reason": "A store version that is being deleted never becomes active.",
            }
        ],
        "RunCompleted": [
            {
                "path": "status",
                "failure": ["CANCELLED", "DELETED"],
                "reason": "A run that was cancelled or deleted never completes.",
            }
        ],
        "RunRunning": [
            {
                "now": {"state": "success", "matcher": "path", "argument": "status", "expected": "COMPLETED"},
                "reason": "A run that has completed has been running.",
            },
            {"path": "status", "failure": ["DELETED"], "reason": "A deleted run never runs."},
        ],
        "TaskCompleted": [
            {"path": "status", "failure": ["CANCELLED"], "reason": "A task that was cancelled never completes."}
        ],
        "TaskRunning": [
            {
                "now": {"state": "success", "matcher": "path", "argument": "status", "expected": "COMPLETED"},
                "reason": "A task that has completed has been running.",
            }
        ],
        "VariantImportJobCreated": [
            {
                "path": "status",
                "failure": ["COMPLETED_WITH_FAILURES"],
                "reason": "An import with failures has ended, and not all was imported.",
            }
        ],
        "VariantStoreCreated": [
            {"path": "status", "failure": ["DELETING"], "reason": "A store that is being deleted never becomes active."}
        ],
        "WorkflowActive": [
            {"path": "status", "failure": ["DELETED"], "reason": "A deleted workflow never becomes active."}
        ],
        "WorkflowVersionActive": [
            {"path": "status", "failure": ["DELETED"], "reason": "A deleted workflow version never becomes active."}
        ],
    },
    "proton": {
        "ComponentDeployed": [
            {
                "path": "component.deploymentStatus",
                "failure": ["CANCELLED", "DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE"],
                "reason": "A deployment that was cancelled or is deleted never succeeds.",
            }
        ],
        "EnvironmentDeployed": [
            {
                "path": "environment.deploymentStatus",
                "failure": ["CANCELLED", "DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE"],
                "reason": "A deployment that was cancelled or is deleted never succeeds.",
            }
        ],
        "ServiceCreated": [
            {
                "path": "service.status",
                "failure": ["DELETE_IN_PROGRESS", "DELETE_FAILED"],
                "reason": "A service that is deleted never becomes active.",
            }
        ],
        "ServiceInstanceDeployed": [
            {
                "path": "serviceInstance.deploymentStatus",
                "failure": ["CANCELLED", "DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE"],
                "reason": "A deployment that was cancelled or is deleted never succeeds.",
            }
        ],
        "ServicePipelineDeployed": [
            {
                "path": "service.pipeline.deploymentStatus",
                "failure": ["CANCELLED", "DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE"],
                "reason": "A deployment that was cancelled or is deleted never succeeds.",
            }
        ],
        "ServiceUpdated": [
            {
                "path": "service.status",
                "failure": [
                    "CREATE_FAILED",
                    "CREATE_FAILED_CLEANUP_COMPLETE",
                    "CREATE_FAILED_CLEANUP_FAILED",
                    "DELETE_IN_PROGRESS",
                    "DELETE_FAILED",
                ],
                "reason": "A service that could not be created or is deleted is never updated.",
            }
        ],
    },
}
