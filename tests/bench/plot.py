# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Line charts side by side as SVG, with logarithmic axes; zero is one decade below one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10
from xml.sax.saxutils import escape

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT, LEFT, TOP, BOTTOM, GAP = 400.0, 260.0, 60.0, 40.0, 50.0, 24.0
LEGEND = 20.0


@dataclass(frozen=True)
class Line:
    """The points of one name, in one colour."""

    label: str
    colour: str
    points: Points


@dataclass(frozen=True)
class Panel:
    """One chart. ``marks``: where the x axis is labelled."""

    title: str
    across: str
    lines: Sequence[Line]
    marks: Sequence[float]


def svg(panels: Sequence[Panel]) -> str:
    """The charts as the text of an SVG file, with one legend for all."""
    colours = {line.label: line.colour for panel in panels for line in panel.lines}
    below = TOP + HEIGHT + BOTTOM
    width, height = len(panels) * (LEFT + WIDTH + GAP), below + LEGEND * ceil(len(colours) / 2) + 10
    size = f'width="{width:g}" height="{height:g}"'
    font = 'font-family="sans-serif" font-size="12"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" {size} {font}>']
    parts.append(f'<rect {size} fill="#fff"/>')
    for number, panel in enumerate(panels):
        parts += [
            f'<g transform="translate({number * (LEFT + WIDTH + GAP) + LEFT:g} {TOP:g})">',
            *_drawn(panel),
            "</g>",
        ]
    return "\n".join([*parts, *_legend(colours, below), "</svg>"]) + "\n"


def _drawn(panel: Panel) -> Iterator[str]:
    highest = max((value for line in panel.lines for _x, value in line.points), default=1.0)
    decades = max(1, ceil(log10(max(highest, 1.0))))
    first, last = log10(panel.marks[0]), log10(panel.marks[-1])

    def across(value: float) -> float:
        return (log10(value) - first) / ((last - first) or 1.0) * WIDTH

    def down(value: float) -> float:
        level = max(log10(value), -1.0) if value > 0 else -1.0
        return HEIGHT * (1 - (level + 1) / (decades + 1))

    yield _text(WIDTH / 2, -16, panel.title, "middle", 'font-weight="bold"')
    yield _text(WIDTH / 2, HEIGHT + 38, panel.across, "middle")
    for value in (0.0, *(10.0**power for power in range(decades + 1))):
        yield f'<path d="M0 {down(value):.1f}H{WIDTH:g}" stroke="{"#888" if value == 0 else "#ddd"}"/>'
        yield _text(-8, down(value) + 4, f"{value:,.0f}", "end")
    for mark in panel.marks:
        yield f'<path d="M{across(mark):.1f} 0V{HEIGHT:g}" stroke="#ddd"/>'
        yield _text(across(mark), HEIGHT + 18, f"{mark:,.0f}", "middle")
    for line in reversed(panel.lines):  # the first lies on top
        nodes = [(across(x), down(value)) for x, value in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in nodes)
        yield f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{line.colour}"/>' for x, y in nodes)


def _legend(colours: Mapping[str, str], below: float) -> Iterator[str]:
    for number, (label, colour) in enumerate(colours.items()):
        x, y = LEFT + number % 2 * (LEFT + WIDTH + GAP), below + number // 2 * LEGEND + 12
        yield f'<path d="M{x:g} {y - 4:g}h24" stroke="{colour}" stroke-width="2"/>'
        yield f'<circle cx="{x + 12:g}" cy="{y - 4:g}" r="3.5" fill="{colour}"/>'
        yield _text(x + 32, y, label, "start")


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(text)}</text>'
