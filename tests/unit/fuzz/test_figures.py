# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The number of requests: in proportion to what separate waits would send, and counted as the design defines."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from tests.unit.fuzz import together
from tests.unit.fuzz.apis import APIS, Api, Resource
from tests.unit.fuzz.cloud import DENIALS, Cloud, Fault, Inventory, error, make_cloud
from tests.unit.fuzz.comparing import Row, least, report
from tests.unit.fuzz.long_run import fresh, seeds
from tests.unit.fuzz.rows import options, short_form

POLLS = 5


def resources(api: Api, names: Sequence[str], state: str | None) -> list[Resource]:
    return [Resource(name, api.arn_of(name), "", 0, [(0.0, state)]) for name in names]


def row(api: Api, given: Any, **more: Any) -> Row:
    definition = {"operation": api.operation, "path": api.path, "success": [api.success]}
    return {
        "service": api.service,
        "definition": definition,
        "params": {**api.common, api.param: given},
        "delay": 10.0,
        "max_attempts": POLLS,
        **more,
    }


def requests_by_poll(waits: Sequence[Row], cloud: Cloud) -> tuple[together.Task, list[int]]:
    """The task, and how many requests were sent at each time at which it sent any."""
    done = together.many(together.read(waits), cloud)
    return done, list(Counter(at for at, _operation, _params in done.requests.sent).values())


# --- in proportion


@pytest.mark.parametrize("text", [DENIALS[0], DENIALS[-1]], ids=["named", "not named"])
@pytest.mark.parametrize(("count", "denied"), [(400, 200), (400, 1), (600, 600), (30, 30)])
def test_denied_services_take_at_most_twice_the_requests_of_separate_waits(text: str, count: int, denied: int) -> None:
    api = APIS["services"]
    names = [f"service-{number}" for number in range(count)]
    refused = random.Random(f"{count} {denied}").sample(names, denied)
    inventory = Inventory(api, resources(api, names, "INACTIVE"), denied=frozenset(refused), denied_text=text)
    cloud = Cloud("denied", {(api.service, api.operation): inventory})
    done, sent = requests_by_poll([row(api, [name]) for name in names], cloud)
    endings = [wait.result["outcome"] for wait in done.waits]
    assert endings == ["error" if name in refused else "success" for name in names]
    assert max(sent) <= 2 * count


@pytest.mark.parametrize("text", APIS["key pairs"].texts)
@pytest.mark.parametrize("missing", ["max@laptop", "max", "key", "key-7@laptop"])
def test_an_unknown_key_takes_at_most_twice_the_requests_of_separate_waits(text: str, missing: str) -> None:
    api = APIS["key pairs"]
    names = [name for name in ("max", "max@laptop", "key", *(f"key-{n}" for n in range(100))) if name != missing]
    inventory = Inventory(api, resources(api, names, "rsa"), text=text)
    cloud = Cloud("keys", {(api.service, api.operation): inventory})
    definition = {**row(api, [])["definition"], "retry_errors": [api.code]}
    waits = [row(api, [name], definition=definition) for name in (*names, missing)]
    done, sent = requests_by_poll(waits, cloud)
    assert {wait.result["outcome"] for wait in done.waits} == {"timeout"}
    assert max(sent) <= (2 * len(waits))
    assert max(sent) <= 2 + 2 * ("{id" not in text) * len(waits)


@pytest.mark.parametrize("missing", ["max@laptop", "max", "key-7@laptop"])
def test_one_wait_for_a_hundred_keys_sends_one_more_request_if_the_error_names_the_unknown_one(missing: str) -> None:
    api = APIS["key pairs"]
    names = [name for name in ("max", "max@laptop", "key", *(f"key-{n}" for n in range(100))) if name != missing]
    inventory = Inventory(api, resources(api, names, "rsa"), text=api.texts[0])
    cloud = Cloud("keys", {(api.service, api.operation): inventory})
    definition = {**row(api, [])["definition"], "retry_errors": [api.code]}
    done, sent = requests_by_poll([row(api, [*names, missing], definition=definition)], cloud)
    assert done.waits[0].result["outcome"] == "timeout"
    assert max(sent) <= 2


@pytest.mark.parametrize("entries", [1, 3, 30])
def test_an_error_about_the_cluster_is_not_looked_for_in_its_services(entries: int) -> None:
    api = APIS["services"]
    names = [f"service-{number}" for number in range(30)]
    fault = Fault(0, 1000, lambda: error("ClusterNotFoundException", "Cluster not found."))
    cloud = Cloud("cluster", {(api.service, api.operation): Inventory(api, [])}, [fault])
    size = len(names) // entries
    more = {"retry_errors": ["ClusterNotFoundException"]}
    waits = [row(api, names[start : start + size], **more) for start in range(0, len(names), size)]
    done, sent = requests_by_poll(waits, cloud)
    assert {wait.result["outcome"] for wait in done.waits} == {"timeout"}
    assert max(sent) <= 2 * (3 if entries == 1 else entries)


# --- counted


def counted(waits: Sequence[Row], cloud: Cloud) -> str | None:
    """Which figure of these waits, whose ids are different, isn't what the design says."""
    entries = together.read(waits)
    done = together.many(entries, cloud)
    returned = done.returned
    if returned["calls"] != done.calls:
        return f"calls says {returned['calls']}, {done.calls} requests were sent"
    own = Counter(owners[0] for owners in (owners_of(sent, waits) for sent in done.requests.sent) if len(owners) == 1)
    for number, wait in enumerate(done.waits):
        if wait.result["calls"] != own[number]:
            return f"calls of wait {number} says {wait.result['calls']}, {own[number]} requests were sent for it alone"
    shared = done.calls - sum(own.values())
    if sum(wait.result["calls"] for wait in done.waits) + shared != returned["calls"]:
        return "the calls of the waits and the shared requests aren't the calls of the task"
    runs = [together.alone(entry, cloud, ended.polls.asked) for entry, ended in zip(entries, done.waits, strict=True)]
    saved = max(0, sum(len(run.sent) for run in runs) - done.calls)
    if returned["calls_saved"] != saved:
        return f"calls_saved says {returned['calls_saved']}, separate waits would have sent {saved} more"
    return None


def owners_of(sent: tuple[float, str, dict[str, Any]], waits: Sequence[Row]) -> list[int]:
    """The waits that a request asks for; all of the operation where it lists."""
    _at, operation, params = sent
    texts = {text for value in params.values() for text in _texts(value)}
    of_operation = [n for n, wait in enumerate(waits) if wait["definition"]["operation"] == operation]
    found = [n for n in of_operation if texts & {text for v in _ids(waits[n]) for text in _texts(v)}]
    return found or of_operation


def _ids(wait: Row) -> list[Any]:
    api = next(api for api in APIS.values() if api.operation == wait["definition"]["operation"])
    given = wait["params"][api.param]
    return given if isinstance(given, list) else [given]


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict) and "Values" in value:
        return _texts(value["Values"])
    return [json.dumps(value, sort_keys=True)]


COUNTED = ("services", "tasks", "instances", "databases", "tables", "warehouses", "targets", "scaling groups")


def count_task(seed: str) -> tuple[list[Row], Cloud]:
    """Random waits whose ids are different, for resources that are there: nothing is asked twice."""
    rnd = random.Random(seed)
    apis = [APIS[name] for name in rnd.sample(COUNTED, rnd.randint(1, 3))]
    cloud = make_cloud(seed, apis)
    cloud.faults = ()  # how many requests a poll that fails midway would have taken is anybody's guess
    waits: list[Row] = []
    for api in apis:
        inventory = cloud.inventory(api.service, api.operation)
        more = [f"i-{n}:81" if api.operation == "DescribeTargetHealth" else f"more-{n}" for n in range(60)]
        states = [(0.0, rnd.choice(api.pending)), (rnd.choice((3.0, 21.0, 42.0)), api.success)]
        known = [Resource(name, api.arn_of(name), "", n, states) for n, name in enumerate(more)]
        cloud.inventories = {
            **cloud.inventories,
            (api.service, api.operation): Inventory(api, known, text=inventory.text),
        }
        for _entry in range(rnd.randint(1, 6)):
            size = 1 if api.single else rnd.choice((1, 2, 9))
            chosen, known = known[:size], known[size:]
            spellings = [api.spellings(resource)[0] for resource in chosen]
            given = spellings[0] if api.single else spellings
            waits.append(row(api, given, definition=short_form(api, rnd, plain=True), **options(rnd)))
        if rnd.random() < 0.3 and not api.single:
            waits.append(row(api, [api.spellings(resource)[0] for resource in known]))
    return waits, cloud


@pytest.mark.parametrize("seed", seeds(25))
def test_the_figures_of_a_task_add_up(seed: str) -> None:
    seed = f"figures {fresh(seed)}"
    waits, cloud = count_task(seed)
    fewest, wrong = least(waits, cloud, counted)
    assert wrong is None, report(seed, fewest, cloud, wrong or "")
