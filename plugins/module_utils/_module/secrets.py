# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets other than the options that Ansible knows: where they occur, and how they are masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from .._aws.polling.transport import request_being_sent
from .._aws.response import MASK
from .._aws.shapes import item_of, value_of

if TYPE_CHECKING:
    from .._aws.binding import Binding

_PASSWORD = re.compile(r"(?:^|//)[^/@]*?:([^/]+)@")
# Headers whose whole value is secret: session tokens, and customer-provided encryption keys (SSE-C).
_HEADERS = ("X-Amz-Security-Token", "X-Amz-S3session-Token", "X-Amz-Server-Side-Encryption-Customer-Key")
_SIGNED = re.compile(r"(?:Signature=|Bearer )([^\s,]+)")


def passwords(params: Mapping[str, Any]) -> set[str]:
    """The passwords in the URLs of the connection options, both as written and URL-decoded."""
    proxies = (params.get("aws_config") or {}).get("proxies")
    urls = [params.get("endpoint_url"), *(proxies.values() if isinstance(proxies, Mapping) else ())]
    found = {match[1] for url in urls if (match := _PASSWORD.search(str(url)))}
    return found | {unquote(password) for password in found}


def sensitive(value: Any, shape: Any) -> Iterator[str]:
    """The strings in parameters that the service model marks as sensitive. ``shape``: of the operation's input."""
    if shape is None:
        return
    if shape.metadata.get("sensitive"):
        yield from _texts(value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from sensitive(item, value_of(shape, name))
    elif isinstance(value, list):
        for item in value:
            yield from sensitive(item, item_of(shape))


def hide_sensitive(module: Any, bindings: Iterable[Binding]) -> None:
    """Make Ansible mask the parameters that the service model marks as sensitive, as it masks credentials."""
    for binding in bindings:
        module.no_log_values.update(sensitive(binding.params, binding.operation_model.input_shape))
    module.log_invocation()


def mask_echoes(client: Any) -> None:
    """Mask the secrets that a ``Transport`` request was signed with in error responses that repeat them.

    Ansible masks only the credentials in options, not those that botocore finds itself, such as in a profile.
    """
    client.meta.events.register("before-send", _note, unique_id="cloudwait-signed")
    client.meta.events.register("response-received", _mask, unique_id="cloudwait-echoes")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, (Mapping, list)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
    elif value is not None and value != "" and not isinstance(value, bool):
        yield str(value)


def _note(request: Any, **_event: Any) -> None:
    being_sent = request_being_sent()
    if being_sent is not None:
        whole = [_text(request.headers.get(name)) for name in _HEADERS]
        being_sent.secrets = [*filter(None, whole), *_SIGNED.findall(_text(request.headers.get("Authorization")))]


def _mask(parsed_response: Any = None, **_event: Any) -> None:
    being_sent = request_being_sent()
    error = parsed_response.get("Error") if isinstance(parsed_response, dict) else None
    if being_sent is None or not isinstance(error, dict):
        return
    for name, text in error.items():
        if isinstance(text, str):
            for secret in being_sent.secrets:
                text = text.replace(secret, MASK)
            error[name] = text


def _text(value: str | bytes | None) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""
