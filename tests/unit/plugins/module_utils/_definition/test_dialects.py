# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Four ways to write a waiter, and the problems of each form."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import (
    Acceptor,
    Backoff,
    Definition,
    Matcher,
    State,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition

FAILURE, RETRY, SUCCESS = State.FAILURE, State.RETRY, State.SUCCESS
ERROR, PATH, PATH_ALL, PATH_ANY = Matcher.ERROR, Matcher.PATH, Matcher.PATH_ALL, Matcher.PATH_ANY


def sound(raw: Any) -> Definition:
    reading = read_definition(yaml.safe_load(raw) if isinstance(raw, str) else raw)
    assert reading.problems == ()
    assert reading.definition is not None
    assert reading.complete
    return reading.definition


def sentences(raw: Any) -> list[str]:
    return [problem.sentence for problem in read_definition(raw).problems]


# --- the same in all

IN_ALL_DIALECTS = {
    "one value": """
long: {operation: DescribeTable, delay: 20, max_attempts: 25, backoff: exponential, max_delay: 120, acceptors: [
  {state: retry, matcher: error, expected: ResourceNotFoundException},
  {state: failure, matcher: path, argument: Table.TableStatus, expected: [ARCHIVED, DELETING]},
  {state: success, matcher: path, argument: Table.TableStatus, expected: ACTIVE}]}
short: {operation: DescribeTable, delay: 20, max_attempts: 25, backoff: exponential, max_delay: 120,
  path: Table.TableStatus, retry_errors: ResourceNotFoundException, failure: [ARCHIVED, DELETING], success: ACTIVE}
smithy: {operation: DescribeTable, minDelay: 20, max_attempts: 25, acceptors: [
  {state: retry, matcher: {errorType: ResourceNotFoundException}},
  {state: failure, matcher: {output: {
    path: Table.TableStatus, expected: [ARCHIVED, DELETING], comparator: stringEquals}}},
  {state: success, matcher: {output: {path: Table.TableStatus, expected: ACTIVE, comparator: stringEquals}}}]}
php: {operation: DescribeTable, interval: 20, max_attempts: 25, backoff: exponential, max_delay: 120,
  ignore_errors: [ResourceNotFoundException], acceptor.type: output, acceptor.path: Table/TableStatus,
  failure.value: [ARCHIVED, DELETING], success.value: ACTIVE}
""",
    "all and any": """
long: {operation: DescribeInstances, delay: 2, backoff: exponential, max_delay: 120, acceptors: [
  {state: failure, matcher: pathAny, argument: "Reservations[].Instances[].State.Name", expected: terminated},
  {state: success, matcher: pathAll, argument: "Reservations[].Instances[].State.Name", expected: running}]}
short: {operation: DescribeInstances, delay: 2, backoff: exponential, max_delay: 120,
  path: "Reservations[].Instances[].State.Name", failure: [terminated], success: [running]}
smithy: {operation: DescribeInstances, acceptors: [
  {state: failure, matcher: {output: {
    path: "Reservations[].Instances[].State.Name", expected: terminated, comparator: anyStringEquals}}},
  {state: success, matcher: {output: {
    path: "Reservations[].Instances[].State.Name", expected: running, comparator: allStringEquals}}}]}
php: {operation: DescribeInstances, interval: 2, backoff: exponential, max_delay: 120,
  acceptor.type: output, acceptor.path: "Reservations/*/Instances/*/State/Name",
  failure.value: terminated, success.value: running}
""",
    "errors alone": """
long: {operation: DescribeVault, delay: 3, backoff: exponential, max_delay: 120, acceptors: [
  {state: success, matcher: error, expected: ResourceNotFoundException},
  {state: failure, matcher: error, expected: Broken}]}
short: {operation: DescribeVault, delay: 3, backoff: exponential, max_delay: 120,
  success_errors: [ResourceNotFoundException], failure_errors: [Broken]}
smithy: {operation: DescribeVault, minDelay: 3, acceptors: [
  {state: success, matcher: {errorType: ResourceNotFoundException}},
  {state: failure, matcher: {errorType: "com.amazonaws.glacier#Broken"}}]}
php: {operation: DescribeVault, interval: 3, backoff: exponential, max_delay: 120, acceptor.type: error,
  success.value: ResourceNotFoundException, failure.value: Broken}
""",
}


def in_order_of_short_form(definition: Definition) -> list[Acceptor]:
    """PHP evaluates success before failure, which makes no difference unless a value is in both."""
    order = [ERROR, PATH_ANY, PATH_ALL, PATH]
    return sorted(definition.acceptors, key=lambda acceptor: (order.index(acceptor.matcher), acceptor.state.value))


@pytest.mark.parametrize("written", IN_ALL_DIALECTS.values(), ids=IN_ALL_DIALECTS)
def test_the_same_waiter_is_the_same_in_all_dialects(written: str) -> None:
    definitions = {dialect: sound(raw) for dialect, raw in yaml.safe_load(written).items()}
    long = definitions["long"]
    for dialect, definition in definitions.items():
        timing = (definition.delay, definition.max_attempts, definition.backoff, definition.max_delay)
        assert timing == (long.delay, long.max_attempts, long.backoff, long.max_delay), dialect
        assert definition.operation == long.operation
        assert in_order_of_short_form(definition) == in_order_of_short_form(long), dialect
    assert definitions["smithy"] == long
    assert definitions["short"] == long


# --- Smithy

BOOLEAN = "booleanEquals"
COMPARATOR = "acceptors[0].matcher.output.comparator"
COMPARATORS = "stringEquals, booleanEquals, allStringEquals or anyStringEquals"
MATCHERS = "output, inputOutput, errorType, success"


def smithy(matcher: Any, state: str = "success") -> dict[str, Any]:
    return {"operation": "DescribeThing", "acceptors": [{"state": state, "matcher": matcher}]}


def output(kind: str = "output", **keys: Any) -> dict[str, Any]:
    found = {kind: {"path": "Thing.State", "expected": "ready", "comparator": "stringEquals", **keys}}
    return {kind: {key: value for key, value in found[kind].items() if value is not None}}


@pytest.mark.parametrize(
    ("matcher", "acceptor"),
    [
        (output(), Acceptor(SUCCESS, PATH, ("ready",), Expression("Thing.State"))),
        (output(comparator="string_equals"), Acceptor(SUCCESS, PATH, ("ready",), Expression("Thing.State"))),
        (
            output(comparator=BOOLEAN, expected="true"),
            Acceptor(SUCCESS, PATH, (True,), Expression("Thing.State")),
        ),
        (
            output(comparator=BOOLEAN, expected=False),
            Acceptor(SUCCESS, PATH, (False,), Expression("Thing.State")),
        ),
        (
            output(comparator="allStringEquals", path="Things[].State"),
            Acceptor(SUCCESS, PATH_ALL, ("ready",), Expression("Things[].State")),
        ),
        (
            output(comparator="anyStringEquals", path="Things[].State"),
            Acceptor(SUCCESS, PATH_ANY, ("ready",), Expression("Things[].State")),
        ),
        (
            output(
                "inputOutput", path="length(input.Ids) == length(output.Things)", expected="true", comparator=BOOLEAN
            ),
            Acceptor(SUCCESS, PATH, (True,), Expression("length(input.Ids) == length(output.Things)"), with_input=True),
        ),
        ({"errorType": "NotFound"}, Acceptor(SUCCESS, ERROR, ("NotFound",))),
        ({"error_type": "com.amazonaws.s3#NotFound"}, Acceptor(SUCCESS, ERROR, ("NotFound",))),
        ({"success": True}, Acceptor(SUCCESS, ERROR, (False,))),
        ({"success": False}, Acceptor(SUCCESS, ERROR, (True,))),
    ],
)
def test_each_matcher_of_smithy_is_one_of_ours(matcher: dict[str, Any], acceptor: Acceptor) -> None:
    assert sound(smithy(matcher)).acceptors == (acceptor,)


def test_smithy_has_timing_of_its_own() -> None:
    definition = sound(smithy(output()))
    assert (definition.delay, definition.max_delay, definition.backoff) == (2, 120, Backoff.EXPONENTIAL)
    slow = sound({**smithy(output()), "minDelay": 300, "documentation": "Slow.", "deprecated": True, "tags": ["a"]})
    assert (slow.delay, slow.max_delay, slow.description) == (300, 300, "Slow.")
    assert sound({**smithy(output()), "backoff": "fixed", "maxDelay": 60}).backoff is Backoff.FIXED


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (
            smithy({}),
            "acceptors[0].matcher: must have exactly one of output, inputOutput, errorType, success, not none",
        ),
        (
            smithy({**output(), "success": True}),
            f"acceptors[0].matcher: must have exactly one of {MATCHERS}, not output, success",
        ),
        (
            smithy({"outptu": output()["output"]}),
            "acceptors[0].matcher.outptu: is not a valid key here; did you mean 'output'?",
        ),
        (
            smithy({"output": "x"}),
            "acceptors[0].matcher.output: must be a mapping with path, expected and comparator, not 'x'",
        ),
        (
            smithy(output(comparator="stringEqual")),
            f"{COMPARATOR}: must be {COMPARATORS}, not 'stringEqual'; did you mean 'stringEquals'?",
        ),
        (smithy(output(path=None)), "acceptors[0].matcher.output.path: is missing"),
        (smithy(output(expected=None)), "acceptors[0].matcher.output.expected: is missing"),
        (
            smithy(output(comparator=BOOLEAN)),
            "acceptors[0].matcher.output.expected: must be true or false for booleanEquals, not 'ready'",
        ),
        (
            smithy(output(expected=5)),
            "acceptors[0].matcher.output.expected: must be a string for stringEquals, not 5",
        ),
        (smithy({"errorType": 5}), "acceptors[0].matcher.errorType: must be the name of an error, not 5"),
        (smithy({"success": "yes"}), "acceptors[0].matcher.success: must be true or false, not 'yes'"),
        (
            {"operation": "X", "acceptors": [*smithy(output())["acceptors"], {"state": "retry", "matcher": "path"}]},
            f"acceptors[1].matcher: must be a mapping as in the other acceptors ({MATCHERS}), not 'path'",
        ),
        (
            {"operation": "X", "acceptors": [{**smithy(output())["acceptors"][0], "expected": "x"}]},
            "acceptors[0].expected: belongs in the matcher, where Smithy has path and expected",
        ),
        (
            {**smithy(output()), "success": ["x"]},
            "acceptors: can't be mixed with the short form's keys (success)",
        ),
        (
            {**smithy(output()), "minDelay": 9, "maxDelay": 3},
            "maxDelay: 3 s is less than delay (9 s)",
        ),
        (
            {**smithy(output()), "minDelay": 9, "delay": 3},
            "minDelay: is given twice, also as 'delay'",
        ),
    ],
)
def test_problems_in_smithys_form_are_reported_with_their_path(raw: Any, found: str) -> None:
    assert sentences(raw) == [found]


# --- PHP 2


def php(**keys: Any) -> dict[str, Any]:
    return {"operation": "DescribeThing", **{key.replace("__", "."): value for key, value in keys.items()}}


READY = {"success__type": "output", "success__path": "Thing/State", "success__value": "ready"}


@pytest.mark.parametrize(
    ("raw", "acceptors"),
    [
        (php(success__type="output"), [Acceptor(SUCCESS, ERROR, (False,))]),
        (php(**READY), [Acceptor(SUCCESS, PATH, ("ready",), Expression("Thing.State"))]),
        (
            php(**{**READY, "success__value": ["ready", "idle"]}),
            [Acceptor(SUCCESS, PATH, ("ready", "idle"), Expression("Thing.State"))],
        ),
        (
            php(**READY, failure__type="output", failure__path="Things/*/State", failure__value=["a", "b"]),
            [
                Acceptor(SUCCESS, PATH, ("ready",), Expression("Thing.State")),
                Acceptor(FAILURE, PATH_ANY, ("a", "b"), Expression("Things[].State")),
            ],
        ),
        (
            php(**{**READY, "success__path": "Things/*/Parts/0/State"}),
            [Acceptor(SUCCESS, PATH_ALL, ("ready",), Expression("Things[].Parts[0].State"))],
        ),
        (
            php(**{**READY, "success__path": "Thing/odd-name"}),
            [Acceptor(SUCCESS, PATH, ("ready",), Expression('Thing."odd-name"'))],
        ),
        (
            php(**{**READY, "success__path": "Thing.State"}),
            [Acceptor(SUCCESS, PATH, ("ready",), Expression("Thing.State"))],
        ),
        (
            php(success__type="error", success__value="Gone", failure__type="error", failure__value="Bad"),
            [Acceptor(SUCCESS, ERROR, ("Gone",)), Acceptor(FAILURE, ERROR, ("Bad",))],
        ),
        (
            php(**READY, ignore_errors="Late", failure__type="error", failure__value=["Bad", "Worse"]),
            [
                Acceptor(FAILURE, ERROR, ("Bad", "Worse")),
                Acceptor(RETRY, ERROR, ("Late",)),
                Acceptor(SUCCESS, PATH, ("ready",), Expression("Thing.State")),
            ],
        ),
        (
            # what acceptor.* says of both is no failure without a value of its own
            php(acceptor__type="output", acceptor__path="Thing/State", success__value="ready"),
            [Acceptor(SUCCESS, PATH, ("ready",), Expression("Thing.State"))],
        ),
        (
            php(acceptor__type="output", acceptor__path="Thing/State", acceptor__value="ready"),
            [Acceptor(SUCCESS, PATH, ("ready",), Expression("Thing.State"))],
        ),
    ],
)
def test_each_condition_of_php_is_an_acceptor(raw: dict[str, Any], acceptors: list[Acceptor]) -> None:
    assert list(sound(raw).acceptors) == acceptors


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (
            php(success__type="otput", success__path="a", success__value="b"),
            "success.type: must be output or error, not 'otput'; did you mean 'output'?",
        ),
        (php(success__path="a", success__value="b"), "success.type: is missing; it must be output or error"),
        (php(ignore_errors=["Late"]), "success.type: is missing; it must be output or error"),
        (php(success__type="error"), "success.value: is missing: the error code to match"),
        (php(success__type="output", success__path="a"), "success.value: is missing: the value to expect at the path"),
        (
            php(success__type="output", success__value="a"),
            "success.path: is missing: the path to the value",
        ),
        (
            php(success__type="output", failure__type="output"),
            "failure.path: is missing: the path to the value",
        ),
        (
            php(**{**READY, "success__path": "a[*]/b/"}),
            "",
        ),
        (
            php(**{**READY, "success__path": "a["}),
            "success.path: 'a[' is neither a path like Items/*/State nor a JMESPath expression: Incomplete expression",
        ),
        (php(**READY, ignore_errors=[["a"]]), 'ignore_errors[0]: must be a string, a number or a boolean, not ["a"]'),
        (
            php(**READY, sucess__path="x"),
            "sucess.path: is not a valid key here; did you mean 'success.path'?",
        ),
        (php(**READY, interval="x"), "interval: must be a number of seconds from 0 to 31622400, not 'x'"),
        (
            php(**READY, success=["x"]),
            "success: can't be mixed with PHP's keys (success.path, success.type, success.value); path: is missing",
        ),
    ],
)
def test_problems_in_phps_form_are_reported_with_their_path(raw: Any, found: str) -> None:
    assert "; ".join(sentences(raw)) == found
