# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a report: a timeline with a bar for each wait. It needs no script, and loads nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple, TypeVar

from ..module_utils._definition.text import cut
from ._report_style import STYLE
from ._report_table import counted, length, totals
from ._report_waits import HIDDEN, SUCCESS, Fault, State, Wait

MOST_WAITS = 2_000
MOST_BARS, LEAST_BARS, MOST_OF_ONE = 4_000, 4, 100
"""States, and as many transient errors: on the whole page, and of each wait at least and at most."""
MOST_TEXT, LEAST_TEXT = 600_000, 300
"""Characters of messages: on the whole page, and of each wait at least."""
COLOURS = 7
"""States with a colour of their own: those that lasted longest."""
LONGEST_TIP = 300
MOST_TICKS = 8
STEPS = (
    0.02,
    0.05,
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1_800,
    3_600,
    7_200,
    14_400,
    43_200,
    86_400,
)
FAULTS = {"throttled": ("▲", "throttled"), "server": ("■", "server error"), "connection": ("●", "no response")}
UNKNOWN_FAULT = ("◆", "transient error")
BEFORE, OTHERS = "no response yet", "other states"
UNKNOWN = (BEFORE, HIDDEN)
LAST_TICK = 0.92
"""The part of the whole width after which a tick has no room for its text."""
SHORTEST = 0.01
"""Seconds that a state must last to be drawn."""
WIDE = 0.05
"""The part of the whole width that a bar needs to show its text."""
# nothing is loaded and no script runs, whatever a text from AWS holds
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


Event = TypeVar("Event", State, Fault)


class _Scale(NamedTuple):
    """From seconds since the start of the run to percent of the width."""

    origin: float
    span: float

    def at(self, seconds: float) -> str:
        return self.wide(seconds - self.origin)

    def wide(self, seconds: float) -> str:
        return f"{100 * min(max(seconds / self.span, 0.0), 1.0):.2f}%"

    @property
    def step(self) -> float:
        days = STEPS[-1] * (1 + self.span // (STEPS[-1] * MOST_TICKS))
        return next((step for step in STEPS if self.span / step <= MOST_TICKS), days)


def page(waits: Sequence[Wait], title: str, started: str) -> str:
    """The HTML of the page. ``started``: when the run began, as text."""
    shown = sorted(waits, key=lambda wait: -wait.elapsed)[:MOST_WAITS]
    origin = min(wait.began for wait in shown)
    scale = _Scale(origin, max(0.1, max(wait.began + wait.elapsed for wait in shown) - origin))
    return "".join(_page(waits, shown, scale, title, started))


def _page(waits: Sequence[Wait], shown: Sequence[Wait], scale: _Scale, title: str, started: str) -> Iterator[str]:
    most = max(LEAST_BARS, min(MOST_BARS // len(shown), MOST_OF_ONE))
    longest = max(LEAST_TEXT, MOST_TEXT // len(shown))
    classes = _classes(shown)
    hosts = len({wait.host for wait in waits})
    scope = f"{counted(len(waits), 'wait')} on {counted(hosts, 'host')} in {length(scale.span)}"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n'
    yield f"<title>Waits of {escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<article>\n"
    yield f"<h1>Waits of {escape(title)}</h1>\n"
    yield f'<p class="facts">{escape(started)}: {scope}: {escape(totals(waits))}</p>\n'
    if len(shown) < len(waits):
        yield f"<p>Left out: {counted(len(waits) - len(shown), 'shorter wait')}.</p>\n"
    yield from _legend(shown, classes)
    if len({wait.is_problem for wait in shown}) > 1:
        yield '<label><input type="checkbox" id="problems"> Only problems</label>\n'
    yield from _axis(scale)
    in_order = sorted(shown, key=lambda wait: wait.began)
    plays = list(dict.fromkeys(wait.play for wait in in_order))
    for play, held in groupby(sorted(in_order, key=lambda wait: plays.index(wait.play)), key=lambda wait: wait.play):
        if len(plays) > 1:
            yield f"<h2>{escape(play)}</h2>\n"
        for wait in held:
            yield from _row(wait._replace(message=cut(wait.message, longest)), scale, classes, most)
    yield "</article>\n</body>\n</html>\n"


def _classes(waits: Iterable[Wait]) -> dict[str, str]:
    """The CSS class of each state that has a colour of its own."""
    lasted: Counter[str] = Counter()
    for wait in waits:
        for begin, end, text in _spans(wait, wait.states):
            lasted[text] += max(1, round(1_000 * (end - begin)))
    for text in UNKNOWN:
        lasted.pop(text, None)
    return {text: f"s{number}" for number, (text, _time) in enumerate(lasted.most_common(COLOURS), 1)}


def _spans(wait: Wait, states: Sequence[State]) -> Iterator[tuple[float, float, str]]:
    """What was known of a wait, from when until when."""
    known = list(states)
    if not known or known[0].elapsed > 0:
        known.insert(0, State(0.0, HIDDEN if wait.outcome == HIDDEN else BEFORE))
    ends = [*(state.elapsed for state in known[1:]), wait.elapsed]
    for state, end in zip(known, ends, strict=True):
        if end - state.elapsed > SHORTEST:  # the last state is often seen at the very end, where the outcome stands
            yield state.elapsed, end, state.text


def _legend(waits: Sequence[Wait], classes: dict[str, str]) -> Iterator[str]:
    spans = [text for wait in waits for _begin, _end, text in _spans(wait, wait.states)]
    swatches = dict(classes)
    swatches |= {text: "s0" for text in UNKNOWN if text in spans}
    if any(text not in swatches for text in spans):
        swatches[OTHERS] = "s8"
    kinds = {kind for wait in waits for kind in wait.transient}
    yield '<ul class="legend" aria-label="Legend">\n'
    for text, name in swatches.items():
        yield f'<li><span class="swatch {name}"></span>{escape(text)}</li>\n'
    for kind, (sign, words) in FAULTS.items():
        if kind in kinds:
            yield f"<li>{sign} {words}</li>\n"
    yield "</ul>\n"


def _axis(scale: _Scale) -> Iterator[str]:
    yield f'<div class="axis cells" aria-hidden="true" style="--step:{scale.wide(scale.step)}"><span class="lane">'
    for number in range(int(LAST_TICK * scale.span / scale.step) + 1):
        seconds = number * scale.step
        yield f'<i style="left:{scale.wide(seconds)}">{_short(seconds)}</i>'
    yield "</span></div>\n"


def _short(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 60 else length(seconds).replace(" 0 s", "").replace(" 0 min", "")


def _row(wait: Wait, scale: _Scale, classes: dict[str, str], most: int) -> Iterator[str]:
    tone = "bad" if wait.is_problem else "good" if wait.outcome == SUCCESS else "calm"
    counts = "".join(f" {_sign(kind)[0]}\u202f{count}" for kind, count in wait.transient.items())
    yield f'<details class="wait{"" if wait.is_problem else " fine"}">\n<summary class="cells">'
    yield f'<span class="what"><b>{escape(wait.host)}</b> {escape(wait.what)}</span>'
    yield f'<span class="end"><span class="{tone}">{escape(wait.outcome)}</span> {length(wait.elapsed)}{counts}</span>'
    tip = escape(cut(wait.message, LONGEST_TIP))
    yield f'<span class="lane" style="--step:{scale.wide(scale.step)}" title="{tip}" aria-hidden="true">'
    states, faults = _some(wait.states, most), _some(wait.faults, most)
    for begin, end, text in _spans(wait, states):
        name = classes.get(text, "s0" if text in UNKNOWN else "s8")
        place = f"left:{scale.at(wait.began + begin)};width:{scale.wide(end - begin)}"
        tip, shown = (
            escape(f"{text}, {length(begin)} to {length(end)}"),
            text if end - begin > WIDE * scale.span else "",
        )
        yield f'<i class="bar {name}" style="{place}" title="{tip}">{escape(shown)}</i>'
    for fault in faults:
        place = f"left:{scale.at(wait.began + fault.elapsed)}"
        yield f'<i class="fault" style="{place}" title="{escape(_told(fault))}">{_sign(fault.kind)[0]}</i>'
    sign = {"good": "✓", "bad": "✗", "calm": "–"}[tone]
    yield f'<b class="cap {tone}" style="left:{scale.at(wait.began + wait.elapsed)}">{sign}</b></span></summary>\n'
    yield from _more(wait, states, faults, scale.origin)
    yield "</details>\n"


def _more(wait: Wait, states: Sequence[State], faults: Sequence[Fault], origin: float) -> Iterator[str]:
    """What is shown when a wait is opened."""
    begin = wait.began - origin
    facts = [f"{length(begin)} to {length(begin + wait.elapsed)}"]
    facts += [] if wait.polls is None else [counted(wait.polls, "poll")]
    facts += [f"{count:,} × {_sign(kind)[1]}" for kind, count in wait.transient.items()]
    facts += [f"its task sent {counted(wait.calls, 'request')} and saved {wait.saved:,}"] if wait.saved else []
    yield f'<div class="more"><p class="message">{escape(wait.message)}</p>\n'
    yield f'<p class="facts">{escape(wait.task)}: {", ".join(facts)}</p>\n'
    rows = [*((state.elapsed, state.text) for state in states), *((fault.elapsed, _told(fault)) for fault in faults)]
    if rows:
        yield "<table><tr><th>after</th><th>seen</th></tr>\n"
        for elapsed, text in sorted(rows):
            yield f"<tr><td>{length(elapsed)}</td><td>{escape(text)}</td></tr>\n"
        yield "</table>\n"
        if left := len(wait.states) + len(wait.faults) - len(rows):
            yield f"<p>Left out: {left:,} more.</p>\n"
    yield "</div>\n"


def _some(events: Sequence[Event], most: int) -> Sequence[Event]:
    """At most so many: the first and the last."""
    kept = list(events)
    return kept if len(kept) <= most else kept[: most // 2] + kept[-(most - most // 2) :]


def _sign(kind: str) -> tuple[str, str]:
    return FAULTS.get(kind, UNKNOWN_FAULT)


def _told(fault: Fault) -> str:
    sign, words = _sign(fault.kind)
    return f"{sign} {words}: {fault.text}" if fault.text else f"{sign} {words}"
