# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rivals: ours, botocore's own waiter with each retry mode, and the command line."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import botocore.endpoint
import botocore.retries.bucket
import botocore.waiter
from botocore.exceptions import WaiterError
from tests.reliability.waits import Case, World, ours
from tests.support.faults import FaultProxy, Plan
from tests.support.playbook import WORK
from tests.support.scripted import ScriptedEndpoint
from tests.unit.plugins.module_utils._engine.fakes import Clock

DELAY, ATTEMPTS = 5, 60
"""Of all waits alike; the longest takes as long as transient errors may last for ours."""
AWS_COMMAND = WORK / "awscli/bin/aws"
LEAST = 1e-3
"""Seconds that a sleep of botocore's rate limiter takes at least, as on a real clock."""


@dataclass(frozen=True)
class End:
    """How a wait ended. ``said``: "success", "failure" (AWS's own, it says), or "killed"; ``why``: its first words."""

    said: str
    why: str = ""


def _words(said: object) -> str:
    """The beginning of the text: botocore's errors quote whole responses of any size."""
    return str(said)[:500]


Wait = Callable[[Case, Callable[..., Any], World], End]


def cloudwait(case: Case, connect: Callable[..., Any], world: World) -> End:
    returned = ours(case, connect, world, delay=DELAY, max_attempts=ATTEMPTS)
    said = returned["outcome"] if returned["outcome"] in ("success", "failure") else "killed"
    return End(said, _words(returned["msg"]))


def botocores(mode: str) -> Wait:
    """botocore's own waiter, with its own number of tries for each request."""

    def wait(case: Case, connect: Callable[..., Any], world: World) -> End:
        with on_the_clock(world.clock):
            client = connect(mode=mode)
            try:
                waiter = client.get_waiter(case.waiter)
                waiter.wait(**case.params, WaiterConfig={"Delay": DELAY, "MaxAttempts": ATTEMPTS})
            except WaiterError as error:
                return End("failure" if "terminal failure state" in _words(error) else "killed", _words(error))
            except Exception as error:  # whatever it raises
                return End("killed", _words(f"{type(error).__name__}: {error}"))
            finally:
                client.close()
        return End("success")

    return wait


RIVALS: dict[str, Wait] = {
    "botocore, legacy": botocores("legacy"),
    "botocore, standard": botocores("standard"),
    "botocore, adaptive": botocores("adaptive"),
    "cloudwait.aws.wait": cloudwait,
}
OURS = "cloudwait.aws.wait"


@contextmanager
def on_the_clock(clock: Clock) -> Iterator[None]:
    """Let botocore's sleeps pass on our clock: those of its waiter, of its retries and of their rate limiter.

    The limiter sleeps again and again for what is left, which may be less than moves a clock that stands still.
    """
    time = SimpleNamespace(sleep=clock.sleep, time=clock)

    class Condition(threading.Condition):
        def wait(self, timeout: float | None = None) -> bool:
            clock.sleep(max(timeout or 0.0, LEAST))
            return True

    with ExitStack() as stack:
        for module in (botocore.waiter, botocore.endpoint, botocore.retries.bucket):
            stack.enter_context(patch.object(module, "time", time))
        threads = SimpleNamespace(Condition=Condition, Lock=threading.Lock)
        stack.enter_context(patch.object(botocore.retries.bucket, "threading", threads))
        yield


def aws_version() -> str:
    return subprocess.run([AWS_COMMAND, "--version"], capture_output=True, text=True, check=True).stdout.split(" ")[0]


def command_line(case: Case, plan: Plan, polls: int) -> tuple[End, int]:
    """What ``aws ec2 wait`` comes to where the state is reached at so many polls, and how many AWS has got.

    It runs in real time, without a delay between its polls: a model of its own sets that, as it has no option for it.
    """
    answers = [{**case.before, "repeat": polls - 1}, case.after]
    with (
        ScriptedEndpoint({"AKIDAWS": {"service": case.service, "answers": answers}}) as aws,
        FaultProxy(aws.url, plan, late=2) as proxy,
        tempfile.TemporaryDirectory() as folder,
    ):
        models = Path(folder, "models/ec2/2016-11-15")
        models.mkdir(parents=True)
        acceptor = {"expected": "running", "matcher": "pathAll", "state": "success"}
        waiter = {
            "operation": "DescribeInstances",
            "delay": 0,
            "maxAttempts": ATTEMPTS,
            "acceptors": [{**acceptor, "argument": "Reservations[].Instances[].State.Name"}],
        }
        (models / "waiters-2.json").write_text(json.dumps({"version": 2, "waiters": {"InstanceRunning": waiter}}))
        command = [AWS_COMMAND, "ec2", "wait", "instance-running", "--instance-ids", *case.params["InstanceIds"]]
        ran = subprocess.run(
            [*command, "--endpoint-url", proxy.url, "--cli-read-timeout", "1"],
            env={
                "HOME": folder,
                "AWS_ACCESS_KEY_ID": "AKIDAWS",
                "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_DATA_PATH": str(Path(folder, "models")),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        said = "failure" if "terminal failure state" in _words(ran.stderr) else "killed"
        return End("success" if ran.returncode == 0 else said, _words(ran.stderr.strip())), len(aws.requests)
