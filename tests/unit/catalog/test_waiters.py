# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every waiter of the catalogue, checked against botocore's models."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.support.catalog import CATALOG, every
from tests.support.members import Names
from tests.unit.catalog.runs import member, service_model, waiter

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import snake_case
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.definition_check import check_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.expression_types import Output
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import State

MODELS = Models(CATALOG)
WAITERS = [(service, name) for service in CATALOG.names for name in CATALOG.names_of(service)]
every_waiter = every(WAITERS)


@every_waiter
def test_it_agrees_with_the_model_of_its_service(service: str, name: str) -> None:
    assert check_definition(waiter(service, name), service_model(service)) == []


@every_waiter
def test_it_knows_every_value_that_its_state_can_have(service: str, name: str) -> None:
    """Each is a success, a failure or pending, so that none is overlooked."""
    found = waiter(service, name)
    output = Output(service_model(service).operation_model(found.operation))
    judged: dict[tuple[Names, ...], set[Any]] = {}
    for acceptor in found.acceptors:
        if acceptor.argument is not None:
            judged.setdefault(member(acceptor.argument), set()).update(acceptor.expected)
    for argument in {acceptor.argument for acceptor in found.acceptors if acceptor.argument is not None}:
        end = output.ending(argument).type
        values = (end.item if argument.is_projection else end).values
        assert set(values or ()) <= judged[member(argument)]


@every_waiter
def test_a_value_is_judged_once(service: str, name: str) -> None:
    """A waiter may judge a value unlike the one that it extends."""
    judged = [
        (acceptor.origin, acceptor.argument, value)
        for acceptor in waiter(service, name).acceptors
        if acceptor.argument is not None
        for value in acceptor.expected
    ]
    assert len(judged) == len(set(judged))


@every_waiter
def test_no_new_state_of_aws_fails_it(service: str, name: str) -> None:
    """A state that AWS adds later isn't in the lists and is no failure: the timeout limits it."""
    assert not any(acceptor.negated for acceptor in waiter(service, name).acceptors)


@every_waiter
def test_it_has_what_the_built_ins_have(service: str, name: str) -> None:
    found = waiter(service, name)
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name)
    assert snake_case(name) == name
    assert re.fullmatch(r"Wait until [^\n]+\.", found.description)
    assert len(found.description) <= 120
    assert found.delay is not None
    assert 1 <= found.delay <= 120
    assert found.max_attempts is not None
    assert 60 <= found.delay * found.max_attempts <= 86400
    assert found.error_codes(State.SUCCESS) or any(a.argument for a in found.acceptors)


@pytest.mark.parametrize("service", CATALOG.names)
def test_each_has_a_description_of_its_own(service: str) -> None:
    """Also those that extend another one, whose description isn't theirs."""
    described = [waiter(service, name).description for name in CATALOG.names_of(service)]
    assert sorted(described) == sorted(set(described))


@every_waiter
def test_it_shadows_no_built_in(service: str, name: str) -> None:
    assert name not in {snake_case(waiter) for waiter in MODELS.waiters(service)}


def test_it_is_as_large_as_promised() -> None:
    assert len(WAITERS) >= 600
    assert len({service for service, _name in WAITERS if not MODELS.waiters(service)}) >= 100
