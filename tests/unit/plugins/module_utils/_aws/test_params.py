# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters as tasks give them: converted to what the model wants, and refused with a path where they can't be."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.model import ServiceModel

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.params import read_params


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
        ("Name", 5, "params.Name: must be a text, not 5; quote it"),
        ("Name", ["n"], 'params.Name: must be a text, not ["n"]'),
        ("Ids", "a", "params.Ids: must be a list, not 'a'"),
        ("Ids", {"a": 1}, 'params.Ids: must be a list, not {"a": 1}'),
        ("Ids", ["a", 5], "params.Ids[1]: must be a text, not 5; quote it"),
        ("Filters", [{"Key": "k", "Limits": 1}], "params.Filters[0].Limits: must be a list, not 1"),
        ("Filters", ["k"], "params.Filters[0]: must be a mapping, not 'k'"),
        ("Filters", [{}], "params.Filters[0].Key: is missing, the operation requires it"),
        (
            "Filters",
            [{"Key": "k", "Limit": []}],
            "params.Filters[0].Limit: is not a parameter of the operation; did you mean 'Limits'?",
        ),
        ("Tags", [["a", 1]], 'params.Tags: must be a mapping, not [["a", 1]]'),
        ("Tags", {"a": "x"}, "params.Tags.a: must be a whole number, not 'x'"),
        ("Name", None, "params.Name: is missing, the operation requires it"),
        ("Count", None, "params.Count: must be a whole number, not null; leave it out"),
        ("count", 1, "params.count: is not a parameter of the operation; did you mean 'Count'?"),
        ("Colour", 1, "params.Colour: is not a parameter of the operation"),
    ],
)
def test_what_can_not_be_meant_is_refused_where_it_stands(name: str, given: Any, problem: str) -> None:
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
        ({"Body": 5}, "params.Body: must be a text, not 5"),
        ({"Either": {}}, "params.Either: must have exactly one of its members, not 0 (there is One, Other)"),
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


@cache
def operations(service: str) -> Any:
    return Models().service_model(service)


@pytest.mark.parametrize(
    ("service", "operation", "params", "problem"),
    [
        ("ec2", "DescribeInstances", {"InstanceIDs": ["i-1"]}, "did you mean 'InstanceIds'?"),
        ("ec2", "DescribeInstances", {"InstanceIds": "i-1"}, "params.InstanceIds: must be a list, not 'i-1'"),
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
            {"TableName": "t", "Key": {"id": {"L": [{"M": {"a": {"S": 5}}}]}}},
            "Key.id.L[0].M.a.S",
        ),
    ],
)
def test_real_operations(service: str, operation: str, params: dict[str, Any], problem: str) -> None:
    problems = read_params(params, operations(service).operation_model(operation))[1]
    assert any(problem in found.sentence for found in problems)
