# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door to amazon.aws: its module class, and clients made with its connection options."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.amazon.aws.plugins.module_utils.botocore import (
    boto3_inventory_conn,
    get_aws_connection_info,
)
from ansible_collections.amazon.aws.plugins.module_utils.common import set_collection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.botocore_imports import botocore
from .._definition.problem import BadInput, Problem, cite, nearest, path_to, short
from .._definition.text import clean, listed
from .secrets import mask_echoes, passwords

COLLECTION, VERSION = "cloudwait.aws", "1.0.0"
LEAST_BOTOCORE = "1.35.0"
CONNECTIONS = 64
"""How many a client may keep open, for as many requests side by side."""
CONNECT_TIMEOUT = 10.0
"""Seconds for a connection, the TLS handshake included. For an answer botocore waits 60, which slow services need."""

_NO_SECONDS = re.compile(r"\b(\w*delay|\w*timeout)\b.* to float")
"""What Ansible says of a time that is no number, as 10m."""

__all__ = ["AnsibleAWSModule", "Connection", "connect", "make_module"]


class _Module(AnsibleModule):  # type: ignore[misc]
    """Tells how it was invoked once it is known what is secret in that: of ``params`` only the service's model says it.

    Ansible would have it in the host's log before anybody can ask the model.
    """

    params: dict[str, Any]
    _is_due = _is_known = False

    def log_invocation(self) -> None:
        """All secrets are among the ``no_log_values``: write to the log what Ansible writes there at the start."""
        self._is_known = True
        if self._is_due:
            self._is_due = False
            super()._log_invocation()

    def fail_json(self, msg: str, **kwargs: Any) -> Any:
        if not self._is_known:
            from .concealed import concealed

            self.params = concealed(self.params)
            self.log_invocation()
        # what Ansible says of its own accord quotes the input, too
        super().fail_json(f"{clean(str(msg))}{'; it takes seconds' if _NO_SECONDS.search(str(msg)) else ''}", **kwargs)

    def _log_invocation(self) -> None:
        self._is_due = True


def make_module(**options: Any) -> AnsibleAWSModule:
    """An AWS module as amazon.aws makes it; it ends at once where boto3 is missing or too old.

    It logs nothing before ``log_invocation``.
    """
    # amazon.aws reads the class from there: not from an argument, nor from the settings of a subclass
    AnsibleAWSModule.default_settings["module_class"] = _Module
    module = AnsibleAWSModule(supports_check_mode=True, **options)
    module.require_botocore_at_least(LEAST_BOTOCORE)
    module.no_log_values.update(passwords(module.params))
    return module


class Connection(NamedTuple):
    """What a client is made with: the part of a module that amazon.aws uses for that."""

    params: Mapping[str, Any]
    fail_json: Callable[..., Any]
    no_log_values: set[str]

    @classmethod
    def of(cls, module: AnsibleAWSModule, region: str | None = None, profile: str | None = None) -> Connection:
        """The connection of a module, with another region or profile where one is given."""
        given = {name: value for name, value in (("region", region), ("profile", profile)) if value is not None}
        return cls({**module.params, **given}, module.fail_json, module.no_log_values)


def connect(connection: Connection, service: str) -> Any:
    """A client for the service; BadInput with what is wrong with the connection options.

    The SDK's own retries are off: the wait owns its time, and counts what it rides out.
    """
    set_collection_info(collection_name=COLLECTION, collection_version=VERSION)
    if wrong := list(_problems(connection.params)):
        raise BadInput(wrong)
    exceptions = botocore.exceptions
    try:
        region, endpoint, params = get_aws_connection_info(connection)
        retries = {"total_max_attempts": 1, "mode": "standard"}
        config = botocore.config.Config(
            retries=retries, max_pool_connections=CONNECTIONS, connect_timeout=CONNECT_TIMEOUT
        )
        client = boto3_inventory_conn("client", service, region=region, endpoint=endpoint, config=config, **params)
        # an endpoint of the AWS configuration may hold a password, too
        connection.no_log_values.update(passwords({"endpoint_url": client.meta.endpoint_url}))
        mask_echoes(client)
        return client
    except exceptions.NoRegionError:
        text = "no region was found in the module's options, its environment (AWS_REGION) or its configuration files"
        raise BadInput([Problem("region", text)]) from None
    except exceptions.InvalidRegionError as error:
        raise BadInput([_no_region(error.kwargs["region_name"])]) from None
    except exceptions.ProfileNotFound as error:
        raise BadInput([_no_profile(connection.params.get("profile"), error)]) from None
    except exceptions.PartialCredentialsError as error:
        provider, missing = error.kwargs["provider"], error.kwargs["cred_var"]
        source = "" if provider == "explicit" else f" ({provider})"
        text = f"the AWS credentials are not complete: {missing} is missing{source}"
        raise BadInput([Problem("credentials", text)]) from None
    except ValueError as error:
        option = "endpoint_url" if "endpoint" in str(error).lower() else "connection"
        option = "aws_config" if "timeout" in str(error).lower() else option
        raise BadInput([Problem(option, _sentence(error))]) from None
    except exceptions.InvalidConfigError as error:
        raise BadInput(
            [Problem("profile" if connection.params.get("profile") else "connection", _sentence(error))]
        ) from None
    except exceptions.BotoCoreError as error:
        raise BadInput([Problem("connection", _sentence(error))]) from None


def _problems(params: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the connection options, as far as they tell by themselves."""
    bundle, endpoint, region = params.get("aws_ca_bundle"), params.get("endpoint_url"), params.get("region")
    if bundle and params.get("validate_certs") and not os.path.exists(bundle):
        yield Problem("aws_ca_bundle", f"there is no file {cite(bundle)}")
    if endpoint and not _is_url(endpoint):
        is_host = ":" in endpoint and "/" not in endpoint and _is_url(f"http://{endpoint}")
        near = f"http://{endpoint}" if is_host else None
        yield Problem("endpoint_url", f"must be a URL like https://host:443, not {cite(endpoint)}", near)
    if region and not region.isprintable():  # botocore lets a line break pass
        yield _no_region(region)
    if params.get("profile") and any(params.get(name) for name in _KEYS):
        text = f"can't be given together with {listed(_KEYS, 'or')}, also where these are environment"
        yield Problem("profile", f"{text} variables")
    for name, value in (params.get("aws_config") or {}).items():
        yield from _config_problem(name, value)


_KEYS = ("access_key", "secret_key", "session_token")


def _is_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        good = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:  # a port that is none
        return False
    return good and text.isprintable() and " " not in text


def _config_problem(name: str, value: Any) -> Iterator[Problem]:
    """What is wrong with an option of ``aws_config``. The proxies botocore itself looks at when it sends a request."""
    known, at = botocore.config.Config.OPTION_DEFAULTS, path_to("aws_config", name)
    if name not in known:
        yield Problem(at, "is not an option of botocore's Config", nearest(name, known))
        return
    try:
        botocore.config.Config(**{name: value})
        if name == "proxies" and not isinstance(value, Mapping | None):
            raise TypeError
    except (AttributeError, TypeError):
        yield Problem(at, f"can't be {cite(value)}")
    except (ValueError, botocore.exceptions.BotoCoreError) as error:
        yield Problem(at, _sentence(error))


def _no_region(name: str) -> Problem:
    try:
        known = botocore.session.get_session().get_available_regions("ec2")
    except botocore.exceptions.BotoCoreError:  # of a wrong profile, which is told when this is mended
        known = []
    return Problem("region", f"must be the name of a region, like us-east-1, not {cite(name)}", nearest(name, known))


def _no_profile(profile: str | None, error: Exception) -> Problem:
    if not profile:
        return Problem("profile", _sentence(error))
    known = botocore.session.get_session().available_profiles
    return Problem("profile", f"there is no profile {cite(profile)} in the AWS configuration", nearest(profile, known))


def _sentence(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return short(lines[0].rstrip("."), 300) if lines else type(error).__name__
