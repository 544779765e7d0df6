# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits on botocore's own models, run on scripted responses and a simulated clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from botocore.config import Config
from botocore.session import Session
from tests.support import aws_responses as responses
from tests.support.catalog import CATALOG
from tests.unit.plugins.module_utils._engine.fakes import Clock, full

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput, Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import Event
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    ErrorKind,
    PollResult,
    ServiceError,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import cancel, run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.schedule import Schedule
from ansible_collections.cloudwait.aws.plugins.module_utils._module.messages import message
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import wait_spec
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import Request, read_request

MODELS = Models(CATALOG)
HANDLERS = Session().get_component("event_emitter")


@dataclass(frozen=True)
class Ended:
    request: Request
    schedule: Schedule
    outcome: Outcome

    @property
    def message(self) -> str:
        return message(self.request, self.schedule, self.outcome)


def args(**given: Any) -> dict[str, Any]:
    """The task arguments as Ansible passes them, with defaults for those not given."""
    return {**{name: option.get("default") for name, option in wait_spec().items()}, **given}


def request(**given: Any) -> Request:
    """The request for the task arguments."""
    return read_request(args(**given), MODELS, connect)


def problems(**given: Any) -> list[Problem]:
    """The problems of the task arguments."""
    try:
        request(**given)
    except BadInput as bad:
        return list(bad.problems)
    return []


def connect(service: str, _operation: str = "") -> Any:
    meta = {"service_model": MODELS.service_model(service), "config": Config(), "events": HANDLERS}
    return SimpleNamespace(meta=SimpleNamespace(**meta))


def end(given: dict[str, Any], *answers: PollResult, **how: Any) -> Ended:
    """Run the wait of the task arguments on these responses."""
    return run(request(**given), *answers, **how)


def run(
    made: Request,
    *answers: PollResult,
    check_mode: bool = False,
    takes: float = 0.0,
    listen: Callable[[Request, Schedule], Callable[[Event], None] | None] = lambda _request, _schedule: None,
) -> Ended:
    """Run a wait on these responses, of which the last one repeats; each poll ``takes`` some seconds.

    At KILLED the task is killed.
    """
    clock, script = Clock(), list(answers)
    wait = made.prepare(MODELS, lambda: None, check_mode)
    listener = listen(made, wait.schedule)
    listeners = [listener] if listener is not None else []

    def poll(_budget: float | None) -> PollResult:
        clock.now += takes
        if script[0] is KILLED:
            raise KeyboardInterrupt
        return script.pop(0) if len(script) > 1 else script[0]

    loop = wait.loop(clock, full)
    try:
        return Ended(made, wait.schedule, run_wait(loop, poll, clock.sleep, listeners))
    except KeyboardInterrupt:
        return Ended(made, wait.schedule, cancel(loop, listeners))


KILLED = PollResult({}, 0)


class Wait:
    """A wait that runs when its message is requested."""

    def __init__(self, given: dict[str, Any], *answers: PollResult, **how: Any) -> None:
        self._given, self._answers, self._how = given, answers, how

    def says(self) -> str:
        return end(self._given, *self._answers, **self._how).message


class Said(NamedTuple):
    wait: Wait
    expected: str


def cases(table: dict[str, Said]) -> Any:
    return pytest.mark.parametrize(("wait", "expected"), table.values(), ids=table.keys())


def answered(**members: Any) -> PollResult:
    return PollResult(members, 200)


def refused(code: str, text: str = "", status: int | None = 400, kind: ErrorKind = ErrorKind.REFUSED) -> PollResult:
    return PollResult({}, status, ServiceError(code, text, kind, status))


def instances(**states: str) -> PollResult:
    """A response of DescribeInstances: ``instances(i_1="running")``."""
    return answered(**responses.instances(**states))


ALL_RUN = instances(i_1="running", i_2="running", i_3="running")
ALL_PEND = instances(i_1="pending", i_2="pending", i_3="pending")


def running(*ids: str, **more: Any) -> dict[str, Any]:
    return {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": list(ids)}, **more}


def database(**more: Any) -> dict[str, Any]:
    params = {"DBInstanceIdentifier": "orders"}
    return {"service": "rds", "waiter": "db_instance_available", "params": params, **more}


def databases(state: str) -> PollResult:
    return answered(**responses.db_instances({"orders": state}))


def certificate(status: str | None) -> PollResult:
    return answered(Certificate={"Status": status} if status else {})


ARN = "arn:aws:acm:r:1:certificate/7"
CERTIFICATE: dict[str, Any] = {
    "service": "acm",
    "definition": {
        "operation": "DescribeCertificate",
        "path": "Certificate.Status",
        "success": ["ISSUED"],
        "pending": ["PENDING_VALIDATION"],
    },
    "params": {"CertificateArn": ARN},
}
BUCKET: dict[str, Any] = {"service": "s3", "waiter": "bucket_exists", "params": {"Bucket": "logs"}}
THROTTLED = refused("RequestLimitExceeded", "Request limit exceeded.", 503, ErrorKind.THROTTLED)
BROKEN = refused("InternalError", "An internal error has occurred.", 500, ErrorKind.SERVER)
CUT_OFF = refused("ReadTimeoutError", "Read timeout on endpoint URL.", None, ErrorKind.CONNECTION)
