"""Waiters for Agents for Amazon Bedrock."""

WAITERS = {
    "agent_prepared": {
        "description": "Wait until an agent is prepared.",
        "operation": "GetAgent",
        "delay": 5,
        "max_attempts": 120,
        "path": "agent.agentStatus",
        "success": ["PREPARED"],
        "failure": ["DELETING", "FAILED"],
        "retry": ["CREATING", "PREPARING", "NOT_PREPARED", "VERSIONING", "UPDATING"],
    },
    "agent_alias_prepared": {
        "description": "Wait until an agent alias is prepared.",
        "operation": "GetAgentAlias",
        "delay": 5,
        "max_attempts": 120,
        "path": "agentAlias.agentAliasStatus",
        "success": ["PREPARED"],
        "failure": ["FAILED", "DELETING", "DISSOCIATED"],
        "retry": ["CREATING", "UPDATING"],
    },
    "knowledge_base_active": {
        "description": "Wait until a knowledge base is active.",
        "operation": "GetKnowledgeBase",
        "delay": 5,
        "max_attempts": 240,
        "path": "knowledgeBase.status",
        "success": ["ACTIVE"],
        "failure": ["DELETING", "FAILED", "DELETE_UNSUCCESSFUL", "UPDATE_UNSUCCESSFUL"],
        "retry": ["CREATING", "UPDATING"],
    },
    "ingestion_job_complete": {
        "description": "Wait until an ingestion job is complete.",
        "operation": "GetIngestionJob",
        "delay": 15,
        "max_attempts": 960,
        "path": "ingestionJob.status",
        "success": ["COMPLETE"],
        "failure": ["FAILED", "STOPPED"],
        "retry": ["STARTING", "IN_PROGRESS", "STOPPING"],
    },
}
