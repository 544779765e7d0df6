# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what Ansible would reject in the arguments, so that it can be reported with the other problems of the task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._definition.problem import BadInput, Checked, Problem, cite, nearest, path_to, short

Spec = Mapping[str, Mapping[str, Any]]
Read = TypeVar("Read")

NOT_AN_OPTION = "is not an option of the module"
BELONGS = "belongs in params, as"
_INTERNAL = "_ansible_"
_WORDS = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "dict": "a mapping",
    "list": "a list",
    "str": "a string",
}
_KINDS = {str: "a string", list: "a list", dict: "a mapping", bool: "true or false", int: "a number", float: "a number"}


def checked(args: Mapping[str, Any], spec: Spec, at: str = "") -> Checked[dict[str, Any]]:
    """The arguments without those that Ansible would reject, and the problems of these. Secrets are left to Ansible."""
    valid: dict[str, Any] = {}
    problems: list[Problem] = []
    options = {name: (own, option) for own, option in spec.items() for name in (own, *option.get("aliases", ()))}
    for name, value in args.items():
        if str(name).startswith(_INTERNAL):
            valid[name] = value
        elif name not in options:
            known = [option for option in options if not option.startswith("_")]
            problems.append(Problem(path_to(at, name), NOT_AN_OPTION, nearest(str(name), known)))
        else:
            own, option = options[name]
            if isinstance(value, list) and "options" in option:
                value, found = _entries(value, option["options"], name)
                problems.extend(found)
                valid[name] = value
            elif own.startswith("_") or option.get("no_log") or _accepts(option, value):
                valid[name] = value
            else:
                problems.append(_misfit(path_to(at, name), option, value))
                if option.get("required") and option["type"] == "list":  # else Ansible would say that it is missing
                    valid[name] = []
    return valid, problems


def _entries(entries: list[Any], spec: Spec, at: str) -> Checked[list[Any]]:
    """The entries of a list. An invalid one becomes an empty one, so that the others keep their places."""
    valid: list[Any] = []
    problems: list[Problem] = []
    for index, entry in enumerate(entries):
        where = f"{at}[{index}]"
        if isinstance(entry, Mapping):
            name = entry.get("name")
            where = f"{where} ({short(str(name))})" if name else where
            own, found = checked(entry, spec, where)
        else:
            own, found = {}, [Problem(where, f"must be a mapping like {{service: …, waiter: …}}, not {_shown(entry)}")]
        valid.append(own)
        problems.extend(found)
    return valid, problems


def _accepts(option: Mapping[str, Any], value: Any) -> bool:
    alone = {key: option[key] for key in ("type", "elements", "choices", "default") if key in option}
    return not ArgumentSpecValidator({"value": alone}).validate({"value": value}).error_messages


def _misfit(at: str, option: Mapping[str, Any], value: Any) -> Problem:
    choices, kind = option.get("choices"), option.get("type", "str")
    # a mapping or a list may contain secrets
    shown = _shown(value) if isinstance(value, list | dict) or kind in ("list", "dict") else cite(value)
    if choices:
        near = nearest(value, choices) if isinstance(value, str) else None
        return Problem(at, f"must be one of {', '.join(map(str, choices))}, not {shown}", near)
    hint = ""
    if kind == "float" and at.endswith(("delay", "timeout")):
        hint = "; it takes seconds"
    elif "options" in option and isinstance(value, dict):
        hint = "; begin each of its entries with a dash"
    return Problem(at, f"must be {_WORDS.get(kind, kind)}, not {shown}{hint}")


def _shown(value: Any) -> str:
    return "null" if value is None else _KINDS.get(type(value), "something else")


def with_mistakes(mistakes: Sequence[Problem], read: Callable[[], Read]) -> Read:
    """What ``read`` returns; BadInput with its problems and the mistakes in the arguments, if there are any."""
    try:
        found = read()
    except BadInput as bad:
        raise BadInput([*mistakes, *_others(bad.problems, mistakes)]) from None
    if mistakes:
        raise BadInput(mistakes)
    return found


def _others(problems: Sequence[Problem], mistakes: Sequence[Problem]) -> Iterator[Problem]:
    """The problems that don't only follow from an argument that was left out."""
    for problem in problems:
        if not any(f"{problem.path}.".startswith(f"{path}.") for wrong in mistakes for path in _affected(wrong)):
            yield problem


def _affected(wrong: Problem) -> Iterator[str]:
    """Where the argument was, where it was meant to be, and what depends on it."""
    yield wrong.path
    head, dot, name = wrong.path.rpartition(".")
    if wrong.problem.startswith(BELONGS):
        yield f"{head}{dot}params{wrong.problem.removeprefix(BELONGS).replace(' ', '.')}"
    meant = wrong.suggestion if wrong.problem == NOT_AN_OPTION else name
    if meant:
        yield f"{head}{dot}{meant}"
        if meant in ("definition", "definitions"):
            yield f"{head}{dot}waiter"
