# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait shows of a response (state, reason, progress), derived from the service model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from .._definition.expression import Expression
from .._definition.model import Definition, State
from .._definition.observed import compared_path
from .shapes import item_or_self, members_of


def _counted(done: str, total: str, what: str) -> str:
    """An expression that returns "3 of 10 tasks", or null if there are no counts."""
    so_far = f"to_string(not_null({done}, `0`))"
    return f"{total} && join('', [{so_far}, ' of ', to_string({total}), ' {what}'])"


def _ended(containers: str, name: str = "") -> str:
    """An expression for why containers ended: "container app: OutOfMemoryError: …, exit code 137"."""
    has_code = "exitCode != `null` && exitCode != `0`"
    code = f"{has_code} && join('', ['exit code ', to_string(exitCode)])"
    why = f"join(', ', [reason, {code}][?@])"
    text = f"join('', ['container ', not_null({name}, '?'), ': ', {why}])" if name else why
    return f"({containers})[?reason || {has_code}].{text}"


# For states that aren't a member: a service is stable when its counts, deployments and task sets are.
_SHOW_BY_HAND = {
    ("autoscaling", "DescribeAutoScalingGroups"): (
        "AutoScalingGroups[].join('', [to_string(sum(not_null(Instances, `[]`)[?LifecycleState=='InService' &&"
        " HealthStatus=='Healthy'].to_number(not_null(WeightedCapacity, '1')))), ' of ', to_string(DesiredCapacity),"
        " ' in service'])"
    ),
    ("autoscaling", "DescribeInstanceRefreshes"): "InstanceRefreshes[0].Status",
    ("ecs", "DescribeServices"): (
        "services[].join('', [to_string(runningCount), ' of ', to_string(desiredCount), ' running',"
        " taskSets && join('', [', task sets ', join(' and ', taskSets[].join(' ', [status, stabilityStatus][?@]))])"
        " || join('', [' in ', to_string(length(not_null(deployments, `[]`))), ' deployment(s)'])])"
    ),
    ("glue", "GetCrawler"): "Crawler && join(', last crawl ', [Crawler.State, Crawler.LastCrawl.Status][?@])",
}
_JOB = (
    f"jobs[].[statusReason, {_ended('[container]')},"
    f" {_ended('ecsProperties.taskProperties[].containers[]', 'name')},"
    f" {_ended('eksProperties.podProperties.containers[]', 'name')},"
    f" attempts[].[statusReason, {_ended('[container]')}, {_ended('taskProperties[].containers[]', 'name')}]][][][]"
)
_COMMAND = (
    "[StatusDetails != Status && StatusDetails, StandardErrorContent,"
    " ResponseCode > `0` && join('', ['exit code ', to_string(ResponseCode)])][?@]"
)
# For reasons that aren't next to the state, or are in several places that belong together.
_REASONS_BY_HAND = {
    ("autoscaling", "DescribeInstanceRefreshes"): ("InstanceRefreshes[0].StatusReason",),
    ("batch", "DescribeJobs"): (_JOB,),
    ("ecs", "DescribeServices"): (
        "failures[].{reason: reason, detail: detail}",
        "services[].deployments[].rolloutStateReason",
        "services[].events[0].message",
    ),
    ("ecs", "DescribeTasks"): (
        "failures[].{reason: reason, detail: detail}",
        f"tasks[].[stoppedReason, {_ended('containers', 'name')}]",
    ),
    ("elb", "DescribeInstanceHealth"): ("InstanceStates[].{ReasonCode: ReasonCode, Description: Description}",),
    ("ssm", "GetCommandInvocation"): (_COMMAND,),
}
# For progress that only counts show, or that isn't next to the state.
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
# Similar names that are no reason: what to do on a failure, a link, or an error that is not about the state.
_NO_REASON = re.compile(r"On(Stack)?Failure$|Url$|^Tags|^redrive")
_HOW_FAR = re.compile(
    r"(?<!in)progress(percent(age)?|inmegabytes)?$|percent(age)?(complete|done|progress)$", re.IGNORECASE
)
_HOW_LONG = re.compile(r"^estimated(time|seconds)tocompletion", re.IGNORECASE)
_SCALARS = frozenset({"string", "integer", "long", "float", "double"})
# The names of members that form one reason together, from the code to the text.
_RANKS = (
    re.compile(
        r"^(code|type)$|(reason|error|exception|failure|status|state|message)code$|(error|exception|failure)(type|name)$",
        re.IGNORECASE,
    ),
    re.compile(r"reason$", re.IGNORECASE),
    re.compile(r"(message|cause|description|detail|errorstring)s?$", re.IGNORECASE),
)
# These are a reason only together with others; the second pattern applies if a member names a resource.
_VAGUE = re.compile(r"^(code|description|details?)$|(status|state)code$", re.IGNORECASE)
_STATE_CODE = re.compile(r"(status|state)code$", re.IGNORECASE)
_OWN_STATE = re.compile(r"^(state|status|lifecycle|type)$", re.IGNORECASE)
_NAMES_RESOURCE = re.compile(r"(id|arn|name|identifier)$", re.IGNORECASE)
_KIND = re.compile(r"(code|type|name|reason|message|cause|description|detail|string)s?$", re.IGNORECASE)


@lru_cache(maxsize=256)
def show_of(definition: Definition, service: str) -> Expression | None:
    """The expression for the state; None if the acceptors read only errors and HTTP statuses."""
    arguments = _arguments(definition)
    plain = [argument for argument in arguments if argument.plain_path]
    success = _arguments(definition, State.SUCCESS)
    if success and success[0].plain_path:
        return success[0]
    by_hand = _SHOW_BY_HAND.get((service, definition.operation))
    if by_hand is not None:
        return Expression(by_hand)
    if success and success[0].member_path is not None:
        plain.sort(key=lambda argument: argument.plain_path != success[0].member_path)
    wanted = success[0].roots if success else frozenset()
    same_root = [argument for argument in plain if argument.roots & wanted]
    return next(iter(same_root or plain or arguments), None)


@lru_cache(maxsize=256)
def reasons_of(definition: Definition, service: str, output: Any) -> list[Expression]:
    """Expressions for AWS's reason, best first: the definition's ``message``, else members next to the states."""
    if definition.message is not None:
        return [definition.message]
    found: dict[str, None] = dict.fromkeys(_REASONS_BY_HAND.get((service, definition.operation), ()))
    for argument in _arguments(definition):
        if argument.plain_path and output is not None:
            found.update(dict.fromkeys(_beside(argument, output)))
    return [Expression(text) for text in found]


def masked_reasons_of(definition: Definition, output: Any) -> list[Expression]:
    """Expressions for reasons next to the states that the model marks as sensitive, so that only a mask is shown."""
    found: dict[str, None] = {}
    for argument in _arguments(definition):
        if argument.plain_path and output is not None:
            for prefix, holder, _names in _holders(argument, output):
                names = [name for name, shape in holder.members.items() if _is_secret(shape) and _tells_why(name)]
                found.update({".".join([*prefix, f"[{', '.join(names)}]"]): None} if names else {})
    return [Expression(text) for text in found]


def progress_of(definition: Definition, service: str, output: Any) -> list[Expression]:
    """Expressions for the progress, followed by those for the time left, each best first."""
    found: dict[str, None] = dict.fromkeys(filter(None, [_PROGRESS_BY_HAND.get((service, definition.operation))]))
    for argument in _arguments(definition):
        if argument.plain_path and output is not None:
            for prefix, holder, names in _holders(argument, output):
                found.update(dict.fromkeys(_progress_in(holder, prefix, names)))
    return [Expression(text) for text in sorted(found, key=is_estimate)]


def is_estimate(text: str) -> bool:
    """Whether the expression, one of ``progress_of``, selects the time left."""
    return _HOW_LONG.match(text.rpartition(".")[2]) is not None


def _progress_in(holder: Any, prefix: list[str], names: Sequence[str] = ()) -> Iterator[str]:
    for name, shape in holder.members.items():
        if name in names or shape.metadata.get("sensitive"):
            continue
        if shape.type_name in _SCALARS and (_HOW_FAR.search(name) or _HOW_LONG.match(name)):
            yield ".".join([*prefix, name])
        elif shape.type_name == "structure" and "progress" in name.casefold() and prefix[-1:] != [name]:
            yield from _progress_in(shape, [*prefix, name])


def _arguments(definition: Definition, *states: State) -> list[Expression]:
    """The arguments of the acceptors; for a comparison with a literal, the path that is compared."""
    arguments = [
        acceptor.argument
        for acceptor in definition.acceptors
        if acceptor.argument is not None and not acceptor.with_input and (not states or acceptor.state in states)
    ]
    return list(dict.fromkeys(compared_path(argument) or argument for argument in arguments))


def _beside(argument: Expression, output: Any) -> Iterator[str]:
    """Expressions for the reasons in the structures that contain the state, the innermost first."""
    for prefix, holder, names in _holders(argument, output):
        yield from (".".join([*prefix, text]) for text in _reasons_in(holder, names))


def _reasons_in(holder: Any, names: Sequence[str]) -> list[str]:
    """The members with reasons; those that form one reason are combined. ``names``: the path of the state."""
    others = {name: shape for name, shape in holder.members.items() if name not in names and not _is_secret(shape)}
    told = [name for name, shape in others.items() if _tells_why(name) and item_or_self(shape).type_name == "string"]
    texts = [name for name in told if others[name].type_name == "string"]
    vague = _STATE_CODE if any(_NAMES_RESOURCE.search(name) for name in holder.members) else _VAGUE
    texts += [name for name, shape in others.items() if vague.search(name) and shape.type_name == "string"]
    groups = [group for group in _together(dict.fromkeys(texts)) if _is_pair(group) or not _VAGUE.search(group[0])]
    groups += [[name] for name in told if name not in texts]
    found = {_selection(group): group for group in groups}
    found.update({text: [name] for name, shape in others.items() for text in _in_structure(name, shape)})
    places = {name: place for place, name in enumerate(others)}
    return sorted(found, key=lambda text: min((_closeness(name, names), places[name]) for name in found[text]))


def _in_structure(name: str, shape: Any, inner: bool = False) -> Iterator[str]:
    """The reason in a structure or a list of structures: ``StateReason``, ``{Code, Message}``."""
    structure = item_or_self(shape)
    if structure.type_name != "structure" or _NO_REASON.search(name) or _is_secret(shape) or _is_secret(structure):
        return
    own = {member: of for member, of in structure.members.items() if not _is_secret(of)}
    group = sorted(
        (m for m, of in own.items() if item_or_self(of).type_name == "string" and _rank(m) is not None), key=_order
    )
    path = name if structure is shape else f"{name}[]"
    named = any(_NAMES_RESOURCE.search(m) for m in structure.members if m not in group)
    is_about_state = _is_pair(group) and not named and not any(_OWN_STATE.search(m) for m in structure.members)
    if is_about_state or (_tells_why(name) and group and _order(group[-1]) > 0):
        yield f"{path}.{_selection(group)}"
    elif not inner and not named and structure is shape:
        yield from (f"{path}.{text}" for m, of in own.items() for text in _in_structure(m, of, inner=True))


def _together(names: Iterable[str]) -> list[list[str]]:
    """Groups of members, the code first: members with the same stem, and a single code with a single text."""
    by_stem: dict[str, list[str]] = {}
    for name in names:
        by_stem.setdefault(_stem(name), []).append(name)
    groups = [sorted(group, key=_order) for group in by_stem.values()]
    codes = [group for group in groups if _order(group[-1]) == 0]
    texts = [group for group in groups if _order(group[0]) > 0]
    if len(codes) == len(texts) == 1:
        return [[*codes[0], *texts[0]], *(group for group in groups if group not in (*codes, *texts))]
    return groups


def _selection(group: Sequence[str]) -> str:
    return group[0] if len(group) == 1 else f"{{{', '.join(f'{name}: {name}' for name in group)}}}"


def _is_pair(group: Sequence[str]) -> bool:
    """Whether the sorted group has a code and a text."""
    return bool(group) and _order(group[0]) < _order(group[-1])


def _rank(name: str) -> int | None:
    return next((rank for rank, pattern in enumerate(_RANKS) if pattern.search(name)), None)


def _order(name: str) -> int:
    """0 for a code, 1 for a reason (may be either), 2 for a text."""
    rank = _rank(name)
    return len(_RANKS) - 1 if rank is None else rank


def _stem(name: str) -> str:
    """The common part of the names in one reason: ``StateReason`` and ``StateReasonCode`` → ``state``."""
    while (shorter := _KIND.sub("", name)) != name:
        name = shorter
    return name.casefold()


def _holders(argument: Expression, output: Any) -> Iterator[tuple[list[str], Any, list[str]]]:
    """The structures that contain the state, innermost first: the path, the shape, and the names of the whole path."""
    pieces = argument.text.split(".")
    names = [re.sub(r"\W", "", piece) for piece in pieces]
    shapes = [output]
    for name in names[:-1]:
        member = members_of(item_or_self(shapes[-1])).get(name)
        if member is None:
            return
        shapes.append(member)
    for depth in range(len(names) - 1, -1, -1):
        holder = item_or_self(shapes[depth])
        if holder.type_name != "structure":
            return
        yield pieces[:depth], holder, names
        if depth and pieces[depth - 1] != names[depth - 1]:
            return  # the item of a list: members further out are about all items


def _tells_why(name: str) -> bool:
    return bool(_REASON.search(name)) and not _NO_REASON.search(name)


def _is_secret(shape: Any) -> bool:
    return bool(shape.metadata.get("sensitive"))


def _closeness(member: str, names: Sequence[str]) -> tuple[bool, bool, bool]:
    """Reasons first, then names like the state's (``StateReason`` for ``State.Name``), texts before codes."""
    folded = member.casefold()
    alike = any(folded.startswith(name.casefold()) for name in names)
    return "reason" not in folded, not alike, folded.endswith("code")
