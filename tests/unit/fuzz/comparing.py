# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What two runs of one wait must have in common, and the smallest example if they don't.

The rule. Sharing may delay an attempt, and a resource may have changed meanwhile. So the wait alone is let poll at the
times at which it polled among the others, none of which may be early: then both see the same states, and all that they
return must be the same. Where a request takes no time this is exact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from tests.unit.fuzz import together
from tests.unit.fuzz.cloud import Cloud

EPSILON = 1e-6
ROUNDED = 1e-3 + EPSILON


def comparable(ended: together.Ended) -> dict[str, Any]:
    """Everything that a result says about the resources, ignoring the order of lists, which AWS may change."""
    result = ended.result
    return {
        "outcome": result["outcome"],
        "attempts": result["attempts"],
        "error": result["error"] and result["error"]["code"],
        "matched": result["matched"],
        "resources": [(entry["id"], entry["outcome"], unordered(entry["observed"])) for entry in result["resources"]],
        "observed": unordered(result["observed"]),
        "response": unordered(result["response"]),
    }


def unordered(value: Any) -> Any:
    """The value with its lists sorted."""
    if isinstance(value, dict):
        return {name: unordered(member) for name, member in value.items()}
    if isinstance(value, list):
        return sorted(map(unordered, value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value


def differences(one: together.Ended, other: together.Ended) -> dict[str, tuple[Any, Any]]:
    """The differences between the two results."""
    first, second = comparable(one), comparable(other)
    return {name: (first[name], second[name]) for name in first if first[name] != second[name]}


def untimely(ended: together.Ended, late: float | None) -> list[str]:
    """Polls that came before their time, or later than ``late`` seconds after it, and attempts too few or too many."""
    polls, result = ended.polls, ended.result
    found = []
    for number, (asked, planned) in enumerate(zip(polls.asked, polls.planned, strict=True), start=1):
        if asked < planned - EPSILON:
            found.append(f"poll {number} at {asked:g} s comes before its time, {planned:g} s")
        if late is not None and asked > planned + late + EPSILON:
            found.append(f"poll {number} at {asked:g} s comes more than {late:g} s after its time, {planned:g} s")
    most, timeout = result["max_attempts"], result["timeout"]
    if most is not None and result["attempts"] > most:
        found.append(f"{result['attempts']} attempts, where {most} are allowed")
    if result["outcome"] == "timeout" and timeout is None and not polls.faults and result["attempts"] != most:
        found.append(f"timed out after {result['attempts']} of {most} attempts")
    if timeout is not None and result["elapsed"] > timeout + 1 + ROUNDED and timeout > 0:
        found.append(f"ended at {result['elapsed']:g} s, where timeout is {timeout:g} s")
    return found


Row = dict[str, Any]
Check = Callable[[Sequence[Row], Cloud], "str | None"]
"""What is wrong with these entries in this cloud, None if nothing is."""


def least(rows: Sequence[Row], cloud: Cloud, check: Check) -> tuple[list[Row], str | None]:
    """The smallest part of the entries that still goes wrong, and what is wrong with it."""
    rows, wrong = list(rows), check(rows, cloud)
    place = 0
    while wrong is not None and place < len(rows) and len(rows) > 1:
        fewer = rows[:place] + rows[place + 1 :]
        still = check(fewer, cloud)
        if still is None:
            place += 1
        else:
            rows, wrong = fewer, still
    return rows, wrong


def report(seed: str, rows: Sequence[Row], cloud: Cloud, wrong: str) -> str:
    """A readable difference, with everything needed to reproduce it."""
    asked = "".join(json.dumps(row, sort_keys=True, default=str) for row in rows)
    lines = [f"seed {seed!r}: {wrong}", "waits:"]
    lines += [f"  {number}: {json.dumps(row, default=str)}" for number, row in enumerate(rows)]
    for (service, operation), inventory in cloud.inventories.items():
        if not any(row["service"] == service for row in rows):
            continue
        lines.append(
            f"{service} {operation}: {inventory.page} a page, {len(inventory.others)} others, {inventory.text!r}"
        )
        lines += [
            f"  {resource.name} (Name {resource.tag}): {resource.life}"
            for resource in inventory.resources
            if any(json.dumps(name, sort_keys=True) in asked for name in inventory.api.spellings(resource))
        ]
        if inventory.denied or inventory.denies_listing:
            lines.append(
                f"  denied: {sorted(inventory.denied)}, listing: {inventory.denies_listing}, {inventory.denied_text!r}"
            )
    lines += [f"fault from {fault.since:g} to {fault.until:g} s: {fault.make()!r}" for fault in cloud.faults]
    return "\n".join(lines)
