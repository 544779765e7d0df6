# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the waiters with other people's waits, and prints what differs without a reason: ``make oracle``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from tests.oracle.compare import Finding, findings, matches
from tests.oracle.deletions import Suspicion, suspicions
from tests.oracle.ours import every
from tests.oracle.waits import FILE, Wait, read


def main(path: Path) -> int:
    """Print the report on a file of waits; 1 where there is anything to explain."""
    waits = read(path)
    found, suspicious = findings(waits), list(suspicions(every()))
    sys.stdout.writelines(f"{line}\n" for line in _report(waits, found, suspicious))
    return 1 if found or suspicious else 0


def _report(waits: list[Wait], found: list[Finding], suspicious: list[Suspicion]) -> Iterator[str]:
    for kind, alike in groupby(found, key=lambda finding: finding.kind):
        yield from _group(f"The waiter {kind.value}", alike)
    if suspicious:
        yield from _group("Suspicious: the waiter fails in a state that may show before the awaited end", suspicious)
    compared = {str(match.ours) for wait in waits for match in matches(wait)}
    yield f"{len(waits)} waits of others; {len(compared)} waiters could be compared with them."
    yield f"{len(found)} differences without a reason, {len(suspicious)} suspicious states."


def _group(title: str, items: Iterable[object]) -> Iterator[str]:
    yield f"{title}:"
    yield from (f"  {item}" for item in items)
    yield ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE))
