# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a wait: their argument specification, and the timing and switches read from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

from ansible.module_utils.parsing.convert_bool import boolean

from .._definition.expression import Expression, ExpressionError
from .._definition.fields import LONGEST
from .._definition.model import Backoff, Definition, Settle
from .._definition.problem import Checked, Problem, cite, short
from .._engine.absence import Missing
from .._engine.progress_options import Progress
from .._engine.schedule import LEAST_TRANSIENT_BOUND, Schedule

DEFAULT_DELAY = 5.0
DEFAULT_MAX_ATTEMPTS = 120
DEFAULT_MAX_DELAY = 120.0
AUTO = "auto"
LEAST_DELAY_WITHOUT_ATTEMPTS = 0.2


class Validate(str, Enum):
    """How to treat the problems that the definition check finds."""

    STRICT = "strict"
    WARN = "warn"
    OFF = "off"


def wait_spec() -> dict[str, dict[str, Any]]:
    """The argument specification of one wait, without the connection options."""
    return {
        "service": {"type": "str", "required": True},
        "waiter": {"type": "str"},
        "definition": {"type": "dict"},
        "definitions": {"type": "dict"},
        "params": {"type": "dict", "default": {}},
        "delay": {"type": "float", "aliases": ["wait_delay"]},
        "max_attempts": {"type": "int"},
        "timeout": {"type": "float", "aliases": ["wait_timeout"]},
        "initial_delay": {"type": "float"},
        "backoff": {"type": "str", "choices": [backoff.value for backoff in Backoff]},
        "max_delay": {"type": "float"},
        "jitter": {"type": "bool", "default": True},
        "consecutive": {"type": "int"},
        "after_change": {"type": "bool", "default": False},
        "retry_errors": {"type": "list", "elements": "str", "default": []},
        "missing": {"type": "str", "choices": [missing.value for missing in Missing], "default": "auto"},
        "corrections": {"type": "bool", "default": True},
        "validate": {"type": "str", "choices": [validate.value for validate in Validate], "default": "strict"},
        "show": {"type": "str"},
        "progress": {"type": "str", "choices": [progress.value for progress in Progress], "default": "changes"},
        "event_log": {"type": "path"},
        "diagnose": {"type": "bool", "default": True},
        "return_response": {"type": "raw", "default": AUTO},
    }


def progress_file(module: Any) -> str | None:
    """The file for progress lines, None if they aren't shown. Whether the file still exists is checked in any case."""
    silent = module.params["progress"] == Progress.NONE.value or module.no_log
    path: str | None = module.params.get("_progress")
    return None if silent else path


class Settings(NamedTuple):
    """The options of one wait other than its waiter and parameters. Times are in seconds, None if not given."""

    delay: float | None
    max_attempts: int | None
    timeout: float | None
    initial_delay: float | None
    backoff: Backoff | None
    max_delay: float | None
    jitter: bool
    consecutive: int | None
    after_change: bool
    retry_errors: frozenset[str]
    missing: Missing
    validate: Validate
    show: Expression | None
    diagnose: bool
    return_response: bool | None

    def schedule(self, definition: Definition, once: bool) -> Schedule:
        """The effective timing: the task's, else the waiter's, else the default. ``once``: poll once, never sleep."""
        settle = (definition.settle if self.after_change else None) or Settle()
        delay = _first(self.delay, definition.delay, DEFAULT_DELAY)
        own_attempts = definition.max_attempts or DEFAULT_MAX_ATTEMPTS
        own_budget = _first(definition.delay, DEFAULT_DELAY) * own_attempts
        lifted = self.timeout is not None and self.max_attempts is None
        if lifted:
            delay = max(delay, LEAST_DELAY_WITHOUT_ATTEMPTS)
        # the default maximum doesn't limit a delay that was set explicitly
        ceiling = _first(self.max_delay, definition.max_delay, max(DEFAULT_MAX_DELAY, delay))
        return Schedule(
            delay=delay,
            max_attempts=None if lifted else self.max_attempts or own_attempts,
            timeout=self.timeout,
            initial_delay=_first(self.initial_delay, settle.initial_delay, definition.initial_delay, 0.0),
            backoff=self.backoff or definition.backoff or Backoff.FIXED,
            max_delay=ceiling,
            consecutive=self.consecutive or settle.consecutive or definition.consecutive or 1,
            transient_bound=max(own_budget, LEAST_TRANSIENT_BOUND),
            once=once,
            jitter=self.jitter,
        )


def read_settings(args: Mapping[str, Any]) -> Checked[Settings]:
    """Read the settings of one wait from the task arguments."""
    problems: list[Problem] = []
    for name in ("delay", "timeout", "initial_delay", "max_delay"):
        value = args[name]
        if value is not None and not (math.isfinite(value) and 0 <= value <= LONGEST):
            problems.append(Problem(name, f"must be a number of seconds from 0 to {LONGEST:.0f}, not {value:.15g}"))
    problems.extend(
        Problem(name, f"must be at least 1, not {args[name]}")
        for name in ("max_attempts", "consecutive")
        if args[name] is not None and args[name] < 1
    )
    if not problems:
        problems.extend(_contradictions(args))
    return_response = _switch("return_response", args["return_response"], problems)
    show = None
    if args["show"] is not None:
        try:
            show = Expression(args["show"])
        except ExpressionError as error:
            reason = short(str(error), 160) if args["show"].strip() else "it is empty"
            problems.append(Problem("show", f"{cite(args['show'])} is not a JMESPath expression: {reason}"))
    return (
        Settings(
            args["delay"],
            args["max_attempts"],
            args["timeout"],
            args["initial_delay"],
            Backoff(args["backoff"]) if args["backoff"] else None,
            args["max_delay"],
            args["jitter"],
            args["consecutive"],
            args["after_change"],
            frozenset(args["retry_errors"]),
            Missing(args["missing"]),
            Validate(args["validate"]),
            show,
            args["diagnose"],
            return_response,
        ),
        problems,
    )


def _switch(name: str, value: Any, problems: list[Problem]) -> bool | None:
    """The value of an option that is true, false, or auto, which is None."""
    if isinstance(value, str) and value.strip().lower() == AUTO:
        return None
    try:
        switch: bool = boolean(value)
        return switch
    except TypeError:
        problems.append(Problem(name, f"must be auto, true or false, not {cite(value)}"))
        return None


def _contradictions(args: Mapping[str, Any]) -> list[Problem]:
    problems = []
    attempts, consecutive = args["max_attempts"], args["consecutive"]
    if attempts is not None and consecutive is not None and consecutive > attempts:
        problems.append(Problem("consecutive", f"{consecutive} can't be reached within max_attempts ({attempts})"))
    delay, ceiling = args["delay"], args["max_delay"]
    if delay is not None and ceiling is not None and ceiling < delay:
        problems.append(Problem("max_delay", f"{ceiling:g} s is less than delay ({delay:g} s)"))
    return problems


def _first(*values: float | None) -> float:
    return next(float(value) for value in values if value is not None)
