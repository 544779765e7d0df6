# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which items of an answer are found to be which requested id's."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.identity import (
    Identity,
    ItemList,
    Resource,
    arn_tails,
    label,
)

SERVICES = ItemList(("services",), (("serviceName", ("serviceName",)), ("serviceArn", ("serviceArn",))))
FAILURES = ItemList(("failures",), (("arn", ("arn",)),), echoes_only=True)
INSTANCES = ItemList(("Reservations", "Instances"), (("InstanceId", ("InstanceId",)),))
ARN = "arn:aws:ecs:eu-west-1:123456789012:service/prod/web"


def identity(ids: list[Any], *lists: ItemList, folds_case: bool = False) -> Identity:
    return Identity(tuple(Resource(given, label(given)) for given in ids), lists, folds_case)


def present(identity: Identity, response: dict[str, Any]) -> list[Any]:
    """The requested ids that have an item in the response."""
    return [resource.given for resource, _part, there in identity.split(response).by_resource if there]


def part(identity: Identity, response: dict[str, Any], given: Any) -> Any:
    [found] = [part for resource, part, _there in identity.split(response).by_resource if resource.given == given]
    return found


@pytest.mark.parametrize(
    ("given", "item", "found"),
    [
        pytest.param("web", {"serviceName": "web"}, True, id="by name"),
        pytest.param("web", {"serviceName": "webs"}, False, id="by the whole name"),
        pytest.param(ARN, {"serviceArn": ARN}, True, id="by ARN"),
        pytest.param("web", {"serviceArn": ARN}, True, id="asked for by name, echoed by ARN"),
        pytest.param("prod/web", {"serviceArn": ARN}, True, id="by more of the ARN's tail"),
        pytest.param("service/prod/web", {"serviceArn": ARN}, True, id="by all of the ARN's last part"),
        pytest.param("prod", {"serviceArn": ARN}, False, id="not by a middle part"),
        pytest.param("eb", {"serviceArn": ARN}, False, id="not by a part of a name"),
        pytest.param(ARN, {"serviceName": "web"}, True, id="asked for by ARN, echoed by name"),
        pytest.param(ARN, {"serviceName": "prod"}, False, id="asked for by ARN, echoed by another name"),
        pytest.param(ARN, {"serviceArn": ARN.replace("prod", "test"), "serviceName": "x"}, False, id="another ARN"),
        pytest.param("web", {"serviceName": None, "serviceArn": 5}, False, id="what is no text is no name"),
        pytest.param("web", None, False, id="null"),
        pytest.param("Web", {"serviceName": "web"}, False, id="in another case"),
    ],
)
def test_an_item_is_known_by_any_identifier_that_it_echoes(given: str, item: Any, found: bool) -> None:
    assert present(identity([given], SERVICES), {"services": [item]}) == ([given] if found else [])


@pytest.mark.parametrize(
    ("arn", "tails"),
    [
        (ARN, ("service/prod/web", "prod/web", "web")),
        ("arn:aws:rds:eu-west-1:1:db:orders", ("db:orders", "orders")),
        ("arn:aws:s3:::logs", ("logs",)),
        ("arn:aws:logs:eu-west-1:1:log-group:/aws/x:*", ("log-group:/aws/x:*", "/aws/x:*", "aws/x:*", "x:*", "*")),
        ("arn:aws:sns:eu-west-1:1:", ("",)),
        ("web", ()),
        ("a:b:c:d:e:f", ()),
    ],
)
def test_the_tails_of_an_arn(arn: str, tails: tuple[str, ...]) -> None:
    assert arn_tails(arn) == tails


def test_what_is_too_long_to_be_an_arn_has_no_tails() -> None:
    """Of 100,000 slashes they would take 5 GB."""
    assert len(arn_tails(f"arn:aws:x:r:1:{'/' * 2000}")) == 2000
    assert arn_tails(f"arn:aws:x:r:1:{'/' * 100_000}") == ()


def test_case_is_folded_where_aws_folds_it() -> None:
    databases = ItemList(("DBInstances",), (("DBInstanceIdentifier", ("DBInstanceIdentifier",)),))
    response = {"DBInstances": [{"DBInstanceIdentifier": "orders"}]}
    assert present(identity(["Orders"], databases, folds_case=True), response) == ["Orders"]
    assert present(identity(["Orders"], databases), response) == []


def test_a_part_is_the_response_that_this_id_alone_would_have_had() -> None:
    response = {
        "Reservations": [
            {"OwnerId": "1", "Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]},
            {"OwnerId": "2", "Instances": [{"InstanceId": "i-3"}]},
        ],
        "Marker": "x",
    }
    both = identity(["i-2", "i-3", "i-4"], INSTANCES)
    assert part(both, response, "i-2") == {
        "Reservations": [{"OwnerId": "1", "Instances": [{"InstanceId": "i-2"}]}],
        "Marker": "x",
    }
    assert part(both, response, "i-3")["Reservations"] == [{"OwnerId": "2", "Instances": [{"InstanceId": "i-3"}]}]
    assert part(both, response, "i-4") == {"Reservations": [], "Marker": "x"}
    assert present(both, response) == ["i-2", "i-3"]
    assert len(response["Reservations"][0]["Instances"]) == 2


def test_a_list_that_the_answer_has_not_is_not_added() -> None:
    assert part(identity(["web"], SERVICES, FAILURES), {"services": []}, "web") == {"services": []}


def test_several_items_of_one_id_stay_together() -> None:
    """A target that is registered with two ports."""
    targets = ItemList(("Targets",), (("Id", ("Target", "Id")), ("Port", ("Target", "Port"))))
    items = [{"Target": {"Id": "i-1", "Port": port}} for port in (80, 81)]
    assert part(identity([{"Id": "i-1"}], targets), {"Targets": items}, {"Id": "i-1"}) == {"Targets": items}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"Id": "i-1"}, True),
        ({"Id": "i-1", "Port": 80}, True),
        ({"Id": "i-1", "Port": 81}, False),
        ({"Id": "i-2", "Port": 80}, False),
        ({"Id": "i-1", "Port": 80, "AvailabilityZone": "all"}, False),
    ],
)
def test_compound_ids_match_on_the_members_given(given: dict[str, Any], found: bool) -> None:
    keys = tuple((name, ("Target", name)) for name in ("Id", "Port", "AvailabilityZone"))
    targets = identity([given], ItemList(("Targets",), keys))
    response = {"Targets": [{"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {}}]}
    assert (present(targets, response) == [given]) is found


def test_the_keys_of_a_mapping_are_ids() -> None:
    addresses = identity(["a@x", "b@x"], ItemList(("Attributes",), is_map=True))
    response = {"Attributes": {"a@x": {"Status": "Success"}, "c@x": {"Status": "Pending"}}}
    assert part(addresses, response, "a@x") == {"Attributes": {"a@x": {"Status": "Success"}}}
    assert part(addresses, response, "b@x") == {"Attributes": {}}
    assert present(addresses, response) == ["a@x"]


def test_a_remark_about_a_resource_is_its_own_but_does_not_make_it_present() -> None:
    both = identity(["web", "db"], SERVICES, FAILURES)
    response = {
        "services": [{"serviceName": "web"}],
        "failures": [{"arn": ARN.replace("web", "db"), "reason": "MISSING"}],
    }
    assert part(both, response, "db")["failures"] == response["failures"]
    assert part(both, response, "web")["failures"] == []
    assert present(both, response) == ["web"]


@pytest.mark.parametrize(
    ("segment", "found"), [(1, "project"), (3, "v1"), (9, None)], ids=["first", "version", "beyond"]
)
def test_an_id_may_be_a_segment_of_the_arn(segment: int, found: str | None) -> None:
    versions = ItemList(("Versions",), (("Arn", ("Arn",)),), arn_segment=segment)
    response = {"Versions": [{"Arn": "arn:aws:rekognition:eu-west-1:1:project/project/version/v1/1690"}]}
    assert present(identity(["v1", "project"], versions), response) == ([found] if found else [])


def test_an_id_that_was_asked_for_twice_is_found_twice() -> None:
    twice = identity(["i-1", "i-1"], INSTANCES)
    response = {"Reservations": [{"Instances": [{"InstanceId": "i-1"}]}]}
    assert [there for _resource, _part, there in twice.split(response).by_resource] == [True, True]


@pytest.mark.parametrize(
    ("response", "unmatched"),
    [
        pytest.param({"services": [{"serviceName": "other"}]}, True, id="only others"),
        pytest.param({"services": [{}]}, True, id="items without a name"),
        pytest.param({"services": [{"serviceName": "web"}, {"serviceName": "other"}]}, False, id="one is enough"),
        pytest.param({"services": []}, False, id="no items"),
        pytest.param({}, False, id="no list"),
        pytest.param({"services": None}, False, id="null"),
        pytest.param({"failures": [{"arn": "other"}]}, False, id="remarks are no items"),
    ],
)
def test_items_of_which_none_could_be_told_are_reported_where_the_mapping_is_a_guess(
    response: dict[str, Any], unmatched: bool
) -> None:
    guess = SERVICES._replace(is_guess=True)
    assert identity(["web"], guess, FAILURES).split(response).unmatched is unmatched
    assert not identity(["web"], SERVICES, FAILURES).split(response).unmatched


@pytest.mark.parametrize(
    "response", [{"Reservations": "x"}, {"Reservations": [None, 5]}, {"Reservations": [{"Instances": {"a": 1}}]}]
)
def test_an_answer_that_is_not_as_modelled_has_nobody_in_it(response: dict[str, Any]) -> None:
    assert present(identity(["i-1"], INSTANCES), response) == []


@pytest.mark.parametrize(
    ("given", "name"),
    [("i-1", "i-1"), ({"Id": "i-1", "Port": 80}, "i-1:80"), ({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, "1:2:3:4")],
)
def test_people_name_an_id_by_its_values(given: Any, name: str) -> None:
    assert label(given) == name
