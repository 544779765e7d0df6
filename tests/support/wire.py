# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS's wire protocols on the server side: which operation a request calls, and how a response is written.

Moto's router, request parsers and serialisers do the work on botocore's own service models. Added here is what they
lack: smithy-rpc-v2-cbor, empty structures in XML lists, error answers with any code and status, and the way from a
signing name to the services that share it.
"""

from __future__ import annotations

import gzip
import json
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

import botocore.session
from botocore.parsers import RpcV2CBORParser
from botocore.utils import parse_to_aware_datetime
from moto.core.model import OperationModel, ServiceModel, Shape
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request as MotoRequest
from moto.core.routing import RestRouter
from moto.core.serialize import SERIALIZERS, BaseJSONSerializer, S3Serializer
from werkzeug.exceptions import HTTPException

CBOR = "smithy-rpc-v2-cbor"
REQUEST_ID = "scripted-request"
_CREDENTIAL = re.compile(r"Credential=([^/]+)/(?:[^/]+/)+?([^/]+)/aws4_request")
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_VERSION = re.compile(rb"(?:^|&)Version=([\w-]+)")
_loader = botocore.session.get_session().get_component("data_loader")


@dataclass(frozen=True)
class Message:
    """One HTTP request as it arrived; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def credential(self) -> tuple[str, str]:
        """The access key id and the signing name; ("anonymous", "") for a request that isn't signed."""
        found = _CREDENTIAL.search(self.headers.get("authorization") or unquote(self.target))
        return (found[1], found[2]) if found else ("anonymous", "")

    @cached_property
    def moto(self) -> MotoRequest:
        return MotoRequest.from_primitives(self.method, f"http://127.0.0.1{self.target}", self.headers, self.body)


@dataclass(frozen=True)
class Call:
    """The operation that a message requests, and its protocol."""

    service: str
    operation: OperationModel
    protocol: str
    path_params: Mapping[str, str] = field(default_factory=dict)

    def params(self, message: Message) -> dict[str, Any]:
        """The request's parameters by their names in the model."""
        if self.protocol == CBOR:
            parser = RpcV2CBORParser()
            return dict(parser.parse_data_item(parser.get_peekable_stream_from_bytes(message.body or b"\xa0")))
        moto = message.moto
        request: Any = {
            "body": message.body,
            "headers": moto.headers,
            "values": moto.values,
            "url_params": self.path_params,
        }
        parsed = PROTOCOL_PARSERS[self.protocol](self.operation).parse(request)
        return {name: value for name, value in parsed.items() if value is not None}


class Service:
    """A service's model for a server."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.model = ServiceModel(_loader.load_service_model(name, "service-2"), name)
        self.operations = frozenset(self.model.operation_names)
        self.rest = self.model.protocol if self.model.protocol.startswith("rest-") else None
        self.calls: dict[str, Call] = {}

    @cached_property
    def router(self) -> RestRouter:
        return RestRouter(self.model)

    def call(self, message: Message) -> Call | None:
        """The call in the message, if it is an operation of this service."""
        metadata = self.model.metadata
        match protocol_of(message):
            case "json":
                prefix, _dot, name = message.headers["x-amz-target"].rpartition(".")
                return self._named(name, "json") if prefix == metadata.get("targetPrefix") else None
            case "smithy-rpc-v2-cbor":
                prefix, _operation, name = message.target.split("/", 4)[2:]
                return self._named(name, CBOR) if prefix == metadata.get("targetPrefix") else None
            case "query":
                action, version = _ACTION.search(message.body), _VERSION.search(message.body)
                if action and version and version[1].decode() == metadata["apiVersion"]:
                    return self._named(action[1].decode(), "ec2" if metadata["protocol"] == "ec2" else "query")
        return self._routed(message) if self.rest else None

    def _named(self, name: str, protocol: str) -> Call | None:
        if name not in self.operations:
            return None
        key = f"{protocol} {name}"
        if key not in self.calls:
            self.calls[key] = Call(self.name, self.model.operation_model(name), protocol)
        return self.calls[key]

    def _routed(self, message: Message) -> Call | None:
        assert self.rest
        # Polls repeat the same GET, and routing costs more than the rest of a response.
        key = f"{message.method} {message.target}"
        if key in self.calls:
            return self.calls[key]
        try:
            operation, path_params = self.router.match(message.moto)
        except HTTPException:
            return None
        call = Call(self.name, operation, self.rest, path_params)
        if message.method in ("GET", "HEAD"):
            self.calls[key] = call
        return call


@cache
def service(name: str) -> Service:
    return Service(name)


@cache
def _metadata() -> dict[str, dict[str, Any]]:
    """Every service's metadata, from the start of its model file: reading 439 whole files would take five seconds."""
    found = {}
    for name in _loader.list_available_services("service-2"):
        path = f"{name}/{_loader.determine_latest_version(name, 'service-2')}/service-2.json.gz"
        file = next(file for place in _loader.search_paths if (file := Path(place, path)).exists())
        with gzip.open(file, "rt", encoding="utf-8") as stream:
            start = stream.read(8192).split('"metadata":', 1)[1].lstrip()
        found[name] = json.JSONDecoder().raw_decode(start)[0]
    return found


@cache
def services_signing_as(signing_name: str) -> tuple[str, ...]:
    """The services whose requests carry this name in the credential scope."""
    signed = {name: data.get("signingName", data["endpointPrefix"]) for name, data in _metadata().items()}
    return tuple(name for name, signs_as in signed.items() if signs_as == signing_name)


def protocol_of(message: Message, signing_name: str = "") -> str:
    """The protocol of a message, guessed without the model, which suffices for an error."""
    if message.headers.get("smithy-protocol") == "rpc-v2-cbor":
        return CBOR
    if "x-amz-target" in message.headers:
        return "json"
    if message.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return "ec2" if signing_name == "ec2" else "query"
    candidates = services_signing_as(signing_name) if signing_name else ()
    return str(_metadata()[candidates[0]]["protocol"]) if candidates else "rest-json"


class _Epoch(float):
    """Seconds that CBOR marks as a time stamp."""


class CborSerializer(BaseJSONSerializer):
    """smithy-rpc-v2-cbor: JSON's structure under the members' own names, with real times, bytes and numbers."""

    CONTENT_TYPE = "application/cbor"

    def get_serialized_name(self, shape: Shape, default_name: str) -> str:
        return default_name

    def _serialize_type_timestamp(self, serialized: Any, value: Any, shape: Shape, key: str) -> None:
        serialized[key] = _Epoch(parse_to_aware_datetime(value).timestamp())

    def _serialize_type_blob(self, serialized: Any, value: Any, shape: Shape, key: str) -> None:
        serialized[key] = value.encode() if isinstance(value, str) else value

    def _serialize_body(self, body: Any) -> Any:
        return cbor(body)


class _KeepsEmptyItems:
    """Moto leaves `{}` out of XML lists; None makes it the empty element that AWS would send."""

    def _serialize_type_structure(self, serialized: Any, value: Any, shape: Any, key: str) -> None:
        super()._serialize_type_structure(serialized, value, shape, key)  # type: ignore[misc]
        name = self.get_serialized_name(shape, key)  # type: ignore[attr-defined]
        if key and serialized.get(name) == {}:
            serialized[name] = None


def _keeping_empty_items(base: type) -> type:
    return type(f"Whole{base.__name__}", (_KeepsEmptyItems, base), {})


_SERIALIZERS: dict[str, type] = {
    **{name: base if "json" in name else _keeping_empty_items(base) for name, base in SERIALIZERS.items()},
    "s3": _keeping_empty_items(S3Serializer),
    CBOR: CborSerializer,
}


def success(call: Call, data: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a response with this data."""
    shape = call.operation.output_shape
    if unknown := sorted(unknown_members(shape, data)):
        raise ValueError(f"{call.service} {call.operation.name} answers without a member {', '.join(unknown)}")
    serializer = _SERIALIZERS["s3" if call.service == "s3" else call.protocol]
    answer = serializer(call.operation).serialize(data)
    status = answer["status_code"]
    for name, member in shape.members.items() if shape else ():
        if member.serialization.get("location") == "statusCode":
            status = data.get(name, status)
    body = answer["body"] if answer["body"] is not None else b""
    return status, answer["headers"], body.encode() if isinstance(body, str) else body


def unknown_members(shape: Any, data: Any, path: str = "") -> Iterator[str]:
    """The paths in the data that the shape doesn't have: serialisers drop them, and a misspelt script looks empty."""
    if isinstance(data, Mapping) and (shape is None or shape.type_name == "structure"):
        if shape is not None and shape.is_document_type:
            return
        members = shape.members if shape else {}
        for name, value in data.items():
            if name not in members:
                yield f"{path}{name}"
            else:
                yield from unknown_members(members[name], value, f"{path}{name}.")
    elif isinstance(data, Mapping) and shape.type_name == "map":
        for name, value in data.items():
            yield from unknown_members(shape.value, value, f"{path}{name}.")
    elif isinstance(data, list) and shape.type_name == "list":
        for value in data:
            yield from unknown_members(shape.member, value, f"{path.rstrip('.')}[].")


def failure(protocol: str, service_name: str, code: str, message: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of an error response."""
    if protocol in ("json", "rest-json"):
        body = json.dumps({"__type": code, "message": message}).encode()
        kind = "application/json" if protocol == "rest-json" else "application/x-amz-json-1.1"
        return {"Content-Type": kind, "X-Amzn-Errortype": code}, body
    if protocol == CBOR:
        return {"Content-Type": "application/cbor"}, cbor({"__type": code, "message": message})
    error = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    if protocol == "ec2":
        error = f"<Response><Errors>{error}</Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
    elif service_name != "s3":
        error = f"<ErrorResponse>{error}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    return {"Content-Type": "text/xml"}, error.encode()


def cbor(value: Any) -> bytes:
    """The part of CBOR that AWS uses (RFC 8949)."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case _Epoch():
            return b"\xc1" + cbor(float(value))
        case float():
            return struct.pack(">Bd", 0xFB, value)
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case str():
            return _head(3, len(encoded := value.encode())) + encoded
        case bytes() | bytearray():
            return _head(2, len(value)) + value
        case Mapping():
            return _head(5, len(value)) + b"".join(cbor(name) + cbor(item) for name, item in value.items())
        case list() | tuple():
            return _head(4, len(value)) + b"".join(map(cbor, value))
    raise TypeError(f"no CBOR for {type(value).__name__}")


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    width = next(width for width in range(4) if number < 1 << (8 << width))
    return bytes([major << 5 | 24 + width]) + number.to_bytes(1 << width, "big")
