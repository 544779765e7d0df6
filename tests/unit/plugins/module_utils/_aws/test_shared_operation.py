# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that take a single id and are asked for many: by a filter, by all there are, or one by one after all."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest
from tests.support.aws_responses import refused
from tests.unit.plugins.module_utils._engine.botocore_waiters import Waiter, builtin_waiters
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.random_answers import Items, item_shape
from tests.unit.plugins.module_utils._engine.workers import Lanes
from tests.unit.plugins.module_utils._module.many import Task, end, fake_client, told
from tests.unit.plugins.module_utils._module.waits import MODELS, args

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import bind
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.listing import LISTS
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.transport import Transport
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.prepared_wait import PreparedWait
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.sharing import shares_by
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import Entry
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import read_settings
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import Request


@dataclass
class Databases:
    """RDS with databases that are available from their times on. ``page``: how many an answer holds.

    ``last``: those that a list has at its end. ``list_fails``, ``page_fails``: what lists, or pages, are answered with.
    """

    clock: Clock
    ready: Mapping[str, float]
    strangers: int = 0
    page: int | None = None
    may_list: bool = True
    last: frozenset[str] = frozenset()
    list_fails: Exception | None = None
    page_fails: Mapping[int, Exception] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, _operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        self.asked.append(params)
        name = params.get("DBInstanceIdentifier")
        if name is None and not self.may_list:
            raise refused("AccessDenied", 403, "You may not list.")
        if name is not None and name not in self.ready:
            raise refused("DBInstanceNotFound", 404, f"DBInstance {name} not found.")
        wanted = [name] if name is not None else [v for f in params.get("Filters", ()) for v in f["Values"]]
        found = [name for name in wanted if name in self.ready]
        there = [
            *(found if name is not None else (n for n in found if n not in self.last)),
            *(f"stranger-{n}" for n in range(self.strangers if name is None else 0)),
            *(n for n in found if name is None and n in self.last),
        ]
        start = int(params.get("Marker", 0))
        if name is None and self.list_fails is not None:
            raise self.list_fails
        if start in self.page_fails:
            raise self.page_fails[start]
        stop = start + (self.page or len(there))
        items = [{"DBInstanceIdentifier": n, "DBInstanceStatus": self._status(n)} for n in there[start:stop]]
        return {"DBInstances": items, **({"Marker": str(stop)} if stop < len(there) else {})}

    def _status(self, name: str) -> str:
        return "available" if self.clock.now - 1000 >= self.ready.get(name, 0) else "creating"


def run(api: Databases, *names: str, says: Any = None, workers: Any = None, **more: Any) -> Task:
    waits = [{"params": {"DBInstanceIdentifier": name}} for name in names]
    task = {"service": "rds", "waiter": "db_instance_available", "delay": 10, "max_attempts": 4, "fail_fast": False}
    client = fake_client("rds", api.clock, says or api)
    return Task({**task, "waits": waits, **more}, lambda *_account: client, api.clock, workers)


NAMES = [f"db-{number}" for number in range(30)]


def test_many_databases_are_asked_for_by_a_filter() -> None:
    clock = Clock()
    api = Databases(clock, {name: number % 3 * 10.0 for number, name in enumerate(NAMES)})
    task = run(api, *NAMES)
    assert Counter(task.endings) == {"success": 30}
    assert [len(params["Filters"][0]["Values"]) for params in api.asked] == [30, 20, 10]
    assert {params["Filters"][0]["Name"] for params in api.asked} == {"db-instance-id"}
    assert task.result["calls_saved"] == 60 - 3


def test_two_are_asked_for_one_by_one() -> None:
    api = Databases(Clock(), {"db-0": 0, "db-1": 0})
    assert run(api, "db-0", "db-1").endings == ["success", "success"]
    assert api.asked == [{"DBInstanceIdentifier": "db-0"}, {"DBInstanceIdentifier": "db-1"}]


def test_one_that_is_not_listed_asks_for_itself_and_gets_its_own_error() -> None:
    api = Databases(Clock(), dict.fromkeys(NAMES, 10.0))
    task = run(api, *NAMES, "typo")
    assert task.endings == ["success"] * 30 + ["error"]
    assert task.result["results"][-1]["error"]["code"] == "DBInstanceNotFound"
    assert Counter("Filters" in params for params in api.asked) == {True: 2, False: 1}


def test_where_listing_is_not_allowed_each_asks_for_itself() -> None:
    api = Databases(Clock(), dict.fromkeys(NAMES, 10.0), may_list=False)
    assert Counter(run(api, *NAMES).endings) == {"success": 30}
    assert Counter("Filters" in params for params in api.asked) == {True: 1, False: 60}


def test_a_listing_ends_where_all_are_found() -> None:
    api = Databases(Clock(), dict.fromkeys(NAMES[:3], 10.0), strangers=50, page=5)
    assert Counter(run(api, *NAMES[:3]).endings) == {"success": 3}
    assert Counter("Filters" in params for params in api.asked) == {True: 2}


def test_a_listing_has_no_more_pages_than_separate_waits_would_send_requests() -> None:
    """Two of four are found in four pages; the others ask alone, then and ever after."""
    api = Databases(Clock(), dict.fromkeys(NAMES[:4], 20.0), strangers=50, page=5, last=frozenset(NAMES[2:4]))
    assert Counter(run(api, *NAMES[:4]).endings) == {"success": 4}
    assert Counter("Filters" in params for params in api.asked) == {True: 4, False: 3 * 2 + 2 * 2}


@pytest.mark.parametrize("fault", [refused("InternalFailure", 500), refused("ServiceUnavailable", 503)])
def test_where_a_listing_fails_by_itself_each_asks_alone_at_once(fault: Exception) -> None:
    api = Databases(Clock(), dict.fromkeys(NAMES, 10.0), list_fails=fault)
    task = run(api, *NAMES)
    assert [(o.ending.value, o.attempts, o.elapsed) for o in task.outcomes] == [("success", 2, 10)] * 30
    assert Counter("Filters" in params for params in api.asked) == {True: 1, False: 60}


def test_where_a_later_page_fails_what_has_come_is_used() -> None:
    api = Databases(Clock(), dict.fromkeys(NAMES, 0.0), page=10, page_fails={10: refused("InternalFailure", 500)})
    assert Counter(run(api, *NAMES).endings) == {"success": 30}
    assert Counter("Filters" in params for params in api.asked) == {True: 2, False: 20}


@pytest.mark.parametrize("takes", [0.2, 1e6], ids=["many pages", "no answer"])
def test_a_listing_costs_no_wait_that_its_own_request_would_end(takes: float) -> None:
    """50,000 databases are listed before those that are waited for."""
    clock = Clock()
    lanes = Lanes(clock, 16)
    api = Databases(clock, dict.fromkeys(NAMES, 0.0), strangers=50_000, page=100, last=frozenset(NAMES))

    def says(operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if "Filters" in params:
            lanes.sleep(takes)
        return api(operation, params)

    task = run(api, *NAMES, timeout=60, says=says, workers=lanes)
    assert Counter(task.endings) == {"success": 30}
    assert clock.now - 1000 <= 10.1


def test_names_are_the_same_whatever_their_case_where_aws_folds_it() -> None:
    clock = Clock()
    api = Databases(clock, dict.fromkeys(NAMES, 0.0))

    def says(operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        folded = [{**f, "Values": [value.lower() for value in f["Values"]]} for f in params["Filters"]]
        return api(operation, {**params, "Filters": folded})

    client = fake_client("rds", clock, says)
    waits = [{"params": {"DBInstanceIdentifier": name.upper()}} for name in NAMES]
    given = {"service": "rds", "waiter": "db_instance_available", "waits": waits}
    assert Task(given, lambda *_account: client, clock).endings == ["success"] * 30


# --- who shares with whom


def bound(service: str, operation: str, params: dict[str, Any]) -> Any:
    waiter = next(w for w in builtin_waiters(service) if w.raw["operation"] == operation)
    binding, problems = bind(service, waiter.definition, params, waiter.operation_model, None)
    assert not problems
    return binding


def prepared(binding: Any, **options: Any) -> PreparedWait:
    settings, problems = read_settings(args(**options))
    assert not problems
    return Request(binding, settings, None, ()).prepare(MODELS, lambda: None)


TASKS = ("ecs", "DescribeTasks")


@pytest.mark.parametrize(
    ("where", "one", "other", "together"),
    [
        (TASKS, {"cluster": "a", "tasks": ["1"]}, {"cluster": "a", "tasks": ["2", "3"]}, True),
        (TASKS, {"cluster": "a", "tasks": ["1"]}, {"cluster": "b", "tasks": ["1"]}, False),
        (TASKS, {"cluster": "a", "tasks": ["1"]}, {"tasks": ["1"]}, False),
        (TASKS, {"tasks": ["1"]}, {"tasks": ["arn:aws:ecs:r:1:task/a/2"]}, True),
        (("ec2", "DescribeInstances"), {"InstanceIds": ["i"]}, {"Filters": [{"Name": "a", "Values": ["b"]}]}, False),
        (("rds", "DescribeDBInstances"), {"DBInstanceIdentifier": "a"}, {"DBInstanceIdentifier": "b"}, True),
        (("s3", "HeadBucket"), {"Bucket": "a"}, {"Bucket": "b"}, False),
        (("s3", "HeadBucket"), {"Bucket": "a"}, {"Bucket": "a"}, True),
    ],
)
def test_waits_share_by_all_but_their_ids(
    where: tuple[str, str], one: dict[str, Any], other: dict[str, Any], together: bool
) -> None:
    keys = [shares_by(prepared(bound(*where, params))) for params in (one, other)]
    assert (keys[0] == keys[1]) is together
    assert hash(keys[0]) is not None


def test_where_ids_are_not_to_be_told_apart_only_equal_waits_share() -> None:
    bindings = [bound("ec2", "DescribeInstances", {"InstanceIds": [name]}) for name in "aba"]
    keys = [shares_by(prepared(binding, missing="ignore")) for binding in bindings]
    assert (keys[0] == keys[2], keys[0] == keys[1]) == (True, False)


# --- parity


def _single() -> list[Waiter]:
    return [
        waiter
        for service in dict.fromkeys(service for service, _operation in LISTS)
        for waiter in builtin_waiters(service)
        if (service, waiter.raw["operation"]) in LISTS
    ]


@pytest.mark.parametrize("waiter", _single(), ids=lambda w: f"{w.operation_model.service_model.service_name}-{w.name}")
def test_a_wait_on_a_list_ends_as_it_would_by_itself(waiter: Waiter) -> None:
    """Resources come late, change and vanish; others, whom nobody has asked for, are listed with them."""
    service = waiter.operation_model.service_model.service_name
    name, filter_name = LISTS[service, waiter.raw["operation"]]
    codes = [code for code in waiter.codes if "NotFound" in code or code == "ValidationError"] or ["ThingNotFound"]
    for seed in range(8):
        rnd = random.Random(f"{service} {waiter.name} {seed}")
        items = Items(waiter, f"{service} {waiter.name} {seed}")
        bindings = [bound(service, waiter.raw["operation"], {name: f"id-{n}"}) for n in range(8)]
        bindings = [bind(service, waiter.definition, b.given, waiter.operation_model, None)[0] for b in bindings]
        [home] = bindings[0].identity.lists  # type: ignore[union-attr]
        shape = item_shape(waiter.operation_model, home)
        lives = [_life(rnd, items, shape) for _resource in range(10)]  # two of them are strangers

        def tell(clock: Clock, params: dict[str, Any], lives: Any = lives, home: Any = home) -> dict[str, Any]:
            now = clock.now - 1000
            states = {f"id-{n}": [item for since, item in life if since <= now][-1] for n, life in enumerate(lives)}
            there = {label: item for label, item in states.items() if item is not None}
            if name in params and params[name] not in there:
                raise refused(codes[0], 400, f"{params[name]} does not exist")
            filters = [value for f in params.get("Filters", ()) for value in f["Values"]]
            assert all(f["Name"] == filter_name for f in params.get("Filters", ()))
            wanted = [params[name]] if name in params else filters or list(there)
            found = [{**there[label], **_named(home, label)} for label in wanted if label in there]
            return {home.path[0]: found}

        waits = [(binding, rnd.randint(1, 6)) for binding in bindings]
        outcomes = _end(service, waits, tell)
        for wait, got in zip(waits, outcomes, strict=True):
            assert told(got) == told(_end(service, [wait], tell)[0]), f"{seed}: {wait[0].params}"


def _life(rnd: random.Random, items: Items, shape: Any) -> list[tuple[float, Any]]:
    life: list[tuple[float, Any]] = [(0.0, None if rnd.random() < 0.2 else items.item(shape))]
    for _change in range(rnd.randint(0, 3)):
        life.append((life[-1][0] + rnd.choice((3.0, 6.0, 11.0)), items.item(shape)))
    if rnd.random() < 0.3:
        life.append((life[-1][0] + 6.0, None))
    return life


def _named(home: Any, label: str) -> dict[str, str]:
    """The identifiers that an item echoes: its name or id, and its ARN."""
    arn = f"arn:aws:x:r:1:thing:{label}"
    return {member: arn if member.casefold().endswith("arn") else label for member, _path in home.keys}


def _end(service: str, waits: Any, tell: Any) -> Any:
    clock = Clock()
    client = fake_client(service, clock, lambda _operation, params: tell(clock, params))
    entries = []
    for binding, polls in waits:
        settings, problems = read_settings(args(delay=5.0, max_attempts=polls))
        assert not problems
        entries.append(Entry(None, Request(binding, settings, client, ()), (None, None)))
    _result, outcomes = end(entries, Policy(len(entries), fail_fast=False), clock)
    return outcomes


def test_every_operation_that_is_listed_by_hand_exists_with_its_parameter() -> None:
    for (service, operation), (name, filter_name) in LISTS.items():
        members = MODELS.service_model(service).operation_model(operation).input_shape.members
        assert name in members
        assert filter_name is None or "Filters" in members


def test_a_client_that_serves_many_operations_tells_of_each_request_once() -> None:
    """A thousand handlers for each of a thousand requests would be most of what they cost."""
    session = botocore.session.get_session()
    session.set_credentials("a", "b")
    client = session.create_client("lambda", region_name="us-east-1")
    told_of: list[int] = []
    for count in (1, 100):
        operations = [Transport(lambda: client, client, "get_function") for _one in range(count)]
        assert sum(operation.calls for operation in operations) == 0
        answers = client.meta.events.emit("before-send.lambda.GetFunction", request=None)
        told_of.append(len(answers))
    assert told_of[0] == told_of[1]
