# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of a task: the task's options are their defaults, and all problems are reported together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.fake_client import FakeClient
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.many import args, fake_client
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup import waiter_lookup
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import camel_case, snake_case
from ansible_collections.cloudwait.aws.plugins.module_utils._definition import inherit
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput, Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import (
    Account,
    Entry,
    read_entries,
    read_policy,
    wait_many_spec,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._module.exit import sentence


def nobody_asks(operation: str, _params: Any) -> Any:
    raise AssertionError(f"{operation} was sent")


def connect(account: Account, service: str, _operation: str) -> FakeClient:
    region, profile = account
    if profile == "nobody":
        raise BadInput([Problem("profile", "there is no profile 'nobody'")])
    return fake_client(service, Clock(), nobody_asks, region or "us-east-1")


def read(*waits: dict[str, Any], **task: Any) -> list[Entry]:
    return read_entries(args(waits=list(waits), **task), MODELS, connect)


def problems(*waits: dict[str, Any], **task: Any) -> list[str]:
    with pytest.raises(BadInput) as raised:
        read(*waits, **task)
    return [problem.path for problem in raised.value.problems]


def running(instance: str = "i-1", **more: Any) -> dict[str, Any]:
    return {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": [instance]}, **more}


# --- problems


def test_one_bad_entry_among_a_hundred_is_named_by_place_and_name() -> None:
    waits = [running(f"i-{number}", name=f"web {number}") for number in range(100)]
    waits[37]["waiter"] = "instance_runing"
    assert problems(*waits) == ["waits[37] (web 37).waiter"]


def test_every_problem_of_every_bad_entry_is_said() -> None:
    waits = [running(f"i-{number}") for number in range(100)]
    waits[3]["params"] = {"InstanceId": ["i-3"]}
    waits[8] = {"name": "typo", "service": "ecc2", "waiter": "instance_running"}
    waits[20] |= {"delay": -1.0, "max_attempts": 0}
    waits[99] |= {"name": "who?", "profile": "nobody"}
    assert problems(*waits) == [
        "waits[3].params.InstanceId",
        "waits[8] (typo).service",
        "waits[20].delay",
        "waits[20].max_attempts",
        "waits[99] (who?).profile",
    ]


def test_what_is_wrong_in_the_task_for_all_of_them_is_said_once() -> None:
    waits = [running(f"i-{number}") for number in range(100)]
    assert problems(*waits, delay=-1.0) == ["delay"]
    waits[8]["delay"] = -2.0
    assert problems(*waits, delay=-1.0) == ["delay", "waits[8].delay"]
    assert problems({"params": {}}, service="s3", waiter="bucket_exists") == ["waits[0].params.Bucket"]


def test_what_is_wrong_in_the_task_for_some_of_them_is_said_of_each() -> None:
    waits = [running(), {**running("i-2"), "service": "rds"}]
    del waits[0]["waiter"], waits[1]["waiter"]
    assert problems(*waits, waiter="instance_running") == ["waits[1].waiter"]


def test_a_broken_definition_of_the_task_stops_only_the_entries_that_use_it() -> None:
    ready = {"operation": "DescribeInstances", "path": "Reservations[].Instances[].State.Name", "success": ["running"]}
    definitions = {"ready": ready, "broken": {**ready, "pth": "x"}}
    first, second = read(running(waiter="ready"), running("i-2"), definitions=definitions)
    assert first.request.warnings == second.request.warnings
    assert len(first.request.warnings) == 1
    bad = running("i-3", waiter="broken")
    assert problems(running(waiter="ready"), bad, definitions=definitions) == ["definitions.broken.pth"]


def test_a_name_is_shown_on_one_line() -> None:
    assert problems(running(name="a\nb", delay=-1.0)) == ["waits[0] (a b).delay"]


def test_an_entry_without_a_service_is_reported_if_the_task_has_none() -> None:
    assert problems({"waiter": "instance_running"}) == ["waits[0].service"]


def test_no_entries_are_no_task() -> None:
    assert problems() == ["waits"]


# --- defaults


def test_what_an_entry_does_not_say_the_task_says() -> None:
    task = {"service": "ec2", "waiter": "instance_running", "delay": 3.0, "missing": "fail", "return_response": True}
    plain, own = read(
        {"params": {"InstanceIds": ["i-1"]}},
        {"params": {"InstanceIds": ["i-2"]}, "delay": 7.0, "missing": "wait", "return_response": False},
        **task,
    )
    said = [(e.request.settings.delay, e.request.settings.missing.value) for e in (plain, own)]
    assert said == [(3.0, "fail"), (7.0, "wait")]
    assert [e.request.settings.return_response for e in (plain, own)] == [True, False]


def test_the_params_of_the_task_and_of_an_entry_merge_and_the_entrys_come_first() -> None:
    task = {"service": "ecs", "waiter": "services_stable", "params": {"cluster": "prod", "include": ["TAGS"]}}
    waits = [{"params": {"services": ["web"]}}, {"params": {"services": ["db"], "cluster": "test"}}]
    assert [entry.request.binding.params for entry in read(*waits, **task)] == [
        {"cluster": "prod", "include": ["TAGS"], "services": ["web"]},
        {"cluster": "test", "include": ["TAGS"], "services": ["db"]},
    ]
    assert task["params"] == {"cluster": "prod", "include": ["TAGS"]}


def test_a_problem_of_the_tasks_params_is_reported_once_where_all_entries_inherit_it() -> None:
    task = {"service": "ecs", "waiter": "services_stable", "params": {"clutser": "prod", "cluster": ["prod"]}}
    waits = [{"params": {"services": ["web"]}}, {"params": {"services": ["db"], "cluster": ["test"]}}]
    assert problems(*waits, **task) == ["params.clutser", "params.cluster", "waits[1].params.cluster"]


def test_a_zero_and_a_no_of_an_entry_count() -> None:
    [entry] = read(running(delay=0.0, timeout=5.0, corrections=False), delay=9.0)
    assert entry.request.settings.delay == 0.0
    assert entry.request.binding.definition.source.value == "builtin"


def test_an_entrys_definition_replaces_the_tasks_waiter_and_vice_versa() -> None:
    definition = {"operation": "DescribeVolumes", "path": "Volumes[].State", "success": ["available"]}
    volume = {"definition": definition, "params": {"VolumeIds": ["v-1"]}}
    first, second = read(volume, {"params": {"InstanceIds": ["i-1"]}}, service="ec2", waiter="instance_running")
    assert first.request.binding.definition.operation == "DescribeVolumes"
    assert second.request.binding.definition.operation == "DescribeInstances"
    [third] = read(running(), service="ec2", definition=definition)
    assert third.request.binding.definition.operation == "DescribeInstances"


def test_a_waiter_and_a_definition_in_one_entry_are_a_mistake() -> None:
    assert problems(running(definition={"operation": "DescribeVolumes"})) == ["waits[0].waiter"]


def test_nothing_is_required_of_an_entry_and_nothing_has_a_default_there() -> None:
    for option in wait_many_spec()["waits"]["options"].values():
        assert not {"default", "required"} & option.keys()


def test_an_entry_may_be_of_another_region_and_profile() -> None:
    here, there = read(running(), running("i-2", region="eu-west-1", profile="blue"))
    assert (here.account, there.account) == ((None, None), ("eu-west-1", "blue"))
    assert there.request.client.meta.region_name == "eu-west-1"


# --- when all is over


@pytest.mark.parametrize(
    ("require", "required"), [("all", 5), (" ALL", 5), ("any", 1), ("1", 1), (3, 3), ("5", 5)], ids=repr
)
def test_how_many_must_succeed(require: Any, required: int) -> None:
    policy, mistakes = read_policy(args(require=require), 5)
    assert (policy.required, mistakes) == (required, [])


@pytest.mark.parametrize(
    ("require", "count", "required"),
    [("90%", 10, 9), ("90%", 5, 5), ("50%", 5, 3), (" 0.5% ", 1000, 5), ("33.4%", 3, 2), ("100%", 7, 7), ("1%", 1, 1)],
)
def test_a_percentage_of_the_waits_is_rounded_up(require: str, count: int, required: int) -> None:
    assert read_policy(args(require=require), count) == (Policy(required, True), [])


@pytest.mark.parametrize("require", ["0%", "101%", "-5%", "%", "50 %%", "1e1%", "0", "6", "-1", "most", "2.5", "", "²"])
def test_what_can_not_be_met_is_a_mistake(require: str) -> None:
    assert [problem.path for problem in read_policy(args(require=require), 5)[1]] == ["require"]


@pytest.mark.parametrize(
    ("option", "value"),
    [("concurrency", 0), ("max_rate", 0.0), ("max_rate", -1.0), ("max_rate", float("nan")), ("max_rate", float("inf"))],
)
def test_a_pace_that_gets_nowhere_is_a_mistake(option: str, value: float) -> None:
    assert [problem.path for problem in read_policy(args(**{option: value}), 5)[1]] == [option]


def test_a_thousand_problems_are_counted_and_some_are_listed() -> None:
    problems = [Problem(f"waits[{number}].waiter", "is unknown") for number in range(1000)]
    said = sentence(BadInput(problems))
    assert said.startswith("1000 problems, nothing was sent to AWS: waits[0].waiter: is unknown; ")
    assert said.endswith("and 950 more, see problems")
    assert said.count("is unknown") == 50


# --- how much is read


@pytest.mark.parametrize("spell", [str, camel_case], ids=["as written", "in CamelCase"])
def test_definitions_are_read_once_however_many_entries_name_them(
    monkeypatch: pytest.MonkeyPatch, spell: Callable[[str], str]
) -> None:
    read_layers, reads = inherit.read_layers, []
    snakes: list[str] = []

    def counting(layers: Any, *args: Any, **more: Any) -> Any:
        reads.append(layers)
        return read_layers(layers, *args, **more)

    monkeypatch.setattr(inherit, "read_layers", counting)
    monkeypatch.setattr(waiter_lookup, "snake_case", lambda name: snakes.append(name) or snake_case(name))
    definition = {"operation": "DescribeInstances", "path": "Reservations[].Instances[].State.Name"}
    counts = []
    for count in (20, 40):
        definitions = {
            f"ready_{chr(97 + number // 9)}x{chr(97 + number % 9)}": {**definition, "success": ["running"]}
            for number in range(count)
        }
        waits = [running(waiter=spell(name)) for name in definitions]
        assert len(read_entries(args(waits=waits, definitions=definitions), MODELS, connect)) == count
        counts.append((len(reads), len(snakes)))
        reads.clear()
        snakes.clear()
    assert counts[0][0] <= 2 * 20
    assert counts[1][0] == 2 * counts[0][0]
    assert counts[1][1] == 2 * counts[0][1]
