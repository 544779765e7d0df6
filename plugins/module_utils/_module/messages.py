# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message about a finished wait: condition, outcome, resources, last state, duration, reason and advice."""

from __future__ import annotations

from collections.abc import Mapping

from .._aws.lookup.library_waiters import waiter_name
from .._aws.polling.errors import tells_of_skew
from .._definition.text import for_people
from .._engine.outcome import Bound, Ending, Outcome
from .._engine.poll_result import NOT_SENT, ErrorKind, PollResult, ServiceError
from .._engine.progress_options import PENDING_IN_CHECK_MODE
from .._engine.schedule import Schedule
from .._engine.verdict import Decision, Verdict
from .advice import advice_on_error, advice_on_state, unmatched_filter
from .request import Request
from .state_text import LONGEST_QUOTE, StateText, quote

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_INVALID_KEY = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""Codes for a key that AWS doesn't know, or that doesn't match its secret."""
_SET_CLOCK = "set the clock of the host that runs the module"


def message(request: Request, schedule: Schedule, outcome: Outcome) -> str:
    """The message for an outcome."""
    what, unfinished = title(request), outcome.ending in (Ending.TIMEOUT, Ending.PENDING)
    seen = StateText(
        request.binding, outcome.verdict or Verdict(Decision.NOT_YET), outcome.answer or PollResult(), unfinished
    )
    if outcome.ending is Ending.TIMEOUT:
        sentences = _timeout(what, seen, schedule, outcome)
    elif outcome.ending is Ending.PENDING:
        sentences = _pending(what, seen, schedule, outcome)
    else:
        sentences = _SENTENCES[outcome.ending](what, seen, outcome)
    text = " ".join(f"{sentence.strip().rstrip('.')}." for sentence in sentences if sentence)
    return " ".join(text.split())  # AWS's own messages may have several lines


def title(request: Request) -> str:
    """The service with the waiter, ``ec2 instance_running``, or with the operation of an inline definition.

    Where a module is polled, the module.
    """
    definition = request.binding.definition
    return " ".join(filter(None, [request.binding.service, waiter_name(definition) or definition.operation]))


def _success(what: str, seen: StateText, outcome: Outcome) -> list[str]:
    met = _transient_error(outcome.transient)
    transient = f" ({met})" if met else ""
    state = seen.all_done or seen.with_decision(Decision.SUCCESS)
    return [f"{what}: {state} {_duration(outcome)}{transient}"]


def _failure(what: str, seen: StateText, outcome: Outcome) -> list[str]:
    state = _join(seen.with_decision(Decision.FAILURE) + seen.wanted(Decision.FAILURE), seen.decided, seen.others)
    return [f"{what} failed {_duration(outcome)}: {state}", seen.reasons(Decision.FAILURE, state), seen.correction]


def _timeout(what: str, seen: StateText, schedule: Schedule, outcome: Outcome) -> list[str]:
    head, advice = f"{what} timed out {_duration(outcome)}", _advice(schedule, outcome)
    if outcome.verdict is None:
        return [f"{head}: no request succeeded", _last_request(outcome), advice]
    decision = outcome.verdict.decision
    if outcome.bound is Bound.TRANSIENT:
        lasted = f"transient errors lasted longer than {seconds(schedule.transient_bound)}"
        last_seen = f"(last seen: {seen.with_decision(decision)})"
        return [f"{head}: {lasted} {last_seen}", _last_request(outcome), advice]
    if decision is Decision.SUCCESS:
        state = f"{seen.with_decision(decision)}, but not {schedule.consecutive} times in a row"
        return [f"{head}: {state}", _last_request(outcome), advice]
    state, wrong_way = _not_yet(seen), advice_on_state(seen.binding, seen.answer)
    return [f"{head}: {state}", seen.reasons(Decision.NOT_YET, state), _last_request(outcome), wrong_way, advice]


def _error(what: str, seen: StateText, outcome: Outcome) -> list[str]:
    head, error = f"{what} ended with an error {_duration(outcome)}", seen.verdict.error
    if error is not None and error.kind is ErrorKind.UNREACHABLE:
        return [
            f"{head}: {for_people(error.message, LONGEST_QUOTE)}",
            "Check endpoint_url, region, proxy and TLS settings",
        ]
    if error is not None and error.kind is ErrorKind.CREDENTIALS:
        advice = f"Renew them, or {_SET_CLOCK}" if tells_of_skew(error) else "Renew them and run again"
        return [f"{head}: the credentials have expired or are unavailable", quote(error, seen.binding.speaker), advice]
    state = _join(seen.with_decision(Decision.ERROR), seen.others)
    advice = ""
    if error is not None:
        advice = advice_on_error(seen.binding, error) or _remedy(error, seen.binding.definition.operation)
    return [f"{head}: {state}", seen.reasons(Decision.ERROR, state), advice]


def _remedy(error: ServiceError, operation: str) -> str:
    """What to do about an error that AWS returned."""
    if tells_of_skew(error):
        return _SET_CLOCK.capitalize()
    if error.code in _INVALID_KEY:
        return "Check access_key, secret_key and profile"
    if error.code in DENIED:
        return f"Allow {operation}, or list {error.code} in retry_errors while a new permission propagates"
    if error.code == "400":  # a response to HEAD has no more than the status
        return "AWS gives no details for HEAD; renew the credentials if they are temporary, or check params"
    if error.code == "403":  # likewise
        return "Check credentials and permissions, or list 403 in retry_errors while a new permission propagates"
    if error.is_not_found:
        return "Check params, or set missing to wait if it doesn't exist yet"
    return ""


def _pending(what: str, seen: StateText, schedule: Schedule, outcome: Outcome) -> list[str]:
    head = f"{what} is {PENDING_IN_CHECK_MODE if schedule.once else Ending.PENDING.value}"
    joint = ";" if schedule.once else ":"
    if outcome.verdict is None:
        return [f"{head}{joint} no request succeeded", _last_request(outcome)]
    state = _not_yet(seen)
    return [f"{head}{joint} {state}", seen.reasons(Decision.NOT_YET, state)]


def _cancelled(what: str, seen: StateText, outcome: Outcome) -> list[str]:
    state = f": {_not_yet(seen)}" if outcome.verdict is not None else ""
    return [f"{what} was cancelled {_duration(outcome)}{state}"]


_SENTENCES = {
    Ending.SUCCESS: _success,
    Ending.FAILURE: _failure,
    Ending.ERROR: _error,
    Ending.CANCELLED: _cancelled,
}


def _not_yet(seen: StateText) -> str:
    name = unmatched_filter(seen.binding, seen.answer)
    if name is not None:
        return f"nothing matches {name}"
    # the name of a waiter already says which state is wanted
    wanted = "" if seen.binding.definition.name else seen.wanted(Decision.NOT_YET)
    return _join(seen.with_decision(Decision.NOT_YET) + wanted, seen.others)


def _advice(schedule: Schedule, outcome: Outcome) -> str:
    if outcome.bound is Bound.ATTEMPTS:
        bounds = f"max_attempts (now {schedule.max_attempts}) or delay (now {seconds(schedule.delay)})"
    elif schedule.timeout == 0:
        return "Set a longer timeout to wait for it"
    elif outcome.bound is Bound.DEADLINE:
        bounds = f"timeout (now {seconds(schedule.timeout or 0.0)})"
    else:
        return "Set timeout to tolerate longer outages"
    return f"Raise {bounds} if this is normal for it"


def _last_request(outcome: Outcome) -> str:
    fault = outcome.fault
    if fault is None:
        return ""
    if fault.code == NOT_SENT.code:
        return fault.message.capitalize()
    text = for_people(fault.text, LONGEST_QUOTE)
    return f"The last request ended with {text}{'' if fault.status is None else f' (HTTP status {fault.status})'}"


def _duration(outcome: Outcome) -> str:
    polls, requests = outcome.attempts, sum(outcome.transient.values())
    count = _count(requests, "request", "requests") if requests and not polls else _count(polls, "poll", "polls")
    return f"after {count} in {seconds(outcome.elapsed)}"


def _transient_error(transient: Mapping[ErrorKind, int]) -> str:
    throttled, server = transient.get(ErrorKind.THROTTLED, 0), transient.get(ErrorKind.SERVER, 0)
    dropped = transient.get(ErrorKind.CONNECTION, 0)
    parts = [f"throttled {_times(throttled)}"] if throttled else []
    parts += [_count(server, "server error", "server errors")] if server else []
    parts += [_count(dropped, "dropped connection", "dropped connections")] if dropped else []
    return ", ".join(parts)


def seconds(value: float) -> str:
    """A duration: ``0.4 s``, ``31 s``."""
    return f"{value:.1f} s" if 0.05 <= value < 10 and value != int(value) else f"{value:.0f} s"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _join(*clauses: str) -> str:
    return "; ".join(clause for clause in clauses if clause)
