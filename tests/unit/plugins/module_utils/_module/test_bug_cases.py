# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Situations that people reported of waiters, over real HTTP: how the wait ends, after how many polls, with what words.

``bug_cases.json`` has the answers byte for byte as AWS sends them. The neighbours beside each of them are of our own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import botocore.session
import pytest
from botocore.config import Config
from tests.support.scripted import ScriptedEndpoint
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.waits import MODELS, args

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.drive import drive
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.waiting import waiting
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import read_request
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import result

ABSENCE = "what the answer lacks is taken for the absence of the resource"
OTHERS = {
    **dict.fromkeys(("rsd-wait", "mq-del", "mq-run-wait", "mq-run-fail", "ml-del", "sc-wait", "sc-ok"), ABSENCE),
    **dict.fromkeys(("ml-input-del", "ml-input-del-auto", "ml-input-del-slow"), ABSENCE),
    "es-service": "the other name of the service isn't looked under",
}


class Case(NamedTuple):
    """A situation. ``answers``: as the scripted endpoint takes them; the last one repeats."""

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


def reported() -> list[Case]:
    rows = json.loads(Path(__file__).with_name("bug_cases.json").read_text(encoding="utf-8"))
    return [
        Case(
            row["id"],
            row["service"],
            row["waiter"],
            row["params"],
            [{"status": status, "headers": headers, "raw": raw} for status, headers, raw in row["answers"]],
            row["expected_outcome"],
            row["must_be_in_msg"],
            row.get("must_not_be_in_msg", ()),
            row.get("expected_polls"),
            row["options"],
        )
        for row in rows
    ]


def marked(cases: Sequence[Case]) -> list[Any]:
    """The cases for pytest; those that wait for another repair are allowed to fail until it is there."""
    return [
        pytest.param(case, id=case.id, marks=[pytest.mark.xfail(reason=OTHERS[case.id], strict=False)])
        if case.id in OTHERS
        else pytest.param(case, id=case.id)
        for case in cases
    ]


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


@pytest.fixture(scope="module")
def aws() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint({}) as endpoint:
        yield endpoint


def run(aws: ScriptedEndpoint, case: Case) -> dict[str, Any]:
    """What the module returns."""
    waiter = {"waiter": case.waiter} if isinstance(case.waiter, str) else {"definition": case.waiter}
    task = args(service=case.service, params=case.params, **waiter, **case.options)
    if case.answers:
        aws.add(f"AKID{case.service}", {"service": case.service, "answers": case.answers})

    def connect(_service: str = "") -> Any:
        return client(case.service, aws.url)

    try:
        request = read_request(task, MODELS, connect)
    except BadInput as bad:
        return {"outcome": None, "msg": " ".join(map(str, bad.problems))}
    clock, settings = Clock(), request.settings
    schedule = settings.schedule(request.binding.definition, once=False)
    judge = request.binding.judge(settings.missing, settings.retry_errors)
    operation = request.binding.operation(MODELS, connect, request.client, tells_apart=True)
    outcome = drive(waiting(judge, schedule, clock), operation.poll, clock.sleep)
    returned, _warnings = result(request, schedule, outcome, operation.calls)
    assert not aws.problems
    return returned


def require(aws: ScriptedEndpoint, case: Case) -> None:
    returned = run(aws, case)
    assert returned["outcome"] == case.outcome, returned["msg"]
    assert [words for words in case.says if words not in returned["msg"]] == [], returned["msg"]
    assert [words for words in case.never if words in returned["msg"]] == [], returned["msg"]
    assert case.polls is None or returned["attempts"] == case.polls


@pytest.mark.parametrize("case", marked(reported()))
def test_what_people_reported_ends_as_they_would_expect(aws: ScriptedEndpoint, case: Case) -> None:
    require(aws, case)
