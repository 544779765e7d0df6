# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds waiters for a deletion or a stop that fail in a state which may show before the deletion or the stop does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.oracle.ours import Ours
from tests.oracle.waits import LEAVES

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.judge import Decision

_AWAITS_END = re.compile(
    r"(deleted|terminated|stopped|cancell?ed|disabled|disassociated|detached|deregistered|removed|paused|closed"
    r"|inactive|not_exists|delete_complete)$"
)
_END = r"(delet|terminat|stop|cancel|disabl|disassociat|detach|deregist|remov|paus|clos)\w*"
_END_FAILED = re.compile(rf"{_END}[ _.-]?(fail|error|unsuccess)|fail\w*[ _.-]?(to[ _.-]?)?{_END}", re.IGNORECASE)
"""How a state is called in which the awaited end has failed."""
_OVER = re.compile(
    rf"succe|complet|fail|error|roll_?ed_?back|delet|terminat|expired|deprecated|{LEAVES.pattern}", re.IGNORECASE
)
"""How a state is called from which nothing is stopped or cancelled any more."""
_IS_DELETION = re.compile(r"(deleted|terminated|not_exists|delete_complete)$")

_CANT_STOP = "A database in this state can't be stopped, and what comes to rest in it has stopped trying."
EXPECTED = {
    ("ecs", "daemon_deployment_stopped"): {"MISSING": "It isn't there; what has stopped stays readable."},
    ("ecs", "services_inactive"): {"MISSING": "It isn't there; ECS shows an inactive service for long enough."},
    ("rds", "db_cluster_stopped"): {"inaccessible-encryption-credentials": _CANT_STOP},
    ("rds", "db_instance_stopped"): dict.fromkeys(
        ("inaccessible-encryption-credentials", "incompatible-parameters", "incompatible-restore"), _CANT_STOP
    ),
}
"""States that are right to fail → why."""


class Suspicion(NamedTuple):
    """A state in which a waiter for an end fails, though the end may just not show yet."""

    ours: Ours
    state: str

    def __str__(self) -> str:
        return f"{self.ours}: {self.state}"


def suspicions(waiters: Iterable[Ours]) -> Iterator[Suspicion]:
    """All such states, without those that are expected or that the waiter's ``because`` names."""
    for ours in waiters:
        if not _AWAITS_END.search(ours.name) or re.search(_END, ours.definition.operation, re.IGNORECASE):
            continue  # an operation that tells of the deletion itself knows no other state
        states = dict.fromkeys(
            state
            for names in ours.reads
            for state in sorted(ours.values_of(names), key=str)
            if isinstance(state, str) and ours.decision({names: state}) is Decision.FAILURE
        )
        settled = _END_FAILED if _IS_DELETION.search(ours.name) else _OVER
        explained = {**EXPECTED.get((ours.service, ours.name), {}), **ours.because}
        for state in states:
            if not settled.search(state) and state not in explained:
                yield Suspicion(ours, state)
