# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits in one task: which waits share requests, the quirks of APIs, and the request rate."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from tests.support.aws_responses import ecs_service, ecs_services, refused
from tests.support.fake_client import Answer, FakeClient
from tests.unit.plugins.module_utils._engine.bucket import Bucket
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.workers import Lanes
from tests.unit.plugins.module_utils._module.ec2_waits import RUNS, Instances, wait_for_instances
from tests.unit.plugins.module_utils._module.many import Task, fake_client

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.sharing import LARGEST
from ansible_collections.cloudwait.aws.plugins.module_utils._engine import alarms
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import Account


def ec2(given: Mapping[str, Any], clock: Clock, says: Any, workers: Any = None) -> tuple[Task, FakeClient]:
    client = fake_client("ec2", clock, says)
    return Task(given, lambda *_account: client, clock, workers), client


def asked(client: FakeClient) -> list[list[str]]:
    return [params["InstanceIds"] for _at, _operation, params in client.asked]


# --- unknown ids


@pytest.mark.parametrize("names", [True, False], ids=["named", "not named"])
@pytest.mark.parametrize("unknown", [["i-2"], ["i-0", "i-3", "i-7"], [f"i-{number}" for number in range(8)]])
def test_unknown_ids_fail_their_own_waits_alone(unknown: list[str], names: bool) -> None:
    ids = [f"i-{number}" for number in range(8)]
    clock = Clock()
    says = Instances(clock, {name: 0 for name in ids if name not in unknown}, names)
    task, client = ec2(wait_for_instances(*ids, waiter=None, definition=RUNS), clock, says)
    assert task.endings == ["error" if name in unknown else "success" for name in ids]
    assert {at for at, _operation, _params in client.asked} == {0}, "the others are asked for again at once"
    if names:
        assert len(client.asked) == (1 if len(unknown) == 8 else 2)
    for entry in task.result["results"]:
        assert (entry["error"] or {}).get("code") == (
            "InvalidInstanceID.NotFound" if entry["name"] in unknown else None
        )


def test_an_id_that_is_unknown_yet_joins_the_others_when_it_is_there() -> None:
    """The built-in treats it as not yet; the wait can't succeed while it is missing."""
    clock = Clock()
    says = Instances(clock, {"i-0": 0, "i-2": 30})

    def appears(operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if clock.now - 1000 >= 20:
            says.ready = {**says.ready, "i-1": 20}
        return says(operation, params)

    task, _client = ec2(wait_for_instances("i-0", "i-1", "i-2"), clock, appears)
    assert [(o.ending.value, o.elapsed) for o in task.outcomes] == [("success", 0), ("success", 20), ("success", 30)]


def test_where_one_wait_may_not_look_at_its_resource_the_others_may() -> None:
    """Permissions may be limited to resources, and then the error names the resource."""
    clock = Clock()

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if "secret" in params["services"]:
            text = "User: u is not authorized to perform: ecs:DescribeServices on resource: service/prod/secret"
            raise refused("AccessDeniedException", 400, text)
        return ecs_services(*(ecs_service(name, "INACTIVE") for name in params["services"]))

    waits = [{"params": {"cluster": "prod", "services": [name]}} for name in ("a", "secret", "b")]
    given = {"service": "ecs", "waiter": "services_inactive", "waits": waits, "fail_fast": False}
    task = Task(given, lambda *_account: client, clock)
    client = fake_client("ecs", clock, says)
    assert task.endings == ["success", "error", "success"]


def test_a_refusal_that_is_about_the_caller_is_everybodys_after_one_request() -> None:
    clock = Clock()

    def says(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise refused("UnauthorizedOperation", 403, "You are not authorized to perform this operation.")

    task, client = ec2(wait_for_instances(*(f"i-{number}" for number in range(100))), clock, says)
    assert Counter(task.endings) == {"error": 100}
    assert len(client.asked) == 1


@pytest.mark.parametrize("offenders", [{"s-17"}, {"s-0", "s-99"}, {"s-3", "s-4", "s-50"}, {"s-0", "s-50", "s-99"}])
def test_a_refusal_that_is_about_some_without_a_word_is_theirs(offenders: set[str]) -> None:
    """ECS doesn't say which identifier is invalid."""
    clock = Clock()

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if offenders.intersection(params["services"]):
            raise refused("InvalidParameterException", 400, "Invalid identifier.")
        return ecs_services(*(ecs_service(name, "INACTIVE") for name in params["services"]))

    waits = [{"params": {"services": [f"s-{number}"]}} for number in range(100)]
    client = fake_client("ecs", clock, says)
    given = {"service": "ecs", "waiter": "services_inactive", "waits": waits, "fail_fast": False}
    task = Task(given, lambda *_account: client, clock)
    assert task.endings == ["error" if f"s-{number}" in offenders else "success" for number in range(100)]
    assert len(client.asked) < 60


def denied(*names: str, text: str, code: str = "AccessDeniedException", hides: bool = False) -> Any:
    """ECS without permission for these services. ``text``: the error for the first requested one."""

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        bad = [name for name in params["services"] if name in names]
        if bad:
            raise refused(code, 400, "No." if hides else text.format(bad[0]))
        return ecs_services(*(ecs_service(name, "INACTIVE") for name in params["services"]))

    return says


def inactive(*names: str, says: Any, **more: Any) -> tuple[Task, FakeClient]:
    clock = Clock()
    client = fake_client("ecs", clock, says)
    waits = [{"name": name, "params": {"cluster": "web", "services": [name]}} for name in names]
    given = {"service": "ecs", "waiter": "services_inactive", "waits": waits, "fail_fast": False, **more}
    return Task(given, lambda *_account: client, clock), client


DENIES = (
    "User: arn:aws:iam::1:user/api is not authorized to perform: ecs:DescribeServices on resource:"
    " arn:aws:ecs:us-east-1:1:service/web/{} because no identity-based policy allows the ecs:DescribeServices action"
)


@pytest.mark.parametrize("hides", [False, True], ids=["named", "not named"])
@pytest.mark.parametrize("bad", [["worker"], ["web"], ["api"], ["web", "user"], ["service", "action"]])
def test_a_denied_resource_takes_no_other_with_it(bad: list[str], hides: bool) -> None:
    """Its cluster, the user and words of the message have the names of other services."""
    names = ["web", "worker", "api", "user", "service", "action", "policy"]
    task, client = inactive(*names, says=denied(*bad, text=DENIES, hides=hides))
    assert task.endings == ["error" if name in bad else "success" for name in names]
    assert len(client.asked) <= 2 * len(names)


@pytest.mark.parametrize("hides", [False, True], ids=["named", "not named"])
@pytest.mark.parametrize("every", [1, 2, 3, 50])
def test_a_poll_sends_at_most_twice_the_requests_of_separate_waits(every: int, hides: bool) -> None:
    """Every second, third … of 400 is denied, and each poll names one of them or none."""
    names = [f"s-{number}" for number in range(400)]
    bad = names[::every]
    says = denied(*bad, text=DENIES, hides=hides)
    task, client = inactive(*names, says=says, retry_errors=["AccessDeniedException"], max_attempts=2, delay=9)
    assert task.endings == ["timeout" if name in bad else "success" for name in names]
    polls = Counter(at for at, _operation, _params in client.asked)
    assert polls[0] <= 2 * len(names)
    assert polls[9] <= len(bad) + 1, "who was denied asks alone from then on"
    assert task.result["calls"] == len(client.asked)


def test_an_id_with_a_word_of_a_limit_in_its_name_is_no_limit() -> None:
    clock = Clock()
    names = [*(f"key-{number}" for number in range(99)), "max@laptop"]

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if "max@laptop" in params["KeyNames"]:
            raise refused("InvalidKeyPair.NotFound", 400, "The key pair 'max@laptop' does not exist")
        return {"KeyPairs": [{"KeyName": name} for name in params["KeyNames"]]}

    client = fake_client("ec2", clock, says)
    waits = [{"params": {"KeyNames": [name]}} for name in names]
    given = {"service": "ec2", "waiter": "key_pair_exists", "waits": waits, "delay": 5, "max_attempts": 5}
    task = Task({**given, "fail_fast": False}, lambda *_account: client, clock)
    assert Counter(task.endings) == {"success": 99, "timeout": 1}
    assert len(client.asked) == 2 + 4


def test_an_error_about_another_parameter_is_not_looked_for_among_the_ids() -> None:
    clock = Clock()

    def says(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise refused("ClusterNotFoundException", 400, "Cluster not found.")

    client = fake_client("ecs", clock, says)
    services = [f"s-{number}" for number in range(30)]
    given = {
        "service": "ecs",
        "waiter": "services_stable",
        "waits": [{"params": {"cluster": "gone", "services": services}}],
        "retry_errors": ["ClusterNotFoundException"],
        "max_attempts": 3,
    }
    task = Task(given, lambda *_account: client, clock)
    assert (task.endings, len(client.asked)) == (["timeout"], 3)


@pytest.mark.parametrize("entries", [1, 20])
@pytest.mark.parametrize(
    ("service", "waiter", "common", "name", "ids", "code"),
    [
        ("ecs", "services_stable", {"cluster": "gone"}, "services", "s-{}", "ClusterNotFoundException"),
        ("ecs", "tasks_running", {"cluster": "gone"}, "tasks", "{:032}", "ClusterNotFoundException"),
        ("elbv2", "target_in_service", {"TargetGroupArn": "gone"}, "Targets", "i-{}", "TargetGroupNotFound"),
        ("elb", "instance_in_service", {"LoadBalancerName": "gone"}, "Instances", "i-{}", "LoadBalancerNotFound"),
    ],
)
def test_an_error_about_what_all_waits_have_in_common_is_everybodys_after_one_request(
    entries: int, service: str, waiter: str, common: dict[str, Any], name: str, ids: str, code: str
) -> None:
    """In one wait for all, and where each has a wait of its own."""
    clock = Clock()

    def says(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise refused(code, 400, "It was not found.")

    client = fake_client(service, clock, says)
    key = {"Targets": "Id", "Instances": "InstanceId"}.get(name)
    texts = [ids.format(number) for number in range(20)]
    given = [{key: text} if key else text for text in texts]
    size = len(given) // entries
    waits = [{"params": {**common, name: given[start : start + size]}} for start in range(0, len(given), size)]
    task = Task(
        {"service": service, "waiter": waiter, "waits": waits, "fail_fast": False, "max_attempts": 1},
        lambda *_account: client,
        clock,
    )
    assert set(task.endings) <= {"error", "timeout"}
    assert len(client.asked) == 1
    assert all(said["error"]["code"] == code for said in task.result["results"])


# --- figures


def test_an_entrys_calls_are_those_that_were_sent_for_it_alone() -> None:
    """30 ECS services take three requests."""
    clock = Clock()
    found: dict[str, Any] = {"desiredCount": 1, "runningCount": 1, "deployments": [{}]}

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        return ecs_services(*(ecs_service(name, **found) for name in params["services"]))

    client = fake_client("ecs", clock, says)
    services = [f"s-{number}" for number in range(30)]
    waits = [{"params": {"cluster": name, "services": services}} for name in ("one", "two")]
    waits += [{"params": {"cluster": "three", "services": [name]}} for name in services[:2]]
    task = Task({"service": "ecs", "waiter": "services_stable", "waits": waits}, lambda *_account: client, clock)
    assert [entry["calls"] for entry in task.result["results"]] == [3, 3, 0, 0]
    assert task.result["calls"] == len(client.asked) == 7, "the last two share one"
    assert task.result["calls_saved"] == 1


# --- what is asked for


def test_an_id_of_several_waits_is_requested_once() -> None:
    clock = Clock()
    waits = [{"params": {"InstanceIds": ids}} for ids in (["i-1"], ["i-1", "i-2"], ["i-2", "i-1", "i-2"], ["i-1"])]
    task, client = ec2(wait_for_instances(waits=waits), clock, Instances(clock, {"i-1": 0, "i-2": 10}))
    assert [outcome.elapsed for outcome in task.outcomes] == [0, 10, 10, 0]
    assert asked(client) == [["i-1", "i-2"], ["i-2", "i-1"]] or asked(client) == [["i-1", "i-2"], ["i-1", "i-2"]]
    assert [[r["id"] for r in entry["resources"]] for entry in task.result["results"]] == [
        ["i-1"],
        ["i-1", "i-2"],
        ["i-2", "i-1"],
        ["i-1"],
    ]


@pytest.mark.parametrize(
    ("text", "largest"),
    [
        ("You may list at most {cap} ids.", [100, 20]),
        ("Member must have length less than or equal to {cap}", [100, 20]),
        ("Too many ids.", [100, 50, 25, 12]),
        (f"At most {'9' * 5000}, and too many.", [100, 50, 25, 12]),
    ],
)
def test_how_many_ids_a_request_takes_is_learnt_and_remembered(text: str, largest: list[int]) -> None:
    clock = Clock()
    ids = [f"i-{number}" for number in range(100)]
    says = Instances(clock, dict.fromkeys(ids, 30.0), cap=20, too_many=text)
    task, client = ec2(wait_for_instances(*ids), clock, says)
    assert Counter(task.endings) == {"success": 100}
    sizes = [len(listed) for listed in asked(client)]
    assert list(dict.fromkeys(sizes))[: len(largest)] == largest
    assert sizes.count(100) == 1, "it is not tried again"
    assert [size for size in sizes if size > 20] == [size for size in largest if size > 20]


def test_answers_in_pages_are_one() -> None:
    clock = Clock()
    ids = [f"i-{number}" for number in range(25)]
    task, client = ec2(wait_for_instances(*ids), clock, Instances(clock, dict.fromkeys(ids, 10.0), page=10))
    assert Counter(task.endings) == {"success": 25}
    assert [at for at, _operation, _params in client.asked] == [0, 0, 0, 10, 10, 10]


def test_ids_that_have_ended_are_no_longer_requested() -> None:
    rnd = random.Random("ended")
    clock = Clock()
    ready = {f"i-{number}": rnd.random() * 40 for number in range(200)}
    task, client = ec2(wait_for_instances(*ready), clock, Instances(clock, ready))
    assert Counter(task.endings) == {"success": 200}
    for at, _operation, params in client.asked:
        assert sorted(params["InstanceIds"]) == sorted(name for name, when in ready.items() if when > at - 10)
    assert task.result["calls"] == len(client.asked) == 5
    assert task.result["calls_saved"] == sum(outcome.attempts for outcome in task.outcomes) - 5


def test_waits_for_one_id_by_name_and_by_arn_both_end() -> None:
    """An ECS task is returned with only its ARN, whatever id was requested."""
    clock = Clock()
    arn = "arn:aws:ecs:us-east-1:123456789012:task/prod/0a1b2c3d4e5f"

    def says(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        return {"tasks": [{"taskArn": arn, "lastStatus": "RUNNING"}], "failures": []}

    waits = [{"params": {"cluster": "prod", "tasks": [name]}} for name in (arn, "0a1b2c3d4e5f")]
    client = fake_client("ecs", clock, says)
    given = {"service": "ecs", "waiter": "tasks_running", "waits": waits, "max_attempts": 2, "fail_fast": False}
    task = Task(given, lambda *_account: client, clock)
    assert task.endings == ["success"] * 2


# --- which waits share requests


class Clients:
    """A client for each region, profile and service, which knows the expected requests."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.made: dict[tuple[Any, Any, str], FakeClient] = {}

    def __call__(self, account: Account, service: str, _operation: str = "") -> FakeClient:
        region, profile = account
        key = (region, profile, service)
        if key not in self.made:
            self.made[key] = fake_client(service, self._clock, self._says(key), region or "us-east-1")
        return self.made[key]

    def _says(self, key: tuple[Any, Any, str]) -> Callable[[str, dict[str, Any]], Mapping[str, Any]]:
        mark = "-".join(str(part) for part in key)

        def say(operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
            [ids] = params.values()
            assert all(name.startswith(mark) for name in ids), "a client was asked for another's"
            if operation == "DescribeVolumes":
                return {"Volumes": [{"VolumeId": name, "State": "available"} for name in ids]}
            if operation == "DescribeInstances":
                return Instances(self._clock, dict.fromkeys(ids, 0.0))(operation, params)
            return {"Certificates": [{"CertificateIdentifier": name} for name in ids]}

        return say


def test_waits_share_requests_with_those_of_their_region_profile_service_and_operation_alone() -> None:
    rnd = random.Random("mixed")
    clock = Clock()
    clients, waits = Clients(clock), []
    kinds = {"instance_running": "InstanceIds", "volume_available": "VolumeIds"}
    for number in range(200):
        region, profile = rnd.choice((None, "eu-west-1", "ap-south-1")), rnd.choice((None, "blue", "green"))
        waiter = rnd.choice(list(kinds))
        params = {kinds[waiter]: [f"{region}-{profile}-ec2-{number}"]}
        waits.append({"region": region, "profile": profile, "waiter": waiter, "params": params})
    task = Task({"service": "ec2", "waits": waits, "fail_fast": False}, clients, clock)
    assert Counter(task.endings) == {"success": 200}
    assert sum(len(client.asked) for client in clients.made.values()) == 3 * 3 * 2 == task.result["calls"]


def test_setting_the_tasks_own_region_in_an_entry_makes_no_difference() -> None:
    clock = Clock()
    waits = [{"region": region, "params": {"InstanceIds": [name]}} for region, name in ((None, "i-1"), ("r", "i-2"))]
    made = fake_client("ec2", clock, Instances(clock, {"i-1": 10, "i-2": 10}), "r")
    task = Task(wait_for_instances(waits=waits, max_rate=0.1), lambda *_account: made, clock)
    assert task.endings == ["success", "success"]
    assert asked(made) == [["i-1", "i-2"]] * 2


def test_other_parameters_and_what_absence_means_keep_waits_apart() -> None:
    clock = Clock()
    says = Instances(clock, {f"i-{number}": 0.0 for number in range(6)})
    filters = [{"Name": "tag:a", "Values": ["b"]}]
    waits: list[dict[str, Any]] = [{"params": {"InstanceIds": [f"i-{number}"]}} for number in range(6)]
    for wait in waits[2:4]:
        wait["params"]["Filters"] = filters
    waits[5]["missing"] = "ignore"
    task, client = ec2(wait_for_instances(waits=waits), clock, says)
    assert Counter(task.endings) == {"success": 6}
    assert asked(client) == [["i-0", "i-1", "i-4"], ["i-2", "i-3"], ["i-5"]]


def test_each_account_gets_a_new_client_of_its_own_when_its_credentials_have_run_out() -> None:
    clock = Clock()
    renewed: list[tuple[Any, str]] = []

    def expired(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise refused("RequestExpired", 400)

    def renew(account: Any, service: str) -> FakeClient:
        renewed.append((account, service))
        return fake_client("ec2", clock, Instances(clock, {"i-1": 0, "i-2": 0}))

    waits = [{"profile": profile, "params": {"InstanceIds": [f"i-{n}"]}} for n, profile in ((1, "blue"), (2, "green"))]
    old = {profile: fake_client("ec2", clock, expired) for profile in ("blue", "green")}
    task = Task(wait_for_instances(waits=waits), lambda account, *_place: old[account[1]], clock, renew=renew)
    assert task.endings == ["success", "success"]
    assert renewed == [((None, "blue"), "ec2"), ((None, "green"), "ec2")]


# --- when it is over


@pytest.mark.parametrize(
    ("more", "endings", "elapsed"),
    [
        ({"require": "any"}, ["cancelled", "success", "cancelled", "failure"], 10),
        ({"require": "2"}, ["cancelled", "success", "success", "failure"], 20),
        ({"require": 2, "fail_fast": True}, ["cancelled", "success", "success", "failure"], 20),
        ({"fail_fast": True}, ["cancelled", "cancelled", "cancelled", "failure"], 0),
        ({}, ["success", "success", "success", "failure"], 30),
    ],
)
def test_the_task_ends_when_enough_have_succeeded(more: dict[str, Any], endings: list[str], elapsed: float) -> None:
    clock = Clock()
    ready = {"i-0": 30, "i-1": 10, "i-2": 20}
    task, _client = ec2(wait_for_instances(*ready, "i-dead", **more), clock, Instances(clock, ready))
    assert (task.endings, clock.now - 1000) == (endings, elapsed)


def test_check_mode_looks_once_at_each_and_never_sleeps() -> None:
    clock = Clock()
    waits = [
        {"waiter": "instance_running", "params": {"InstanceIds": ["i-0"]}},
        {"waiter": "instance_exists", "params": {"InstanceIds": ["i-1"], "Filters": [{"Name": "a", "Values": ["b"]}]}},
    ]
    given = wait_for_instances(waits=waits, check_mode=True, fail_fast=True)
    lanes = Lanes(clock, 1)
    says = Instances(clock, {"i-0": 99, "i-1": 99})
    task, client = ec2(given, clock, says, lanes)
    assert (task.endings, task.result["outcome"], len(client.asked)) == (["pending", "success"], "pending", 2)


# --- request rate


@pytest.mark.parametrize("max_rate", [0.5, 3.0])
def test_all_groups_together_keep_to_the_rate(max_rate: float) -> None:
    """Groups with different parameters share one quota; another operation has its own."""
    clock = Clock()
    says = Instances(clock, {f"i-{number}": 60.0 for number in range(10)})
    waits: list[dict[str, Any]] = [{"params": {"InstanceIds": [f"i-{number}"]}} for number in range(10)]
    for number, wait in enumerate(waits):
        wait["params"]["Filters"] = [{"Name": "tag:n", "Values": [str(number % 4)]}]
        wait["delay"] = 1 + number / 3
    lanes = Lanes(clock, 16)
    task, client = ec2(wait_for_instances(waits=waits, max_rate=max_rate, max_attempts=99), clock, says, lanes)
    assert Counter(task.endings) == {"success": 10}
    assert min(later - earlier for (earlier, _o, _p), (later, _q, _r) in pairwise(client.asked)) >= 0.999 / max_rate


def functions(count: int, **more: Any) -> dict[str, Any]:
    """Waits that can't share requests: Lambda returns one function at a time."""
    waits = [{"params": {"FunctionName": f"f-{number}"}} for number in range(count)]
    task = {"service": "lambda", "waiter": "function_active_v2", "delay": 15, "fail_fast": False}
    return {**task, "waits": waits, **more}


def test_an_exceeded_quota_ends_no_wait() -> None:
    """400 waits every 10 s need 40 requests a second and get 20: each polls more slowly, and none is given up."""
    rnd = random.Random("quota")
    clock = Clock()
    lanes, bucket = Lanes(clock, 16), Bucket(clock)
    ready = {f"f-{number}": 60 + rnd.random() * 120 for number in range(400)}

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        through = bucket.take()
        lanes.sleep(0.1)
        if not through:
            raise refused("ThrottlingException", 400, "Rate exceeded")
        state = "Active" if clock.now - 1000 >= ready[params["FunctionName"]] else "Pending"
        return {"Configuration": {"State": state}}

    client = fake_client("lambda", clock, says)
    task = Task(functions(400, delay=10, max_attempts=40), lambda *_account: client, clock, lanes)
    assert Counter(task.endings) == {"success": 400}
    assert bucket.denied < 0.1 * bucket.taken, "the rate adapts"
    assert bucket.taken > 0.7 * 20 * (clock.now - 1000), "and it isn't slower than it has to be"


def test_a_thousand_instances_share_so_few_requests_that_no_quota_matters() -> None:
    rnd = random.Random("shared")
    clock = Clock()
    bucket = Bucket(clock)
    ready = {f"i-{number}": rnd.random() * 60 for number in range(1000)}
    say = Instances(clock, ready)

    def says(operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        assert bucket.take()
        return say(operation, params)

    task, client = ec2(wait_for_instances(*ready, delay=5, max_attempts=40), clock, says)
    assert Counter(task.endings) == {"success": 1000}
    ticks = 13
    assert len(client.asked) <= ticks * -(-1000 // LARGEST)
    assert clock.now - 1000 <= max(ready.values()) + 5
    assert task.result["calls_saved"] > 80 * len(client.asked)


@pytest.mark.parametrize("code", ["RequestLimitExceeded", "InternalError"])
def test_transient_errors_without_end_end_every_wait_at_its_bound(code: str) -> None:
    clock = Clock()
    lanes = Lanes(clock, 4)

    def says(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        lanes.sleep(0.2)
        raise refused(code, 503)

    made = fake_client("lambda", clock, says)
    task = Task(functions(30), lambda *_account: made, clock, lanes)
    assert Counter(task.endings) == {"timeout": 30}
    assert Counter(entry["error"]["code"] for entry in task.result["results"]) == {code: 30}
    assert clock.now - 1000 < 2 * 300 * 10


def test_three_thousand_waits_cost_an_alarm_for_each_poll_and_a_judgement_for_each_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With as few requests as the size of responses allows."""
    counts: Counter[str] = Counter()
    judge, push = Judge.judge, alarms.heapq.heappush

    def judged(self: Judge, *given: Any) -> Any:
        counts["judgements"] += 1
        return judge(self, *given)

    def pushed(heap: Any, item: Any) -> None:
        counts["alarms"] += 1
        push(heap, item)

    monkeypatch.setattr(Judge, "judge", judged)
    monkeypatch.setattr(alarms.heapq, "heappush", pushed)
    clock = Clock()
    ids = [f"i-{number:017x}" for number in range(3000)]
    task, client = ec2(
        wait_for_instances(*ids, delay=15, max_attempts=41), clock, Instances(clock, dict.fromkeys(ids, 600.0))
    )
    assert Counter(task.endings) == {"success": 3000}
    assert (clock.now - 1000, len(client.asked)) == (600, 41 * -(-3000 // LARGEST))
    assert counts["judgements"] == 3000 * 3, "the first sight, the second with the first in mind, and the last"
    assert counts["alarms"] == 3000 * 40


# --- jitter


def throttled_until(clock: Clock, until: float, says: Answer) -> Answer:
    def throttles(operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if clock.elapsed() < until:
            raise refused("RequestLimitExceeded", 503)
        return says(operation, params)

    return throttles


@pytest.mark.parametrize("bound", [{"timeout": 300}, {"timeout": 300, "backoff": "exponential"}, {"max_attempts": 40}])
@pytest.mark.parametrize("seed", range(5))
def test_waits_that_share_requests_do_so_with_jitter_too(bound: dict[str, Any], seed: int) -> None:
    clock, drawn, ready = Clock(), random.Random(seed), {f"i-{number}": 100.0 for number in range(8)}
    given = wait_for_instances(*ready, **{"delay": 4, "max_attempts": None, **bound})
    task, client = ec2(given, clock, throttled_until(clock, 30, Instances(clock, ready)))
    task.draw = drawn.random
    assert task.endings == ["success"] * 8
    assert [len(request.params["InstanceIds"]) for request in client.asked] == [8] * len(client.asked)
    gaps = {round(second.at - first.at, 3) for first, second in pairwise(client.asked)}
    assert len(gaps) > 3, "they were drawn"


def test_waits_that_share_nothing_come_back_spread() -> None:
    """Each asks for itself, and all are throttled at once."""
    clock, drawn, back = Clock(), random.Random(1), []

    def says(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        if not clock.elapsed():
            raise refused("InternalError", 500)
        back.append(clock.elapsed())
        return {"Configuration": {"State": "Active"}}

    made = fake_client("lambda", clock, says)
    task = Task({**functions(20), "delay": 5}, lambda *_account: made, clock, draw=drawn.random)
    assert task.endings == ["success"] * 20
    assert len({round(at, 3) for at in back}) == 20


def test_an_entry_without_jitter_keeps_to_its_timetable() -> None:
    clock = Clock()
    ready = {"i-1": 30.0}
    given = wait_for_instances("i-1", delay=4, jitter=False)
    task, client = ec2(given, clock, throttled_until(clock, 20, Instances(clock, ready)))
    task.draw = random.Random(1).random
    assert task.endings == ["success"]
    assert [request.at for request in client.asked] == [0, 4, 12, 22, 26, 30]
