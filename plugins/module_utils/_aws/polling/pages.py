# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that come in pages: which token leads on, and how pages are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..._definition.expression import Expression

# What services call their tokens where botocore has no paginator for the operation (DMS's waiters, for example).
_BY_CONVENTION = ("NextToken", "nextToken", "Marker", "marker", "NextMarker", "PaginationToken", "paginationToken")
_PAGE_SIZES = ("MaxResults", "maxResults", "MaxRecords", "MaxItems", "Limit", "limit", "PageSize", "pageSize")


class Paging(NamedTuple):
    """How one operation pages. ``tokens``: input member → where the answer holds its next value."""

    tokens: Mapping[str, Expression]
    more: Expression | None = None
    result_keys: Sequence[tuple[str, ...]] = ()
    limit_keys: frozenset[str] = frozenset()

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
            _add(total, page, path)
        for name, value in page.items():
            if isinstance(value, list) and (name,) not in self.result_keys and isinstance(total.get(name), list):
                if value != total[name][-len(value) :]:
                    total[name] = total[name] + value
            elif name not in total:
                total[name] = value
        for marker in (*self.tokens.values(), *([self.more] if self.more else [])):
            # what leads on from a page says nothing of the whole, but after the last one
            if marker.text in page:
                total[marker.text] = page[marker.text]
            else:
                total.pop(marker.text, None)

    def end(self, total: dict[str, Any]) -> None:
        """Take out of ``total`` what leads on to a further page, where a listing has ended before its last."""
        if self.next(total):
            for marker in (*self.tokens.values(), *([self.more] if self.more else [])):
                total.pop(marker.text, None)


def asks_for_one_page(params: Mapping[str, Any]) -> bool:
    """Whether parameters set a page size or a token, by their names."""
    return any(name in params for name in (*_BY_CONVENTION, *_PAGE_SIZES))


def paging_of(paginator: Mapping[str, Any] | None, operation_model: Any) -> Paging | None:
    """How the operation pages: by botocore's paginator, else by the names that its members have; None: not at all."""
    shape, output = operation_model.input_shape, operation_model.output_shape
    if shape is None or output is None:
        return None
    limits = frozenset(name for name in _PAGE_SIZES if name in shape.members)
    if paginator is None:
        tokens = {name: Expression(name) for name in _BY_CONVENTION if name in shape.members and name in output.members}
        if not tokens and "NextMarker" in output.members and "Marker" in shape.members:
            tokens = {"Marker": Expression("NextMarker")}
        return Paging(tokens, limit_keys=limits) if tokens else None
    inputs, outputs = _as_list(paginator["input_token"]), _as_list(paginator["output_token"])
    more = paginator.get("more_results")
    return Paging(
        {name: Expression(path) for name, path in zip(inputs, outputs, strict=True)},
        Expression(more) if more else None,
        [tuple(key.split(".")) for key in _as_list(paginator.get("result_key"))],
        limits | frozenset(_as_list(paginator.get("limit_key"))),
    )


def join_chunk(total: dict[str, Any], chunk: Mapping[str, Any]) -> None:
    """Add the answer for another part of an id list to ``total``: lists and mappings add up."""
    for name, value in chunk.items():
        if name != "ResponseMetadata" or name not in total:
            total[name] = _sum(total.get(name), value)


def _add(total: dict[str, Any], page: Mapping[str, Any], path: Sequence[str]) -> None:
    """Add the page's value at ``path`` to the one in ``total``; numbers (of items) add up as well."""
    *holders, last = path
    for name in holders:
        page = page.get(name) or {}
        if not page:
            return
        total[name] = total = dict(total.get(name) or {})
    held, more = total.get(last), page.get(last)
    if isinstance(held, int) and isinstance(more, int):
        total[last] = held + more
    elif more is not None:
        total[last] = _sum(held, more)


def _sum(held: Any, more: Any) -> Any:
    if isinstance(held, list) and isinstance(more, list):
        return [*held, *more]
    if isinstance(held, dict) and isinstance(more, dict):
        return {**held, **more}
    return more if held is None else held


def _as_list(value: Any) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
