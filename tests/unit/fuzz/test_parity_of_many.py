# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait of ``wait_many`` ends as ``wait`` would end it, and both as the resources' states say, in a simulated AWS."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from tests.unit.fuzz import together
from tests.unit.fuzz.apis import APIS, Api, Resource
from tests.unit.fuzz.cloud import Cloud, Inventory, make_cloud
from tests.unit.fuzz.comparing import Row, differences, least, report, untimely
from tests.unit.fuzz.long_run import fresh, seeds
from tests.unit.fuzz.rows import options, params, rows, short_form

NAMES = sorted(APIS)


def known(inventory: Inventory) -> list[Resource]:
    """Resources to ask for: some of them don't exist."""
    there = {resource.name: resource for resource in inventory.resources}
    api = inventory.api
    return [there.get(name) or Resource(name, api.arn_of(name), "", 0, ()) for name in api.ids]


def task(name: str, seed: str) -> tuple[list[Row], Cloud]:
    """Random entries, most of one kind, and the cloud that they ask."""
    rnd = random.Random(seed)
    apis = list({name: APIS[name] for name in (name, *rnd.sample(NAMES, 2))}.values())
    cloud = make_cloud(seed, apis)
    inventories = [cloud.inventory(api.service, api.operation) for api in apis]
    return rows(apis, [known(inventory) for inventory in inventories], rnd), cloud


def differs(waits: Sequence[Row], cloud: Cloud) -> str | None:
    """What a wait of these says differently among the others, or when it comes too early."""
    entries = together.read(waits)
    among = together.many(entries, cloud)
    if among.returned["calls"] != among.calls:
        return f"calls says {among.returned['calls']}, {among.calls} requests were sent"
    sent_alone: Counter[float] = Counter()
    for number, (entry, ended) in enumerate(zip(entries, among.waits, strict=True)):
        wrong = untimely(ended, late=max(waits[number]["delay"], 1.0))
        if wrong:
            return f"wait {number}: {wrong[0]}"
        by_itself = together.alone(entry, cloud, ended.polls.asked)
        sent_alone.update(round(at, 6) for at in by_itself.sent)
        found = differences(ended, by_itself)
        if found:
            name, (together_, alone) = next(iter(found.items()))
            return f"wait {number}: {name} is {together_!r} among the others, and alone {alone!r}"
    return too_many(Counter(round(at, 6) for at, _operation, _params in among.requests.sent), sent_alone)


def too_many(sent: Counter[float], alone: Counter[float]) -> str | None:
    """When more than twice the requests were sent that separate waits would have sent."""
    for at, count in sent.items():
        if count > 2 * alone[at]:
            return f"{count} requests at {at:g} s, where separate waits send {alone[at]}"
    return None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", seeds(3, 70))
def test_waits_end_alone_as_they_end_among_many(name: str, seed: str) -> None:
    seed = f"{name} {fresh(seed)}"
    waits, cloud = task(name, seed)
    fewest, wrong = least(waits, cloud, differs)
    assert wrong is None, report(seed, fewest, cloud, wrong or "")


# --- what the states say


MISSING = {"success": "success", "fail": "failure", "wait": "retry"}


def verdict(row: Row, inventory: Inventory, given: Any, at: float) -> str:
    """What one id means for a wait with a short definition, at a time."""
    api, resource, definition = inventory.api, inventory.find(given), row["definition"]
    if resource is not None and resource.name in inventory.denied:
        return "error"
    state = inventory.state(given, at)
    if state is None and "missing" in row:  # said by the task, it comes before the acceptors
        return MISSING[row["missing"]]
    if state is None and api.code is not None:
        keys = {"success_errors": "success", "failure_errors": "failure", "retry_errors": "retry"}
        return next((state for key, state in keys.items() if api.code in definition.get(key, ())), "error")
    if state in definition.get("failure", ()):
        return "failure"
    return "success" if state in definition["success"] else "retry"


def expected(row: Row, inventory: Inventory, attempts: Sequence[float]) -> tuple[set[str], int]:
    """How the wait must end, given when its attempts were answered, and at which of them."""
    given = row["params"][inventory.api.param]
    for number, at in enumerate(attempts, start=1):
        found = Counter(verdict(row, inventory, item, at) for item in (given if isinstance(given, list) else [given]))
        if found["failure"] or found["error"]:
            return {ending for ending in ("failure", "error") if found[ending]}, number
        if not found["retry"]:
            return {"success"}, number
    return {"timeout"}, len(attempts)


def untrue(waits: Sequence[Row], cloud: Cloud) -> str | None:
    """Which wait of these ends otherwise than the states of its resources say, alone or among the others."""
    entries = together.read(waits)
    runs = [("alone", [together.alone(entry, cloud) for entry in entries])]
    runs.append(("among the others", together.many(entries, cloud).waits))
    for how, ended in runs:
        for number, (row, wait) in enumerate(zip(waits, ended, strict=True)):
            inventory = cloud.inventory(row["service"], row["definition"]["operation"])
            endings, attempt = expected(row, inventory, wait.polls.attempts)
            if wait.result["outcome"] not in endings or len(wait.polls.attempts) != attempt:
                got = f"{wait.result['outcome']} at attempt {len(wait.polls.attempts)}"
                return f"wait {number} {how}: {got}, and the states say {sorted(endings)} at {attempt}"
    return None


def plain_rows(api: Api, inventory: Inventory, rnd: random.Random) -> list[Row]:
    """Entries with short definitions alone, whose verdicts are known."""
    found = []
    for _entry in range(rnd.randint(1, 6)):
        number = 1 if api.single else rnd.randint(1, 4)
        asked = params(api, rnd.sample(known(inventory), min(number, len(api.ids))), rnd)
        definition = short_form(api, rnd, plain=False)
        missing = {"missing": rnd.choice(sorted(MISSING))} if rnd.random() < 0.4 else {}
        found.append({"service": api.service, "definition": definition, "params": asked, **options(rnd), **missing})
    return found


ONE_STATE = [name for name in NAMES if name not in ("services", "scaling groups")]
"""Those whose resources have one state each, which the definition's path selects as AWS calls it."""


@pytest.mark.parametrize("name", ONE_STATE)
@pytest.mark.parametrize("seed", seeds(2, 50))
def test_a_wait_ends_as_the_states_of_its_resources_say(name: str, seed: str) -> None:
    seed = f"states of {name} {fresh(seed)}"
    rnd, api = random.Random(seed), APIS[name]
    cloud = make_cloud(seed, [api])
    waits = plain_rows(api, cloud.inventory(api.service, api.operation), rnd)
    fewest, wrong = least(waits, cloud, untrue)
    assert wrong is None, report(seed, fewest, cloud, wrong or "")
