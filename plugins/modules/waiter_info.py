#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what waiters wait for."""

from __future__ import annotations

DOCUMENTATION = r"""
module: waiter_info
"""
EXAMPLES = r""""""
RETURN = r""""""

from ansible_collections.cloudwait.aws.plugins.module_utils._module.waiter_info import main

if __name__ == "__main__":
    main()
