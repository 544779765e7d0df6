# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No operation delays another: healthy waits poll on time next to others that hang, are slow, throttled or endless."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.unit.fuzz import together
from tests.unit.fuzz.apis import APIS, Api, Resource
from tests.unit.fuzz.cloud import Cloud, Fault, Inventory, error
from tests.unit.fuzz.comparing import EPSILON, Row, untimely
from tests.unit.fuzz.long_run import fresh, seeds

Key = tuple[str, str]
FOR_EVER = 1e6
"""Seconds of a request that gets no response."""


@dataclass
class Mix:
    """Healthy waits and others that aren't. ``took``: how long the requests of an operation take."""

    rnd: random.Random
    waits: list[Row] = field(default_factory=list)
    healthy: list[int] = field(default_factory=list)
    inventories: dict[Key, Inventory] = field(default_factory=dict)
    took: dict[Key, Callable[[], float]] = field(default_factory=dict)
    faults: dict[Key, Fault] = field(default_factory=dict)
    max_rate: float | None = None

    def add(self, name: str, count: int, ends: float = 1e9, **options: Any) -> Key:
        """Waits for resources of a kind, which reach their state at that time."""
        api = APIS[name]
        key = (api.service, api.operation)
        names = [f"thing-{number}" for number in range(count)]
        life = [(0.0, api.pending[0]), (ends, api.success)]
        self.inventories[key] = Inventory(api, [Resource(n, api.arn_of(n), "", 0, life) for n in names])
        self.waits += [wait_for(api, name_, **options) for name_ in names]
        return key

    def run(self, concurrency: int) -> together.Task:
        cloud = Cloud("mix", self.inventories, (), lambda service, operation, *_more: self.took[service, operation]())
        return together.many(
            together.read(self.waits),
            Failing(cloud, self.faults),
            concurrency=concurrency,
            require=len(self.healthy),
            max_rate=self.max_rate,
        )


class Failing(Cloud):
    """A cloud in which some operations fail."""

    def __init__(self, cloud: Cloud, failing: Mapping[Key, Fault]) -> None:
        super().__init__(cloud.seed, cloud.inventories, (), cloud.seconds)
        self._failing = failing

    def answer(self, service: str, operation: str, params: Mapping[str, Any], at: float) -> dict[str, Any]:
        fault = self._failing.get((service, operation))
        if fault is not None and fault.since <= at < fault.until:
            raise fault.make()
        return super().answer(service, operation, params, at)


def wait_for(api: Api, name: str, **options: Any) -> Row:
    definition = {"operation": api.operation, "path": api.path, "success": [api.success]}
    given = name if api.single else [name]
    return {"service": api.service, "definition": definition, "params": {**api.common, api.param: given}, **options}


def hanging(mix: Mix, few: bool) -> None:
    """Requests without a response; ``few``: waits that end soon."""
    timeout = mix.rnd.choice((2.0, 4.0)) if few else mix.rnd.choice((12.0, 30.0, 60.0))
    key = mix.add("tables", mix.rnd.randint(1, 3 if few else 40), delay=5.0, timeout=timeout)
    mix.took[key] = lambda: FOR_EVER


def slow(mix: Mix, few: bool) -> None:
    """Requests that take long."""
    key = mix.add("clusters", mix.rnd.randint(1, 3 if few else 30), delay=1.0, max_attempts=200)
    longest = 1.0 if few else 20.0
    mix.took[key] = lambda: mix.rnd.uniform(0.1, longest)


def throttled(mix: Mix, few: bool) -> None:
    """Requests that are throttled."""
    key = mix.add("caches", mix.rnd.randint(1, 20 if few else 100), delay=1.0, timeout=200.0)
    mix.faults[key] = Fault(0, mix.rnd.choice((30.0, 1e9)), lambda: error("Throttling", "Rate exceeded"))
    mix.took[key] = lambda: 0.05


def endless(mix: Mix, few: bool) -> None:
    """Listings of thousands of pages."""
    key = mix.add("warehouses", 3, delay=5.0, timeout=100.0)
    inventory, api = mix.inventories[key], APIS["warehouses"]
    others = [Resource(f"other-{n}", "", "", 0, [(0.0, "available")]) for n in range(200 if few else 3000)]
    mix.inventories[key] = Inventory(api, inventory.resources, others, page=1)
    mix.took[key] = lambda: 0.2


def limited(mix: Mix, few: bool) -> None:
    """Many requests under ``max_rate``, each of them at once."""
    mix.max_rate = mix.rnd.choice((0.2, 1.0))
    key = mix.add("file systems", mix.rnd.randint(3, 10 if few else 40), delay=5.0, timeout=100.0)
    mix.inventories[key].denies_listing = True
    mix.took[key] = lambda: 0.05


TROUBLES = {trouble.__name__: trouble for trouble in (hanging, slow, throttled, endless, limited)}


def healthy(mix: Mix, few: bool) -> None:
    """Waits whose requests are answered at once. ``few``: a single place, which others' requests take now and then."""
    slowest = 10.0 if few or mix.max_rate else 1.0
    for name in ("instances", "services"):
        delay = slowest * mix.rnd.choice((1.0, 2.0))
        mix.healthy.append(len(mix.waits))
        key = mix.add(name, 1, 50.0, delay=delay, max_attempts=200, initial_delay=mix.rnd.choice((0.0, 3.0)))
        mix.took[key] = lambda: 0.05


def late(mix: Mix, done: together.Task) -> str | None:
    """Which poll comes before its time, and which of a healthy wait more than one delay after it."""
    for number, wait in enumerate(done.waits):
        wrong = untimely(wait, late=None)
        if wrong and number in mix.healthy:
            return f"wait {number}: {wrong[0]}"
        if any("before its time" in text for text in wrong):
            return f"wait {number}: {wrong[0]}"
    for number in mix.healthy:
        row, wait = mix.waits[number], done.waits[number]
        sent = [at for at, operation, _params in done.requests.sent if operation == row["definition"]["operation"]]
        if wait.result["outcome"] != "success":
            return f"wait {number} ends in {wait.result['outcome']}: {wait.result['msg']}"
        for poll, (planned, at) in enumerate(zip(wait.polls.planned, sent, strict=True), start=1):
            if not planned - EPSILON <= at <= planned + row["delay"] + EPSILON:
                return (
                    f"wait {number} (delay {row['delay']:g} s): request {poll} at {at:g} s, its time was {planned:g} s"
                )
    return None


@pytest.mark.parametrize("concurrency", [1, 2, 16])
@pytest.mark.parametrize("trouble", [*TROUBLES, "all", "some"])
@pytest.mark.parametrize("seed", seeds(1, 20))
def test_a_healthy_wait_polls_within_one_delay_of_its_time(trouble: str, concurrency: int, seed: str) -> None:
    seed = f"{trouble} {concurrency} {fresh(seed)}"
    rnd = random.Random(seed)
    names = {"all": list(TROUBLES), "some": rnd.sample(sorted(TROUBLES), 3)}.get(trouble, [trouble])
    mix = Mix(rnd)
    few = concurrency < 16
    for name in names:
        TROUBLES[name](mix, few)
    healthy(mix, few)
    wrong = late(mix, mix.run(concurrency))
    assert wrong is None, f"seed {seed!r}: {names}: {wrong}"


@pytest.mark.parametrize("seed", seeds(10))
def test_the_last_poll_has_its_second_in_a_shared_request_too(seed: str) -> None:
    """The poll on the deadline is answered within a second, and counts, whatever the others do at that time.

    There is none where a request is under way at the deadline, which is so for the wait alone as well.
    """
    seed = fresh(seed)
    rnd = random.Random(f"last poll {seed}")
    api = APIS["instances"]
    timeout, takes = rnd.choice((5.0, 12.0, 30.0)), rnd.choice((0.3, 0.8, 0.95))
    mix = Mix(rnd)
    mix.took[mix.add("instances", 1, timeout + takes - 0.01, delay=rnd.choice((1.0, 7.0, 15.0)), timeout=timeout)] = (
        lambda: takes
    )
    for number in range(rnd.randint(1, 3)):
        inventory = mix.inventories[api.service, api.operation]
        inventory.resources.append(Resource(f"other-{number}", "", "", 1, [(0.0, "pending")]))
        mix.waits.append(wait_for(api, f"other-{number}", delay=rnd.choice((0.2, 0.3, 1.0)), timeout=timeout + 10))
    mix.inventories[api.service, api.operation] = Inventory(api, inventory.resources)
    mix.healthy = [0]
    cloud = Cloud("last poll", mix.inventories, (), lambda *_request: takes)
    entries = together.read(mix.waits)
    alone = together.alone(entries[0], cloud).result
    among = mix.run(16).waits[0].result
    assert among["outcome"] == alone["outcome"], seed
    assert among["elapsed"] <= timeout + 1, seed
