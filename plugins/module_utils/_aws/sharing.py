# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which waits can share requests, and what the request for all of them is."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping

from .._engine.response_split import Identity
from .binding import Binding
from .id_params import IdParam
from .polling.listing import find_list
from .polling.pages import asks_for_one_page
from .prepared_wait import PreparedWait

LARGEST = 400
"""Resources in one request at most: an answer with 1,000 instances would take 25 MB to be parsed."""


def shares_by(wait: PreparedWait) -> Hashable:
    """What two waits with one client must have in common to share requests.

    The operation and the parameters; where the answer tells the requested resources apart, all parameters but the ids.
    """
    binding, params = wait.binding, dict(wait.binding.params)
    ids: Hashable = None
    name = shared_id_param(binding) if wait.split_by_id else None
    if name is not None and binding.identity is not None and _is_told_apart(binding, binding.identity):
        members = {frozenset(item.given) for item in binding.identity.resources if isinstance(item.given, Mapping)}
        # {Id: i-1} would find what is asked for by {Id: i-1, Port: 80}; who asks in both ways shares with nobody
        if len(members) < 2:
            del params[name]
        ids = (name, binding.identity.lists, binding.identity.folds_case, frozenset(members))
    return binding.definition.operation, json.dumps(params, sort_keys=True, default=repr), ids, wait.split_by_id


def shared_id_param(binding: Binding) -> str | None:
    """The parameter by which the waits of a group may differ; None where they may not."""
    if binding.identity is None:
        return None
    if not binding.identity.lone:
        return binding.id_param.name if binding.id_param is not None else None
    by_id = find_list(binding.service, binding.definition.operation, binding.params)
    return by_id.name if by_id is not None else None


def shared_binding(binding: Binding) -> Binding:
    """The binding of the request for all waits of a group; ``binding``: that of one of them."""
    is_lone = binding.identity is not None and binding.identity.lone
    by_id = find_list(binding.service, binding.definition.operation, binding.params) if is_lone else None
    if by_id is not None:
        params = {name: value for name, value in binding.params.items() if name != by_id.name}
        return binding._replace(params=params, id_param=IdParam("Filters", (), None) if by_id.filter else None)
    id_param = binding.id_param
    if id_param is None:
        return binding
    return binding._replace(id_param=id_param._replace(limit=min(id_param.limit or LARGEST, LARGEST)))


def _is_told_apart(binding: Binding, identity: Identity) -> bool:
    """Whether the part of an answer for several waits is what a request for one of them brings.

    Not where one page is wanted, which several would share, nor where the wait reads what speaks of all that is asked
    for (``InvalidParameters``, ``Count``).
    """
    arguments = [acceptor.argument for acceptor in binding.definition.acceptors if not acceptor.with_input]
    roots = frozenset[str]().union(*(argument.roots for argument in (*arguments, binding.show) if argument))
    told_apart = {item_list.path[0] for item_list in identity.lists} | {"ResponseMetadata"}
    return roots <= told_apart and not asks_for_one_page(binding.params)
