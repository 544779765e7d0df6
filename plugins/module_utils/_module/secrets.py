# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not be told, beside the options that Ansible knows to be secret: where it is, and how it is masked."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from .._aws.models import Models
from .._aws.response import MASK
from .._aws.shapes import children, item_of, members_of, value_of
from .._definition.problem import BadInput

_PASSWORD = re.compile(r"(?:^|//)[^/@]*?:([^/]+)@")
# Headers that are secrets as a whole: the tokens of a session, and the key of an object that S3 keeps no key for.
_HEADERS = ("X-Amz-Security-Token", "X-Amz-S3session-Token", "X-Amz-Server-Side-Encryption-Customer-Key")
_SIGNED = re.compile(r"(?:Signature=|Bearer )([^\s,]+)")
_SENT = threading.local()
"""What a thread's request was signed with."""


def passwords(params: Mapping[str, Any]) -> set[str]:
    """The passwords in the URLs of the connection options, as they are written and as they are meant."""
    proxies = (params.get("aws_config") or {}).get("proxies")
    urls = [params.get("endpoint_url"), *(proxies.values() if isinstance(proxies, Mapping) else ())]
    found = {match[1] for url in urls if (match := _PASSWORD.search(str(url)))}
    return found | {unquote(password) for password in found}


def sensitive(value: Any, shape: Any) -> Iterator[str]:
    """The texts in parameters that the service model marks as sensitive. ``shape``: the operation's input, or None."""
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


def concealed(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a task that nobody has read yet, without what may be a secret in its ``params``.

    That is what stands there under a name which the services' models mark as sensitive, or don't know.
    """
    waits = args.get("waits")
    entries = waits if isinstance(waits, list) else []
    named = [task.get("service") for task in (args, *entries) if isinstance(task, Mapping)]
    plain = _plain_names(dict.fromkeys(service for service in named if isinstance(service, str)))

    def without(task: Any) -> Any:
        if not isinstance(task, Mapping):
            return MASK
        return {**task, **({"params": _concealed(task["params"], plain)} if task.get("params") else {})}

    return {**without(args), **({"waits": [without(entry) for entry in entries] or MASK} if waits else {})}


def mask_echoes(client: Any) -> None:
    """Mask what a request of the client was signed with where the error that answers it repeats that.

    Credentials that botocore finds by itself, in a profile say, are not among the options that Ansible masks.
    """
    client.meta.events.register("before-send", _note, unique_id="cloudwait-signed")
    client.meta.events.register("response-received", _mask, unique_id="cloudwait-echoes")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, (Mapping, list)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
    elif value is not None and value != "" and not isinstance(value, bool):
        yield str(value)


def _concealed(value: Any, plain: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _concealed_items(item, plain) if name in plain else MASK for name, item in value.items()}
    return MASK


def _concealed_items(value: Any, plain: frozenset[str]) -> Any:
    """What stands under a plain name: the texts of it are told, and of mappings in it each member is looked at."""
    if isinstance(value, list):
        return [_concealed_items(item, plain) for item in value]
    return _concealed(value, plain) if isinstance(value, Mapping) else value


def _plain_names(services: Iterable[str]) -> frozenset[str]:
    """The names of members that none of these services' models marks as sensitive; those of unknown services aren't."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for service in services:
        with suppress(BadInput, AttributeError):  # no such service, or no botocore
            model = Models().service_model(service)
            for shape in map(model.shape_for, model.shape_names):
                for name, member in members_of(shape).items():
                    found[_is_sensitive(member)].add(name)
    return frozenset(found[False] - found[True])


def _is_sensitive(shape: Any) -> bool:
    """Whether the values are, or the items in them."""
    while shape.type_name in ("list", "map") and not shape.metadata.get("sensitive"):
        *_keys, shape = children(shape)
    return bool(shape.metadata.get("sensitive"))


def _note(request: Any, **_event: Any) -> None:
    whole = [_text(request.headers.get(name)) for name in _HEADERS]
    _SENT.secrets = [*filter(None, whole), *_SIGNED.findall(_text(request.headers.get("Authorization")))]


def _mask(parsed_response: Any = None, **_event: Any) -> None:
    error = parsed_response.get("Error") if isinstance(parsed_response, dict) else None
    if not isinstance(error, dict):
        return
    for name, text in error.items():
        if isinstance(text, str):
            for secret in getattr(_SENT, "secrets", ()):
                text = text.replace(secret, MASK)
            error[name] = text


def _text(value: str | bytes | None) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""
