# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables and verdicts for the sections of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    rule = ("---", *("---:" for _column in head[1:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def verdict(met: bool) -> str:
    return "Met" if met else "Not met"
