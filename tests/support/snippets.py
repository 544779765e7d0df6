# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The snippets of the documentation: fenced blocks of the pages, and the examples of the modules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

REPO = Path(__file__).parents[2]
PAGES = [
    REPO / "README.md",
    REPO / "CONTRIBUTING.md",
    *sorted((REPO / "docs").glob("*.md")),
    *sorted((REPO / "roles").glob("*/README.md")),
    REPO / "playbooks/README.md",
]
MODULES = sorted((REPO / "plugins/modules").glob("*.py"))

FENCE = re.compile(r"^( *)(`{3,}|~{3,})([^\n]*)\n(.*?)^\1\2 *$", re.MULTILINE | re.DOTALL)
LOOSE_FENCE = re.compile(r"^ *(`{3,}|~{3,})", re.MULTILINE)
EXAMPLES = re.compile(r'^EXAMPLES = r"""\n(.*?)^"""', re.MULTILINE | re.DOTALL)
COMMAND_IN_COMMENT = re.compile(r"^# (ansible(?:-\w+)? .*)$", re.MULTILINE)
FILE_NAME = re.compile(r"^# ([\w./-]+\.\w+)$")


@dataclass(frozen=True)
class Snippet:
    """``page``: its file, relative to the root; ``line``: its first line; ``heading``: its section."""

    page: str
    line: int
    heading: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str | None:
        """The name of its file, from a comment in its first line."""
        found = FILE_NAME.match(self.text.partition("\n")[0])
        return found[1] if found else None


class Step(NamedTuple):
    """A command of a console, and the output that the page shows."""

    command: str
    output: str


def of_page(path: Path) -> list[Snippet]:
    """The fenced blocks of a page."""
    text = path.read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(text):
        indent, language, content = len(fence[1]), fence[3].strip(), fence[4]
        before = text[: fence.start()]
        headings = re.findall(r"^#+ (.*)$", FENCE.sub("", before), re.MULTILINE)
        dedented = "".join(line[indent:] if line.strip() else line for line in content.splitlines(keepends=True))
        line = before.count("\n") + 2
        found.append(Snippet(str(path.relative_to(REPO)), line, headings[-1] if headings else "", language, dedented))
    if left := LOOSE_FENCE.search(FENCE.sub("", text)):
        raise ValueError(f"{path}: a fence that doesn't end: {left[0]}")
    return found


def of_module(path: Path) -> Iterator[Snippet]:
    """The examples of a module, and each command in their comments."""
    text, page = path.read_text(encoding="utf-8"), str(path.relative_to(REPO))
    found = EXAMPLES.search(text)
    if not found:
        raise ValueError(f"{path} has no EXAMPLES")
    line = text[: found.start(1)].count("\n") + 1
    yield Snippet(page, line, "EXAMPLES", "yaml", found[1])
    for command in COMMAND_IN_COMMENT.finditer(found[1]):
        at = line + found[1][: command.start()].count("\n")
        yield Snippet(page, at, "EXAMPLES", "console", f"$ {command[1]}\n")


def collect() -> list[Snippet]:
    """All of them."""
    return [
        *(snippet for page in PAGES for snippet in of_page(page)),
        *(snippet for module in MODULES for snippet in of_module(module)),
    ]


def steps(text: str) -> list[Step]:
    """The commands of a console and their outputs. A line that starts with ``> `` continues the command above."""
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif not found:
            raise ValueError(f"a console begins with a command, not with {line!r}")
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0].append(line[2:])
        else:
            found[-1][1].append(line)
    return [Step("\n".join(command), "\n".join(output)) for command, output in found]


Task = Mapping[str, Any]


def tasks(held: Sequence[Task], defaults: Mapping[str, Any] | None = None) -> Iterator[tuple[Task, dict[str, Any]]]:
    """Each task, also within blocks, with the ``module_defaults`` that apply to it."""
    for entry in held:
        own = {**(defaults or {}), **entry.get("module_defaults", {})}
        if "block" not in entry:
            yield entry, own
        for part in ("block", "rescue", "always"):
            yield from tasks(entry.get(part, []), own)
