# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers in pages: which token leads on, when a page is the last, and what all of them together are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from tests.support.catalog import CATALOG
from tests.support.services import services_with_waiters

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.pages import Paging, join_chunk, paging_of
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression

MODELS = Models(CATALOG)
service_model = cache(MODELS.service_model)


@cache
def paging(service: str, operation: str) -> Paging:
    found = paging_of(MODELS.paginator(service, operation), service_model(service).operation_model(operation))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("service", "operation", "page", "token"),
    [
        pytest.param("ec2", "DescribeInstances", {"NextToken": "t"}, {"NextToken": "t"}, id="a token"),
        pytest.param("ec2", "DescribeInstances", {}, {}, id="no token"),
        pytest.param("ec2", "DescribeInstances", {"NextToken": ""}, {}, id="an empty token"),
        pytest.param("ec2", "DescribeInstances", {"NextToken": None}, {}, id="null for a token"),
        pytest.param("rds", "DescribeDBInstances", {"Marker": "m"}, {"Marker": "m"}, id="a marker"),
        pytest.param("lambda", "ListFunctions", {"NextMarker": "m"}, {"Marker": "m"}, id="another name in the request"),
        pytest.param(
            "dynamodb",
            "Scan",
            {"LastEvaluatedKey": {"id": {"S": "1"}}},
            {"ExclusiveStartKey": {"id": {"S": "1"}}},
            id="a mapping for a token",
        ),
        pytest.param(
            "s3",
            "ListObjects",
            {"IsTruncated": True, "NextMarker": "n", "Contents": [{"Key": "k"}]},
            {"Marker": "n"},
            id="the first of two places",
        ),
        pytest.param(
            "s3",
            "ListObjects",
            {"IsTruncated": True, "Contents": [{"Key": "j"}, {"Key": "k"}]},
            {"Marker": "k"},
            id="the second of two places",
        ),
        pytest.param(
            "s3", "ListObjects", {"IsTruncated": False, "Contents": [{"Key": "k"}]}, {}, id="no more, says a flag"
        ),
        pytest.param("s3", "ListObjects", {"Contents": [{"Key": "k"}]}, {}, id="no more, as no flag says so"),
        pytest.param(
            "s3",
            "ListObjectVersions",
            {"IsTruncated": True, "NextKeyMarker": "k", "NextVersionIdMarker": "v"},
            {"KeyMarker": "k", "VersionIdMarker": "v"},
            id="two tokens",
        ),
        pytest.param(
            "s3",
            "ListObjectVersions",
            {"IsTruncated": True, "NextKeyMarker": "k", "NextVersionIdMarker": ""},
            {"KeyMarker": "k"},
            id="one of two tokens",
        ),
        pytest.param(
            "kinesis",
            "DescribeStream",
            {"StreamDescription": {"HasMoreShards": True, "Shards": [{"ShardId": "s-1"}, {"ShardId": "s-2"}]}},
            {"ExclusiveStartShardId": "s-2"},
            id="the last item's id",
        ),
        pytest.param(
            "kinesis",
            "DescribeStream",
            {"StreamDescription": {"HasMoreShards": False, "Shards": [{"ShardId": "s-1"}]}},
            {},
            id="a last item's id, but no more",
        ),
        pytest.param(
            "cloudfront",
            "ListDistributions",
            {"DistributionList": {"IsTruncated": True, "NextMarker": "m"}},
            {"Marker": "m"},
            id="within a structure",
        ),
        pytest.param(
            "route53", "ListHostedZones", {"IsTruncated": True, "NextMarker": "m"}, {"Marker": "m"}, id="flag"
        ),
    ],
)
def test_the_token_of_the_next_page(service: str, operation: str, page: dict[str, Any], token: dict[str, Any]) -> None:
    assert paging(service, operation).next(page) == token


def _without_paginator() -> list[tuple[str, str]]:
    """Operations of built-in waiters that page, though botocore has no paginator for them."""
    found = set()
    for service in services_with_waiters():
        for row in MODELS.waiters(service).values():
            operation_model = service_model(service).operation_model(row["operation"])
            members = operation_model.input_shape.members if operation_model.input_shape else {}
            if MODELS.paginator(service, row["operation"]) is None and {"Marker", "NextToken", "nextToken"} & {
                *members
            }:
                found.add((service, row["operation"]))
    return sorted(found)


@pytest.mark.parametrize(("service", "operation"), _without_paginator())
def test_where_botocore_has_no_paginator_the_token_is_known_by_its_name(service: str, operation: str) -> None:
    found = paging(service, operation)
    [name] = found.tokens
    assert found.next({name: "t"}) == {name: "t"}
    assert found.next({}) == {}


def test_dms_pages_by_convention() -> None:
    assert ("dms", "DescribeMetadataModelImports") in _without_paginator()


class Shape:
    """An operation's model, as far as paging looks at it."""

    def __init__(self, *names: str) -> None:
        self.members = dict.fromkeys(names)


class OperationModel:
    def __init__(self, takes: Shape | None, gives: Shape | None) -> None:
        self.input_shape, self.output_shape = takes, gives


@pytest.mark.parametrize(
    ("takes", "gives", "tokens"),
    [
        (Shape("Marker", "MaxItems"), Shape("NextMarker", "Items"), {"Marker": "NextMarker"}),
        (Shape("nextToken"), Shape("nextToken"), {"nextToken": "nextToken"}),
        (Shape("NextToken"), Shape("Items"), None),
        (Shape("Id"), Shape("NextToken"), None),
        (None, Shape("NextToken"), None),
        (Shape("NextToken"), None, None),
    ],
)
def test_a_token_by_convention_stands_in_request_and_answer(
    takes: Shape | None, gives: Shape | None, tokens: dict[str, str] | None
) -> None:
    found = paging_of(None, OperationModel(takes, gives))
    assert (found and {name: where.text for name, where in found.tokens.items()}) == tokens


@pytest.mark.parametrize(
    ("service", "operation", "params", "one_page"),
    [
        ("ec2", "DescribeInstances", {}, False),
        ("ec2", "DescribeInstances", {"InstanceIds": ["i-1"]}, False),
        ("ec2", "DescribeInstances", {"MaxResults": 5}, True),
        ("ec2", "DescribeInstances", {"NextToken": "t"}, True),
        ("rds", "DescribeDBInstances", {"MaxRecords": 20}, True),
        ("dms", "DescribeMetadataModelImports", {"MaxRecords": 20}, True),
        ("dms", "DescribeMetadataModelImports", {"Marker": "m"}, True),
        # botocore's paginator doesn't say which parameter sets the size
        ("route53", "ListVPCAssociationAuthorizations", {"HostedZoneId": "Z", "MaxResults": "5"}, True),
        ("s3", "ListObjectVersions", {"Bucket": "b", "VersionIdMarker": "v"}, True),
    ],
)
def test_a_page_size_or_a_token_among_the_parameters_asks_for_that_page_alone(
    service: str, operation: str, params: dict[str, Any], one_page: bool
) -> None:
    assert paging(service, operation).asks_for_one_page(params) is one_page


def joined(paging: Paging, *pages: Mapping[str, Any]) -> dict[str, Any]:
    total = dict(pages[0])
    for page in pages[1:]:
        paging.join(total, page)
    return total


def keys(*names: str) -> Paging:
    return Paging({}, result_keys=[tuple(name.split(".")) for name in names])


@pytest.mark.parametrize(
    ("paging", "pages", "total"),
    [
        pytest.param(keys("L"), [{"L": [1]}, {"L": [2]}, {"L": [3]}], {"L": [1, 2, 3]}, id="a list"),
        pytest.param(keys("L"), [{"L": [1]}, {"L": [1]}], {"L": [1, 1]}, id="equal pages of a result"),
        pytest.param(keys("L"), [{"L": [1]}, {}], {"L": [1]}, id="a page without it"),
        pytest.param(keys("L"), [{}, {"L": [1]}], {"L": [1]}, id="a first page without it"),
        pytest.param(keys("L"), [{"L": None}, {"L": [1]}], {"L": [1]}, id="a first page with null"),
        pytest.param(
            keys("A.L"), [{"A": {"L": [1], "N": 1}}, {"A": {"L": [2]}}], {"A": {"L": [1, 2], "N": 1}}, id="in it"
        ),
        pytest.param(keys("A.L"), [{"A": {"N": 1}}, {"A": {"L": [2]}}], {"A": {"N": 1, "L": [2]}}, id="in it, later"),
        pytest.param(keys("A.L"), [{"A": {"L": [1]}}, {}], {"A": {"L": [1]}}, id="in it, not again"),
        pytest.param(keys("A.L"), [{}, {"A": {"L": [2]}}], {"A": {"L": [2]}}, id="in it, not at first"),
        pytest.param(
            keys("A.B.L"), [{"A": {"B": {"L": [1]}}}, {"A": {"B": {"L": [2]}}}], {"A": {"B": {"L": [1, 2]}}}, id="deep"
        ),
        pytest.param(
            keys("L", "Count"), [{"L": [1], "Count": 1}, {"L": [2], "Count": 1}], {"L": [1, 2], "Count": 2}, id="number"
        ),
        pytest.param(keys("M"), [{"M": {"a": [1]}}, {"M": {"b": [2]}}], {"M": {"a": [1], "b": [2]}}, id="a mapping"),
        pytest.param(
            keys("L"), [{"L": [1], "N": "x"}, {"L": [2], "N": "y"}], {"L": [1, 2], "N": "x"}, id="other members"
        ),
        pytest.param(
            keys("L"),
            [{"L": [1], "F": ["a"]}, {"L": [2], "F": ["b"]}],
            {"L": [1, 2], "F": ["a", "b"]},
            id="other lists",
        ),
        pytest.param(
            keys("L"), [{"L": [1], "F": ["a"]}, {"L": [2], "F": ["a"]}], {"L": [1, 2], "F": ["a"]}, id="the same again"
        ),
    ],
)
def test_pages_are_put_together(paging: Paging, pages: list[dict[str, Any]], total: dict[str, Any]) -> None:
    before = [repr(page) for page in pages]
    assert joined(paging, *pages) == total
    assert [repr(page) for page in pages] == before


def test_a_whole_made_of_pages_leads_on_to_no_other_page() -> None:
    paging = Paging({"Marker": Expression("NextMarker")}, Expression("IsTruncated"))
    total = {"Items": [1], "NextMarker": "2", "IsTruncated": True}
    paging.join(total, {"Items": [2], "IsTruncated": False})
    assert total == {"Items": [1, 2], "IsTruncated": False}


def test_answers_to_parts_of_an_id_list_are_put_together() -> None:
    total: dict[str, Any] = {}
    join_chunk(total, {"services": [1], "Map": {"a": 1}, "N": "x", "ResponseMetadata": {"RequestId": "1", "A": 1}})
    join_chunk(
        total, {"services": [1], "Map": {"b": 2}, "failures": [3], "N": "y", "ResponseMetadata": {"RequestId": "2"}}
    )
    assert total == {
        "services": [1, 1],
        "failures": [3],
        "Map": {"a": 1, "b": 2},
        "N": "x",
        "ResponseMetadata": {"RequestId": "1", "A": 1},
    }


@pytest.mark.parametrize("letter", "abcdefghijklmnopqrstuvwxyz")
def test_every_paginator_of_botocore_can_be_followed(letter: str) -> None:
    """Tokens are parameters of the request, stand in the answer, and are not found in an empty one."""
    for service in (name for name in MODELS.services() if name.startswith(letter)):
        pagination = MODELS._data(service, "paginators-1").get("pagination", {})
        model = MODELS.service_model(service) if pagination else None
        for operation, paginator in pagination.items():
            assert model is not None
            operation_model = model.operation_model(operation)
            found = paging_of(paginator, operation_model)
            assert found is not None
            assert found.tokens.keys() <= operation_model.input_shape.members.keys(), (service, operation)
            for where in found.tokens.values():
                assert where.roots <= operation_model.output_shape.members.keys(), (service, operation)
            assert found.next({}) == {}, (service, operation)
