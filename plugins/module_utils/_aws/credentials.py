# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a client has credentials for an operation, determined without a request."""

from __future__ import annotations

from typing import Any

from .._definition.problem import Problem, cite
from .botocore_imports import botocore

NOWHERE = "no AWS credentials were found in the module's options, the environment or the configuration files"


def missing_credentials(client: Any, operation_model: Any, profile: str | None) -> list[Problem]:
    """A problem if requests must be signed and there are no credentials; empty if that isn't known yet.

    ``operation_model`` None: any operation of the service. Credentials that are fetched on use, such as those of an
    assumed role, count as present.
    """
    if not _lacks_credentials(client, operation_model):
        return []
    text = f"no AWS credentials were found for the profile {cite(profile)} in the AWS configuration files"
    return [Problem("credentials", text if profile else NOWHERE)]


def _lacks_credentials(client: Any, operation_model: Any) -> bool:
    # private attributes of botocore's clients: if they are renamed, the first request reports missing credentials
    signer = getattr(client, "_request_signer", None)
    if getattr(signer, "_credentials", client) is not None or getattr(signer, "_auth_token", None) is not None:
        return False
    try:
        version = _signature(signer, client, operation_model)
    except Exception:
        return False
    if version is botocore.UNSIGNED:
        return False
    return not getattr(botocore.auth.AUTH_TYPE_MAPS.get(version), "REQUIRES_TOKEN", False)


def _signature(signer: Any, client: Any, operation_model: Any) -> Any:
    """How the client signs the operation; ``botocore.UNSIGNED`` if it doesn't, as for sign-up and public data."""
    if operation_model is None:
        return signer.signature_version
    auth_type = getattr(operation_model, "resolved_auth_type", operation_model.auth_type)
    context = {"auth_type": auth_type, "client_config": client.meta.config}
    return signer._choose_signer(operation_model.name, "standard", context)
