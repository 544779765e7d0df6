# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module ``wait``: request, engine, outcome, result."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from .._aws.models import Models
from .._definition.problem import BadInput
from .._engine.outcome import Ending
from .._engine.run_wait import cancel, run_wait
from .argument_check import with_mistakes
from .connection import Connection, connect, make_module, mistakes_of
from .exit import finish, reject
from .options import progress_file, wait_spec
from .request import Request, read_request
from .result import result
from .secrets import hide_sensitive
from .start import started
from .watch import Abandoned, Watch, signs_of_end

if TYPE_CHECKING:
    from .reports import Reports


def main() -> None:
    """Run the module ``wait``."""
    module, catalog = make_module(argument_spec=wait_spec())
    try:
        outcome, warnings = _wait(module, Models(catalog))
    except BadInput as bad:
        reject(module, bad)
    finish(module, outcome, warnings)


def _wait(module: Any, models: Models) -> tuple[dict[str, Any], list[str]]:
    connection = Connection.of(module)
    request, reports = _read(module, models, connection)
    hide_sensitive(module, [request.binding])
    service, operation = request.binding.service, request.binding.definition.operation
    wait = request.prepare(models, lambda: connect(connection, service, operation), module.check_mode)
    polled = wait.operation()
    started()
    formatter = reports.formatter(request, wait.schedule) if reports is not None else None
    listeners = [formatter] if formatter is not None else []
    loop = wait.loop(time.monotonic, random.SystemRandom().random)
    with Watch(signs_of_end(module.params["_progress"])) as watch:
        try:
            outcome = run_wait(loop, watch.polls(polled.poll), watch.sleep, listeners)
        except Abandoned:
            outcome = cancel(loop, listeners)
    why = None
    if request.settings.diagnose and outcome.ending in (Ending.FAILURE, Ending.TIMEOUT):
        from .diagnose import find_causes  # a wait that succeeds does without

        why = find_causes(request, outcome, models, lambda service: connect(connection, service))
    returned, warnings = result(request, wait.schedule, outcome, polled.calls, why=why)
    return returned, [*warnings, *(reports.close() if reports is not None else [])]


def _read(module: Any, models: Models, connection: Connection) -> tuple[Request, Reports | None]:
    """The request, and its reports if any are wanted, as their import takes time."""
    try:
        request = with_mistakes(
            mistakes_of(module, models),
            lambda: read_request(
                module.params, models, lambda service, operation: connect(connection, service, operation)
            ),
        )
    except BadInput as bad:
        if not module.params["event_log"]:
            raise
        from .event_log import event_log_problems

        raise BadInput([*bad.problems, *event_log_problems(module.params["event_log"])]) from None
    if not (module.params["event_log"] or progress_file(module)):
        return request, None
    from .reports import Reports

    return request, Reports(module)
