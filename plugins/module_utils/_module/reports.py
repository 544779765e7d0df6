# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The listeners of a wait: the user's event log, and the action plugin that shows the progress."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ansible.module_utils.common.parameters import remove_values

from .._definition.problem import BadInput
from .._engine.schedule import Schedule
from .event_formatter import EventFormatter
from .event_log import EventLog, event_log_problems, open_event_log, open_shared
from .options import progress_file
from .request import Request

if TYPE_CHECKING:
    from .group_progress import GroupProgress


class Reports:
    """The open files that a task writes its events to. BadInput if the event log can't be written to."""

    def __init__(self, module: Any) -> None:
        self._module = module
        path, shared = module.params["event_log"], progress_file(module)
        # check mode creates no files
        if path and module.check_mode and (problems := event_log_problems(path)):
            raise BadInput(problems)
        self._log = open_event_log(path) if path and not module.check_mode else None
        self._shared = open_shared(shared) if shared else None

    def formatter(self, request: Request, schedule: Schedule, is_alone: bool = True) -> EventFormatter | None:
        """The listener of a wait; None if no file is open. ``is_alone``: it is the task's only wait."""
        files = [file for file in (self._log, self._shared if is_alone else None) if file is not None]
        if not files:
            return None
        secrets = self._module.no_log_values
        return EventFormatter(
            request,
            schedule,
            self._host,
            [file.write for file in files],
            self._module.no_log,
            lambda entry: remove_values(entry, secrets),
        )

    def group_progress(self, requests: Sequence[Request], names: Sequence[str | None]) -> GroupProgress | None:
        """The listener that shows many waits on the screen; None if nothing is shown."""
        from .group_progress import GroupProgress

        if self._shared is None:
            return None
        secrets = self._module.no_log_values
        return GroupProgress(requests, names, self._host, self._shared.write, lambda text: remove_values(text, secrets))

    @property
    def _host(self) -> str:
        return str(self._module.params.get("_host") or socket.gethostname())

    def close(self) -> list[str]:
        """Close the files and return warnings. Failed writes of progress are no reason for a warning."""
        files: list[EventLog] = [file for file in (self._log, self._shared) if file is not None]
        for file in files:
            file.close()
        return [self._log.warning] if self._log is not None and self._log.warning else []
