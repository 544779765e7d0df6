# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the responses, a built-in waiter ends with a message, and never succeeds if botocore's wouldn't."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.fake_client import Step
from tests.support.services import services_with_waiters
from tests.unit.fuzz.answers import About, scripts
from tests.unit.fuzz.long_run import IS_LONG, ending, examples
from tests.unit.fuzz.runs import acceptors_of, as_theirs, builtin, request_for, require_deserved, run, theirs, warned
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.binding import Binding

NOTABLE = (
    ("ec2", "InstanceExists"),
    ("ec2", "InstanceRunning"),
    ("ec2", "VpcPeeringConnectionDeleted"),
    ("ecs", "ServicesStable"),
    ("elbv2", "TargetInService"),
    ("rds", "DBInstanceDeleted"),
    ("ses", "IdentityExists"),
    ("s3", "ObjectNotExists"),
    ("cloudwatch", "AlarmExists"),
)
"""One of each sort: lists of ids, compound ones, keys of a mapping, one id, none; what is counted, what is to go."""
EVERY = 18
"""In a short run, one in this many of all other waiters is tried too."""


@cache
def names() -> list[tuple[str, str]]:
    """The built-in waiters, by service and name: all in the long run."""
    found = [(service, name) for service in services_with_waiters() for name in MODELS.waiters(service)]
    return found if IS_LONG else list(dict.fromkeys([*NOTABLE, *found[::EVERY]]))


@cache
def prepared(service: str, name: str, ids: int) -> tuple[Binding, st.SearchStrategy[list[Step]]]:
    """What a wait on it begins with, and what it may be answered."""
    bound = builtin(service, name, ids)
    return bound, scripts(About(bound))


@pytest.mark.parametrize(("service", "name"), names())
@examples(10)
@given(data=st.data())
def test_a_builtin_ends_well_and_never_succeeds_undeserved(service: str, name: str, data: st.DataObject) -> None:
    """As botocore ships them, on responses that match the model, nearly match it, or are arbitrary."""
    bound, answers = prepared(service, name, data.draw(st.sampled_from((1, 2, 3)), "ids"))
    script = data.draw(answers, "script")
    more: dict[str, Any] = {"consecutive": data.draw(st.sampled_from((1, 1, 2)), "consecutive")}
    with ending():
        done = run(request_for(bound, max_attempts=len(script) + 1, **more), script)
    answer, verdict = done.outcome.answer, done.outcome.verdict
    if done.succeeded:
        assert answer is not None
        assert verdict is not None
        require_deserved(bound, answer, warned(verdict))
    elif answer is not None and verdict is not None and (bound.identity is None or bound.identity.lone):
        # of one resource they judge alike, whatever the judgement
        found = theirs(acceptors_of(bound), as_theirs(answer))
        if answer.error is None:
            assert (verdict.acceptor and verdict.acceptor.state.value) == (found and found.state)


@pytest.mark.parametrize(("service", "name"), NOTABLE)
@examples(10)
@given(data=st.data(), missing=st.sampled_from(("wait", "success", "fail", "ignore")))
def test_what_a_missing_resource_means_changes_nothing_else(
    service: str, name: str, missing: str, data: st.DataObject
) -> None:
    """Whole responses are judged as by botocore, and a missing resource means what the task sets."""
    bound, answers = prepared(service, name, 2)
    script = data.draw(answers, "script")
    with ending():
        done = run(request_for(bound, max_attempts=len(script), missing=missing), script)
    if not done.succeeded:
        return
    answer, verdict = done.outcome.answer, done.outcome.verdict
    assert answer is not None
    assert verdict is not None
    if missing == "ignore":
        found = theirs(acceptors_of(bound), as_theirs(answer))
        assert found is not None
        assert found.state == "success"
    elif missing != "success":
        assert not verdict.absent
        assert not any(entry.absent for entry in verdict.resources)
