# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what is about to be published: ``python -m tools.release`` ends with a table and exits with 1 on any failure.

    agreement   versions, changelog and tag agree; needs no network
    importer    galaxy-importer takes the tarball without an error or a warning
    cores       the tarball works on each ansible-core that a Python of this machine can run

Without arguments all three; `make release-check` builds the tarball first. What is fetched stays in .work/release.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tools.release import agreement, cores, importer
from tools.release.step import REPO, Row, State, Wrong

MOST_NOTES = 12  # of a row in the table; all are printed before it
Check = Callable[[Path], Iterator[Row]]
CHECKS: dict[str, Check] = {"agreement": agreement.check, "importer": importer.check, "cores": cores.check}


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools.release", description="Check what is about to be published.")
    parser.add_argument("checks", nargs="*", default=list(CHECKS), help=f"which of {', '.join(CHECKS)}; all")
    wanted = parser.parse_args().checks
    if unknown := sorted({*wanted} - {*CHECKS}):
        parser.error(f"no such check: {', '.join(unknown)}")
    tarballs = sorted((REPO / ".work/dist").glob("cloudwait-aws-*.tar.gz"))
    if len(tarballs) != 1:
        sys.exit(f"There should be one tarball in .work/dist, not {len(tarballs)}: remove it and run `make build`.")
    rows: list[Row] = []
    for name in wanted:
        for row in _rows(name, tarballs[0]):
            print(*[f"{row.check}: {row.state.value}", *row.notes], sep="\n    ", flush=True)
            rows.append(row._replace(notes=row.notes[:MOST_NOTES]))
    print(f"\n{tarballs[0].name}\n")
    print("\n".join(table(rows)))
    return int(any(row.state is State.FAILED for row in rows))


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The notes of a row, one below the other."""
    width = max(len(row.check) for row in rows)
    for row in rows:
        for number, note in enumerate(row.notes or [""]):
            left = f"{row.check:{width}}  {row.state.value:10}" if number == 0 else " " * (width + 12)
            yield f"{left}  {note}".rstrip()


def _rows(name: str, tarball: Path) -> Iterator[Row]:
    """The rows of one check; a check that raises has failed."""
    try:
        yield from CHECKS[name](tarball)
    except Wrong as wrong:
        yield Row(name, State.FAILED, str(wrong).splitlines())


if __name__ == "__main__":
    sys.exit(main())
