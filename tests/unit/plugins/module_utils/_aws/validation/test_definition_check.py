# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of definitions against botocore's own models."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import botocore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.catalog import CATALOG
from tests.support.services import services_with_waiters

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.codes import on_the_wire
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.definition_check import (
    check_definition,
    check_expression,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.describe import describe
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import (
    Acceptor,
    Definition,
    Matcher,
    Source,
    State,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Problem, Severity, cite
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.matchers import matches
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult

MODELS = Models(CATALOG)
SERVICES = services_with_waiters()

DEAD_VALUES = {
    ("appconfig", "EnvironmentReadyForDeployment", "acceptors[0].expected", "READY_FOR_DEPLOYMENT"),
    ("appconfig", "EnvironmentReadyForDeployment", "acceptors[1].expected", "ROLLED_BACK"),
    ("appconfig", "EnvironmentReadyForDeployment", "acceptors[2].expected", "REVERTED"),
    ("ec2", "ConversionTaskDeleted", "acceptors[0].expected", "completed"),
    ("omics", "AnnotationStoreDeleted", "acceptors[0].expected", "DELETING"),
    ("omics", "AnnotationStoreVersionDeleted", "acceptors[0].expected", "DELETING"),
    ("omics", "VariantStoreDeleted", "acceptors[0].expected", "DELETING"),
}
UNDECLARED_CODES = {
    ("elbv2", "TargetInService", "acceptors[1].expected", "InvalidTarget"),
}


@cache
def service(name: str) -> Any:
    return MODELS.service_model(name)


def check(raw: dict[str, Any], of: str = "acm") -> list[Problem]:
    """Only the findings of the check; the definition must be well-formed."""
    reading = read_definition(raw)
    assert reading.definition is not None
    assert reading.problems == ()
    return check_definition(reading.definition, service(of))


def short(**keys: Any) -> dict[str, Any]:
    return {"operation": "DescribeCertificate", "path": "Certificate.Status", "success": ["ISSUED"], **keys}


def long(*acceptors: dict[str, Any], operation: str = "DescribeCertificate") -> dict[str, Any]:
    success = {"state": "success", "matcher": "status", "expected": 299}
    return {"operation": operation, "acceptors": [*acceptors, success]}


def acceptor(argument: str, expected: Any, matcher: str = "path") -> dict[str, Any]:
    return {"state": "retry", "matcher": matcher, "argument": argument, "expected": expected}


@pytest.mark.parametrize("matcher", Matcher)
def test_every_matcher_is_checked_described_and_evaluated(matcher: Matcher) -> None:
    path = Expression("Certificate.Status") if matcher.takes_path else None
    rule = Acceptor(State.SUCCESS, matcher, ("ISSUED",), path, expected_at=("expected",))
    check_definition(Definition("DescribeCertificate", (rule,)), service("acm"))
    assert describe(rule).startswith("succeeds ")
    assert not matches(rule, PollResult({}, 200))


def error(expected: Any, state: str = "failure") -> dict[str, Any]:
    return {"state": state, "matcher": "error", "expected": expected}


def builtin_findings() -> dict[Severity, set[tuple[str, str, str, str | None]]]:
    found: dict[Severity, set[tuple[str, str, str, str | None]]] = {severity: set() for severity in Severity}
    for name in SERVICES:
        for waiter, raw in MODELS.waiters(name).items():
            definition = read_definition(raw, waiter, Source.BUILTIN).definition
            assert definition is not None
            for problem in check_definition(definition, service(name)):
                found[problem.severity].add((name, waiter, problem.path, problem.suggestion))
    return found


def test_botocores_waiters_have_no_wrong_path_and_only_the_known_dead_values() -> None:
    """Other versions may have more dead values, but a wrong path is a bug of this check in any version."""
    found = builtin_findings()
    if botocore.__version__ == "1.44.5":
        assert found == {Severity.ERROR: DEAD_VALUES, Severity.WARNING: UNDECLARED_CODES}
    assert {path.rpartition(".")[2] for _service, _waiter, path, _near in found[Severity.ERROR]} <= {"expected"}
    waiters = {(name, waiter) for name in SERVICES for waiter in MODELS.waiters(name)}
    known = {finding for finding in DEAD_VALUES if finding[:2] in waiters}
    assert {finding[:3] for finding in known} <= {finding[:3] for finding in found[Severity.ERROR]}


def test_a_sound_definition_has_no_problems() -> None:
    assert check(short(failure=["FAILED"], pending=["PENDING_VALIDATION"], message="Certificate.FailureReason")) == []
    assert check(long(acceptor("Certificate.Status", "ISSUED"), error("ResourceNotFoundException"), error(True))) == []
    assert check(long(acceptor("length(Certificate.DomainValidationOptions) > `0`", True))) == []


@pytest.mark.parametrize("written", ["DescribeCertificat", "describe_certificate", "describeCertificate"])
def test_an_unknown_operation_is_named_with_the_nearest(written: str) -> None:
    problem = Problem("operation", f"acm has no operation {written!r}", "DescribeCertificate")
    assert check(short(operation=written)) == [problem]


def test_with_an_unknown_operation_the_rest_is_still_checked() -> None:
    raw = {"operation": "Nonsense", "acceptors": [{"state": "retry", "matcher": "status", "expected": 99}]}
    assert [problem.path for problem in check(raw)] == ["operation", "acceptors[0].expected", "acceptors"]


def test_a_wrong_member_is_named_with_the_nearest() -> None:
    problem = Problem(
        "acceptors[0].argument",
        "`Certificate.Statos`: the DescribeCertificate response has no member 'Statos' in Certificate",
        "Status",
    )
    assert check(long(acceptor("Certificate.Statos", "ISSUED"))) == [problem]


def test_a_value_that_is_not_in_the_enum_is_named_with_the_nearest() -> None:
    problem = Problem("success[0]", "'ISUED' is not a value of Certificate.Status", "ISSUED")
    assert check(short(success=["ISUED"])) == [problem]


def test_a_short_enum_without_a_near_value_is_listed_and_a_long_one_is_not() -> None:
    [few] = check(short(success=["xyzzy"]))
    assert few.suggestion is None
    assert few.problem.startswith("'xyzzy' is not a value of Certificate.Status (valid: PENDING_VALIDATION, ISSUED,")
    path = "Reservations[].Instances[].InstanceType"
    [many] = check({"operation": "DescribeInstances", "path": path, "success": ["xyzzy"]}, "ec2")
    assert many.problem == f"'xyzzy' is not a value of {path}"


def test_every_problem_is_reported_once_with_its_path() -> None:
    raw = short(
        success=["ISSUED", "ISUED"],
        failure=["FAILD"],
        pending=["PENDING_VALIDATION", "PENDIN_VALIDATION"],
        message="Certificate.FailurReason",
    )
    assert [(problem.path, problem.suggestion) for problem in check(raw)] == [
        ("failure[0]", "FAILED"),
        ("success[1]", "ISSUED"),
        ("pending[1]", "PENDING_VALIDATION"),
        ("message", "FailureReason"),
    ]
    assert len(check(short(path="Certificate.Statos", failure=["FAILED"], pending=["INACTIVE"]))) == 1


def test_a_list_of_expected_values_is_counted_and_a_single_one_is_not() -> None:
    raw = long(acceptor("Certificate.Status", ["ISSUED", "ISUED"]), acceptor("Certificate.Type", "IMPORTD"))
    assert [problem.path for problem in check(raw)] == ["acceptors[0].expected[1]", "acceptors[1].expected"]


def test_an_allow_list_without_other_lists_is_checked_too() -> None:
    definition = read_definition(short()).definition
    assert definition is not None
    path = Expression("Certificate.Status")
    negated = Acceptor(
        State.FAILURE, Matcher.PATH, ("ISUED",), path, True, argument_at="path", expected_at=("allowed[0]",)
    )
    with_it = type(definition)(definition.operation, (*definition.acceptors, negated))
    assert [problem.path for problem in check_definition(with_it, service("acm"))] == ["allowed[0]"]


@pytest.mark.parametrize(
    ("path", "expected", "problem"),
    [
        ("Certificate.Status", True, "true is a boolean, but Certificate.Status is a string"),
        ("Certificate.Status", 1, "1 is an integer, but Certificate.Status is a string"),
        ("Certificate.Serial", 1.5, "1.5 is a number, but Certificate.Serial is a string"),
        ("length(Certificate.InUseBy)", "0", "'0' is a string, but length() is an integer"),
        ("length(Certificate.InUseBy)", False, "false is a boolean, but length() is an integer"),
        ("length(Certificate.InUseBy)", 0.5, "0.5 is a number, but length() is an integer"),
        ("length(Certificate.InUseBy) > `0`", 1, "1 is an integer, but the comparison is a boolean"),
        ("length(Certificate.InUseBy) > `0`", "true", "'true' is a string, but the comparison is a boolean"),
    ],
)
def test_a_value_of_the_wrong_type_is_reported(path: str, expected: Any, problem: str) -> None:
    assert check(long(acceptor(path, expected))) == [Problem("acceptors[0].expected", problem)]


@pytest.mark.parametrize(
    ("path", "expected"), [("length(Certificate.InUseBy)", 1.0), ("Certificate.CreatedAt", 1700000000)]
)
def test_a_number_that_may_be_equal_is_let_pass(path: str, expected: Any) -> None:
    assert check(long(acceptor(path, expected))) == []


@pytest.mark.parametrize("operation", ["TerminateInstances", "CreateVolume", "RunInstances", "GetawayDrive"])
def test_an_operation_that_may_change_something_is_refused(operation: str) -> None:
    found = check({"operation": operation, "success_errors": ["X"]}, "ec2")
    assert [problem.path for problem in found] == ["operation"]


def test_a_list_under_path_is_reported_with_what_to_write() -> None:
    [bare] = check(short(path="Certificate.InUseBy", success=["x"]))
    assert (bare.path, bare.suggestion) == ("path", "Certificate.InUseBy[]")
    projection = "Certificate.DomainValidationOptions[].ValidationStatus"
    [projected] = check(long(acceptor(projection, "SUCCESS")))
    assert (projected.path, projected.suggestion) == ("acceptors[0].argument", None)
    assert check(long(acceptor(projection, "SUCCESS", "pathAll"), acceptor(projection, "FAILED", "pathAny"))) == []


@pytest.mark.parametrize("matcher", ["pathAll", "pathAny"])
def test_one_value_under_path_all_is_reported(matcher: str) -> None:
    problem = f"`Certificate.Status` returns a string, not a list, so {matcher} never matches: use the matcher path"
    [found] = check(long(acceptor("Certificate.Status", "ISSUED", matcher)))
    assert found == Problem("acceptors[0].argument", problem)


def test_a_path_that_stops_above_the_state_is_reported_with_the_state() -> None:
    raw = {"operation": "DescribeInstances", "path": "Reservations[].Instances[].State", "success": ["running"]}
    problem = "`Reservations[].Instances[].State` ends in a structure, which never equals a value"
    assert check(raw, "ec2") == [Problem("path", problem, "Reservations[].Instances[].State.Name")]
    assert len(check({**raw, "failure": ["terminated"], "pending": ["nonsense"]}, "ec2")) == 1


@pytest.mark.parametrize("expected", [99, 600, "404", True, 200.5, 0])
def test_a_status_is_an_integer_from_100_to_599(expected: Any) -> None:
    raw = long({"state": "retry", "matcher": "status", "expected": expected})
    problem = Problem("acceptors[0].expected", f"must be an HTTP status from 100 to 599, not {cite(expected)}")
    assert check(raw) == [problem]


@pytest.mark.parametrize(("expected", "meant"), [(404, "404"), ("", None), (1.5, None)])
def test_an_error_is_a_code_or_a_boolean(expected: Any, meant: str | None) -> None:
    text = f"must be an error code, true (any error) or false (no error), not {expected!r}"
    assert check(long(error(expected))) == [Problem("acceptors[0].expected", text, meant)]


def test_an_error_code_that_the_operation_does_not_declare_is_a_warning() -> None:
    text = "DescribeCertificate declares errors, but none with the code 'ResourceNotFoundExeption'"
    warning = Problem("success_errors[0]", text, "ResourceNotFoundException", Severity.WARNING)
    assert check(short(success_errors=["ResourceNotFoundExeption"])) == [warning]


@pytest.mark.parametrize(
    "code", ["ResourceNotFoundException", "AccessDenied", "ValidationError", "ThrottlingException", "404", True, False]
)
def test_declared_and_common_codes_earn_no_warning(code: Any) -> None:
    assert check(long(error(code))) == []


def test_there_is_no_warning_for_a_service_that_declares_no_errors() -> None:
    assert check(long(error("InvalidInstanceID.NotFond"), operation="DescribeInstances"), "ec2") == []


@pytest.mark.parametrize("name", ["DBInstanceNotFoundFault", "DBInstanceNotFound"])
def test_an_error_is_known_by_its_name_in_the_model_and_by_the_code_that_is_sent(name: str) -> None:
    assert check(long(error(name), operation="DescribeDBInstances"), "rds") == []


def test_a_name_in_the_model_matches_the_code_on_the_wire() -> None:
    """Smithy's errorType and boto3's exceptions use the name; no response has it."""
    model = service("rds").operation_model("DescribeDBInstances")
    definition = read_definition(long(error("DBInstanceNotFoundFault"), operation="DescribeDBInstances")).definition
    assert definition is not None
    ours = on_the_wire(definition, model).acceptors[0]
    assert ours.expected == ("DBInstanceNotFoundFault", "DBInstanceNotFound")
    assert ours.expected_at == ("acceptors[0].expected",) * 2
    theirs = replace(definition, acceptors=(replace(definition.acceptors[0], borrowed=True),))
    assert on_the_wire(theirs, model) == theirs


STATUS = "Certificate.Status"
EACH = "Certificate.DomainValidationOptions[].ValidationStatus"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (acceptor(STATUS, "ISSUED"), acceptor(STATUS, "ISSUED")),
        (acceptor(STATUS, ["ISSUED", "FAILED"]), acceptor(STATUS, "FAILED")),
        (acceptor(EACH, "FAILED", "pathAny"), acceptor(EACH, "FAILED", "pathAll")),
        (error("ResourceNotFoundException"), error("ResourceNotFoundException", "success")),
        (error(True), error("ResourceNotFoundException", "success")),
    ],
)
def test_an_acceptor_behind_one_that_takes_all_it_would_match_is_a_warning(earlier: Any, later: Any) -> None:
    [warning] = check(long(earlier, later))
    assert (warning.path, warning.severity) == ("acceptors[1].expected", Severity.WARNING)
    assert "acceptors[0].expected" in warning.problem


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (acceptor(STATUS, "FAILED"), acceptor(STATUS, ["ISSUED", "FAILED"])),
        (acceptor(STATUS, "ISSUED"), acceptor("Certificate.RenewalSummary.RenewalStatus", "SUCCESS")),
        (acceptor(EACH, "SUCCESS", "pathAll"), acceptor(EACH, "SUCCESS", "pathAny")),
        (error("ResourceNotFoundException"), error(True)),
        (error(True), error("ThrottlingException")),
        (error(False), error("ResourceNotFoundException")),
    ],
)
def test_there_is_no_warning_for_an_acceptor_that_may_still_decide(earlier: Any, later: Any) -> None:
    """An acceptor of any error ignores transient errors, so a later acceptor for throttling can still match."""
    assert check(long(earlier, later)) == []


def test_a_value_that_means_failure_and_success_is_a_warning() -> None:
    assert [problem.path for problem in check(short(failure=["ISSUED"]))] == ["success[0]"]


def test_a_definition_that_can_not_succeed_is_an_error() -> None:
    problem = Problem("acceptors", "no acceptor leads to success, so the wait could never succeed")
    assert check({"operation": "DescribeCertificate", "acceptors": [error(True)]}) == [problem]
    assert check({"operation": "DescribeCertificate", "path": STATUS, "failure": ["FAILED"]}) == [problem]


def test_a_shown_expression_is_checked_for_its_members_alone() -> None:
    model = service("acm").operation_model("DescribeCertificate")
    assert check_expression(Expression("Certificate.[Status, InUseBy]"), "show", model) == []
    text = "`Certificate.Statos`: the DescribeCertificate response has no member 'Statos' in Certificate"
    assert check_expression(Expression("Certificate.Statos"), "show", model) == [Problem("show", text, "Status")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = st.sampled_from([STATUS, EACH, "Certificate.Statos", "length(Certificate.InUseBy)", "@", "a[", "length(@, @)"])
SCALARS = st.sampled_from(["ISSUED", "ISUED", 1, 200, 1.5, True, float("nan"), float("inf"), ""]) | JSON
LONG = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(["success", "failure", "retry", "sucess"]),
        "matcher": st.sampled_from(["path", "pathAll", "path_any", "status", "error", "pth"]),
        "argument": PATHS | JSON,
        "expected": SCALARS | st.lists(SCALARS, max_size=3),
    },
)
NEAR_MISSES = st.fixed_dictionaries(
    {},
    optional={
        "operation": st.sampled_from(["DescribeCertificate", "describe_certificate", ""]) | JSON,
        "acceptors": st.lists(LONG | JSON, max_size=4) | JSON,
        "path": PATHS | JSON,
        **{key: st.lists(SCALARS, max_size=3) | SCALARS for key in ("success", "failure", "pending", "success_errors")},
        "message": PATHS | JSON,
        "delay": JSON,
    },
)


@given(NEAR_MISSES | JSON | st.dictionaries(st.sampled_from(["operation", "acceptors", "path", "success"]), JSON))
@settings(max_examples=400, deadline=None)
def test_any_definition_is_read_and_checked_without_a_crash(raw: Any) -> None:
    reading = read_definition(raw)
    problems = list(reading.problems)
    if reading.definition is not None:
        problems += check_definition(reading.definition, service("acm"))
    assert all(problem.sentence for problem in problems)
    assert len(set(problems)) == len(problems)
