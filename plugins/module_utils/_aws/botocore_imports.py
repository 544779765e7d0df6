# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file that imports botocore. If it is missing, the modules fail before they use anything here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    import botocore
    import botocore.auth
    import botocore.exceptions
    import botocore.handlers
    import botocore.hooks
    import botocore.model
    import botocore.session
    import botocore.validate
    from botocore import xform_name

    HAS_BOTOCORE = True
except ImportError:
    HAS_BOTOCORE = False
    botocore = xform_name = None

try:  # newer versions of botocore tell AWS in the user agent which feature they use
    from botocore.context import with_current_context
    from botocore.useragent import register_feature_id
except ImportError:
    with_current_context = None

__all__ = ["HAS_BOTOCORE", "as_waiter", "botocore", "xform_name"]


def as_waiter(call: Callable[..., Any]) -> Callable[..., Any]:
    """``call``, with the waiter's mark in the user agent, as in botocore's own waiters."""
    if with_current_context is None:
        return call

    def mark() -> None:
        register_feature_id("WAITER")

    marked: Callable[..., Any] = with_current_context(mark)(call)
    return marked
