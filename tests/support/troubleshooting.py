# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The messages of docs/troubleshooting.md, as patterns by section."""

from __future__ import annotations

import re
from functools import cache

from tests.support.snippets import REPO

PAGE = REPO / "docs/troubleshooting.md"
ANYTHING = "…"


@cache
def messages() -> dict[str, list[str]]:
    """The messages by the second-level heading of their section."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {
        section.partition("\n")[0]: [
            row.replace(r"\|", "|") for row in re.findall(r"^\| `(.*?)` \|", section, re.MULTILINE)
        ]
        for section in sections
    }


@cache
def pattern(message: str) -> re.Pattern[str]:
    """The pattern of a message."""
    return re.compile(".*?".join(map(re.escape, message.split(ANYTHING))))


def explaining(text: str, section: str) -> list[str]:
    """The messages of a section whose pattern matches the whole text."""
    return [message for message in messages()[section] if pattern(message).fullmatch(text)]
