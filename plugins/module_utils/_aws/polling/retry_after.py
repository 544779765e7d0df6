# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long AWS asks to wait before a retry: the headers Retry-After (RFC 9110, 10.2.3) and x-amz-retry-after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; 0 where the headers ask for none or can't be read. Where they differ, the longer time."""
    found = {name.lower(): value.strip() for name, value in headers.items()}
    seconds, milliseconds = found.get("retry-after", ""), _number(found.get("x-amz-retry-after", ""))
    return max(_number(seconds) or _until(seconds, found.get("date", "")), milliseconds / 1000)


def _number(text: str) -> float:
    return float(text) if _NUMBER.fullmatch(text) else 0.0


def _until(text: str, sent: str) -> float:
    """Seconds until a date. It is the server's, and so counts from when the server sent the response."""
    date = _date(text)
    if date is None:
        return 0.0
    return max(0.0, (date - (_date(sent) or datetime.now(timezone.utc))).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=timezone.utc)
