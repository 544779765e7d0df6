# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits of a report, from the results of tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..module_utils._definition.text import clean, cut, for_people
from ..module_utils._engine.observed_summary import summary_of, tally
from ..module_utils._engine.response_split import label

MODULES = frozenset({"cloudwait.aws.wait", "cloudwait.aws.wait_many", "cloudwait.aws.wait_for_module"})
HIDDEN = "hidden"
FAILED, UNREACHABLE = "failed", "unreachable"
"""The outcomes of a task that returned none, because the wait never started or was interrupted."""
SUCCESS = "success"
NO_PROBLEM = frozenset({SUCCESS, "pending", "cancelled", HIDDEN})
HIDES = "The task sets no_log."
LONGEST_NAME = 200
LONGEST_STATE = 120
LONGEST_MESSAGE = 1_000
MOST_IDS = 3


class State(NamedTuple):
    """What was observed from ``elapsed`` on, in seconds since the start of the wait."""

    elapsed: float
    text: str


class Fault(NamedTuple):
    """A transient error: ``throttled``, ``server`` or ``connection``, and its code with its message."""

    elapsed: float
    kind: str
    text: str


class Log(NamedTuple):
    """The event log of a wait: its path, and the ``about`` under which the wait is found there."""

    path: str
    about: tuple[str, ...]


class Wait(NamedTuple):
    """One wait. ``began``: seconds since the start of the run.

    ``calls`` and ``saved``: the requests that its task sent and saved; only one of the task's waits has them.
    """

    host: str
    play: str
    task: str
    what: str
    outcome: str
    began: float
    elapsed: float
    message: str = ""
    polls: int | None = None
    calls: int = 0
    saved: int = 0
    transient: Mapping[str, int] = {}
    states: tuple[State, ...] = ()
    faults: tuple[Fault, ...] = ()
    log: Log | None = None

    @property
    def is_problem(self) -> bool:
        return self.outcome not in NO_PROBLEM


class Source(NamedTuple):
    """Where a result is from. ``began`` and ``ended``: of the task, or of the item of a loop, as in ``Wait``.

    ``outcome``: the outcome if the result has none. ``log``: the path of the event log. ``has_retries``: Ansible itself
    counts the runs of the task, in a key that would hold the number of polls.
    """

    host: str
    play: str
    task: str
    began: float
    ended: float
    outcome: str = SUCCESS
    log: str | None = None
    has_retries: bool = False
    is_hidden: bool = False


def is_result(result: Mapping[str, Any]) -> bool:
    """Whether a result is that of a wait, whichever task returned it."""
    return "outcome" in result and "elapsed" in result and bool({"waiter", "module", "calls_saved"} & result.keys())


def waits_of(source: Source, result: Mapping[str, Any]) -> Iterator[Wait]:
    """The waits of a task's result."""
    if source.is_hidden:
        yield _bare(source, HIDDEN, HIDES)
    elif not is_result(result):
        bare = _bare(source, source.outcome, for_people(str(result.get("msg") or ""), LONGEST_MESSAGE))
        # with invalid options, all the time was spent on the module itself
        if "outcome" in result:
            bare = bare._replace(outcome=str(result["outcome"]), began=source.ended, elapsed=0.0)
        yield bare
    else:
        background = "ansible_job_id" in result  # asked for some time after it ended
        began = source.began if background else max(source.began, source.ended - float(result["elapsed"]))
        if "calls_saved" in result:
            own = source._replace(has_retries=False)  # entries keep their numbers of polls
            found = [_wait(own, entry, began) for entry in result["results"]]
            for number, wait in enumerate(sorted(found, key=lambda wait: -wait.elapsed)):
                calls, saved = (0, 0) if number else (int(result["calls"]), int(result["calls_saved"]))
                yield wait._replace(calls=calls, saved=saved)
        else:
            yield _wait(source, result, began)


def _bare(source: Source, outcome: str, message: str) -> Wait:
    host, play, task = (cut(clean(text), LONGEST_NAME) for text in (source.host, source.play, source.task))
    return Wait(host, play, task, task, outcome, source.began, source.ended - source.began, message)


def _wait(source: Source, result: Mapping[str, Any], began: float) -> Wait:
    calls, polls = result.get("calls"), None if source.has_retries else int(result["attempts"])
    bare = _bare(source, str(result["outcome"]), for_people(str(result.get("msg") or ""), LONGEST_MESSAGE))
    return bare._replace(
        what=_what(result, bare.task),
        began=began,
        elapsed=float(result["elapsed"]),
        polls=polls,
        calls=int(calls or 0),
        transient={kind: count for kind, count in (result.get("transient") or {}).items() if count},
        states=states_of((float(seen["elapsed"]), summary_of(tally(seen["observed"]))) for seen in result["timeline"]),
        log=Log(source.log, _about(bare.host, result)) if source.log else None,
    )


def _what(result: Mapping[str, Any], task: str) -> str:
    """The waiter and what it waited for: "rds db_instance_available: orders"."""
    if "module" in result:
        return cut(clean(f"{result['module']}: {task}"), LONGEST_NAME)
    names = [label(entry["id"]) for entry in result.get("resources") or ()]
    ids = ", ".join(names[:MOST_IDS]) + (f" and {len(names) - MOST_IDS} more" if len(names) > MOST_IDS else "")
    name = result.get("name") or ids
    waiter = f"{result['service']} {result['waiter'] or result['operation']}"
    return cut(clean(f"{waiter}: {name}" if name else waiter), LONGEST_NAME)


def states_of(seen: Iterable[tuple[float, str]]) -> tuple[State, ...]:
    """What was seen, and when, without what looks like the state before."""
    states: list[State] = []
    for elapsed, text in seen:
        state = State(elapsed, cut(clean(text), LONGEST_STATE))
        if not states or states[-1].text != state.text:
            states.append(state)
    return tuple(states)


def _about(host: str, result: Mapping[str, Any]) -> tuple[str, ...]:
    """What a line of the event log has in common with the result."""
    waiter = (result.get("service"), result.get("waiter"), result.get("operation") or result.get("module"))
    return key_of(host, *waiter, result["outcome"])


def key_of(host: Any, service: Any, waiter: Any, operation: Any, outcome: Any) -> tuple[str, ...]:
    """What a wait is found by in an event log, which has no key of the result."""
    return (str(host), str(service), str(waiter), str(operation), str(outcome))
