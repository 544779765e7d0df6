# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advice for common mistakes, such as a filter that matches nothing or a service with task sets."""

from __future__ import annotations

from .._aws.binding import Binding
from .._definition.expression import Expression
from .._engine.matchers import is_empty
from .._engine.poll_result import PollResult, ServiceError

_BY_TASK_SETS = ("CODE_DEPLOY", "EXTERNAL")


def unmatched_filter(binding: Binding, answer: PollResult) -> str | None:
    """The name of the filter parameter if the response has nothing that the acceptors read."""
    if binding.has_ids_in_filters:
        return None
    filters = [name for name in binding.params if "filter" in name.casefold() and binding.params[name]]
    roots = {root for a in binding.definition.acceptors if a.argument and not a.with_input for root in a.argument.roots}
    if not filters or answer.error is not None or answer.refused or not roots:
        return None
    return filters[0] if all(is_empty(answer.response.get(root)) for root in roots) else None


def advice_on_state(binding: Binding, answer: PollResult) -> str:
    """Which waiter to use instead if the unfinished one may never succeed."""
    if (binding.service, binding.definition.operation) != ("ecs", "DescribeServices"):
        return ""
    types = Expression("services[].deploymentController.type").search(answer.whole) or ()
    found = [name for name in _BY_TASK_SETS if name in types]
    if not found:
        return ""
    return f"With {found[0]}, a service has task sets instead of deployments; task_set_steady waits for these"


def advice_on_error(binding: Binding, error: ServiceError) -> str:
    """What an error means if its own message is unclear."""
    if binding.service == "s3" and error.code == "405" and "VersionId" in binding.params:
        return "This version is a delete marker, which can't be read; omit VersionId to wait for the object itself"
    return ""
