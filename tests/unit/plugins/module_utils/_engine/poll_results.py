# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll results of every kind, and a judge for them."""

from __future__ import annotations

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.expression import Expression
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_definition
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Judge
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    ErrorKind,
    PollResult,
    ServiceError,
)


def state(name: str) -> PollResult:
    return PollResult({"State": name, "Why": f"because {name}"}, 200)


def fault(kind: ErrorKind, status: int | None = None) -> PollResult:
    return PollResult({}, status, ServiceError(f"{kind.value} code", "some words", kind, status))


READY, BROKEN, PENDING, MOVING = state("ready"), state("broken"), state("pending"), state("moving")
THROTTLED = fault(ErrorKind.THROTTLED, 400)
SERVER = fault(ErrorKind.SERVER, 500)
UNPARSABLE = fault(ErrorKind.SERVER)
CUT_OFF = fault(ErrorKind.CONNECTION)
UNREACHABLE = fault(ErrorKind.UNREACHABLE)
REFUSED = fault(ErrorKind.REFUSED, 403)
NO_CREDENTIALS = fault(ErrorKind.CREDENTIALS)
JUDGE = Judge(
    read_definition({"operation": "Get", "path": "State", "success": ["ready"], "failure": ["broken"]}).definition,  # type: ignore[arg-type]
    show=Expression("State"),
    reasons=[Expression("Why")],
)
