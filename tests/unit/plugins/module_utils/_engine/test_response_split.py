# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which items of an answer are found to be which requested id's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.id_index import arn_tails
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import (
    Identity,
    ItemList,
    Resource,
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


TASKS = ItemList(("tasks",), (("taskArn", ("taskArn",)),))
TARGETS = ItemList(("Targets",), tuple((name, ("Target", name)) for name in ("Id", "Port")))


def share(identity: Identity, response: dict[str, Any], *groups: list[int]) -> list[Any]:
    shares = identity.shares(response, groups)
    assert shares is not None
    return [found.response for found in shares]


def test_an_item_with_a_name_of_its_own_is_not_known_by_another_part_of_its_arn() -> None:
    """The last part of a load balancer's ARN is a hash, which another one may be called."""
    balancers = ItemList(
        ("LoadBalancers",), (("LoadBalancerName", ("LoadBalancerName",)), ("LoadBalancerArn", ("LoadBalancerArn",)))
    )
    arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/5f"
    response = {"LoadBalancers": [{"LoadBalancerName": "web", "LoadBalancerArn": arn}]}
    names = ["5f", "web", "app", "web/5f", "app/web/5f", arn]
    assert present(identity(names, balancers), response) == ["web", "web/5f", "app/web/5f", arn]


@pytest.mark.parametrize("ids", [[ARN, "web"], ["web", ARN], ["prod/web", "web", ARN]])
def test_an_arn_and_a_name_of_one_resource_are_both_found(ids: list[str]) -> None:
    only_arn = ItemList(("services",), (("serviceArn", ("serviceArn",)),))
    response = {"services": [{"serviceName": "web", "serviceArn": ARN}], "failures": [{"arn": ARN}]}
    for lists in ([SERVICES], [only_arn], [only_arn, FAILURES]):
        both = identity(ids, *lists)
        assert present(both, response) == ids
        assert all(part["services"] == response["services"] for _r, part, _there in both.split(response).by_resource)


def test_a_remark_is_everybodys_who_asked_for_the_resource() -> None:
    both = identity([ARN, "web"], SERVICES, FAILURES)
    response = {"services": [], "failures": [{"arn": ARN, "reason": "MISSING"}]}
    assert [part["failures"] for _r, part, _there in both.split(response).by_resource] == [response["failures"]] * 2


def test_groups_that_spell_the_same_ids_differently_get_the_same_items() -> None:
    arns = [f"arn:aws:ecs:eu-west-1:1:task/prod/t{number}" for number in (1, 2)]
    union = identity([arns[0], "t2", arns[1], "t1"], TASKS)
    response = {"tasks": [{"taskArn": arns[1]}, {"taskArn": arns[0]}]}
    assert share(union, response, [0, 1], [2, 3]) == [response, response]


def test_an_item_stands_once_in_the_share_of_a_group_that_asks_for_it_twice() -> None:
    targets = identity([{"Id": "i-1", "Port": 80}, {"Id": "i-1"}], TARGETS)
    response = {"Targets": [{"Target": {"Id": "i-1", "Port": 80}}]}
    assert share(targets, response, [0, 1]) == [response]


def test_what_holds_several_items_of_a_group_stays_one() -> None:
    response = {
        "Reservations": [
            {"OwnerId": "1", "Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-3"}, {"InstanceId": "i-2"}]},
            {"OwnerId": "2", "Instances": [{"InstanceId": "i-4"}]},
        ]
    }
    [both, other] = share(identity(["i-2", "i-1", "i-4"], INSTANCES), response, [0, 1], [2])
    assert both["Reservations"] == [{"OwnerId": "1", "Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]}]
    assert other["Reservations"] == response["Reservations"][1:]


def test_an_id_is_sought_where_its_own_parameter_is_echoed() -> None:
    """A key pair may be called like the id of another one."""
    lists = [ItemList(("KeyPairs",), ((key, (key,)),), param=f"{key}s") for key in ("KeyName", "KeyPairId")]
    both = Identity((Resource("key-1", "key-1", "KeyNames"), Resource("key-2", "key-2", "KeyPairIds")), tuple(lists))
    response = {"KeyPairs": [{"KeyName": "key-2", "KeyPairId": "key-1"}, {"KeyName": "key-1", "KeyPairId": "key-2"}]}
    assert [part["KeyPairs"] for _r, part, _there in both.split(response).by_resource] == [
        [response["KeyPairs"][1]],
        [response["KeyPairs"][1]],
    ]


ITEMS = st.lists(st.lists(st.integers(0, 5), max_size=4), max_size=4)


REMARKS = st.lists(st.integers(0, 5), unique=True)


@given(held=ITEMS, remarks=REMARKS, groups=st.lists(st.lists(st.integers(0, 11)), max_size=4))
def test_a_share_is_what_a_request_for_its_ids_would_have_brought(
    held: list[list[int]], remarks: list[int], groups: list[list[int]]
) -> None:
    """Holders with items, remarks beside them; each id asked for by name and by ARN."""

    def arn(number: int) -> str:
        return f"arn:aws:x:r:1:thing/{number}"

    def answer(wanted: set[int] | None) -> dict[str, Any]:
        holders = [
            {"Holder": place, "Items": [{"Arn": arn(n)} for n in numbers if wanted is None or n in wanted]}
            for place, numbers in enumerate(held)
        ]
        return {
            "Holders": [holder for holder in holders if holder["Items"] or wanted is None],
            "failures": [{"arn": arn(number)} for number in remarks if wanted is None or number in wanted],
            "Count": 7,
        }

    ids = [*map(str, range(6)), *map(arn, range(6))]
    things = identity(ids, ItemList(("Holders", "Items"), (("Arn", ("Arn",)),)), FAILURES)
    response = answer(None)
    assert share(things, response, *groups) == [answer({place % 6 for place in group}) for group in groups]
    for place, (_resource, part, there) in enumerate(things.split(response).by_resource):
        assert part == answer({place % 6})
        assert there is any(place % 6 in numbers for numbers in held)


# --- what a request for several waits brings too much of


def test_one_thing_in_two_spellings_is_there_once() -> None:
    """Of requests for parts of the ids one brings it for its name, and another one for its ARN."""
    name, arn = "web", "arn:aws:ecs:r:1:service/prod/web"
    things = identity([name, arn, "api"], ItemList(("services",), (("n", ("n",)), ("arn", ("arn",)))))
    web, api = {"n": name, "arn": arn}, {"n": "api", "arn": "arn:aws:ecs:r:1:service/prod/api"}
    response = {"services": [web, api, web]}
    assert share(things, response, [0], [1], [0, 1], [2]) == [
        {"services": found} for found in ([web], [web], [web], [api])
    ]


def test_a_remark_on_an_id_as_it_was_given_is_not_on_its_other_spelling() -> None:
    name, arn = "t1", "arn:aws:ecs:r:1:task/prod/t1"
    things = identity([name, arn], ItemList(("tasks",), (("arn", ("arn",)),)), FAILURES)
    of_name, of_arn = {"arn": "arn:aws:ecs:r:1:task/t1"}, {"arn": arn}
    both = {"tasks": [], "failures": [of_name, of_arn]}
    assert [found["failures"] for found in share(things, both, [0], [1], [0, 1])] == [
        [of_name],
        [of_arn],
        [of_name, of_arn],
    ]
    assert [found["failures"] for found in share(things, {**both, "failures": [of_arn]}, [0], [1])] == [[of_arn]] * 2


def test_of_ids_in_a_list_each_has_its_own() -> None:
    things = identity(["/good", "/typo", "/other"], ItemList(("Parameters",), (("Name", ("Name",)),)))
    response = {"Parameters": [], "InvalidParameters": ["/typo", "/other", "?"], "Words": ["a", "b"]}
    assert [found["InvalidParameters"] for found in share(things, response, [0], [1], [1, 2])] == [
        ["?"],
        ["/typo", "?"],
        ["/typo", "/other", "?"],
    ]
    assert share(things, response, [0])[0]["Words"] == ["a", "b"]


def test_of_a_listing_whose_pages_have_shifted_each_has_its_last_item() -> None:
    things = identity(["a", "b"], ItemList(("Things",), (("Id", ("Id",)),)))
    first, later, other = {"Id": "a", "State": "new"}, {"Id": "a", "State": "ready"}, {"Id": "b", "State": "new"}
    shares = things.shares({"Things": [first, other, later]}, [[0], [1]], once=True)
    assert [found.response["Things"] for found in shares or ()] == [[later], [other]]
