# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Waits in every protocol, and a world to run them in: AWS, the faults in front of it, and a clock that stands still.

Requests are real HTTP. Time passes only by the sleeps, by ``REQUEST`` for each request and by ``READ_TIMEOUT`` for each
that gets no answer; so a wait of a minute takes some milliseconds, and every wait meets the same transient errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.config import Config
from tests.support.aws_responses import db_instances, ecs_service, ecs_services, scripted_instances
from tests.support.faults import LATE, Fault, FaultProxy, Plan
from tests.support.scripted import ScriptedEndpoint
from tests.unit.plugins.module_utils._engine.fakes import Clock, full
from tests.unit.plugins.module_utils._module.waits import MODELS, args

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.run_wait import run_wait
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import read_request
from ansible_collections.cloudwait.aws.plugins.module_utils._module.result import result

REQUEST, READ_TIMEOUT = 0.1, 10.0
"""Seconds of the simulated clock. On the other one a read time-out is short where answers are late, and long else."""
SHORT_TIMEOUT, LONG_TIMEOUT = 0.1, 30.0
ONE_TRY = {"total_max_attempts": 1, "mode": "standard"}


@dataclass(frozen=True)
class Case:
    """A waiter, and AWS's responses before and after the state is reached."""

    service: str
    waiter: str
    params: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.service} {self.waiter}"


def _instance(state: str) -> dict[str, Any]:
    return scripted_instances(i_1=state)


def _database(state: str) -> dict[str, Any]:
    return {"data": db_instances({"orders": state})}


def _service(deployments: int) -> dict[str, Any]:
    counts = {"runningCount": 1, "desiredCount": 1, "deployments": [{"id": str(n)} for n in range(deployments)]}
    return {"data": ecs_services(ecs_service("web", **counts))}


def _table(state: str) -> dict[str, Any]:
    return {"data": {"Table": {"TableName": "orders", "TableStatus": state}}}


def _cluster(state: str) -> dict[str, Any]:
    return {"data": {"cluster": {"name": "prod", "status": state}}}


def _distribution(state: str) -> dict[str, Any]:
    return {"data": {"Distribution": {"Id": "D1", "Status": state}}}


_NO_OBJECT = {"error": "404", "status": 404}
_OBJECT = {"data": {"ETag": '"d41d8cd9"', "ContentLength": 3}}
_NO_TABLE = {"error": "ResourceNotFoundException", "message": "Requested resource not found"}
_NO_DATABASE = {"error": "DBInstanceNotFound", "status": 404, "message": "DBInstance orders not found."}
_NO_CLUSTER = {"error": "ResourceNotFoundException", "status": 404, "message": "No cluster found for name: prod."}
_INSTANCE, _TABLE, _CLUSTER = {"InstanceIds": ["i-1"]}, {"TableName": "orders"}, {"name": "prod"}
_DATABASE, _BUCKET_KEY = {"DBInstanceIdentifier": "orders"}, {"Bucket": "logs", "Key": "today"}
CASES = (
    Case("ec2", "instance_running", _INSTANCE, _instance("pending"), _instance("running")),
    Case("ec2", "instance_terminated", _INSTANCE, _instance("shutting-down"), _instance("terminated")),
    Case("rds", "db_instance_available", _DATABASE, _database("creating"), _database("available")),
    Case("rds", "db_instance_deleted", _DATABASE, _database("deleting"), _NO_DATABASE),
    Case("ecs", "services_stable", {"cluster": "prod", "services": ["web"]}, _service(2), _service(1)),
    Case("dynamodb", "table_exists", _TABLE, _table("CREATING"), _table("ACTIVE")),
    Case("dynamodb", "table_not_exists", _TABLE, _table("DELETING"), _NO_TABLE),
    Case("eks", "cluster_active", _CLUSTER, _cluster("CREATING"), _cluster("ACTIVE")),
    Case("eks", "cluster_deleted", _CLUSTER, _cluster("DELETING"), _NO_CLUSTER),
    Case("cloudfront", "distribution_deployed", {"Id": "D1"}, _distribution("InProgress"), _distribution("Deployed")),
    Case("s3", "object_exists", _BUCKET_KEY, _NO_OBJECT, _OBJECT),
    Case("s3", "object_not_exists", _BUCKET_KEY, _OBJECT, _NO_OBJECT),
)


def after_the_first(plan: Plan) -> Iterator[Fault | None]:
    """The plan, once the endpoint has answered."""
    yield None
    yield from plan


class World:
    """AWS, the faults in front of it and the clock; a context manager."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.aws = ScriptedEndpoint({}, clock=self.clock)
        self.proxy = FaultProxy(self.aws.url, late=3 * SHORT_TIMEOUT)
        self._running = ExitStack()
        self._clients: dict[tuple[str, bool], Any] = {}
        self._session = botocore.session.get_session()

    def __enter__(self) -> World:
        self._running.enter_context(self.aws)
        self._running.enter_context(self.proxy)
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()
        self._running.close()

    def begin(
        self, case: Case, plan: Iterable[Fault | None], *, late: bool = False, **script: Any
    ) -> Callable[..., Any]:
        """Put a resource in place, and faults in front of it. Gives what makes a client with these ``retries``.

        One that tries once holds nothing of what it met, and is made once for all. ``late``: answers may be late.
        ``script``: ``answers`` or ``by_time`` of the scripted endpoint.
        """
        key = f"AKID{case.service}"
        self.aws.add(key, {"service": case.service, **script})
        self.proxy.use(plan)
        self.clock.now = 1000.0

        def connect(**retries: Any) -> Any:
            if retries != ONE_TRY:
                return self._client(case.service, late, retries)
            if (case.service, late) not in self._clients:
                self._clients[case.service, late] = self._client(case.service, late, retries)
            return self._clients[case.service, late]

        return connect

    def _client(self, service: str, late: bool, retries: Mapping[str, Any]) -> Any:
        timeout = SHORT_TIMEOUT if late else LONG_TIMEOUT
        config = Config(read_timeout=timeout, connect_timeout=2, inject_host_prefix=False, retries=retries)
        client = self._session.create_client(
            service,
            "eu-west-1",
            endpoint_url=self.proxy.url,
            aws_access_key_id=f"AKID{service}",
            aws_secret_access_key="x",
            config=config,
        )
        client.meta.events.register("before-send", self._before_send, unique_id="world")
        return client

    def _before_send(self, **_event: Any) -> None:
        fault = self.proxy.announce()
        self.clock.now += READ_TIMEOUT if fault is LATE else REQUEST


def ours(case: Case, connect: Callable[..., Any], world: World, **given: Any) -> dict[str, Any]:
    """The result of the module ``wait`` for a case."""
    task = args(service=case.service, waiter=case.waiter, params=case.params, **given)
    request = read_request(task, MODELS, lambda *_place: connect(**ONE_TRY))
    wait = request.prepare(MODELS, lambda: connect(**ONE_TRY))
    operation = wait.operation()
    outcome = run_wait(wait.loop(world.clock, full), operation.poll, world.clock.sleep)
    returned, _warnings = result(request, wait.schedule, outcome, operation.calls)
    return returned
