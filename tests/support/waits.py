# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of waits, as modules return them, and waits of a report."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudwait.aws.plugins.plugin_utils._report_waits import Fault, Source, State, Wait

SOURCE = Source("web1", "Deploy", "Wait until the instances run", 10.0, 100.0)
WAIT = Wait("web1", "Deploy", "Start", "ec2 instance_running: i-1", "success", 10.0, 31.0, "It runs.", 3)


def timeline(*states: tuple[float, Any]) -> list[dict[str, Any]]:
    return [{"elapsed": at, "attempt": number, "observed": seen} for number, (at, seen) in enumerate(states, 1)]


def result(**more: Any) -> dict[str, Any]:
    """The result of ``wait``, as far as reports read it."""
    return {
        "outcome": "success",
        "msg": "ec2 instance_running: i-1 is 'running' after 3 polls in 31 s (throttled once).",
        "service": "ec2",
        "waiter": "instance_running",
        "operation": "DescribeInstances",
        "attempts": 3,
        "calls": 4,
        "elapsed": 31.0,
        "resources": [{"id": "i-1", "outcome": "success", "observed": "running", "reason": None}],
        "timeline": timeline((0.0, ["pending"]), (31.0, ["running"])),
        "transient": {"throttled": 1, "server": 0, "connection": 0},
        **more,
    }


def many(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The result of ``wait_many``."""
    return {"outcome": "success", "msg": "", "elapsed": 40.0, "calls": 8, "calls_saved": 5, "results": entries, **more}


HOSTILE = "</style></title><script src=//evil.example/x.js></script><img src=x onerror=alert(1)>\"'\u202e"


def waits() -> list[Wait]:
    """Some of each kind."""
    changes = (State(0.0, "pending ×2"), State(20.0, "pending ×1, running ×1"), State(31.0, "running ×2"))
    faults = (Fault(5.0, "throttled", "RequestLimitExceeded: Slow down."), Fault(9.0, "server", "InternalError"))
    return [
        WAIT._replace(states=changes, faults=faults, transient={"throttled": 1, "server": 1}, calls=5),
        WAIT._replace(
            what="rds db_instance_available: orders",
            outcome="timeout",
            elapsed=600.0,
            message="rds db_instance_available timed out: orders is still 'modifying'.",
            states=(State(0.0, "creating"), State(200.0, "modifying")),
            transient={"connection": 2},
        ),
        WAIT._replace(host="web2", outcome="failure", message=HOSTILE, states=(State(0.5, HOSTILE),), what=HOSTILE),
        WAIT._replace(host="web2", outcome="hidden", message="The task sets no_log.", what="Secret", polls=None),
        WAIT._replace(host="db", play="Check", outcome="pending", began=700.0, elapsed=0.2),
        WAIT._replace(host="gone", play="Check", outcome="unreachable", began=702.0, elapsed=3.0, polls=None),
    ]
