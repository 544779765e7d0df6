# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every diagnosis of the catalogue against the service models, and on the failures in ``diagnoses/``.

A case has the ``wait``, the last ``response`` to it (after ``polls`` and, before that, ``earlier`` ones; by default one
poll), the ``answers`` of the operations that are asked then (one for all requests, a list of one for each, or an
``error`` with its ``status``), and the whole ``msg``. The wait began at 12:00:00 UTC of 2026-11-30.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support import aws_responses
from tests.support.catalog import CATALOG
from tests.support.fake_client import FakeClient
from tests.unit.plugins.module_utils._module.waits import MODELS, Ended, answered, end

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import find
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.diagnosis_check import check_diagnosis
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.diagnosis import read_diagnosis
from ansible_collections.cloudwait.aws.plugins.module_utils._module.diagnose import find_causes
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import result

BEGAN = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
DIAGNOSES = [(service, key) for service, found in CATALOG.diagnoses.items() for key in found]


def cases() -> Iterator[Any]:
    for path in sorted(Path(__file__).with_name("diagnoses").glob("*.yml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield pytest.param(row, id=f"{path.stem} {row['case']}")


def client(service: str, answers: Mapping[str, Any]) -> FakeClient:
    """A client that answers as the case says."""
    scripts = {name: list(said) if isinstance(said, list) else [said] for name, said in answers.items()}

    def answer(operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        script = scripts[operation]
        said: dict[str, Any] = script.pop(0) if len(script) > 1 else script[0]
        if "error" in said:
            raise aws_responses.refused(said["error"], said.get("status", 400), said.get("message", "Denied."))
        return said

    return FakeClient(MODELS.service_model(service), answer)


def run(row: Mapping[str, Any]) -> tuple[dict[str, Any], list[FakeClient]]:
    """The result of the case's wait, and the clients that were made for its diagnosis."""
    polls = row.get("polls", 1)
    earlier = [answered(**row.get("earlier", {}))] * (polls - 1)
    given = {"max_attempts": polls, **row["wait"]}
    ended: Ended = end(given, *earlier, answered(**row["response"]))
    clients: list[FakeClient] = []

    def client_of(service: str) -> FakeClient:
        clients.append(client(service, row["answers"]))
        return clients[-1]

    why = find_causes(
        ended.request,
        ended.outcome,
        MODELS,
        client_of,
        clock=lambda: 0.0,
        now=lambda: BEGAN + timedelta(seconds=ended.outcome.elapsed),
    )
    return result(ended.request, ended.schedule, ended.outcome, ended.outcome.attempts, why=why)[0], clients


@pytest.mark.parametrize(("service", "key"), DIAGNOSES, ids=map(" ".join, DIAGNOSES))
def test_it_agrees_with_the_models(service: str, key: str) -> None:
    steps, problems = read_diagnosis(CATALOG.diagnoses[service][key], "")
    assert problems == []
    model = MODELS.service_model(service)
    operation = key
    if key not in model.operation_names:
        found, _problems = find(MODELS, service, key)
        assert found is not None, f"{key} is neither an operation nor a waiter"
        operation = found.definition.operation
    assert check_diagnosis(steps, model.operation_model(operation), MODELS) == []


@pytest.mark.parametrize("row", list(cases()))
def test_the_message_says_why(row: dict[str, Any]) -> None:
    found, clients = run(row)
    assert found["msg"] == row["msg"]
    assert sum(len(client.asked) for client in clients) <= 3
    if "diagnosis" in row:
        assert found["diagnosis"] == row["diagnosis"]


@pytest.mark.parametrize("row", [case for case in cases() if case.values[0]["answers"]])
def test_an_empty_answer_adds_nothing(row: dict[str, Any]) -> None:
    found, _clients = run({**row, "answers": {operation: {} for operation in row["answers"]}})
    assert all(cause["operation"] == found["operation"] for cause in found["diagnosis"])
    assert found["msg"].count("Why") == bool(found["diagnosis"])


@pytest.mark.parametrize(("service", "key"), DIAGNOSES, ids=map(" ".join, DIAGNOSES))
def test_it_says_where_that_is_known_from(service: str, key: str) -> None:
    assert CATALOG.diagnoses[service][key].get("evidence")


def test_every_diagnosis_has_a_case() -> None:
    """And is used by it: a wait on the operation, or on the waiter, that the diagnosis is for."""
    tried = set()
    for parameter in cases():
        [row] = parameter.values
        wait = row["wait"]
        tried.add((wait["service"], wait.get("waiter")))
        found = find(MODELS, wait["service"], wait["waiter"])[0] if "waiter" in wait else None
        tried.add((wait["service"], found.definition.operation if found else wait["definition"]["operation"]))
    assert set(DIAGNOSES) <= tried
