# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that an operation declares: their names in the model, and their codes in responses."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..._definition.model import Acceptor, Definition, Matcher


def declared_codes(operation_model: Any) -> dict[str, str]:
    """The name in the model → the code on the wire. They differ only in the protocols query, ec2 and rest-xml."""
    return {
        shape.name: shape.metadata.get("error", {}).get("code", shape.name) for shape in operation_model.error_shapes
    }


@lru_cache(maxsize=256)
def on_the_wire(definition: Definition, operation_model: Any) -> Definition:
    """The definition with the codes on the wire added to the names in the model.

    Smithy's ``errorType`` and boto3's exceptions use the model's names (DBInstanceNotFoundFault), responses the codes
    (DBInstanceNotFound). Borrowed acceptors stay unchanged.
    """
    codes = {name: code for name, code in declared_codes(operation_model).items() if name != code}
    if not codes:
        return definition
    return replace(definition, acceptors=tuple(_with_codes(acceptor, codes) for acceptor in definition.acceptors))


def _with_codes(acceptor: Acceptor, codes: dict[str, str]) -> Acceptor:
    if (
        acceptor.borrowed
        or acceptor.matcher is not Matcher.ERROR
        or not any(value in codes for value in acceptor.expected)
    ):
        return acceptor
    placed = list(zip(acceptor.expected, acceptor.expected_at, strict=True))
    placed += [(codes[value], at) for value, at in placed if value in codes and codes[value] not in acceptor.expected]
    values, places = zip(*placed, strict=True)
    return replace(acceptor, expected=values, expected_at=places)
