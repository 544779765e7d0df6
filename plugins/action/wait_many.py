# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module ``wait_many`` and prints lines of progress meanwhile."""

from __future__ import annotations

from ..plugin_utils._wait_action import WaitAction


class ActionModule(WaitAction):
    """Wait for many things at once."""

    module = "cloudwait.aws.wait_many"
