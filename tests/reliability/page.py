# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""docs/reliability.md: `make reliability` writes most of it, `make soak` its last section."""

from __future__ import annotations

import platform
import re
from datetime import date
from importlib.metadata import version

from tests.support.playbook import REPO

PAGE = REPO / "docs/reliability.md"
SOAK = "## Thousands at once"


def write(text: str) -> None:
    """All but the last section."""
    _put(text, _parts()[1])


def write_soak(text: str) -> None:
    """The last section."""
    _put(_parts()[0], f"{SOAK}\n\n{text}")


def tried_on() -> str:
    """When, and with what."""
    [ours] = re.findall(r"^version: (\S+)$", (REPO / "galaxy.yml").read_text(), re.MULTILINE)
    versions = ", ".join(f"{name} {version(name)}" for name in ("boto3", "botocore"))
    return f"Tested on {date.today()} with cloudwait.aws {ours}, {versions} and Python {platform.python_version()}."


def _parts() -> tuple[str, str]:
    text = PAGE.read_text() if PAGE.exists() else ""
    most, mark, last = text.partition(SOAK)
    return most, mark + last


def _put(*parts: str) -> None:
    PAGE.write_text("\n\n".join(part.strip() for part in parts if part) + "\n")
