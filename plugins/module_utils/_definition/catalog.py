# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task was given of the catalogue, which lives on the controller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Raw = Mapping[str, Any]
Changes = Sequence[Raw]
_NOTHING: Raw = {}


class Catalog(NamedTuple):
    """The waiters that boto3 lacks and the corrections of those that it has, as the files in ``catalog/`` have them.

    ``waiters``: service → snake_case name → definition in any form. ``corrections``: service → CamelCase name of a
    built-in waiter → changes, see ``correct.py``. ``diagnoses``: service → name of a waiter or of an operation →
    diagnosis, see ``diagnosis.py``. ``names``: service → the names of its waiters, for suggestions.
    """

    waiters: Mapping[str, Mapping[str, Raw]] = _NOTHING
    corrections: Mapping[str, Mapping[str, Changes]] = _NOTHING
    diagnoses: Mapping[str, Mapping[str, Raw]] = _NOTHING
    names: Mapping[str, Sequence[str]] = _NOTHING

    @classmethod
    def of(cls, data: Raw | None) -> Catalog:
        """The catalogue out of the module's option, which is None if no action plugin ran."""
        return cls(**{name: (data or {}).get(name, {}) for name in cls._fields})

    def waiters_of(self, service: str) -> Mapping[str, Raw]:
        """The service's definitions that can be waited for or extended, by their snake_case names."""
        return self.waiters.get(service, {})

    def corrections_of(self, service: str, waiter: str) -> Changes:
        """The changes to a built-in waiter, by its CamelCase name."""
        return self.corrections.get(service, {}).get(waiter, ())

    def diagnosis_of(self, service: str, waiter: str | None, operation: str) -> Raw | None:
        """The diagnosis of a waiter, by its snake_case name, or else of those that poll the operation."""
        known = self.diagnoses.get(service, {})
        return known.get(waiter or "", known.get(operation))

    def names_of(self, service: str) -> Sequence[str]:
        """The names of the service's waiters that can be waited for."""
        return self.names.get(service, ())
