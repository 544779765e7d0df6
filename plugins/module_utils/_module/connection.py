# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door to amazon.aws: its module class, and clients made with its connection options."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import (
    boto3_inventory_conn,
    get_aws_connection_info,
)
from ansible_collections.amazon.aws.plugins.module_utils.common import set_collection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.sdk import botocore
from .._definition.problem import BadInput, Problem, nearest

COLLECTION, VERSION = "cloudwait.aws", "0.1.0"
LEAST_BOTOCORE = "1.35.0"
CONNECTIONS = 64
"""How many a client may keep open, for as many requests side by side."""

__all__ = ["AnsibleAWSModule", "connect", "elsewhere", "make_module"]


def make_module(**options: Any) -> AnsibleAWSModule:
    """An AWS module as amazon.aws makes it; it ends at once where boto3 is missing or too old."""
    module = AnsibleAWSModule(supports_check_mode=True, **options)
    module.require_botocore_at_least(LEAST_BOTOCORE)
    return module


def elsewhere(module: AnsibleAWSModule, **options: Any) -> Any:
    """The module's connection with another ``region`` or ``profile``, for ``connect``; None leaves one as it is."""
    given = {name: value for name, value in options.items() if value is not None}
    return SimpleNamespace(params={**module.params, **given}, fail_json=module.fail_json)


def connect(module: Any, service: str) -> Any:
    """A client for the service; BadInput with what is wrong with the connection options.

    ``module`` is an AnsibleAWSModule, or what ``elsewhere`` makes of it.
    The SDK's own retries are off: the wait owns its time, and counts what it rides out.
    """
    set_collection_info(collection_name=COLLECTION, collection_version=VERSION)
    bundle = module.params.get("aws_ca_bundle")
    if bundle and module.params.get("validate_certs") and not os.path.exists(bundle):
        raise BadInput([Problem("aws_ca_bundle", f"there is no file {bundle!r}")])
    known = botocore.config.Config.OPTION_DEFAULTS
    if unknown := [name for name in module.params.get("aws_config") or {} if name not in known]:
        text = "is not an option of botocore's Config"
        raise BadInput([Problem(f"aws_config.{name}", text, nearest(name, known)) for name in unknown])
    exceptions = botocore.exceptions
    try:
        region, endpoint, params = get_aws_connection_info(module)
        retries = {"total_max_attempts": 1, "mode": "standard"}
        config = botocore.config.Config(retries=retries, max_pool_connections=CONNECTIONS)
        return boto3_inventory_conn("client", service, region=region, endpoint=endpoint, config=config, **params)
    except exceptions.NoRegionError:
        text = "no region was found in the module's options, its environment (AWS_REGION) or its configuration files"
        raise BadInput([Problem("region", text)]) from None
    except exceptions.InvalidRegionError as error:
        raise BadInput([Problem("region", _sentence(error))]) from None
    except exceptions.ProfileNotFound as error:
        raise BadInput([_no_profile(module.params.get("profile"), error)]) from None
    except exceptions.PartialCredentialsError as error:
        raise BadInput([Problem("credentials", f"the AWS credentials are not complete: {error}")]) from None
    except TypeError as error:  # what botocore's Config says to a value of the wrong type
        raise BadInput([Problem("aws_config", _sentence(error))]) from None
    except ValueError as error:
        option = "endpoint_url" if "endpoint" in str(error).lower() else "connection"
        raise BadInput([Problem(option, _sentence(error))]) from None
    except exceptions.BotoCoreError as error:
        raise BadInput([Problem("connection", _sentence(error))]) from None


def _no_profile(profile: str | None, error: Exception) -> Problem:
    if not profile:
        return Problem("profile", _sentence(error))
    known = botocore.session.get_session().available_profiles
    return Problem("profile", f"there is no profile {profile!r} in the AWS configuration", nearest(profile, known))


def _sentence(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
