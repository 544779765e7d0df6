# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of ``wait_many``: each is a wait with the task's own options as defaults."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from .._aws.models import Models
from .._definition.problem import BadInput, Checked, Problem, cite, nearest, path_to, short
from .._engine.groups import Policy
from .options import wait_spec
from .request import Memo, Request, read_request

CONCURRENCY = 16
_LONGEST_NUMBER = 9
_PERCENTAGE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?%")
OF_THE_TASK = ("event_log", "progress")
"""Options that apply to the whole task and not to single entries."""

Account = tuple["str | None", "str | None"]
"""The region and the profile that an entry sets; None stands for the task's."""

Connect = Callable[[Account, str, str], Any]
"""Returns the client for an account, a service and an operation."""


class Entry(NamedTuple):
    """One wait among many."""

    name: str | None
    request: Request
    account: Account
    profile: str | None = None
    """The profile in force, the entry's own or the task's."""


def wait_many_spec() -> dict[str, dict[str, Any]]:
    """The argument specification, without the connection options."""
    every = wait_spec()
    task = {**every, "service": {"type": "str"}, "return_response": {"type": "raw", "default": False}}
    return {
        "waits": {"type": "list", "elements": "dict", "required": True, "options": _entry_spec(every)},
        **task,
        "require": {"type": "str", "default": "all"},
        "fail_fast": {"type": "bool", "default": True},
        "concurrency": {"type": "int", "default": CONCURRENCY},
        "max_rate": {"type": "float"},
    }


def _entry_spec(every: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """As for a single wait, but without required options and defaults, as the task may set them for all entries."""
    own = {name: {"type": "str"} for name in ("name", "region", "profile")}
    waits = {
        name: {key: value for key, value in option.items() if key not in ("default", "required")}
        for name, option in every.items()
        if name not in OF_THE_TASK
    }
    return {**own, **waits}


def read_entries(args: Mapping[str, Any], models: Models, connect: Connect) -> list[Entry]:
    """The entries, ready to start; BadInput with every problem of every entry, each with the entry's index and name."""
    problems: dict[int, Sequence[Problem]] = {}
    entries: list[Entry] = []
    memo: Memo = {}
    names = [name for name in wait_spec() if name not in OF_THE_TASK]
    if not args["waits"]:
        raise BadInput([Problem("waits", "is an empty list")])
    for index, given in enumerate(args["waits"]):
        merged = {name: args[name] if given.get(name) is None else given[name] for name in names}
        if given.get("waiter") is not None or given.get("definition") is not None:
            # either one replaces both of the task
            merged.update(waiter=given.get("waiter"), definition=given.get("definition"))
        merged["params"] = {**(args["params"] or {}), **(given.get("params") or {})}
        account = (given.get("region"), given.get("profile"))
        merged["profile"] = account[1] or args.get("profile")
        try:
            request = _request(merged, models, connect, account, memo)
            entries.append(Entry(given.get("name"), request, account, merged["profile"]))
        except BadInput as bad:
            problems[index] = bad.problems
    if problems:
        raise BadInput(dict.fromkeys(_placed(problems, args, names)))
    return entries


# The path of a connection problem → the option of an entry that may cause it. Entries have no other such options.
_OF_ENTRY = {"region": "region", "profile": "profile", "credentials": "profile"}


def _placed(found: Mapping[int, Sequence[Problem]], args: Mapping[str, Any], names: Sequence[str]) -> Iterator[Problem]:
    """The problems of the entries, each under its entry. A problem that all entries inherit is reported for the task.

    ``names``: the options that entries inherit from the task.
    """
    waits = args["waits"]

    def inherits(given: Mapping[str, Any], path: str) -> bool:
        option = path.partition(".")[0].partition("[")[0]
        if option == "params" and given.get(option):
            members = [path_to(option, member) for member in args[option] or () if member not in given[option]]
            return any(re.match(rf"{re.escape(member)}($|[.\[])", path) for member in members)
        if option in names:
            return given.get(option) is None and bool(args[option])
        own = _OF_ENTRY.get(option)  # a problem of the connection
        return own is None or given.get(own) is None

    @cache
    def inheriting(path: str) -> list[int]:
        return [number for number, given in enumerate(waits) if inherits(given, path)]

    shared: dict[Problem, bool] = {}
    for index, problems in found.items():
        name = waits[index].get("name")
        where = f"waits[{index}]" + (f" ({short(name)})" if name else "")
        for problem in problems:
            if problem not in shared:
                # a named definition stops only the entries that use it
                shared[problem] = problem.path.startswith("definitions") or all(
                    problem in found.get(number, ()) for number in inheriting(problem.path)
                )
            is_shared = shared[problem] and inherits(waits[index], problem.path)
            yield problem if is_shared else problem.under(where)


def _request(args: Mapping[str, Any], models: Models, connect: Connect, account: Account, memo: Memo) -> Request:
    if args["service"] is None:
        raise BadInput([Problem("service", "is missing; set it in the entry, or in the task for all entries")])
    return read_request(args, models, lambda service, operation: connect(account, service, operation), memo)


def read_policy(args: Mapping[str, Any], count: int) -> Checked[Policy]:
    """How many waits must succeed, and the problems of the options that say so."""
    require = str(args["require"]).strip().lower()
    problems = []
    required = {"all": count, "any": 1}.get(require)
    if required is None and require.isdecimal() and len(require) <= _LONGEST_NUMBER:
        required = int(require)
    if required is None and _PERCENTAGE.fullmatch(require):
        required = math.ceil(Fraction(require[:-1]) * count / 100)
    if required is None or (count and not 1 <= required <= count):
        given = required if require.isdecimal() and required is not None else cite(args["require"])
        numbers = f"a number from 1 to {count or 'the number of waits'}"
        text = f"must be all, any, {numbers} or a percentage up to 100%, not {given}"
        problems.append(Problem("require", text, nearest(require, ("all", "any"))))
    if args["concurrency"] < 1:
        problems.append(Problem("concurrency", f"must be at least 1, not {args['concurrency']}"))
    if args["max_rate"] is not None and not 0 < args["max_rate"] < float("inf"):
        problems.append(Problem("max_rate", f"must be more than 0 requests per second, not {args['max_rate']:.15g}"))
    return Policy(required or count, args["fail_fast"]), problems
