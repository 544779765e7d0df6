# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From many outcomes to one result: the keys that ``wait_many`` documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._aws.response import json_safe
from .._definition.text import Room
from .._engine.groups import Figures, Policy
from .._engine.outcome import Ending, Outcome
from .._engine.schedule import Schedule
from .entries import Entry
from .messages import seconds
from .result import TOO_LARGE, Shares, result

if TYPE_CHECKING:
    from .diagnose import Why

MOST_TOLD = 10
LARGEST_RESULTS = LARGEST_RESPONSES = 10_000_000
"""Characters of the observed values and texts in all results together, and of all responses."""
WORST_FIRST = (Ending.FAILURE, Ending.ERROR, Ending.TIMEOUT, Ending.PENDING, Ending.CANCELLED, Ending.SUCCESS)


def summary(
    entries: Sequence[Entry],
    schedules: Sequence[Schedule],
    outcomes: Iterable[Outcome],
    policy: Policy,
    figures: Figures,
    elapsed: float,
    causes: Mapping[int, Why] | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """The result of all waits together, and warnings. ``causes``: why waits failed, by their indices."""
    shares = Shares(Room(LARGEST_RESULTS), Room(LARGEST_RESPONSES))
    results: list[dict[str, Any]] = []
    warnings: list[str] = []
    endings: list[Ending] = []
    left_out = 0
    rows = zip(entries, schedules, outcomes, figures.own, strict=True)
    for number, (entry, schedule, outcome, count) in enumerate(rows):
        shares.responses.was_short = False
        found, warned = result(entry.request, schedule, outcome, count, shares, (causes or {}).get(number))
        if shares.responses.was_short:
            left_out += 1
        endings.append(outcome.ending)
        found.pop("changed")
        binding = entry.request.binding
        results.append(
            {
                "index": number,
                "name": entry.name or binding.label,
                "region": entry.request.client.meta.region_name,
                "profile": entry.profile,
                "params": shares.observed.value(json_safe(binding.given, binding.operation_model.input_shape)),
                **found,
            }
        )
        warnings.extend(warned)
    if left_out:
        warnings.append(
            f"The responses of {left_out:,} waits are omitted, because together they would exceed"
            f" {LARGEST_RESPONSES:,} characters."
        )
    if shares.observed.was_short:
        warnings.append(TOO_LARGE.format(LARGEST_RESULTS))
    tally = Counter(endings)
    calls = figures.total + sum(why.calls for why in (causes or {}).values())
    separate = sum(figures.separate)
    ending = _ending(tally, policy)
    return {
        "changed": False,
        "outcome": ending.value,
        "msg": _message(ending, tally, results, [entry.name for entry in entries], policy, calls, separate, elapsed),
        "results": results,
        "summary": {ending.value: tally[ending] for ending in WORST_FIRST if tally[ending]},
        "calls": calls,
        "calls_saved": max(0, separate - calls),
        "elapsed": round(elapsed, 3),
    }, warnings


def _ending(tally: Counter[Ending], policy: Policy) -> Ending:
    """Success if enough waits have succeeded, else the worst outcome of any wait."""
    if tally[Ending.SUCCESS] >= policy.required:
        return Ending.SUCCESS
    return next(ending for ending in WORST_FIRST if tally[ending])


def _message(
    ending: Ending,
    tally: Counter[Ending],
    results: Sequence[dict[str, Any]],
    names: Sequence[str | None],
    policy: Policy,
    calls: int,
    separate: int,
    elapsed: float,
) -> str:
    total, succeeded = sum(tally.values()), tally[Ending.SUCCESS]
    saved = f", {separate - calls} saved" if separate > calls else ""
    requests = f"{calls} request{'s' if calls != 1 else ''}{saved}"
    is_short = ending is not Ending.SUCCESS and policy.required != total
    required = f" ({policy.required} required)" if is_short else ""
    head = f"{succeeded} of {total} waits succeeded{required} in {seconds(elapsed)} ({requests})."
    if ending is Ending.SUCCESS:
        return head
    bad = [
        entry
        for worse in WORST_FIRST
        if worse not in (Ending.SUCCESS, Ending.CANCELLED)
        for entry in results
        if entry["outcome"] == worse.value
    ]
    told = [_named(names[entry["index"]], entry["msg"]) for entry in bad[:MOST_TOLD]]
    left = [f"And {len(bad) - MOST_TOLD} more."] if len(bad) > MOST_TOLD else []
    cancelled = [f"{tally[Ending.CANCELLED]} cancelled."] if tally[Ending.CANCELLED] else []
    return " ".join([head, *told, *left, *cancelled])


def _named(name: str | None, message: str) -> str:
    """The message of an entry under the name that the user gave it."""
    return f"{name}: {message}" if name else message
