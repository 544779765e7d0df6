# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the tests of several folders."""

from __future__ import annotations

import botocore.waiter
import pytest


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that botocore has slept."""
    seconds: list[float] = []
    monkeypatch.setattr(botocore.waiter.time, "sleep", seconds.append)
    return seconds
