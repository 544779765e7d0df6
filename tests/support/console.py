# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Follows a page: writes the files that it shows, runs its commands, and returns their output."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.snippets import Snippet, Step, steps

DONE = "=== done:"
ANYTHING = "…"
# The parts that differ between runs: durations, and lines as wide as the terminal.
VARYING = {r"\b\d+(\.\d+)? s\b": "N s", r"\*{3,}": "***", r"[ \t]+$": ""}


class Typed(NamedTuple):
    """A command, its output, and its exit status as ``status``."""

    where: str
    step: Step
    printed: str
    status: int

    @property
    def is_as_shown(self) -> bool:
        """Whether the output is as the page shows."""
        parts = _bare(self.step.output).split(f"\n{ANYTHING}\n")
        return re.fullmatch(r"\n(?:.*\n)*?".join(map(re.escape, parts)), _bare(self.printed)) is not None


def _bare(text: str) -> str:
    """The text between two line breaks, without the parts that vary."""
    for pattern, instead in VARYING.items():
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    return "\n" + text.strip("\n") + "\n"


def commands(snippets: Sequence[Snippet]) -> list[tuple[str, Step]]:
    """A command of a page, and its place."""
    consoles = [snippet for snippet in snippets if snippet.language == "console"]
    return [(str(snippet), step) for snippet in consoles for step in steps(snippet.text)]


def follow(
    snippets: Sequence[Snippet], folder: Path, environment: Mapping[str, str], seconds: float = 600
) -> list[Typed]:
    """Write the named files and run the commands in one shell, in the page's order, in this folder."""
    script = []
    for snippet in snippets:
        if snippet.file:
            script.append(f"cat > {snippet.file} <<'END OF FILE'\n{snippet.text}END OF FILE")
        script += [f'{step.command}\necho "{DONE} $?"' for _where, step in commands([snippet])]
    typed = folder / ".typed.sh"
    typed.write_text("\n".join([*script, ""]), encoding="utf-8")
    with (folder / ".printed").open("w+") as out, (folder / ".errors").open("w+") as errors:
        shell = subprocess.Popen(
            ["bash", typed], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
            start_new_session=True,
        )  # fmt: skip
        try:
            shell.wait(seconds)
        finally:  # end what the page leaves running in the background
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGTERM)
        printed, complaints = (file.seek(0) or file.read() for file in (out, errors))
    asked = commands(snippets)
    done = re.findall(rf"(.*?)^{DONE} (\d+)\n", printed, re.MULTILINE | re.DOTALL)
    if len(done) != len(asked):
        raise AssertionError(f"{len(done)} of {len(asked)} commands were done:\n{printed}\n{complaints}")
    return [Typed(where, step, said, int(status)) for (where, step), (said, status) in zip(asked, done, strict=True)]
