# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws docs/timing.svg, which shows when waits poll, by running them on a simulated clock: ``make timing``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.events import AfterAttempt, Event, Faulted
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Decision
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Ending
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    ErrorKind,
    PollResult,
    ServiceError,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import wait_spec
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import read_request
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import whole

READY = 70.0
STORM = (20.0, 60.0)
LAST = 100.0


class Wait(NamedTuple):
    """The timing options of a task; during ``storm``, AWS throttles."""

    options: Mapping[str, Any]
    storm: bool = False

    @property
    def label(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self.options.items())


WAITS = [
    Wait({"delay": 15}),
    Wait({"delay": 5, "backoff": "exponential", "max_delay": 30}),
    Wait({"delay": 15, "initial_delay": 40}),
    Wait({"delay": 15, "max_attempts": 4}),
    Wait({"delay": 15, "timeout": 55}),
    Wait({"delay": 10, "consecutive": 3}),
    Wait({"delay": 4, "max_attempts": 12}, storm=True),
]


class Poll(NamedTuple):
    """One request: its time and its result, ``not yet``, ``ready`` or ``fault``."""

    at: float
    kind: str


class Course(NamedTuple):
    """The outcome of a wait."""

    wait: Wait
    polls: Sequence[Poll]
    ending: Ending
    elapsed: float


def run(wait: Wait, models: Models) -> Course:
    """Run the wait for an instance that runs after READY seconds; no request takes any time."""
    service_model = models.service_model("ec2")
    client = SimpleNamespace(meta=SimpleNamespace(service_model=service_model))
    args = {name: option.get("default") for name, option in wait_spec().items()}
    asked = {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}, "jitter": False}
    request = read_request({**args, **asked, **wait.options}, models, lambda *_place: client)
    now, polls = 0.0, []

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def poll(_budget: float | None) -> PollResult:
        if wait.storm and STORM[0] <= now < STORM[1]:
            return PollResult({}, 503, ServiceError("RequestLimitExceeded", "", ErrorKind.THROTTLED, 503))
        state = "running" if now >= READY else "pending"
        return PollResult({"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": state}}]}]}, 200)

    def listen(event: Event) -> None:
        if isinstance(event, AfterAttempt):
            polls.append(Poll(now, "ready" if event.verdict.decision is Decision.SUCCESS else "not yet"))
        elif isinstance(event, Faulted):
            polls.append(Poll(now, "fault"))

    loop = request.prepare(models, lambda: client).loop(lambda: now, lambda: 1.0)
    outcome = run_wait(loop, poll, sleep, [listen])
    return Course(wait, polls, outcome.ending, outcome.elapsed)


def courses(models: Models) -> list[Course]:
    return [run(wait, models) for wait in WAITS]


def table(found: Sequence[Course]) -> str:
    """The same as a table in Markdown."""
    rows = ["| task options | polls at (seconds) | outcome |", "| --- | --- | --- |"]
    for course in found:
        times = ", ".join(f"({poll.at:g})" if poll.kind == "fault" else f"{poll.at:g}" for poll in course.polls)
        rows.append(f"| `{course.wait.label}` | {times} | {course.ending.value} at {course.elapsed:g} s |")
    return "\n".join(rows)


# --- the drawing

LEFT, SCALE, TOP, ROW = 352, 5.0, 40, 34
STYLE = """
svg { background: #ffffff; color: #1f2328 }
text { fill: currentColor; font: 13px sans-serif }
.code { font-family: monospace; font-size: 12px }
.rule { stroke: currentColor; stroke-opacity: .18 }
.life { stroke: currentColor; stroke-opacity: .5; stroke-width: 2 }
.wait { fill: #ffffff; stroke: #57606a; stroke-width: 2 }
.ready { fill: #1a7f37; stroke: #1a7f37; stroke-width: 2 }
.fault { fill: #bf8700; stroke: #bf8700; stroke-width: 2 }
.over { stroke: #cf222e; stroke-width: 3 }
.storm { fill: #bf8700; fill-opacity: .15 }
.there { fill: #1a7f37; fill-opacity: .1 }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; color: #e6edf3 }
.wait { fill: #0d1117; stroke: #8b949e }
.ready { fill: #3fb950; stroke: #3fb950 }
.fault, .storm { fill: #d29922; stroke: #d29922 }
.storm { stroke: none }
.over { stroke: #f85149 }
.there { fill: #3fb950 }
}
"""
MARKS = {"not yet": "wait", "ready": "ready", "fault": "fault"}
LEGEND = [("wait", "not yet"), ("ready", "running"), ("fault", "throttled"), ("over", "timed out")]


def svg(found: Sequence[Course]) -> str:
    """The picture."""
    height = TOP + ROW * len(found) + 60
    width = LEFT + LAST * SCALE + 30
    size = f'viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}"'
    title = "When waits poll, depending on the task's options. The table below has the same figures, without jitter"
    body = [*_frame(len(found)), *(line for number, course in enumerate(found) for line in _row(number, course))]
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">', f"<title>{title}</title>"]
    return "\n".join([*lines, f"<style>{STYLE}</style>", *body, *_legend(height - 14), "</svg>", ""])


def _x(seconds: float) -> float:
    return LEFT + seconds * SCALE


def _frame(rows: int) -> Iterator[str]:
    bottom = TOP + ROW * rows
    there = f'x="{_x(READY):g}" y="{TOP - 14}" width="{(LAST - READY) * SCALE + 10:g}" height="{bottom - TOP + 14}"'
    yield f'<rect class="there" {there}/>'
    yield _text(_x(READY) + 4, TOP - 20, "the instance is running")
    for seconds in range(0, int(LAST) + 1, 10):
        yield f'<path class="rule" d="M{_x(seconds):g} {TOP - 14}V{bottom}"/>'
        yield _text(_x(seconds), bottom + 18, f"{seconds}", 'text-anchor="middle"')
    yield _text(LEFT - 10, bottom + 18, "seconds", 'text-anchor="end"')


def _row(number: int, course: Course) -> Iterator[str]:
    y = TOP + ROW * number + ROW // 2 - 8
    yield _text(12, y + 4, course.wait.label, 'class="code"')
    if course.wait.storm:
        start, end = map(_x, STORM)
        yield f'<rect class="storm" x="{start:g}" y="{y - 13}" width="{end - start:g}" height="26"/>'
    yield f'<path class="life" d="M{_x(0):g} {y}H{_x(course.elapsed):g}"/>'
    for poll in course.polls:
        yield _mark(MARKS[poll.kind], _x(poll.at), y)
    if course.ending is Ending.TIMEOUT:
        yield _mark("over", _x(course.elapsed) + 16, y)


def _mark(kind: str, x: float, y: float) -> str:
    """The marks differ in shape as well as colour, for readers who can't distinguish colours."""
    shapes = {
        "wait": f'<circle class="wait" cx="{x:g}" cy="{y:g}" r="5"/>',
        "ready": f'<circle class="ready" cx="{x:g}" cy="{y:g}" r="5"/>',
        "fault": f'<path class="fault" d="M{x:g} {y - 5:g}l5 9h-10z"/>',
        "over": f'<path class="over" d="M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10"/>',
    }
    return shapes[kind]


def _legend(y: int) -> Iterator[str]:
    for number, (kind, label) in enumerate(LEGEND):
        x = LEFT + number * 110
        yield _mark(kind, x, y - 4)
        yield _text(x + 12, y, label)


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {more}>{escape(text)}</text>'.replace(" >", ">")


if __name__ == "__main__":
    Path("docs/timing.svg").write_text(svg(courses(Models(Catalog.of(whole())))), encoding="utf-8")
