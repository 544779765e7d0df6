# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one poll brought back: a response, or an error and what kind of error it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from .._definition.expression import Expression


class ErrorKind(str, Enum):
    """Why a request failed, as far as waiting is concerned. The first three are transient errors."""

    THROTTLED = "throttled"
    SERVER = "server"
    CONNECTION = "connection"
    UNREACHABLE = "unreachable"
    """No connection could be made: a transient error once the endpoint has answered, before that a wrong set-up."""
    CREDENTIALS = "credentials"
    """The credentials have run out or can't be had."""
    REFUSED = "refused"
    """AWS understood the request and answered with an error."""

    @property
    def is_transient(self) -> bool:
        return self in (ErrorKind.THROTTLED, ErrorKind.SERVER, ErrorKind.CONNECTION, ErrorKind.UNREACHABLE)


# Services have no common code for "there is no such resource"; these are the forms that their models use, EC2's codes
# (InvalidInstanceID.NotFound), SQS's (AWS.SimpleQueueService.NonExistentQueue), API Gateway's GoneException, and
# EC2's for an image that was deregistered. Beside them the models know a 404 with other words: FeatureDisabled,
# ReservedNodeAlreadyExists, ResourceUnavailableException. Sources: the error shapes of botocore's models, EC2's list of
# client error codes.
_NOT_FOUND = re.compile(
    r"not_?found|does_?not_?exist|not_?exist|non_?existent|no_?such|^gone"
    r"|unknown_?(resource|stack|job|id|monitor|subscription|topic)|AMIID\.Unavailable",
    re.IGNORECASE,
)
_BARE_404 = frozenset({"", "404"})
"""All that an answer to HEAD says, which has no body."""
_NOT_FOUND_TEXT = re.compile(r"does not exist|doesn't exist|not found|could not (?:be found|find)", re.IGNORECASE)
_SAY_NOTHING = frozenset({"ValidationError", "ValidationException"})
"""Codes of services that have none for what isn't there (CloudFormation, SageMaker): the message says it."""


def is_not_found_code(code: str) -> bool:
    """Whether the code says that the resource isn't there."""
    return code == "404" or _NOT_FOUND.search(code) is not None


class ServiceError(NamedTuple):
    """An error as AWS or the network gave it. ``status`` is the HTTP status, None where no answer came.

    ``retry_after``: how many seconds AWS asks to wait before a retry.
    """

    code: str
    message: str
    kind: ErrorKind = ErrorKind.REFUSED
    status: int | None = None
    retry_after: float = 0.0

    @property
    def text(self) -> str:
        """The code and the message, where there is one."""
        return f"{self.code}: {self.message}" if self.message else self.code

    @property
    def has_not_found_code(self) -> bool:
        """Whether its code says that the resource isn't there; the HTTP status says so only where there is no code."""
        if self.kind is not ErrorKind.REFUSED:
            return False
        return is_not_found_code(self.code) or (self.code in _BARE_404 and self.status == 404)

    @property
    def is_not_found(self) -> bool:
        """Whether its code or its message says that something isn't there."""
        if self.has_not_found_code:
            return True
        says_nothing = self.kind is ErrorKind.REFUSED and self.code in _SAY_NOTHING
        return says_nothing and _NOT_FOUND_TEXT.search(self.message) is not None


NOT_SENT = ServiceError("NotSent", "no request could be sent for it by the deadline", ErrorKind.CONNECTION)
"""Stands for the answer where no request was sent. It hides no error that AWS gave before."""


@dataclass(frozen=True)
class PollResult:
    """A poll's answer. ``response`` is empty where there is an ``error``; ``status`` is the HTTP status.

    ``refused``: requested ids that AWS answered with an error of their own, while it answered for the others; each is
    named as results name it. ``made_progress``: the error came after pages or parts that were answered.
    ``read_whole``: where the response has but what the wait looks at, gives all of it.
    """

    response: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None
    error: ServiceError | None = None
    refused: Mapping[str, ServiceError] = field(default_factory=dict)
    made_progress: bool = False
    read_whole: Callable[[], Mapping[str, Any]] | None = field(default=None, repr=False, compare=False)
    _found: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def whole(self) -> Mapping[str, Any]:
        """The response with all that AWS said."""
        return self.response if self.read_whole is None else self.read_whole()

    def search(self, expression: Expression) -> Any:
        """What the expression selects in the response; ExpressionError where it can't be evaluated on it.

        Acceptors mostly share one expression, and evaluating it is most of what a poll costs: it is done once.
        """
        if expression.text not in self._found:
            self._found[expression.text] = expression.search(self.response)
        return self._found[expression.text]
