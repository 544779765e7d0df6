# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Combines a definition and parameters with the service model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._definition.expression import Expression
from .._definition.model import Definition
from .._definition.problem import Checked, Problem
from .._definition.text import listed
from .._engine.response_split import Identity
from .display_expressions import masked_reasons_of, progress_of, reasons_of, show_of
from .id_filters import filter_identity, id_filters
from .id_params import IdParam, id_params, identity_of, lone_identity, narrows, subject
from .polling.pages import asks_for_one_page
from .response import holds_secrets, json_safe
from .validation.params import read_params

MOST_IN_LABEL = 3


class Binding(NamedTuple):
    """What a wait knows about AWS. ``given``: the parameters as the user gave them, ``params``: as they are sent.

    ``subject``: the name of what is waited for if there is no id list. ``speaker``: whose words messages quote.
    Where something other than an API operation is polled, ``service`` is empty and ``operation_model`` None.
    """

    service: str
    definition: Definition
    given: Mapping[str, Any]
    params: Mapping[str, Any]
    operation_model: Any
    identity: Identity | None
    id_param: IdParam | None
    show: Expression | None
    reasons: Sequence[Expression]
    subject: str | None
    speaker: str = "AWS"

    @property
    def requests(self) -> int:
        """How many requests a poll takes, as far as the parameters show."""
        if self.id_param is None or not self.id_param.limit:
            return 1
        return -(-len(self.params[self.id_param.name]) // self.id_param.limit)

    def json_safe(self, response: Mapping[str, Any]) -> dict[str, Any]:
        return json_safe(response, self.output_shape)

    @property
    def output_shape(self) -> Any:
        """The shape of the response, None if it isn't known."""
        return None if self.operation_model is None else self.operation_model.output_shape

    @property
    def id_params(self) -> Sequence[IdParam]:
        """The parameters that the operation accepts lists of ids in."""
        if self.operation_model is None:
            return ()
        return id_params(self.service, self.operation_model)

    @property
    def has_ids_in_filters(self) -> bool:
        """Whether the ids of what is waited for are in filters alone."""
        is_listed = self.identity is not None and not self.identity.lone
        return is_listed and not any(id_param.name in self.params for id_param in self.id_params)

    @property
    def label(self) -> str | None:
        """What people call that which is waited for: its ids, or the parameters that identify it."""
        names = [resource.label for resource in self.identity.resources] if self.identity is not None else []
        more = [f"{len(names) - MOST_IN_LABEL} more"] if len(names) > MOST_IN_LABEL else []
        return self.subject or listed([*names[:MOST_IN_LABEL], *more]) or None

    @property
    def progress(self) -> list[Expression]:
        """Where the response has the progress; see ``progress_of``. Without a model, the reason says most about it."""
        if self.operation_model is None:
            return list(self.reasons)
        return progress_of(self.definition, self.service, self.output_shape)

    @property
    def holds_secrets(self) -> bool:
        """Whether the response may have members that the model marks as sensitive."""
        return self.output_shape is not None and holds_secrets(self.output_shape)


def bind(
    service: str,
    definition: Definition,
    params: Mapping[str, Any],
    operation_model: Any,
    show: Expression | None,
    client: Any = None,
) -> Checked[Binding]:
    """Bind a definition to parameters, and check these.

    ``client``: parameters that it fills in may be omitted.
    """
    given, problems = read_params(params, operation_model, client)
    read = dict(given)
    lists = [id_param for id_param in id_params(service, operation_model) if id_param.name in read]
    problems.extend(
        Problem(f"params.{id_param.name}", "is an empty list, which AWS takes to mean all of them")
        for id_param in lists
        if read[id_param.name] == []
    )
    problems.extend(
        Problem(f"params.{id_param.name}[{index}]", "is empty")
        for id_param in lists
        if isinstance(read[id_param.name], list)
        for index, item in enumerate(read[id_param.name])
        if item == ""
    )
    problems.extend(
        Problem(f"params.{name}", "is empty, which AWS may take to mean all of them")
        for name, value in read.items()
        if value == "" and narrows(service, operation_model, name)
    )
    if not problems:
        problems.extend(_empty_filters(service, operation_model, read))
    if problems:
        lists = []
    for id_param in lists:
        read[id_param.name] = _without_duplicates(read[id_param.name])
    roots = frozenset[str]().union(*(a.argument.roots for a in definition.acceptors if a.argument and not a.with_input))
    warnings = [] if problems else list(_nothing_named(service, operation_model, read))
    binding = Binding(
        service,
        definition,
        given,
        read,
        operation_model,
        None if problems else _identity(service, operation_model, lists, read, roots),
        lists[0] if len(lists) == 1 else None,
        show or show_of(definition, service),
        [
            *reasons_of(definition, service, operation_model.output_shape),
            *masked_reasons_of(definition, operation_model.output_shape),
        ],
        None if problems else subject(operation_model, read),
    )
    return binding, [*problems, *warnings]


def _identity(
    service: str, operation_model: Any, lists: Sequence[IdParam], params: Mapping[str, Any], roots: frozenset[str]
) -> Identity | None:
    """What is waited for: the ids in plain parameters, else those in filters."""
    return (
        identity_of(lists, params, service, roots)
        or lone_identity(service, operation_model, params, roots)
        or filter_identity(service, operation_model, params, roots)
    )


def _empty_filters(service: str, operation_model: Any, params: Mapping[str, Any]) -> Iterator[Problem]:
    for found in id_filters(service, operation_model, params):
        if not found.ids:
            yield Problem(found.at, "is an empty list, which AWS may take to mean all of them")
        yield from (Problem(f"{found.at}[{n}]", "is empty") for n, text in enumerate(found.ids) if text == "")


def _nothing_named(service: str, operation_model: Any, params: Mapping[str, Any]) -> Iterator[Problem]:
    """A warning if the parameters name and select nothing although the operation accepts ids."""
    shape = operation_model.input_shape
    if shape is None or any(_may_select(name, value) for name, value in params.items()):
        return
    names = [id_param.name for id_param in id_params(service, operation_model)]
    names += [name for name in shape.members if narrows(service, operation_model, name)]
    if names:
        text = "names no resource, so the wait judges everything that {} returns in the region; name some in {}"
        yield Problem("params", text.format(operation_model.name, names[0])).as_warning()


def _may_select(name: str, value: Any) -> bool:
    """Whether a parameter may limit what the response lists. Numbers, switches and those of paging don't."""
    return not isinstance(value, (bool, int, float)) and bool(value) and not asks_for_one_page({name: value})


def _without_duplicates(ids: Sequence[Any]) -> list[Any]:
    """The ids, each once: AWS returns a duplicate once, or rejects it."""
    first: dict[str, Any] = {}
    for item in ids:
        first.setdefault(json.dumps(item, sort_keys=True, default=repr), item)
    return list(first.values())
