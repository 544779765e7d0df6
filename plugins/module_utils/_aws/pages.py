# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that come in pages: which token leads on, and how pages are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._definition.expression import Expression

# What services call their tokens where botocore has no paginator for the operation (DMS's waiters, for example).
_BY_CONVENTION = ("NextToken", "nextToken", "Marker", "marker", "NextMarker", "PaginationToken", "paginationToken")
_PAGE_SIZES = ("MaxResults", "maxResults", "MaxRecords", "MaxItems", "Limit", "limit", "PageSize", "pageSize")


@dataclass(frozen=True)
class Paging:
    """How one operation pages. ``tokens``: input member → where the answer holds its next value."""

    tokens: Mapping[str, Expression]
    more: Expression | None = None
    result_keys: Sequence[tuple[str, ...]] = ()
    limit_keys: frozenset[str] = field(default=frozenset())

    def asks_for_one_page(self, params: Mapping[str, Any]) -> bool:
        """Whether the user has set a page size or a token: then that page alone is wanted."""
        return any(name in params for name in (*self.tokens, *self.limit_keys))

    def next(self, page: Mapping[str, Any]) -> dict[str, Any]:
        """The token parameters for the page after this one; empty after the last page."""
        if self.more is not None and not self.more.search(page):
            return {}
        found = {name: expression.search(page) for name, expression in self.tokens.items()}
        return {name: token for name, token in found.items() if token}

    def join(self, total: dict[str, Any], page: Mapping[str, Any]) -> None:
        """Add a page to ``total``. The paginator's result keys add up; of the rest, lists that differ do."""
        for path in self.result_keys:
            if len(path) > 1:
                _extend(total, page, path)
        for name, value in page.items():
            if isinstance(value, list) and isinstance(total.get(name), list):
                if (name,) in self.result_keys or value != total[name][-len(value) :]:
                    total[name] = total[name] + value
            elif name not in total:
                total[name] = value


def paging_of(paginator: Mapping[str, Any] | None, operation_model: Any) -> Paging | None:
    """How the operation pages: by botocore's paginator, else by the names that its members have; None: not at all."""
    shape, output = operation_model.input_shape, operation_model.output_shape
    if shape is None or output is None:
        return None
    if paginator is None:
        tokens = {name: Expression(name) for name in _BY_CONVENTION if name in shape.members and name in output.members}
        if not tokens and "NextMarker" in output.members and "Marker" in shape.members:
            tokens = {"Marker": Expression("NextMarker")}
        limits = frozenset(name for name in _PAGE_SIZES if name in shape.members)
        return Paging(tokens, limit_keys=limits) if tokens else None
    inputs, outputs = _as_list(paginator["input_token"]), _as_list(paginator["output_token"])
    more = paginator.get("more_results")
    limit = paginator.get("limit_key")
    return Paging(
        {name: Expression(path) for name, path in zip(inputs, outputs, strict=True)},
        Expression(more) if more else None,
        [tuple(key.split(".")) for key in _as_list(paginator.get("result_key"))],
        frozenset([limit] if limit else ()),
    )


def join_chunk(total: dict[str, Any], chunk: Mapping[str, Any]) -> None:
    """Add the answer for another part of an id list to ``total``: lists and mappings add up."""
    for name, value in chunk.items():
        held = total.get(name)
        if isinstance(value, list) and isinstance(held, list):
            total[name] = held + value
        elif isinstance(value, dict) and isinstance(held, dict) and name != "ResponseMetadata":
            total[name] = {**held, **value}
        elif held is None:
            total[name] = value


def _extend(total: dict[str, Any], page: Mapping[str, Any], path: Sequence[str]) -> None:
    *holders, last = path
    for name in holders:
        held, page = total.get(name), page.get(name) or {}
        if not isinstance(held, dict) or not isinstance(page, Mapping):
            return
        total[name] = total = dict(held)
    if isinstance(page.get(last), list) and isinstance(total.get(last), list):
        total[last] = total[last] + page[last]


def _as_list(value: Any) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
