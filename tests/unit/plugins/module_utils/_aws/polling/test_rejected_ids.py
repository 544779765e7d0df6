# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ids an error is about, and what to ask for again."""

from __future__ import annotations

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.polling.rejected_ids import find_rejected
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import ErrorKind, ServiceError

NOT_FOUND = "InvalidInstanceID.NotFound"


@pytest.mark.parametrize(
    ("code", "text", "ids", "named", "again"),
    [
        (NOT_FOUND, "The instance ID 'i-b' does not exist", ["i-a", "i-b", "i-c"], ["i-b"], [["i-a", "i-c"]]),
        (NOT_FOUND, "The instance IDs 'i-a, i-c' do not exist", ["i-a", "i-b", "i-c"], ["i-a", "i-c"], [["i-b"]]),
        (NOT_FOUND, "The instance ID 'i-ab' does not exist", ["i-a", "i-ab"], ["i-ab"], [["i-a"]]),
        (NOT_FOUND, "The instance IDs 'i-a, i-b' do not exist", ["i-a", "i-b"], ["i-a", "i-b"], []),
        ("InvalidInstance", "Could not find i-b", [{"InstanceId": "i-a"}, {"InstanceId": "i-b"}], ["i-b"], None),
    ],
)
def test_the_message_names_the_offenders(code, text, ids, named, again):
    again = [[{"InstanceId": "i-a"}]] if again is None else again
    assert find_rejected(ServiceError(code, text, status=400), ids) == (named, again)


def test_an_unreadable_message_is_narrowed_down_by_halves():
    ids = ["a", "b", "c", "d", "e"]
    assert find_rejected(ServiceError(NOT_FOUND, "No.", status=400), ids) == ([], [["a", "b"], ["c", "d", "e"]])


def test_an_error_about_one_id_is_its_own_even_if_the_message_is_unreadable():
    assert find_rejected(ServiceError(NOT_FOUND, "No.", status=400), ["a"]) == (["a"], [])


@pytest.mark.parametrize(
    "error",
    [
        ServiceError("UnauthorizedOperation", "You may not see i-a", status=403),
        ServiceError("RequestLimitExceeded", "i-a", ErrorKind.THROTTLED, 503),
        ServiceError("InvalidParameterValue", "MaxResults is too large", status=400),
    ],
)
def test_an_error_about_the_request_is_nobodys(error):
    assert find_rejected(error, ["i-a", "i-b"])[1] is None
