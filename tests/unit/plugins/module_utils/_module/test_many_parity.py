# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that share requests end as each would alone, and as with botocore's own Waiter."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.support.aws_responses import answered, refused
from tests.support.fake_client import Step
from tests.unit.plugins.module_utils._engine.botocore_waiters import Waiter, builtin_waiters, improved
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._engine.random_answers import Items, item_shape
from tests.unit.plugins.module_utils._module.many import end, fake_client, told
from tests.unit.plugins.module_utils._module.waits import MODELS, args

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import Binding, bind
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.id_params import IdParam, id_params
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.waiter_lookup import WaiterLookup
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Ending, Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import ItemList
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import Entry
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import read_settings
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import Request

DELAY, RESOURCES, WORLDS = 5.0, 8, 6


@dataclass(frozen=True)
class Listed:
    """A built-in waiter and the parameter that lists what it waits for."""

    waiter: Waiter
    id_param: IdParam

    @property
    def service(self) -> str:
        name: str = self.waiter.operation_model.service_model.service_name
        return name

    def given(self, number: int) -> Any:
        """An id as a user gives it."""
        shape = self.waiter.operation_model.input_shape.members[self.id_param.name].member
        return _value(shape, f"some-longer-id-{number}", 1000 + number)

    def binding(self, numbers: Sequence[int]) -> Binding:
        """A wait for these resources, with whatever else the operation requires."""
        shape = self.waiter.operation_model.input_shape
        params = {name: _value(shape.members[name], "some-other-parameter", 7) for name in shape.required_members}
        params[self.id_param.name] = [self.given(number) for number in numbers]
        binding, problems = bind(self.service, self.waiter.definition, params, self.waiter.operation_model, None)
        assert not problems
        assert binding.identity is not None
        return binding


def _value(shape: Any, text: str, number: int) -> Any:
    if shape.type_name == "structure":
        members = [(name, member) for name, member in shape.members.items() if member.type_name != "list"]
        return {name: _value(member, text, number) for name, member in members[:2]}
    return number if shape.type_name in ("integer", "long") else text.rjust(shape.metadata.get("min", 0), "x")


@cache
def listed() -> list[Listed]:
    """Every built-in waiter with an id list, and a fifth of the catalogue's: all of them take minutes."""
    found = []
    for service in MODELS.services():
        built_in = builtin_waiters(service) if MODELS.waiters(service) else []
        for waiter in (*built_in, *list(catalogue(service))[::5]):
            found += [Listed(waiter, id_param) for id_param in id_params(service, waiter.operation_model)]
    return [row for row in found if row.id_param.lists]


def catalogue(service: str) -> Iterator[Waiter]:
    """The catalogue's waiters of a service in botocore's format."""
    names = MODELS.catalog.names_of(service)
    model = MODELS.service_model(service) if names else None
    for name in names:
        definition = WaiterLookup(MODELS, None, "", service).named(name).definition
        assert definition is not None
        acceptors = [
            {"state": a.state.value, "matcher": a.matcher.value, "expected": value}
            | ({"argument": a.argument.text} if a.argument is not None else {})
            for a in definition.acceptors
            for value in a.expected
        ]
        raw = {"operation": definition.operation, "delay": 1, "maxAttempts": 9, "acceptors": acceptors}
        yield Waiter(name, raw, model.operation_model(definition.operation))


class World:
    """Resources that appear, change, fail and disappear over time, and an API that returns the requested ones.

    Of resources that aren't there it tells nothing, or it refuses the request, naming them or not.
    """

    def __init__(self, row: Listed, seed: str, unknown: str | None) -> None:
        self._row, self._items, self.unknown = row, Items(row.waiter, seed), unknown
        rnd = self.random = random.Random(seed)
        self._lists = [a for a in row.binding([0]).identity.lists if not a.echoes_only]  # type: ignore[union-attr]
        self._echoes = [a for a in row.binding([0]).identity.lists if a.echoes_only]  # type: ignore[union-attr]
        others = {name.casefold() for name in row.waiter.operation_model.input_shape.members}
        codes = [code for code in row.waiter.codes if "NotFound" in code]
        codes = [code for code in codes if code.split("NotFound")[0].casefold() not in others]  # of the whole request
        self._code = rnd.choice(codes) if codes and rnd.random() < 0.8 else "InvalidThing.NotFound"
        self._lives = [self._life() for _number in range(RESOURCES)]

    def _life(self) -> list[tuple[float, ItemList, dict[str, Any]] | tuple[float, None, None]]:
        """From when on a resource is what, and in which list of the answer it stands."""
        rnd, at = self.random, 0.0
        life: list[Any] = [(0.0, None, None)] if rnd.random() < 0.3 else []
        home = rnd.choice(self._lists)
        for _change in range(rnd.randint(1, 4)):
            at += rnd.choice((0.0, 3.0, 6.0, 11.0)) if life else 0.0
            life.append((at, home, self._items.item(item_shape(self._row.waiter.operation_model, home))))
        if rnd.random() < 0.2:
            life.append((at + 6.0, None, None))
        return life

    def _at(self, number: int, time: float) -> tuple[ItemList | None, dict[str, Any] | None]:
        _since, home, item = [stage for stage in self._lives[number] if stage[0] <= time][-1]
        return home, item

    def tell(self, numbers: Sequence[int], time: float) -> dict[str, Any]:
        """The response to a request for these resources, in any order, as from AWS."""
        there = {number: self._at(number, time) for number in sorted(numbers)}
        absent = [number for number, (home, _item) in there.items() if home is None]
        if absent and self.unknown:
            names = ", ".join(_name(self._row.given(number)) for number in absent)
            raise refused(self._code, 400, f"Of these '{names}' do not exist." if self.unknown == "names" else "No.")
        response: dict[str, Any] = {echo.path[0]: [] for echo in self._echoes}
        for item_list in self._lists:
            response[item_list.path[0]] = {} if item_list.is_map else []
        for number, (home, item) in there.items():
            if home is not None and item is not None:
                _place(response, home, self._row.given(number), item)
        for echo in self._echoes:
            for number in absent:
                _place(response, echo, self._row.given(number), {"reason": "MISSING"})
        return response

    def says(self, clock: Clock) -> Any:
        """The API for a client."""
        numbers = {_name(self._row.given(number)): number for number in range(RESOURCES)}

        def say(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
            asked = [_name(given) for given in params[self._row.id_param.name]]
            assert len(asked) == len(set(asked)), "an id was asked for twice"
            limit = self._row.id_param.limit
            assert limit is None or len(asked) <= limit
            return self.tell([numbers[name] for name in asked], clock.now - 1000)

        return say

    def script(self, number: int, polls: int) -> list[Step]:
        """The responses to a waiter for a single resource, poll by poll."""
        return [self._step(number, poll * DELAY) for poll in range(polls)]

    def _step(self, number: int, time: float) -> Step:
        try:
            return answered(**self.tell([number], time))
        except ClientError as error:
            return error


def _name(given: Any) -> str:
    return str(next(iter(given.values()))) if isinstance(given, dict) else str(given)


def _place(response: dict[str, Any], home: ItemList, given: Any, item: Mapping[str, Any]) -> None:
    """Add an item to the response, with the identifiers that it repeats."""
    if home.is_map:
        response[home.path[0]][given] = item
        return
    item = dict(item)
    for member, path in home.keys:
        if isinstance(given, dict) and member not in given:
            continue
        value = given[member] if isinstance(given, dict) else given
        if home.arn_segment is not None:
            value = f"arn:aws:x:r:1:{'x/' * home.arn_segment}{given}/99"
        elif member.casefold().endswith("arn") and not isinstance(given, dict):
            value = f"arn:aws:x:r:1:thing/{value}"
        holder = item
        for name in path[:-1]:
            holder[name] = holder = dict(holder.get(name) or {})
        holder[path[-1]] = value
    for name in reversed(home.path[1:]):
        item = {name: [item]}
    response[home.path[0]].append(item)


def entries(world: World, waits: Sequence[tuple[Binding, int]], clock: Clock, service: str) -> list[Entry]:
    client = fake_client(service, clock, world.says(clock))
    made = []
    for binding, polls in waits:
        settings, problems = read_settings(args(delay=DELAY, max_attempts=polls))
        assert not problems
        made.append(Entry(None, Request(binding, settings, client, ()), (None, None)))
    return made


def worlds(row: Listed) -> Iterator[tuple[str, World]]:
    for number in range(WORLDS):
        seed = f"{row.service} {row.waiter.name} {row.id_param.name} {number}"
        yield seed, World(row, seed, (None, "names", "hides")[number % 3])


def rows() -> Iterator[Any]:
    for row in listed():
        yield pytest.param(row, id=f"{row.service}-{row.waiter.name}-{row.id_param.name}")


@pytest.mark.parametrize("row", list(rows()))
def test_waits_that_share_requests_end_as_each_would_by_itself(row: Listed, slept: list[float]) -> None:
    met: Counter[str] = Counter()
    for seed, world in worlds(row):
        rnd = world.random
        lists = [[number] for number in range(RESOURCES)] + [rnd.sample(range(RESOURCES), 3) for _wait in range(2)]
        waits = [(row.binding(numbers), rnd.randint(1, 6)) for numbers in lists]
        clock = Clock()
        together, outcomes = end(entries(world, waits, clock, row.service), Policy(len(waits), fail_fast=False), clock)
        calls = 0
        for (binding, polls), numbers, got in zip(waits, lists, outcomes, strict=True):
            alone = Clock()
            result, [outcome] = end(entries(world, [(binding, polls)], alone, row.service), Policy(1), alone)
            calls += result["calls"]
            assert told(got) == told(outcome), f"{seed}: {numbers}"
            met[got.ending.value] += 1
            if len(numbers) == 1:
                _as_botocore(row.waiter, world.script(numbers[0], polls), got, slept, f"{seed}: {numbers}")
        # unknown ids that the error doesn't name are found by bisection
        assert together["calls"] <= calls or world.unknown == "hides", seed
    assert met["success"], met
    assert len(met) > 1, met


def _as_botocore(waiter: Waiter, script: list[Step], got: Outcome, slept: list[float], seed: str) -> None:
    """It ends as with botocore's Waiter.

    But that nothing is there is no success, unless the waiter waits for its deletion; and then it is one.
    """
    theirs, _improvements = improved(waiter, script, len(script), slept)
    if (theirs.ending, theirs.polls) == (got.ending.value, got.attempts):
        return
    last = script[min(theirs.polls, got.attempts) - 1]
    assert not isinstance(last, Exception), seed
    assert not any(value for name, value in last.items() if name != "ResponseMetadata"), seed
    if any(acceptor["state"] == "success" and acceptor["matcher"] == "error" for acceptor in waiter.acceptors):
        assert (got.ending, got.attempts <= theirs.polls) == (Ending.SUCCESS, True), seed
    else:
        assert (theirs.ending, theirs.polls <= got.attempts) == ("success", True), seed
