# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing only what is looked at: botocore's parsers read no member that the shape of the answer doesn't name.

A full-size EC2 instance costs 1.3 ms to parse, nearly all of it for members that no acceptor asks for. So the client
of an operation is taken a copy of, which differs in one thing: its parsers are given a shape with the other members
left out. The copy shares all the rest with the client: connections, credentials, event handlers.

Why so and not otherwise: the parsers are told their shape by the operation's model, which every request of the client
shares, and so do our own checks; events come too early (``before-parse`` can't change the shape) or too late. A copy
belongs to one operation, so nobody else's requests are touched and there is nothing to be locked, whatever threads
they are sent from. The endpoint has the parsers made by its factory, in botocore 1.35 as in 1.44; both hand over the
answer as it came, and it is kept with what was parsed of it, for when the whole is wanted. Errors and retries are seen
by botocore as ever: the shape is replaced for answers without an error alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import Any

from ..shapes import is_nested
from .bodies import require_shallow
from .pages import Paging
from .used_members import HANDFUL, MemberNode, UsedMembers, find_used_members

# Here botocore's own event handlers work on the answer after it was parsed, or on the way there.
_WORKED_ON = frozenset({"cloudformation.GetTemplate", "ec2.GetConsoleOutput", "iam", "s3"})


class Pruned(dict[str, Any]):
    """An answer of which only what is looked at was parsed."""

    def __init__(self, parsed: Mapping[str, Any], parse_whole: Callable[[], dict[str, Any]]) -> None:
        super().__init__(parsed)
        self._parse_whole = parse_whole

    def whole(self) -> Mapping[str, Any]:
        """The answer with all its members; what there is where the others make no sense to the parser."""
        try:
            whole = self._parse_whole()
        except Exception:  # whatever the parser throws at members that nobody has looked at
            return self
        whole["ResponseMetadata"] = self["ResponseMetadata"]  # the endpoint adds to it
        return whole


def pruned_shape(output: Any, looks: Iterable[UsedMembers], paging: Paging | None) -> Any:
    """The output shape without what nobody looks at; None where it can't be told or is hardly less.

    Streams and bodies that are a single member are left as they are.
    """
    if output is None or "payload" in output.serialization or output.event_stream_name is not None:
        return None
    root = find_used_members(output, looks, paging)
    return _prune(output, root) if root.dropped >= HANDFUL else None


def pruning_client(client: Any, operation_model: Any, looks: Iterable[UsedMembers], paging: Paging | None) -> Any:
    """A copy of the client for this one operation, whose answers are ``Pruned``; None where that isn't worth it.

    ``operation_model``: the client's own.
    """
    endpoint = vars(client).get("_endpoint")
    factory = getattr(endpoint, "_response_parser_factory", None)
    service = operation_model.service_model.service_name
    if factory is None or service in _WORKED_ON or f"{service}.{operation_model.name}" in _WORKED_ON:
        return None
    whole = operation_model.output_shape
    shape = pruned_shape(whole, looks, paging)
    if shape is None:
        return None
    reads_less = copy(endpoint)
    reads_less._response_parser_factory = _Parsers(factory, whole, shape)
    # copy() would ask the new client for attributes before it has any, and clients answer by asking themselves
    twin = object.__new__(type(client))
    vars(twin).update(vars(client), _endpoint=reads_less)
    return twin


class _Parsers:
    """Makes the parsers of an endpoint."""

    def __init__(self, factory: Any, whole: Any, pruned: Any) -> None:
        self._factory, self._whole, self._pruned = factory, whole, pruned

    def create_parser(self, protocol: str) -> _Parser:
        return _Parser(self._factory.create_parser(protocol), self._whole, self._pruned)


class _Parser:
    """A parser of botocore's that takes one shape for another."""

    def __init__(self, parser: Any, whole: Any, pruned: Any) -> None:
        self._parser, self._whole, self._pruned = parser, whole, pruned

    def parse(self, response: Mapping[str, Any], shape: Any) -> Any:
        if shape is not self._whole or response["status_code"] >= 300:
            return self._parser.parse(response, shape)

        def whole() -> dict[str, Any]:
            parsed: dict[str, Any] = self._parser.parse(response, shape)
            require_shallow(parsed, shape)
            return parsed

        return Pruned(self._parser.parse(response, self._pruned), whole)


def _prune(shape: Any, node: MemberNode) -> Any:
    """A copy of the shape with the members that are looked at: what it has read of its model counts as the model."""
    if node.is_kept or not is_nested(shape):
        return shape
    pruned = copy(shape)
    if shape.type_name == "structure":
        seen = [(name, member) for name, member in shape.members.items() if name in node.below]
        pruned.members = OrderedDict((name, _prune(member, node.below[name])) for name, member in seen)
    elif shape.type_name == "list":
        pruned.member = _prune(shape.member, node)
    else:
        pruned.value = _prune(shape.value, node.below.get("") or MemberNode(shape.value))
    return pruned
