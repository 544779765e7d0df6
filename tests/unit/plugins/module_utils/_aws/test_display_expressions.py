# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown of a response, and where AWS's reason for a state is found."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.support.catalog import CATALOG
from tests.support.services import services_with_waiters

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.botocore_imports import botocore
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.display_expressions import (
    is_estimate,
    progress_of,
    reasons_of,
    show_of,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import (
    find,
    shipped,
    snake_case,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.expression_types import Output
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition

MODELS = Models(CATALOG)
service_model = cache(MODELS.service_model)


def builtin(service: str, waiter: str) -> Definition:
    found, _problems = find(MODELS, service, waiter, corrections=False)
    assert found is not None
    return found.definition


def definitions(service: str) -> list[Definition]:
    return [found.definition for found in shipped(MODELS, service, corrections=False)]


def output(service: str, definition: Definition) -> Any:
    return service_model(service).operation_model(definition.operation).output_shape


def reasons(service: str, definition: Definition) -> list[str]:
    return [expression.text for expression in reasons_of(definition, service, output(service, definition))]


def progress(service: str, definition: Definition) -> list[Expression]:
    return progress_of(definition, service, output(service, definition))


@pytest.mark.parametrize(
    ("service", "waiter", "shown"),
    [
        ("ec2", "instance_running", "Reservations[].Instances[].State.Name"),
        ("rds", "db_instance_available", "DBInstances[].DBInstanceStatus"),
        ("lambda", "function_active_v2", "Configuration.State"),
        ("ecs", "tasks_running", "tasks[].lastStatus"),
        ("ses", "identity_exists", "VerificationAttributes.*.VerificationStatus"),
        ("cloudformation", "stack_create_complete", "Stacks[].StackStatus"),
        # the success counts; the failures test the state
        ("dynamodb", "kinesis_streaming_destination_active", "KinesisDataStreamDestinations[].DestinationStatus"),
        ("rds", "db_instance_deleted", "DBInstances[].DBInstanceStatus"),
        # nothing but counts
        ("ec2", "instance_exists", "length(Reservations[]) > `0`"),
        # nothing but errors and statuses: the code is shown
        ("s3", "bucket_exists", None),
        ("dynamodb", "table_not_exists", None),
        ("lambda", "function_exists", None),
    ],
)
def test_the_state_that_decides_is_shown(service: str, waiter: str, shown: str | None) -> None:
    found = show_of(builtin(service, waiter), service)
    assert (found and found.text) == shown


def test_a_service_is_shown_by_its_counts_as_no_member_says_that_it_is_stable() -> None:
    found = show_of(builtin("ecs", "services_stable"), "ecs")
    assert found is not None
    services = [{"runningCount": 2, "desiredCount": 3, "deployments": [{}, {}]}]
    assert found.search({"services": services}) == ["2 of 3 running in 2 deployment(s)"]


def both(path: str, code: str, text: str) -> str:
    """The expression for the code and the text of one reason."""
    selection = f"{{{code}: {code}, {text}: {text}}}"
    return f"{path}.{selection}" if path else selection


@pytest.mark.parametrize(
    ("service", "waiter", "first"),
    [
        ("ec2", "instance_running", [both("Reservations[].Instances[].StateReason", "Code", "Message")]),
        ("ec2", "image_available", [both("Images[].StateReason", "Code", "Message")]),
        ("ec2", "nat_gateway_available", [both("NatGateways[]", "FailureCode", "FailureMessage")]),
        ("ec2", "snapshot_completed", ["Snapshots[].StateMessage"]),
        ("ec2", "spot_instance_request_fulfilled", ["SpotInstanceRequests[].Status.Message"]),
        ("cloudformation", "stack_create_complete", ["Stacks[].StackStatusReason"]),
        ("cloudformation", "change_set_create_complete", ["StatusReason"]),
        ("lambda", "function_active", [both("", "StateReasonCode", "StateReason")]),
        ("lambda", "function_updated", [both("", "LastUpdateStatusReasonCode", "LastUpdateStatusReason")]),
        ("acm", "certificate_validated", ["Certificate.RevocationReason", "Certificate.FailureReason"]),
        ("ecs", "tasks_running", ["failures[].{reason: reason, detail: detail}"]),
        ("ecs", "services_stable", ["failures[].{reason: reason, detail: detail}"]),
        ("eks", "nodegroup_active", [both("nodegroup.health.issues[]", "code", "message")]),
        ("elb", "instance_in_service", [both("InstanceStates[]", "ReasonCode", "Description")]),
        ("elbv2", "target_in_service", [both("TargetHealthDescriptions[].TargetHealth", "Reason", "Description")]),
        ("codedeploy", "deployment_successful", [both("deploymentInfo.errorInformation", "code", "message")]),
        ("dynamodb", "export_completed", [both("ExportDescription", "FailureCode", "FailureMessage")]),
        ("emr", "step_complete", [both("Step.Status.StateChangeReason", "Code", "Message")]),
        ("location", "job_completed", [both("Error", "Code", "Messages")]),
        ("rds", "db_instance_available", []),
        ("s3", "bucket_exists", []),
    ],
)
def test_the_reason_is_next_to_the_state(service: str, waiter: str, first: list[str]) -> None:
    if waiter not in map(snake_case, MODELS.waiters(service)):
        pytest.skip("this botocore has no such waiter")
    found = reasons(service, builtin(service, waiter))
    assert found[: len(first)] == first
    assert first or not found


@pytest.mark.parametrize("name", ["OnStackFailure", "TagsError", "ActionOnFailure", "StandardErrorUrl"])
def test_a_member_with_the_name_of_a_reason_may_not_be_one(name: str) -> None:
    for service in ("cloudformation", "lambda", "emr", "ssm"):
        for definition in definitions(service):
            assert not any(text.split(".")[-1] == name for text in reasons(service, definition)), definition.name


def test_a_definition_may_name_the_member_with_the_reason() -> None:
    own = {"operation": "DescribeInstances", "path": "Reservations[].OwnerId", "success": ["1"], "message": "NextToken"}
    definition = read_definition(own).definition
    assert definition is not None
    assert reasons("ec2", definition) == ["NextToken"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Certificate.Status", ["Certificate.RevocationReason", "Certificate.FailureReason"]),
        ("Certificate.DomainValidationOptions[].ValidationStatus", []),
    ],
)
def test_a_member_outside_a_list_is_no_reason_for_one_of_its_items(path: str, found: list[str]) -> None:
    own = {"operation": "DescribeCertificate", "path": path, "success": ["SUCCESS"]}
    definition = read_definition(own).definition
    assert definition is not None
    assert reasons("acm", definition) == found


@pytest.mark.parametrize(
    ("service", "operation", "path", "found"),
    [
        ("ec2", "DescribeSnapshots", "Snapshots[].State", ["Snapshots[].Progress"]),
        ("ec2", "DescribeImportImageTasks", "ImportImageTasks[].Status", ["ImportImageTasks[].Progress"]),
        (
            "ec2",
            "DescribeImportSnapshotTasks",
            "ImportSnapshotTasks[].SnapshotTaskDetail.Status",
            ["ImportSnapshotTasks[].SnapshotTaskDetail.Progress"],
        ),
        (
            "ec2",
            "DescribeStoreImageTasks",
            "StoreImageTaskResults[].StoreTaskState",
            ["StoreImageTaskResults[].ProgressPercentage"],
        ),
        ("rds", "DescribeDBSnapshots", "DBSnapshots[].Status", ["DBSnapshots[].PercentProgress"]),
        ("rds", "DescribeExportTasks", "ExportTasks[].Status", ["ExportTasks[].PercentProgress"]),
        ("appconfig", "GetDeployment", "State", ["PercentageComplete"]),
        ("backup", "DescribeBackupJob", "State", ["PercentDone"]),
        ("mediaconvert", "GetJob", "Job.Status", ["Job.JobPercentComplete"]),
        ("iot", "DescribeThingRegistrationTask", "status", ["percentageProgress"]),
        # the progress, then the time left
        (
            "redshift",
            "DescribeClusterSnapshots",
            "Snapshots[].Status",
            ["Snapshots[].BackupProgressInMegaBytes", "Snapshots[].EstimatedSecondsToCompletion"],
        ),
        # one structure further down
        (
            "redshift",
            "DescribeClusters",
            "Clusters[].ClusterStatus",
            ["Clusters[].DataTransferProgress.EstimatedTimeToCompletionInSeconds"],
        ),
        # a similar name with another meaning
        ("cloudfront", "GetDistribution", "Distribution.Status", []),
        ("elasticbeanstalk", "DescribeEnvironments", "Environments[].Status", []),
        ("stepfunctions", "DescribeMapRun", "status", []),
        ("glue", "GetJobRun", "JobRun.JobRunState", []),
        # a member about all items is not used for one
        ("ec2", "DescribeInstances", "Reservations[].Instances[].State.Name", []),
    ],
)
def test_the_progress_is_next_to_the_state(service: str, operation: str, path: str, found: list[str]) -> None:
    definition = read_definition({"operation": operation, "path": path, "success": ["x"]}).definition
    assert definition is not None
    assert [expression.text for expression in progress(service, definition)] == found


def test_where_only_counts_tell_the_progress_they_are_put_in_words() -> None:
    definition = read_definition({"operation": "DescribeJob", "path": "Job.Status", "success": ["Complete"]}).definition
    assert definition is not None
    [counts] = progress("s3control", definition)
    assert counts.search({"Job": {"ProgressSummary": {"TotalNumberOfTasks": 10}}}) == "0 of 10 tasks"
    assert counts.search({"Job": {"ProgressSummary": {"TotalNumberOfTasks": 10, "NumberOfTasksSucceeded": 3}}}) == (
        "3 of 10 tasks"
    )
    assert not counts.search({"Job": {}})
    assert not is_estimate(counts.text)


def pairs(shape: Any, path: str = "", above: tuple[str, ...] = ()) -> Iterator[tuple[str, str, str]]:
    """Each path to a state, and the names of a code and a text next to it in one structure."""
    if shape.type_name == "list":
        shape, path = shape.member, f"{path}[]"
    if shape.type_name != "structure" or shape.name in above or len(above) > 4:
        return
    names = {name.casefold(): name for name, of in shape.members.items() if not of.metadata.get("sensitive")}
    texts = {key for key, name in names.items() if shape.members[name].type_name == "string"}
    states = [names[key] for key in texts if key.endswith(("status", "state")) and shape.members[names[key]].enum]
    for stem in ("failure", "error", "state", "status"):
        for code, text in ((f"{stem}code", f"{stem}message"), (f"{stem}reasoncode", f"{stem}reason")):
            if {code, text} <= texts:
                yield from ((f"{path}.{state}".lstrip("."), names[code], names[text]) for state in states)
    for name, member in shape.members.items():
        yield from pairs(member, f"{path}.{name}".lstrip("."), (*above, shape.name))


def test_a_code_and_a_text_next_to_a_state_are_one_reason_in_every_operation() -> None:
    """For all services: neither of the two is dropped, and none is a secret."""
    found = 0
    for service in MODELS.services():
        model = service_model(service)
        for operation in model.operation_names:
            shape = model.operation_model(operation).output_shape
            if shape is None or not operation.startswith(("Describe", "Get", "BatchGet")):
                continue
            for path, code, text in pairs(shape):
                definition = read_definition({"operation": operation, "path": path, "success": ["x"]}).definition
                assert definition is not None
                hints = [hint.text for hint in reasons_of(definition, service, shape)]
                assert any(f"{code}: {code}" in hint and f"{text}: {text}" in hint for hint in hints), (service, path)
                found += 1
    assert found >= 50


def test_every_hint_is_an_expression_that_the_model_knows() -> None:
    """Including those written by hand; the number of reasons is as counted by hand."""
    states = told = measured = 0
    for service in services_with_waiters():
        for definition in definitions(service):
            shape = Output(service_model(service).operation_model(definition.operation))
            shown = show_of(definition, service)
            hints = reasons_of(definition, service, output(service, definition))
            how_far = progress(service, definition)
            measured += bool(how_far)
            for expression in [*hints, *how_far, *([shown] if shown else [])]:
                assert not shape.ending(expression).mistakes, f"{service} {definition.name}: {expression.text}"
            if any(acceptor.argument is not None for acceptor in definition.acceptors):
                states += 1
                told += bool(hints)
    newest = tuple(map(int, botocore.__version__.split(".")[:2])) >= (1, 44)
    assert told >= (220 if newest else states * 0.4)
    assert measured >= (28 if newest else 15)
