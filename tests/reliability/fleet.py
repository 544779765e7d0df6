# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resources of six services whose names say how waiting for them must end, and one task that waits for all of them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore.config import Config
from tests.support.scripted import Request
from tests.unit.plugins.module_utils._module.many import args, end
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.groups import Policy, Workers
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Outcome
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import read_entries

BAD, DENIED = "bad", "denied"
EVERY = 10
"""One of this many resources fails."""
READ_TIMEOUT = 1.0


@dataclass(frozen=True)
class Kind:
    """A waiter and its resources. ``shown``: of a name its item, given whether it is ready; None where it is gone.

    ``named``: the names in the parameters of a request. ``answer`` puts the items together.
    """

    service: str
    waiter: str
    params: Callable[[str], dict[str, Any]]
    named: Callable[[Mapping[str, Any]], Sequence[str]]
    shown: Callable[[str, bool], dict[str, Any] | None]
    answer: Callable[[list[dict[str, Any]]], dict[str, Any]]
    bad: str = "failure"
    share: int = 3


def _values(params: Mapping[str, Any]) -> Sequence[str]:
    return params["Filters"][0]["Values"] if "Filters" in params else [params["DBInstanceIdentifier"]]


def _state(before: str, after: str, bad: str) -> Callable[[str, bool], str]:
    return lambda name, ready: before if not ready else bad if name.startswith(BAD) else after


_EC2, _RDS = _state("pending", "running", "terminated"), _state("creating", "available", "failed")
_ECS, _EKS = _state("ACTIVE", "ACTIVE", "INACTIVE"), _state("CREATING", "ACTIVE", "FAILED")
KINDS = (
    Kind(
        "ec2",
        "instance_running",
        lambda name: {"InstanceIds": [name]},
        lambda params: params["InstanceIds"],
        lambda name, ready: {"InstanceId": name, "State": {"Name": _EC2(name, ready)}},
        lambda items: {"Reservations": [{"Instances": items}]},
        share=5,
    ),
    Kind(
        "rds",
        "db_instance_available",
        lambda name: {"DBInstanceIdentifier": name},
        _values,
        lambda name, ready: {"DBInstanceIdentifier": name, "DBInstanceStatus": _RDS(name, ready)},
        lambda items: {"DBInstances": items},
    ),
    Kind(
        "ecs",
        "services_stable",
        lambda name: {"cluster": "prod", "services": [name]},
        lambda params: params["services"],
        lambda name, ready: {
            "serviceName": name,
            "status": _ECS(name, ready),
            "runningCount": 1,
            "desiredCount": 1,
            "deployments": [{"id": "1"}] if ready else [{"id": "1"}, {"id": "2"}],
        },
        lambda items: {"services": items, "failures": []},
    ),
    Kind(
        "dynamodb",
        "table_exists",
        lambda name: {"TableName": name},
        lambda params: [params["TableName"]],
        lambda name, ready: {"TableName": name, "TableStatus": "ACTIVE" if ready else "CREATING"},
        lambda items: {"Table": items[0]},
        bad="error",
    ),
    Kind(
        "eks",
        "cluster_active",
        lambda name: {"name": name},
        lambda params: [params["name"]],
        lambda name, ready: {"name": name, "status": _EKS(name, ready)},
        lambda items: {"cluster": items[0]},
    ),
    Kind(
        "s3",
        "object_not_exists",
        lambda name: {"Bucket": "logs", "Key": name},
        lambda params: [params["Key"]],
        lambda _name, ready: None if ready else {"ETag": '"d41d8cd9"'},
        lambda items: items[0],
        bad="success",
    ),
)


@dataclass
class Fleet:
    """So many resources. Each is ready once it was looked at two to four times; ``restart`` makes all of them new."""

    count: int
    _looks: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def restart(self) -> None:
        self._looks.clear()

    @property
    def names(self) -> Iterator[tuple[Kind, str]]:
        shares = sum(kind.share for kind in KINDS)
        for kind in KINDS:
            for number in range(self.count * kind.share // shares):
                fate = "good" if number % EVERY else DENIED if kind.bad == "error" else BAD
                yield kind, f"{fate}-{number}"

    @property
    def expected(self) -> list[str]:
        """The expected outcomes of the waits."""
        return ["success" if name.startswith("good") else kind.bad for kind, name in self.names]

    def scenarios(self) -> dict[str, Any]:
        """For the scripted endpoint: one for each service, under the access key that its client has."""
        return {f"AKID{kind.service}": {"service": kind.service, "answers": [self._answers(kind)]} for kind in KINDS}

    def _answers(self, kind: Kind) -> Callable[[Request], dict[str, Any]]:
        def answer(request: Request) -> dict[str, Any]:
            items = []
            for name in kind.named(request.params):
                self._looks[kind.service, name] += 1
                if name.startswith(DENIED):
                    return {"error": "AccessDeniedException", "status": 400, "message": "You may not."}
                item = kind.shown(name, self._looks[kind.service, name] > 1 + len(name) % 3)
                if item is None:
                    return {"error": "404", "status": 404}
                items.append(item)
            return {"data": kind.answer(items)}

        return answer

    def wait(
        self, clients: Clients, clock: Any, workers: Workers, delay: float
    ) -> tuple[dict[str, Any], list[Outcome]]:
        """Run one task of ``wait_many`` that waits for all: what it returns, and the outcome of each wait."""
        waits = [
            {"service": kind.service, "waiter": kind.waiter, "params": kind.params(name)} for kind, name in self.names
        ]
        entries = read_entries(args(waits=waits, delay=delay, max_attempts=1000), MODELS, clients.connect)
        return end(entries, Policy(len(waits), fail_fast=False), clock, workers)


class Clients:
    """A client for each service, as the module makes them; closed at the end."""

    def __init__(self, url: str) -> None:
        self._url, self._session = url, botocore.session.get_session()
        self._made: dict[str, Any] = {}

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._made.values():
            client.close()

    def connect(self, _account: Any, service: str, _operation: str = "") -> Any:
        if service not in self._made:
            retries = {"total_max_attempts": 1, "mode": "standard"}
            self._made[service] = self._session.create_client(
                service,
                "eu-west-1",
                endpoint_url=self._url,
                aws_access_key_id=f"AKID{service}",
                aws_secret_access_key="x",
                config=Config(retries=retries, read_timeout=READ_TIMEOUT, max_pool_connections=64),
            )
        return self._made[service]
