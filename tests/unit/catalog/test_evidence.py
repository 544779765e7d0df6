# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where each waiter of the catalogue and each correction has its states from, and why some differ from others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from tests.oracle.compare import matches
from tests.oracle.ours import Ours, service_model, waiters_of
from tests.oracle.waits import Wait, read
from tests.support.catalog import CATALOG, every
from tests.support.members import shape_at

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.correct import in_full
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.inherit import is_abstract

WAITERS = [(service, name) for service, found in CATALOG.waiters.items() for name in found]
CORRECTED = [(service, name) for service, found in CATALOG.corrections.items() for name in found]
SHIPPED = [(service, ours.name) for service in CATALOG.waiters for ours in waiters_of(service) if ours.because]

WAITS = read()
KNOWN_SERVICES = {wait.service for wait in WAITS}
STATES = {"acceptors", "path", "success", "failure", "retry", "success_errors", "failure_errors", "retry_errors"}
"""Keys of a definition that say something of states of its own."""
TIMING = {"budget", "settle"}
"""What ``because`` may explain besides states."""


def texts(evidence: Any) -> list[str]:
    return [evidence] if isinstance(evidence, str) else list(evidence or ())


def mistake(service: str, text: str) -> str | None:
    """What is wrong with one piece of evidence."""
    source, _colon, rest = text.partition(": ")
    if text.startswith("https://"):
        return None if text.startswith("https://docs.aws.amazon.com/") else "no page of AWS's documentation"
    if source == "guess":
        return None if rest.strip() else "no reason"
    if source == "model":
        return None if is_in_model(service, rest) else f"{service} has no shape, operation or member {rest}"
    if source in ("Terraform AWS provider", "Airflow Amazon provider"):
        return None if is_known(service, source, rest) else f"no such wait: {rest}"
    return "of no form that is known"


def is_in_model(service: str, place: str) -> bool:
    """Whether it is a shape or an operation of the service, or a member of one (``Shape.member``)."""
    model = service_model(service)
    name, *members = place.split(".")
    if name in model.shape_names:
        return shape_at(model.shape_for(name), tuple(members)) is not None
    if name not in model.operation_names:
        return False
    return not members or shape_at(model.operation_model(name).output_shape, tuple(members)) is not None


def is_known(service: str, source: str, place: str) -> bool:
    """Whether the wait is in the data, or may be in the part of it that isn't published: of a service without any."""
    file, _colon, function = place.rpartition(":")
    if not re.fullmatch(r"[\w./-]+\.(go|json)", file) or not re.fullmatch(r"\w+", function):
        return False
    is_code = file.endswith("/errors.go") and function.startswith("errCode")  # a constant, and not a wait
    return is_code or service not in KNOWN_SERVICES or any(is_meant(wait, source, file, function) for wait in WAITS)


def is_meant(wait: Wait, source: str, file: str, function: str) -> bool:
    """Whether it is that wait; folders may be left out of the file's name."""
    return wait.source == source and f"/{wait.file}".endswith(f"/{file}") and wait.function == function


@every(WAITERS)
def test_a_waiter_says_where_its_states_are_from(service: str, name: str) -> None:
    raw = CATALOG.waiters[service][name]
    evidence = texts(raw.get("evidence"))
    assert evidence or is_abstract(name) or ("extends" in raw and not raw.keys() & STATES)
    assert {text: mistake(service, text) for text in evidence if mistake(service, text)} == {}


@every(CORRECTED)
def test_a_correction_says_where_its_states_are_from(service: str, name: str) -> None:
    for change in CATALOG.corrections[service][name]:
        evidence = texts(change.get("evidence"))
        assert evidence, change
        assert {text: mistake(service, text) for text in evidence if mistake(service, text)} == {}


@every(SHIPPED)
def test_a_reason_to_differ_is_about_a_state_that_there_is(service: str, name: str) -> None:
    (ours,) = [ours for ours in waiters_of(service) if ours.name == name]
    assert named(ours) <= {str(state) for state in ours.states} | states_of_others(ours) | TIMING


def named(ours: Ours) -> set[str]:
    """What the reasons are for, where these are mapped."""
    reasons = [layer.raw.get("because") for layer in ours.waiter.layers]
    reasons += [change.get("because") for change in ours.changes]
    return {str(key) for reason in reasons if isinstance(reason, Mapping) for key in reason}


def states_of_others(ours: Ours) -> set[str]:
    """The states that others know of what it waits for."""
    waits = [wait for wait in WAITS if wait.service == ours.service]
    alike = [wait for wait in waits if any(match.ours is ours for match in matches(wait))]
    return {state for wait in alike for state in (*wait.pending, *wait.target, *wait.failure)}


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("model: FileSystemLifecycle", True),
        ("model: DescribeFileSystems", True),
        ("model: FileSystem.Lifecycle", True),
        ("model: DescribeFileSystems.FileSystems.Lifecycle", True),
        ("model: FileSystem.Lifecycles", False),
        ("model: FileSystems are known", False),
        ("model: ", False),
        ("https://docs.aws.amazon.com/fsx/latest/APIReference/API_FileSystem.html", True),
        ("https://example.com/fsx", False),
        ("Terraform AWS provider: fsx/lustre_file_system.go:waitFileSystemUpdated", True),
        ("Terraform AWS provider: fsx/lustre_file_system.go:waitFileSystemForgotten", False),
        ("Airflow Amazon provider: fsx/lustre_file_system.go:waitFileSystemUpdated", False),
        ("Terraform AWS provider: waitFileSystemUpdated", False),
        ("guess: from memory", True),
        ("guess: ", False),
        ("I know", False),
    ],
)
def test_evidence_has_a_form_and_is_there(text: str, is_right: bool) -> None:
    assert (mistake("fsx", text) is None) == is_right


def test_evidence_of_a_service_whose_waits_are_not_published_is_believed() -> None:
    assert mistake("elbv2", "Terraform AWS provider: elbv2/load_balancer.go:waitLoadBalancerActive") is None
    assert mistake("elbv2", "Terraform AWS provider: load balancers:wait for them") is not None


def test_files_may_be_named_without_their_folders() -> None:
    for file in ("providers/amazon/waiters/rds.json", "waiters/rds.json", "rds.json"):
        assert mistake("rds", f"Airflow Amazon provider: {file}:db_instance_stopped") is None


def test_a_correction_in_the_short_form_keeps_its_evidence() -> None:
    change = {"path": "Status", "failure": ["FAILED"], "reason": "It stays.", "evidence": "guess: I know."}
    assert in_full({**change, "because": {"FAILED": "It stays."}}).keys() == {"reason", "evidence", "because", "now"}
