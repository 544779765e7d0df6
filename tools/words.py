# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a waiter does, in the words of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.describe import describe
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.text import listed


def change_in_words(change: Mapping[str, Any]) -> str:
    """How a correction changes the conditions or the timing, as the rest of a sentence that begins with "it"."""
    if change.get("gone"):
        return "succeeds when a resource that was seen is now missing"
    was, now = (_acceptor(change.get(key)) for key in ("was", "now"))
    if not was:
        return now or "; ".join(_timing(change))
    return f"{now}, and no longer {was}" if now else f"no longer {was}"


def budget(waiter: Mapping[str, Any]) -> str:
    """The default delay, attempts and limit: "5 s × 720 = 60 min"."""
    return f"{duration(waiter['delay'])} × {waiter['max_attempts']} = {duration(waiter['max_wait'])}"


def settling(timing: Mapping[str, Any]) -> str:
    """What ``initial_delay`` and ``consecutive`` ask for, as the rest of a sentence; empty if nothing."""
    initial_delay, consecutive = timing.get("initial_delay") or 0, timing.get("consecutive") or 1
    parts = [f"waits {duration(initial_delay)} before the first attempt"] if initial_delay else []
    if consecutive > 1:
        parts.append(f"must succeed {consecutive} times in a row")
    return listed(parts)


def duration(seconds: float) -> str:
    """A time in the largest unit that is whole: "45 s", "10 min", "8 h"."""
    hours, minutes = seconds / 3600, seconds / 60
    if hours >= 2 and hours == int(hours):
        return f"{hours:.0f} h"
    return f"{minutes:.0f} min" if minutes >= 2 and minutes == int(minutes) else f"{seconds:.0f} s"


def _acceptor(raw: Mapping[str, Any] | None) -> str:
    if raw is None:
        return ""
    definition = read_definition({"operation": "Any", "acceptors": [raw]}).definition
    return describe(definition.acceptors[0]) if definition else ""


def _timing(change: Mapping[str, Any]) -> Iterator[str]:
    if "delay" in change:
        yield f"polls every {duration(change['delay'])}"
    if "max_attempts" in change:
        yield f"makes up to {change['max_attempts']} attempts"
    if always := settling(change):
        yield always
    if "settle" in change:
        yield f"{settling(change['settle'])} after a change"
