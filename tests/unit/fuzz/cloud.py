# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated AWS: its responses depend only on the seed, the request and the time.

It knows nothing of the collection. Resources appear late, change, fail and vanish; requests are refused for unknown
ids and denied resources; answers are paged and in no order; faults last from one time to another.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from tests.unit.fuzz.apis import Api, Resource

URL = "https://service.region.example"
TIMES = (3.0, 6.0, 11.0, 21.0, 42.0, 70.0)
FAULTS: Mapping[str, Callable[[], Exception]] = {
    "server": lambda: error("InternalError", "An internal error has occurred.", 500),
    "unavailable": lambda: error("ServiceUnavailable", "Please retry.", 503),
    "no answer": lambda: ReadTimeoutError(endpoint_url=URL),
    "cut off": lambda: ConnectionClosedError(endpoint_url=URL),
}

_NOT_AUTHORIZED = "User: arn:aws:iam::1:user/web is not authorized to perform: {action} on resource: {arn}"
DENIALS = (
    _NOT_AUTHORIZED,
    f"{_NOT_AUTHORIZED} because no identity-based policy allows the {{action}} action",
    "You are not allowed to.",
)


def error(code: str, message: str, status: int = 400) -> ClientError:
    """An error as boto3 raises it."""
    body = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(body, "Operation")


@dataclass(frozen=True)
class Fault:
    """From ``since`` until ``until`` requests fail; only those that list where ``listing``."""

    since: float
    until: float
    make: Callable[[], Exception]
    listing: bool = False


@dataclass
class Inventory:
    """The data of one operation. ``others``: resources that no wait is for; ``page``: items on a page.

    ``repeats``: from when to when the second page of a listing repeats its token.
    """

    api: Api
    resources: list[Resource]
    others: list[Resource] = field(default_factory=list)
    page: int = 1000
    text: str = ""
    denied: frozenset[str] = frozenset()
    denied_text: str = "{arn}"
    denied_status: int = 403
    denies_listing: bool = False
    repeats: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        self.index = {
            json.dumps(spelling, sort_keys=True): resource
            for resource in self.resources
            for spelling in self.api.spellings(resource)
        }

    def find(self, given: Any) -> Resource | None:
        """The resource of that id."""
        found = self.index.get(json.dumps(given, sort_keys=True))
        if found is None and self.api.folds_case:
            found = self.index.get(json.dumps(given.lower()))
        return found

    def state(self, given: Any, at: float) -> str | None:
        """What a request for that id returns, None if it finds no resource."""
        resource = self.find(given)
        state = resource.at(at) if resource is not None else None
        if resource is not None and state in self.api.hidden and given == resource.name:
            return None  # CloudFormation shows a deleted stack only by its id
        return state or self.api.absent


@dataclass
class Cloud:
    """``seconds``: how long each request takes, by operation, parameters and time."""

    seed: str
    inventories: Mapping[tuple[str, str], Inventory]
    faults: Sequence[Fault] = ()
    seconds: Callable[[str, str, Mapping[str, Any], float], float] = lambda *_request: 0.0
    _listed: tuple[Any, list[Resource]] = (None, [])

    def inventory(self, service: str, operation: str) -> Inventory:
        return self.inventories[service, operation]

    def answer(self, service: str, operation: str, params: Mapping[str, Any], at: float) -> dict[str, Any]:
        """Returns the operation's response to its parameters; raises what boto3 raises."""
        inventory = self.inventory(service, operation)
        api = inventory.api
        given = _asked_for(api, params)
        is_listing = given is None or (api.single and api.param not in params)
        for fault in self.faults:
            if fault.since <= at < fault.until and (is_listing or not fault.listing):
                raise fault.make()
        if is_listing and (inventory.denies_listing or (inventory.denied and api.single)):
            raise self._denied(inventory, "*")
        start, begun = self._place(api, params, at)
        key = (service, operation, begun, json.dumps(given, sort_keys=True))
        if not start or self._listed[0] != key:
            there = self._all(inventory, at) if given is None else self._requested(inventory, given, is_listing, at)
            self.shuffle(there, begun)
            self._listed = (key, there)
        response = self._page(inventory, self._listed[1], start, begun, at)
        if api.service == "ecs":
            response["failures"] = [
                {
                    "arn": item if item.startswith("arn:") else api.arn_of(item).replace("/web/", "/"),
                    "reason": "MISSING",
                }
                for item in given or ()
                if inventory.state(item, at) is None
            ]
        return response

    def _place(self, api: Api, params: Mapping[str, Any], at: float) -> tuple[int, str]:
        """The first resource of the page, and the start of the listing: the contents of a page token."""
        token = params.get(api.tokens[0]) if api.tokens is not None else None
        if token is None:
            return 0, repr(at)
        start, begun = token.split("@")
        return int(start), begun

    def _all(self, inventory: Inventory, at: float) -> list[Resource]:
        hidden = (None, *inventory.api.hidden)
        return [resource for resource in (*inventory.resources, *inventory.others) if resource.at(at) not in hidden]

    def shuffle(self, there: list[Resource], begun: str) -> None:
        """Sort resources for the response, in the same order on all pages of a listing."""
        random.Random(f"{self.seed} {begun}").shuffle(there)

    def _requested(self, inventory: Inventory, given: Sequence[Any], is_listing: bool, at: float) -> list[Resource]:
        api = inventory.api
        if api.most is not None and len(given) > api.most:
            text = f"Failed to describe: {api.param} can have at most {api.most} items."
            raise error("InvalidParameterException", text)
        for item in given:
            resource = inventory.find(item)
            if resource is not None and resource.name in inventory.denied:
                raise self._denied(inventory, resource.name)
        absent = [item for item in given if inventory.state(item, at) is None]
        if absent and api.code is not None and not is_listing:
            ids = ", ".join(map(str, absent))
            raise error(api.code, inventory.text.format(ids=ids, id=absent[0]), api.status)
        found = {resource.name: resource for resource in map(inventory.find, given) if resource is not None}
        shown = [inventory.find(item) for item in given if inventory.state(item, at)]
        there = [resource for resource in found.values() if resource in shown]
        if api.absent is not None:
            there += [Resource(_name(item), "", "", 0, ()) for item in given if inventory.find(item) is None]
        return there

    def _denied(self, inventory: Inventory, name: str) -> ClientError:
        api = inventory.api
        text = inventory.denied_text.format(arn=api.arn_of(name), action=f"{api.service}:{api.operation}")
        return error(api.denies or "UnauthorizedOperation", text, inventory.denied_status)

    def _page(
        self, inventory: Inventory, there: Sequence[Resource], start: int, begun: str, at: float
    ) -> dict[str, Any]:
        api = inventory.api
        token: dict[str, Any] = {}
        if api.tokens is not None and api.wrap is None:  # EC2 pages no request that names its instances
            stop = start + inventory.page
            if start and inventory.repeats[0] <= at < inventory.repeats[1]:
                token = {api.tokens[1]: f"{start}@{begun}"}
            elif stop < len(there):
                token = {api.tokens[1]: f"{stop}@{begun}"}
            there = there[start:stop]
        items = [api.item(resource, resource.at(at) or api.absent or "") for resource in there]
        body = api.wrap(items, there) if api.wrap is not None else {api.root: items}
        return {**body, **token}


def _asked_for(api: Api, params: Mapping[str, Any]) -> list[Any] | None:
    """The ids that the parameters request; None for all."""
    if api.param in params:
        return [params[api.param]] if api.single else list(params[api.param])
    for given in params.get("Filters", ()):
        if given["Name"] == api.filter:
            return list(given["Values"])
    return None


def _name(target: Mapping[str, Any]) -> str:
    return f"{target['Id']}:{target.get('Port', 80)}"


# --- clouds by seed


def make_inventory(api: Api, rnd: random.Random, settles: bool = False) -> Inventory:
    """Resources of one kind with random lives. ``settles``: each changes at most once, at 100 s."""
    hopeful = rnd.random() < 0.5
    names = list(api.ids)
    resources = [
        Resource(name, api.arn_of(name), rnd.choice(names), rnd.randrange(3), _life(api, rnd, hopeful, settles))
        for name in names
        if rnd.random() < 0.9
    ]
    strangers = rnd.choice((0, 0, 5, 30)) if api.lists or not api.single else 0
    others = [
        Resource(f"other-{n}", api.arn_of(f"other-{n}"), rnd.choice(names), n, [(0.0, api.success)])
        for n in range(strangers if api.operation != "DescribeTargetHealth" else 0)
    ]
    denied = rnd.sample(names, rnd.randint(1, 2)) if api.denies and rnd.random() < 0.25 else ()
    return Inventory(
        api,
        resources,
        others,
        rnd.choice((1, 2, 3, 1000, 1000)),
        rnd.choice(api.texts or ("",)),
        frozenset(denied),
        rnd.choice(DENIALS),
        rnd.choice((403, 403, 404)),  # EKS denies with 404
        bool(api.denies) and rnd.random() < 0.1,
    )


def _life(api: Api, rnd: random.Random, hopeful: bool, settles: bool) -> list[tuple[float, str | None]]:
    states = (None, *api.pending, api.success, *(() if hopeful else api.failure))
    if settles:
        return [(0.0, rnd.choice(states)), (100.0, rnd.choice((api.success, api.success, None, *api.failure)))]
    life: list[tuple[float, str | None]] = [(0.0, rnd.choice((*api.pending, rnd.choice(states))))]
    life += [(at, rnd.choice(states)) for at in sorted(rnd.sample(TIMES, rnd.randint(0, 3)))]
    return [*life, (TIMES[-1], api.success)] if hopeful and rnd.random() < 0.7 else life


def make_cloud(seed: str, apis: Sequence[Api], settles: bool = False) -> Cloud:
    """A cloud with these operations."""
    rnd = random.Random(seed)
    faults = []
    for _fault in range(rnd.choice((0, 0, 1, 2))):
        since = rnd.choice((0.0, *TIMES))
        faults.append(Fault(since, since + rnd.choice((1.0, 6.0, 17.0)), FAULTS[rnd.choice(sorted(FAULTS))]))
    return Cloud(seed, {(api.service, api.operation): make_inventory(api, rnd, settles) for api in apis}, faults)
