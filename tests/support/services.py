# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""botocore's services, for tests."""

from __future__ import annotations

import botocore.loaders


def services_with_waiters() -> list[str]:
    """The services that botocore has waiters for, sorted."""
    return sorted(botocore.loaders.create_loader().list_available_services("waiters-2"))
