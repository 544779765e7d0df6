# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any definition is either rejected with messages, or the wait on it ends, whatever the responses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.fuzz.answers import About, scripts
from tests.unit.fuzz.definitions import CODES, SUBJECTS, Subject, definitions
from tests.unit.fuzz.expressions import expressions
from tests.unit.fuzz.long_run import ending, examples
from tests.unit.fuzz.runs import run
from tests.unit.plugins.module_utils._module.waits import MODELS, args, connect

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import Request, read_request


def read(given_args: dict[str, Any]) -> Request | None:
    """The request, or None if it is rejected with messages."""
    try:
        return read_request(args(**given_args), MODELS, connect)
    except BadInput as bad:
        problems = bad.problems
    assert problems
    for problem in problems:
        assert problem.problem
        assert "Traceback" not in problem.sentence
    json.dumps([list(problem) for problem in problems])
    return None


@pytest.mark.parametrize("about", SUBJECTS, ids=lambda about: f"{about.service}-{about.operation}")
@examples(15)
@given(data=st.data())
def test_a_definition_is_refused_or_its_wait_ends(about: Subject, data: st.DataObject) -> None:
    options: dict[str, Any] = {
        "service": about.service,
        "params": about.params,
        "definition": data.draw(definitions(about), "definition"),
        "validate": data.draw(st.sampled_from(("strict", "warn", "off", "off", "off")), "validate"),
        "missing": data.draw(st.sampled_from(("auto", "auto", "wait", "success", "fail", "ignore")), "missing"),
        "retry_errors": data.draw(st.lists(st.sampled_from(CODES), max_size=1), "retry_errors"),
    }
    if data.draw(st.booleans(), "is shown"):
        options["show"] = data.draw(st.one_of(st.sampled_from(about.paths), expressions(about.names)), "show")
    with ending():
        made = read(options)
    if made is None:
        return
    script = data.draw(scripts(About(made.binding)), "script")
    once = data.draw(st.booleans(), "check_mode")
    with ending():
        done = run(made, script, check_mode=once)
        assert done.outcome.attempts <= (done.schedule.max_attempts or 0)


@examples(15)
@given(data=st.data())
def test_named_definitions_are_refused_or_read(data: st.DataObject) -> None:
    """With all that they extend, in circles too."""
    about = data.draw(st.sampled_from(SUBJECTS))
    names = st.sampled_from(("Own", "own", "__default__", "__Base", "InstanceRunning", "instance_running", ""))
    entry = st.one_of(definitions(about), definitions(about), st.sampled_from((None, [], {}, "x")))
    named = data.draw(st.dictionaries(names, entry, max_size=4), "definitions")
    for given_entry in named.values():
        if isinstance(given_entry, dict) and data.draw(st.booleans()):
            given_entry["extends"] = data.draw(names)
    if data.draw(st.booleans()):
        named = {"version": data.draw(st.sampled_from((2, "2", 1))), "waiters": named}
    waiter = data.draw(names, "waiter")
    with ending():
        read({"service": about.service, "params": about.params, "waiter": waiter, "definitions": named})
