# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A boto3 client that sends nothing: its responses are passed in, its events are botocore's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

from botocore.exceptions import ClientError
from botocore.hooks import HierarchicalEmitter
from tests.support import wire

Step = Any  # a Mapping is a response, an Exception is raised

Answer = Callable[[str, dict[str, Any]], Mapping[str, Any]]
"""Returns an operation's response to its parameters; raises what boto3 raises."""

SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKID/20261121/r/s/aws4_request, Signature=5ca1ab1e"}
OWN_HEADERS = {"x-amzn-RequestId": wire.REQUEST_ID}


class Asked(NamedTuple):
    at: float
    operation: str
    params: dict[str, Any]


class FakeClient:
    """The part of a boto3 client that waits use: each operation is a method of the same name.

    A request runs the handlers of the events that botocore emits for it, in the same order, with the HTTP response that
    the service would have sent. What a handler raises comes out of the method, as it does with botocore.
    """

    def __init__(
        self, service_model: Any, answer: Answer, clock: Callable[[], float] = lambda: 0.0, region: str = "us-east-1"
    ) -> None:
        """``clock``: seconds since the start, which ``asked`` records."""
        self._answer, self._clock = answer, clock
        self._events = HierarchicalEmitter()
        self.asked: list[Asked] = []
        self.meta = SimpleNamespace(
            endpoint_url=f"https://{service_model.service_name}.{region}.example",
            region_name=region,
            method_to_api_mapping={name: name for name in service_model.operation_names},
            service_model=service_model,
            events=self._events,
        )

    @property
    def params(self) -> list[dict[str, Any]]:
        """The parameters of each request."""
        return [request.params for request in self.asked]

    def __getattr__(self, operation: str) -> Callable[..., Mapping[str, Any]]:
        if operation.startswith("_") or operation not in self.meta.method_to_api_mapping:
            raise AttributeError(operation)
        return lambda **params: self._request(operation, params)

    def _request(self, operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        model = self.meta.service_model.operation_model(operation)
        self.asked.append(Asked(self._clock(), operation, params))
        self._emit("before-send", model, request=SimpleNamespace(headers=SIGNED))
        try:
            parsed = {"ResponseMetadata": {"HTTPStatusCode": 200}, **self._answer(operation, params)}
            raw = raw_response(parsed, model)
        except ClientError as error:
            self._receive(raw_error(error, model), error.response, model)
            raise
        except Exception as error:
            self._emit("response-received", model, response_dict=None, parsed_response=None, exception=error)
            raise
        self._receive(raw, parsed, model)
        return parsed

    def _receive(self, raw: dict[str, Any], parsed: Mapping[str, Any], model: Any) -> None:
        self._emit("before-parse", model, operation_model=model, response_dict=raw, customized_response_dict={})
        self._emit("response-received", model, response_dict=raw, parsed_response=parsed, exception=None)

    def _emit(self, event: str, model: Any, **arguments: Any) -> None:
        self._events.emit(f"{event}.{model.service_model.service_id.hyphenize()}.{model.name}", **arguments)


class Script:
    """Responds step by step; the last step repeats."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = list(steps)

    def __call__(self, _operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        step: Step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Exception):
            raise step
        answer: Mapping[str, Any] = step
        return answer


def scripted(operation_model: Any, steps: Iterable[Step]) -> FakeClient:
    """A client for one operation, whose responses come from a script."""
    return FakeClient(operation_model.service_model, Script(steps))


# --- HTTP responses as botocore passes them to handlers


def raw_response(parsed: Mapping[str, Any], operation_model: Any) -> dict[str, Any]:
    """A response with the top-level members of the parsed one, as handlers read no others."""
    body = b"" if operation_model.http.get("method") == "HEAD" else _body(parsed, operation_model)
    return _raw(parsed["ResponseMetadata"]["HTTPStatusCode"], {}, body, operation_model)


def raw_error(error: ClientError, operation_model: Any) -> dict[str, Any]:
    """The response from which the error was parsed."""
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if operation_model.http.get("method") == "HEAD":
        return _raw(status, {}, b"", operation_model)
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    service = operation_model.service_model.service_name
    headers, body = wire.failure(_protocol(operation_model), service, code, "".join(filter(str.isprintable, message)))
    return _raw(status, headers, body, operation_model)


def _raw(status: int, headers: Mapping[str, str], body: bytes, operation_model: Any) -> dict[str, Any]:
    context = {"operation_name": operation_model.name}
    return {"status_code": status, "headers": {**headers, **OWN_HEADERS}, "body": body, "context": context}


def _body(parsed: Mapping[str, Any], operation_model: Any) -> bytes:
    protocol, output = _protocol(operation_model), operation_model.output_shape
    if protocol == wire.CBOR:
        return wire.cbor({})
    if protocol not in ("json", "rest-json"):
        return f"<{operation_model.name}Response></{operation_model.name}Response>".encode()
    if output is not None and "payload" in output.serialization:
        output, parsed = (each[output.serialization["payload"]] for each in (output.members, parsed))
        if output.type_name != "structure":
            return b""
    members = {} if output is None else output.members
    names = {name: members[name].serialization.get("name", name) if name in members else name for name in parsed or ()}
    return json.dumps({wire_name: None for name, wire_name in names.items() if name != "ResponseMetadata"}).encode()


def _protocol(operation_model: Any) -> str:
    model = operation_model.service_model
    # older versions of botocore have only one protocol
    return str(getattr(model, "resolved_protocol", None) or model.metadata["protocol"])
