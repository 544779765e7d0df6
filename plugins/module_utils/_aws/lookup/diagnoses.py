# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the diagnosis of a waiter."""

from __future__ import annotations

from typing import Any

from ..._definition.diagnosis import Step, read_diagnosis
from ..._definition.model import Definition
from ..models import Models
from ..validation.diagnosis_check import check_diagnosis
from .library_waiters import waiter_name


def steps_of(models: Models, service: str, definition: Definition, operation_model: Any) -> tuple[Step, ...]:
    """The definition's own diagnosis, or else the catalogue's for the waiter or for the operation that it polls."""
    if definition.diagnosis:
        return definition.diagnosis
    raw = models.catalog.diagnosis_of(service, waiter_name(definition), definition.operation)
    steps, problems = read_diagnosis(raw, "")
    if problems or check_diagnosis(steps, operation_model, models):
        return ()  # an operation or a member that this botocore doesn't know yet
    return steps
