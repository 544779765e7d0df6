# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What isn't looked at isn't parsed, nobody can tell by the verdicts, and the whole is to be had all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import botocore.handlers
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from tests.support import wire
from tests.support.aws_responses import instance, instances
from tests.support.catalog import CATALOG
from tests.support.random_values import Data, minimal
from tests.support.services import services_with_waiters
from tests.unit.plugins.module_utils._engine.fakes import full

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import Binding, bind
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.id_params import id_params
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import find, shipped
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.operation import Operation
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.pages import Paging, paging_of
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.pruning import pruned_shape, pruning_client
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.used_members import UsedMembers
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.prepared_wait import (
    MANY,
    PreparedWait,
    judge_of,
    used_members,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.shared_operation import SharedOperation
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.sharing import shares_by
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition, Source
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Severity
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.absence import Missing
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.dispatcher import Quota
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Reply
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.jitter import SharedDraw
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.limiter import Limiter
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import ItemList
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.verdict import WHOLE

MODELS = Models(CATALOG)
SESSION = botocore.session.get_session()
ANSWERS_PER_WAITER = 9
IDS = [f"arn:aws:any:region:1:thing/{letter}-of-some-length-at-least" for letter in "abc"]

service_model = cache(MODELS.service_model)


@lru_cache(maxsize=2)
def client(service: str) -> Any:
    config = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False, signature_version=UNSIGNED)
    return SESSION.create_client(service, "eu-west-1", endpoint_url="http://127.0.0.1:9", config=config)


class Server:
    """Answers the requests of a client from a script; the last answer repeats."""

    def __init__(self, client: Any, script: Sequence[tuple[int, Mapping[str, str], bytes]]) -> None:
        self._events, self._script, self._place = client.meta.events, script, 0

    def __enter__(self) -> Server:
        self._events.register("before-send", self._answer, unique_id="server")
        return self

    def __exit__(self, *dummy: object) -> None:
        self._events.unregister("before-send", unique_id="server")

    def begin_at(self, place: int) -> None:
        self._place = place

    def _answer(self, request: Any, **dummy: Any) -> Any:
        status, headers, body = self._script[min(self._place, len(self._script) - 1)]
        self._place += 1
        return AWSResponse(request.url, status, Headers(headers), Raw(body))


class Headers(dict[str, str]):
    """Header names in any case."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__({name.lower(): str(value) for name, value in given.items()})

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())


class Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **dummy: Any) -> Iterator[bytes]:
        yield self._body

    def read(self, *dummy: Any) -> bytes:
        body, self._body = self._body, b""
        return body


class Telling(Data):
    """Random data in which the states that the acceptors ask for turn up, and the ids."""

    def __init__(self, seed: str, definition: Definition) -> None:
        super().__init__(seed)
        self._words = [word for a in definition.acceptors for word in a.expected if isinstance(word, str)] or ["plain"]

    def _string(self, shape: Any, dummy: Any) -> str:
        chance = self.random.random()
        if shape.enum or chance < 0.4:
            return super()._string(shape, dummy)
        return self.random.choice(self._words if chance < 0.7 else IDS)


def rendered(service: str, operation: str, data: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
    model = wire.service(service).model
    protocol = getattr(service_model(service), "resolved_protocol", None) or model.metadata["protocol"]
    return wire.success(wire.Call(service, model.operation_model(operation), protocol), data)


def definitions(service: str) -> dict[Definition, None]:
    """The built-in waiters of a service, corrected and as botocore has them, and a sixth of the catalogue's."""
    return dict.fromkeys(
        waiter.definition
        for fix in (True, False)
        for number, waiter in enumerate(shipped(MODELS, service, fix))
        if waiter.source is not Source.CATALOG or number % 6 == 0
    )


def services() -> list[str]:
    known = MODELS.services()
    return sorted({*services_with_waiters(), *(name for name in known if MODELS.catalog.names_of(name))})


def bound(service: str, definition: Definition, params: Mapping[str, Any] | None = None) -> Binding:
    model = service_model(service).operation_model(definition.operation)
    if params is None:
        params = {**minimal(model.input_shape), **ids(service, model)}
    binding, problems = bind(service, definition, params, model, None)
    assert all(problem.severity is Severity.WARNING for problem in problems), problems  # it may name no resource
    return binding


def ids(service: str, model: Any) -> dict[str, Any]:
    """An id list of texts, so that answers are told apart by them."""
    for id_param in id_params(service, model):
        if model.input_shape.members[id_param.name].member.type_name == "string":
            return {id_param.name: IDS}
    return {}


def prepared(binding: Binding) -> PreparedWait:
    aws, judge = client(binding.service), judge_of(binding, Missing.AUTO, frozenset())
    return PreparedWait(binding, Schedule(1, 1), judge, MODELS, aws, lambda: aws)


def operation(binding: Binding) -> Operation:
    return prepared(binding).operation()


def pruning(binding: Binding, used: UsedMembers | None = None) -> Operation:
    """An operation that parses from the first poll on only what is used, by default what its wait uses."""
    return prepared(binding).shared_operation(binding, lambda: [used or used_members(binding)], MANY)


def verdicts(binding: Binding, answer: PollResult) -> list[Any]:
    """All that a wait can see of an answer."""
    labels = frozenset(resource.label for resource in binding.identity.resources) if binding.identity else frozenset()
    judges = [judge_of(binding, missing, frozenset()) for missing in Missing]
    found = [judge.explain(judge.judge(answer, seen), answer) for judge in judges for seen in (set(), labels | {WHOLE})]
    return [*found, *(expression.search(answer.response) for expression in binding.progress)]


@pytest.mark.parametrize("service", services())
def test_nobody_can_tell_by_the_verdicts_and_the_whole_is_to_be_had(service: str) -> None:
    for definition in definitions(service):
        binding = bound(service, definition)
        shape = binding.operation_model.output_shape
        made = [
            Telling(f"{service} {definition.name} {number}", definition).of(shape) if shape is not None else {}
            for number in range(ANSWERS_PER_WAITER)
        ]
        script = [rendered(service, definition.operation, data) for data in made]
        with Server(client(service), script) as server:
            reads_less = pruning(binding)
            for place in range(0, ANSWERS_PER_WAITER, 3):
                server.begin_at(place)
                full = operation(binding).poll()
                server.begin_at(place)
                pruned = reads_less.poll()
                assert (pruned.error, pruned.status) == (full.error, full.status), definition.name
                assert full.read_whole is None
                assert verdicts(binding, pruned) == verdicts(binding, full), definition.name
                assert pruned.whole == full.response, definition.name


# --- expressions


INSTANCES = ("ec2", "DescribeInstances")


def kept(service: str, name: str, looks: UsedMembers) -> set[str]:
    """The paths of what the pruned shape still has with all that is below; ``{}``: with nothing of it."""
    model = service_model(service).operation_model(name)
    shape = pruned_shape(model.output_shape, [looks], None)
    assert shape is not None

    def paths(pruned: Any, whole: Any, at: str) -> Iterator[str]:
        if pruned is whole:
            yield at
        elif whole.type_name == "list":
            yield from paths(pruned.member, whole.member, f"{at}[]")
        elif whole.type_name == "map":
            yield from paths(pruned.value, whole.value, f"{at}.*")
        else:
            yield from [at + "{}"] if not pruned.members else ()
            for member, inner in pruned.members.items():
                yield from paths(inner, whole.members[member], f"{at}.{member}".lstrip("."))

    return set(paths(shape, model.output_shape, ""))


@pytest.mark.parametrize(
    ("expression", "find_used_members"),
    {
        "Reservations[].Instances[].State.Name": {"Reservations[].Instances[].State.Name"},
        "Reservations[].Instances[].State": {"Reservations[].Instances[].State"},
        "Reservations[*].Instances[0].[InstanceId, ImageId]": {
            "Reservations[].Instances[].InstanceId",
            "Reservations[].Instances[].ImageId",
        },
        "Reservations[].Instances[?State.Name == 'running'].InstanceId": {
            "Reservations[].Instances[].State.Name",
            "Reservations[].Instances[].InstanceId",
        },
        "length(Reservations[].Instances[]) > `0`": {"Reservations[].Instances[]{}"},
        "length(Reservations)": {"Reservations[]{}"},
        "Reservations[?Instances].OwnerId": {"Reservations[].Instances[]{}", "Reservations[].OwnerId"},
        "Reservations[].Instances[?StateReason].InstanceId": {
            "Reservations[].Instances[].StateReason",
            "Reservations[].Instances[].InstanceId",
        },
        "Reservations[].Instances[?!StateReason] | [0].ImageId": {
            "Reservations[].Instances[].StateReason",
            "Reservations[].Instances[].ImageId",
        },
        "sort_by(Reservations[].Instances[], &LaunchTime)[-1].State.Name": {
            "Reservations[].Instances[].LaunchTime",
            "Reservations[].Instances[].State.Name",
        },
        "Reservations[0].Instances[0].not_null(StateReason, State).Code": {
            "Reservations[].Instances[].StateReason.Code",
            "Reservations[].Instances[].State.Code",
        },
        "Reservations[].Instances[].{a: State.Name, b: Tags}": {
            "Reservations[].Instances[].State.Name",
            "Reservations[].Instances[].Tags",
        },
        "Reservations[].Instances[].{a: State}.a.Name": {"Reservations[].Instances[].State"},
        "Reservations[].Instances[].to_string(State)": {"Reservations[].Instances[].State"},
        "(Reservations[0].Instances[0].StateReason || Reservations[0].Instances[0].State).Code": {
            "Reservations[].Instances[].StateReason",
            "Reservations[].Instances[].State.Code",
        },
        "Reservations[].Instances[].length(@)": {"Reservations[].Instances"},
        "Reservations[0:5].OwnerId": {"Reservations[].OwnerId"},
        "Reservations[].Instances[].State.*": {"Reservations[].Instances[].State"},
        "Reservations[].Instances[].State.keys(@)": {"Reservations[].Instances[].State"},
        "Reservations[].Instances[].Monitoring || Reservations[].OwnerId": {
            "Reservations[].Instances[].Monitoring",
            "Reservations[].OwnerId",
        },
        "Nonsense.State": {"{}"},
        "'literal'": {"{}"},
    }.items(),
)
def test_what_an_expression_looks_at(expression: str, find_used_members: set[str]) -> None:
    assert kept(*INSTANCES, UsedMembers(frozenset([Expression(expression)]))) == find_used_members


@pytest.mark.parametrize("step", ["@ || @", "@ && @"])
def test_what_is_found_twice_is_followed_once(step: str) -> None:
    """Else each step would double the work of the next."""
    shape = service_model("ec2").operation_model("DescribeInstances").output_shape
    looks = UsedMembers(frozenset({Expression(" | ".join(["Reservations[].Instances[]", *[step] * 60, "[].ImageId"]))}))
    assert pruned_shape(shape, [looks], None).members.keys() == {"Reservations"}


@pytest.mark.parametrize("expression", ["@", "to_string(@)", "keys(@)", "*", "[@]", "{a: @}", "@ || NextToken"])
def test_where_the_whole_is_looked_at_nothing_is_left_out(expression: str) -> None:
    model = service_model("ec2").operation_model("DescribeInstances")
    assert pruned_shape(model.output_shape, [UsedMembers(frozenset([Expression(expression)]))], None) is None


def test_an_expression_on_request_and_answer_looks_at_what_it_says_of_the_answer() -> None:
    both = Expression("length(output.Reservations[].Instances[]) == length(input.InstanceIds)")
    assert kept(*INSTANCES, UsedMembers(exchanged=frozenset([both]))) == {"Reservations[].Instances[]{}"}
    model = service_model("ec2").operation_model("DescribeInstances")
    assert pruned_shape(model.output_shape, [UsedMembers(exchanged=frozenset([Expression("*")]))], None) is None


def test_a_waiter_that_compares_request_and_answer_looks_at_both() -> None:
    path = "length(output.Reservations[].Instances[?ImageId]) == length(input.InstanceIds)"
    matcher = {"inputOutput": {"path": path, "expected": "true", "comparator": "booleanEquals"}}
    there = inline(acceptors=[{"state": "success", "matcher": matcher}])
    with Server(client("ec2"), [rendered_instances("i-1", "i-2")]):
        answer = pruning(bound("ec2", there, {"InstanceIds": ["i-1", "i-2"]})).poll()
    assert images(answer.response) == ["ami-i-1", "ami-i-2"]


def test_of_a_union_all_is_kept_as_one_member_says_that_it_is_none_of_the_others() -> None:
    source = UsedMembers(frozenset([Expression("scraper.source.eksConfiguration.clusterArn")]))
    assert kept("amp", "DescribeScraper", source) == {"scraper.source"}


def test_what_several_waits_look_at_adds_up_and_ids_are_among_it() -> None:
    instances = ItemList(("Reservations", "Instances"), (("InstanceId", ("InstanceId",)),))
    model = service_model("ec2").operation_model("DescribeInstances")
    looks = [UsedMembers(lists=frozenset([instances])), UsedMembers(frozenset([Expression("Reservations[].OwnerId")]))]
    paging = paging_of(MODELS.paginator("ec2", "DescribeInstances"), model)
    shape = pruned_shape(model.output_shape, looks, paging)
    assert list(shape.members) == ["NextToken", "Reservations"]
    assert list(shape.members["Reservations"].member.members) == ["OwnerId", "Instances"]
    assert list(shape.members["Reservations"].member.members["Instances"].member.members) == ["InstanceId"]
    assert len(model.output_shape.members["Reservations"].member.members["Instances"].member.members) > 50


def test_a_list_whose_items_tell_whether_it_goes_on_from_page_to_page_is_kept() -> None:
    model = service_model("ec2").operation_model("DescribeInstances")
    looks = [UsedMembers(frozenset([Expression("Reservations[].OwnerId")]))]
    paging = Paging({"NextToken": Expression("NextToken")})
    assert pruned_shape(model.output_shape, looks, paging) is None
    assert pruned_shape(model.output_shape, looks, paging._replace(result_keys=[("Reservations",)])) is not None


TRICKY = [
    "services[].deployments[].status",
    "services[*].deployments[0].rolloutState",
    "length(services[?!(length(deployments) == `1` && runningCount == desiredCount)]) == `0`",
    "services[?deployments].serviceName",
    "services[?networkConfiguration].serviceName",
    "services[?!deploymentConfiguration.alarms].status",
    "services[?contains(keys(deploymentConfiguration), 'alarms')].status",
    "services[].length(deploymentConfiguration)",
    "services[].length(@)",
    "(services[0].networkConfiguration || services[0].deploymentController).type",
    "services[].deploymentConfiguration.*",
    "services[].*.length(@)",
    "services[].deploymentConfiguration || failures",
    "services[].[deploymentConfiguration && status, status && deploymentConfiguration]",
    "services[].not_null(networkConfiguration, deploymentConfiguration)",
    "max_by(services[], &runningCount).deployments",
    "sort_by(services, &serviceName)[*].status",
    "services[].deployments | [0].status",
    "services[].deployments | length(@)",
    "services[*].deployments[] | [*].status",
    "services[*].[deployments, status][]",
    "services[].{a: deployments, b: events[0]} | [0].a[].id",
    "services[-1:].events[0].message",
    "map(&status, services)",
    "to_array(services[0])[0].status",
    "reverse(services)[0].status",
    "type(services[0])",
    "services[0] == services[1]",
    "services[0].deploymentController == null",
    "services[0].tags[?key == 'plain'].value | [0]",
    "merge(services[0], services[1]).status",
    "values(services[0].deploymentController)",
    "failures[].reason",
    "length(failures)",
    "[services, failures][].status",
    "@.services[].status",
    "services[].taskSets[].scale.value",
    "services[?status == 'plain' || taskSets[?scale]].serviceName",
    "join(',', services[].status)",
]


@pytest.mark.parametrize("expression", TRICKY)
def test_an_expression_finds_in_the_pruned_answer_what_it_finds_in_the_whole(expression: str) -> None:
    definition = builtin("ecs", "services_stable")
    shown, _problems = bind(
        "ecs", definition, {"services": IDS}, service_model("ecs").operation_model("DescribeServices"), None
    )
    looks, found = UsedMembers(frozenset([Expression(expression)])), Expression(expression)
    script = [random_answer(shown, number) for number in range(8)]
    with Server(client("ecs"), script) as server:
        pruned = pruning(shown, looks)
        for place in range(len(script)):
            server.begin_at(place)
            answer = pruned.poll()
            assert outcome(found, answer.response) == outcome(found, answer.whole)


def outcome(expression: Expression, response: Mapping[str, Any]) -> Any:
    try:
        return expression.search({name: value for name, value in response.items() if name != "ResponseMetadata"})
    except ValueError as error:
        return type(error)


def builtin(service: str, name: str) -> Definition:
    found, _problems = find(MODELS, service, name)
    assert found is not None
    return found.definition


def random_answer(binding: Binding, seed: int) -> tuple[int, Mapping[str, str], bytes]:
    data = Telling(str(seed), binding.definition).of(binding.operation_model.output_shape)
    return rendered(binding.service, binding.definition.operation, data)


# --- clients and operations


def running(*names: str) -> Binding:
    return bound("ec2", builtin("ec2", "instance_running"), {"InstanceIds": list(names)})


def rendered_instances(*names: str, token: str | None = None) -> tuple[int, Mapping[str, str], bytes]:
    data = instances(*(instance(name, "running", ImageId=f"ami-{name}") for name in names), token=token)
    for reservation in data["Reservations"]:
        reservation["OwnerId"] = "1"
    return rendered("ec2", "DescribeInstances", data)


def images(response: Mapping[str, Any]) -> Any:
    return Expression("Reservations[].Instances[].ImageId").search(response)


def test_the_first_poll_is_parsed_whole_and_the_second_is_not() -> None:
    with Server(client("ec2"), [rendered_instances("i-1")]):
        polled = operation(running("i-1"))
        assert images(polled.poll().response) == ["ami-i-1"]
        answer = polled.poll()
    assert answer.response["Reservations"] == [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]
    assert images(answer.whole) == ["ami-i-1"]


def test_where_many_are_asked_for_the_first_poll_is_pruned_as_well() -> None:
    names = [f"i-{number}" for number in range(MANY)]
    with Server(client("ec2"), [rendered_instances(*names)]):
        assert images(operation(running(*names)).poll().response) == []
        assert len(images(operation(running(*names[1:])).poll().response)) == MANY


def test_pages_are_joined_in_the_whole_as_they_are_in_the_pruned_answer() -> None:
    with Server(
        client("ec2"),
        [rendered_instances("i-1", token="1"), rendered_instances("i-2", token="2"), rendered_instances("i-3")],
    ):
        answer = pruning(running("i-1", "i-2", "i-3")).poll()
    assert Expression("Reservations[].Instances[].InstanceId").search(answer.response) == ["i-1", "i-2", "i-3"]
    assert images(answer.whole) == ["ami-i-1", "ami-i-2", "ami-i-3"]
    assert "NextToken" not in answer.whole


def test_parts_of_a_long_list_are_joined_in_the_whole_as_well() -> None:
    names = [f"s{number}" for number in range(12)]
    stable = bound("ecs", builtin("ecs", "services_stable"), {"services": names})
    script = [
        rendered("ecs", "DescribeServices", {"services": [{"serviceName": name, "roleArn": "r"} for name in part]})
        for part in (names[:10], names[10:])
    ]
    with Server(client("ecs"), script):
        answer = operation(stable).poll()
    assert answer.response["services"][0].keys() == {"serviceName"}
    assert answer.whole["services"] == [{"serviceName": name, "roleArn": "r"} for name in names]


def test_other_requests_of_the_same_client_are_parsed_whole() -> None:
    ec2 = client("ec2")
    with Server(ec2, [rendered_instances("i-1")]):
        polled = pruning(running("i-1"))
        assert images(polled.poll().response) == []
        assert images(ec2.describe_instances()) == ["ami-i-1"]
        assert images(operation(running("i-1")).poll().response) == ["ami-i-1"]
    members = ec2.meta.service_model.operation_model("DescribeInstances").output_shape.members
    assert len(members["Reservations"].member.members["Instances"].member.members) > 50


def test_operations_of_one_client_are_pruned_side_by_side_each_in_its_own_way() -> None:
    with Server(client("ec2"), [rendered_instances("i-1")]):
        looks = {"ImageId": UsedMembers(frozenset([Expression("Reservations[].Instances[].ImageId")]))}
        looks["State"] = UsedMembers(frozenset([Expression("Reservations[].Instances[].State.Name")]))
        found: dict[str, set[str]] = {name: set() for name in looks}
        together = threading.Barrier(len(looks))

        def poll(name: str) -> None:
            polled = pruning(running("i-1"), looks[name])
            together.wait(30)
            for _poll in range(20):
                found[name].update(polled.poll().response["Reservations"][0]["Instances"][0])

        threads = [threading.Thread(target=poll, args=(name,)) for name in looks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {"ImageId": {"ImageId"}, "State": {"State"}}


def failing(service: str, code: str, status: int = 400) -> tuple[int, Mapping[str, str], bytes]:
    protocol = service_model(service).metadata["protocol"]
    return status, *wire.failure(protocol, service, code, "what went wrong")


@pytest.mark.parametrize(
    ("service", "waiter"),
    [
        ("ec2", "instance_running"),
        ("rds", "db_instance_available"),
        ("ecs", "services_stable"),
        ("eks", "addon_active"),
    ],
)
@pytest.mark.parametrize(("code", "status"), [("Odd.Code", 400), ("ResourceNotFoundException", 404), ("Oh", 503)])
def test_errors_are_parsed_as_ever(service: str, waiter: str, code: str, status: int) -> None:
    binding = bound(service, builtin(service, waiter))
    with Server(client(service), [failing(service, code, status)]):
        pruned, full = pruning(binding).poll(), operation(binding).poll()
    assert pruned == full
    assert pruned.error is not None
    assert (pruned.error.code, pruned.error.status) == (code, status)


@pytest.mark.parametrize("body", [b"<html>oh", b"", b"<DescribeInstancesResponse>"])
def test_an_answer_that_makes_no_sense_makes_none_when_pruned(body: bytes) -> None:
    with Server(client("ec2"), [(200, {}, body)]):
        pruned, full = pruning(running("i-1")).poll(), operation(running("i-1")).poll()
    assert pruned == full
    assert pruned.error is not None


def test_where_what_nobody_looked_at_makes_no_sense_there_is_no_whole() -> None:
    status, headers, body = rendered(
        "ec2", "DescribeInstances", {"Reservations": [{"Instances": [{"InstanceId": "i-1", "AmiLaunchIndex": 77}]}]}
    )
    with Server(client("ec2"), [(status, headers, body.replace(b"77", b"many"))]):
        answer = pruning(running("i-1")).poll()
    assert answer.error is None
    assert answer.whole["Reservations"] == answer.response["Reservations"]


def test_a_new_client_is_pruned_from_the_next_poll_on() -> None:
    expired = failing("ec2", "RequestExpired")
    with Server(
        client("ec2"), [rendered_instances("i-1"), expired, rendered_instances("i-1"), rendered_instances("i-1")]
    ):
        polled = pruning(running("i-1"))
        assert [len(images(polled.poll().response)) for _poll in range(3)] == [0, 1, 0]


def test_a_client_that_is_built_otherwise_is_left_alone() -> None:
    class Other:
        _endpoint = None

    model = service_model("ec2").operation_model("DescribeInstances")
    assert pruning_client(Other(), model, [UsedMembers()], None) is None


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("s3", "HeadObject"),
        ("s3", "ListObjectsV2"),  # botocore decodes keys after it has parsed them
        ("iam", "GetRole"),  # and policies
        ("kinesis", "SubscribeToShard"),
        ("cloudfront", "GetDistribution"),
        ("ec2", "GetPasswordData"),  # small
    ],
)
def test_where_it_cannot_be_done_cleanly_it_is_not_done(service: str, name: str) -> None:
    model = client(service).meta.service_model.operation_model(name)
    assert pruning_client(client(service), model, [UsedMembers()], None) is None


def test_wherever_botocore_works_on_answers_itself_nothing_is_pruned() -> None:
    for event, *_handler in botocore.handlers.BUILTIN_HANDLERS:
        when, _dot, where = event.partition(".")
        service, _dot, name = where.partition(".")
        if when not in ("after-call", "before-parse") or service in ("sqs", "sso-oidc"):  # those work on errors
            continue
        model = client(service).meta.service_model
        for one in model.operation_names if name in ("", "*") else [name]:
            assert pruning_client(client(service), model.operation_model(one), [UsedMembers()], None) is None, event


# --- shared requests


def shared(*members: Binding, keeps_whole: bool = True) -> SharedOperation:
    waits = {number: prepared(binding) for number, binding in enumerate(members)}
    assert len({shares_by(wait) for wait in waits.values()}) == 1
    group = SharedOperation(waits[0], Quota("ec2", Limiter()), lambda: 0.0, SharedDraw(full, lambda: 0.0))
    for number, wait in waits.items():
        group.add(number, wait, keeps_whole)
    return group


def polled(group: SharedOperation, members: Sequence[int]) -> Mapping[int, PollResult]:
    """Poll for these waits, as the scheduler does it."""
    poll = group.ask(members, None)
    request = next(poll)
    try:
        while True:
            request = poll.send(request.send())
    except StopIteration as end:
        reply: Reply = end.value
        assert not reply.again
        return reply.answers


def inline(**short: Any) -> Definition:
    reading = read_definition({"operation": "DescribeInstances", **short}, "inline")
    assert reading.definition is not None
    return reading.definition


def test_of_a_shared_answer_each_wait_has_its_own_part_of_the_whole() -> None:
    group = shared(running("i-1"), running("i-2", "i-3"))
    with Server(client("ec2"), [rendered_instances("i-1", "i-2", "i-3")]):
        polled(group, [0, 1])
        answers = polled(group, [0, 1])
    assert [images(answers[number].response) for number in (0, 1)] == [[], []]
    assert [images(answers[number].whole) for number in (0, 1)] == [["ami-i-1"], ["ami-i-2", "ami-i-3"]]


def test_a_shared_answer_has_what_any_of_its_waits_looks_at() -> None:
    image = inline(path="Reservations[].Instances[].ImageId", success=["ami-i-2"])
    group = shared(running("i-1"), bound("ec2", image, {"InstanceIds": ["i-2"]}))
    with Server(client("ec2"), [rendered_instances("i-1", "i-2")]):
        polled(group, [0, 1])
        answers = polled(group, [0, 1])
    assert answers[1].response["Reservations"] == [
        {"Instances": [{"ImageId": "ami-i-2", "InstanceId": "i-2", "State": {"Name": "running"}}]}
    ]
    assert answers[1].whole["Reservations"][0]["OwnerId"] == "1"


def test_a_large_group_is_pruned_at_once() -> None:
    names = [f"i-{number}" for number in range(MANY)]
    group = shared(*(running(name) for name in names))
    with Server(client("ec2"), [rendered_instances(*names)]):
        answers = polled(group, range(MANY))
    assert [images(answer.response) for answer in answers.values()] == [[]] * MANY
    assert [images(answer.whole) for answer in answers.values()] == [[f"ami-{name}"] for name in names]


@pytest.mark.parametrize("names", [("i-1", "i-2"), ("i-1", "i-1")])
def test_where_nobody_wants_the_whole_what_came_is_not_kept(names: Sequence[str]) -> None:
    group = shared(*(running(name) for name in names), keeps_whole=False)
    with Server(client("ec2"), [rendered_instances("i-1", "i-2")]):
        polled(group, [0, 1])
        answers = [*polled(group, [0, 1]).values(), *polled(group, [0]).values(), *polled(group, [0]).values()]
    assert len(answers) == 4
    assert {answer.read_whole for answer in answers} == {None}
