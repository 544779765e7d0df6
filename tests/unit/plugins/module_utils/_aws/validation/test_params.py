# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of tasks: converted to the model's types, or rejected with their paths."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.handlers import BUILTIN_HANDLERS, ParameterAlias
from botocore.model import ServiceModel
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.params import read_params


def _ref(shape: str) -> dict[str, str]:
    return {"shape": shape}


SERVICE = ServiceModel(
    {
        "metadata": {"protocol": "json", "endpointPrefix": "toys", "serviceFullName": "Toys"},
        "operations": {"Get": {"name": "Get", "input": _ref("Request")}, "Ping": {"name": "Ping"}},
        "shapes": {
            "Request": {
                "type": "structure",
                "required": ["Name"],
                "members": {
                    "Name": _ref("Name"),
                    "Count": _ref("Integer"),
                    "Size": _ref("Long"),
                    "Share": _ref("Float"),
                    "Ratio": _ref("Double"),
                    "Open": _ref("Boolean"),
                    "Since": _ref("Time"),
                    "Body": _ref("Blob"),
                    "Ids": _ref("Names"),
                    "Filters": _ref("Filters"),
                    "Tags": _ref("Tags"),
                    "Any": _ref("Document"),
                    "Pairs": _ref("Pairs"),
                    "Notes": _ref("Notes"),
                    "Either": _ref("Either"),
                    "Endless": _ref("Endless"),
                },
            },
            "Filter": {
                "type": "structure",
                "required": ["Key"],
                "members": {"Key": _ref("Name"), "Limits": _ref("Integers")},
            },
            "Filters": {"type": "list", "member": _ref("Filter")},
            "Names": {"type": "list", "member": _ref("Name")},
            "Integers": {"type": "list", "member": _ref("Integer")},
            "Tags": {"type": "map", "key": _ref("Name"), "value": _ref("Integer")},
            "Name": {"type": "string", "min": 1},
            "Integer": {"type": "integer", "min": 0},
            "Long": {"type": "long"},
            "Float": {"type": "float"},
            "Double": {"type": "double"},
            "Boolean": {"type": "boolean"},
            "Time": {"type": "timestamp"},
            "Blob": {"type": "blob"},
            "Pairs": {"type": "list", "member": _ref("Name"), "min": 2},
            "Notes": {"type": "map", "key": _ref("Name"), "value": _ref("Name"), "min": 1},
            "Either": {"type": "structure", "members": {"One": _ref("Name"), "Other": _ref("Name")}, "union": True},
            "Endless": {"type": "structure", "members": {"Inner": _ref("Endless")}},
            "Document": {"type": "structure", "members": {}, "document": True},
        },
    },
    "toys",
)


def read(**params: Any) -> tuple[dict[str, Any], list[str]]:
    values, problems = read_params({"Name": "n", **params}, SERVICE.operation_model("Get"))
    return values, [problem.sentence for problem in problems]


@pytest.mark.parametrize(
    ("name", "given", "read_as"),
    [
        ("Count", 5, 5),
        ("Count", "5", 5),
        ("Size", "12345678901", 12345678901),
        ("Share", "0.5", 0.5),
        ("Ratio", 2, 2),
        ("Ratio", "-1e3", -1000.0),
        ("Open", True, True),
        ("Open", "true", True),
        ("Open", "True", True),
        ("Open", "no", False),
        ("Open", "False", False),
        ("Since", "2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z"),
        ("Body", "text", "text"),
        ("Ids", ["a", "b"], ["a", "b"]),
        ("Filters", [{"Key": "k", "Limits": ["1", 2]}], [{"Key": "k", "Limits": [1, 2]}]),
        ("Tags", {"a": "1"}, {"a": 1}),
        ("Any", {"any": ["thing", 1, None]}, {"any": ["thing", 1, None]}),
    ],
)
def test_a_text_becomes_what_the_model_wants(name: str, given: Any, read_as: Any) -> None:
    values, problems = read(**{name: given})
    assert problems == []
    assert values[name] == read_as
    assert type(values[name]) is type(read_as)


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("Count", "five", "params.Count: must be a whole number, not 'five'"),
        ("Count", 5.5, "params.Count: must be a whole number, not 5.5"),
        ("Count", True, "params.Count: must be a whole number, not true"),
        ("Count", [5], "params.Count: must be a whole number, not [5]"),
        ("Share", "nan", "params.Share: must be a number, not 'nan'"),
        ("Share", "1e999", "params.Share: must be a number, not '1e999'"),
        ("Share", False, "params.Share: must be a number, not false"),
        ("Open", 1, "params.Open: must be true or false, not 1"),
        ("Open", "maybe", "params.Open: must be true or false, not 'maybe'"),
        ("Name", 5.5, "params.Name: must be a string, not 5.5; quote it"),
        ("Name", ["n"], 'params.Name: must be a string, not ["n"]'),
        ("Ids", "a", "params.Ids: must be a list, not 'a'; write [\"a\"]"),
        ("Ids", {"a": 1}, 'params.Ids: must be a list, not {"a": 1}'),
        ("Ids", ["a", 5.5], "params.Ids[1]: must be a string, not 5.5; quote it"),
        ("Filters", [{"Key": "k", "Limits": 1}], "params.Filters[0].Limits: must be a list, not 1; write [1]"),
        ("Filters", ["k"], "params.Filters[0]: must be a mapping, not 'k'"),
        ("Filters", [{}], "params.Filters[0].Key: is missing; the operation requires it"),
        (
            "Filters",
            [{"Key": "k", "Limit": []}],
            "params.Filters[0].Limit: is not a parameter of the operation; did you mean 'Limits'?",
        ),
        ("Tags", [["a", 1]], 'params.Tags: must be a mapping, not [["a", 1]]'),
        ("Tags", {"a": "x"}, "params.Tags.a: must be a whole number, not 'x'"),
        ("Name", None, "params.Name: is missing; the operation requires it"),
        ("Count", None, "params.Count: must be a whole number, not null; omit it"),
        ("count", 1, "params.count: is not a parameter of the operation; did you mean 'Count'?"),
        ("Colour", 1, "params.Colour: is not a parameter of the operation"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(name: str, given: Any, problem: str) -> None:
    assert read(**{name: given})[1] == [problem]


def test_all_mistakes_are_found_at_once() -> None:
    _values, problems = read_params({"Count": "x", "Idz": ["a"]}, SERVICE.operation_model("Get"))
    assert [problem.path for problem in problems] == ["params.Name", "params.Idz", "params.Count"]


@pytest.mark.parametrize("name", ["Ids", "Filters"])
def test_a_scalar_is_never_promoted_to_a_list(name: str) -> None:
    values, problems = read(**{name: "i-1"})
    assert problems
    assert values[name] == "i-1"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"Count": -1}, "params.Count: must be at least 0, not -1"),
        ({"Name": ""}, "params.Name: must be at least 1 character long, not 0"),
        ({"Pairs": ["a"]}, "params.Pairs: must be at least 2 items long, not 1"),
        ({"Notes": {}}, "params.Notes: must be at least 1 key long, not 0"),
        ({"Since": "not a time"}, "params.Since: must be a time like 2030-01-31T12:00:00Z, not 'not a time'"),
        ({"Since": True}, "params.Since: must be a time like 2030-01-31T12:00:00Z, not true"),
        ({"Body": 5}, "params.Body: must be a string, not 5"),
        ({"Either": {}}, "params.Either: must have exactly one of its members, not 0 (valid: One, Other)"),
        ({"Either": {"One": "a", "Other": "b"}}, "params.Either: must have exactly one of its members, not 2"),
    ],
)
def test_ranges_lengths_times_and_unions_are_held_against_the_model(given: dict[str, Any], problem: str) -> None:
    assert read(**given)[1][0].startswith(problem)


@pytest.mark.parametrize("given", [{"Since": 1735689600}, {"Since": "Wed, 01 Jan 2025 00:00:00 GMT"}, {"Count": 0}])
def test_what_the_model_allows_is_left_as_it_is(given: dict[str, Any]) -> None:
    values, problems = read(**given)
    assert problems == []
    assert given.items() <= values.items()


def test_what_is_nested_beyond_all_measure_is_no_crash() -> None:
    value: Any = "end"
    for _level in range(2000):
        value = {"Inner": value}
    assert read(Endless=value)[1] == ["params: are nested too deeply"]


def test_an_operation_without_parameters_takes_none() -> None:
    assert read_params({}, SERVICE.operation_model("Ping")) == ({}, [])
    [problem] = read_params({"Name": "n"}, SERVICE.operation_model("Ping"))[1]
    assert problem.sentence == "params.Name: Ping takes no parameters"


MODELS = Models(CATALOG)


@cache
def operations(service: str) -> Any:
    return MODELS.service_model(service)


@pytest.mark.parametrize(
    ("service", "operation", "params", "problem"),
    [
        ("ec2", "DescribeInstances", {"InstanceIDs": ["i-1"]}, "did you mean 'InstanceIds'?"),
        (
            "ec2",
            "DescribeInstances",
            {"InstanceIds": "i-1"},
            "params.InstanceIds: must be a list, not 'i-1'; write [\"i-1\"]",
        ),
        ("s3", "HeadBucket", {"bucket": "b"}, "did you mean 'Bucket'?"),
        ("s3", "HeadBucket", {}, "params.Bucket: is missing"),
        (
            "elbv2",
            "DescribeTargetHealth",
            {"TargetGroupArn": "a", "Targets": [{"Id": "i", "Port": "http"}]},
            "[0].Port",
        ),
        # a recursive shape: an attribute value holds others
        (
            "dynamodb",
            "GetItem",
            {"TableName": "t", "Key": {"id": {"L": [{"M": {"a": {"S": 5.0}}}]}}},
            "Key.id.L[0].M.a.S",
        ),
    ],
)
def test_real_operations(service: str, operation: str, params: dict[str, Any], problem: str) -> None:
    problems = read_params(params, operations(service).operation_model(operation))[1]
    assert any(problem in found.sentence for found in problems)


# --- what botocore's clients accept in addition to the model


def renamed() -> list[tuple[str, str, str, str]]:
    """Every operation with a parameter that ``botocore.handlers.ParameterAlias`` renames: service, operation, names.

    Found by calling the handlers through a session's own events, as a client does.
    """
    session = botocore.session.Session()
    rules = [getattr(row[1], "__self__", None) for row in BUILTIN_HANDLERS]
    pairs = {(rule._alias_name, rule._original_name) for rule in rules if isinstance(rule, ParameterAlias)}
    found = []
    for service in MODELS.services():
        model = operations(service)
        for operation in model.operation_names:
            operation_model = model.operation_model(operation)
            members = operation_model.input_shape.members if operation_model.input_shape is not None else {}
            for alias, original in sorted(pairs):
                if original in members:
                    sent = {alias: 1}
                    event = f"before-parameter-build.{model.service_id.hyphenize()}.{operation}"
                    session.emit(event, params=sent, model=operation_model, context={})
                    if sent.get(original) == 1:
                        found.append((service, operation, alias, original))
    return found


def value_of(shape: Any) -> Any:
    """The smallest value that the shape accepts."""
    if shape.type_name == "structure":
        return {name: value_of(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [value_of(shape.member)] * max(1, shape.metadata.get("min", 0))
    if shape.type_name in ("integer", "long", "timestamp"):
        return max(1, shape.metadata.get("min", 0))
    return True if shape.type_name == "boolean" else "x" * max(1, shape.metadata.get("min", 0))


def test_a_parameter_that_botocore_renames_is_accepted_under_both_names_by_every_operation() -> None:
    found = renamed()
    assert {service for service, *_names in found} == {"cloudsearchdomain", "ec2", "logs"}
    assert len(found) >= 5
    for service, operation, alias, original in found:
        model = operations(service).operation_model(operation)
        good = {**value_of(model.input_shape), original: value_of(model.input_shape.members[original])}
        documented = {alias if name == original else name: value for name, value in good.items()}
        assert read_params(good, model) == (good, []), operation
        assert read_params(documented, model) == (good, []), operation
        [problem] = read_params({**documented, original: good[original]}, model)[1]
        assert problem.path == f"params.{alias}"
        assert original in problem.problem


def nat_gateways(**params: Any) -> list[str]:
    model = operations("ec2").operation_model("DescribeNatGateways")
    return [problem.sentence for problem in read_params(params, model)[1]]


def test_a_problem_of_a_renamed_parameter_has_the_name_that_was_written() -> None:
    wrong = [{"Nmae": "state", "Values": ["available"]}]
    text = "[0].Nmae: is not a parameter of the operation; did you mean 'Name'?"
    assert nat_gateways(Filters=wrong) == [f"params.Filters{text}"]
    assert nat_gateways(Filter=wrong) == [f"params.Filter{text}"]


def test_the_name_that_boto3_documents_is_suggested_and_missed() -> None:
    assert nat_gateways(Filtrs=[]) == ["params.Filtrs: is not a parameter of the operation; did you mean 'Filters'?"]
    model = operations("logs").operation_model("CreateExportTask")
    assert "params.fromTime" in [problem.path for problem in read_params({}, model)[1]]


def test_what_every_client_fills_in_may_be_left_out() -> None:
    model = operations("glacier").operation_model("DescribeVault")
    for given in ({}, {"accountId": None}):
        assert read_params({"vaultName": "v", **given}, model) == ({"vaultName": "v"}, [])
    assert read_params({"vaultName": "v", "accountId": "1"}, model) == ({"vaultName": "v", "accountId": "1"}, [])
    assert [problem.path for problem in read_params({}, model)[1]] == ["params.vaultName"]


def test_what_the_client_of_a_service_fills_in_may_be_left_out() -> None:
    """S3 Control takes the account from the ARN."""
    session = botocore.session.Session()
    how = {"region_name": "eu-west-1", "aws_access_key_id": "k", "aws_secret_access_key": "s"}
    client = session.create_client("s3control", **how)
    model = client.meta.service_model.operation_model("GetBucket")
    arn = {"Bucket": "arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/bucket/logs"}
    assert read_params(arn, model, client) == (arn, [])
    [problem] = read_params({"Bucket": "logs"}, model, client)[1]
    assert problem.path == "params.AccountId"


@pytest.mark.parametrize(
    ("service", "operation"),
    [("braket", "CreateJob"), ("autoscaling", "LaunchInstances"), ("athena", "GetQueryRuntimeStatistics")],
)
def test_a_token_that_every_client_makes_up_is_not_missed(service: str, operation: str) -> None:
    model = operations(service).operation_model(operation)
    missing = {problem.path for problem in read_params({}, model)[1]}
    assert missing == {f"params.{name}" for name in model.input_shape.required_members} - {
        f"params.{name}" for name in model.idempotent_members
    }
