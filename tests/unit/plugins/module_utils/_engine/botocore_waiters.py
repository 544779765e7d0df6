# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""botocore's own waiters: as definitions, and how they end on a script of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import botocore.waiter
from botocore.exceptions import ClientError, WaiterError
from jmespath.exceptions import JMESPathError
from tests.support.catalog import CATALOG
from tests.support.fake_client import Step, scripted

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition, Source
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition

MODELS = Models(CATALOG)


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


def builtin_waiter(service: str, name: str) -> Waiter:
    raw = MODELS.waiters(service)[name]
    return Waiter(name, raw, MODELS.service_model(service).operation_model(raw["operation"]))


def builtin_waiters(service: str) -> list[Waiter]:
    model = MODELS.service_model(service)
    return [Waiter(name, raw, model.operation_model(raw["operation"])) for name, raw in MODELS.waiters(service).items()]


class TolerantConfig(botocore.waiter.SingleWaiterConfig):
    """A botocore waiter for which an expression that fails on a response is no match."""

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
    client = scripted(waiter.operation_model, script)
    method = botocore.waiter.NormalizedOperationMethod(getattr(client, waiter.raw["operation"]))
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
            config = TolerantConfig
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


THROTTLES = ("RequestLimitExceeded", "Throttling", "ThrottlingException", "SlowDown")
