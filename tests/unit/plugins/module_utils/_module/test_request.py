# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From task arguments to a request: all problems are found together, before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from tests.unit.plugins.module_utils._module.waits import MODELS, args, connect, problems, request, running

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Source
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput, Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import read_request
from ansible_collections.cloudwait.aws.plugins.modules import wait

ISSUED: dict[str, Any] = {"operation": "DescribeCertificate", "path": "Certificate.Status", "success": ["ISSUED"]}
ACCEPTOR = {"state": "success", "matcher": "path", "argument": "Certificate.Status", "expected": "ISSUED"}
ARN = {"CertificateArn": "arn:aws:acm:r:1:certificate/7"}


def found(**given: Any) -> dict[str, str | None]:
    """The path of each problem, with the suggestion."""
    return {problem.path: problem.suggestion for problem in problems(**given)}


def acm(definition: Any = None, **more: Any) -> dict[str, Any]:
    return {"service": "acm", "params": ARN, "definition": definition or ISSUED, **more}


def long(**changes: Any) -> dict[str, Any]:
    return acm({"operation": "DescribeCertificate", "acceptors": [{**ACCEPTOR, **changes}]})


WRONG: dict[str, tuple[dict[str, Any], dict[str, str | None]]] = {
    "an unknown service": ({**running("i-1"), "service": "dynamobd"}, {"service": "dynamodb"}),
    "an unknown waiter": ({**running("i-1"), "waiter": "instance_runing"}, {"waiter": "instance_running"}),
    "an unknown waiter in CamelCase": ({**running("i-1"), "waiter": "InstanceRuning"}, {"waiter": "InstanceRunning"}),
    "a service without waiters": ({"service": "sts", "waiter": "ready"}, {"waiter": None}),
    "both waiter and definition": (running("i-1", definition=ISSUED), {"waiter": None}),
    "neither waiter nor definition": ({"service": "ec2"}, {"waiter": None}),
    "an unknown operation": (
        acm({**ISSUED, "operation": "DescribeCertificat"}),
        {"definition.operation": "DescribeCertificate"},
    ),
    "an unknown parameter": (acm(params={**ARN, "CertArn": "x"}), {"params.CertArn": "CertificateArn"}),
    "a parameter missing": (acm(params={}), {"params.CertificateArn": None}),
    "a parameter of the wrong type": (acm(params={"CertificateArn": ["x"]}), {"params.CertificateArn": None}),
    "an empty id list": (running(), {"params.InstanceIds": None}),
    "a negative delay": (running("i-1", delay=-1.0), {"delay": None}),
    "zero max_attempts": (running("i-1", max_attempts=0), {"max_attempts": None}),
    "an unknown matcher": (long(matcher="pathAl"), {"definition.acceptors[0].matcher": "pathAll"}),
    "an unknown state": (long(state="sucess"), {"definition.acceptors[0].state": "success"}),
    "a path that doesn't parse": (long(argument="Certificate[.Status"), {"definition.acceptors[0].argument": None}),
    "a path to nothing": (long(argument="Certificate.Statos"), {"definition.acceptors[0].argument": "Status"}),
    "a value that can't be": (long(expected="ISUED"), {"definition.acceptors[0].expected": "ISSUED"}),
    "no way to succeed": (long(state="failure"), {"definition.acceptors": None}),
    "a show that doesn't parse": (running("i-1", show="a["), {"show": None}),
    "a show of nothing": (running("i-1", show="Reservations[].Instances[].Stat"), {"show": "State"}),
    "a message of nothing": (
        acm({**ISSUED, "message": "Certificate.FailureReson"}),
        {"definition.message": "FailureReason"},
    ),
    "several at once": (
        {
            "service": "acm",
            "definition": {"operation": "DescribeCertificate", "acceptors": [{**ACCEPTOR, "expected": "ISUED"}]},
            "params": {"CertificateArm": "x"},
            "timeout": -1.0,
            "show": "Certificat",
        },
        {
            "definition.acceptors[0].expected": "ISSUED",
            "params.CertificateArm": "CertificateArn",
            "timeout": None,
            "show": "Certificate",
        },
    ),
}


@pytest.mark.parametrize(("given", "expected"), WRONG.values(), ids=WRONG.keys())
def test_bad_input_is_named_with_its_path_and_the_nearest_name(
    given: dict[str, Any], expected: dict[str, str | None]
) -> None:
    assert found(**given) == expected


def test_what_the_connection_lacks_is_said_with_the_rest() -> None:
    def refuse(service: str, _operation: str) -> Any:
        raise BadInput([Problem("region", f"none was found for {service}")])

    with pytest.raises(BadInput) as bad:
        read_request(args(**running("i-1", delay=-1.0, show="Reservation")), MODELS, refuse)
    assert [problem.path for problem in bad.value.problems] == ["delay", "region", "show"]


def test_a_bad_service_hides_no_mistake_in_the_form_of_a_definition() -> None:
    assert found(service="acn", definition={"path": "a", "success": ["b"]}) == {
        "service": "acm",
        "definition.operation": None,
    }


@pytest.mark.parametrize("name", ["instance_running", "InstanceRunning"])
def test_a_waiter_is_found_by_either_spelling(name: str) -> None:
    definition = request(**{**running("i-1"), "waiter": name}).binding.definition
    assert (definition.name, definition.source) == ("InstanceRunning", Source.BUILTIN)


def test_an_inline_definition_has_no_name() -> None:
    definition = request(**acm()).binding.definition
    assert (definition.name, definition.source) == (None, Source.INLINE)


def test_parameters_are_read_as_the_model_wants_them() -> None:
    assert request(**running("i-1", "i-1", "i-2")).binding.params == {"InstanceIds": ["i-1", "i-2"]}
    targets = [{"Id": "i-1", "Port": 80}, {"Port": 80, "Id": "i-1"}, {"Id": "i-1"}]
    given = {"service": "elbv2", "waiter": "target_in_service", "params": {"TargetGroupArn": "arn", "Targets": targets}}
    assert request(**given).binding.params["Targets"] == [targets[0], targets[2]]
    given = {"service": "ec2", "waiter": "instance_running", "params": {"MaxResults": "5", "DryRun": "false"}}
    assert request(**given).binding.params == {"MaxResults": 5, "DryRun": False}


def test_a_good_request_warns_of_nothing() -> None:
    assert request(**running("i-1")).warnings == ()
    assert request(**acm()).warnings == ()


def test_a_retry_error_that_meant_success_is_warned_of() -> None:
    given = {"service": "rds", "waiter": "db_instance_deleted", "params": {"DBInstanceIdentifier": "orders"}}
    [warning] = request(**given, retry_errors=["DBInstanceNotFound", "AccessDenied"]).warnings
    assert warning == "retry_errors: DBInstanceNotFound means success for this waiter, but now means 'not yet'"


@pytest.mark.parametrize(
    ("validate", "refused", "warnings"),
    [
        ("strict", True, 0),
        ("warn", False, 2),
        ("off", False, 0),
    ],
)
def test_validate_says_what_mistakes_lead_to(validate: str, refused: bool, warnings: int) -> None:
    given = acm({**ISSUED, "success": ["ISSUED", "ISUED"]}, show="Certificate.Statos", validate=validate)
    assert bool(problems(**given)) is refused
    if not refused:
        assert len(request(**given).warnings) == warnings


@pytest.mark.parametrize("validate", ["warn", "off"])
def test_an_unreadable_definition_is_rejected_whatever_validate_is(validate: str) -> None:
    assert found(**acm({**ISSUED, "pth": "x"}, validate=validate)) == {"definition.pth": "path"}
    assert found(**acm({**ISSUED, "operation": "Describe"}, validate=validate)).keys() == {"definition.operation"}


BROKEN: dict[str, Any] = {
    "a key": {**ISSUED, "pth": "x"},
    "a type": 5,
    "nothing": None,
    "a service": {**ISSUED, "service": "amc"},
    "a parent": {"extends": ["ready"]},
    "a list": {**ISSUED, "success": []},
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("task", [{"waiter": "ready"}, {"waiter": "certificate_validated"}, {"definition": ISSUED}])
def test_a_broken_definition_that_a_wait_does_not_use_is_a_warning(name: str, task: dict[str, Any]) -> None:
    definitions = {"broken": BROKEN[name], "ready": ISSUED}
    [warning] = request(service="acm", params=ARN, definitions=definitions, **task).warnings
    assert warning.startswith("definitions: a problem in entries that aren't used here: definitions.broken")


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("task", [{"waiter": "broken"}, {"waiter": "child"}, {"definition": {"extends": "broken"}}])
def test_a_broken_definition_stops_the_waits_that_use_it(name: str, task: dict[str, Any]) -> None:
    definitions = {"broken": BROKEN[name], "child": {"extends": "broken"}, "ready": ISSUED}
    assert problems(service="acm", params=ARN, definitions=definitions, **task)


def test_a_broken_default_stops_the_waits_that_inherit_it() -> None:
    definitions = {"__default__": 5, "ready": ISSUED}
    assert found(service="acm", waiter="ready", params=ARN, definitions=definitions) == {
        "definitions.__default__": None
    }
    assert (
        len(request(service="acm", waiter="certificate_validated", params=ARN, definitions=definitions).warnings) == 1
    )


def test_many_broken_definitions_are_one_warning() -> None:
    definitions = {f"broken{number}": {**ISSUED, "pth": "x"} for number in range(9)}
    [warning] = request(**acm(definitions=definitions)).warnings
    assert warning.startswith("definitions: 9 problems in entries that aren't used here: definitions.broken0.pth: is")
    assert warning.count("did you mean 'path'") == 5
    assert warning.endswith("; and 4 more")


NAMELESS = "names no resource, so the wait judges everything that {} returns in the region; name some in {}"


@pytest.mark.parametrize(
    ("service", "waiter", "params", "operation", "param"),
    [
        ("ec2", "instance_running", {}, "DescribeInstances", "InstanceIds"),
        ("ec2", "instance_running", {"Filters": [], "MaxResults": 5}, "DescribeInstances", "InstanceIds"),
        ("ec2", "instance_status_ok", {"IncludeAllInstances": True}, "DescribeInstanceStatus", "InstanceIds"),
        ("rds", "db_instance_available", {"Marker": "x"}, "DescribeDBInstances", "DBInstanceIdentifier"),
        ("elbv2", "load_balancer_available", {}, "DescribeLoadBalancers", "LoadBalancerArns"),
    ],
)
def test_a_wait_that_names_no_resource_warns_that_it_judges_everything(
    service: str, waiter: str, params: dict[str, Any], operation: str, param: str
) -> None:
    given = {"service": service, "waiter": waiter, "params": params}
    assert request(**given).warnings == (f"params: {NAMELESS.format(operation, param)}",)


@pytest.mark.parametrize(
    "given",
    [
        running("i-1"),
        {**running(), "params": {"Filters": [{"Name": "tag:stage", "Values": ["test"]}]}},
        {"service": "elbv2", "waiter": "target_in_service", "params": {"TargetGroupArn": "arn:aws:x"}},
        {"service": "sqs", "definition": {"operation": "ListQueues", "path": "QueueUrls[]", "success": ["x"]}},
        {"service": "iam", "waiter": "user_exists", "params": {"UserName": "web"}},
    ],
)
def test_a_wait_that_selects_resources_or_can_not_name_any_does_not_warn(given: dict[str, Any]) -> None:
    assert request(**given).warnings == ()


def test_an_error_code_that_the_model_omits_only_warns() -> None:
    [warning] = request(**acm({**ISSUED, "retry_errors": ["ResourceNotFound"]})).warnings
    assert "definition.retry_errors[0]: " in warning
    assert "ResourceNotFoundException" in warning


@pytest.mark.parametrize(
    ("service", "waiter", "params"),
    [
        ("appconfig", "environment_ready_for_deployment", {"ApplicationId": "abcd", "EnvironmentId": "abcd"}),
        ("ec2", "conversion_task_deleted", {"ConversionTaskIds": ["import-1"]}),
    ],
)
def test_a_builtin_with_dead_values_is_never_refused(service: str, waiter: str, params: dict[str, Any]) -> None:
    given = {"service": service, "waiter": waiter, "params": params}
    assert not request(**given).warnings
    given["corrections"] = False
    assert request(**given, validate="strict").warnings
    assert request(**given, validate="warn").warnings
    assert not request(**given, validate="off").warnings


def test_the_check_and_the_binding_use_the_clients_own_model() -> None:
    """A client has the model already: loading it twice would double the time of a short wait."""
    client = connect("acm")
    made = read_request(args(**acm()), MODELS, lambda *_place: client)
    assert made.client is client


VALUES = {  # for the variables in the documentation's examples
    "{{ instances }}": ["i-0ab1"],
    "{{ arn }}": "arn:aws:acm:eu-central-1:123456789012:certificate/1",
    "{{ export_arn }}": "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/export/1",
}


FILE = {"vault_ready": {"operation": "DescribeVault", "success.type": "output"}}


def examples() -> list[dict[str, Any]]:
    """The tasks, each with the defaults of its block."""
    tasks = []
    for item in yaml.safe_load(wait.EXAMPLES):
        defaults = item.get("module_defaults", {}).get("group/cloudwait.aws.waits", {})
        tasks += [{**task, "defaults": defaults} for task in [item, *item.get("block", [])]]
    return [task for task in tasks if "cloudwait.aws.wait" in task]


@pytest.mark.parametrize("task", examples(), ids=lambda task: task["name"])
def test_the_examples_of_the_documentation_are_good_requests(task: dict[str, Any]) -> None:
    written = {**task["defaults"], **task["cloudwait.aws.wait"]}
    given = {name: value for name, value in written.items() if name != "profile"}
    if isinstance(given.get("definitions"), str):
        given["definitions"] = FILE
    given["params"] = {name: VALUES.get(str(value), value) for name, value in given["params"].items()}
    assert problems(**given) == []
