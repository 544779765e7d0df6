# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiters drafted from only the service models."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.drafting.draft import (
    Draft,
    Known,
    draft,
    known_values,
    operation_to_draft,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.drafting.state_values import StateValues, verdicts
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.state_members import state_members
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.definition_check import (
    check_definition,
    is_read,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.params import read_params
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition

MODELS = Models(CATALOG)
SERVICES = MODELS.services()
WIDELY_USED = [
    *("acm", "apigateway", "athena", "autoscaling", "backup", "batch", "cloudformation", "cloudfront", "cloudtrail"),
    *("cloudwatch", "codebuild", "codepipeline", "dms", "ds", "dynamodb", "ec2", "ecr", "ecs", "efs", "eks"),
    *("elasticache", "elbv2", "emr", "firehose", "fsx", "glue", "iam", "kafka", "kinesis", "kms", "lambda", "mq"),
    *("opensearch", "rds", "redshift", "route53", "s3", "sagemaker", "ssm", "stepfunctions"),
]


@cache
def service_model(service: str) -> Any:
    return MODELS.service_model(service)


@cache
def builtins(service: str) -> list[Definition]:
    readings = [read_definition(raw, name) for name, raw in MODELS.waiters(service).items()]
    return [reading.definition for reading in readings if reading.definition is not None]


def drafted(service: str, operation: str, known: Known | None = None) -> Draft:
    found = known_values(builtins(service), operation) if known is None else known
    operation_model, problems = operation_to_draft(service_model(service), operation)
    assert problems == []
    return draft(operation_model, service, found)


def known_of(*raw: dict[str, Any], operation: str = "DescribeThing") -> Known:
    read = [read_definition({"operation": operation, **entry}).definition for entry in raw]
    return known_values([definition for definition in read if definition is not None], operation)


def words(text: str) -> list[str]:
    return text.split()


def reading_operations(service: str) -> list[str]:
    return [name for name in service_model(service).operation_names if is_read(name)]


def findings(service: str, operations: Iterable[str]) -> list[tuple[str, list[Problem]]]:
    found = []
    for operation in operations:
        model, made = service_model(service), drafted(service, operation)
        reading = read_definition(made.definition)
        assert reading.definition is not None
        found_here = [*reading.problems, *check_definition(reading.definition, model)]
        _params, mistakes = read_params(made.params, model.operation_model(operation))
        assert json.loads(json.dumps([made.definition, made.params, made.states]))
        found.append((operation, [*found_here, *mistakes]))
    return [(operation, problems) for operation, problems in found if problems]


@pytest.mark.parametrize("service", WIDELY_USED)
def test_no_draft_of_a_widely_used_service_has_a_problem(service: str) -> None:
    assert findings(service, reading_operations(service)) == []


def test_of_no_service_has_a_draft_a_problem() -> None:
    """The first three read operations of each service; all 8,600 were checked by hand."""
    for service in SERVICES:
        assert findings(service, reading_operations(service)[:3]) == [], service
        service_model.cache_clear()


@pytest.mark.parametrize(
    ("service", "operation", "path", "success", "failure", "pending"),
    [
        (
            "ec2",
            "DescribeInstances",
            "Reservations[].Instances[].State.Name",
            "running",
            "shutting-down terminated",
            "pending stopping stopped",
        ),
        ("ec2", "DescribeVolumes", "Volumes[].State", "available", "deleting deleted error", "creating in-use"),
        ("ec2", "DescribeSnapshots", "Snapshots[].State", "completed", "error", "pending recoverable recovering"),
        (
            "rds",
            "DescribeDBProxies",
            "DBProxies[].Status",
            "available",
            "incompatible-network deleting",
            "modifying insufficient-resource-limits creating suspended suspending reactivating",
        ),
        (
            "acm",
            "DescribeCertificate",
            "Certificate.Status",
            "ISSUED",
            "EXPIRED VALIDATION_TIMED_OUT REVOKED FAILED",
            "PENDING_VALIDATION INACTIVE",
        ),
        (
            "glue",
            "GetJobRun",
            "JobRun.JobRunState",
            "SUCCEEDED",
            "STOPPED FAILED TIMEOUT ERROR EXPIRED",
            "STARTING RUNNING STOPPING WAITING",
        ),
        (
            "athena",
            "GetQueryExecution",
            "QueryExecution.Status.State",
            "SUCCEEDED",
            "FAILED CANCELLED",
            "QUEUED RUNNING",
        ),
        (
            "cloudformation",
            "DescribeStacks",
            "Stacks[].StackStatus",
            "CREATE_COMPLETE UPDATE_COMPLETE IMPORT_COMPLETE",
            (
                "CREATE_FAILED ROLLBACK_IN_PROGRESS ROLLBACK_FAILED ROLLBACK_COMPLETE DELETE_IN_PROGRESS DELETE_FAILED"
                " DELETE_COMPLETE UPDATE_FAILED UPDATE_ROLLBACK_IN_PROGRESS UPDATE_ROLLBACK_FAILED"
                " UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS UPDATE_ROLLBACK_COMPLETE IMPORT_ROLLBACK_IN_PROGRESS"
                " IMPORT_ROLLBACK_FAILED IMPORT_ROLLBACK_COMPLETE"
            ),
            (
                "CREATE_IN_PROGRESS UPDATE_IN_PROGRESS UPDATE_COMPLETE_CLEANUP_IN_PROGRESS REVIEW_IN_PROGRESS"
                " IMPORT_IN_PROGRESS"
            ),
        ),
        (
            "stepfunctions",
            "DescribeExecution",
            "status",
            "SUCCEEDED",
            "FAILED TIMED_OUT ABORTED",
            "RUNNING PENDING_REDRIVE",
        ),
        (
            "dynamodb",
            "DescribeTable",
            "Table.TableStatus",
            "ACTIVE",
            "DELETING INACCESSIBLE_ENCRYPTION_CREDENTIALS",
            "CREATING UPDATING ARCHIVING ARCHIVED REPLICATION_NOT_AUTHORIZED",
        ),
        (
            "opensearch",
            "DescribeDomain",
            "DomainStatus.DomainProcessingStatus",
            "Active",
            "Isolated Deleting",
            "Creating Modifying UpgradingEngineVersion UpdatingServiceSoftware",
        ),
        (
            "elbv2",
            "DescribeLoadBalancers",
            "LoadBalancers[].State.Code",
            "active",
            "active_impaired failed",
            "provisioning",
        ),
        (
            "elbv2",
            "DescribeTargetHealth",
            "TargetHealthDescriptions[].TargetHealth.State",
            "healthy",
            "",
            "initial unhealthy unhealthy.draining unused draining unavailable",
        ),
        (
            "codebuild",
            "BatchGetBuilds",
            "builds[].buildStatus",
            "SUCCEEDED",
            "FAILED FAULT TIMED_OUT STOPPED",
            "IN_PROGRESS",
        ),
        (
            "batch",
            "DescribeJobs",
            "jobs[].status",
            "SUCCEEDED",
            "FAILED",
            "SUBMITTED PENDING RUNNABLE STARTING RUNNING",
        ),
        ("route53", "GetChange", "ChangeInfo.Status", "INSYNC", "", "PENDING"),
        ("cloudwatch", "DescribeAlarms", "CompositeAlarms[].StateValue", "OK", "", "ALARM INSUFFICIENT_DATA"),
        # free text, known from the built-in waiters; pending would be an allow-list, so there is none
        (
            "rds",
            "DescribeDBInstances",
            "DBInstances[].DBInstanceStatus",
            "available",
            "deleted deleting failed incompatible-restore incompatible-parameters",
            "",
        ),
        ("ecs", "DescribeServices", "services[].status", "ACTIVE", "DRAINING INACTIVE", ""),
        ("ecs", "DescribeTasks", "tasks[].lastStatus", "RUNNING", "STOPPED", ""),
        ("cloudfront", "GetDistribution", "Distribution.Status", "Deployed", "", ""),
    ],
)
def test_the_state_is_found_and_its_values_are_sorted(
    service: str, operation: str, path: str, success: str, failure: str, pending: str
) -> None:
    """Values that only an earlier or a later botocore has are ignored."""
    definition = drafted(service, operation).definition
    expected = {"success": words(success), "failure": words(failure), "pending": words(pending)}
    found = {value: key for key in expected for value in definition.get(key, ())}
    listed = {value: key for key, values in expected.items() for value in values}
    assert (definition["operation"], definition["path"]) == (operation, path)
    known = listed.keys() & found.keys()
    assert {value: found[value] for value in known} == {value: listed[value] for value in known}
    assert len(known) >= len(listed) - 1
    assert all(definition[key] and expected[key] for key in expected if key in definition)


@pytest.mark.parametrize(
    ("service", "operation", "acceptors"),
    [
        (
            "s3",
            "HeadBucket",
            [{"state": "retry", "matcher": "error", "expected": ["NoSuchBucket", "404"]}],
        ),
        ("iam", "GetRole", [{"state": "retry", "matcher": "error", "expected": ["NoSuchEntity"]}]),
        ("sqs", "GetQueueUrl", [{"state": "retry", "matcher": "error", "expected": ["QueueDoesNotExist"]}]),
        ("sts", "GetCallerIdentity", []),
    ],
)
def test_without_a_state_the_answer_itself_is_the_success(
    service: str, operation: str, acceptors: list[dict[str, Any]]
) -> None:
    made = drafted(service, operation)
    assert made.definition["acceptors"] == [*acceptors, {"state": "success", "matcher": "error", "expected": False}]
    assert not {"path", "success", "failure", "pending", "failure_errors", "message"} & made.definition.keys()
    assert made.states == []


@pytest.mark.parametrize(
    ("service", "operation", "codes"),
    [
        ("rds", "DescribeDBProxies", ["DBProxyNotFoundFault"]),  # the codes on the wire, not the names of the shapes
        ("rds", "DescribeDBInstances", ["DBInstanceNotFound"]),
        ("route53", "GetChange", ["NoSuchChange"]),
        ("glue", "GetJobRun", ["EntityNotFoundException"]),
        ("stepfunctions", "DescribeExecution", ["ExecutionDoesNotExist"]),
        ("athena", "GetQueryExecution", None),
        ("ec2", "DescribeInstances", None),
    ],
)
def test_that_the_resource_is_not_there_is_a_failure(service: str, operation: str, codes: list[str] | None) -> None:
    assert drafted(service, operation).definition.get("failure_errors") == codes


@pytest.mark.parametrize(
    ("service", "operation", "message"),
    [
        ("ec2", "DescribeSnapshots", "Snapshots[].StateMessage"),
        ("acm", "DescribeCertificate", "Certificate.FailureReason"),
        ("glue", "GetJobRun", "JobRun.ErrorMessage"),
        ("athena", "GetQueryExecution", "QueryExecution.Status.StateChangeReason"),
        ("cloudformation", "DescribeStacks", "Stacks[].StackStatusReason"),
        ("ecs", "DescribeTasks", None),  # the reasons of the task and its containers are combined anyway
        ("sagemaker", "DescribeEndpoint", "FailureReason"),
        ("rds", "DescribeDBProxies", None),
        ("dynamodb", "DescribeTable", None),
        ("sesv2", "GetDeliverabilityTestReport", None),  # the Message in it is the mail
    ],
)
def test_the_message_is_the_reason_next_to_the_state(service: str, operation: str, message: str | None) -> None:
    assert drafted(service, operation).definition.get("message") == message


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("ec2", "DescribeInstances", {"InstanceIds": ["CHANGE_ME"]}),
        ("rds", "DescribeDBInstances", {"DBInstanceIdentifier": "CHANGE_ME"}),
        ("cloudformation", "DescribeStacks", {"StackName": "CHANGE_ME"}),
        ("iam", "GetUser", {"UserName": "CHANGE_ME"}),
        ("elbv2", "DescribeLoadBalancers", {"LoadBalancerArns": ["CHANGE_ME"]}),  # or Names, never both
        ("elbv2", "DescribeTargetHealth", {"TargetGroupArn": "CHANGE_ME", "Targets": [{"Id": "CHANGE_ME"}]}),
        ("ecs", "DescribeServices", {"services": ["CHANGE_ME"]}),
        ("glue", "GetJobRun", {"JobName": "CHANGE_ME", "RunId": "CHANGE_ME"}),
        ("acm", "DescribeCertificate", {"CertificateArn": "CHANGE_ME___________"}),  # at least 20 characters
        (
            "logs",
            "GetLogEvents",
            {"logStreamName": "CHANGE_ME"},
        ),
        (
            "budgets",
            "DescribeSubscribersForNotification",
            {
                "AccountId": "CHANGE_ME___",
                "BudgetName": "CHANGE_ME",
                "Notification": {"NotificationType": "CHANGE_ME", "ComparisonOperator": "CHANGE_ME", "Threshold": 0},
            },
        ),
        (
            "ce",
            "GetCostForecast",
            {
                "TimePeriod": {"Start": "CHANGE_ME", "End": "CHANGE_ME"},
                "Metric": "CHANGE_ME",
                "Granularity": "CHANGE_ME",
            },
        ),
        ("sts", "GetCallerIdentity", {}),
    ],
)
def test_the_parameters_wait_to_be_filled_in(service: str, operation: str, params: dict[str, Any]) -> None:
    assert drafted(service, operation).params == params


@pytest.mark.parametrize(
    ("values", "success", "failure"),
    [
        ("CREATE_COMPLETE CREATE_FAILED DELETE_COMPLETE", "CREATE_COMPLETE", "CREATE_FAILED DELETE_COMPLETE"),
        ("UPDATE_COMPLETE UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
        (
            "COMPLETED COMPLETED_WITH_ERRORS PARTIALLY_COMPLETED",
            "COMPLETED",
            "COMPLETED_WITH_ERRORS PARTIALLY_COMPLETED",
        ),
        ("READY NOT_READY PARTIALLY_READY", "READY", ""),
        ("ACTIVE INACTIVE UPDATING", "ACTIVE", ""),
        ("HEALTHY UNHEALTHY UNAVAILABLE", "HEALTHY", ""),
        ("ENABLED DISABLED ENABLED_NO_FALLBACK", "ENABLED ENABLED_NO_FALLBACK", ""),
        ("PENDING_ACTIVE ACTIVE", "ACTIVE", ""),
        ("InService OutOfService RollingBack TimedOut", "InService", "RollingBack TimedOut"),
        ("TRAINING_COMPLETED TRAINING_IN_PROGRESS", "TRAINING_COMPLETED", ""),
        # running is success for a resource, but intermediate for a job; stopped is no success for a job
        ("PENDING RUNNING STOPPED", "RUNNING", ""),
        ("PENDING RUNNING STOPPED SUCCEEDED", "SUCCEEDED", "STOPPED"),
        ("CREATED RUNNING FINISHED", "FINISHED", ""),
        ("CREATING CREATED", "CREATED", ""),
        ("CREATING CREATED ACTIVE", "ACTIVE", ""),
        # absence is success if nothing else can be
        ("DELETING DELETED DELETE_FAILED", "DELETED", "DELETE_FAILED"),
        ("available deleting deleted", "available", "deleting deleted"),
        # no value means success: the most final one
        ("DISBURSED REJECTED PENDING_REVIEW", "DISBURSED", "REJECTED"),
        ("MONITORED NOT_MONITORED", "MONITORED", ""),
        ("ROUTED UNROUTED ROUTING", "ROUTED", ""),
        ("PHASE_ONE PHASE_TWO", "PHASE_TWO", ""),
        ("PENDING FAILED", "PENDING", "FAILED"),
        ("ERROR", "ERROR", ""),
        ("", "", ""),
    ],
)
def test_a_value_is_judged_by_its_words(values: str, success: str, failure: str) -> None:
    found = verdicts(words(values))
    ended = {*words(success), *words(failure)}
    assert found == StateValues(
        tuple(words(success)), tuple(words(failure)), tuple(value for value in words(values) if value not in ended)
    )


def test_the_states_are_the_best_first() -> None:
    states = drafted("ec2", "DescribeInstanceStatus").states
    assert [state["path"] for state in states[:3]] == [
        "InstanceStatuses[].InstanceStatus.Status",
        "InstanceStatuses[].SystemStatus.Status",
        "InstanceStatuses[].InstanceState.Name",
    ]
    assert states[0] == {
        "path": "InstanceStatuses[].InstanceStatus.Status",
        "success": ["ok"],
        "failure": ["impaired"],
        "pending": ["insufficient-data", "not-applicable", "initializing"],
    }


@pytest.mark.parametrize(
    ("service", "operation", "path"),
    [
        ("lambda", "GetFunction", "Configuration.State"),  # not Configuration.LastUpdateStatus
        ("fsx", "DescribeFileSystems", "FileSystems[].Lifecycle"),  # not that of its administrative actions
        ("efs", "DescribeFileSystems", "FileSystems[].LifeCycleState"),
        ("ds", "DescribeDirectories", "DirectoryDescriptions[].Stage"),
        ("emr", "DescribeCluster", "Cluster.Status.State"),
        ("sagemaker", "DescribeTrainingJob", "TrainingJobStatus"),  # not SecondaryStatus
        ("snowball", "DescribeAddress", None),  # only StateOrProvince, a state in an address
        ("route53domains", "GetContactReachabilityStatus", "status"),
        ("apigatewayv2", "GetApiMapping", None),  # a Stage there is a name
        ("ses", "GetIdentityVerificationAttributes", None),  # in a mapping
    ],
)
def test_the_state_of_the_resource_itself_is_preferred(service: str, operation: str, path: str | None) -> None:
    members = state_members(service_model(service).operation_model(operation))
    assert (members[0].path if members else None) == path


def test_a_shape_that_contains_itself_comes_to_an_end() -> None:
    """EMR's configurations contain configurations; Lex's and CloudFront's shapes are deep."""
    for service, operation in (("emr", "DescribeCluster"), ("securityhub", "GetFindings"), ("ce", "GetAnomalies")):
        members = state_members(service_model(service).operation_model(operation))
        assert all(member.path.count(".") < 6 for member in members)


def test_a_state_without_an_enum_is_guessed_in_the_spelling_of_the_service() -> None:
    assert drafted("rds", "DescribeGlobalClusters", Known()).definition["success"] == ["available"]
    assert drafted("ecs", "DescribeServices", Known()).definition["success"] == ["ACTIVE"]
    assert drafted("support", "DescribeCases", Known()).definition["success"] == ["AVAILABLE"]


def test_what_others_wait_for_on_the_operation_is_known() -> None:
    found = known_of(
        {"path": "Things[].Status", "success": ["good"], "failure": ["bad"], "retry_errors": ["Slow"], "delay": 7},
        {"path": "Things[].Status", "success": ["stopped"], "failure": ["good"], "max_attempts": 3},
        {"path": "Things[].Phase", "failure": ["odd"], "success_errors": ["Never"]},
        {"operation": "DescribeOther", "path": "Status", "success": ["other"]},
    )
    assert found == Known({"Things[].Status": StateValues(("good",), ("bad",))}, 7, None)


def test_of_waiters_for_a_deletion_nothing_is_learnt() -> None:
    gone = {"path": "Things[].Status", "success": ["deleted"], "failure": ["available"], "delay": 1}
    inactive = {"path": "Things[].Status", "success": ["INACTIVE"], "failure": ["ACTIVE"]}
    absent = {"path": "length(Things)", "success": [0]}
    acceptors = [{"state": "success", "matcher": "error", "expected": "ThingNotFound"}]
    none = {"path": "length(Things) == `0`", "success": [True]}
    assert known_of(gone, inactive, none, {"acceptors": acceptors}) == Known()
    assert known_of(absent) == Known()


def test_the_timing_is_that_of_the_waiters_that_are_there() -> None:
    assert {"delay": 30, "max_attempts": 60}.items() <= drafted("rds", "DescribeDBInstances").definition.items()
    assert {"delay": 15, "max_attempts": 40}.items() <= drafted("glue", "GetJobRun").definition.items()
    assert drafted("glue", "GetJobRun", Known(delay=0.5, max_attempts=9)).definition["delay"] == 0.5


@pytest.mark.parametrize(
    ("service", "operation", "reads"),
    [
        ("ec2", "RunInstances", "DescribeInstances"),
        ("rds", "CreateDBInstance", "DescribeDBInstances"),
        ("athena", "StartQueryExecution", "GetQueryExecution"),
        ("cloudformation", "CreateStack", "DescribeStacks"),
        ("lambda", "CreateFunction", "GetFunction"),
        ("sts", "AssumeRole", None),
    ],
)
def test_an_operation_that_changes_something_is_refused(service: str, operation: str, reads: str | None) -> None:
    text = f"{operation} may change something, and a wait sends it repeatedly"
    assert operation_to_draft(service_model(service), operation) == (None, [Problem("operation", text, reads)])


def test_an_unknown_operation_is_named_with_the_nearest() -> None:
    problem = Problem("operation", "ec2 has no operation 'describe_instance'", "DescribeInstances")
    assert operation_to_draft(service_model("ec2"), "describe_instance") == (None, [problem])
