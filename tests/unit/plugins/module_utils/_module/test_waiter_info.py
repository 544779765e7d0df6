# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""waiter_info on botocore's own data: without credentials, network or fakes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._module.waiter_info import waiter_info, waiter_info_spec
from ansible_collections.cloudwait.aws.plugins.modules import waiter_info as door

ISSUED: dict[str, Any] = {"operation": "DescribeCertificate", "path": "Certificate.Status", "success": ["ISSUED"]}
LONG: dict[str, Any] = {
    "operation": "DescribeCertificate",
    "delay": 10,
    "maxAttempts": 6,
    "acceptors": [
        {"state": "success", "matcher": "path", "argument": "Certificate.Status", "expected": "ISSUED"},
        {"state": "retry", "matcher": "error", "expected": "ResourceNotFoundException"},
    ],
}
FORM_ALONE = ("warning", "service", None)


def info(**given: Any) -> dict[str, Any]:
    found = waiter_info({**dict.fromkeys(waiter_info_spec()), "details": True, **given}, MODELS)
    json.dumps(found)
    return found


def named(found: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    return [(row["service"], row["name"]) for row in found["waiters"]]


def problems(**given: Any) -> list[tuple[str, str, str | None]]:
    return [(row["severity"], row["path"], row["suggestion"]) for row in info(**given)["problems"]]


@pytest.fixture(scope="module")
def everything() -> dict[str, Any]:
    return info()


def test_all_waiters_of_all_services_are_listed(everything: dict[str, Any]) -> None:
    assert list(everything["services"]) == MODELS.services()
    assert sum(everything["services"].values()) == len(everything["waiters"]) > 300
    assert (everything["services"]["ec2"] > 30, everything["services"]["sts"]) == (True, 0)
    assert everything["problems"] == []


def test_every_waiter_has_every_key_of_the_documentation(everything: dict[str, Any]) -> None:
    documented = yaml.safe_load(door.RETURN)["waiters"]["contains"]
    for row in everything["waiters"]:
        assert row.keys() == documented.keys()
        assert row["acceptors"]
        for acceptor in row["acceptors"]:
            assert acceptor.keys() == documented["acceptors"]["contains"].keys()
            assert acceptor["text"].startswith(("succeeds ", "fails ", "keeps waiting "))


def test_without_details_the_answer_is_brief() -> None:
    brief, full = (info(service="ec2", details=details)["waiters"] for details in (False, True))
    keys = [
        "service",
        "name",
        "model_name",
        "operation",
        "description",
        "source",
        "states",
        "delay",
        "max_attempts",
        "max_wait",
    ]
    documented = yaml.safe_load(door.RETURN)["waiters"]["contains"]
    assert [name for name, key in documented.items() if key.get("returned") != "when O(details=true)"] == keys
    assert brief == [{key: row[key] for key in keys} for row in full]


def test_a_state_is_listed_once_with_the_type_that_it_has() -> None:
    states = [("success", 1), ("success", True), ("success", 1), ("failure", "no"), ("retry", "Throttled")]
    acceptors = [{"state": state, "matcher": "path", "argument": "x", "expected": value} for state, value in states]
    [row] = info(definition={"operation": "DescribeThing", "acceptors": acceptors})["waiters"]
    assert json.dumps(row["states"]) == '{"success": [1, true], "failure": ["no"], "retry": ["Throttled"]}'


def test_every_waiter_says_how_long_it_waits(everything: dict[str, Any]) -> None:
    for row in everything["waiters"]:
        assert row["max_wait"] == row["delay"] * row["max_attempts"] > 0
        assert row["source"] in ("builtin", "corrected", "catalog")
        assert bool(row["corrections"]) == (row["source"] == "corrected")


def test_a_single_service_can_be_listed() -> None:
    found = info(service="ecs")
    assert found["services"] == {"ecs": len(found["waiters"])}
    assert {service for service, _name in named(found)} == {"ecs"}
    assert info(service="sts") == {"services": {"sts": 0}, "waiters": [], "problems": []}


@pytest.mark.parametrize("name", ["instance_running", "InstanceRunning"])
def test_a_waiter_is_found_by_either_spelling(name: str) -> None:
    [row] = info(service="ec2", waiter=name)["waiters"]
    acceptors = row.pop("acceptors")
    assert row == {
        "service": "ec2",
        "name": "instance_running",
        "model_name": "InstanceRunning",
        "operation": "DescribeInstances",
        "description": "",
        "source": "builtin",
        "states": {
            "success": ["running"],
            "failure": ["shutting-down", "terminated", "stopping"],
            "retry": ["InvalidInstanceID.NotFound"],
        },
        "delay": 15.0,
        "max_attempts": 40,
        "max_wait": 600.0,
        "required_params": [],
        "id_param": "InstanceIds",
        "id_limit": 1000,
        "permissions": ["ec2:DescribeInstances", "ec2:DescribeInstanceStatus"],
        "diagnosis": ["ec2:DescribeInstanceStatus"],
        "initial_delay": 0.0,
        "consecutive": 1,
        "settle": None,
        "evidence": [],
        "corrections": [],
    }
    assert acceptors[0] == {
        "state": "success",
        "matcher": "pathAll",
        "argument": "Reservations[].Instances[].State.Name",
        "expected": "running",
        "text": "succeeds when every Reservations[].Instances[].State.Name is 'running'",
    }
    assert acceptors[-1]["argument"] is None


@pytest.mark.parametrize("name", ["cluster_active", "ClusterActive"])
def test_a_name_without_a_service_is_looked_for_in_all(name: str) -> None:
    found = info(waiter=name)
    assert {("dsql", "cluster_active"), ("eks", "cluster_active")} <= set(named(found))
    assert len(found["services"]) == len(MODELS.services())


def test_parameters_are_listed() -> None:
    [services_stable] = info(service="ecs", waiter="services_stable")["waiters"]
    assert services_stable["required_params"] == ["services"]
    assert (services_stable["id_param"], services_stable["id_limit"]) == ("services", 10)
    [bucket_exists] = info(service="s3", waiter="bucket_exists")["waiters"]
    assert bucket_exists["required_params"] == ["Bucket"]
    assert (bucket_exists["id_param"], bucket_exists["id_limit"]) == (None, None)


@pytest.mark.parametrize(
    ("given", "path", "suggestion"),
    [
        ({"service": "dynamobd"}, "service", "dynamodb"),
        ({"service": "dynamobd", "definition": ISSUED}, "service", "dynamodb"),
        ({"service": "ec2", "waiter": "instance_runing"}, "waiter", "instance_running"),
        ({"service": "sts", "waiter": "instance_running"}, "waiter", None),
        ({"waiter": "bucket_exist"}, "waiter", "bucket_exists"),
        ({"waiter": "BucketExist"}, "waiter", "BucketExists"),
        ({"waiter": "xyzzy"}, "waiter", None),
        ({"waiter": "mine", "definitions": {"Other": LONG}}, "waiter", None),
    ],
)
def test_what_is_not_there_is_bad_input(given: dict[str, Any], path: str, suggestion: str | None) -> None:
    with pytest.raises(BadInput) as bad:
        info(**given)
    assert [(problem.path, problem.suggestion) for problem in bad.value.problems] == [(path, suggestion)]


def test_a_definition_is_described_in_plain_words() -> None:
    found = info(service="acm", definition={**ISSUED, "description": "Issued.", "pending": ["PENDING_VALIDATION"]})
    [row] = found["waiters"]
    assert found["problems"] == []
    assert (row["service"], row["name"], row["model_name"], row["source"]) == ("acm", None, None, "inline")
    assert (row["description"], row["required_params"]) == ("Issued.", ["CertificateArn"])
    assert (row["delay"], row["max_attempts"], row["max_wait"]) == (5.0, 120, 600.0)
    assert [acceptor["text"] for acceptor in row["acceptors"]] == [
        "succeeds when Certificate.Status is 'ISSUED'",
        "fails when Certificate.Status is none of 'ISSUED', 'PENDING_VALIDATION'",
        "keeps waiting when Certificate.Status is 'PENDING_VALIDATION'",
    ]


def test_a_definition_is_checked_with_paths_of_its_own() -> None:
    wrong = {**LONG, "acceptors": [{**LONG["acceptors"][0], "expected": "ISUED"}, *LONG["acceptors"][1:]]}
    assert problems(service="acm", definition=wrong) == [("error", "acceptors[0].expected", "ISSUED")]
    assert problems(service="acm", definition={**ISSUED, "path": "Certificate.Statos"}) == [("error", "path", "Status")]


def test_definitions_are_checked_with_the_name_of_each() -> None:
    misspelt = {**LONG, "acceptors": [{**LONG["acceptors"][0], "argument": "Certificate.Statos"}]}
    found = problems(service="acm", definitions={"Good": LONG, "Ready": misspelt, "Odd": {**ISSUED, "pth": "x"}})
    assert found == [("error", "Ready.acceptors[0].argument", "Status"), ("error", "Odd.pth", "path")]


@pytest.mark.parametrize("definitions", [{"CertReady": LONG}, {"version": 2, "waiters": {"CertReady": LONG}}])
def test_a_whole_document_is_taken_like_a_bare_mapping(definitions: dict[str, Any]) -> None:
    found = info(service="acm", definitions=definitions)
    [row] = found["waiters"]
    assert found["problems"] == []
    assert (row["name"], row["model_name"], row["source"]) == ("cert_ready", "CertReady", "definitions")
    assert (row["delay"], row["max_attempts"], row["max_wait"]) == (10.0, 6, 60.0)


def test_both_kinds_of_definitions_are_listed_together() -> None:
    found = info(service="acm", definition=ISSUED, definitions={"CertReady": LONG})
    assert named(found) == [("acm", None), ("acm", "cert_ready")]


@pytest.mark.parametrize("name", ["cert_ready", "CertReady"])
def test_a_name_is_looked_for_in_definitions_first(name: str) -> None:
    definitions = {"CertReady": LONG, "Other": LONG}
    assert named(info(service="acm", waiter=name, definitions=definitions)) == [("acm", "cert_ready")]
    ours = info(service="ec2", waiter="instance_running", definitions={"InstanceRunning": LONG})
    assert [row["source"] for row in ours["waiters"]] == ["definitions"]
    theirs = info(service="ec2", waiter="instance_running", definitions={"CertReady": {**LONG, "service": "acm"}})
    assert [row["source"] for row in theirs["waiters"]] == ["builtin"]


@pytest.mark.parametrize(
    "definitions",
    [{"CertReady": {**LONG, "service": "acm"}}, {"version": 2, "waiters": {"CertReady": {**LONG, "service": "acm"}}}],
)
def test_an_entry_may_carry_its_service(definitions: dict[str, Any]) -> None:
    found = info(service="ec2", definitions=definitions)
    assert found["problems"] == []
    assert named(found) == [("acm", "cert_ready")]
    assert named(info(definitions=definitions)) == [("acm", "cert_ready")]


def test_an_entry_has_the_service_of_what_it_extends() -> None:
    definitions = {
        "__Cert": {**LONG, "service": "acm"},
        "CertReady": {"extends": "__Cert"},
        "CertOdd": {"extends": "cert_ready", "show": "Certificate.Statos"},
        "Round": {"extends": "Trip"},
        "Trip": {"extends": "Round"},
    }
    found = info(definitions=definitions)
    assert named(found) == [("acm", "cert_ready"), ("acm", "cert_odd")]
    assert [row["path"] for row in found["problems"]] == ["CertOdd.show", "Trip.extends", "service"]


@pytest.mark.parametrize(("service", "suggestion"), [("acn", "acm"), (5, None), (["acm"], None)])
def test_an_entry_with_a_wrong_service_is_a_problem(service: Any, suggestion: str | None) -> None:
    definitions = {"CertReady": {**LONG, "service": service}}
    assert problems(service="acm", definitions=definitions) == [("error", "CertReady.service", suggestion)]


def test_without_a_service_the_form_alone_is_checked_and_said_so_once() -> None:
    misspelt = {**ISSUED, "success": ["ISUED"]}
    assert problems(definition=misspelt) == [FORM_ALONE]
    assert problems(definitions={"A": misspelt, "B": misspelt}) == [FORM_ALONE]
    assert problems(definition={**misspelt, "pth": 1}) == [("error", "pth", "path"), FORM_ALONE]
    assert info(definition=misspelt)["waiters"][0]["service"] is None


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"definition": {}}, {"operation", ""}),
        ({"definition": {"operation": 5, "acceptors": "x"}}, {"operation", "acceptors"}),
        ({"definitions": {"A": None, "B": [], "C": "x"}}, {"A", "B", "C"}),
        ({"definitions": {"version": 3, "waiters": {}}}, {"version"}),
        ({"definitions": {"version": 2, "waiters": []}}, {"version", "waiters"}),
        ({"definitions": {}}, set()),
    ],
)
def test_nonsense_is_a_result_and_never_a_failure(given: dict[str, Any], paths: set[str]) -> None:
    found = info(service="acm", **given)
    assert {row["path"] for row in found["problems"]} == paths
    assert all(row["severity"] == "error" for row in found["problems"])


def test_builtins_given_as_definitions_are_treated_like_anybodys() -> None:
    found = problems(service="appconfig", definitions=dict(MODELS.waiters("appconfig")))
    assert ("error", "EnvironmentReadyForDeployment.acceptors[0].expected", "READY_FOR_DEPLOYMENT") in found
    assert problems(service="s3", definitions=dict(MODELS.waiters("s3"))) == []
    assert info(service="appconfig")["problems"] == []


def test_the_row_of_a_problem_has_every_key_of_the_documentation() -> None:
    [row] = info(service="acm", definition={**ISSUED, "success": ["ISUED"]})["problems"]
    assert row.keys() == yaml.safe_load(door.RETURN)["problems"]["contains"].keys()


def test_the_arguments_are_left_as_they_are() -> None:
    definitions = {"CertReady": {**LONG, "service": "acm"}}
    info(definitions=definitions)
    assert definitions == {"CertReady": {**LONG, "service": "acm"}}
