# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only a list of its own kind that the acceptors read shows whether a resource exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.unit.plugins.module_utils._module.waits import MODELS, answered, end, refused

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import bind
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.id_params import id_params, narrows
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.waiter_lookup import WaiterLookup
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.prepared_wait import judge_of
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.state_members import state_members
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.absence import Missing
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Ending
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult

MOST_STATES = 2
SUFFIX = re.compile(r"(Identifier|Name|Arn|Id)s?$")


@cache
def model(service: str, operation: str) -> Any:
    return MODELS.service_model(service).operation_model(operation)


def waiters(service: str) -> Iterator[Definition]:
    """The built-in waiters of a service, as corrected, and the catalogue's."""
    for name in {*MODELS.waiters(service), *MODELS.catalog.names_of(service)}:
        definition = WaiterLookup(MODELS, None, "", service).named(name).definition
        assert definition is not None
        yield definition


def own(operation_model: Any) -> Iterator[Definition]:
    """A user's definition for the likeliest states in a response."""
    for path in [member.path for member in state_members(operation_model)][:MOST_STATES]:
        reading = read_definition({"operation": operation_model.name, "path": path, "success": ["x"]})
        if reading.definition is not None:
            yield reading.definition


def plain(operation_model: Any) -> list[str]:
    """The parameters that may name one resource."""
    shape = operation_model.input_shape
    return [name for name, member in shape.members.items() if member.type_name == "string"] if shape else []


def answers(operation_model: Any) -> list[dict[str, Any]]:
    """Without optional members, and with every list or map empty."""
    members = operation_model.output_shape.members.items()
    return [{}, {name: {"list": [], "map": {}}[m.type_name] for name, m in members if m.type_name in ("list", "map")}]


def is_named_after(parameter: str, operation: str, member: str) -> bool:
    """Whether a list is of the kind that the parameter names (``DBClusters`` for ``DBClusterIdentifier``)."""
    filler = re.compile(r"(Descriptions?|Details?|Info|List|Set|Status|Summar(y|ies))+$")
    stem = SUFFIX.sub("", parameter) or filler.sub("", re.sub(r"^[A-Z][a-z]+", "", operation))
    words = filler.sub("", member)
    plurals = {f"{stem}s", f"{stem}es", f"{stem[:-1]}ies", stem}
    return words.casefold() in {plural.casefold() for plural in plurals}


def require_present(service: str, definition: Definition) -> None:
    operation_model = model(service, definition.operation)
    if operation_model.output_shape is None:
        return
    read = {a.argument.plain_path[0] for a in definition.acceptors if a.argument and a.argument.plain_path}
    for name in plain(operation_model):
        if not narrows(service, operation_model, name):
            continue  # no list has this identity
        [binding, _problems] = bind(service, definition, {name: "thing-number-1"}, operation_model, None)
        identity = binding.identity
        for response in answers(operation_model):
            judge = judge_of(binding, Missing.SUCCESS, frozenset())
            verdict = judge.judge(PollResult(response, 200), frozenset({"thing-number-1"}))
            if verdict.absent:
                assert identity is not None
                lists = {item_list.path[0] for item_list in identity.lists}
                assert all(is_named_after(name, definition.operation, top) for top in lists), (name, lists)
                assert not read or read & lists, (name, lists, read)


@pytest.mark.parametrize("service", MODELS.services())
def test_a_resource_with_nothing_but_its_required_members_is_there(service: str) -> None:
    """For all waiters, and for a state of each operation that describes or gets one resource."""
    for definition in waiters(service) if MODELS.waiters(service) or MODELS.catalog.names_of(service) else ():
        require_present(service, definition)
    for operation in MODELS.service_model(service).operation_names:
        if operation.startswith(("Describe", "Get")) and model(service, operation).output_shape is not None:
            for definition in own(model(service, operation)):
                require_present(service, definition)


@pytest.mark.parametrize("service", MODELS.services())
def test_an_id_is_not_sought_in_names_nor_a_name_in_ids(service: str) -> None:
    """A tag called ``Name``, or another's name, that equals an id is no id."""
    for operation in MODELS.service_model(service).operation_names:
        operation_model = model(service, operation)
        for id_param in id_params(service, operation_model):
            found = SUFFIX.search(id_param.name)
            item = operation_model.input_shape.members[id_param.name].member
            if (
                found is None
                or item.type_name != "string"
                or (service, operation) == ("ec2", "DescribeStoreImageTasks")
            ):
                continue
            keys = [key for item_list in id_param.lists for key, _path in item_list.keys if not item_list.echoes_only]
            allowed = {"Identifier": ("identifier", "id", "arn"), "Name": ("name", "arn"), "Id": ("id", "arn")}
            assert all(key.casefold().endswith(allowed.get(found[1], ("arn",))) for key in keys), (operation, id_param)


def test_a_tag_is_no_id() -> None:
    """EFS lists a file system's ``Name`` tag as a member of it."""
    assert narrows("efs", model("efs", "DescribeFileSystems"), "FileSystemId")
    [definition] = [d for d in waiters("efs") if d.name and d.name.lower().replace("_", "") == "filesystemavailable"]
    [binding, _problems] = bind("efs", definition, {"FileSystemId": "fs-1"}, model("efs", "DescribeFileSystems"), None)
    assert binding.identity is not None
    shares = binding.identity.shares({"FileSystems": [{"FileSystemId": "fs-9", "Name": "fs-1"}]}, [[0]])
    assert shares is not None
    assert not shares[0].is_whole


GONE = refused("NotFoundException", "It isn't there.", 404)


@pytest.mark.parametrize(
    ("service", "waiter", "params", "missing", "script", "polls"),
    [
        ("mq", "broker_deleted", {"BrokerId": "b-1"}, "success", [answered(BrokerState="DELETION_IN_PROGRESS")], 2),
        ("mq", "broker_running", {"BrokerId": "b-1"}, "wait", [answered(BrokerState="RUNNING")], 1),
        ("mq", "broker_running", {"BrokerId": "b-1"}, "fail", [answered(BrokerState="RUNNING")], 1),
        ("medialive", "channel_deleted", {"ChannelId": "1"}, "success", [answered(State="DELETING")], 2),
        ("medialive", "input_deleted", {"InputId": "7"}, "auto", [answered(State="DELETING")], 2),
        ("redshift-data", "statement_finished", {"Id": "d"}, "wait", [answered(Status="FINISHED")], 1),
        (
            "servicecatalog",
            "provisioned_product_available",
            {"Id": "pp-1"},
            "wait",
            [answered(ProvisionedProductDetail={"Id": "pp-1", "Status": "AVAILABLE"})],
            1,
        ),
    ],
)
def test_a_resource_without_tags_is_there(
    service: str, waiter: str, params: dict[str, Any], missing: str, script: list[Any], polls: int
) -> None:
    done = end({"service": service, "waiter": waiter, "params": params, "missing": missing}, *script, GONE)
    assert done.outcome.ending is Ending.SUCCESS
    assert done.outcome.attempts == polls
    assert polls > 1 or "gone" not in done.message
