# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file that uses amazon.aws: its module class, and clients made with its connection options."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ansible.module_utils.ansible_release import __version__ as ansible_version
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.amazon.aws.plugins.module_utils.botocore import (
    get_aws_connection_info,
)
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule, aws_argument_spec

from .._aws.botocore_imports import botocore
from .._aws.data_loader import DataLoader, TrimmedLoader
from .._aws.models import Models
from .._definition.catalog import Catalog
from .._definition.problem import BadInput, Problem, cite, nearest, path_to, short
from .._definition.text import clean, listed
from .._engine.outcome import Ending
from .._engine.progress_options import INTERNAL_OPTIONS
from .argument_check import checked
from .secrets import mask_echoes, passwords

CATALOG = "_catalog"
NO_CATALOG = (
    "The module ran without its action plugin, which passes the catalogue to it: "
    "there are no waiters but boto3's own, and none is corrected."
)
COLLECTION, VERSION = "cloudwait.aws", "1.1.0"
LEAST_BOTOCORE = "1.35.0"
CONNECTIONS = 64
"""Connections that a client may keep open, for as many concurrent requests."""
CONNECT_TIMEOUT = 10.0
"""Seconds to connect, including the TLS handshake. botocore waits 60 for a response, which slow services need."""

__all__ = ["AnsibleAWSModule", "Connection", "connect", "connection_spec", "make_module"]


class _Module(AnsibleModule):  # type: ignore[misc]
    """Logs its invocation only once the secrets in it are known: for ``params``, only the service's model has them.

    Ansible would write them to the host's log before the model is read.
    """

    params: dict[str, Any]
    internal: dict[str, Any]
    """What the action plugin passed beside the options."""
    _is_due = _is_known = False
    mistakes: Sequence[Problem] = ()
    """What Ansible would have rejected in the arguments; the task fails with it once the rest has been checked, too."""

    def _load_params(self) -> None:
        super()._load_params()
        self.internal = {name: self.params.pop(name, None) for name in INTERNAL_OPTIONS}
        self.params, self.mistakes = checked(self.params, self.argument_spec)

    def log_invocation(self) -> None:
        """Write the log entry that Ansible writes at the start. All secrets must be in ``no_log_values`` by now."""
        self._is_known = True
        if self._is_due:
            self._is_due = False
            super()._log_invocation()

    def fail_json(self, msg: str, **kwargs: Any) -> Any:
        if not self._is_known:
            from .concealed import concealed

            self.params = concealed(self.params)
            self.log_invocation()
        kwargs.setdefault("outcome", Ending.ERROR.value)
        if "problems" not in kwargs and self.mistakes:  # if Ansible itself rejects the rest
            msg = "; ".join([str(msg), *(problem.sentence for problem in self.mistakes)])
        super().fail_json(clean(str(msg)), **kwargs)  # Ansible's own messages quote the input, too

    def _log_invocation(self) -> None:
        self._is_due = True


def make_module(**options: Any) -> tuple[AnsibleAWSModule, Catalog]:
    """An AWS module as amazon.aws makes it, and its part of the catalogue; fails if boto3 is missing or too old.

    It logs nothing before ``log_invocation``.
    """
    # amazon.aws reads the class only from here, not from an argument or from the settings of a subclass
    AnsibleAWSModule.default_settings["module_class"] = _Module
    module = AnsibleAWSModule(supports_check_mode=True, **options)
    module.require_botocore_at_least(LEAST_BOTOCORE)
    module.no_log_values.update(passwords(module.params))
    internal = module._module.internal
    catalog = internal.pop(CATALOG)
    module.params.update(internal)
    if catalog is None:
        module.warn(NO_CATALOG)
    return module, Catalog.of(catalog)


def mistakes_of(module: AnsibleAWSModule, models: Models) -> list[Problem]:
    """What Ansible would have rejected in the arguments."""
    mistakes: Sequence[Problem] = module._module.mistakes
    if not mistakes:
        return []
    from .misplaced_options import belonging

    return belonging(mistakes, module.params, models)


def connection_spec() -> dict[str, dict[str, Any]]:
    """The argument specification of the connection options."""
    spec: dict[str, dict[str, Any]] = aws_argument_spec()
    return spec


class Connection(NamedTuple):
    """The part of a module that amazon.aws needs to make a client."""

    params: Mapping[str, Any]
    fail_json: Callable[..., Any]
    no_log_values: set[str]

    @classmethod
    def of(cls, module: AnsibleAWSModule, region: str | None = None, profile: str | None = None) -> Connection:
        """The connection of a module, with a different region or profile if given."""
        given = {name: value for name, value in (("region", region), ("profile", profile)) if value is not None}
        return cls({**module.params, **given}, module.fail_json, module.no_log_values)


def connect(connection: Connection, service: str, operation: str = "") -> Any:
    """A client for the service; BadInput with the problems of the connection options.

    ``operation``: the only one that the client is needed for; it may lack all others. boto3's own retries are off: the
    wait itself times, retries and counts the requests.
    """
    if wrong := list(_problems(connection.params)):
        raise BadInput(wrong)
    exceptions = botocore.exceptions
    try:
        region, endpoint, params = get_aws_connection_info(connection)
        if region is not None and not region.strip():
            raise exceptions.NoRegionError
        profile, own = params.pop("profile_name", None), params.pop("aws_config", None)
        config = _config() if own is None else _config().merge(own)
        session = _session(profile, service, operation)
        client = session.create_client(service, region_name=region, endpoint_url=endpoint, config=config, **params)
        # an endpoint from the AWS configuration may contain a password, too
        connection.no_log_values.update(passwords({"endpoint_url": client.meta.endpoint_url}))
        mask_echoes(client)
        return client
    except exceptions.NoRegionError:
        text = "no region was found in the module's options, the environment (AWS_REGION) or the configuration files"
        raise BadInput([Problem("region", text)]) from None
    except exceptions.InvalidRegionError as error:
        raise BadInput([_no_region(error.kwargs["region_name"])]) from None
    except exceptions.ProfileNotFound as error:
        raise BadInput([_no_profile(connection.params.get("profile"), error)]) from None
    except exceptions.PartialCredentialsError as error:
        provider, missing = error.kwargs["provider"], error.kwargs["cred_var"]
        source = "" if provider == "explicit" else f" ({provider})"
        text = f"the AWS credentials are incomplete: {missing} is missing{source}"
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


def _config() -> Any:
    return botocore.config.Config(
        user_agent=f"APN/1.0 Ansible/{ansible_version} {COLLECTION}/{VERSION}",
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=CONNECTIONS,
        connect_timeout=CONNECT_TIMEOUT,
    )


def _session(profile: str | None, service: str, operation: str) -> Any:
    """A session that loads nothing else than the operation, if a botocore to come still lets loaders be replaced."""
    session = botocore.session.Session(profile=profile)
    session.user_agent_extra = f"Botocore/{session.user_agent_version}"  # as boto3's sessions
    if operation:
        with suppress(AttributeError, TypeError):
            whole = DataLoader(session.get_component("data_loader").search_paths)
            session.register_component("data_loader", TrimmedLoader(whole, service, operation))
    return session


def _problems(params: Mapping[str, Any]) -> Iterator[Problem]:
    """The problems of the connection options that show without making a client."""
    bundle, endpoint, region = params.get("aws_ca_bundle"), params.get("endpoint_url"), params.get("region")
    if bundle and params.get("validate_certs") and not os.path.exists(bundle):
        yield Problem("aws_ca_bundle", f"there is no file {cite(bundle)}")
    if endpoint and not _is_url(endpoint):
        is_host = ":" in endpoint and "/" not in endpoint and _is_url(f"http://{endpoint}")
        near = f"http://{endpoint}" if is_host else None
        yield Problem("endpoint_url", f"must be a URL like https://host:443, not {cite(endpoint)}", near)
    if region and not region.isprintable():  # botocore accepts a line break
        yield _no_region(region)
    if params.get("profile") and any(params.get(name) for name in _KEYS):
        text = f"can't be used together with {listed(_KEYS, 'or')}, even from environment variables"
        yield Problem("profile", text)
    for name, value in (params.get("aws_config") or {}).items():
        yield from _config_problem(name, value)


_KEYS = ("access_key", "secret_key", "session_token")


def _is_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        good = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:  # an invalid port
        return False
    return good and text.isprintable() and " " not in text


def _config_problem(name: str, value: Any) -> Iterator[Problem]:
    """The problems of an option in ``aws_config``. botocore itself checks the proxies only when it sends a request."""
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
    except botocore.exceptions.BotoCoreError:  # an invalid profile, which is reported once the region is valid
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
