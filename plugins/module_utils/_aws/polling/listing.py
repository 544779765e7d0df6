# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that take a single id and can list many: one list for several waits, at no more than they would cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..._engine.poll_result import PollResult


class ById(NamedTuple):
    """How one operation finds resources. ``name``: the parameter for a single id.

    ``filter``: the filter that takes several; None where there is none, and all are listed, page by page.
    """

    name: str
    filter: str | None


# Sources: the API references of the operations.
LISTS = {
    ("cloudformation", "DescribeStacks"): ById("StackName", None),
    ("docdb", "DescribeDBClusters"): ById("DBClusterIdentifier", "db-cluster-id"),
    ("docdb", "DescribeDBInstances"): ById("DBInstanceIdentifier", "db-instance-id"),
    ("efs", "DescribeFileSystems"): ById("FileSystemId", None),
    ("elasticache", "DescribeCacheClusters"): ById("CacheClusterId", None),
    ("elasticache", "DescribeReplicationGroups"): ById("ReplicationGroupId", None),
    ("neptune", "DescribeDBClusters"): ById("DBClusterIdentifier", "db-cluster-id"),
    ("rds", "DescribeDBClusters"): ById("DBClusterIdentifier", "db-cluster-id"),
    ("rds", "DescribeDBClusterSnapshots"): ById("DBClusterSnapshotIdentifier", "db-cluster-snapshot-id"),
    ("rds", "DescribeDBInstances"): ById("DBInstanceIdentifier", "db-instance-id"),
    ("rds", "DescribeDBSnapshots"): ById("DBSnapshotIdentifier", "db-snapshot-id"),
    ("redshift", "DescribeClusters"): ById("ClusterIdentifier", None),
}
LEAST_TO_LIST = 3
"""Fewer waits than this ask by themselves."""
LONGEST_LISTING, PART_FOR_LISTING = 10.0, 1 / 3
"""Seconds for a listing, and the part that it may take of the time that is left to the waits."""


class Listing:
    """A listing under way: what its pages have brought, and when they are enough.

    It ends at its last page, when all are found, after as many pages as single requests would be sent, or in time.
    """

    def __init__(
        self,
        wanted: int,
        clock: Callable[[], float],
        seconds: float | None,
        find: Callable[[PollResult], frozenset[int]],
    ) -> None:
        """``wanted``: how many are looked for, ``find``: which of them are in a page.

        ``seconds``: how soon the first who waits for one gives up, None where nobody does.
        """
        self._wanted, self._clock, self._find = wanted, clock, find
        allowed = LONGEST_LISTING if seconds is None else min(LONGEST_LISTING, seconds * PART_FOR_LISTING)
        self._until = clock() + allowed
        self._found: frozenset[int] = frozenset()
        self.pages: list[PollResult] = []
        self.is_cut = False
        """It ended before its last page, and not all were found."""

    def is_enough(self, page: PollResult) -> bool:
        """Take in a page that another one follows, and say whether to stop there."""
        self.pages.append(page)
        self._found |= self._find(page)
        if len(self._found) == self._wanted:
            return True
        self.is_cut = len(self.pages) >= self._wanted or self._clock() >= self._until
        return self.is_cut

    def time_limit(self) -> float:
        """Seconds that the next request may take."""
        return max(0.0, self._until - self._clock())


def find_list(service: str, operation: str, params: Mapping[str, Any]) -> ById | None:
    """How the resources of several such waits are listed; None where they can't be."""
    by_id = LISTS.get((service, operation))
    if by_id is None or by_id.name not in params or (by_id.filter is not None and "Filters" in params):
        return None
    return by_id


def filters(by_id: ById, ids: Sequence[Any]) -> list[dict[str, Any]] | None:
    """The filter for these ids; None where there is none."""
    return None if by_id.filter is None else [{"Name": by_id.filter, "Values": list(ids)}]
