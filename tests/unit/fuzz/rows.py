# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random entries of a task: their resources, conditions and timing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from tests.unit.fuzz.apis import Api, Resource

DELAYS = (1.0, 2.0, 5.0, 5.0, 7.5, 10.0)


def short_form(api: Api, rnd: random.Random, plain: bool) -> dict[str, Any]:
    """A definition with states; ``plain``: errors mean what they mean without it."""
    definition: dict[str, Any] = {"operation": api.operation, "path": api.path, "success": [api.success]}
    if api.failure and rnd.random() < 0.7:
        definition["failure"] = list(api.failure)
    if api.code and not plain:
        key = rnd.choice(("success_errors", "failure_errors", "retry_errors", None))
        if key is not None:
            definition[key] = [api.code]
    return definition


def long_form(api: Api, rnd: random.Random) -> dict[str, Any]:
    """A definition whose acceptors examine the response in a different way."""
    items, number = api.path.rpartition(".")[0], rnd.randint(1, 3)
    is_list = "[]" in api.path
    last = api.path.rpartition(".")[2]
    acceptors: list[dict[str, Any]] = []
    if api.code and rnd.random() < 0.5:
        state = rnd.choice(("success", "retry", "failure"))
        acceptors.append({"state": state, "matcher": "error", "expected": api.code})
    if rnd.random() < 0.3 and api.failure:
        matcher = "pathAny" if is_list else "path"
        acceptors.append(
            {"state": "failure", "matcher": matcher, "argument": api.path, "expected": rnd.choice(api.failure)}
        )
    if not is_list:
        wanted: list[tuple[str, str, Any]] = [("path", f"{api.path} == '{api.success}'", True)]
    else:
        in_state = f"length({items.removesuffix('[]')}[?{last}=='{api.success}'])"
        if items.count("[]") != 1 or "." in items.replace("[]", ""):
            in_state = f"length({items} | [?{last}=='{api.success}'])"
        wanted = [
            ("path", f"length({items}) >= `{number}`", True),
            ("path", f"length({api.root}) == `{number}`", True),
            ("path", f"{in_state} >= `{number}`", True),
            ("path", f"{in_state} == length({items})", True),
            ("path", f"!contains({api.path}, '{rnd.choice(api.pending)}')", True),
            ("path", f"contains({api.path}, '{api.success}')", True),
            ("pathAny", api.path, api.success),
            ("pathAll", api.path, api.success),
        ]
    matcher, argument, expected = rnd.choice(wanted)
    acceptors.append({"state": "success", "matcher": matcher, "argument": argument, "expected": expected})
    return {"operation": api.operation, "acceptors": acceptors}


def params(api: Api, resources: Sequence[Resource], rnd: random.Random) -> dict[str, Any]:
    """Parameters that request resources, each in its own spelling, sometimes one in two spellings."""
    spellings = [rnd.choice(api.spellings(resource)) for resource in resources]
    if api.single:
        return {**api.common, api.param: spellings[0]}
    if rnd.random() < 0.15:
        spellings.append(rnd.choice(api.spellings(resources[0])))
    return {**api.common, api.param: spellings}


def options(rnd: random.Random) -> dict[str, Any]:
    """How often and how long to poll."""
    found: dict[str, Any] = {"delay": rnd.choice(DELAYS)}
    if rnd.random() < 0.3:
        found["initial_delay"] = rnd.choice((1.0, 3.0, 30.0, 60.0))
    if rnd.random() < 0.6:
        found["max_attempts"] = rnd.randint(1, 14)
    else:
        found["timeout"] = rnd.choice((0.0, 4.0, 12.5, 31.0, 75.0))
    return found


def more_options(rnd: random.Random) -> dict[str, Any]:
    """Options that change the meaning of a response."""
    found: dict[str, Any] = {}
    if rnd.random() < 0.2:
        found["consecutive"] = 1 + (rnd.random() < 0.5)
    if rnd.random() < 0.3:
        found["missing"] = rnd.choice(("wait", "success", "fail", "ignore"))
    if rnd.random() < 0.1:
        found["backoff"], found["jitter"] = "exponential", False
    return found


def rows(apis: Sequence[Api], resources: Sequence[Sequence[Resource]], rnd: random.Random) -> list[dict[str, Any]]:
    """Some entries, most of them of the first kind. ``resources``: those of each kind, also such as aren't there."""
    found: list[dict[str, Any]] = []
    shared = options(rnd)  # in half of the tasks, all entries have the same timing
    for _entry in range(rnd.randint(1, 12)):
        place = 0 if rnd.random() < 0.85 else rnd.randrange(len(apis))
        api, known = apis[place], resources[place]
        number = 1 if api.single else rnd.choice((1, 1, 2, 2, 3, 4, len(known)))
        row: dict[str, Any] = {"service": api.service, "params": params(api, rnd.sample(known, number), rnd)}
        kind = rnd.random()
        if kind < 0.35 or (kind < 0.65 and not api.waiters):
            row["definition"] = short_form(api, rnd, plain=False)
        elif kind < 0.65:
            row["waiter"] = rnd.choice(api.waiters)
        else:
            row["definition"] = long_form(api, rnd)
        own = {**(shared if rnd.random() < 0.5 else options(rnd)), **more_options(rnd)}
        if own.get("consecutive", 1) > own.get("max_attempts", 9):
            own["consecutive"] = 1
        row.update(own)
        found.append(row)
    return found
