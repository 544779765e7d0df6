# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module until its result meets a condition, and prints lines of progress meanwhile."""

from __future__ import annotations

from typing import Any

from ..module_utils._definition.problem import BadInput, Problem
from ..module_utils._engine.poll_result import ServiceError
from ..module_utils._module.module_wait import Runner, read_module_wait, rejected, run_module_wait, unreachable
from ..plugin_utils._inner_module import ConnectionBroken, InnerModule
from ..plugin_utils._live_progress import LiveProgress
from ..plugin_utils._wait_action import WaitAction

NO_ASYNC = "wait_for_module can't run in the background, because it polls from the controller; remove async"


class ActionModule(WaitAction):
    """Wait for the result of any module."""

    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task."""
        variables = task_vars or {}
        if self._task.async_val:
            return rejected(BadInput([Problem("", NO_ASYNC)]))
        try:
            request, options = read_module_wait(self._task.args, self._problem_of)
        except BadInput as bad:
            return rejected(bad)
        inner = InnerModule(self, options["module"])

        def poll() -> dict[str, Any] | ServiceError:
            try:
                return inner.run(options["args"], variables)
            except ConnectionBroken as error:
                return unreachable(str(error))

        live = LiveProgress(self._progress(variables))
        runner = Runner(
            poll,
            live.sleep,
            live.handle,
            str(variables.get("inventory_hostname")),
            bool(self._task.check_mode),
            bool(self._task.no_log),
        )
        return run_module_wait(request, options, runner)

    def _problem_of(self, name: str) -> str | None:
        return None if InnerModule(self, name).exists else f"there is no module {name!r}"
