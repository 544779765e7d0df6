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
    return parse_yaml(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a file. UnreadableFile."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path} can't be read: it isn't UTF-8") from None
    except OSError as error:
        raise UnreadableFile(f"{path} can't be read: {error.strerror}") from None


def parse_yaml(text: str, path: Path) -> Any:
    """What a text says that was read from a file. UnreadableFile."""
    try:
        return yaml_load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, line {mark.line + 1}" if mark is not None else str(path)
        raise UnreadableFile(f"{place} can't be read: {getattr(error, 'problem', None) or 'not YAML'}") from None
