# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole catalogue, as a task that needs all of it would be given it."""

from __future__ import annotations

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import whole

CATALOG = Catalog.of(whole())
