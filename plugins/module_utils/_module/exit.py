# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a module ends: with a result, or with the problems of its input. Its texts are cleaned and cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible.module_utils.common.parameters import remove_values

from .._aws.response import plain
from .._definition.problem import BadInput
from .._definition.text import for_people
from .._engine.outcome import Ending
from .watch import reader_is_gone

MOST_TOLD = 50
MOST_WARNINGS = 100
LONGEST_MSG = 100_000
"""Characters of a task's message, which may cover many waits."""
FINE = (Ending.SUCCESS.value,)
FINE_IN_CHECK_MODE = tuple(ending.value for ending in Ending if ending is not Ending.CANCELLED)


def finish(module: Any, returned: dict[str, Any], warnings: Sequence[str]) -> None:
    """End the module with the result of its wait or waits."""
    warn(module, warnings)
    if returned["outcome"] == Ending.CANCELLED.value and output_is_closed():
        raise SystemExit(1)
    returned = plain(returned)
    if returned["outcome"] in (FINE_IN_CHECK_MODE if module.check_mode else FINE):
        module.exit_json(**readable(returned))
    fail(module, returned)


def warn(module: Any, warnings: Sequence[str]) -> None:
    """Issue each warning once."""
    if module.no_log and warnings:
        # ansible-core 2.19 prints warnings regardless of no_log, and the module itself would log them
        warnings = ["warnings are hidden because the task sets no_log"]
    different = list(dict.fromkeys(for_people(warning) for warning in plain(warnings)))
    more = [f"There are {len(different) - MOST_WARNINGS:,} more warnings."] if len(different) > MOST_WARNINGS else []
    for warning in [*different[:MOST_WARNINGS], *more]:
        # Ansible masks secrets in a module's result, but not in its warnings
        _plain_module(module).warn(remove_values(warning, module.no_log_values))


def _plain_module(module: Any) -> Any:
    """AnsibleModule itself: amazon.aws's returns warnings in a way that ansible-core 2.19 deprecates, too."""
    return getattr(module, "_module", module)


def fail(module: Any, returned: dict[str, Any]) -> None:
    if module.no_log:
        # ansible-core 2.19 prints the message of a failed task regardless of no_log
        returned = {**returned, "msg": "the reason is hidden because the task sets no_log"}
    module.fail_json(**readable(returned))


def reject(module: Any, bad: BadInput) -> None:
    """Fail the module with the problems of its input."""
    fail(module, {"outcome": Ending.ERROR.value, "msg": sentence(bad), "problems": problem_rows(bad)})


def readable(returned: dict[str, Any]) -> dict[str, Any]:
    """A result whose texts are cleaned and cut for display. Every result passes through here. Data stay unchanged."""
    texts = {name: for_people(returned[name], LONGEST_MSG) for name in ("msg", "reason") if returned.get(name)}
    rows = {name: [readable(row) for row in returned[name]] for name in ("results", "resources") if returned.get(name)}
    if returned.get("problems"):
        rows["problems"] = [
            {name: for_people(text) if isinstance(text, str) else text for name, text in row.items()}
            for row in returned["problems"]
        ]
    return {**returned, **texts, **rows}


def output_is_closed() -> bool:
    gone = reader_is_gone()
    return gone is not None and gone()


def sentence(bad: BadInput, unsent: str = "nothing was sent to AWS") -> str:
    """The problems as the task's message. ``unsent``: what wasn't done because of them."""
    found = [problem.sentence for problem in bad.problems]
    if len(found) == 1:
        return f"{found[0]} ({unsent})"
    more = [f"and {len(found) - MOST_TOLD} more, see problems"] if len(found) > MOST_TOLD else []
    return f"{len(found)} problems, {unsent}: {'; '.join([*found[:MOST_TOLD], *more])}"


def problem_rows(bad: BadInput) -> list[dict[str, Any]]:
    """The problems as data, one row each."""
    return [
        {
            "severity": problem.severity.value,
            "path": problem.path,
            "problem": problem.problem,
            "suggestion": problem.suggestion,
        }
        for problem in bad.problems
    ]
