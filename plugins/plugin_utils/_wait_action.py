# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the action plugins: runs the module, and shows the progress of its wait."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._definition.text import clean
from ..module_utils._engine.progress_options import INTERNAL_OPTIONS
from ..module_utils._engine.progress_options import Progress as ProgressOption
from . import _catalog as catalog
from ._follower import Follower
from ._liveness_file import LivenessFile
from ._progress import Progress
from ._screen import columns, show
from ._text import fit
from ._timeline import lines_of

LOCAL = "local"
LONGEST_LABEL = 60


class WaitAction(ActionBase):  # type: ignore[misc]
    """Runs ``module`` with the task's arguments, which the module itself checks."""

    module: str

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        args = {name: value for name, value in self._task.args.items() if name not in INTERNAL_OPTIONS}
        args["_host"] = str(variables.get("inventory_hostname") or "")
        try:
            args["_catalog"] = catalog.for_task(args)
        except catalog.CatalogError as error:
            return {**result, "failed": True, "outcome": "error", "msg": f"{error} (nothing was sent to AWS)"}
        if self._task.async_val:
            returned = self._execute(args, variables, wrap_async=self._task.async_val)
        else:
            is_local = self._connection.transport == LOCAL
            returned, is_shown = self._watched(args, variables) if is_local else (self._execute(args, variables), False)
            if not is_shown:
                self._show_timeline(returned, variables)
        return {**result, **_without_internal_options(returned)}

    def _execute(self, args: dict[str, Any], variables: dict[str, Any], wrap_async: int = 0) -> dict[str, Any]:
        returned: dict[str, Any] = self._execute_module(
            module_name=self.module, module_args=args, task_vars=variables, wrap_async=wrap_async
        )
        return returned

    def _watched(self, args: dict[str, Any], variables: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Run the module locally and print its progress; also returns whether it wrote any events."""
        try:
            liveness_file = LivenessFile()
            follower = Follower(liveness_file, self._progress(variables), show)
        except OSError:  # the file can't be created
            return self._execute(args, variables), False
        with follower.following(), liveness_file.removed_at_end():
            returned = self._execute({**args, "_progress": str(liveness_file.path)}, variables)
        # the module may run as another user, who can't write to the file
        return returned, follower.has_events

    def _progress(self, variables: Mapping[str, Any]) -> Progress | None:
        return None if self._is_silent else Progress(self._who(variables), self._shows_every_poll, columns())

    def _show_timeline(self, returned: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
        if self._is_silent:
            return
        try:
            for line in lines_of(returned, self._who(variables), columns()):
                show(line)
        except Exception:  # a problem with the display must not fail the wait
            return

    @property
    def _is_silent(self) -> bool:
        return bool(self._task.no_log) or self._task.args.get("progress") == ProgressOption.NONE

    @property
    def _shows_every_poll(self) -> bool:
        return bool(self._task.args.get("progress") == ProgressOption.ALL)

    def _who(self, variables: Mapping[str, Any]) -> str:
        """The inventory name of the host and, in a loop, the item as Ansible shows it."""
        host, variable = variables.get("inventory_hostname"), variables.get("ansible_loop_var")
        if self._task.loop is None or variable is None:
            return str(host)
        item = variables.get(variable)
        with contextlib.suppress(Exception):  # Ansible itself reports an invalid label
            if self._task.loop_control.label:
                item = self._templar.template(self._task.loop_control.label)
        return f"{host} (item={fit(clean(str(item)), LONGEST_LABEL)})"


def _without_internal_options(returned: dict[str, Any]) -> dict[str, Any]:
    args = (returned.get("invocation") or {}).get("module_args") or {}
    for name in INTERNAL_OPTIONS:
        args.pop(name, None)
    return returned
