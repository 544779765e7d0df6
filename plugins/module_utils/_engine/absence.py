# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What says that a resource isn't there, and what follows from that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

from .._definition.model import Acceptor, Definition, Matcher, State
from .mentions import named, texts_in
from .poll_result import ErrorKind, ServiceError
from .response_split import Identity
from .verdict import Decision

_IS_WRONG_ID = re.compile(r"Invalid(?!Parameter|Request|Argument|Input|ClientToken)")
"""A code that says that what is asked for is none, of a waiter that takes it for success."""


class Missing(str, Enum):
    """What the absence of a requested resource means."""

    AUTO = "auto"
    WAIT = "wait"
    SUCCESS = "success"
    FAIL = "fail"
    IGNORE = "ignore"


_MEANS = {Missing.WAIT: Decision.NOT_YET, Missing.SUCCESS: Decision.SUCCESS, Missing.FAIL: Decision.FAILURE}


@dataclass(frozen=True)
class Absence:
    """What it means to one wait that a resource isn't there. ``request``: its parameters as the user gave them."""

    definition: Definition
    identity: Identity | None
    missing: Missing
    request: Mapping[str, Any]

    @property
    def decision(self) -> Decision | None:
        """What follows from it, where the user says so."""
        return _MEANS.get(self.missing)

    def is_deletion(self, label: str, seen: Set[str]) -> bool:
        """Whether it is the deletion that is awaited: a typo has never been seen."""
        return self.definition.gone_once_seen and label in seen

    def is_told_by(self, error: ServiceError) -> bool:
        """Whether the error says that what is waited for isn't there.

        By its code. A code that says no more than that the request is wrong says so where the message does and names
        what the request asks for; one that this waiter takes for its success, where a not-found is one too.
        """
        if error.kind is not ErrorKind.REFUSED:
            return False
        if error.has_not_found_code or error.code in self._codes:
            return True
        folds_case = self.identity is not None and self.identity.folds_case
        return error.is_not_found and _names_one(error.message, tuple(texts_in(self.request)), folds_case)

    @cached_property
    def _codes(self) -> frozenset[str]:
        """What a waiter for deletion takes for its success (Classic Load Balancing's ``InvalidInstance``)."""
        return frozenset(code for code in self.definition.error_codes(State.SUCCESS) if _IS_WRONG_ID.match(code))

    @cached_property
    def succeeds(self) -> bool:
        """Whether a waiter takes it for success in a list: one that takes an error for success awaits deletion."""
        return any(
            acceptor.state is State.SUCCESS and acceptor.matcher is Matcher.ERROR and acceptor.expected != (False,)
            for acceptor in self.definition.acceptors
        )

    def is_meant_by(self, acceptor: Acceptor) -> bool:
        """Whether what the acceptor matches is that nothing is there."""
        if acceptor.argument is None or acceptor.expected != (True,):
            return False
        return acceptor.argument.counts_absence or denies_items(acceptor, self.identity)


@lru_cache(maxsize=8)
def _names_one(message: str, texts: tuple[str, ...], folds_case: bool) -> bool:
    """The same message stands for each of the resources that it was refused for, and may be long."""
    return bool(named(message, texts, folds_case))


def denies_items(acceptor: Acceptor, identity: Identity | None) -> bool:
    """Whether its argument is ``!X``, and X the list that would hold the requested resources."""
    lists = identity.lists if identity is not None else ()
    return acceptor.argument is not None and any(acceptor.argument.denied == of.path for of in lists)
