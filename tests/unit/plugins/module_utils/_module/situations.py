# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A situation of a waiter, run over real HTTP on a simulated clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import botocore.session
from botocore.config import Config
from tests.support.scripted import ScriptedEndpoint
from tests.unit.plugins.module_utils._engine.fakes import Clock, full
from tests.unit.plugins.module_utils._module.waits import MODELS, args

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import read_request
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import result


class Case(NamedTuple):
    """A situation. ``answers``: in the format of the scripted endpoint; the last one repeats."""

    id: str
    service: str
    waiter: str | Mapping[str, Any]
    params: Mapping[str, Any]
    answers: Sequence[Mapping[str, Any]]
    outcome: str | None
    says: Sequence[str] = ()
    never: Sequence[str] = ()
    polls: int | None = None
    options: Mapping[str, Any] = {"delay": 0.3, "timeout": 3}

    def __str__(self) -> str:
        return self.id


@cache
def client(service: str, url: str) -> Any:
    return botocore.session.get_session().create_client(
        service,
        "us-east-1",
        endpoint_url=url,
        aws_access_key_id=f"AKID{service}",
        aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
    )


def run(aws: ScriptedEndpoint, case: Case) -> dict[str, Any]:
    """What the module returns."""
    waiter = {"waiter": case.waiter} if isinstance(case.waiter, str) else {"definition": case.waiter}
    task = args(service=case.service, params=case.params, **waiter, **case.options)
    if case.answers:
        aws.add(f"AKID{case.service}", {"service": case.service, "answers": case.answers})

    def connect(*_place: str) -> Any:
        return client(case.service, aws.url)

    try:
        request = read_request(task, MODELS, connect)
    except BadInput as bad:
        return {"outcome": None, "msg": " ".join(map(str, bad.problems))}
    clock, wait = Clock(), request.prepare(MODELS, connect)
    operation = wait.operation()
    outcome = run_wait(wait.loop(clock, full), operation.poll, clock.sleep)
    returned, _warnings = result(request, wait.schedule, outcome, operation.calls)
    assert not aws.problems
    return returned


def require(aws: ScriptedEndpoint, case: Case) -> None:
    returned = run(aws, case)
    assert returned["outcome"] == case.outcome, returned["msg"]
    assert [words for words in case.says if words not in returned["msg"]] == [], returned["msg"]
    assert [words for words in case.never if words in returned["msg"]] == [], returned["msg"]
    assert case.polls is None or returned["attempts"] == case.polls
