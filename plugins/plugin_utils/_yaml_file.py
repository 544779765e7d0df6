# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a YAML file, and says in one sentence why it can't be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.module_utils.common.yaml import yaml_load
from yaml import YAMLError


class UnreadableFile(Exception):
    """The file isn't YAML, or can't be opened. The message begins with its path."""


def read_yaml(path: Path) -> Any:
    """The content of a file. UnreadableFile."""
    try:
        return yaml_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, line {mark.line + 1}" if mark is not None else str(path)
        problem = getattr(error, "problem", None) or getattr(error, "strerror", None) or "it isn't UTF-8"
        raise UnreadableFile(f"{place} can't be read: {problem}") from None
