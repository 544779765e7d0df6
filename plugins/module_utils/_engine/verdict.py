# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer says of a wait, and of each resource that it waits for."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from .._definition.model import Acceptor
from .poll_result import ServiceError
from .response_split import Resource

WHOLE = ""
"""Stands among the labels of resources where the answer isn't told apart by resources."""


class Decision(str, Enum):
    """What follows from one answer."""

    SUCCESS = "success"
    FAILURE = "failure"
    NOT_YET = "not yet"
    TRANSIENT = "transient"
    ERROR = "error"


class ResourceVerdict(NamedTuple):
    """What an answer says of one requested resource. ``reason`` is AWS's own text, read when the wait ends."""

    resource: Resource
    decision: Decision
    observed: Any = None
    reason: str | None = None
    acceptor: Acceptor | None = None
    absent: bool = False


class Verdict(NamedTuple):
    """What an answer says of the wait. ``acceptor`` is the one that decided, None where none matched."""

    decision: Decision
    acceptor: Acceptor | None = None
    observed: Any = None
    resources: tuple[ResourceVerdict, ...] = ()
    error: ServiceError | None = None
    absent: bool = False
    reason: str | None = None
    notes: tuple[str, ...] = ()
    """What the user should be warned of: expressions that could not be evaluated, ids that could not be matched."""
    is_untold: bool = False
    """The answer was judged as a whole since nothing in it could be told to be a requested resource's."""

    @property
    def present(self) -> frozenset[str]:
        """The labels of the resources that the answer held; WHOLE where these aren't told apart."""
        if self.is_untold:
            return frozenset()
        if self.resources:
            return frozenset(entry.resource.label for entry in self.resources if not entry.absent)
        return frozenset() if self.absent or self.error is not None else frozenset({WHOLE})
