# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many ids a request takes is learned from what AWS says of a list that is too long."""

from __future__ import annotations

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.id_limit import IdLimit
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import ErrorKind, ServiceError

IDS = [f"i-{number}" for number in range(30)]


def learned(message: str, ids: list[str] = IDS, kind: ErrorKind = ErrorKind.REFUSED, **params: object) -> int | None:
    limit = IdLimit(None)
    is_learned = limit.learns_from(ServiceError("ValidationException", message, kind, 400), ids, {"Ids": ids, **params})
    return limit.size if is_learned else None


@pytest.mark.parametrize(
    "message",
    [
        "Value at 'ids' failed to satisfy constraint: Member must have length less than or equal to 10",
        "Services can have at most 10 items",
        "Services cannot have more than 10 elements",
        "The number of services exceeds the limit of 10",
        "The number of ids must not exceed 10",
        "The list exceeded the maximum size (10)",
        "The list must not be longer than 10, yet is greater than 10",
        "The limit is 10",
        "Specify no more than 10 ids",
        "You may ask for up to 10",
    ],
)
def test_the_limit_is_the_number_in_the_message(message: str) -> None:
    assert learned(message) == 10


@pytest.mark.parametrize("message", ["Too many ids", "Request exceeds the allowed size", "Over the maximum of 1000"])
def test_without_a_number_that_can_be_it_half_is_tried(message: str) -> None:
    assert learned(message) == 15


@pytest.mark.parametrize("message", ["You are not authorized", "Invalid id i-7", "The cluster is not active"])
def test_other_messages_say_nothing_of_it(message: str) -> None:
    assert learned(message) is None


def test_names_that_were_given_are_no_words_of_the_message() -> None:
    assert learned("You may not look at cluster 'max'", cluster="max") is None
    assert learned("No access to max", ids=["max", "min"]) is None
    assert learned("At most 10 of cluster 12 may be asked for", cluster="12") == 10


def test_what_is_said_of_one_id_was_never_about_their_number() -> None:
    limit = IdLimit(20)
    error = ServiceError("ValidationException", "Too many ids", ErrorKind.REFUSED, 400)
    assert limit.learns_from(error, IDS[:8], {})
    assert limit.size == 4
    assert not limit.learns_from(error, IDS[:1], {})
    assert limit.size == 20
    assert not limit.learns_from(error, IDS, {})


def test_a_throttled_request_says_nothing_of_it() -> None:
    assert learned("Rate exceeded: at most 10 requests", kind=ErrorKind.THROTTLED) is None
