# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that moves when told to, and a client that answers from a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError


class Clock:
    """Seconds that pass only by ``sleep``, which is all that a wait may do to pass them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


Step = Any  # a Mapping for an answer, an Exception to be raised


class Client:
    """A boto3 client, as far as it is used, for one operation: each call takes the next step, the last one repeats."""

    def __init__(
        self, operation_model: Any, script: Iterable[Step], on_call: Callable[[], None] = lambda: None
    ) -> None:
        self._script = list(script)
        self._before_send: list[Callable[..., None]] = []
        self.asked: list[dict[str, Any]] = []
        self.meta = SimpleNamespace(
            endpoint_url="https://service.region.example",
            method_to_api_mapping={"ask": operation_model.name},
            service_model=SimpleNamespace(operation_model=lambda name: {operation_model.name: operation_model}[name]),
            events=SimpleNamespace(register=self._register),
        )

    def _register(self, event: str, handler: Callable[..., None], unique_id: str) -> None:
        del unique_id
        if event == "before-send":
            self._before_send[:] = [handler]

    def ask(self, **params: Any) -> Mapping[str, Any]:
        self.asked.append(params)
        for handler in self._before_send:
            handler(request=None)
        step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(step, Exception):
            raise step
        return step


def answered(status: int = 200, /, **members: Any) -> dict[str, Any]:
    """A response as boto3 returns it."""
    return {**members, "ResponseMetadata": {"HTTPStatusCode": status}}


def refused(code: str, status: int = 400, message: str = "") -> ClientError:
    """An error as boto3 raises it."""
    body = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(body, "Ask")
