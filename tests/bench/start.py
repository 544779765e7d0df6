# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What one wait costs for a resource that is already as wanted: nearly all of it is the start of a process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from tests.bench.measure import Cost, alternate, cost_of, cpu
from tests.bench.rivals import aws_version, has_aws
from tests.bench.tables import ms, table, verdict
from tests.bench.world import INFO, INSTANCE, WAIT, World, scenario

ROUNDS = 31
MOST_WARM, MOST_COLD = 1.0, 1.3
_SERVICE = {
    "serviceName": "web",
    "serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/prod/web",
    "status": "ACTIVE",
    "deployments": [{"id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "COMPLETED"}],
    "desiredCount": 1,
    "runningCount": 1,
    "pendingCount": 0,
}


@dataclass(frozen=True)
class Start:
    """A wait for one service: for boto3, for `aws` and with AWS's response."""

    waiter: str
    params: Mapping[str, Any]
    command: str
    data: Mapping[str, Any]


STARTS = {
    "ec2": Start("instance_running", {"InstanceIds": [INSTANCE]}, f"instance-running --instance-ids {INSTANCE}", {}),
    "rds": Start(
        "db_instance_available",
        {"DBInstanceIdentifier": "orders"},
        "db-instance-available --db-instance-identifier orders",
        {"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceStatus": "available"}]},
    ),
    "s3": Start(
        "object_exists",
        {"Bucket": "logs", "Key": "today"},
        "object-exists --bucket logs --key today",
        {"ContentLength": 1},
    ),
    "ecs": Start(
        "services_stable",
        {"cluster": "prod", "services": ["web"]},
        "services-stable --cluster prod --services web",
        {"services": [_SERVICE], "failures": []},
    ),
}
BARE, WARM, COLD, AWS = "bare", "warm", "cold", "aws"
INFO_MODULE, PING = "amazon.aws.ec2_instance_info", "ansible.builtin.ping"
LABELS = {
    BARE: "boto3 script: `boto3.client(…).get_waiter(…).wait(…)`",
    WARM: "`cloudwait.aws.wait`, the process that Ansible runs on the host",
    COLD: "the same for the first time: with an empty cache, which it fills",
    AWS: "`aws … wait`",
    INFO_MODULE: f"for comparison: `{INFO_MODULE}`",
    PING: f"for comparison: `{PING}`, a module that does nothing",
}


def scenarios() -> dict[str, Any]:
    """What the endpoint has to respond, by the access key."""
    others = {
        _key(service): {"service": service, "answers": [{"data": start.data}]}
        for service, start in STARTS.items()
        if service != "ec2"
    }
    return {_key("ec2"): scenario(1), **others}


def section(aws: World) -> str:
    """The section of docs/benchmarks.md."""
    runs = {(service, name): run for service in STARTS for name, run in _runs(aws, service)}
    costs = alternate(runs, ROUNDS)
    ratios = {place: cpu(found) / cpu(costs[place[0], BARE]) for place, found in costs.items()}
    rows = [
        (LABELS[name], *(_cell(costs.get((service, name)), ratios.get((service, name))) for service in STARTS))
        for name in LABELS
    ]
    warm, cold = ratios["ec2", WARM], ratios["ec2", COLD]
    waiters = ", ".join(f"`{service} {start.waiter}`" for service, start in STARTS.items())
    version = f" `aws` is {aws_version()}." if has_aws() else " `aws` isn't installed here."
    return f"""## One wait for a resource that is already as wanted

{table(("CPU of one process, and times the script", *STARTS), rows)}

{ROUNDS} rounds of {waiters}.{version}
Goal for ec2: at most {MOST_WARM:.2f} times the script, and {MOST_COLD:.2f} times with an empty cache.
{verdict(warm <= MOST_WARM and cold <= MOST_COLD)}: {warm:.2f} times, and {cold:.2f} times."""


def _cell(costs: list[Cost] | None, ratio: float | None) -> str:
    return f"{ms(cpu(costs))}, {ratio:.2f}" if costs and ratio else ""


def _runs(aws: World, service: str) -> Iterator[tuple[str, Callable[[], Cost]]]:
    """The processes to compare for a service."""
    start, key = STARTS[service], _key(service)
    environment = aws.environment(key)
    arguments = ", ".join(f"{name}={value!r}" for name, value in start.params.items())
    script = aws.folder / f"bare_{service}.py"
    script.write_text(f"import boto3\nboto3.client({service!r}).get_waiter({start.waiter!r}).wait({arguments})\n")
    yield BARE, partial(cost_of, [sys.executable, script.name], environment, aws.folder)
    task = {**WAIT, "service": service, "waiter": start.waiter, "params": start.params}
    module = aws.make_module("cloudwait.aws.wait", task, key, f"wait_{service}.py")
    yield WARM, partial(cost_of, [sys.executable, module], environment, aws.folder)
    fresh = count()

    def run_cold() -> Cost:
        cache = {"XDG_CACHE_HOME": str(aws.folder / f"cold-{service}-{next(fresh)}")}
        return cost_of([sys.executable, module], environment | cache, aws.folder)

    yield COLD, run_cold
    if has_aws():
        # for RDS, `aws` ignores $AWS_ENDPOINT_URL
        command = [
            "aws",
            "--endpoint-url",
            aws.url,
            "s3api" if service == "s3" else service,
            "wait",
            *start.command.split(),
        ]
        yield AWS, partial(cost_of, command, environment, aws.folder)
    if service == "ec2":
        for name, args in ((INFO_MODULE, INFO), (PING, {"data": "pong"})):
            made = aws.make_module(name, args, key)
            yield name, partial(cost_of, [sys.executable, made], environment, aws.folder)


def _key(service: str) -> str:
    return f"START{service.upper()}"
