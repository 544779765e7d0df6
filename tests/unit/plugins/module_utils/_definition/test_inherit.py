# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Definitions that extend others: the task's own, built-in waiters and the catalogue's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import snake_case
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.inherit import Definitions
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import (
    Acceptor,
    Definition,
    Matcher,
    Source,
    State,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Checked, Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import Layer

FAILURE, RETRY, SUCCESS = State.FAILURE, State.RETRY, State.SUCCESS
STATE = Expression("Thing.State")

GLACIER = """
__default__:   {interval: 3, max_attempts: 15}
__VaultState:  {operation: DescribeVault}
VaultExists:
  extends: __VaultState
  success.type: output
  description: Wait until a vault can be accessed.
  ignore_errors: [ResourceNotFoundException]
VaultNotExists:
  extends: __VaultState
  description: Wait until a vault is deleted.
  success.type: error
  success.value: ResourceNotFoundException
"""
NOTHING = "a definition needs acceptors, or path with success (and failure, pending), or success_errors"
LENT = {
    "ThingReady": {
        "operation": "DescribeThing",
        "delay": 30,
        "maxAttempts": 9,
        "acceptors": [{"state": "success", "matcher": "path", "argument": "Thing.State", "expected": "ready"}],
    },
    "thing_done": {"operation": "DescribeThing", "path": "Thing.State", "success": ["done"], "retry": ["late"]},
}


def find_in_library(name: str) -> Checked[Sequence[Layer]]:
    if name in LENT:
        return [Layer(LENT[name], name, borrowed=True)], []
    return (), [Problem("", f"there is no waiter {name!r}", "ThingReady")]


def definitions(raw: Any, service: str | None = "things") -> Definitions:
    return Definitions(yaml.safe_load(raw) if isinstance(raw, str) else raw, "definitions", service, snake_case)


def sound(raw: Any, name: str) -> Definition:
    found = definitions(raw)
    assert [*found.problems, *found.check_forms()] == []
    reading = found.read(name, find_in_library)
    assert reading.problems == ()
    assert reading.definition is not None
    return reading.definition


def sentences(raw: Any, name: str) -> list[str]:
    return [problem.sentence for problem in definitions(raw).read(name, find_in_library).problems]


def path(state: State, *values: Any, negated: bool = False) -> Acceptor:
    return Acceptor(state, Matcher.PATH, values, STATE, negated)


def test_the_waiters_of_php_work_as_they_stand() -> None:
    exists, gone = sound(GLACIER, "VaultExists"), sound(GLACIER, "VaultNotExists")
    assert (exists.operation, exists.delay, exists.max_attempts) == ("DescribeVault", 3, 15)
    assert exists.description == "Wait until a vault can be accessed."
    assert exists.acceptors == (
        Acceptor(RETRY, Matcher.ERROR, ("ResourceNotFoundException",)),
        Acceptor(SUCCESS, Matcher.ERROR, (False,)),
    )
    assert (gone.operation, gone.delay, gone.max_attempts) == ("DescribeVault", 3, 15)
    assert gone.acceptors == (Acceptor(SUCCESS, Matcher.ERROR, ("ResourceNotFoundException",)),)
    assert (gone.name, gone.source) == ("VaultNotExists", Source.DEFINITIONS)


def test_own_acceptors_come_before_inherited_ones_over_several_levels() -> None:
    raw = """
A: {operation: DescribeThing, delay: 1, max_attempts: 1, description: a., acceptors: [
  {state: success, matcher: path, argument: Thing.State, expected: a}]}
B: {extends: A, max_attempts: 2, acceptors: [{state: failure, matcher: path, argument: Thing.State, expected: b}]}
C: {extends: B, delay: 3, acceptors: [{state: retry, matcher: error, expected: c}]}
"""
    found = sound(raw, "C")
    assert (found.operation, found.delay, found.max_attempts, found.description) == ("DescribeThing", 3, 2, "a.")
    assert found.acceptors == (Acceptor(RETRY, Matcher.ERROR, ("c",)), path(FAILURE, "b"), path(SUCCESS, "a"))
    assert [acceptor.expected_at[0] for acceptor in found.acceptors] == [
        "definitions.C.acceptors[0].expected",
        "definitions.B.acceptors[0].expected",
        "definitions.A.acceptors[0].expected",
    ]


def test_in_the_short_form_a_child_adds_to_the_lists_and_its_word_on_a_value_counts() -> None:
    raw = """
Parent: {operation: DescribeThing, path: Thing.State, success: [a], failure: [b, c], pending: [d], failure_errors: [E]}
Child: {extends: Parent, success: [b], pending: [e], retry_errors: [E, F]}
"""
    assert sound(raw, "Child").acceptors == (
        Acceptor(RETRY, Matcher.ERROR, ("E", "F")),
        path(FAILURE, "c"),
        path(SUCCESS, "b", "a"),
        path(FAILURE, "b", "a", "c", "e", "d", negated=True),
        path(RETRY, "e", "d"),
    )


def test_a_path_that_is_inherited_may_go_unused() -> None:
    raw = "{__Thing: {operation: DescribeThing, path: Thing.State}, Gone: {extends: __Thing, success_errors: [E]}}"
    assert sound(raw, "Gone").acceptors == (Acceptor(SUCCESS, Matcher.ERROR, ("E",)),)


def test_lists_for_another_path_come_first_and_are_not_merged() -> None:
    raw = """
Parent: {operation: DescribeThing, path: Thing.State, success: [a], failure: [b]}
Child: {extends: Parent, path: Thing.Health, failure: [b]}
"""
    assert sound(raw, "Child").acceptors == (
        Acceptor(FAILURE, Matcher.PATH, ("b",), Expression("Thing.Health")),
        path(FAILURE, "b"),
        path(SUCCESS, "a"),
    )


def test_in_php_the_keys_of_a_child_replace_those_of_its_parent() -> None:
    raw = """
__Thing: {operation: DescribeThing, acceptor.type: output, acceptor.path: Thing/State, ignore_errors: [Late]}
Ready: {extends: __Thing, success.value: ready, failure.value: [broken]}
Gone: {extends: Ready, success.value: gone, ignore_errors: [Later]}
Other: {extends: Ready, acceptor.path: Thing/Health}
"""
    assert sound(raw, "Gone").acceptors == (
        Acceptor(RETRY, Matcher.ERROR, ("Later",)),
        path(SUCCESS, "gone"),
        path(FAILURE, "broken"),
    )
    health = Expression("Thing.Health")
    assert [acceptor.argument for acceptor in sound(raw, "Other").acceptors] == [None, health, health]


def test_dialects_may_extend_one_another() -> None:
    raw = """
Php: {operation: DescribeThing, success.type: output, success.path: Thing/State, success.value: a}
Short: {extends: Php, path: Thing.State, failure: [b]}
Long: {extends: Short, acceptors: [{state: retry, matcher: error, expected: E}]}
Smithy: {extends: Long, minDelay: 7, acceptors: [{state: failure, matcher: {success: false}}]}
"""
    found = sound(raw, "Smithy")
    assert found.acceptors == (
        Acceptor(FAILURE, Matcher.ERROR, (True,)),
        Acceptor(RETRY, Matcher.ERROR, ("E",)),
        path(FAILURE, "b"),
        path(SUCCESS, "a"),
    )
    assert found.delay == 7


def test_what_is_lent_may_be_extended_and_is_marked_as_borrowed() -> None:
    raw = """
__default__: {delay: 2, max_attempts: 3, max_delay: 60}
Mine: {extends: ThingReady, path: Thing.State, failure: [broken]}
"""
    found = sound(raw, "Mine")
    assert (found.operation, found.delay, found.max_attempts, found.max_delay) == ("DescribeThing", 30, 9, 60)
    assert [(acceptor.borrowed, acceptor.expected) for acceptor in found.acceptors] == [
        (False, ("broken",)),
        (True, ("ready",)),
    ]
    assert found.operation_at == "ThingReady.operation"


def test_with_another_operation_nothing_is_borrowed_any_more() -> None:
    found = sound({"Mine": {"extends": "ThingReady", "operation": "DescribeOther"}}, "Mine")
    assert [acceptor.borrowed for acceptor in found.acceptors] == [False]


def test_the_path_of_a_lent_waiter_is_inherited_too() -> None:
    found = sound({"Mine": {"extends": "thing_done", "failure": ["late"]}}, "Mine")
    assert found.acceptors == (path(FAILURE, "late"), path(SUCCESS, "done"))


def test_an_entry_may_extend_the_lent_waiter_whose_name_it_takes() -> None:
    found = sound({"ThingReady": {"extends": "ThingReady", "delay": 1}}, "ThingReady")
    assert (found.delay, found.max_attempts) == (1, 9)


def test_a_definition_without_a_name_may_extend_one_that_has_one() -> None:
    own = definitions({"__default__": {"delay": 4}, "Base": {"operation": "DescribeThing", "success_errors": ["E"]}})
    inline = own.read_from(
        Layer({"extends": "Base", "failure_errors": ["F"]}, "definition"), find_in_library
    ).definition
    assert inline is not None
    assert (inline.delay, inline.source, inline.at) == (4, Source.INLINE, "definition")
    alone = own.read_from(Layer({"operation": "X", "success_errors": ["E"]}, "definition"), find_in_library).definition
    assert alone is not None
    assert alone.delay is None


@pytest.mark.parametrize(
    ("raw", "name", "found"),
    [
        ("A: {extends: A}", "A", ["definitions.A.extends: A → A is a circular reference"]),
        (
            "'': {extends: ''}",
            "",
            ["definitions[''].extends:  →  is a circular reference", "definitions[''].extends: is empty"],
        ),
        (
            "{A: {extends: B}, B: {extends: C}, C: {extends: B}}",
            "A",
            ["definitions.C.extends: B → C → B is a circular reference"],
        ),
        (
            "A: {extends: ThingReddy}",
            "A",
            ["definitions.A.extends: there is no waiter 'ThingReddy'; did you mean 'ThingReady'?"],
        ),
        ("A: {extends: 5, operation: X, success_errors: [E]}", "A", ["definitions.A.extends: must be a string, not 5"]),
        (
            "{A: {extends: B}, B: {operation: 7}}",
            "A",
            [
                "definitions.B.operation: must be a string, not 7",
                f"definitions.A: {NOTHING}",
            ],
        ),
        (
            "{A: {extends: B, delay: x}, B: {extends: Nowhere, dely: 5}}",
            "A",
            [
                "definitions.A.delay: must be a number of seconds from 0 to 31622400, not 'x'",
                "definitions.B.dely: is not a valid key here; did you mean 'delay'?",
                "definitions.B.extends: there is no waiter 'Nowhere'; did you mean 'ThingReady'?",
            ],
        ),
    ],
)
def test_what_can_not_be_extended_is_said_by_name(raw: str, name: str, found: list[str]) -> None:
    assert sorted(sentences(raw, name)) == sorted(found)


def test_a_name_is_found_as_written_and_in_either_case() -> None:
    own = definitions("{VaultExists: {}, vault_gone: {}, __Base: {}}")
    assert own.find("VaultExists") == own.find("vault_exists") == "VaultExists"
    assert own.find("vault_gone") == own.find("VaultGone") == "vault_gone"
    assert own.find("__Base") == "__Base"
    assert own.find("Base") is None
    assert own.names == ["VaultExists", "vault_gone"]


def test_an_entry_is_seen_by_waits_on_its_service_alone() -> None:
    raw = "{A: {service: things}, B: {service: others}, C: {}}"
    assert definitions(raw).names == ["A", "C"]
    assert definitions(raw, None).names == ["A", "B", "C"]
    assert definitions(raw).services == {"A": "things", "B": "others"}
    assert sentences("{A: {extends: B}, B: {service: others}}", "A") == [
        "definitions.A.extends: there is no waiter 'B'; did you mean 'ThingReady'?"
    ]


@pytest.mark.parametrize("raw", [{"version": 2, "waiters": {"A": LENT["ThingReady"]}}, {"A": LENT["ThingReady"]}])
def test_a_whole_document_is_taken_like_a_bare_mapping(raw: dict[str, Any]) -> None:
    assert sound(raw, "A").acceptors == (path(SUCCESS, "ready"),)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ([], "definitions: must map names to definitions, not []"),
        ({"version": 3, "waiters": {}}, "definitions.version: must be 2, not 3"),
    ],
)
def test_what_is_no_mapping_of_definitions_is_reported(raw: Any, found: str) -> None:
    assert [problem.sentence for problem in definitions(raw).problems] == [found]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"A": "x"}, "definitions.A: a definition must be a mapping, not 'x'"),
        ({"version": 2, "waiters": {"A": None}}, "definitions.waiters.A: a definition must be a mapping, not null"),
    ],
)
def test_an_entry_that_is_no_mapping_is_reported_as_one_of_the_forms(raw: Any, found: str) -> None:
    assert [problem.sentence for problem in definitions(raw).check_forms()] == [found]
    assert definitions(raw).problems == []


def test_of_all_entries_the_form_is_checked_and_nothing_that_others_may_add() -> None:
    raw = """
__Base: {delay: soon}
Whole: {operation: DescribeThing, success_errors: []}
Half: {extends: SomewhereElse, success_eror: [E]}
Fine: {extends: SomewhereElse}
Round: {extends: Round2}
Round2: {extends: Round}
"""
    assert [problem.sentence for problem in definitions(raw).check_forms()] == [
        "definitions.__Base.delay: must be a number of seconds from 0 to 31622400, not 'soon'",
        "definitions.Whole.success_errors: is an empty list",
        "definitions.Half.success_eror: is not a valid key here; did you mean 'success_errors'?",
        "definitions.Round2.extends: Round → Round2 → Round is a circular reference",
    ]


NAMES = st.sampled_from(["A", "B", "__C", "__default__", "ThingReady", "version", "waiters", "é" * 40, ""])
KEYS = st.sampled_from(
    [
        "operation",
        "extends",
        "acceptors",
        "path",
        "success",
        "pending",
        "success.type",
        "success.path",
        "success.value",
        "failure.value",
        "acceptor.type",
        "ignore_errors",
        "interval",
        "minDelay",
        "delay",
        "service",
        "message",
        "é",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | NAMES
WORDS = st.sampled_from(["output", "error", "path", "success", "errorType", "a[", "Thing.State", "a/*/b", "x" * 5000])
MATCHERS = st.dictionaries(
    st.sampled_from(["output", "inputOutput", "errorType", "success"]), SCALARS | WORDS, max_size=2
)
ACCEPTORS = st.lists(
    st.dictionaries(
        st.sampled_from(["state", "matcher", "argument", "expected"]),
        SCALARS | WORDS | MATCHERS | st.lists(SCALARS, max_size=2),
    )
    | SCALARS,
    max_size=3,
)
ENTRIES = (
    st.dictionaries(KEYS, SCALARS | WORDS | ACCEPTORS | st.lists(SCALARS | WORDS, max_size=3), max_size=6) | SCALARS
)


@given(st.dictionaries(NAMES, ENTRIES, max_size=5))
@settings(max_examples=400, deadline=None)
def test_any_input_is_read_or_reported(raw: Any) -> None:
    """No traceback, and nothing incomplete counts as valid."""
    own = definitions(raw)
    reported = [*own.problems, *own.check_forms()]
    for name in own.names:
        reading = own.read(name, find_in_library)
        reported.extend(reading.problems)
        if not reading.problems:
            assert reading.definition is not None
            assert reading.definition.operation
            assert reading.definition.acceptors
    assert all(problem.path.startswith("definitions") or "." in problem.path for problem in reported)
