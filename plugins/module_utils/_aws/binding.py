# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition and parameters brought together with the service: everything that a wait needs of AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .._definition.expression import Expression
from .._definition.model import Definition
from .._definition.problem import Problem
from .._engine.judge import Judge, Missing
from .._engine.response_split import Identity
from .display_expressions import progress_of, reasons_of, show_of
from .id_params import IdParam, id_params, identity_of, lone_identity, narrows, subject
from .models import Models
from .polling.operation import Operation
from .polling.pages import paging_of
from .polling.transport import Transport
from .response import holds_secrets, json_safe
from .validation.params import read_params

if TYPE_CHECKING:
    from .polling.used_members import UsedMembers

MANY = 10
"""The answer for so many resources is large enough for its first parsing to be spared all that nobody looks at."""


class Binding(NamedTuple):
    """One wait's side of AWS. ``given``: the parameters as the user gave them, ``params``: as they are sent.

    ``subject``: how people name what is waited for, where no id list says it.
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

    def judge(self, missing: Missing, retry_errors: frozenset[str]) -> Judge:
        """Who judges the answers."""
        conceal = self.json_safe if self.holds_secrets else None
        return Judge(
            self.definition, self.identity, missing, retry_errors, self.show, self.reasons, conceal, self.given
        )

    @property
    def requests(self) -> int:
        """How many requests one poll takes, as far as the parameters tell."""
        if self.id_param is None or not self.id_param.limit:
            return 1
        return -(-len(self.params[self.id_param.name]) // self.id_param.limit)

    def operation(
        self,
        models: Models,
        connect: Callable[[], Any],
        client: Any,
        split_by_id: bool,
        used: Callable[[], Iterable[UsedMembers]] | None = None,
        waits: int = 1,
    ) -> Operation:
        """The operation, ready to be polled; see there for ``split_by_id``.

        ``used``: what is used of the answers, where these are for several ``waits``.
        """
        paginator = models.paginator(self.service, self.definition.operation)
        paging = paging_of(paginator, self.operation_model)
        method = next(
            method
            for method, operation in client.meta.method_to_api_mapping.items()
            if operation == self.definition.operation
        )
        transport = Transport(connect, client, method, paging, used or (lambda: [self.looks]))
        ids = self.params.get(self.id_param.name, ()) if self.id_param is not None else ()
        return Operation(transport, self.params, self.id_param, paging, split_by_id, max(waits, len(ids)) >= MANY)

    @property
    def looks(self) -> UsedMembers:
        """What is looked at in the answers."""
        from .polling.used_members import UsedMembers  # a wait that ends at its first poll does without

        shown = [*self.reasons, *self.progress, *([self.show] if self.show is not None else [])]
        acceptors = self.definition.acceptors
        return UsedMembers(
            frozenset([*(a.argument for a in acceptors if a.argument and not a.with_input), *shown]),
            frozenset(a.argument for a in acceptors if a.argument and a.with_input),
            frozenset(self.identity.lists if self.identity is not None else ()),
        )

    def json_safe(self, response: Mapping[str, Any]) -> dict[str, Any]:
        return json_safe(response, self.operation_model.output_shape)

    @property
    def progress(self) -> list[Expression]:
        """Where the answer says how far the resource is; see ``progress_of``."""
        return progress_of(self.definition, self.service, self.operation_model.output_shape)

    @property
    def holds_secrets(self) -> bool:
        """Whether the answer may hold something that the model marks as sensitive."""
        return self.operation_model.output_shape is not None and holds_secrets(self.operation_model.output_shape)


def bind(
    service: str,
    definition: Definition,
    params: Mapping[str, Any],
    operation_model: Any,
    show: Expression | None,
    client: Any = None,
) -> tuple[Binding, list[Problem]]:
    """Bind a definition to checked parameters; with the problems of the parameters.

    ``client``: what it fills in may be left out.
    """
    given, problems = read_params(params, operation_model, client)
    read = dict(given)
    lists = [id_param for id_param in id_params(service, operation_model) if id_param.name in read]
    problems.extend(
        Problem(f"params.{id_param.name}", "is an empty list, which AWS takes for all of them")
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
        Problem(f"params.{name}", "is empty, which AWS may take for all of them")
        for name, value in read.items()
        if value == "" and narrows(service, operation_model, name)
    )
    if problems:
        lists = []
    for id_param in lists:
        read[id_param.name] = _without_duplicates(read[id_param.name])
    roots = frozenset[str]().union(*(a.argument.roots for a in definition.acceptors if a.argument and not a.with_input))
    binding = Binding(
        service,
        definition,
        given,
        read,
        operation_model,
        identity_of(lists, read, service, roots) or lone_identity(service, operation_model, read, roots),
        lists[0] if len(lists) == 1 else None,
        show or show_of(definition, service),
        reasons_of(definition, service, operation_model.output_shape),
        None if problems else subject(operation_model, read),
    )
    return binding, problems


def _without_duplicates(ids: Sequence[Any]) -> list[Any]:
    """AWS answers once for an id that is asked for twice, or refuses."""
    first: dict[str, Any] = {}
    for item in ids:
        first.setdefault(json.dumps(item, sort_keys=True, default=repr), item)
    return list(first.values())
