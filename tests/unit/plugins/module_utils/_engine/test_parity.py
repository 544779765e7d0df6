# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every built-in waiter ends as botocore's own Waiter ends it, but for the improvements that are named here."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import botocore.waiter
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError, WaiterError
from botocore.parsers import ResponseParserError
from jmespath.exceptions import JMESPathError
from tests.support.services import services_with_waiters
from tests.unit.plugins.module_utils._engine.fakes import Client, Clock, Step, answered, refused

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.operation import Operation
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.transport import Transport
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition, Source
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge, Missing
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_loop import poll_loop
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule

MODELS = Models()
SCRIPTS_PER_WAITER = 30


@dataclass(frozen=True)
class Waiter:
    """A waiter as botocore ships it (or as its users write it), with the model of its operation."""

    name: str
    raw: Mapping[str, Any]
    operation_model: Any

    @cached_property
    def definition(self) -> Definition:
        definition = read_definition(self.raw, self.name, Source.BUILTIN).definition
        assert definition is not None
        return definition

    @property
    def acceptors(self) -> Sequence[Mapping[str, Any]]:
        acceptors: Sequence[Mapping[str, Any]] = self.raw["acceptors"]
        return acceptors

    @property
    def codes(self) -> list[str]:
        """The error codes that an acceptor names."""
        return [a["expected"] for a in self.acceptors if a["matcher"] == "error" and isinstance(a["expected"], str)]


@dataclass(frozen=True)
class End:
    """How a wait ended. ``crashed``: the exception that came out of it is not the waiter's own."""

    ending: str
    polls: int
    slept: tuple[float, ...] = ()
    crashed: bool = False


def waiter(service: str, name: str) -> Waiter:
    raw = MODELS.waiters(service)[name]
    return Waiter(name, raw, MODELS.service_model(service).operation_model(raw["operation"]))


def waiters(service: str) -> list[Waiter]:
    model = MODELS.service_model(service)
    return [Waiter(name, raw, model.operation_model(raw["operation"])) for name, raw in MODELS.waiters(service).items()]


def ours(waiter: Waiter, script: Sequence[Step], max_attempts: int) -> End:
    client, clock = Client(waiter.operation_model, script), Clock()
    operation = Operation(Transport(lambda: client, client, "ask"), {})
    schedule = Schedule(delay=waiter.raw["delay"], max_attempts=max_attempts)
    judge = Judge(waiter.definition, missing=Missing.IGNORE)
    outcome = run_wait(poll_loop(judge, schedule, clock), operation.poll, clock.sleep)
    return End(outcome.ending.value, outcome.attempts, tuple(clock.slept))


class Tolerant(botocore.waiter.SingleWaiterConfig):
    """A botocore waiter for which, as here, an expression that fails on a response is no match."""

    @property
    def acceptors(self) -> list[Any]:
        acceptors: list[Any] = super().acceptors
        for acceptor in acceptors:
            acceptor.matcher_func = self._tolerate(acceptor.matcher_func)
        return acceptors

    @staticmethod
    def _tolerate(matches: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def tolerant(response: Any) -> Any:
            try:
                return matches(response)
            except JMESPathError:
                return False

        return tolerant


def botocores(
    waiter: Waiter,
    script: Sequence[Step],
    max_attempts: int,
    sleep: list[float],
    config: type[Any] = botocore.waiter.SingleWaiterConfig,
) -> End:
    """How botocore ends it; ``sleep`` is what its time.sleep has been made to append to."""
    sleep.clear()
    client = Client(waiter.operation_model, script)
    method = botocore.waiter.NormalizedOperationMethod(client.ask)
    crashed = False
    try:
        botocore.waiter.Waiter(waiter.name, config(waiter.raw), method).wait(WaiterConfig={"MaxAttempts": max_attempts})
        ending = "success"
    except WaiterError as error:
        reason = error.kwargs["reason"]
        if reason.startswith("Max attempts exceeded"):
            ending = "timeout"
        else:
            ending = "failure" if reason.startswith("Waiter encountered a terminal failure state") else "error"
    except Exception:
        ending, crashed = "error", True
    return End(ending, len(client.asked), tuple(sleep), crashed)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What botocore has slept."""
    seconds: list[float] = []
    monkeypatch.setattr(botocore.waiter.time, "sleep", seconds.append)
    return seconds


# --- the improvements ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Improvement:
    """Where botocore's waiters are left behind on purpose, with a script on which the two part."""

    rule: str
    waiter: Callable[[], Waiter]
    script: Sequence[Step]
    botocore: End
    ours: End


def _own(*acceptors: tuple[str, str, Any]) -> Callable[[], Waiter]:
    """A waiter that a user wrote on ec2 DescribeInstances: its acceptors as state, matcher or path, and expected."""

    def make() -> Waiter:
        raw = [
            {"state": state, "matcher": look, "expected": expected}
            if look in ("error", "status")
            else {"state": state, "matcher": "path", "argument": look, "expected": expected}
            for state, look, expected in acceptors
        ]
        operation_model = MODELS.service_model("ec2").operation_model("DescribeInstances")
        return Waiter(
            "Own", {"operation": "DescribeInstances", "delay": 5, "maxAttempts": 40, "acceptors": raw}, operation_model
        )

    return make


def _instance_running() -> Waiter:
    return waiter("ec2", "InstanceRunning")


def _instances(state: str) -> dict[str, Any]:
    return answered(Reservations=[{"Instances": [{"State": {"Name": state}}]}])


PENDING, RUNNING = _instances("pending"), _instances("running")
NO_ANSWER = ReadTimeoutError(endpoint_url="https://ec2.example")
NOBODY = EndpointConnectionError(endpoint_url="https://ec2.example")
CRASH = End("error", 1, crashed=True)
ONE_POLL, TWO_POLLS = End("success", 1), End("success", 2)

IMPROVEMENTS = {
    "throttling is a transient error": Improvement(
        "7.3", _instance_running, [refused("RequestLimitExceeded", 503), RUNNING], End("error", 1), ONE_POLL
    ),
    "a server's fault is a transient error": Improvement(
        "7.3", _instance_running, [refused("InternalError", 500), RUNNING], End("error", 1), ONE_POLL
    ),
    "any status from 500 on is a transient error": Improvement(
        "7.3", _instance_running, [refused("Odd", 599), RUNNING], End("error", 1), ONE_POLL
    ),
    "the status 429 is a transient error": Improvement(
        "7.3", _instance_running, [refused("Odd", 429), RUNNING], End("error", 1), ONE_POLL
    ),
    "a request that times out is a transient error": Improvement(
        "7.3", _instance_running, [NO_ANSWER, RUNNING], CRASH, ONE_POLL
    ),
    "an answer that can't be parsed is a transient error": Improvement(
        "7.3", _instance_running, [ResponseParserError("not XML"), RUNNING], CRASH, ONE_POLL
    ),
    "an endpoint that can't be reached is tried three times": Improvement(
        "7.3", _instance_running, [NOBODY, NOBODY, RUNNING], CRASH, ONE_POLL
    ),
    "an expired token gets a new client": Improvement(
        "7.4", _instance_running, [PENDING, refused("RequestExpired"), RUNNING], End("error", 2), TWO_POLLS
    ),
    "an acceptor of any error takes no transient error": Improvement(
        "7.2",
        _own(("success", "error", True)),
        [refused("Throttling"), refused("InvalidInstanceID.NotFound")],
        ONE_POLL,
        ONE_POLL,
    ),
    "an acceptor of any error takes no expired token": Improvement(
        "7.2", _own(("success", "error", True)), [refused("RequestExpired")], ONE_POLL, End("error", 1)
    ),
    "a modelled member called Error is no error": Improvement(
        "7.5",
        lambda: waiter("location", "JobCompleted"),
        [answered(Status="Failed", Error={"Code": "ValidationError", "Messages": ["no such file"]})],
        End("error", 1),
        End("failure", 1),
    ),
    "an expression that fails on a response is no match": Improvement(
        "7.6", lambda: waiter("ec2", "InstanceExists"), [answered(), RUNNING], CRASH, TWO_POLLS
    ),
    "1 is not true": Improvement(
        "reference: Python equality",
        _own(("success", "Reservations[0].Instances[0].AmiLaunchIndex", True)),
        [answered(Reservations=[{"Instances": [{"AmiLaunchIndex": 1}]}])],
        ONE_POLL,
        End("timeout", 5),
    ),
}


@pytest.mark.parametrize("name", IMPROVEMENTS)
def test_an_improvement_parts_from_botocore_as_written(name: str, slept: list[float]) -> None:
    """Both sides are pinned: botocore may change, and then the row may go."""
    row = IMPROVEMENTS[name]
    theirs = botocores(row.waiter(), row.script, 5, slept)
    assert replace(theirs, slept=()) == row.botocore
    assert replace(ours(row.waiter(), row.script, 5), slept=()) == row.ours


def improved(waiter: Waiter, script: Sequence[Step], max_attempts: int, slept: list[float]) -> tuple[End, set[str]]:
    """How botocore ends it with the improvements that this script calls for, and their names.

    An improvement is botocore again, with the one poll that it concerns left out or put right.
    """
    steps, config, used = list(script), botocore.waiter.SingleWaiterConfig, set[str]()
    while True:
        end = botocores(waiter, steps, max_attempts, slept, config)
        index = min(end.polls, len(steps)) - 1
        name = _concerned(waiter, steps[index], end)
        if name is None:
            return end, used
        used.add(name)
        if name == "an expression that fails on a response is no match":
            config = Tolerant
        elif name == "a modelled member called Error is no error":
            steps[index] = {key: value for key, value in steps[index].items() if key != "Error"}  # type: ignore[union-attr]
        else:
            del steps[index]


def _concerned(waiter: Waiter, last: Step, end: End) -> str | None:
    """The improvement that the poll which ended botocore's wait calls for."""
    if end.crashed:
        return "an expression that fails on a response is no match"
    if end.ending != "error":
        return None
    if not isinstance(last, ClientError):
        return "a modelled member called Error is no error"
    code, status = last.response["Error"]["Code"], last.response["ResponseMetadata"]["HTTPStatusCode"]
    if code in THROTTLES:
        return "throttling is a transient error"
    if status == 429:
        return "the status 429 is a transient error"
    return "any status from 500 on is a transient error" if status >= 500 else None


# --- the scripts --------------------------------------------------------------------------------------------------

THROTTLES = ("RequestLimitExceeded", "Throttling", "ThrottlingException", "SlowDown")
STRANGE_CODES = ("AccessDenied", "ValidationError", "NobodyKnowsThis", "404")
PERMANENT = (400, 403, 404, 409)


class Answers:
    """Random answers to one waiter's operation: the members that its acceptors look at, and some more."""

    def __init__(self, waiter: Waiter, seed: str) -> None:
        self.random = random.Random(seed)
        self._waiter = waiter
        texts = [acceptor["argument"] for acceptor in waiter.acceptors if "argument" in acceptor]
        self._names = {name for text in texts for name in re.findall(r"\w+", text)} | {"Error"}
        paths = [a for a in waiter.acceptors if "argument" in a and isinstance(a["expected"], str)]
        quoted = [word for text in texts for word in re.findall(r"'([^']*)'", text)]
        self._expected = [a["expected"] for a in paths] + quoted or ["?"]
        self._wanted = [a["expected"] for a in paths if a["state"] == "success"] or self._expected
        self._favourite: str | None = None

    def script(self) -> tuple[list[Step], int]:
        """Up to six answers, transient errors between them, and how many polls are allowed."""
        polls = self.random.randint(1, 6)
        steps: list[Step] = []
        for _index in range(polls):
            while self.random.random() < 0.1:
                steps.append(self._transient_error())
            steps.append(self._error() if self.random.random() < 0.25 else self._response())
        return steps, polls

    def _transient_error(self) -> ClientError:
        return self.random.choice(
            (
                refused(self.random.choice(THROTTLES), self.random.choice((400, 429, 503))),
                refused(self.random.choice(STRANGE_CODES), self.random.choice((429, 500, 502, 503, 504))),
                refused(self.random.choice(self._waiter.codes or STRANGE_CODES), self.random.choice((429, 500))),
            )
        )

    def _error(self) -> ClientError:
        codes = self._waiter.codes if self._waiter.codes and self.random.random() < 0.6 else STRANGE_CODES
        return refused(self.random.choice(codes), self.random.choice(PERMANENT))

    def _response(self) -> Step:
        # all items alike every now and then: pathAll would match too seldom otherwise
        mood = self.random.choice((self._wanted, self._expected, None, None))
        self._favourite = self.random.choice(mood) if mood else None
        output = self._waiter.operation_model.output_shape
        return answered(self.random.choice((200, 200, 200, 202)), **(self._structure(output, 0) if output else {}))

    def _of(self, shape: Any, depth: int) -> Any:
        if self.random.random() < 0.04:
            return None
        make = {"structure": self._structure, "list": self._list, "map": self._map, "string": self._string}
        if shape.type_name in make:
            return make[shape.type_name](shape, depth)
        return {"boolean": self.random.random() < 0.5}.get(shape.type_name, self.random.randint(0, 2))

    def _structure(self, shape: Any, depth: int) -> dict[str, Any]:
        members = {name: member for name, member in shape.members.items() if name in self._names and depth < 8}
        return {name: self._of(member, depth + 1) for name, member in members.items() if self.random.random() < 0.9}

    def _list(self, shape: Any, depth: int) -> list[Any]:
        return [self._of(shape.member, depth + 1) for _index in range(self.random.randint(0, 3))]

    def _map(self, shape: Any, depth: int) -> dict[str, Any]:
        return {f"key-{index}": self._of(shape.value, depth + 1) for index in range(self.random.randint(0, 3))}

    def _string(self, shape: Any, _depth: int) -> str:
        if self._favourite is not None:
            return self._favourite
        known = self.random.choice(self._expected)
        return self.random.choice((known, known, self.random.choice(shape.enum or ["?"]), "unheard of", ""))


def scripts(waiter: Waiter) -> Iterator[tuple[str, list[Step], int]]:
    """The waiter's scripts, each with the seed that makes it again."""
    for number in range(SCRIPTS_PER_WAITER):
        seed = f"{waiter.operation_model.service_model.service_name} {waiter.name} {number}"
        steps, polls = Answers(waiter, seed).script()
        yield seed, steps, polls
    # and the last answer for as long as botocore would look at it
    yield f"{seed}, to the end", steps[-1:], waiter.raw["maxAttempts"]


@pytest.mark.parametrize("service", services_with_waiters())
def test_every_builtin_waiter_ends_as_botocore_ends_it(service: str, slept: list[float]) -> None:
    """Ending and number of polls agree on every script, with the improvements put into botocore; sleeps without."""
    for waiter in waiters(service):
        met: Counter[str] = Counter()
        for seed, script, max_attempts in scripts(waiter):
            theirs, improvements = improved(waiter, script, max_attempts, slept)
            got = ours(waiter, script, max_attempts)
            assert (got.ending, got.polls) == (theirs.ending, theirs.polls), f"{seed}: {written(script)}"
            if not improvements - {"an expression that fails on a response is no match"}:
                assert got.slept == theirs.slept, seed
            assert improvements <= IMPROVEMENTS.keys()
            met[theirs.ending] += 1
        # the scripts would be worth little if they never got there
        assert met["success"], f"no script of {waiter.name} succeeds: {met}"
        assert len(met) > 1, f"all scripts of {waiter.name} end alike: {met}"


def written(script: Sequence[Step]) -> str:
    """A script as a failed test shows it."""
    return json.dumps([step.response if isinstance(step, ClientError) else step for step in script], default=str)
