# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait that is ready to run. Only this file makes the operation and the judge of a wait."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .._engine.absence import Missing
from .._engine.checkpoint import Checkpoint
from .._engine.events import Event
from .._engine.jitter import Draw
from .._engine.judge import Judge
from .._engine.poll_loop import poll_loop
from .._engine.poll_result import PollResult
from .._engine.schedule import Schedule
from .binding import Binding
from .models import Models
from .polling.operation import Operation
from .polling.pages import paging_of
from .polling.transport import Transport

if TYPE_CHECKING:
    from .polling.used_members import UsedMembers

MANY = 10
"""From this number of resources on, responses are pruned from the first poll on."""


class PreparedWait(NamedTuple):
    """One wait and all that it needs to run. ``renew`` makes a new client when the credentials of ``client`` expire."""

    binding: Binding
    schedule: Schedule
    judge: Judge
    models: Models
    client: Any
    renew: Callable[[], Any]

    @property
    def split_by_id(self) -> bool:
        """Whether each requested resource is judged on its own part of the response."""
        return self.judge.missing is not Missing.IGNORE

    def loop(
        self, clock: Callable[[], float], draw: Draw, checkpoint: Checkpoint | None = None
    ) -> Generator[Event, PollResult | None, None]:
        """The poll loop, for ``run_wait`` or the scheduler. ``checkpoint``: where the wait goes on."""
        return poll_loop(self.judge, self.schedule, clock, draw, checkpoint)

    def operation(self) -> Operation:
        """The operation to poll for only this wait."""
        return self.shared_operation(self.binding, lambda: [used_members(self.binding)])

    def shared_operation(
        self, binding: Binding, used: Callable[[], Iterable[UsedMembers]], waits: int = 1, asks_halves: bool = True
    ) -> Operation:
        """The operation to poll for several ``waits``.

        ``binding``: that of their common request; ``used``: what any of them uses of the response; ``asks_halves``: see
        ``Operation``.
        """
        name = binding.definition.operation
        paging = paging_of(self.models.paginator(binding.service, name), binding.operation_model)
        methods = self.client.meta.method_to_api_mapping.items()
        method = next(method for method, operation in methods if operation == name)
        transport = Transport(self.renew, self.client, method, paging, used)
        ids = binding.params.get(binding.id_param.name, ()) if binding.id_param is not None else ()
        prunes_at_once = max(waits, len(ids)) >= MANY
        return Operation(
            transport, binding.params, binding.id_param, paging, self.split_by_id, prunes_at_once, asks_halves
        )


def judge_of(binding: Binding, missing: Missing, retry_errors: frozenset[str]) -> Judge:
    """The judge of the responses to a binding's operation."""
    return Judge(
        binding.definition,
        binding.identity,
        missing,
        retry_errors,
        binding.show,
        binding.reasons,
        binding.json_safe if binding.holds_secrets else None,
        binding.given,
    )


def used_members(binding: Binding) -> UsedMembers:
    """What a wait uses of the responses."""
    from .polling.used_members import UsedMembers  # not needed by a wait that ends at its first poll

    shown = [*binding.reasons, *binding.progress, *([binding.show] if binding.show is not None else [])]
    acceptors = binding.definition.acceptors
    return UsedMembers(
        frozenset([*(a.argument for a in acceptors if a.argument and not a.with_input), *shown]),
        frozenset(a.argument for a in acceptors if a.argument and a.with_input),
        frozenset(binding.identity.lists if binding.identity is not None else ()),
    )
