# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every correction of a built-in waiter: how it ends with botocore's acceptors and with the corrected ones; typos."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from tests.support.catalog import CATALOG
from tests.unit.catalog.runs import End, end, holds, response, sat_out, service_model, waiter
from tests.unit.plugins.module_utils._module.waits import MODELS, answered, refused

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import bind
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.id_params import id_params
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.definition_check import check_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.expression_types import Output
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.correct import corrected, in_full
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition, Source, State
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Severity
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import Identity, ItemList


class Change(NamedTuple):
    """One change of one corrected waiter."""

    service: str
    name: str
    entry: Mapping[str, Any]

    @property
    def values(self) -> list[Any]:
        """The values of the added acceptor."""
        return as_list(self.entry["now"]["expected"])

    def __str__(self) -> str:
        acceptor = self.entry.get("was") or self.entry.get("now")
        expected = as_list(acceptor["expected"])[0] if acceptor else "gone"
        return f"{self.service}-{self.name}-{expected}"


def as_list(expected: Any) -> list[Any]:
    return expected if isinstance(expected, list) else [expected]


CORRECTIONS = CATALOG.corrections
CORRECTED = [(service, name) for service, waiters in CORRECTIONS.items() for name in waiters]
TIMES = {"delay", "max_attempts", "initial_delay", "consecutive", "settle"}
EVERY = [Change(service, name, in_full(entry)) for service, name in CORRECTED for entry in CORRECTIONS[service][name]]
TIMED = [change for change in EVERY if TIMES & set(change.entry)]
"""Those of the waiter's timing."""
CHANGES = [change for change in EVERY if change not in TIMED]
ADDED = [change for change in CHANGES if "now" in change.entry and "was" not in change.entry]
FILTERED = [change for change in ADDED if Expression(change.entry["now"]["argument"]).plain_path is None]
"""Corrections that read more than one state, and so are tested one by one."""
REPLACED = [change for change in CHANGES if "was" in change.entry]
DROPPED = [
    change
    for change in REPLACED
    if "now" not in change.entry and change.entry["was"]["state"] == "failure" and "argument" in change.entry["was"]
]
"""Failures that are none: the resource leaves such a state by itself."""
WIDENED = [
    change
    for change in REPLACED
    if change.entry.get("now") == {**change.entry["was"], "matcher": "pathAll"}
    if change.entry["was"]["matcher"] == "pathAny" and change.entry["was"]["state"] == "failure"
]
"""Failures of one item that are failures of all now."""
GONE = [change for change in CHANGES if "gone" in change.entry]
ADDED_VALUES = {(change.service, change.name, value) for change in ADDED for value in change.values}
DROPPED = [c for c in DROPPED if (c.service, c.name, c.entry["was"]["expected"]) not in ADDED_VALUES]

every_corrected = pytest.mark.parametrize(("service", "name"), CORRECTED, ids=["-".join(ids) for ids in CORRECTED])
every_change = pytest.mark.parametrize("change", CHANGES, ids=str)
every_addition = pytest.mark.parametrize("change", [change for change in ADDED if change not in FILTERED], ids=str)


# --- the built-in and the corrected waiter --------------------------------------------------------------------------


def operation_model(change: Change) -> Any:
    return service_model(change.service).operation_model(raw(change.service, change.name)["operation"])


def raw(service: str, name: str) -> Mapping[str, Any]:
    return MODELS.waiters(service)[name]


def builtin(change: Change) -> Definition:
    return waiter(change.service, change.name, False)


def repaired(change: Change) -> Definition:
    return waiter(change.service, change.name, True)


def values_of(change: Change, path: str) -> tuple[str, ...]:
    """The model's values for the member at the end of the path."""
    expression = Expression(path)
    ends_in = Output(operation_model(change)).ending(expression).type
    values: tuple[str, ...] = tuple((ends_in.item if expression.is_projection else ends_in).values or ())
    return values


# --- what is added --------------------------------------------------------------------------------------------------


@every_addition
def test_a_state_that_was_sat_out_ends_the_wait_at_the_first_poll(change: Change) -> None:
    now = change.entry["now"]
    entries = CORRECTIONS[change.service][change.name]
    replaced = [entry["was"]["expected"] for entry in entries if "was" in entry]
    for value in change.values:
        answer = holds(now["argument"], value)
        if value not in replaced:
            assert end(builtin(change), answer) == sat_out(builtin(change)), value
        assert end(repaired(change), answer) == End(now["state"], 1), value


@pytest.mark.parametrize(
    "change",
    [change for change in ADDED if change.entry["now"]["matcher"] == "pathAny" and change not in FILTERED],
    ids=str,
)
def test_one_item_that_has_failed_fails_the_wait(change: Change) -> None:
    now = change.entry["now"]
    others = [a["expected"] for a in raw(change.service, change.name)["acceptors"] if a["state"] == "success"]
    for value in change.values:
        assert end(repaired(change), holds(now["argument"], *others[:1], value)) == End("failure", 1)


@pytest.mark.parametrize(
    "change",
    [change for change in ADDED if change.entry["now"]["matcher"] == "pathAll" and change not in FILTERED],
    ids=str,
)
def test_one_item_that_is_gone_does_not_decide_for_the_others(change: Change) -> None:
    """A filter doesn't find it once it is deleted, and the others may succeed."""
    now = change.entry["now"]
    for value in change.values:
        both = holds(now["argument"], value, "on its way")
        assert end(repaired(change), both) == sat_out(repaired(change))


def test_a_list_waiter_fails_by_any_item_unless_that_goes_away() -> None:
    failures = [change for change in ADDED if change.entry["now"]["state"] == "failure"]
    assert {change.entry["now"]["matcher"] for change in failures} == {"path", "pathAny", "pathAll"}
    for change in failures:
        argument, matcher = change.entry["now"]["argument"], change.entry["now"]["matcher"]
        assert (matcher == "path") != ("[]" in argument or "*" in argument), change


STABLE = next(change for change in FILTERED if change.name == "ServicesStable")


def services(*deployments: tuple[str, str], running: int = 1) -> PollResult:
    """A service with two desired tasks, and its deployments by their status and rollout state."""
    found = [{"status": status, "rolloutState": state} for status, state in deployments]
    return answered(
        services=[{"status": "ACTIVE", "desiredCount": 2, "runningCount": running, "deployments": found}], failures=[]
    )


ROLLING_BACK = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1."
FAILED, OLD = ("PRIMARY", "FAILED"), ("ACTIVE", "COMPLETED")


@pytest.mark.parametrize(
    "answer", [services(FAILED, OLD, running=2), services(FAILED)], ids=["beside the old", "alone"]
)
def test_a_service_whose_deployment_has_failed_is_not_waited_for(answer: PollResult) -> None:
    change = STABLE
    assert end(builtin(change), answer) == sat_out(builtin(change))
    assert end(repaired(change), answer) == End("failure", 1)


@pytest.mark.parametrize(
    "answer",
    [services(("PRIMARY", "IN_PROGRESS"), ("ACTIVE", "FAILED")), services(("PRIMARY", "IN_PROGRESS"), OLD)],
    ids=["another try", "rolled out"],
)
def test_a_service_that_may_become_stable_yet_is_waited_for(answer: PollResult) -> None:
    change = STABLE
    stable = services(("PRIMARY", "COMPLETED"), running=2)
    assert end(repaired(change), answer, stable) == End("success", 2)


def test_a_service_that_is_rolled_back_fails_while_it_is() -> None:
    """``rolloutStateReason`` of the deployment that ECS goes back to; it is stable again once that is completed."""
    change = STABLE
    back = {"status": "PRIMARY", "rolloutState": "IN_PROGRESS", "rolloutStateReason": ROLLING_BACK}
    item = {"status": "ACTIVE", "desiredCount": 2, "runningCount": 2}
    rolling, done = (
        answered(services=[{**item, "deployments": found}], failures=[])
        for found in ([back, {"status": "ACTIVE", "rolloutState": "FAILED"}], [{**back, "rolloutState": "COMPLETED"}])
    )
    assert end(builtin(change), rolling) == sat_out(builtin(change))
    assert end(repaired(change), rolling) == End("failure", 1)
    assert end(repaired(change), done) == End("success", 1)


def test_a_service_whose_only_deployment_has_failed_is_not_stable_whatever_its_counts_say() -> None:
    answer = services(FAILED, running=2)
    assert end(builtin(STABLE), answer) == End("success", 1)
    assert end(repaired(STABLE), answer) == End("failure", 1)


def test_an_image_that_is_scanned_continuously_has_a_complete_scan_once_it_has_a_time() -> None:
    change = next(change for change in FILTERED if change.name == "ImageScanComplete")
    active = {"imageScanStatus": {"status": "ACTIVE"}}
    first = answered(**active, imageScanFindings={})
    scanned = answered(**active, imageScanFindings={"imageScanCompletedAt": "2026-01-01T00:00:00Z"})
    assert end(builtin(change), scanned) == sat_out(builtin(change))
    assert end(repaired(change), first, scanned) == End("success", 2)
    assert end(repaired(change), first) == sat_out(repaired(change))


# --- what is replaced or removed ------------------------------------------------------------------------------------


class Replaced(NamedTuple):
    """``builtin`` and ``repaired``: how the wait ends on the responses; None: it uses up its attempts."""

    service: str
    name: str
    was: Any
    answers: list[PollResult]
    builtin: End | None
    repaired: End | None


def task_sets(state: str) -> PollResult:
    """A service deployed by CodeDeploy has task sets and no deployments."""
    item = {"status": "ACTIVE", "desiredCount": 2, "runningCount": 2, "deployments": []}
    found = [{"status": "PRIMARY", "stabilityStatus": state}]
    return answered(
        services=[{**item, "deploymentController": {"type": "CODE_DEPLOY"}, "taskSets": found}], failures=[]
    )


DEPLOYMENT = ("appconfig", "EnvironmentReadyForDeployment")
SERVICES = "services[].status"
SUBNET = ("ec2", "SecondarySubnetCreateComplete", "delete-failed")
INTERFACE = ("ec2", "NetworkInterfaceAvailable", "InvalidNetworkInterfaceID.NotFound")
STREAMS = ("dynamodb", "KinesisStreamingDestinationActive")
LINGERING = {
    "ConversionTaskCompleted": ("ConversionTasks[].State", "completed", ["cancelled", "cancelling"]),
    "CustomerGatewayAvailable": ("CustomerGateways[].State", "available", ["deleted", "deleting"]),
    "ExportTaskCompleted": ("ExportTasks[].State", "completed", ["cancelled"]),
    "NatGatewayAvailable": ("NatGateways[].State", "available", ["deleted", "deleting"]),
    "SnapshotImported": ("ImportSnapshotTasks[].SnapshotTaskDetail.Status", "completed", ["deleted"]),
    "VpnConnectionAvailable": ("VpnConnections[].State", "available", ["deleted", "deleting"]),
}
"""EC2's waiters by their names: the path of the state, its success, and the states of items that stay in lists."""


def updates(*statuses: str) -> PollResult:
    """The updates of a directory, the newest first."""
    found = [{"Status": status, "StartTime": f"2026-01-{20 - day}"} for day, status in enumerate(statuses)]
    return answered(UpdateActivities={"SelfManagedInstances": found})


REPLACEMENTS = [
    Replaced(
        *DEPLOYMENT,
        "ReadyForDeployment",
        [holds("State", "ROLLED_BACK"), holds("State", "READY_FOR_DEPLOYMENT")],
        None,
        End("success", 2),
    ),
    Replaced(*SUBNET, [holds("SecondarySubnets[].State", "create-failed")], None, End("failure", 1)),
    Replaced(
        *INTERFACE,
        [refused("InvalidNetworkInterfaceID.NotFound"), holds("NetworkInterfaces[].Status", "available")],
        End("failure", 1),
        End("success", 2),
    ),
    Replaced(
        "ecs",
        "ServicesInactive",
        "INACTIVE",
        [holds(SERVICES, "INACTIVE", "DRAINING"), holds(SERVICES, "INACTIVE", "INACTIVE")],
        End("success", 1),
        End("success", 2),
    ),
    Replaced(
        "ecs",
        "ServicesStable",
        True,
        [task_sets("STABILIZING"), task_sets("STEADY_STATE")],
        None,
        End("success", 2),
    ),
    *(
        Replaced("omics", f"{kind}ImportJobCreated", "CANCELLED", [holds("status", "CANCELLED")], End("success", 1),
                 End("failure", 1))
        for kind in ("Annotation", "Variant")
    ),
    *(
        Replaced("neptune-graph", name, True, [holds("status", "AVAILABLE"), ending], End("failure", 1), over)
        for name, ending, over in (
            ("GraphDeleted", refused("ResourceNotFoundException", status=404), End("success", 2)),
            ("GraphSnapshotDeleted", refused("ResourceNotFoundException", status=404), End("success", 2)),
            ("PrivateGraphEndpointDeleted", refused("ResourceNotFoundException", status=404), End("success", 2)),
            ("GraphStopped", holds("status", "FAILED"), End("failure", 2)),
        )
    ),
    *(
        Replaced("neptune-graph", f"{kind}TaskCancelled", True,
                 [holds("status", "EXPORTING"), holds("status", "FAILED")], End("failure", 1), End("failure", 2))
        for kind in ("Export", "Import")
    ),
    Replaced(
        "redshift", "ClusterAvailable", "available",
        [answered(Clusters=[{"ClusterStatus": "available", "ClusterAvailabilityStatus": "Modifying"}])],
        End("success", 1), None,
    ),
    Replaced(
        "rds", "DBSnapshotCompleted", "DBSnapshotNotFound", [refused("DBSnapshotNotFound", status=404)],
        End("success", 1), End("error", 1),
    ),
    Replaced(
        "rds", "TenantDatabaseDeleted", "DBInstanceNotFoundFault", [refused("DBInstanceNotFound", status=404)],
        End("error", 1), End("success", 1),
    ),
    Replaced(
        *STREAMS, True, [holds("KinesisDataStreamDestinations[].DestinationStatus", "DISABLED", "DISABLED")],
        End("failure", 1), None,
    ),
    Replaced("ds", "HybridADUpdated", "Updated", [updates("Updated", "Updating")], None, End("success", 1)),
    Replaced("ds", "HybridADUpdated", "UpdateFailed", [updates("Updating", "UpdateFailed")], End("failure", 1), None),
    *(
        Replaced("ec2", name, success, [holds(path, success, gone[0])], None, End("success", 1))
        for name, (path, success, gone) in LINGERING.items() if len(gone) == 1
    ),
    *(
        Replaced("ec2", name, value, [holds(path, success, value)], End("failure", 1), End("success", 1))
        for name, (path, success, gone) in LINGERING.items() if len(gone) > 1 for value in gone
    ),
    *(
        Replaced("ec2", name, success, [holds(path, gone[0], gone[0])], End("failure", 1), End("failure", 1))
        for name, (path, success, gone) in LINGERING.items() if len(gone) > 1
    ),
]  # fmt: skip

CLUSTERS, ENVIRONMENTS, RESULTS = "CacheClusters[].CacheClusterStatus", "Environments[].Status", "Results[].Status"
REPLACEMENTS += [
    Replaced("elasticache", "CacheClusterAvailable", "deleted", [holds(CLUSTERS, "deleted", "modifying")],
             End("failure", 1), None),
    Replaced("elasticache", "CacheClusterAvailable", "deleting", [holds(CLUSTERS, "deleting", "modifying")],
             End("failure", 1), None),
    *(
        Replaced("elasticbeanstalk", name, "Ready", [holds(ENVIRONMENTS, "Terminated", "Ready")],
                 None, End("success", 1))
        for name in ("EnvironmentExists", "EnvironmentUpdated")
    ),
    Replaced("emr", "ClusterTerminated", "TERMINATED_WITH_ERRORS",
             [holds("Cluster.Status.State", "TERMINATED_WITH_ERRORS")], End("failure", 1), End("success", 1)),
    *(
        Replaced("machinelearning", f"{name}Available", "COMPLETED", [holds(RESULTS, "DELETED", "COMPLETED")],
                 None, End("success", 1))
        for name in ("DataSource", "MLModel", "Evaluation", "BatchPrediction")
    ),
    Replaced("macie2", "FindingRevealed", "ERROR", [holds("status", "ERROR")], End("success", 1), End("failure", 1)),
]  # fmt: skip


@pytest.mark.parametrize("row", REPLACEMENTS, ids=lambda row: f"{row.service}-{row.name}-{row.was}")
def test_an_acceptor_that_lies_is_replaced(row: Replaced) -> None:
    change = next(c for c in REPLACED if (c.service, c.name, c.entry["was"]["expected"]) == row[:3])
    assert end(builtin(change), *row.answers) == (row.builtin or sat_out(builtin(change)))
    assert end(repaired(change), *row.answers) == (row.repaired or sat_out(repaired(change)))


def test_every_replacement_is_tested() -> None:
    tried = [change for change in REPLACED if change not in DROPPED and change not in WIDENED]
    written = {(change.service, change.name, change.entry["was"]["expected"]) for change in tried}
    assert written <= {row[:3] for row in REPLACEMENTS}


@pytest.mark.parametrize("change", DROPPED, ids=str)
def test_a_state_that_passes_is_waited_through(change: Change) -> None:
    was = change.entry["was"]
    answer = holds(was["argument"], was["expected"])
    assert end(builtin(change), answer) == End("failure", 1)
    assert end(repaired(change), answer) == sat_out(repaired(change))


@pytest.mark.parametrize("change", WIDENED, ids=str)
def test_one_item_that_is_deleted_fails_the_wait_no_more(change: Change) -> None:
    """It says nothing of the others in a list; where all are deleted, the wait fails as before."""
    argument, value = change.entry["was"]["argument"], change.entry["was"]["expected"]
    for answer in (holds(argument, value, "available"), holds(argument, value)):
        assert end(builtin(change), answer) == End("failure", 1)
    assert end(repaired(change), holds(argument, value, "available")).ending != "failure"
    assert end(repaired(change), holds(argument, value)) == End("failure", 1)


INSTANCES, CLUSTERS = "DBInstances[].DBInstanceStatus", "Clusters[].ClusterStatus"
INSTANCE, CLUSTER = ("rds", "DBInstanceAvailable"), ("redshift", "ClusterAvailable")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        (INSTANCE, holds(INSTANCES, "storage-optimization")),
        (INSTANCE, holds(INSTANCES, "available", "storage-initialization")),
        (CLUSTER, holds(CLUSTERS, "available, resize-cleanup")),
        (CLUSTER, holds(CLUSTERS, "available", "available, prep-for-resize")),
    ],
)
def test_a_status_of_what_works_is_a_success(name: tuple[str, str], answer: PollResult) -> None:
    assert end(waiter(*name, False), answer) == sat_out(waiter(*name, False))
    assert end(waiter(*name, True), answer) == End("success", 1)


@pytest.mark.parametrize("status", ["available", "available, resize-cleanup"])
def test_a_cluster_that_is_modified_is_not_available_yet(status: str) -> None:
    modified, done = (
        answered(Clusters=[{"ClusterStatus": status, "ClusterAvailabilityStatus": state}])
        for state in ("Modifying", "Available")
    )
    assert end(waiter(*CLUSTER, True), modified, done) == End("success", 2)


def test_what_was_good_enough_still_is() -> None:
    assert end(waiter(*SUBNET[:2], True), holds("SecondarySubnets[].State", "delete-failed")) == End("failure", 1)
    unheard = refused("InvalidNetworkInterfaceID.NotFound")
    found = waiter(*INTERFACE[:2], True)
    assert end(found, unheard) == sat_out(found)


# --- the timing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", TIMED, ids=str)
def test_a_correction_of_the_timing_changes_nothing_else(change: Change) -> None:
    assert set(change.entry) <= {*TIMES, "reason", "evidence", "because"}
    for name in TIMES & set(change.entry):
        found = getattr(repaired(change), name)
        wanted = change.entry[name]
        assert (found._asdict() if name == "settle" else found) == (
            {"initial_delay": None, "consecutive": None, **wanted} if name == "settle" else wanted
        )
        assert getattr(builtin(change), name) != found


def test_a_budget_that_botocore_has_raised_meanwhile_is_left_alone() -> None:
    waiter = {"operation": "GetThing", "delay": 15, "maxAttempts": 40, "acceptors": []}
    longer = {"delay": 30, "max_attempts": 60, "reason": "It takes half an hour."}
    assert corrected(waiter, [longer]) == ({**waiter, "delay": 30, "maxAttempts": 60}, [longer])
    assert corrected({**waiter, "maxAttempts": 400}, [longer]) == ({**waiter, "maxAttempts": 400}, [])
    settle = {"settle": {"initial_delay": 60}, "reason": "The old state shows for a minute."}
    settled = {**waiter, "settle": {"initial_delay": 60}}
    assert corrected(waiter, [settle]) == (settled, [settle])
    assert corrected(settled, [settle]) == (settled, [])


# --- what is gone once it has been seen -----------------------------------------------------------------------------

NOT_LISTED = [change for change in GONE if id_params(change.service, operation_model(change))]
every_gone = pytest.mark.parametrize("change", GONE, ids=str)
every_unlisted = pytest.mark.parametrize("change", NOT_LISTED, ids=str)


def state_path(change: Change) -> str:
    """The path of the state that the built-in reads."""
    paths: dict[str, None] = {
        a["argument"]: None for a in raw(change.service, change.name)["acceptors"] if "argument" in a
    }
    (path,) = paths
    return path


def on_its_way(change: Change) -> str:
    """A state in which the resource exists and neither wait is over."""
    acceptors = [*builtin(change).acceptors, *repaired(change).acceptors]
    ended = {v for a in acceptors if a.state is not State.RETRY for v in a.expected}
    return next((value for value in values_of(change, state_path(change)) if value not in ended), "RUNNING")


def not_found(change: Change) -> PollResult:
    """The error for a resource that doesn't exist."""
    codes = [shape.name for shape in operation_model(change).error_shapes if "NotFound" in shape.name]
    answer = refused(codes[0], status=404) if codes else refused("InvalidThingID.NotFound")
    assert answer.error is not None
    assert answer.error.is_not_found
    return answer


def identity_of(change: Change, *ids: str) -> tuple[Identity, ItemList]:
    """The identity of a wait for these ids, and the list in which they are told of."""
    model = operation_model(change)
    param = next(p for p in id_params(change.service, model))
    binding, problems = bind(
        change.service, repaired(change), {param.name: list(ids), **required(model, param.name)}, model, None
    )
    assert problems == []
    assert binding.identity is not None
    lists = [items for items in binding.identity.lists if not items.echoes_only]
    return binding.identity, lists[0]


def required(model: Any, given: str) -> dict[str, str]:
    return {name: "x" for name in model.input_shape.required_members if name != given}


def listing(change: Change, items: ItemList, **states: str) -> PollResult:
    """A response with these resources: ``listing(change, items, i_1="running")``."""
    found = response(state_path(change), *states.values())
    for index, name in enumerate(states):
        node = found[items.path[0]][index]
        for step in items.path[1:]:
            node = node[step][0]
        (member,) = items.keys[0][1]
        node[member] = name
    return answered(**found)


@every_gone
def test_not_found_is_success_once_the_resource_was_seen(change: Change) -> None:
    seen = holds(state_path(change), on_its_way(change))
    assert end(builtin(change), seen, not_found(change)) == End("error", 2)
    assert end(repaired(change), seen, seen, not_found(change)) == End("success", 3)


@every_gone
def test_not_found_of_what_was_never_seen_is_no_success(change: Change) -> None:
    assert end(builtin(change), not_found(change)) == End("error", 1)
    assert end(repaired(change), not_found(change)) == End("error", 1)


@every_gone
def test_what_is_still_there_is_waited_for(change: Change) -> None:
    seen = holds(state_path(change), on_its_way(change))
    assert end(repaired(change), seen) == sat_out(repaired(change))


@every_unlisted
def test_what_is_listed_no_more_is_gone_once_all_were_seen(change: Change) -> None:
    identity, items = identity_of(change, "one", "two")
    state = on_its_way(change)
    both, one = listing(change, items, one=state, two=state), listing(change, items, one=state)
    nobody = answered(**{items.path[0]: []})
    assert end(builtin(change), both, one, nobody, identity=identity) == sat_out(builtin(change))
    assert end(repaired(change), both, one, nobody, identity=identity) == End("success", 3)


@every_unlisted
def test_what_was_never_listed_is_not_gone(change: Change) -> None:
    identity, items = identity_of(change, "one", "two")
    state = on_its_way(change)
    one, nobody = listing(change, items, one=state), answered(**{items.path[0]: []})
    assert end(repaired(change), nobody, identity=identity) == sat_out(repaired(change))
    assert end(repaired(change), one, nobody, identity=identity) == sat_out(repaired(change))


def test_lists_and_single_resources_are_both_tested() -> None:
    assert 0 < len(NOT_LISTED) < len(GONE)


# --- the data -------------------------------------------------------------------------------------------------------


@every_change
def test_a_change_has_a_form_that_is_known(change: Change) -> None:
    assert change.name in MODELS.waiters(change.service)
    forms = ({"now"}, {"was", "now"}, {"was"}, {"gone"})
    assert change.entry.keys() - {"reason", "evidence", "because"} in forms
    assert change.entry.get("gone", True) is True
    for acceptor in (change.entry[key] for key in ("was", "now") if key in change.entry):
        assert acceptor.keys() - {"argument"} == {"state", "matcher", "expected"}
        assert ("argument" in acceptor) == acceptor["matcher"].startswith("path")


@every_change
def test_the_reason_is_one_short_sentence(change: Change) -> None:
    reason = change.entry["reason"]
    assert re.fullmatch(r"[A-Z][^.!?;\n]*[\w)]\.", reason)
    assert len(reason) <= 120


@pytest.mark.parametrize("change", REPLACED, ids=str)
def test_replaced_acceptors_exist_in_botocore(change: Change) -> None:
    assert raw(change.service, change.name)["acceptors"].count(change.entry["was"]) == 1
    assert change.entry.get("now") != change.entry["was"]


@pytest.mark.parametrize("change", [c for c in CHANGES if "argument" in c.entry.get("now", {})], ids=str)
def test_a_value_is_one_that_the_member_can_have(change: Change) -> None:
    now = change.entry["now"]
    arguments = [acceptor.get("argument", "") for acceptor in raw(change.service, change.name)["acceptors"]]
    is_read = any(now["argument"] in argument for argument in arguments)
    assert is_read or Expression(now["argument"]).plain_path is None
    known = values_of(change, now["argument"])
    assert not known or set(change.values) <= set(known)


@every_corrected
def test_no_value_is_added_twice(service: str, name: str) -> None:
    added = [c for c in ADDED if (c.service, c.name) == (service, name)]
    judged = [(change.entry["now"]["argument"], value) for change in added for value in change.values]
    assert len(judged) == len(set(judged))


# its one success, which EC2 doesn't know; without it there would be none, and to be gone isn't an acceptor
DEAD_BUT_KEPT = {("ec2", "ConversionTaskDeleted")}


@every_corrected
def test_the_corrected_waiter_agrees_with_the_model_of_its_service(service: str, name: str) -> None:
    waiter, _made = corrected(raw(service, name), CORRECTIONS[service][name])
    reading = read_definition(waiter, name, Source.CORRECTED)
    assert reading.problems == ()
    assert reading.definition is not None
    problems = check_definition(reading.definition, service_model(service))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert bool(errors) == ((service, name) in DEAD_BUT_KEPT), errors


@every_corrected
def test_the_users_of_a_corrected_waiter_are_not_bothered(service: str, name: str) -> None:
    assert check_definition(waiter(service, name, True), service_model(service)) == []


@every_corrected
def test_every_change_is_needed(service: str, name: str) -> None:
    """All have an effect on the installed botocore, and the waiter says that it was corrected."""
    _waiter, made = corrected(raw(service, name), CORRECTIONS[service][name])
    assert [listed(change) for change in made] == [listed(in_full(change)) for change in CORRECTIONS[service][name]]
    assert waiter(service, name, True).source is Source.CORRECTED
    assert waiter(service, name, True).corrections == tuple(made)
    assert waiter(service, name, False).source is Source.BUILTIN
    assert waiter(service, name, False).corrections == ()


def listed(change: Mapping[str, Any]) -> dict[str, Any]:
    """The change with a list of the values that it takes, also of a single one."""
    now = change.get("now")
    return {**change, "now": now and {**now, "expected": as_list(now["expected"])}}


@every_corrected
def test_what_botocore_has_repaired_is_left_alone(service: str, name: str) -> None:
    changes = [change for change in CORRECTIONS[service][name] if "gone" not in change]
    waiter, _made = corrected(raw(service, name), changes)
    mended = {**waiter, "acceptors": list(one_by_one(waiter["acceptors"]))}
    assert corrected(mended, changes) == (mended, [])


def one_by_one(acceptors: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The acceptors as botocore would write them, which knows no lists of values."""
    for acceptor in acceptors:
        yield from ({**acceptor, "expected": value} for value in as_list(acceptor["expected"]))
