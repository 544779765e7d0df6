# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to show of an answer while waiting: the state, the reason for it and the progress, derived from the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from .._definition.expression import Expression
from .._definition.model import Definition, State


def _counted(done: str, total: str, what: str) -> str:
    """An expression that gives "3 of 10 tasks", and null where it isn't counted."""
    so_far = f"to_string(not_null({done}, `0`))"
    return f"{total} && join('', [{so_far}, ' of ', to_string({total}), ' {what}'])"


# Where the state isn't a member: a service is stable when its counts and deployments say so.
_SHOW_BY_HAND = {
    ("ecs", "DescribeServices"): (
        "services[].join('', [to_string(runningCount), ' of ', to_string(desiredCount), ' running in ',"
        " to_string(length(deployments)), ' deployment(s)'])"
    ),
}
_REASONS_BY_HAND = {
    ("ecs", "DescribeServices"): (
        "failures[].reason",
        "services[].deployments[].rolloutStateReason",
        "services[].events[0].message",
    ),
    ("ecs", "DescribeTasks"): ("failures[].reason", "tasks[].stoppedReason", "tasks[].containers[].reason"),
    ("eks", "DescribeAddon"): ("addon.health.issues[]",),
    ("eks", "DescribeCluster"): ("cluster.health.issues[]",),
    ("eks", "DescribeFargateProfile"): ("fargateProfile.health.issues[]",),
    ("eks", "DescribeNodegroup"): ("nodegroup.health.issues[]",),
}
# Where only counts tell how far a job is, or where that is said further off than beside the state.
_PROGRESS_BY_HAND = {
    ("datasync", "DescribeTaskExecution"): _counted("BytesTransferred", "EstimatedBytesToTransfer", "bytes"),
    ("healthlake", "DescribeFHIRImportJob"): _counted(
        "ImportJobProperties.JobProgressReport.TotalNumberOfImportedFiles",
        "ImportJobProperties.JobProgressReport.TotalNumberOfScannedFiles",
        "files",
    ),
    ("s3control", "DescribeJob"): _counted(
        "Job.ProgressSummary.NumberOfTasksSucceeded", "Job.ProgressSummary.TotalNumberOfTasks", "tasks"
    ),
    ("ssm", "GetAutomationExecution"): _counted(
        "AutomationExecution.ProgressCounters.SuccessSteps",
        "AutomationExecution.ProgressCounters.TotalSteps",
        "steps",
    ),
}
_REASON = re.compile(
    r"reason|message|failure|error|exception|diagnos|cause|statusdetail|statusdescription", re.IGNORECASE
)
# Called so, but what to do on a failure, where to read on, or an error that is not about the state.
_NO_REASON = re.compile(r"On(Stack)?Failure$|Url$|^Tags")
_HOW_FAR = re.compile(
    r"(?<!in)progress(percent(age)?|inmegabytes)?$|percent(age)?(complete|done|progress)$", re.IGNORECASE
)
_HOW_LONG = re.compile(r"^estimated(time|seconds)tocompletion", re.IGNORECASE)
_SCALARS = frozenset({"string", "integer", "long", "float", "double"})
_TEXTS = frozenset({"message", "messages", "reason", "errormessage", "exceptiondescription"})


@lru_cache(maxsize=256)
def show_of(definition: Definition, service: str) -> Expression | None:
    """The expression that shows the state; None where the acceptors look at nothing but errors and HTTP statuses."""
    arguments = _arguments(definition)
    plain = [argument for argument in arguments if argument.plain_path]
    awaited = [a.argument for a in definition.acceptors if a.state is State.SUCCESS]
    success = [argument for argument in awaited if argument in arguments]
    if success and success[0].plain_path:
        return success[0]
    by_hand = _SHOW_BY_HAND.get((service, definition.operation))
    if by_hand is not None:
        return Expression(by_hand)
    wanted = success[0].roots if success else frozenset()
    same_root = [argument for argument in plain if argument.roots & wanted]
    return next(iter(same_root or plain or arguments), None)


@lru_cache(maxsize=256)
def reasons_of(definition: Definition, service: str, output: Any) -> list[Expression]:
    """Where AWS may say why, best first: ``message`` if the definition has one, else members beside the states."""
    if definition.message is not None:
        return [definition.message]
    found: dict[str, None] = dict.fromkeys(_REASONS_BY_HAND.get((service, definition.operation), ()))
    for argument in _arguments(definition):
        if argument.plain_path and output is not None:
            found.update(dict.fromkeys(_beside(argument, output)))
    return [Expression(text) for text in found]


def progress_of(definition: Definition, service: str, output: Any) -> list[Expression]:
    """Where AWS says how far the resource is, and then where it says how long it will take; each the best first."""
    found: dict[str, None] = dict.fromkeys(filter(None, [_PROGRESS_BY_HAND.get((service, definition.operation))]))
    for argument in _arguments(definition):
        if argument.plain_path and output is not None:
            for prefix, holder, names in _holders(argument, output):
                found.update(dict.fromkeys(_progress_in(holder, prefix, names)))
    return [Expression(text) for text in sorted(found, key=is_estimate)]


def is_estimate(text: str) -> bool:
    """Whether the expression, one of ``progress_of``, selects the time that is left."""
    return _HOW_LONG.match(text.rpartition(".")[2]) is not None


def _progress_in(holder: Any, prefix: list[str], names: Sequence[str] = ()) -> Iterator[str]:
    for name, shape in holder.members.items():
        if name in names or shape.metadata.get("sensitive"):
            continue
        if shape.type_name in _SCALARS and (_HOW_FAR.search(name) or _HOW_LONG.match(name)):
            yield ".".join([*prefix, name])
        elif shape.type_name == "structure" and "progress" in name.casefold() and prefix[-1:] != [name]:
            yield from _progress_in(shape, [*prefix, name])


def _arguments(definition: Definition) -> list[Expression]:
    return list(dict.fromkeys(a.argument for a in definition.acceptors if a.argument is not None and not a.with_input))


def _beside(argument: Expression, output: Any) -> Iterator[str]:
    """Expressions for the reason-like members of the structures that hold the state, the innermost first."""
    for prefix, holder, names in _holders(argument, output):
        for name in sorted(holder.members, key=lambda member: _closeness(member, names)):
            if name not in names and _tells_why(name, holder.members[name]):
                yield ".".join([*prefix, name])


def _holders(argument: Expression, output: Any) -> Iterator[tuple[list[str], Any, list[str]]]:
    """The structures that hold the state, the innermost first: the path to each, itself, all names on the way."""
    pieces = argument.text.split(".")
    names = [re.sub(r"\W", "", piece) for piece in pieces]
    shapes = [output]
    for name in names[:-1]:
        member = _item(shapes[-1]).members.get(name) if _item(shapes[-1]).type_name == "structure" else None
        if member is None:
            return
        shapes.append(member)
    for depth in range(len(names) - 1, -1, -1):
        holder = _item(shapes[depth])
        if holder.type_name != "structure":
            return
        yield pieces[:depth], holder, names
        if depth and pieces[depth - 1] != names[depth - 1]:
            return  # the item of a list: what stands further out speaks of all of them


def _tells_why(name: str, shape: Any) -> bool:
    shape = _item(shape)
    if not _REASON.search(name) or _NO_REASON.search(name) or shape.metadata.get("sensitive"):
        return False
    if shape.type_name == "structure":
        return any(member.casefold() in _TEXTS for member in shape.members)
    return bool(shape.type_name == "string")


def _closeness(member: str, names: list[str]) -> tuple[bool, bool, bool]:
    """Reasons first, then what is called like the state (``StateReason`` for ``State.Name``), texts before codes."""
    folded = member.casefold()
    alike = any(folded.startswith(name.casefold()) for name in names)
    return "reason" not in folded, not alike, folded.endswith("code")


def _item(shape: Any) -> Any:
    return shape.member if shape.type_name == "list" else shape
