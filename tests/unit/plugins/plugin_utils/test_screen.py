# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where lines appear, and how wide they may be."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible import constants, context

from ansible_collections.cloudwait.aws.plugins.plugin_utils import _screen
from ansible_collections.cloudwait.aws.plugins.plugin_utils._progress import Line, Tone


@pytest.mark.parametrize(
    ("given", "terminal", "columns"),
    [
        (None, None, 120),
        (None, 80, 79),
        (None, 20, 40),
        (None, 1000, 200),
        ("100", None, 99),
        ("100", 80, 99),
        ("0", None, 120),
        ("wide", 80, 79),
    ],
)
def test_a_line_fits_the_terminal(
    given: str | None, terminal: int | None, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_screen, "TERMINAL_WIDTH", terminal)
    monkeypatch.delenv("COLUMNS", raising=False)
    if given is not None:
        monkeypatch.setenv("COLUMNS", given)
    assert _screen.columns() == columns


@pytest.mark.parametrize(
    ("callback", "is_for_machines"),
    {
        "default": False,
        "ansible.builtin.default": False,
        "community.general.yaml": False,
        "minimal": False,
        "awx_display": False,
        "json": True,
        "ansible.posix.json": True,
        "ansible.posix.jsonl": True,
        "null": True,
    }.items(),
)
def test_a_stdout_that_programs_read_gets_no_lines(
    callback: str, is_for_machines: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[dict[str, Any]] = []

    class Display:
        def display(self, text: str, **options: Any) -> None:
            calls.append({"text": text, **options})

    monkeypatch.setattr(_screen, "Display", Display)
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", callback)
    _screen.show(Line("a line", Tone.GOOD))
    assert calls == [{"text": "a line", "color": constants.COLOR_OK, "stderr": is_for_machines}]


def test_a_stdout_of_one_line_for_each_host_gets_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """``ansible --one-line``."""
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", "minimal")
    assert not _screen._stdout_is_for_machines()
    monkeypatch.setattr(context, "CLIARGS", {"one_line": True})
    assert _screen._stdout_is_for_machines()


@pytest.mark.parametrize(("columns", "width"), [(80, 80), (0, None)])
def test_the_width_of_the_terminal_is_what_it_says(
    columns: int, width: int | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _descriptor: os.terminal_size((columns, 24)))
    with (tmp_path / "stdout").open("w") as stdout, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stdout)
        assert _screen._terminal_width() == width


def test_what_is_no_terminal_has_no_width(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "stdout").open("w") as stdout, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stdout)
        assert _screen._terminal_width() is None
        patch.setattr(sys, "stdout", None)
        assert _screen._terminal_width() is None
