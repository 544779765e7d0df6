# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converts the operation's parameters to the types of the model, and finds every mistake in them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..._definition.problem import Checked, Problem, cite, nearest, path_to, short
from ..botocore_imports import botocore
from ..response import MASK
from .param_handlers import aliases, filled_in
from .value_types import choice

_WORDS = {
    "string": "a string",
    "integer": "a whole number",
    "long": "a whole number",
    "float": "a number",
    "double": "a number",
    "boolean": "true or false",
    "timestamp": "a time like 2030-01-31T12:00:00Z",
    "blob": "a string",
    "list": "a list",
    "structure": "a mapping",
    "map": "a mapping",
}


_ROOT = "params"


class _Reader:
    """``filled``: the top-level members that the client fills in. ``shown``: the aliases that users wrote."""

    def __init__(self, filled: Collection[str], shown: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self._filled, self._shown = filled, shown

    def read(self, value: Any, shape: Any, at: str) -> Any:
        """``value`` converted to the type of the shape, or unchanged with a problem recorded."""
        if getattr(shape, "is_document_type", False) and shape.is_document_type:
            return value
        if shape.type_name in _SCALARS:
            return self._scalar(value, shape, at)
        if shape.type_name == "list":
            if self._is(value, list, shape, at):
                self._check_minimum(len(value), shape, at)
                return [self.read(item, shape.member, f"{at}[{index}]") for index, item in enumerate(value)]
        elif shape.type_name == "map":
            if self._is(value, Mapping, shape, at):
                self._check_minimum(len(value), shape, at)
                return {key: self.read(item, shape.value, path_to(at, key)) for key, item in value.items()}
        elif shape.type_name == "structure" and self._is(value, Mapping, shape, at):
            return self._members(value, shape, at)
        return value

    def _members(self, value: Mapping[str, Any], shape: Any, at: str) -> dict[str, Any]:
        filled, shown = (self._filled, self._shown) if at == _ROOT else ((), {})
        names = [shown.get(name, name) for name in shape.members]
        unknown = {name: nearest(str(name), names) for name in value if name not in shape.members}
        for name in shape.required_members:
            called = shown.get(name, name)
            if value.get(name) is None and name not in filled and called not in unknown.values():
                self.problems.append(Problem(f"{at}.{called}", "is missing; the operation requires it"))
        self.problems.extend(
            Problem(path_to(at, name), "is not a parameter of the operation", near) for name, near in unknown.items()
        )
        if getattr(shape, "is_tagged_union", False) and len(value) != 1:
            text = f"must have exactly one of its members, not {len(value)}{choice(shape.members, None)}"
            self.problems.append(Problem(at, text))
        return {
            name: self.read(item, shape.members[name], f"{at}.{shown.get(name, name)}")
            for name, item in value.items()
            if name in shape.members and not (item is None and name in shape.required_members)
        }

    def _scalar(self, value: Any, shape: Any, at: str) -> Any:
        converted = _SCALARS[shape.type_name](value)
        if converted is None:
            hint = "; quote it" if shape.type_name == "string" and isinstance(value, (float, bool)) else ""
            self._misfit(value, shape, at, hint)
        elif shape.type_name == "string" and isinstance(value, int) and value >= 0 and _is_short_account(at, converted):
            text = f"{value} has fewer than 12 digits: the leading zeros of an account id can't be restored; quote it"
            self.problems.append(Problem(at, text))
        elif shape.type_name != "blob":
            self._check_minimum(len(converted) if isinstance(converted, str) else converted, shape, at)
        return converted

    def _check_minimum(self, size: float, shape: Any, at: str) -> None:
        """Check a number, or the length of anything else, against the model's minimum."""
        least = shape.metadata.get("min")
        if least is None or shape.type_name not in _UNITS or size >= least:
            return
        one, more = _UNITS[shape.type_name]
        unit = one if least == 1 else more
        self.problems.append(Problem(at, f"must be at least {least:g}{unit}, not {size}"))

    def _is(self, value: Any, kind: type, shape: Any, at: str) -> bool:
        if not isinstance(value, kind):
            self._misfit(value, shape, at)
            return False
        return True

    def _misfit(self, value: Any, shape: Any, at: str, hint: str = "") -> None:
        if value is None:
            hint = "; omit it"
        is_list = shape.type_name == "list"
        is_secret = shape.metadata.get("sensitive") or (is_list and shape.member.metadata.get("sensitive"))
        if is_list and isinstance(value, str | int | float) and not is_secret:
            items = [item.strip() for item in value.split(",")] if isinstance(value, str) else [value]
            hint = f"; write {cite(items)}"
        shown = MASK if is_secret else cite(value)
        self.problems.append(Problem(at, f"must be {_WORDS[shape.type_name]}, not {shown}{hint}"))


def read_params(params: Mapping[str, Any], operation_model: Any, client: Any = None) -> Checked[dict[str, Any]]:
    """Read the parameters of a request. The paths of problems begin with ``params``.

    A string becomes an integer, number or boolean if the model requires one; a single value never becomes a list. A
    parameter may have boto3's name instead of the model's; the request gets the model's. Parameters that ``client``
    fills in may be omitted.
    """
    shape = operation_model.input_shape
    if shape is None:
        names = [Problem(f"params.{name}", f"{operation_model.name} takes no parameters") for name in params]
        return {}, names
    try:
        return _read(params, operation_model, client)
    except RecursionError:
        return {}, [Problem("params", "are nested too deeply")]


def _read(params: Mapping[str, Any], operation_model: Any, client: Any) -> tuple[dict[str, Any], list[Problem]]:
    shape = operation_model.input_shape
    known_as = aliases(operation_model)
    named = {known_as.get(name, name): value for name, value in params.items()}
    required = [name for name in shape.required_members if named.get(name) is None]
    filled = filled_in(required, named, operation_model, client) if required else {}
    shown = {name: alias for alias, name in known_as.items() if name not in params}
    reader = _Reader(filled, shown)
    read = reader.read(named, shape, _ROOT)
    reader.problems.extend(
        Problem(f"params.{alias}", f"is another name for {name}, which is also given")
        for alias, name in known_as.items()
        if alias in params and name in params
    )
    if reader.problems:
        return read, reader.problems
    report = botocore.validate.ParamValidator().validate({**read, **filled}, shape)
    if report.has_errors():
        # botocore checks documents and streams
        lines = [short(line, 300) for line in report.generate_report().splitlines() if line.strip()]
        return read, [Problem("params", line) for line in dict.fromkeys(lines)]
    return read, []


def _text(value: Any) -> str | None:
    """A string; also a whole number, which templates make of a string of digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None


def _is_short_account(at: str, digits: str) -> bool:
    return len(digits) < 12 and re.search(r"(owner|account)(id|alias)?s?(\[\d+\])?$", at, re.IGNORECASE) is not None


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    try:
        return int(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    try:
        number = float(value) if isinstance(value, str) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return (
        {"true": True, "yes": True, "false": False, "no": False}.get(value.lower()) if isinstance(value, str) else None
    )


def _time(value: Any) -> Any:
    """A string or a number of seconds since 1970, as botocore accepts it."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        botocore.utils.parse_to_aware_datetime(value)
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, OSError):
        return None
    return value


_UNITS = {
    "string": (" character long", " characters long"),
    "integer": ("", ""),
    "long": ("", ""),
    "float": ("", ""),
    "double": ("", ""),
    "list": (" item long", " items long"),
    "map": (" key long", " keys long"),
}
_SCALARS: dict[str, Callable[[Any], Any]] = {
    "string": _text,
    "integer": _integer,
    "long": _integer,
    "float": _number,
    "double": _number,
    "boolean": _boolean,
    "timestamp": _time,
    "blob": lambda value: value if isinstance(value, str) else None,
}
