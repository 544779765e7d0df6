# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module ``waiter_info`` and passes the catalogue to it."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils import _catalog as catalog


class ActionModule(ActionBase):  # type: ignore[misc]
    """List and check waiters."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        try:
            args = {**self._task.args, "_catalog": catalog.whole(self._task.args.get("service"))}
        except catalog.CatalogError as error:
            return {**result, "failed": True, "msg": str(error)}
        returned = self._execute_module(
            module_name="cloudwait.aws.waiter_info",
            module_args=args,
            task_vars=task_vars,
            wrap_async=self._task.async_val,
        )
        return {**result, **returned}
