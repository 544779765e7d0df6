# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How botocore's clients change parameters before they check them: aliases, and members that they fill in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import cache
from typing import Any

from ..botocore_imports import botocore


def aliases(operation_model: Any) -> dict[str, str]:
    """The parameters that boto3 documents under a different name: boto3's name → the model's."""
    members = operation_model.input_shape.members
    probe = {alias: name for alias, name in _renamed().items() if name in members and alias not in members}
    if not probe:
        return {}
    sent = dict(probe)
    _built_in().emit(_event(operation_model), params=sent, model=operation_model, context={})
    return {alias: name for alias, name in probe.items() if sent.get(name) == name}


def filled_in(names: Collection[str], params: Mapping[str, Any], operation_model: Any, client: Any) -> dict[str, Any]:
    """The values that the client fills in for the top-level members ``names``.

    ``client`` None: those that botocore's own handlers fill in for any client.
    """
    sent: dict[str, Any] = deepcopy({name: value for name, value in params.items() if name not in names})
    with suppress(Exception):  # a handler may fail on a wrong value, which is reported anyway
        events = _built_in() if client is None else client.meta.events
        context = {} if client is None else {"client_config": client.meta.config}
        how = {"params": sent, "model": operation_model, "context": context}
        events.emit(_event(operation_model), **how)
        # S3 Control takes the account out of an ARN at this event, before it checks the parameters
        events.emit(_event(operation_model, "before-endpoint-resolution"), builtins={}, **how)
    return {name: sent[name] for name in names if sent.get(name) is not None}


def _event(operation_model: Any, moment: str = "before-parameter-build") -> str:
    return f"{moment}.{operation_model.service_model.service_id.hyphenize()}.{operation_model.name}"


def _handlers() -> Iterator[tuple[str, Any]]:
    """botocore's own handlers of parameters, each with the event that it is registered for."""
    for event, handler, *_more in botocore.handlers.BUILTIN_HANDLERS:
        if event.startswith("before-parameter-build"):
            yield event, handler


@cache
def _renamed() -> dict[str, str]:
    """The aliases of parameters in any operation, with the model's name for each."""
    rules = [getattr(handler, "__self__", None) for _event_name, handler in _handlers()]
    kind = botocore.handlers.ParameterAlias
    return {rule._alias_name: rule._original_name for rule in rules if isinstance(rule, kind)}


@cache
def _built_in() -> Any:
    emitter = botocore.hooks.EventAliaser(botocore.hooks.HierarchicalEmitter())
    for event, handler in _handlers():
        emitter.register(event, handler)
    return emitter
