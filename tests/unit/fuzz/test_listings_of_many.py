# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A listing that is long, slow, broken or denied changes no outcome: each wait ends as with its own request.

Resources stay as they are here, so that it doesn't matter when exactly they are looked at: only the endings are
compared, and no wait may take longer than its bounds allow.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from tests.unit.fuzz import together
from tests.unit.fuzz.apis import APIS, Api, Resource
from tests.unit.fuzz.cloud import DENIALS, FAULTS, Cloud, Fault, Inventory, error
from tests.unit.fuzz.comparing import Row, report, untimely
from tests.unit.fuzz.long_run import fresh, seeds
from tests.unit.fuzz.rows import short_form

LISTED = ("databases", "warehouses", "file systems", "stacks", "caches")
FOR_EVER = 1e6


@cache
def others(api: Api, count: int) -> list[Resource]:
    """Resources that no wait is for."""
    return [Resource(f"other-{n}", "", "", 0, [(0.0, api.success)]) for n in range(count)]


def long_and_slow(_rnd: random.Random, inventory: Inventory) -> Cloud:
    """50,000 resources, 100 on a page, 0.2 s a page."""
    inventory.others = others(inventory.api, 50_000)
    inventory.page = 100
    return _cloud(inventory, page=0.2)


def slower_than_single_requests(rnd: random.Random, inventory: Inventory) -> Cloud:
    inventory.others = others(inventory.api, 300)[: rnd.randint(1, 300)]
    inventory.page = rnd.choice((1, 20))
    return _cloud(inventory, page=rnd.choice((1.0, 5.0, 20.0)))


def never_answered(_rnd: random.Random, inventory: Inventory) -> Cloud:
    return _cloud(inventory, page=FOR_EVER)


def broken(rnd: random.Random, inventory: Inventory) -> Cloud:
    return _cloud(inventory, Fault(0.0, 1e9, FAULTS[rnd.choice(sorted(FAULTS))], listing=True))


def throttled(_rnd: random.Random, inventory: Inventory) -> Cloud:
    return _cloud(inventory, Fault(0.0, 1e9, lambda: error("Throttling", "Rate exceeded"), listing=True))


def broken_later(rnd: random.Random, inventory: Inventory) -> Cloud:
    return _cloud(inventory, Fault(rnd.choice((3.0, 11.0)), 1e9, FAULTS["server"], listing=True))


def denied(rnd: random.Random, inventory: Inventory) -> Cloud:
    inventory.denies_listing, inventory.denied_text = True, rnd.choice(DENIALS)
    return _cloud(inventory)


def repeating_its_token(rnd: random.Random, inventory: Inventory) -> Cloud:
    """The second page names itself as the next one."""
    inventory.page, inventory.repeats = rnd.choice((1, 2)), (0.0, 1e9)
    return _cloud(inventory)


TROUBLES = (
    long_and_slow,
    slower_than_single_requests,
    never_answered,
    broken,
    throttled,
    broken_later,
    denied,
    repeating_its_token,
)


def _cloud(inventory: Inventory, *faults: Fault, page: float = 0.05) -> Cloud:
    """A cloud in which a listing takes ``page`` seconds a page, and a request for one resource 0.05 s."""
    api = inventory.api

    def seconds(_service: str, _operation: str, params: Mapping[str, Any], _at: float) -> float:
        return 0.05 if api.param in params else page

    return Cloud("listings", {(api.service, api.operation): inventory}, faults, seconds)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
@pytest.mark.parametrize("name", LISTED)
@pytest.mark.parametrize("seed", seeds(1, 8))
def test_a_listing_never_costs_a_wait_its_end(name: str, trouble: Any, seed: str) -> None:
    seed = f"{name} {trouble.__name__} {fresh(seed)}"
    rnd, api = random.Random(seed), APIS[name]
    states = (None, api.success, api.success, api.pending[0], *api.failure[:1])
    inventory = Inventory(
        api,
        [Resource(n, api.arn_of(n), rnd.choice(api.ids), 0, [(0.0, rnd.choice(states))]) for n in api.ids],
        text=api.texts[0],
    )
    cloud = trouble(rnd, inventory)
    waits: list[Row] = []
    for _wait in range(rnd.randint(3, 12)):
        asked = {api.param: rnd.choice(api.ids)}
        definition = short_form(api, rnd, plain=False)
        timing = {"delay": rnd.choice((2.0, 5.0, 10.0)), "timeout": rnd.choice((30.0, 60.0))}
        waits.append({"service": api.service, "definition": definition, "params": asked, **timing})
    entries = together.read(waits)
    among = together.many(entries, cloud, concurrency=16)
    for number, (entry, ended) in enumerate(zip(entries, among.waits, strict=True)):
        alone = together.alone(entry, cloud)
        wrong = next(iter(untimely(ended, late=None)), None)
        if ended.result["outcome"] != alone.result["outcome"]:
            wrong = f"{ended.result['outcome']} among the others, and alone {alone.result['outcome']}"
        assert wrong is None, report(seed, waits, cloud, f"wait {number}: {wrong}")


# --- page tokens that repeat


PAGED = ("balancers", "images", "NAT gateways", "warehouses", "file systems", "caches", "stacks", "scaling groups")


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize("seed", seeds(2, 10))
def test_a_page_token_that_repeats_is_a_transient_error(name: str, count: int, seed: str) -> None:
    """Whatever the pages say that have come: on the others may be what isn't ready."""
    rnd, api = random.Random(f"{name} {fresh(seed)}"), APIS[name]
    until = rnd.choice((3.0, 12.0, 40.0))
    names = list(api.ids)[:3]
    states = [(0.0, api.success), (0.0, api.success), (0.0, api.pending[0])]
    resources = [
        Resource(n, api.arn_of(n), "", number, [state, (until, api.success)])
        for number, (n, state) in enumerate(zip(names, states, strict=True))
    ]
    repeats = (0.0, until)
    # in order: those that are ready stand on the first pages
    inventory = Inventory(api, resources, page=1, repeats=repeats, text=(api.texts or ("",))[0])
    cloud = InOrder("tokens", {(api.service, api.operation): inventory})
    params = {} if api.single else {**api.common, api.param: names}
    definition = {"operation": api.operation, "path": api.path, "success": [api.success]}
    row = {"service": api.service, "definition": definition, "params": params, "delay": 1.0, "timeout": 120.0}
    entries = together.read([row] * count)
    runs = [together.alone(entries[0], cloud), *together.many(entries, cloud).waits]
    for run in runs:
        assert run.result["outcome"] == "success"
        assert run.result["elapsed"] >= until
        assert run.result["transient"]["server"] > 0


class InOrder(Cloud):
    """A cloud that lists resources in the order in which they are known."""

    def shuffle(self, there: list[Resource], begun: str) -> None:
        """They stay as they are."""
