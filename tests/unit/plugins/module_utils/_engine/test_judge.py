# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer says of a wait: the order of judgement, absence, and each resource on its own part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Definition
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.absence import Missing
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    ErrorKind,
    PollResult,
    ServiceError,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import Identity, ItemList, Resource
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.verdict import Decision

ITEMS = ItemList(("Items",), (("Id", ("Id",)),))
REMARKS = ItemList(("failures",), (("arn", ("arn",)),), echoes_only=True)
SUCCESS, FAILURE, NOT_YET = Decision.SUCCESS, Decision.FAILURE, Decision.NOT_YET


def definition(*acceptors: tuple[Any, ...]) -> Definition:
    """A definition of acceptors (state, matcher, expected) or (state, matcher, argument, expected)."""
    rows = [
        {"state": state, "matcher": matcher, "expected": rest[-1]} | ({"argument": rest[0]} if len(rest) > 1 else {})
        for state, matcher, *rest in acceptors
    ]
    reading = read_definition({"operation": "Describe", "acceptors": rows})
    assert not reading.problems
    assert reading.definition is not None
    return reading.definition


def of(*ids: str, guess: bool = False) -> Identity:
    return Identity(tuple(Resource(given, given) for given in ids), (ITEMS._replace(is_guess=guess), REMARKS))


def items(**states: Any) -> PollResult:
    return PollResult(
        {"Items": [{"Id": name, "State": state, "Why": f"{name} why"} for name, state in states.items()]}, 200
    )


def error(
    code: str, kind: ErrorKind = ErrorKind.REFUSED, status: int | None = 400, message: str = "words"
) -> PollResult:
    return PollResult({}, status, ServiceError(code, message, kind, status))


READY = ("success", "pathAll", "Items[].State", "ready")
BROKEN = ("failure", "pathAny", "Items[].State", "broken")
READY_OR_BROKEN = definition(READY, BROKEN)
GONE = definition(("success", "pathAll", "Items[].State", "gone"), ("success", "error", "Items.NotFound"))
SHOW = Expression("Items[].State")


def decisions(judge: Judge, answer: PollResult) -> dict[str, Decision]:
    return {entry.resource.label: entry.decision for entry in judge.judge(answer).resources}


# --- the order of judgement

SUCCESS_ON_DENIED = definition(("success", "error", "AccessDenied"))
TAKES_THROTTLE = definition(("failure", "error", "Throttling"))
DENIED, THROTTLED = error("AccessDenied", status=403), error("Throttling", ErrorKind.THROTTLED)
NOT_FOUND = error("Items.NotFound")


@pytest.mark.parametrize(
    ("judge", "answer", "decision"),
    [
        pytest.param(Judge(SUCCESS_ON_DENIED), DENIED, SUCCESS, id="an acceptor may take a permission error"),
        pytest.param(
            Judge(SUCCESS_ON_DENIED, retry_errors=frozenset({"AccessDenied"})),
            DENIED,
            NOT_YET,
            id="retry_errors come before an acceptor",
        ),
        pytest.param(
            Judge(READY_OR_BROKEN, retry_errors=frozenset({"Throttling"})),
            THROTTLED,
            NOT_YET,
            id="retry_errors come before transient errors",
        ),
        pytest.param(
            Judge(READY_OR_BROKEN, missing=Missing.FAIL, retry_errors=frozenset({"Items.NotFound"})),
            NOT_FOUND,
            NOT_YET,
            id="retry_errors come before missing",
        ),
        pytest.param(
            Judge(READY_OR_BROKEN, retry_errors=frozenset({"ReadTimeoutError"})),
            error("ReadTimeoutError", ErrorKind.CONNECTION, None),
            Decision.TRANSIENT,
            id="retry_errors are AWS's codes, not ours",
        ),
        pytest.param(Judge(GONE, missing=Missing.FAIL), NOT_FOUND, FAILURE, id="missing comes before an acceptor"),
        pytest.param(Judge(GONE), NOT_FOUND, SUCCESS, id="auto leaves a not-found error to the acceptors"),
        pytest.param(Judge(GONE, missing=Missing.IGNORE), NOT_FOUND, SUCCESS, id="ignore does, too"),
        pytest.param(Judge(TAKES_THROTTLE), THROTTLED, FAILURE, id="a throttle that an acceptor names is its own"),
        pytest.param(
            Judge(definition(("success", "error", True))),
            THROTTLED,
            Decision.TRANSIENT,
            id="any error takes no transient error",
        ),
        pytest.param(Judge(READY_OR_BROKEN), THROTTLED, Decision.TRANSIENT, id="transient error"),
        pytest.param(Judge(READY_OR_BROKEN), DENIED, Decision.ERROR, id="an error that nobody takes"),
        pytest.param(Judge(READY_OR_BROKEN), NOT_FOUND, Decision.ERROR, id="also of a resource that isn't there"),
        pytest.param(
            Judge(READY_OR_BROKEN),
            error("ExpiredToken", ErrorKind.CREDENTIALS),
            Decision.ERROR,
            id="credentials that have run out",
        ),
        pytest.param(Judge(READY_OR_BROKEN), items(a="odd"), NOT_YET, id="an answer that nobody takes"),
        pytest.param(Judge(READY_OR_BROKEN), PollResult({}, 200), NOT_YET, id="an empty answer"),
    ],
)
def test_the_order_of_judgement(judge: Judge, answer: PollResult, decision: Decision) -> None:
    assert judge.judge(answer).decision is decision


def test_acceptors_are_asked_in_order_and_the_first_match_wins() -> None:
    rows = [("retry", "path", "A", "x"), ("success", "path", "A", "x"), ("failure", "path", "B", "y")]
    for first in range(3):
        ordered = definition(*rows[first:], *rows[:first])
        verdict = Judge(ordered).judge(PollResult({"A": "x", "B": "y"}, 200))
        assert verdict.acceptor is ordered.acceptors[0]
        assert verdict.decision is [NOT_YET, SUCCESS, FAILURE][first]


# --- what isn't there


@pytest.mark.parametrize(
    ("missing", "decision"),
    [(Missing.WAIT, NOT_YET), (Missing.SUCCESS, SUCCESS), (Missing.FAIL, FAILURE)],
)
@pytest.mark.parametrize("rules", [READY_OR_BROKEN, GONE], ids=["ready", "gone"])
@pytest.mark.parametrize("answer", [NOT_FOUND, items(), PollResult({}, 200)], ids=["error", "empty", "no list"])
def test_an_explicit_missing_means_the_error_and_the_absent_id(
    missing: Missing, decision: Decision, rules: Definition, answer: PollResult
) -> None:
    judge = Judge(rules, of("a"), missing)
    assert judge.judge(answer).decision is decision
    assert decisions(judge, answer) == {"a": decision}


@pytest.mark.parametrize(
    ("code", "status", "message", "absent"),
    [
        ("InvalidInstanceID.NotFound", 400, "", True),
        ("ResourceNotFoundException", 400, "", True),
        ("NoSuchBucket", 404, "", True),
        ("404", 404, "", True),
        ("", 404, "", True),
        ("Odd", 404, "", False),
        ("UnknownOperationException", 404, "", False),
        ("AccessDeniedException", 404, "", False),
        ("AccessDeniedException", 404, "No cluster found for name: x", False),
        ("ResourceUnavailableException", 404, "", False),
        ("InvalidAMIID.Unavailable", 400, "", True),
        ("GoneException", 410, "", True),
        ("DBInstanceNotFound", 404, "", True),
        ("QueueDoesNotExist", 400, "", True),
        ("AWS.SimpleQueueService.NonExistentQueue", 400, "", True),
        ("NoSuchEntity", 404, "", True),
        ("ValidationError", 400, "Stack with id x does not exist", True),
        ("ValidationException", 400, "Could not find endpoint 'x'.", True),
        ("ValidationError", 400, "Role with name y does not exist", False),
        ("ValidationError", 400, "1 validation error detected", False),
        ("AccessDenied", 403, "the role does not exist", False),
        ("InvalidParameterValue", 400, "", False),
    ],
)
def test_absence_is_told_by_a_code_or_by_a_validation_error_that_names_what_is_asked_for(
    code: str, status: int, message: str, absent: bool
) -> None:
    """By the status alone only where there is no code, as in the answer to HEAD."""
    judge = Judge(READY_OR_BROKEN, missing=Missing.SUCCESS, request={"StackName": "x"})
    verdict = judge.judge(error(code, status=status, message=message))
    assert verdict.decision is (SUCCESS if absent else Decision.ERROR)


def test_a_transient_error_never_means_that_a_resource_is_missing() -> None:
    judge = Judge(READY_OR_BROKEN, missing=Missing.SUCCESS)
    assert judge.judge(error("NotFound", ErrorKind.SERVER, 503)).decision is Decision.TRANSIENT
    assert judge.judge(error("NotFound", ErrorKind.CONNECTION, None)).decision is Decision.TRANSIENT


COUNTS_NONE = definition(("success", "path", "length(Items[?State != 'ready']) == `0`", True))
COUNTS_SOME = definition(("success", "path", "length(Items[]) > `0`", True))
ABSENT_SUCCEEDS = definition(("success", "path", "length(Items) == `0`", True))
DENIES = definition(("success", "path", "!Items", True))
DENIES_ANOTHER = definition(("success", "path", "!Enabled", True))
STATUS = definition(("success", "status", 200))


@pytest.mark.parametrize(
    ("rules", "answer", "decision", "of_absent"),
    [
        pytest.param(READY_OR_BROKEN, items(a="ready"), NOT_YET, NOT_YET, id="absent is not yet"),
        pytest.param(READY_OR_BROKEN, items(a="broken"), FAILURE, NOT_YET, id="but another's failure is one"),
        pytest.param(GONE, items(a="gone"), SUCCESS, SUCCESS, id="absence is the success of a deletion"),
        pytest.param(GONE, items(a="there"), NOT_YET, SUCCESS, id="though the others have to go as well"),
        pytest.param(COUNTS_NONE, items(a="ready"), NOT_YET, NOT_YET, id="none unready of nothing is no success"),
        pytest.param(COUNTS_SOME, items(a="any"), NOT_YET, NOT_YET, id="something there is not all there"),
        pytest.param(ABSENT_SUCCEEDS, items(a="any"), NOT_YET, SUCCESS, id="awaited absence, and one still there"),
        pytest.param(DENIES, items(a="any"), NOT_YET, SUCCESS, id="no items, in other words"),
        pytest.param(DENIES_ANOTHER, items(a="any"), NOT_YET, NOT_YET, id="what else isn't says nothing of who is"),
        pytest.param(STATUS, items(a="any"), NOT_YET, NOT_YET, id="status 200 says nothing of who is there"),
    ],
)
def test_auto_judges_a_requested_id_that_is_absent(
    rules: Definition, answer: PollResult, decision: Decision, of_absent: Decision
) -> None:
    judge = Judge(rules, of("a", "b"))
    assert decisions(judge, answer)["b"] is of_absent
    assert judge.judge(answer).decision is decision


@pytest.mark.parametrize(
    ("rules", "empty", "no_list"),
    [
        pytest.param(COUNTS_NONE, NOT_YET, NOT_YET, id="a vacuous count"),
        pytest.param(ABSENT_SUCCEEDS, SUCCESS, NOT_YET, id="a count of none"),
        pytest.param(DENIES, SUCCESS, SUCCESS, id="no items"),
        pytest.param(DENIES_ANOTHER, NOT_YET, NOT_YET, id="not enabled"),
        pytest.param(GONE, SUCCESS, SUCCESS, id="an error for success"),
        pytest.param(READY_OR_BROKEN, NOT_YET, NOT_YET, id="ready"),
        pytest.param(STATUS, NOT_YET, NOT_YET, id="status"),
    ],
)
def test_auto_judges_an_empty_answer(rules: Definition, empty: Decision, no_list: Decision) -> None:
    judge = Judge(rules, of("a"))
    assert judge.judge(items()).decision is empty
    assert judge.judge(PollResult({}, 200)).decision is no_list


def test_ignore_judges_the_whole_as_botocore_does() -> None:
    judge = Judge(READY_OR_BROKEN, of("a", "b"), Missing.IGNORE)
    verdict = judge.judge(items(a="ready"))
    assert verdict.decision is SUCCESS
    assert [entry.decision for entry in verdict.resources] == [SUCCESS, SUCCESS]
    assert Judge(COUNTS_NONE, of("a"), Missing.IGNORE).judge(items()).decision is SUCCESS


# --- each resource on its own part


@pytest.mark.parametrize(
    ("states", "decision", "expected"),
    [
        ({"a": "ready", "b": "ready"}, SUCCESS, {"a": SUCCESS, "b": SUCCESS}),
        ({"a": "ready", "b": "odd"}, NOT_YET, {"a": SUCCESS, "b": NOT_YET}),
        ({"a": "ready", "b": None}, NOT_YET, {"a": SUCCESS, "b": NOT_YET}),
        ({"a": "odd", "b": "broken"}, FAILURE, {"a": NOT_YET, "b": FAILURE}),
        ({"a": "ready", "b": "broken"}, FAILURE, {"a": SUCCESS, "b": FAILURE}),
        ({"a": "ready", "b": "ready", "c": "broken"}, SUCCESS, {"a": SUCCESS, "b": SUCCESS}),
    ],
)
def test_each_id_has_a_verdict_of_its_own(
    states: dict[str, Any], decision: Decision, expected: dict[str, Decision]
) -> None:
    """A third item that nobody asked for says nothing; a null state, which projections drop, is not yet."""
    judge = Judge(READY_OR_BROKEN, of("a", "b"))
    assert judge.judge(items(**states)).decision is decision
    assert decisions(judge, items(**states)) == expected


def test_the_acceptor_of_the_culprit_is_the_one_that_decided() -> None:
    verdict = Judge(READY_OR_BROKEN, of("a", "b")).judge(items(a="ready", b="broken"))
    assert verdict.acceptor is READY_OR_BROKEN.acceptors[1]
    verdict = Judge(READY_OR_BROKEN, of("a", "b")).judge(items(a="ready", b="ready"))
    assert verdict.acceptor is READY_OR_BROKEN.acceptors[0]


def test_what_is_observed_of_each_and_of_all() -> None:
    verdict = Judge(READY_OR_BROKEN, of("a", "b", "c"), show=SHOW).judge(items(a="ready", b="odd"))
    assert [entry.observed for entry in verdict.resources] == ["ready", "odd", None]
    assert [entry.absent for entry in verdict.resources] == [False, False, True]
    assert verdict.observed == ["ready", "odd"]


ANY_READY = definition(
    ("failure", "pathAny", "failures[].reason", "MISSING"), ("success", "pathAny", "Items[].State", "ready")
)


@pytest.mark.parametrize(
    ("states", "missing", "decision"),
    [
        pytest.param({"a": "ready", "b": "odd"}, Missing.AUTO, SUCCESS, id="any will do"),
        pytest.param({"a": "ready"}, Missing.AUTO, SUCCESS, id="also where another isn't there"),
        pytest.param({"a": "odd", "b": "odd"}, Missing.AUTO, NOT_YET, id="none"),
        pytest.param({"a": "ready"}, Missing.WAIT, NOT_YET, id="an explicit missing wants it there"),
        pytest.param({"a": "ready", "b": "odd"}, Missing.WAIT, SUCCESS, id="which it is"),
    ],
)
def test_a_path_any_success_holds_of_the_whole(states: dict[str, str], missing: Missing, decision: Decision) -> None:
    assert Judge(ANY_READY, of("a", "b"), missing).judge(items(**states)).decision is decision


def test_another_success_that_matches_first_does_not_make_any_do() -> None:
    counts = ("success", "path", "length(Items) == `1`", True)
    rules = definition(counts, ("success", "pathAny", "Items[].State", "ready"))
    assert Judge(rules, of("a", "b")).judge(items(a="ready")).decision is NOT_YET


def test_a_remark_fails_the_resource_that_it_is_about() -> None:
    judge = Judge(ANY_READY, of("a", "b"))
    answer = PollResult(
        {"Items": [{"Id": "a", "State": "ready"}], "failures": [{"arn": "b", "reason": "MISSING"}]}, 200
    )
    assert decisions(judge, answer) == {"a": SUCCESS, "b": FAILURE}
    assert judge.judge(answer).decision is FAILURE


def test_what_counts_is_asked_of_the_whole() -> None:
    """``length(Items) == `2``` is true of no single part."""
    rules = definition(("success", "path", "length(Items) == `2`", True), BROKEN)
    judge = Judge(rules, of("a", "b"))
    assert judge.judge(items(a="any", b="any")).decision is SUCCESS
    assert judge.judge(items(a="any", b="broken")).decision is SUCCESS
    assert judge.judge(items(a="any")).decision is NOT_YET


BROKEN_AND_OURS = ("failure", "pathAny", "Items[?Why != 'a why'].State", "broken")


def test_a_filter_that_finds_one_that_has_failed_says_nothing_of_the_others() -> None:
    judge = Judge(definition(BROKEN_AND_OURS, READY), of("a", "b", "c"))
    assert decisions(judge, items(a="broken", b="broken", c="ready")) == {"a": NOT_YET, "b": FAILURE, "c": SUCCESS}
    assert judge.judge(items(a="broken", b="ready", c="ready")).decision is NOT_YET


def test_a_filter_of_what_is_around_the_items_is_asked_of_the_whole() -> None:
    """A part has less around its item than the whole, so a condition on that would be true of it by itself."""
    within = ItemList(("Groups", "Items"), (("Id", ("Id",)),))
    identity = Identity((Resource("a", "a"), Resource("b", "b")), (within,))
    rules = definition(("failure", "pathAny", "Groups[?length(Items) == `1`][].Items[].State", "broken"), READY)
    found = [{"Id": "a", "State": "broken"}, {"Id": "b", "State": "ready"}]
    assert Judge(rules, identity).judge(PollResult({"Groups": [{"Items": found}]}, 200)).decision is NOT_YET


def test_what_counts_none_is_asked_of_each() -> None:
    judge = Judge(COUNTS_NONE, of("a", "b"))
    assert decisions(judge, items(a="ready", b="odd")) == {"a": SUCCESS, "b": NOT_YET}
    assert judge.judge(items(a="ready", b="odd", c="odd")).decision is NOT_YET
    assert judge.judge(items(a="ready", b="ready", c="odd")).decision is SUCCESS


@pytest.mark.parametrize("ids", [("a",), ("a", "b")])
def test_where_no_id_can_be_found_the_whole_is_judged_and_said(ids: tuple[str, ...]) -> None:
    """A wait never hangs on our own mapping."""
    judge = Judge(READY_OR_BROKEN, of(*ids, guess=True))
    verdict = judge.judge(items(other="ready"))
    assert verdict.decision is SUCCESS
    assert not verdict.present, "what can't be told to be there hasn't been seen"
    assert [entry.decision for entry in verdict.resources] == [SUCCESS] * len(ids)
    [note] = verdict.notes
    assert "No requested id could be found" in note


@pytest.mark.parametrize("ids", [("a",), ("a", "b")])
def test_other_items_are_no_success_where_the_mapping_is_certain_or_has_matched(ids: tuple[str, ...]) -> None:
    others = items(other="ready")
    assert decisions(Judge(READY_OR_BROKEN, of(*ids)), others) == dict.fromkeys(ids, NOT_YET)
    guess = Judge(READY_OR_BROKEN, of(*ids, guess=True))
    seen = guess.judge(items(a="odd", other="ready")).present
    verdict = guess.judge(others, seen)
    assert verdict.decision is NOT_YET
    assert all(entry.absent for entry in verdict.resources)
    assert not verdict.notes


@pytest.mark.parametrize(
    ("missing", "decision"), [(Missing.WAIT, NOT_YET), (Missing.FAIL, FAILURE), (Missing.AUTO, SUCCESS)]
)
def test_a_code_that_says_wrong_id_and_is_the_waiters_success_means_absence(
    missing: Missing, decision: Decision
) -> None:
    """Classic Load Balancing's ``instance_deregistered``."""
    judge = Judge(definition(("success", "error", "InvalidInstance")), missing=missing)
    assert judge.judge(error("InvalidInstance")).decision is decision


def test_a_permission_that_is_awaited_to_go_says_nothing_of_absence() -> None:
    judge = Judge(SUCCESS_ON_DENIED, missing=Missing.WAIT)
    assert judge.judge(DENIED).decision is SUCCESS
    assert not judge.judge(DENIED).absent


def test_an_error_answers_for_every_resource() -> None:
    judge = Judge(GONE, of("a", "b"))
    assert decisions(judge, NOT_FOUND) == {"a": SUCCESS, "b": SUCCESS}
    assert judge.judge(NOT_FOUND).observed == "Items.NotFound"
    assert decisions(judge, THROTTLED) == {"a": Decision.TRANSIENT, "b": Decision.TRANSIENT}


# --- ids that AWS refuses one by one

WAITS_FOR = definition(READY, ("retry", "error", "Items.NotFound"))


@pytest.mark.parametrize(
    ("judge", "of_refused", "decision"),
    [
        pytest.param(Judge(WAITS_FOR, of("a", "b")), NOT_YET, NOT_YET, id="an acceptor takes it for not yet"),
        pytest.param(Judge(GONE, of("a", "b")), SUCCESS, NOT_YET, id="an acceptor takes it for success"),
        pytest.param(Judge(READY_OR_BROKEN, of("a", "b")), Decision.ERROR, Decision.ERROR, id="nobody takes it"),
        pytest.param(Judge(READY_OR_BROKEN, of("a", "b"), Missing.SUCCESS), SUCCESS, SUCCESS, id="missing succeeds"),
        pytest.param(Judge(READY_OR_BROKEN, of("a", "b"), Missing.WAIT), NOT_YET, NOT_YET, id="missing waits"),
        pytest.param(
            Judge(READY_OR_BROKEN, of("a", "b"), retry_errors=frozenset({"Items.NotFound"})),
            NOT_YET,
            NOT_YET,
            id="retry_errors",
        ),
    ],
)
def test_an_id_that_aws_refuses_has_a_verdict_of_its_own(
    judge: Judge, of_refused: Decision, decision: Decision
) -> None:
    error = ServiceError("Items.NotFound", "no b", status=400)
    answer = PollResult(items(a="ready").response, 200, refused={"b": error})
    verdict = judge.judge(answer)
    assert [entry.decision for entry in verdict.resources] == [
        NOT_YET if judge.definition is GONE else SUCCESS,
        of_refused,
    ]
    assert (verdict.decision, verdict.resources[1].reason) == (decision, "no b")
    assert verdict.error == (error if decision is Decision.ERROR else None)


def test_a_failure_counts_before_an_id_that_aws_refuses() -> None:
    answer = PollResult(items(a="broken").response, 200, refused={"b": ServiceError("Denied", "", status=403)})
    verdict = Judge(READY_OR_BROKEN, of("a", "b")).judge(answer)
    assert (verdict.decision, verdict.error) == (FAILURE, None)


# --- one resource that a plain parameter names

LONE = Identity((Resource("a", "a"),), (ITEMS,), lone=True)


@pytest.mark.parametrize(
    ("missing", "decision"),
    [(Missing.AUTO, NOT_YET), (Missing.WAIT, NOT_YET), (Missing.SUCCESS, SUCCESS), (Missing.FAIL, FAILURE)],
)
@pytest.mark.parametrize("answer", [items(), PollResult({}, 200)], ids=["empty", "no list"])
def test_a_lone_resource_is_missing_from_an_empty_answer(
    missing: Missing, decision: Decision, answer: PollResult
) -> None:
    verdict = Judge(READY_OR_BROKEN, LONE, missing).judge(answer)
    assert (verdict.decision, verdict.absent, verdict.resources) == (decision, True, ())


@pytest.mark.parametrize(
    ("missing", "decision"), [(Missing.AUTO, NOT_YET), (Missing.SUCCESS, SUCCESS), (Missing.FAIL, FAILURE)]
)
def test_another_item_is_not_the_lone_resource(missing: Missing, decision: Decision) -> None:
    verdict = Judge(READY_OR_BROKEN, LONE, missing).judge(items(b="ready"))
    assert (verdict.decision, verdict.absent) == (decision, True)


def test_where_the_mapping_is_a_guess_what_is_there_is_the_lone_resource() -> None:
    guess = replace(LONE, lists=tuple(item_list._replace(is_guess=True) for item_list in LONE.lists))
    assert Judge(READY_OR_BROKEN, guess).judge(items(b="ready")).decision is SUCCESS


# --- expressions that fail, and what is shown


def test_an_expression_that_fails_on_a_response_is_no_match_and_noted_once() -> None:
    rules = definition(("success", "path", "length(Items) > `0`", True), ("failure", "path", "State", "broken"))
    verdict = Judge(rules).judge(PollResult({"State": "broken"}, 200))
    assert verdict.decision is FAILURE
    [note] = verdict.notes
    assert note.startswith("length(Items) > `0` could not be evaluated on an answer")


def test_a_note_does_not_repeat_a_long_expression() -> None:
    rules = definition(("success", "path", f"length(Items) > `{'1' * 5000}`", True))
    [note] = Judge(rules).judge(PollResult({}, 200)).notes
    assert len(note) < 500


def test_an_expression_that_fails_on_every_part_is_noted_once() -> None:
    rules = definition(("success", "path", "length(Other) == `0`", True))
    verdict = Judge(rules, of("a", "b")).judge(items(a="x", b="y"))
    assert verdict.decision is NOT_YET
    assert len(verdict.notes) == 1


def test_show_that_fails_is_noted_and_shows_nothing() -> None:
    verdict = Judge(READY_OR_BROKEN, show=Expression("length(Other)")).judge(items(a="ready"))
    assert (verdict.decision, verdict.observed) == (SUCCESS, None)
    assert verdict.notes[0].startswith("show: ")


def test_without_show_the_status_is_observed() -> None:
    assert Judge(STATUS).judge(PollResult({}, 200)).observed == 200


# --- AWS's own reasons

REASON = Expression("Items[].Why")


def test_reasons_are_read_of_each_part_and_of_the_whole() -> None:
    judge = Judge(READY_OR_BROKEN, of("a", "b", "c"), reasons=[Expression("Items[].Other"), REASON])
    answer = items(a="ready", b="broken")
    verdict = judge.explain(judge.judge(answer), answer)
    assert [entry.reason for entry in verdict.resources] == ["a why", "b why", None]
    assert verdict.reason == "a why; b why"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ("out of capacity", "out of capacity"),
        ("  \n", None),
        (None, None),
        ([], None),
        ({"Code": "Server.X", "Message": "Server.X: no room"}, "Server.X: no room"),
        ({"Code": "Server.X", "Message": "no room"}, "Server.X: no room"),
        ({"Code": 5, "Message": None}, None),
        (["twice", "twice", "", None, "once"], "twice; once"),
        ([{"Reason": "a"}, "b"], "a; b"),
        (404, "404"),
        (True, None),
        (0, "0"),
    ],
)
def test_a_reason_is_made_a_text(found: Any, reason: str | None) -> None:
    judge = Judge(STATUS, reasons=[Expression("Why")])
    answer = PollResult({"Why": found}, 200)
    assert judge.explain(judge.judge(answer), answer).reason == reason


def test_of_any_number_of_reasons_so_many_are_told_as_can_be_read() -> None:
    """All of 100,000 would be compared with each other."""
    judge = Judge(STATUS, reasons=[Expression("Why")])
    texts = [f"text {number}" for number in range(100_000)]
    for found, between in ((dict(zip(texts, texts, strict=True)), ": "), (texts, "; ")):
        answer = PollResult({"Why": found}, 200)
        told = [*texts[:20], "…"]
        assert judge.explain(judge.judge(answer), answer).reason == between.join(told)


def test_a_reason_is_no_longer_than_can_be_read() -> None:
    judge = Judge(STATUS, reasons=[Expression("Why")])
    answer = PollResult({"Why": "x" * 1_000_000}, 200)
    reason = judge.explain(judge.judge(answer), answer).reason
    assert reason is not None
    assert len(reason) == 2_000
    assert reason.endswith("x… (cut, 1,000,000 characters in all)")


def test_the_first_reason_that_says_something_counts() -> None:
    judge = Judge(STATUS, reasons=[Expression("length(Nothing)"), Expression("Empty"), REASON, Expression("Last")])
    answer = PollResult({"Empty": "", "Items": [{"Why": "this"}], "Last": "not this"}, 200)
    assert judge.explain(judge.judge(answer), answer).reason == "this"


def test_an_error_is_its_own_reason() -> None:
    judge = Judge(READY_OR_BROKEN, of("a"), reasons=[REASON])
    verdict = judge.explain(judge.judge(DENIED), DENIED)
    assert (verdict.reason, verdict.resources[0].reason) == ("words", "words")


def test_secrets_are_judged_but_neither_shown_nor_told() -> None:
    def conceal(response: Mapping[str, Any]) -> Mapping[str, Any]:
        return dict.fromkeys(response, "***")

    rules = definition(("failure", "path", "Password", "weak"))
    judge = Judge(rules, show=Expression("Password"), reasons=[Expression("Password")], conceal=conceal)
    answer = PollResult({"Password": "weak"}, 200)
    verdict = judge.explain(judge.judge(answer), answer)
    assert (verdict.decision, verdict.observed, verdict.reason) == (FAILURE, "***", "***")


# --- conditions on each item

FULL = "Items[].[length(Have) >= Want][]"


def filled(**have: int) -> PollResult:
    return PollResult({"Items": [{"Id": name, "Have": ["x"] * count, "Want": 2} for name, count in have.items()]}, 200)


@pytest.mark.parametrize(
    "acceptors",
    [
        [("success", "pathAll", FULL, True), ("retry", "pathAny", FULL, False)],
        [
            ("success", "path", f"contains({FULL}, `false`)", False),
            ("retry", "path", f"contains({FULL}, `false`)", True),
        ],
    ],
    ids=["projection", "contains"],
)
def test_a_condition_on_each_item_is_judged_for_each_resource(acceptors: list[tuple[Any, ...]]) -> None:
    judge = Judge(definition(*acceptors), of("a", "b", "c"))
    assert decisions(judge, filled(a=2, b=1)) == {"a": SUCCESS, "b": NOT_YET, "c": NOT_YET}
    assert judge.judge(filled(a=2, b=1, c=2)).decision is NOT_YET
    assert judge.judge(filled(a=2, b=2, c=2)).decision is SUCCESS
    assert judge.judge(filled(a=2, b=2)).decision is NOT_YET


def test_a_condition_on_each_item_fails_those_that_meet_it() -> None:
    acceptor = ("failure", "path", "contains(Items[].[length(Have) > Want][], `true`)", True)
    assert decisions(Judge(definition(acceptor), of("a", "b")), filled(a=3, b=1)) == {"a": FAILURE, "b": NOT_YET}


@pytest.mark.parametrize(
    "acceptor",
    [
        ("success", "path", "contains(Items[].State, 'ready')", True),
        ("failure", "path", "contains(Items[].State, 'ready')", False),
        ("success", "pathAll", "Items[?State != 'new'].[State == 'ready'][]", True),
    ],
    ids=["one will do", "one is enough against it", "some are left out"],
)
def test_what_is_not_the_same_for_each_item_is_judged_on_the_whole(acceptor: tuple[Any, ...]) -> None:
    judge = Judge(definition(acceptor), of("a", "b"))
    wanted = SUCCESS if acceptor[0] == "success" else NOT_YET
    assert judge.judge(items(a="ready", b="new")).decision is wanted
