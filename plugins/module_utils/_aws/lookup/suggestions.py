# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a waiter may be that a service lacks. Loaded for a wrong name alone, as it reads every service's waiters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ..._definition.text import listed
from ..botocore_imports import xform_name
from ..models import Models

_MOST = 3
_SUCCESSORS = {"es": "opensearch"}
"""Services that go on under a name which doesn't begin with the old one, as elbv2 and sesv2 do."""

_POSITIVE = frozenset(
    {"active", "attached", "available", "complete", "completed", "created", "enabled", "exists", "healthy"}
    | {"ready", "registered", "running", "started", "succeeded", "success"}
)
_NEGATIVE = frozenset(
    {"cancelled", "deleted", "deregistered", "detached", "disabled", "failed", "inactive", "removed", "stopped"}
    | {"terminated", "unhealthy"}
)
_SYNONYMS = (
    ("running", "started", "available", "active", "ready", "exists", "created"),
    ("stopped", "halted"),
    ("deleted", "terminated", "removed", "destroyed", "not_exists"),
    ("complete", "completed", "succeeded", "success", "finished", "done"),
)
_NOT = frozenset({"doesnt", "dont", "isnt", "no", "non", "not"})


def services_with(models: Models, service: str, waiter: str) -> list[str]:
    """The other services that have a waiter of exactly that name, those first that are related to ``service``."""
    found = _every_waiter(models).get(_fold(waiter), [])
    return sorted((other for other in found if other != service), key=lambda other: not _is_related(service, other))


def sentence(services: list[str]) -> str:
    """That these have one."""
    named = services[:_MOST]
    return f"{listed(named)} {'have' if len(named) > 1 else 'has'} one of that name"


def without_opposites(waiter: str, names: Iterable[str]) -> list[str]:
    """Those of ``names`` that don't stand for the opposite of what ``waiter`` says."""
    return [name for name in names if _sense(name) * _sense(waiter) >= 0]


def synonym(waiter: str, names: Iterable[str]) -> str | None:
    """The name that says the same as ``waiter`` with another word for the state, as table_exists for table_active."""
    *subject, state = xform_name(waiter).split("_")
    for group in _SYNONYMS:
        for other in group if state in group else ():
            for name in names:
                if xform_name(name) == "_".join([*subject, other]):
                    return name
    return None


def is_part(waiter: str, name: str) -> bool:
    """Whether ``name`` is ``waiter`` with one word more, so that it is meant rather than another service's."""
    return _fold(waiter) == _fold(name) or (_words(waiter) <= _words(name) and len(_words(name) - _words(waiter)) < 2)


def _sense(name: str) -> int:
    """1 for a resource that comes or is there, -1 for one that goes; 0 where the name doesn't tell."""
    words = _words(name)
    sense = bool(words & _POSITIVE) - bool(words & _NEGATIVE)
    return -sense if words & _NOT else sense


def _words(name: str) -> set[str]:
    return set(re.split(r"[^a-z0-9]+", xform_name(name)))


@cache
def _every_waiter(models: Models) -> dict[str, list[str]]:
    """The services of each waiter, by the waiter's name."""
    services: dict[str, list[str]] = {}
    for service in models.services():
        for name in {_fold(name) for name in (*models.waiters(service), *models.catalog.names_of(service))}:
            services.setdefault(name, []).append(service)
    return services


def _is_related(service: str, other: str) -> bool:
    pairs = (service, other), (other, service)
    return any(one.startswith(two) or _SUCCESSORS.get(one) == two for one, two in pairs)


def _fold(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()
