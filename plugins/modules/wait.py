#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for AWS."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wait
short_description: Wait
version_added: 0.1.0
description: [x]
author: [x]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""
EXAMPLES = r""""""
RETURN = r""""""

from ansible_collections.cloudwait.aws.plugins.module_utils._module.wait import main

if __name__ == "__main__":
    main()
