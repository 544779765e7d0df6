# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiters as shipped against other people's waits (``make oracle``), and what that comparison finds at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.oracle.__main__ import main
from tests.oracle.compare import findings, matches
from tests.oracle.deletions import EXPECTED, suspicions
from tests.oracle.ours import Ours, every, waiters_of
from tests.oracle.waits import Wait, read

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import LibraryWaiter
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Source
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import Layer

WAITS = read()
SERVICES = sorted({wait.service for wait in WAITS})


# --- what is shipped ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
def test_no_waiter_contradicts_what_others_wait_for(service: str) -> None:
    found = findings(wait for wait in WAITS if wait.service == service)
    assert [f"{finding.kind.value}: {finding}" for finding in found] == []


def test_no_waiter_for_an_end_fails_in_a_state_that_may_show_before_it() -> None:
    assert [str(suspicion) for suspicion in suspicions(every())] == []


@pytest.mark.parametrize(("service", "name"), EXPECTED, ids=map(" ".join, EXPECTED))
def test_an_exception_is_one_and_says_why(service: str, name: str) -> None:
    (ours,) = [ours for ours in waiters_of(service) if ours.name == name]
    assert set(EXPECTED[service, name]) <= ours.states
    assert not set(EXPECTED[service, name]) & set(ours.because)
    assert all(reason.endswith(".") for reason in EXPECTED[service, name].values())


def test_the_comparison_is_not_blind() -> None:
    assert len({str(match.ours) for wait in WAITS for match in matches(wait)}) >= 200


# --- what the comparison finds --------------------------------------------------------------------------------------

FILE_SYSTEM: dict[str, Any] = {
    "operation": "DescribeFileSystems",
    "delay": 30,
    "max_attempts": 60,
    "path": "FileSystems[].Lifecycle",
    "success": ["AVAILABLE"],
    "failure": ["FAILED"],
}
CREATED: dict[str, Any] = {
    "source": "Somebody",
    "file": "wait.go",
    "function": "waitFileSystemCreated",
    "service": "fsx",
    "operation": ["DescribeFileSystems"],
    "path": ["FileSystems[].Lifecycle"],
    "pending": ["CREATING"],
    "target": ["AVAILABLE"],
}
BY_ID = "FileSystems[?FileSystemId=='fs-1'].Lifecycle | [0]"
FILTERED = "FileSystems[?Lifecycle!='DELETING'].Lifecycle"
BOTH = "FileSystems[].[Lifecycle=='AVAILABLE' && !(AdministrativeActions[?Status=='IN_PROGRESS'])][]"
LOOKS_AT_ACTIONS = {"acceptors": [{"state": "success", "matcher": "pathAll", "argument": BOTH, "expected": True}]}
FAILS_UPDATING = {
    "state": "failure",
    "matcher": "pathAny",
    "argument": "FileSystems[].Lifecycle",
    "expected": "UPDATING",
}
TIMING = {key: FILE_SYSTEM[key] for key in ("operation", "delay", "max_attempts")}
DELETED = {**TIMING, "acceptors": [{"state": "success", "matcher": "error", "expected": "FileSystemNotFound"}]}
FAILS_ACTIVE = {**FAILS_UPDATING, "expected": "AVAILABLE"}
DELETION = {"function": "waitFileSystemDeleted", "target": None, "not_found": "ok"}


def differences(
    ours: dict[str, Any],
    theirs: dict[str, Any],
    name: str = "file_system_available",
    more: Sequence[dict[str, Any]] = (),
) -> list[str]:
    """What is found of a waiter and a wait, or several, which have these keys unlike those above."""
    raw = ours if "acceptors" in ours else {**FILE_SYSTEM, **ours}
    waiter = LibraryWaiter(name, (Layer(raw, f"fsx {name}", borrowed=True),), Source.CATALOG)
    shipped = {"fsx": [Ours("fsx", waiter)]}
    waits = [Wait.of({**CREATED, **entry}) for entry in (theirs, *more)]
    found = findings(waits, lambda service: shipped.get(service) or waiters_of(service))
    return [f"{finding.kind.name} {finding.what}" for finding in found]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ({}, {}, []),
        ({}, {"pending": ["CREATING", "FAILED"]}, ["FAILS_EARLY FAILED"]),
        ({"success": ["AVAILABLE", "MISCONFIGURED"]}, {"pending": "MISCONFIGURED"}, ["SUCCEEDS_EARLY MISCONFIGURED"]),
        ({"failure": ["MISCONFIGURED"]}, {"target": ["AVAILABLE", "MISCONFIGURED"]}, ["FAILS_AT_GOAL MISCONFIGURED"]),
        (
            {"success": ["AVAILABLE", "MISCONFIGURED"]},
            {"failure": ["MISCONFIGURED"]},
            ["SUCCEEDS_AT_FAILURE MISCONFIGURED"],
        ),
        ({"max_attempts": 10}, {"timeout": 1200}, ["BUDGET 5 min, others 20 min"]),
        ({"max_attempts": 10}, {"timeout": [60, 1200]}, ["BUDGET 5 min, others 20 min"]),
        ({"max_attempts": 10}, {"timeout": 600}, []),
    ],
)
def test_a_difference_is_found(ours: dict[str, Any], theirs: dict[str, Any], expected: list[str]) -> None:
    assert differences(ours, theirs) == expected
    reasons = {entry.split()[1]: "why" for entry in expected} | {"budget": "why"}
    assert differences({**ours, "because": reasons}, theirs) == []


@pytest.mark.parametrize("because", ["A FAILED file system is repaired.", {"FAILED": "It is repaired."}])
def test_a_reason_counts_for_the_state_that_it_names(because: Any) -> None:
    pending = {"pending": ["CREATING", "FAILED"]}
    assert differences({"because": because}, pending) == []
    assert differences({"because": because, "failure": ["FAILED", "DELETING"]}, {"pending": ["DELETING"]}) == []
    assert differences({"because": because, "failure": ["UPDATING"]}, {"pending": ["UPDATING"]}) != []


@pytest.mark.parametrize("path", ["FileSystems[0].Lifecycle", FILTERED, BY_ID])
def test_a_path_is_the_same_however_it_goes_through_lists(path: str) -> None:
    try_both = [({"path": path}, {}), ({}, {"path": path})]
    for ours, theirs in try_both:
        assert differences(ours, {**theirs, "pending": ["CREATING", "FAILED"]}) == ["FAILS_EARLY FAILED"]


@pytest.mark.parametrize("path", ["made.up", "statusOf(output)", [], None, "FileSystems[].FileSystemType"])
def test_the_path_of_states_that_it_can_not_hold_is_not_believed(path: Any) -> None:
    assert differences({}, {"path": path, "pending": ["CREATING", "FAILED"]}) == ["FAILS_EARLY FAILED"]
    assert differences({}, {"path": path, "pending": ["tfPending", "FAILED"]}) == []


@pytest.mark.parametrize(
    "theirs",
    [
        {"service": "no-such-service"},
        {"operation": "NoSuchOperation"},
        {"operation": "DescribeBackups"},
        {"path": "FileSystems[].AdministrativeActions[].Status"},
        {"target": ["MISCONFIGURED"]},
        {"function": "waitFileSystemDeleted"},
    ],
    ids=str,
)
def test_what_is_not_the_same_wait_is_not_compared(theirs: dict[str, Any]) -> None:
    name = "file_system_created" if "function" in theirs else "file_system_available"
    assert differences({}, {"pending": ["FAILED"], **theirs}, name) == []


def test_an_expression_is_judged_beside_what_else_it_reads() -> None:
    ours = {**TIMING, **LOOKS_AT_ACTIONS}
    assert differences(ours, {"pending": ["UPDATING"]}) == []
    ours = {**ours, "acceptors": [FAILS_UPDATING, *ours["acceptors"]]}
    assert differences(ours, {"pending": ["UPDATING"]}) == ["FAILS_EARLY UPDATING"]


def test_a_state_on_the_way_to_another_target_is_not_on_the_way_to_ours() -> None:
    ours = {"failure": ["FAILED", "DELETING", "UPDATING"]}
    both = {"pending": ["CREATING", "FAILED", "UPDATING"], "target": ["AVAILABLE", "MISCONFIGURED"]}
    assert differences(ours, both) == ["FAILS_EARLY UPDATING"]
    assert "FAILS_EARLY FAILED" in differences(ours, {**both, "function": "waitFileSystemUpdated"})


def test_a_state_that_others_also_wait_for_may_be_waited_through() -> None:
    theirs = {"function": "waitFileSystemRepaired", "pending": ["MISCONFIGURED"]}
    ours = {"success": ["AVAILABLE", "MISCONFIGURED"]}
    assert differences(ours, theirs) == ["SUCCEEDS_EARLY MISCONFIGURED"]
    assert differences(ours, theirs, more=[{"target": ["AVAILABLE", "MISCONFIGURED"]}]) == []
    assert differences(ours, {**theirs, "target": ["AVAILABLE", "MISCONFIGURED"]}) == []


def test_the_budget_is_that_of_waits_for_the_same_states_if_there_are_any() -> None:
    longer = {"target": ["AVAILABLE", "MISCONFIGURED"], "timeout": 7200}
    assert differences({}, longer) == ["BUDGET 30 min, others 120 min"]
    assert differences({}, longer, more=[{"timeout": 3600}]) == []


def test_a_target_in_which_things_went_wrong_is_no_goal() -> None:
    assert differences({}, {"target": ["AVAILABLE", "FAILED"]}) == []
    assert differences({"success": ["FAILED"], "failure": ["DELETING"]}, {"target": ["AVAILABLE", "FAILED"]}) == []


@pytest.mark.parametrize("path", ["FileSystems[].Lifecycle", "FileSystems[0].Lifecycle"])
def test_waiters_for_a_deletion_are_compared_by_what_is_gone(path: str) -> None:
    theirs = {**DELETION, "path": path, "pending": ["AVAILABLE", "DELETING"], "timeout": 7200}
    assert differences(DELETED, theirs, "file_system_deleted") == ["BUDGET 30 min, others 120 min"]
    ours = {**DELETED, "acceptors": [*DELETED["acceptors"], FAILS_ACTIVE], "max_attempts": 120}
    assert differences(ours, theirs, "file_system_deleted") == ["FAILS_EARLY AVAILABLE"]


def test_the_deletion_of_a_part_is_another_one() -> None:
    theirs = {**DELETION, "path": "FileSystems[].AdministrativeActions[].Status", "pending": [], "timeout": 7200}
    assert differences(DELETED, theirs, "file_system_deleted") == []


@pytest.mark.parametrize(
    "theirs",
    [
        {"function": "waitFileSystemUpdated", "delay": 30},
        {"function": "waitFileSystemAvailableAfterUse", "continuous_target": 2},
        {"function": "waitFileSystemAvailable", "pending": ["UPDATING"], "delay": 60, "poll_interval": 10},
    ],
    ids=str,
)
def test_a_first_look_that_others_do_not_trust_is_found(theirs: dict[str, Any]) -> None:
    (found,) = differences({}, theirs)
    assert found.startswith("SETTLE others wait")
    explained: list[dict[str, Any]] = [
        {"settle": {"consecutive": 2}},
        {"initial_delay": 30},
        {"consecutive": 2},
        {"because": {"settle": "The state turns at once."}},
        {**TIMING, **LOOKS_AT_ACTIONS},
    ]
    for ours in explained:
        assert differences(ours, theirs) == []


@pytest.mark.parametrize("theirs", [{"delay": 30}, {"function": "waitUpdated", "delay": 30, "poll_interval": 30}])
def test_a_late_first_look_that_only_saves_requests_is_none(theirs: dict[str, Any]) -> None:
    assert differences({}, theirs) == []


@pytest.mark.parametrize(
    ("name", "state", "is_suspicious"),
    [
        ("file_system_deleted", "AVAILABLE", True),
        ("file_system_deleted", "FAILED", True),
        ("file_system_deleted", "DELETE_FAILED", False),
        ("file_system_stopped", "RUNNING", True),
        ("file_system_stopped", "FAILED", False),
        ("file_system_available", "AVAILABLE", False),
    ],
)
def test_a_waiter_for_an_end_is_suspected_of_failing_too_early(name: str, state: str, is_suspicious: bool) -> None:
    fails = {**FAILS_UPDATING, "expected": state}
    raw = {**DELETED, "acceptors": [*DELETED["acceptors"], fails]}
    for because, found in ((None, is_suspicious), ({state: "It stays so."}, False)):
        waiter = LibraryWaiter(name, (Layer({**raw, "because": because}, f"fsx {name}"),), Source.CATALOG)
        assert bool(list(suspicions([Ours("fsx", waiter)]))) == found


def test_others_may_lack_any_key_and_write_lists_as_texts() -> None:
    keys = Wait.of({}), Wait.of({"service": "fsx", "operation": "X", "path": 7, "pending": None, "timeout": "long"})
    assert [list(matches(wait)) for wait in keys] == [[], []]
    assert Wait.of({"target": "AVAILABLE", "pending": ["?expression", "CREATING"]}).pending == ("CREATING",)


def test_another_file_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "waits.json"
    file.write_text(json.dumps([{"no": "wait"}, "nothing", {**CREATED, "pending": ["FAILED"]}]))
    assert main(file) == 1
    report = capsys.readouterr().out
    assert "fsx file_system_available: FAILED (Somebody: wait.go:waitFileSystemCreated)" in report
    assert "1 waits of others; 1 waiters could be compared" in report
