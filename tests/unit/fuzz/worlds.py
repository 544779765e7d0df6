# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small worlds: resources that come, change and vanish by the clock, transient errors, and an API over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from hypothesis import strategies as st
from tests.support.aws_responses import db_instances, ecs_service, ecs_services, instance, instances, refused
from tests.support.fake_client import FakeClient
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.many import fake_client

URL = "https://service.region.example"
TRANSIENT: Mapping[str, Callable[[], Exception]] = {
    "server": lambda: refused("InternalError", 500),
    "no answer": lambda: ReadTimeoutError(endpoint_url=URL),
    "cut off": lambda: ConnectionClosedError(endpoint_url=URL),
    "not to be parsed": lambda: ResponseParserError("no XML"),
}
THROTTLE: Mapping[str, Callable[[], Exception]] = {
    "throttled": lambda: refused("Throttling", 400),
    "slow down": lambda: refused("NobodyKnowsThis", 429),
}
PERMANENT: Mapping[str, Callable[[], Exception]] = {
    "denied": lambda: refused("AccessDenied", 403, "You are not allowed to."),
    "expired": lambda: refused("ExpiredToken", 403, "It has expired."),
    "unreachable": lambda: EndpointConnectionError(endpoint_url=URL),
}


@dataclass(frozen=True)
class Kind:
    """A waiter to wait with. ``params``: those of a wait for some resources; ``wanted``: states that end it well.

    ``tell``: the answer, for parameters and the state of each resource (None: it isn't there).
    """

    service: str
    waiter: str
    states: Sequence[str]
    wanted: frozenset[str | None]
    params: Callable[[Sequence[str]], dict[str, Any]]
    tell: Callable[[dict[str, Any], Mapping[str, str | None], bool], Mapping[str, Any]]
    takes_one: bool = False


def _instances(params: dict[str, Any], states: Mapping[str, str | None], refuses: bool) -> Mapping[str, Any]:
    asked = params["InstanceIds"]
    absent = [name for name in asked if states[name] is None]
    if absent and refuses:
        raise refused("InvalidInstanceID.NotFound", 400, f"The instance IDs '{', '.join(absent)}' do not exist")
    return instances(*(instance(name, state) for name in asked if (state := states[name]) is not None))


def _databases(params: dict[str, Any], states: Mapping[str, str | None], refuses: bool) -> Mapping[str, Any]:
    del refuses
    name = params.get("DBInstanceIdentifier")
    if name is not None and states[name] is None:
        raise refused("DBInstanceNotFound", 404, f"DBInstance {name} not found.")
    asked = [name] if name is not None else params["Filters"][0]["Values"]
    return db_instances({name: state for name in asked if (state := states[name]) is not None})


def _services(params: dict[str, Any], states: Mapping[str, str | None], refuses: bool) -> Mapping[str, Any]:
    del refuses
    asked = params["services"]
    arns = {name: f"arn:aws:ecs:r:1:service/{name}" for name in asked}
    counts = {"STEADY": 1, "MOVING": 0}
    there = [
        ecs_service(
            name,
            state if state not in counts else "ACTIVE",
            serviceArn=arns[name],
            deployments=[{}],
            desiredCount=1,
            runningCount=counts.get(state, 0),
        )
        for name in asked
        if (state := states[name]) is not None
    ]
    return ecs_services(*there, missing=[arns[name] for name in asked if states[name] is None])


INSTANCE_STATES = ("pending", "running", "shutting-down", "terminated", "stopped")
KINDS = {
    "instances that are to run": Kind(
        "ec2",
        "instance_running",
        INSTANCE_STATES,
        frozenset({"running"}),
        lambda ids: {"InstanceIds": list(ids)},
        _instances,
    ),
    "instances that are to go": Kind(
        "ec2",
        "instance_terminated",
        INSTANCE_STATES,
        frozenset({"terminated", None}),
        lambda ids: {"InstanceIds": list(ids)},
        _instances,
    ),
    "databases that are to be there": Kind(
        "rds",
        "db_instance_available",
        ("creating", "available", "modifying", "failed", "deleting"),
        frozenset({"available"}),
        lambda ids: {"DBInstanceIdentifier": ids[0]},
        _databases,
        takes_one=True,
    ),
    "databases that are to go": Kind(
        "rds",
        "db_instance_deleted",
        ("available", "deleting", "creating"),
        frozenset({None}),
        lambda ids: {"DBInstanceIdentifier": ids[0]},
        _databases,
        takes_one=True,
    ),
    "services that are to be steady": Kind(
        "ecs",
        "services_stable",
        ("MOVING", "STEADY", "DRAINING", "INACTIVE"),
        frozenset({"STEADY"}),
        lambda ids: {"cluster": "c", "services": list(ids)},
        _services,
    ),
}
NAMES = tuple(f"thing-{letter}" for letter in "abcdef")
TIMES = (0.0, 3.0, 6.0, 11.0, 21.0, 42.0)

Life = list[tuple[float, str | None]]
Spell = tuple[float, float, Callable[[], Exception]]


@dataclass(frozen=True)
class World:
    """``lives``: from when on each resource is what; ``spells``: from when to when which fault meets each request.

    ``refuses``: one unknown id fails a request, where such APIs do so.
    """

    kind: Kind
    lives: Mapping[str, Life]
    spells: Sequence[Spell]
    refuses: bool

    def states(self, time: float) -> dict[str, str | None]:
        return {name: _at(life, time) for name, life in self.lives.items()}

    def client(self, clock: Clock) -> FakeClient:
        """A client for this world."""

        def say(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
            time = clock.now - 1000
            for since, until, fault in self.spells:
                if since <= time < until:
                    raise fault()
            return self.kind.tell(params, self.states(time), self.refuses)

        return fake_client(self.kind.service, clock, say)


def _at(life: Life, time: float) -> str | None:
    return next((state for since, state in reversed(life) if since <= time), None)


@st.composite
def worlds(draw: Callable[[st.SearchStrategy[Any]], Any], kind: Kind, faults: Mapping[str, Any]) -> World:
    """A world of that kind, under faults of these."""
    state = st.sampled_from((*kind.states, *(state for state in kind.wanted if state), None))
    change = st.tuples(st.sampled_from(TIMES), state)
    lives = {name: sorted(draw(st.lists(change, min_size=1, max_size=4)), key=lambda at: at[0]) for name in NAMES}
    if draw(st.booleans()):  # else most waits would end at once, as one of several fails
        lives = {
            name: [(at, state) for at, state in life if state in (*kind.wanted, kind.states[0])]
            for name, life in lives.items()
        }
    lengths = st.sampled_from((1.0, 6.0, 17.0, 60.0))
    names = draw(st.lists(st.tuples(st.sampled_from(TIMES), lengths, st.sampled_from(sorted(faults))), max_size=2))
    spells = [(since, since + length, faults[name]) for since, length, name in names]
    return World(kind, lives, spells, draw(st.booleans()))
